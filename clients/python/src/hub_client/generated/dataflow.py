from typing import Optional

from .base_model import BaseModel
from .fragments import DataflowDetail


class Dataflow(BaseModel):
    dataflow: Optional["DataflowDataflow"]


DataflowDataflow = DataflowDetail
Dataflow.model_rebuild()
