from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class DimensionInput(BaseModel):
    """The codes wanted of one dimension; none means all."""

    id: str
    codes: list[str]


class SelectionInput(BaseModel):
    """Which observations are wanted. Everything left out means all."""

    dimensions: Optional[list["DimensionInput"]] = None
    start_period: Optional[str] = Field(alias="startPeriod", default=None)
    "The first period, as 2024, 2024-Q3, 2024-03 or another SDMX spelling."
    end_period: Optional[str] = Field(alias="endPeriod", default=None)
    "The last period, included."
    first_n: Optional[int] = Field(alias="firstN", default=None)
    "Only so many observations of each series, from the start."
    last_n: Optional[int] = Field(alias="lastN", default=None)
    "Only so many observations of each series, from the end."
    as_of: Optional[datetime] = Field(alias="asOf", default=None)
    "The data as they were published at this time, with its zone."
    updated_after: Optional[datetime] = Field(alias="updatedAfter", default=None)
    "Only what a release after this time changed, with its zone."
    preview: bool = False
    "With the releases under embargo that you may see before their moment; it is written down."


SelectionInput.model_rebuild()
