from typing import Optional

from .base_model import BaseModel
from .fragments import DataflowWithReports


class QualityReports(BaseModel):
    dataflow: Optional["QualityReportsDataflow"]


QualityReportsDataflow = DataflowWithReports
QualityReports.model_rebuild()
