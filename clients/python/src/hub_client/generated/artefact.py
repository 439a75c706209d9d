from .base_model import BaseModel
from .fragments import RegistryWithArtefact


class Artefact(BaseModel):
    registry: "ArtefactRegistry"


ArtefactRegistry = RegistryWithArtefact
Artefact.model_rebuild()
