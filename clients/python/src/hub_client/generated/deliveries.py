from typing import Optional

from .base_model import BaseModel
from .fragments import DeliveryFields


class Deliveries(BaseModel):
    deliveries: Optional[list["DeliveriesDeliveries"]]


DeliveriesDeliveries = DeliveryFields
Deliveries.model_rebuild()
