from typing import Optional

from .base_model import BaseModel
from .fragments import CodelistWithCodes


class Codelist(BaseModel):
    codelist: Optional["CodelistCodelist"]


CodelistCodelist = CodelistWithCodes
Codelist.model_rebuild()
