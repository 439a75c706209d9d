from typing import Optional

from .base_model import BaseModel
from .fragments import DataflowRevisions


class Revisions(BaseModel):
    dataflow: Optional["RevisionsDataflow"]


RevisionsDataflow = DataflowRevisions
Revisions.model_rebuild()
