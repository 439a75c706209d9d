"""The pages about the releases of a dataflow: when and why each was made, and what changed from one to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from itertools import chain, pairwise

from hub_client import AsyncHubClient
from hub_client.generated.fragments import (
    AttributeChangeFields,
    ChangeFields,
    ChangesFields,
    DataflowDetail,
    MeasureChangeFields,
    PlannedReleaseFields,
    ReleaseFields,
    StructureFields,
)
from starlette.responses import Response

from clients.portal import numbers
from clients.portal.choice import Choice
from clients.portal.periods import Period, read
from clients.portal.table import SYMBOLS
from clients.portal.texts import Words
from clients.portal.visitor import Visitor

LINES = 100
"""Differences on one page."""

ENTRIES = 500
"""Entries of the calendar that are looked through."""

OPEN = ("planned", "moved")
"""States of an entry that is still to come."""


async def detail_of(visitor: Visitor, agency: str, id: str, version: str) -> DataflowDetail:
    """The dataflow; errors of the hub pass through."""
    detail = await visitor.client.dataflow(f"{agency}:{id}({version})")
    assert detail is not None, "the hub gives an error for what is not there"
    return detail


def chosen(visitor: Visitor, flow: DataflowDetail) -> Choice:
    """The codes, the periods and the page in the address; what else is chosen for a table means nothing here."""
    dimensions = [each.id for each in flow.structure.dimensions if not each.is_time]
    read_ = Choice.read(visitor.request.query_params.multi_items(), dimensions)
    return Choice(codes=read_.codes, start=read_.start, end=read_.end, after=read_.after)


async def releases_page(visitor: Visitor, agency: str, id: str, version: str = "latest") -> Response:
    """All releases with their reasons and their place in the calendar, and what is still to come."""
    flow = await detail_of(visitor, agency, id, version)
    page = await visitor.client.calendar(dataflow=flow.ref, first=ENTRIES)
    entries = {each.id: each for each in page.nodes}
    coming = [each for each in page.nodes if each.state in OPEN]
    planned = {each.id: _entry(each, entries) for each in flow.releases}
    numbered = {each.id: each.number for each in flow.releases}
    return await visitor.page("releases.html", {"flow": flow, "coming": coming, "planned": planned, "numbered": numbered})


def _entry(release: ReleaseFields, entries: Mapping[str, PlannedReleaseFields]) -> PlannedReleaseFields | None:
    return entries.get(release.planned) if release.planned else None


@dataclass(frozen=True)
class Line:
    """A difference as it is shown. ``labels``: the names of the codes in which the lines differ; ``period`` None: the series.

    ``measure`` is named where there are several, each on a line of its own. ``old`` and ``new`` are empty where there is no
    observation; ``difference`` where either is no number.
    """

    labels: tuple[str, ...]
    period: Period | None
    kind: str
    measure: str
    old: str
    new: str
    difference: str
    attributes: Sequence[AttributeChangeFields]


@dataclass(frozen=True)
class Lines:
    """A page of differences: ``fixed`` is what all of them share, as name and value; ``several``: measures are named."""

    headings: tuple[str, ...]
    fixed: tuple[tuple[str, str], ...]
    rows: tuple[Line, ...]
    several: bool

    @property
    def empty_values(self) -> bool:
        """Whether an observation is there without a value."""
        return any(SYMBOLS["empty"] in (row.old, row.new) for row in self.rows)


async def changes_page(visitor: Visitor, agency: str, id: str, version: str = "latest") -> Response:
    """What changed from one release to another, of everything or of the selection in the address."""
    flow = await detail_of(visitor, agency, id, version)
    if not flow.releases:
        return await visitor.page("unreleased.html", {"flow": flow})
    given = visitor.request.query_params
    choice = chosen(visitor, flow)
    found = await _changes(visitor.client, flow, choice, given.get("from", "").strip(), given.get("to", "").strip())
    facts = {
        "flow": flow,
        "choice": choice,
        "found": found,
        "since": str(found.from_.number) if found.from_ else "0",
        "lines": _lines(found.nodes, flow.structure, visitor.words),
    }
    return await visitor.page("changes.html", facts)


async def _changes(client: AsyncHubClient, flow: DataflowDetail, choice: Choice, since: str, up_to: str) -> ChangesFields:
    selection = choice.selection(flow.releases)
    answer = await client.changes(flow.ref, since or None, up_to or None, selection, first=LINES, after=choice.after or None)
    assert answer is not None and answer.changes is not None, "there are releases"
    return answer.changes


def _lines(changes: Sequence[ChangeFields], structure: StructureFields, words: Words) -> Lines:
    names = {each.id: each.name for each in structure.dimensions}
    dimensions = [code.dimension for code in changes[0].codes] if changes else []
    varying = [at for at in range(len(dimensions)) if any(a.codes[at].id != b.codes[at].id for a, b in pairwise(changes))]
    shown = varying or list(range(len(dimensions)))[-1:]
    fixed = [changes[0].codes[at] for at in range(len(dimensions)) if at not in shown]
    several = len(structure.measures) > 1
    rows = [_several(each, shown, words) if several else [_line(each, shown, words, each)] for each in changes]
    return Lines(
        headings=tuple(names.get(dimensions[at], dimensions[at]) for at in shown),
        fixed=tuple((names.get(code.dimension, code.dimension), code.name) for code in fixed),
        rows=tuple(chain.from_iterable(rows)),
        several=several,
    )


def _several(change: ChangeFields, shown: Sequence[int], words: Words) -> list[Line]:
    """A line for each measure that changed, the attributes on the first."""
    changed = [each for each in change.measures if each.old_value_text != each.new_value_text]
    values: Sequence[MeasureChangeFields | None] = changed or [None]
    first, *others = (_line(change, shown, words, each, each.name if each else "") for each in values)
    return [first, *(replace(each, attributes=()) for each in others)]


def _line(
    change: ChangeFields,
    shown: Sequence[int],
    words: Words,
    value: ChangeFields | MeasureChangeFields | None,
    measure: str = "",
) -> Line:
    old, new = (value.old_value_text, value.new_value_text) if value else (None, None)
    there = value is not None and change.period is not None
    return Line(
        labels=tuple(change.codes[at].name for at in shown),
        period=read(change.period) if change.period else None,
        kind=change.kind,
        measure=measure,
        old=_spelled(old, there and change.kind != "added", words),
        new=_spelled(new, there and change.kind != "deleted", words),
        difference=_difference(old, new, words) if old != new else "",
        attributes=change.attributes,
    )


def _spelled(text: str | None, there: bool, words: Words) -> str:
    """A value as it is read; where an observation is there without a value, the symbol for that."""
    if text is None:
        return SYMBOLS["empty"] if there else ""
    return numbers.number(text, words.lang, numbers.places(text))


def _difference(old: str | None, new: str | None, words: Words) -> str:
    """By how much a number grew, with its sign."""
    if old is None or new is None:
        return ""
    try:
        grown = Decimal(new) - Decimal(old)
    except InvalidOperation:
        return ""
    return numbers.signed(f"{grown:f}", words.lang)
