from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import PlannedReleaseFields


class MovePlan(BaseModel):
    move_plan: Optional["MovePlanMovePlan"] = Field(alias="movePlan")


MovePlanMovePlan = PlannedReleaseFields
MovePlan.model_rebuild()
