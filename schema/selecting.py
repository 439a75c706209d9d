"""The selection as a question in GraphQL, and the page of series it asks for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import Enum

import strawberry

from registry import calculation
from registry.answers import Answer, Release
from registry.calculation import Aggregation, Change, Recoding, RollUp, Sort, Weight
from registry.choice import Choice
from registry.errors import Conflict, Invalid
from registry.model import Structure
from registry.ref import Kind, Ref
from registry.selection import Selection, select
from schema.context import Context
from schema.paging import bad_cursor, decode_cursor, encode_cursor, page_size

BETWEEN = "\x1f"
"""Between the codes in a cursor; no code has it, because it is not printable."""


@strawberry.input(
    description="The codes wanted of one dimension; none means all. `childrenOf`, `descendantsOf`, `level` and `prefix` take "
    "codes together: those below these codes (of all codes where none is named) on the level that begin with the prefix. "
    "`codes` are wanted beside them."
)
class DimensionInput:
    id: str
    codes: list[str] | None = None
    children_of: list[str] | None = strawberry.field(default=None, description="The codes directly below these.")
    descendants_of: list[str] | None = strawberry.field(default=None, description="All codes below these.")
    level: str | None = strawberry.field(
        default=None, description="The level of the classification, as its codes say it, else the depth, 1 at the top."
    )
    prefix: str | None = strawberry.field(default=None, description="What the code begins with.")
    hierarchy: str | None = strawberry.field(
        default=None, description="A named hierarchy of the codelist; its own tree without it."
    )


@strawberry.input(description="What to sort by: a dimension, the time dimension, an attribute of series or a measure.")
class SortInput:
    by: str = strawberry.field(
        description="A dimension; the time dimension (periods inside each series); an attribute of series or groups; or a "
        "measure: series by their last value. Series without a value come last."
    )
    descending: bool = False


@strawberry.input(
    description="Codes of a dimension turned into those of another codelist version by the registry's correspondence."
)
class RecodeInput:
    dimension: str
    to: str = strawberry.field(description="The codelist, as AGENCY:ID(VERSION).")


@strawberry.input(description="Codes of a dimension turned into their ancestors.")
class RollUpInput:
    dimension: str
    level: str | None = strawberry.field(default=None, description="The level to go up to; the parents without it.")
    hierarchy: str | None = strawberry.field(
        default=None, description="A named hierarchy of the codelist; its own tree without it."
    )


@strawberry.input(
    description="What weighs in a mean: another code of a dimension (an indicator), or without a code another measure."
)
class WeightInput:
    component: str
    code: str | None = None


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


@strawberry.enum(description="What a change is measured from.")
class Against(Enum):
    PREVIOUS_PERIOD = "previous_period"
    SAME_PERIOD_LAST_YEAR = "same_period_last_year"


@strawberry.input(description="The change from an earlier period; a gap stays a gap.")
class ChangeInput:
    against: Against
    percent: bool = strawberry.field(default=False, description="In percent of the earlier value, else the difference.")


@strawberry.input(
    description="Which observations are wanted. Everything left out means all. What is to be computed is done in this order: "
    "`recode`, `aggregate`, `rebase`, `change`, then periods, `firstN` and `lastN`, then `sort`."
)
class SelectionInput:
    dimensions: list[DimensionInput] | None = None
    start_period: str | None = strawberry.field(
        default=None, description="The first period, as 2024, 2024-Q3, 2024-03 or another SDMX spelling."
    )
    end_period: str | None = strawberry.field(default=None, description="The last period, included.")
    first_n: int | None = strawberry.field(
        default=None, description="Only so many observations of each series, from the start."
    )
    last_n: int | None = strawberry.field(default=None, description="Only so many observations of each series, from the end.")
    as_of: datetime | None = strawberry.field(
        default=None, description="The data as they were published at this time, with its zone."
    )
    updated_after: datetime | None = strawberry.field(
        default=None, description="Only what a release after this time changed, with its zone."
    )
    preview: bool = strawberry.field(
        default=False, description="With the releases under embargo that you may see before their moment; it is written down."
    )
    series_only: bool = strawberry.field(default=False, description="Series without their observations.")
    measures: list[str] | None = strawberry.field(default=None, description="The measures wanted.")
    attributes: list[str] | None = strawberry.field(default=None, description="The attributes wanted.")
    sort: list[SortInput] | None = strawberry.field(default=None, description="The order; that of the series key without it.")
    recode: list[RecodeInput] | None = None
    aggregate: AggregateInput | None = None
    rebase: str | None = strawberry.field(default=None, description="The period whose mean becomes 100; only for indices.")
    change: ChangeInput | None = None


def question(structure: Structure, wanted: SelectionInput | None) -> Selection:
    """The checked selection; :class:`Invalid` for a wrong dimension, code, period, count, time or calculation."""
    if wanted is None:
        return select(structure)
    selection = select(
        structure,
        _codes(wanted.dimensions or []),
        start=wanted.start_period,
        end=wanted.end_period,
        first_n=wanted.first_n,
        last_n=wanted.last_n,
        as_of=wanted.as_of,
        updated_after=wanted.updated_after,
        preview=wanted.preview,
        series_only=wanted.series_only,
        measures=wanted.measures,
        attributes=wanted.attributes,
        sort=[Sort(each.by, each.descending) for each in wanted.sort or []],
        recode=[Recoding(each.dimension, Ref.parse(each.to, Kind.CODELIST)) for each in wanted.recode or []],
        aggregate=_aggregation(structure, wanted.aggregate) if wanted.aggregate else None,
        rebase=wanted.rebase,
        change=_change(wanted.change) if wanted.change else None,
    )
    return selection.refuse_unknown(structure)


def _codes(dimensions: list[DimensionInput]) -> dict[str, Choice]:
    codes: dict[str, Choice] = {}
    for dimension in dimensions:
        if dimension.id in codes:
            raise Invalid("DIMENSION_TWICE", dimension=dimension.id[:60])
        codes[dimension.id] = Choice(
            codes=tuple(dict.fromkeys(dimension.codes or ())),
            children_of=tuple(dimension.children_of or ()),
            descendants_of=tuple(dimension.descendants_of or ()),
            level=dimension.level,
            prefix=dimension.prefix,
            hierarchy=dimension.hierarchy,
        )
    return codes


def _aggregation(structure: Structure, wanted: AggregateInput) -> Aggregation:
    weight = wanted.weight
    return Aggregation(
        drop=_dropped(structure, wanted),
        along=tuple(RollUp(each.dimension, each.level, each.hierarchy) for each in wanted.along or ()),
        method=calculation.Method(wanted.method.value),
        weight=Weight(weight.component, weight.code) if weight else None,
    )


def _dropped(structure: Structure, wanted: AggregateInput) -> tuple[str, ...]:
    if wanted.keep is None:
        return tuple(wanted.drop or ())
    if wanted.drop is not None:
        raise Invalid("DROP_AND_KEEP")
    calculation.check_kept(structure, wanted.keep)
    stays = {"FREQ", *wanted.keep, *(each.dimension for each in wanted.along or ())}
    return tuple(name for name in structure.dsd.key if name not in stays)


def _change(wanted: ChangeInput) -> Change:
    return Change(calculation.Against(wanted.against.value), wanted.percent)


@dataclass(frozen=True)
class SeriesPage:
    """Some series of a selection. ``pinned`` is the release that the page before, up to ``selection.after``, was read from."""

    selection: Selection
    size: int
    pinned: Release | None

    def ask(self, context: Context) -> Answer:
        """The answer of this page, from the release that the first page was read from."""
        selection = self.selection
        if self.pinned is not None:
            selection = replace(selection, as_of=self.pinned.released_at)
        answer = context.ports.cube.ask(selection, context.viewer, slice(0, self.size))
        if self.pinned is not None and (answer.release is None or answer.release.id != self.pinned.id):
            raise Conflict("OUTDATED_CURSOR")
        return answer

    def next_cursor(self, answer: Answer) -> str | None:
        """The cursor after the last series of this page; it stays with the release. None where nothing follows."""
        if answer.release is None or answer.following is None:
            return None
        return encode_cursor(answer.release.id, fingerprint(self.selection), BETWEEN.join(answer.following))


def series_page(context: Context, selection: Selection, first: int, after: str | None) -> SeriesPage:
    """The page of series that begins after the cursor; :class:`Invalid` BAD_CURSOR when it is of another question."""
    if after is None:
        return SeriesPage(selection, page_size(first), None)
    release, question, last = decode_cursor(after, str, str, str)
    if question != fingerprint(selection):
        raise bad_cursor(after)
    visible = context.ports.cube.releases(selection.dataflow, context.viewer, selection.preview)
    pinned = next((candidate for candidate in visible if candidate.id == release), None)
    if pinned is None:
        raise Conflict("OUTDATED_CURSOR")
    return SeriesPage(replace(selection, after=tuple(last.split(BETWEEN))), page_size(first), pinned)


def fingerprint(selection: Selection) -> str:
    """The question without the page. Codes are told in one order, however they were asked."""
    asked = {each.name: getattr(selection, each.name) for each in fields(selection) if each.name != "after"}
    asked["codes"] = sorted(selection.codes.items())
    return hashlib.blake2b(repr(asked).encode(), digest_size=6).hexdigest()
