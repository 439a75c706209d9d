from typing import Optional

from .base_model import BaseModel
from .fragments import DraftFields


class Release(BaseModel):
    release: Optional["ReleaseRelease"]


ReleaseRelease = DraftFields
Release.model_rebuild()
