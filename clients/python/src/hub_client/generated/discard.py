from typing import Optional

from .base_model import BaseModel
from .fragments import DraftFields


class Discard(BaseModel):
    discard: Optional["DiscardDiscard"]


DiscardDiscard = DraftFields
Discard.model_rebuild()
