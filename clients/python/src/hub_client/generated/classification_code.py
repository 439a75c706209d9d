from typing import Optional

from .base_model import BaseModel
from .fragments import VersionCode


class ClassificationCode(BaseModel):
    codelist: Optional["ClassificationCodeCodelist"]


ClassificationCodeCodelist = VersionCode
ClassificationCode.model_rebuild()
