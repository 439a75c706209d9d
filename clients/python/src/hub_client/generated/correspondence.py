from typing import Optional

from .base_model import BaseModel
from .fragments import CorrespondenceWithLinks


class Correspondence(BaseModel):
    correspondence: Optional["CorrespondenceCorrespondence"]


CorrespondenceCorrespondence = CorrespondenceWithLinks
Correspondence.model_rebuild()
