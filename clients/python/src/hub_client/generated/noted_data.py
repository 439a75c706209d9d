from typing import Optional

from .base_model import BaseModel
from .fragments import DataflowToldData


class NotedData(BaseModel):
    dataflow: Optional["NotedDataDataflow"]


NotedDataDataflow = DataflowToldData
NotedData.model_rebuild()
