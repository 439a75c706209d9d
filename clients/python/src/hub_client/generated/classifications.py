from .base_model import BaseModel
from .fragments import ClassificationPage


class Classifications(BaseModel):
    classifications: "ClassificationsClassifications"


ClassificationsClassifications = ClassificationPage
Classifications.model_rebuild()
