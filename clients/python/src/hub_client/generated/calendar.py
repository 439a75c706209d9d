from pydantic import Field

from .base_model import BaseModel
from .fragments import PageFields, PlannedReleaseFields


class Calendar(BaseModel):
    calendar: "CalendarCalendar"


class CalendarCalendar(BaseModel):
    total_count: int = Field(alias="totalCount")
    nodes: list["CalendarCalendarNodes"]
    page_info: "CalendarCalendarPageInfo" = Field(alias="pageInfo")


CalendarCalendarNodes = PlannedReleaseFields
CalendarCalendarPageInfo = PageFields
Calendar.model_rebuild()
CalendarCalendar.model_rebuild()
