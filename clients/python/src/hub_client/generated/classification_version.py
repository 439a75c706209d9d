from typing import Optional

from .base_model import BaseModel
from .fragments import VersionDetail


class ClassificationVersion(BaseModel):
    codelist: Optional["ClassificationVersionCodelist"]


ClassificationVersionCodelist = VersionDetail
ClassificationVersion.model_rebuild()
