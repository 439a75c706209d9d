from typing import Optional

from .base_model import BaseModel
from .fragments import CodeFields


class Code(BaseModel):
    codelist: Optional["CodeCodelist"]


class CodeCodelist(BaseModel):
    code: Optional["CodeCodelistCode"]


CodeCodelistCode = CodeFields
Code.model_rebuild()
CodeCodelist.model_rebuild()
