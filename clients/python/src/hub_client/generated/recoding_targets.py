from typing import Optional

from .base_model import BaseModel
from .fragments import DataflowRecodable


class RecodingTargets(BaseModel):
    dataflow: Optional["RecodingTargetsDataflow"]


RecodingTargetsDataflow = DataflowRecodable
RecodingTargets.model_rebuild()
