from .base_model import BaseModel
from .fragments import RegistryWithMetadataStructure


class MetadataStructure(BaseModel):
    registry: "MetadataStructureRegistry"


MetadataStructureRegistry = RegistryWithMetadataStructure
MetadataStructure.model_rebuild()
