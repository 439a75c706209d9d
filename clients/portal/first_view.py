"""What a page shows before its reader has chosen anything: recent figures, totals, and a handful of series of one unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hub_client import AsyncHubClient, select
from hub_client.generated.fragments import CodeChoice, DimensionChoices, SeriesFields

from clients.portal.choice import Choice
from clients.portal.table import TOTALS

FREQUENCIES = {"M": 12, "Q": 8, "S": 6, "A": 10, "W": 12, "D": 30, "B": 30}
"""Frequencies, those most readers come for first -> how many periods of them are shown."""

SERIES = 6
SAMPLE = 60


async def first_view(client: AsyncHubClient, ref: str, dimensions: Sequence[DimensionChoices]) -> Choice:
    """A choice that gives data, whatever the structure."""
    frequency = next((pick for each in dimensions if (pick := _frequency(each))), None)
    wanted = {each.id: _codes(each) for each in dimensions}
    found = await _sample(client, ref, wanted) or await _sample(client, ref, {})
    if not found:
        return Choice(last=12)
    kept = _alike(_of_one_unit(in_order(found, dimensions)))[:SERIES]
    codes = {each.id: tuple(dict.fromkeys(_code(series, each.id) for series in kept)) for each in dimensions}
    return Choice(codes=codes, last=FREQUENCIES.get(frequency or "", 12))


async def _sample(client: AsyncHubClient, ref: str, codes: dict[str, list[str]]) -> list[SeriesFields]:
    flow = await client.data(ref, select(codes, last_n=1), first=SAMPLE)
    return list(flow.data.series) if flow and flow.data else []


def _frequency(dimension: DimensionChoices) -> str | None:
    """The frequency to show, if this is the dimension of frequencies."""
    ids = {code.id for code in dimension.first}
    return next((each for each in FREQUENCIES if each in ids), None) if dimension.id == "FREQ" else None


def _codes(dimension: DimensionChoices) -> list[str]:
    """The total if there is one, else the first codes at the top of the hierarchy."""
    if frequency := _frequency(dimension):
        return [frequency]
    codes = dimension.top or dimension.first
    ids = {code.id for code in codes}
    total = next((each for each in TOTALS if each in ids), None) or _only_root(codes)
    return [total] if total else [code.id for code in codes if code.parent_id not in ids][:SERIES]


def _only_root(codes: Sequence[CodeChoice]) -> str | None:
    ids = {code.id for code in codes}
    roots = [code.id for code in codes if code.parent_id not in ids]
    return roots[0] if len(roots) == 1 and len(codes) > 1 else None


def in_order(found: Sequence[SeriesFields], dimensions: Sequence[DimensionChoices]) -> list[SeriesFields]:
    """Series in the order of the codelists, in which totals and what is most asked for stand first."""
    places = {each.id: {code.id: at for at, code in enumerate(each.first)} for each in dimensions}

    def place(series: SeriesFields) -> list[int]:
        known = [places.get(code.dimension, {}) for code in series.codes]
        return [order.get(code.id, len(order)) for order, code in zip(known, series.codes, strict=True)]

    return sorted(found, key=place)


def _alike(found: Sequence[SeriesFields]) -> list[SeriesFields]:
    """The largest group of series that differ in one dimension only; the first such group when several are as large."""
    groups: dict[tuple[object, ...], list[SeriesFields]] = {}
    for series in found:
        ids = [code.id for code in series.codes]
        for at in range(len(ids)):
            groups.setdefault((at, *ids[:at], None, *ids[at + 1 :]), []).append(series)
    return max(groups.values(), key=len)


def _of_one_unit(found: Sequence[SeriesFields]) -> list[SeriesFields]:
    """The series of the unit that most of them have; the first such unit when several have as many."""
    counted = Counter(_unit(series) for series in found)
    most = max(counted, key=lambda each: counted[each])
    return [series for series in found if _unit(series) == most]


def _unit(series: SeriesFields) -> tuple[str, ...]:
    return tuple(each.value for each in series.attributes if each.id in ("UNIT_MEASURE", "UNIT_MULT"))


def _code(series: SeriesFields, dimension: str) -> str:
    return next(code.id for code in series.codes if code.dimension == dimension)
