from typing import Optional

from .base_model import BaseModel
from .fragments import DataflowFound


class FindCodes(BaseModel):
    dataflow: Optional["FindCodesDataflow"]


FindCodesDataflow = DataflowFound
FindCodes.model_rebuild()
