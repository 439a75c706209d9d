from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import PlannedReleaseFields


class CancelPlan(BaseModel):
    cancel_plan: Optional["CancelPlanCancelPlan"] = Field(alias="cancelPlan")


CancelPlanCancelPlan = PlannedReleaseFields
CancelPlan.model_rebuild()
