from typing import Optional

from .base_model import BaseModel
from .fragments import VersionWithChanges


class VersionChanges(BaseModel):
    codelist: Optional["VersionChangesCodelist"]


VersionChangesCodelist = VersionWithChanges
VersionChanges.model_rebuild()
