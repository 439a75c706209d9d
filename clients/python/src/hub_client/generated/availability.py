from typing import Optional

from .base_model import BaseModel
from .fragments import DataflowAvailability


class Availability(BaseModel):
    dataflow: Optional["AvailabilityDataflow"]


AvailabilityDataflow = DataflowAvailability
Availability.model_rebuild()
