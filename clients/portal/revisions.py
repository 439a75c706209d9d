"""The page about the revisions of series: what each release said of each period, and how much that was corrected on average."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from hub_client import AsyncHubClient, select
from hub_client.generated.fragments import (
    DataflowDetail,
    MeanRevisionFields,
    ReleaseFields,
    RevisionsFields,
    SeriesFields,
    TriangleFields,
)
from starlette.responses import Response

from clients.portal import numbers, table
from clients.portal.choice import Choice
from clients.portal.first_view import first_view
from clients.portal.periods import Period, read
from clients.portal.releases import chosen, detail_of
from clients.portal.texts import Words
from clients.portal.visitor import Visitor

SERIES = 5
"""Series on one page."""

PERIODS, RELEASES = 24, 24
"""The newest periods and releases of a series that are shown; the file has all."""

MARKS = {"up": "▲", "down": "▼", "gone": "✕", "back": "↺", "new": "", "same": "", "absent": ""}
"""What stands beside a figure, so that a revision is seen without colours."""


@dataclass(frozen=True)
class Cell:
    """A figure in one release. ``kind``: new (first published), same, up, down, gone, back (after it was gone) or absent.

    ``was``: the figure in the release before.
    """

    kind: str
    text: str
    was: str = ""


@dataclass(frozen=True)
class Means:
    """Mean revisions as texts, empty where there are none. ``relative`` is in percent."""

    count: int
    absolute: str
    relative: str
    mean: str


@dataclass(frozen=True)
class Row:
    """A series as one release has it; ``step``: how it differs from the release before, None in the first."""

    release: ReleaseFields
    cells: tuple[Cell, ...]
    step: Means | None


@dataclass(frozen=True)
class Shown:
    """A triangle. ``more_periods`` and ``more_releases``: earlier ones that only the file has."""

    key: str
    labels: tuple[tuple[str, str], ...]
    unit: str
    periods: tuple[Period, ...]
    rows: tuple[Row, ...]
    overall: Means
    more_periods: int
    more_releases: int

    @property
    def name(self) -> str:
        return " · ".join(value for _, value in self.labels)


async def revisions_page(visitor: Visitor, agency: str, id: str, version: str = "latest") -> Response:
    """The series of a selection through all their releases, some on a page."""
    flow = await detail_of(visitor, agency, id, version)
    if not flow.releases:
        return await visitor.page("unreleased.html", {"flow": flow})
    client = visitor.client
    choice = chosen(visitor, flow)
    if choice.empty:
        choice = await _first(client, flow)
    found = await _revisions(client, flow, choice)
    units = await _units(client, flow, found.nodes, visitor.words)
    names = {each.id: each.name for each in flow.structure.dimensions}
    shown = [triangle(each, found.releases, names, units.get(each.key, ""), visitor.words) for each in found.nodes]
    facts = {"flow": flow, "choice": choice, "found": found, "triangles": shown, "marks": MARKS}
    return await visitor.page("revisions.html", facts)


async def _first(client: AsyncHubClient, flow: DataflowDetail) -> Choice:
    """What the page of the dataflow begins with, in all its periods."""
    answer = await client.availability(flow.ref, select())
    assert answer is not None and answer.availability is not None
    return replace(await first_view(client, flow.ref, answer.availability.dimensions), last=None)


async def _revisions(client: AsyncHubClient, flow: DataflowDetail, choice: Choice) -> RevisionsFields:
    selection = choice.selection(flow.releases)
    answer = await client.revisions(flow.ref, selection, first=SERIES, after=choice.after or None)
    assert answer is not None
    return answer.revisions


async def _units(
    client: AsyncHubClient, flow: DataflowDetail, triangles: Sequence[TriangleFields], words: Words
) -> Mapping[str, str]:
    """Series key -> unit with its power of ten."""
    if not triangles:
        return {}
    codes: dict[str, list[str]] = {}
    for each in triangles:
        for code in each.codes:
            codes.setdefault(code.dimension, []).append(code.id)
    answer = await client.data(flow.ref, select({name: sorted(set(ids)) for name, ids in codes.items()}, last_n=1), first=200)
    found: Sequence[SeriesFields] = answer.data.series if answer and answer.data else []
    return {row.key: row.unit for row in table.build(found, {}, words).rows}


def triangle(
    given: TriangleFields, releases: Sequence[ReleaseFields], names: Mapping[str, str], unit: str, words: Words
) -> Shown:
    """The newest part of a triangle as it is shown."""
    texts = [row.value_texts[-PERIODS:] for row in given.rows]
    decimals = _decimals(texts)
    steps = [None, *(_means(each, decimals, words) for each in given.steps)]
    columns = [_column(column, decimals, words) for column in zip(*texts, strict=True)]
    cells = zip(*columns, strict=True) if columns else iter([()] * len(texts))
    rows = [Row(*row) for row in zip(releases, cells, steps, strict=True)]
    return Shown(
        key=given.key,
        labels=tuple((names.get(code.dimension, code.dimension), code.name) for code in given.codes),
        unit=unit,
        periods=tuple(map(read, given.periods[-PERIODS:])),
        rows=tuple(rows[-RELEASES:]),
        overall=_means(given.overall, decimals, words),
        more_periods=max(len(given.periods) - PERIODS, 0),
        more_releases=max(len(rows) - RELEASES, 0),
    )


def _decimals(rows: Sequence[Sequence[str | None]]) -> int:
    """Decimals with which every figure of a series is shown, so that they stand in one line."""
    exponents = [_exponent(text) for row in rows for text in row if text is not None]
    return min(max(exponents, default=0), numbers.MOST_PLACES)


def _exponent(text: str) -> int:
    shown = numbers.places(text)
    return len(text.partition(".")[2]) if shown is None else shown


def _column(values: Sequence[str | None], decimals: int, words: Words) -> list[Cell]:
    """A period through its releases."""
    texts = ["" if value is None else numbers.number(value, words.lang, decimals) for value in values]
    pairs = zip([None, *values], values, strict=False)
    known = [any(value is not None for value in values[:place]) for place in range(len(values))]
    kinds = [_kind(old, new, before) for (old, new), before in zip(pairs, known, strict=True)]
    return [Cell(*cell) for cell in zip(kinds, texts, ["", *texts], strict=False)]


def _kind(old: str | None, new: str | None, known: bool) -> str:
    """What a release did to a figure; ``known``: an earlier one had it."""
    if old is not None and new is not None:
        return _moved(old, new)
    if new is None:
        return "absent" if old is None else "gone"
    return "back" if known else "new"


def _moved(old: str, new: str) -> str:
    try:
        before, after = Decimal(old), Decimal(new)
    except InvalidOperation:
        return "same" if old == new else "up"
    return "same" if before == after else "up" if after > before else "down"


def _means(given: MeanRevisionFields, decimals: int, words: Words) -> Means:
    absolute, relative, mean = given.absolute, given.relative, given.mean
    return Means(
        count=given.count,
        absolute="" if absolute is None else numbers.number(f"{absolute:f}", words.lang, _telling(absolute, decimals)),
        relative="" if relative is None else numbers.number(f"{relative * 100:f}", words.lang, _telling(relative * 100, 1)),
        mean="" if mean is None else numbers.signed(f"{mean:f}", words.lang, _telling(mean, decimals)),
    )


def _telling(value: Decimal, decimals: int) -> int:
    """One decimal more than the figures have, and two digits at least."""
    return max(decimals + 1, 1 - value.adjusted()) if value else decimals
