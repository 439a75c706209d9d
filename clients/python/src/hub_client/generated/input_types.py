from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import Against, Method, TimeMethod


class AggregateInput(BaseModel):
    """Series put together. A period has no value where a part is there without one; nothing is counted twice."""

    drop: Optional[list[str]] = None
    "The dimensions to leave out."
    keep: Optional[list[str]] = None
    "The dimensions to group by, instead of `drop`: all others but the frequency are left out."
    along: Optional[list["RollUpInput"]] = None
    "The dimensions to go up along."
    method: Method = Method.SUM
    weight: Optional["WeightInput"] = None


class ChangeInput(BaseModel):
    """The change from an earlier period; a gap stays a gap."""

    against: Against
    percent: bool = False
    "In percent of the earlier value, else the difference."


class DimensionInput(BaseModel):
    """The codes wanted of one dimension; none means all. `childrenOf`, `descendantsOf`, `level` and `prefix` take codes together: those below these codes (of all codes where none is named) on the level that begin with the prefix. `codes` are wanted beside them."""

    id: str
    codes: Optional[list[str]] = None
    children_of: Optional[list[str]] = Field(alias="childrenOf", default=None)
    "The codes directly below these."
    descendants_of: Optional[list[str]] = Field(alias="descendantsOf", default=None)
    "All codes below these."
    level: Optional[str] = None
    "The level of the classification, as its codes say it, else the depth, 1 at the top."
    prefix: Optional[str] = None
    "What the code begins with."
    hierarchy: Optional[str] = None
    "A named hierarchy of the codelist; its own tree without it."


class OverTimeInput(BaseModel):
    """Months, quarters or days put together to longer periods, series by series. A period has a value where every shorter one in it has one."""

    frequency: str
    "What to come to: A years, S half-years, T, Q quarters, M months, W weeks."
    method: TimeMethod = TimeMethod.SUM
    weight: Optional["WeightInput"] = None


class RecodeInput(BaseModel):
    """Codes of a dimension turned into those of another codelist version by the registry's correspondence."""

    dimension: str
    to: str
    "The codelist, as AGENCY:ID(VERSION)."
    by: Optional[str] = None
    "The correspondence to use, in either direction; the registry's shortest way without it."
    weight: Optional["WeightInput"] = None
    "What weighs where figures that are not added come together and their structure does not say how; such means are estimates."


class RollUpInput(BaseModel):
    """Codes of a dimension turned into their ancestors."""

    dimension: str
    level: Optional[str] = None
    "The level to go up to; the parents without it."
    hierarchy: Optional[str] = None
    "A named hierarchy of the codelist; its own tree without it."


class SelectionInput(BaseModel):
    """Which observations are wanted. Everything left out means all. What is to be computed is done in this order: `splice`, `recode`, `aggregate`, `overTime`, `rebase`, `change`, then periods, `firstN` and `lastN`, then `sort`."""

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
    series_only: bool = Field(alias="seriesOnly", default=False)
    "Series without their observations."
    measures: Optional[list[str]] = None
    "The measures wanted."
    attributes: Optional[list[str]] = None
    "The attributes wanted."
    sort: Optional[list["SortInput"]] = None
    "The order; that of the series key without it."
    splice: Optional["SpliceInput"] = None
    recode: Optional[list["RecodeInput"]] = None
    aggregate: Optional["AggregateInput"] = None
    over_time: Optional["OverTimeInput"] = Field(alias="overTime", default=None)
    rebase: Optional[str] = None
    "The period whose mean becomes 100; only for indices."
    change: Optional["ChangeInput"] = None


class SortInput(BaseModel):
    """What to sort by: a dimension, the time dimension, an attribute of series or a measure."""

    by: str
    "A dimension; the time dimension (periods inside each series); an attribute of series or groups; or a measure: series by their last value. Series without a value come last."
    descending: bool = False


class SpliceInput(BaseModel):
    """The series continued by other versions of the dataflow. Their codes become those of the dataflow asked; each value says in DATAFLOW_VERSION where it comes from and in RECODING how sure it is."""

    dimensions: list[str]
    "The dimensions to recode. One whose codes differ between the versions and is not named is an error: the same code may mean something else."
    versions: Optional[list[str]] = None
    "The dataflows to continue with, as AGENCY:ID(VERSION), in the order in which they count; all other versions without it, the newest first. The dataflow asked counts before all."
    estimated: bool = False
    "With values that are estimates by shares."


class WeightInput(BaseModel):
    """What weighs in a mean: another code of a dimension (an indicator), or without a code another measure."""

    component: str
    code: Optional[str] = None


AggregateInput.model_rebuild()
OverTimeInput.model_rebuild()
RecodeInput.model_rebuild()
SelectionInput.model_rebuild()
