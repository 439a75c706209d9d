from .base_model import BaseModel
from .fragments import RegistryWithKinds


class RegistryKinds(BaseModel):
    registry: "RegistryKindsRegistry"


RegistryKindsRegistry = RegistryWithKinds
RegistryKinds.model_rebuild()
