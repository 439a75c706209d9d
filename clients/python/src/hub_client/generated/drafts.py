from typing import Optional

from .base_model import BaseModel
from .fragments import DraftFields


class Drafts(BaseModel):
    drafts: Optional[list["DraftsDrafts"]]


DraftsDrafts = DraftFields
Drafts.model_rebuild()
