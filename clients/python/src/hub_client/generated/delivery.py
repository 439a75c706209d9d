from typing import Optional

from .base_model import BaseModel
from .fragments import (
    DeliveryFields,
    DeliveryFieldsRules,  # noqa: F401
    RejectFields,
)


class Delivery(BaseModel):
    delivery: Optional["DeliveryDelivery"]


class DeliveryDelivery(DeliveryFields):
    rejects: list["DeliveryDeliveryRejects"]


DeliveryDeliveryRejects = RejectFields
Delivery.model_rebuild()
DeliveryDelivery.model_rebuild()
