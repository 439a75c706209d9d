from .base_model import BaseModel
from .fragments import RegistryWithDataStructure


class DataStructure(BaseModel):
    registry: "DataStructureRegistry"


DataStructureRegistry = RegistryWithDataStructure
DataStructure.model_rebuild()
