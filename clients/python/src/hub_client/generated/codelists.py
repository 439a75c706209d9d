from .base_model import BaseModel
from .fragments import CodelistPage


class Codelists(BaseModel):
    codelists: "CodelistsCodelists"


CodelistsCodelists = CodelistPage
Codelists.model_rebuild()
