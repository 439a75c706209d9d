"""What is to be computed, as a question in GraphQL."""

from __future__ import annotations

from enum import Enum

import strawberry

from registry import calculation
from registry.calculation import Aggregation, Change, OverTime, Recoding, RollUp, Splice, Weight
from registry.errors import Invalid
from registry.model import Structure
from registry.ports import Catalogue
from registry.ref import Kind, Ref


@strawberry.input(
    description="What weighs in a mean: another code of a dimension (an indicator), or without a code another measure."
)
class WeightInput:
    component: str
    code: str | None = None


@strawberry.input(
    description="Codes of a dimension turned into those of another codelist version by the registry's correspondence."
)
class RecodeInput:
    dimension: str
    to: str = strawberry.field(description="The codelist, as AGENCY:ID(VERSION).")
    by: str | None = strawberry.field(
        default=None, description="The correspondence to use, in either direction; the registry's shortest way without it."
    )
    weight: WeightInput | None = strawberry.field(
        default=None,
        description="What weighs where figures that are not added come together and their structure does not say how; such "
        "means are estimates.",
    )


@strawberry.input(
    description="The series continued by other versions of the dataflow. Their codes become those of the dataflow asked; each "
    "value says in DATAFLOW_VERSION where it comes from and in RECODING how sure it is."
)
class SpliceInput:
    dimensions: list[str] = strawberry.field(
        description="The dimensions to recode. One whose codes differ between the versions and is not named is an error: the "
        "same code may mean something else."
    )
    versions: list[str] | None = strawberry.field(
        default=None,
        description="The dataflows to continue with, as AGENCY:ID(VERSION), in the order in which they count; all other "
        "versions without it, the newest first. The dataflow asked counts before all.",
    )
    estimated: bool = strawberry.field(default=False, description="With values that are estimates by shares.")


@strawberry.input(description="Codes of a dimension turned into their ancestors.")
class RollUpInput:
    dimension: str
    level: str | None = strawberry.field(default=None, description="The level to go up to; the parents without it.")
    hierarchy: str | None = strawberry.field(
        default=None, description="A named hierarchy of the codelist; its own tree without it."
    )


@strawberry.enum(description="How the figures of a group become one.")
class Method(Enum):
    SUM = strawberry.enum_value(
        "sum", description="Added up, exactly. What the structure says is not added is put together as it says, or refused."
    )
    MEAN = "mean"
    WEIGHTED_MEAN = "weighted_mean"
    MIN = "min"
    MAX = "max"
    COUNT = strawberry.enum_value("count", description="How many values there are.")


@strawberry.input(
    description="Series put together. A period has no value where a part is there without one; nothing is counted twice."
)
class AggregateInput:
    drop: list[str] | None = strawberry.field(default=None, description="The dimensions to leave out.")
    keep: list[str] | None = strawberry.field(
        default=None, description="The dimensions to group by, instead of `drop`: all others but the frequency are left out."
    )
    along: list[RollUpInput] | None = strawberry.field(default=None, description="The dimensions to go up along.")
    method: Method = Method.SUM
    weight: WeightInput | None = None


@strawberry.enum(description="How the figures of shorter periods become one of a longer period.")
class TimeMethod(Enum):
    SUM = strawberry.enum_value(
        "sum", description="Added up, exactly. Stocks, means and ratios go over time as the structure says, or are refused."
    )
    MEAN = "mean"
    WEIGHTED_MEAN = "weighted_mean"
    MIN = "min"
    MAX = "max"
    COUNT = strawberry.enum_value("count", description="How many values there are.")
    FIRST = strawberry.enum_value("first", description="The value of the first of the shorter periods.")
    LAST = strawberry.enum_value("last", description="The value of the last of the shorter periods.")


@strawberry.input(
    description="Months, quarters or days put together to longer periods, series by series. A period has a value where every "
    "shorter one in it has one."
)
class OverTimeInput:
    frequency: str = strawberry.field(description="What to come to: A years, S half-years, T, Q quarters, M months, W weeks.")
    method: TimeMethod = TimeMethod.SUM
    weight: WeightInput | None = None


@strawberry.enum(description="What a change is measured from.")
class Against(Enum):
    PREVIOUS_PERIOD = "previous_period"
    SAME_PERIOD_LAST_YEAR = "same_period_last_year"


@strawberry.input(description="The change from an earlier period; a gap stays a gap.")
class ChangeInput:
    against: Against
    percent: bool = strawberry.field(default=False, description="In percent of the earlier value, else the difference.")


def recodings(wanted: list[RecodeInput]) -> list[Recoding]:
    """The recodings; :class:`Invalid` for a reference that is none."""
    return [
        Recoding(
            each.dimension,
            Ref.parse(each.to, Kind.CODELIST),
            Ref.parse(each.by, Kind.REPRESENTATION_MAP) if each.by else None,
            _weight(each.weight),
        )
        for each in wanted
    ]


def splice(structure: Structure, wanted: SpliceInput, catalogue: Catalogue) -> Splice:
    """The splice with every version in it named exactly."""
    own = structure.dataflow.ref
    if wanted.versions is None:
        others = catalogue.find(Kind.DATAFLOW, own.agency, own.id)[::-1]
    else:
        others = [catalogue.exact(Ref.parse(each, Kind.DATAFLOW)) for each in wanted.versions]
    return Splice(tuple(wanted.dimensions), tuple(others), wanted.estimated)


def aggregation(structure: Structure, wanted: AggregateInput) -> Aggregation:
    return Aggregation(
        drop=_dropped(structure, wanted),
        along=tuple(RollUp(each.dimension, each.level, each.hierarchy) for each in wanted.along or ()),
        method=calculation.Method(wanted.method.value),
        weight=_weight(wanted.weight),
    )


def _dropped(structure: Structure, wanted: AggregateInput) -> tuple[str, ...]:
    if wanted.keep is None:
        return tuple(wanted.drop or ())
    if wanted.drop is not None:
        raise Invalid("DROP_AND_KEEP")
    calculation.check_kept(structure, wanted.keep)
    stays = {"FREQ", *wanted.keep, *(each.dimension for each in wanted.along or ())}
    return tuple(name for name in structure.dsd.key if name not in stays)


def over_time(wanted: OverTimeInput) -> OverTime:
    return OverTime(wanted.frequency, calculation.TimeMethod(wanted.method.value), _weight(wanted.weight))


def change(wanted: ChangeInput) -> Change:
    return Change(calculation.Against(wanted.against.value), wanted.percent)


def _weight(wanted: WeightInput | None) -> Weight | None:
    return Weight(wanted.component, wanted.code) if wanted else None
