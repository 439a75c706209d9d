from typing import Optional

from .base_model import BaseModel
from .fragments import VersionGroups


class TableGroups(BaseModel):
    codelist: Optional["TableGroupsCodelist"]


TableGroupsCodelist = VersionGroups
TableGroups.model_rebuild()
