from typing import Optional

from .base_model import BaseModel
from .fragments import DraftFields


class Approve(BaseModel):
    approve: Optional["ApproveApprove"]


ApproveApprove = DraftFields
Approve.model_rebuild()
