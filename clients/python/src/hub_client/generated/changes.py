from typing import Optional

from .base_model import BaseModel
from .fragments import DataflowChanges


class Changes(BaseModel):
    dataflow: Optional["ChangesDataflow"]


ChangesDataflow = DataflowChanges
Changes.model_rebuild()
