"""The selection as a question in GraphQL, and the page of series it asks for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace
from datetime import datetime

import strawberry

from registry.answers import Answer, Release
from registry.calculation import Sort
from registry.choice import Choice
from registry.errors import Conflict, Invalid
from registry.model import Structure
from registry.ports import Catalogue
from registry.selection import Selection, select
from schema.calculating import (
    AggregateInput,
    ChangeInput,
    OverTimeInput,
    RecodeInput,
    SpliceInput,
    aggregation,
    change,
    over_time,
    recodings,
    splice,
)
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
    description="Which observations are wanted. Everything left out means all. What is to be computed is done in this order: "
    "`splice`, `recode`, `aggregate`, `overTime`, `rebase`, `change`, then periods, `firstN` and `lastN`, then `sort`."
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
    splice: SpliceInput | None = None
    recode: list[RecodeInput] | None = None
    aggregate: AggregateInput | None = None
    over_time: OverTimeInput | None = None
    rebase: str | None = strawberry.field(default=None, description="The period whose mean becomes 100; only for indices.")
    change: ChangeInput | None = None


def question(structure: Structure, wanted: SelectionInput | None, catalogue: Catalogue) -> Selection:
    """The checked selection; :class:`Invalid` for a wrong dimension, code, period, count, time or calculation,
    :class:`registry.errors.NotFound` for a dataflow to splice with that is not there."""
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
        splice=splice(structure, wanted.splice, catalogue) if wanted.splice else None,
        recode=recodings(wanted.recode or []),
        aggregate=aggregation(structure, wanted.aggregate) if wanted.aggregate else None,
        over_time=over_time(wanted.over_time) if wanted.over_time else None,
        rebase=wanted.rebase,
        change=change(wanted.change) if wanted.change else None,
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


@dataclass(frozen=True)
class SeriesPage:
    """Some series of a selection. ``pinned`` is the release that the page before, up to ``selection.after``, was read from; of
    a splice ``held`` are its releases, of which none may have been followed by another meanwhile."""

    selection: Selection
    size: int
    pinned: Release | None
    held: str | None = None

    def ask(self, context: Context) -> Answer:
        """The answer of this page, from the release that the first page was read from."""
        selection = self.selection
        if self.pinned is not None:
            selection = replace(selection, as_of=self.pinned.released_at)
        answer = context.ports.cube.ask(selection, context.viewer, slice(0, self.size))
        if self.pinned is not None and (answer.release is None or answer.release.id != self.pinned.id):
            raise Conflict("OUTDATED_CURSOR")
        if self.held is not None and _held(answer) != self.held:
            raise Conflict("OUTDATED_CURSOR")
        return answer

    def next_cursor(self, answer: Answer) -> str | None:
        """The cursor after the last series of this page; it stays with the release. None where nothing follows."""
        if answer.following is None:
            return None
        return encode_cursor(_held(answer), fingerprint(self.selection), BETWEEN.join(answer.following))


def _held(answer: Answer) -> str:
    """The releases of an answer."""
    return BETWEEN.join(release.id if release else "" for _, release in answer.releases)


def series_page(context: Context, selection: Selection, first: int, after: str | None) -> SeriesPage:
    """The page of series that begins after the cursor; :class:`Invalid` BAD_CURSOR when it is of another question."""
    if after is None:
        return SeriesPage(selection, page_size(first), None)
    release, question, last = decode_cursor(after, str, str, str)
    if question != fingerprint(selection):
        raise bad_cursor(after)
    onward = replace(selection, after=tuple(last.split(BETWEEN)))
    if selection.splice is not None:
        return SeriesPage(onward, page_size(first), None, release)
    visible = context.ports.cube.releases(selection.dataflow, context.viewer, selection.preview)
    pinned = next((candidate for candidate in visible if candidate.id == release), None)
    if pinned is None:
        raise Conflict("OUTDATED_CURSOR")
    return SeriesPage(onward, page_size(first), pinned)


def fingerprint(selection: Selection) -> str:
    """The question without the page. Codes are told in one order, however they were asked."""
    asked = {each.name: getattr(selection, each.name) for each in fields(selection) if each.name != "after"}
    asked["codes"] = sorted(selection.codes.items())
    return hashlib.blake2b(repr(asked).encode(), digest_size=6).hexdigest()
