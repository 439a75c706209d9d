from .base_model import BaseModel
from .fragments import RegistryWithArtefacts


class Artefacts(BaseModel):
    registry: "ArtefactsRegistry"


ArtefactsRegistry = RegistryWithArtefacts
Artefacts.model_rebuild()
