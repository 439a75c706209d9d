from typing import Optional

from .base_model import BaseModel
from .fragments import PlannedReleaseFields


class Plan(BaseModel):
    plan: Optional["PlanPlan"]


PlanPlan = PlannedReleaseFields
Plan.model_rebuild()
