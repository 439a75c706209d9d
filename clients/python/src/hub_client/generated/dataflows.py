from .base_model import BaseModel
from .fragments import DataflowPage


class Dataflows(BaseModel):
    dataflows: "DataflowsDataflows"


DataflowsDataflows = DataflowPage
Dataflows.model_rebuild()
