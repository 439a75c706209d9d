from .base_model import BaseModel
from .fragments import ServiceFields


class Service(BaseModel):
    service: "ServiceService"


ServiceService = ServiceFields
Service.model_rebuild()
