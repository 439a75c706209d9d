from typing import Optional

from .base_model import BaseModel
from .fragments import ReleaseFields


class Withdraw(BaseModel):
    withdraw: Optional["WithdrawWithdraw"]


WithdrawWithdraw = ReleaseFields
Withdraw.model_rebuild()
