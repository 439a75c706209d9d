from typing import Optional

from .base_model import BaseModel
from .fragments import VersionLinks


class TableLinks(BaseModel):
    codelist: Optional["TableLinksCodelist"]


TableLinksCodelist = VersionLinks
TableLinks.model_rebuild()
