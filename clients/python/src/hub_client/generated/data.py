from typing import Optional

from .base_model import BaseModel
from .fragments import DataflowData


class Data(BaseModel):
    dataflow: Optional["DataDataflow"]


DataDataflow = DataflowData
Data.model_rebuild()
