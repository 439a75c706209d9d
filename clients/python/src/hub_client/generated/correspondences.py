from .base_model import BaseModel
from .fragments import CorrespondencePage


class Correspondences(BaseModel):
    correspondences: "CorrespondencesCorrespondences"


CorrespondencesCorrespondences = CorrespondencePage
Correspondences.model_rebuild()
