"""Along time, inside each series: change from an earlier period, and another base period of an index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from hub.computing import flags, telling, units
from hub.computing.exactly import Exact, exact, numbers
from hub.computing.rounding import quotients
from hub.computing.rules import unit_kind, unit_of_kind
from hub.computing.source import Source
from hub.computing.weights import find
from registry.calculation import Against, Change
from registry.columns import Batch, Coded, Numbers, Places, occurring
from registry.errors import Invalid
from registry.model import Structure
from registry.period import PER_YEAR, Period, PeriodRange
from registry.text import Names

PERCENT = 2
"""A quotient times ten to this is in percent."""

_BASE = "BASE_PER"
"""The attribute that names the base period of an index. Source: SDMX cross-domain concepts."""

Turn = Callable[[Batch], Batch]


def changed(source: Source, change: Change) -> Source:
    """The change of every value from its earlier period; without a value where either has none.

    :class:`Invalid` while reading: NO_PERIOD_BEFORE for data without regular periods, NOT_NUMBERS.
    """
    structure = source.structure
    step = telling.changed(change)
    return _turned(source, lambda batch: _changes(structure, batch, change), (*source.steps, step))


def rebased(source: Source, base: Period) -> Source:
    """Indices that are 100 on the mean of the base period; series that do not cover it have no values.

    :class:`Invalid` while reading: NOT_AN_INDEX, NOT_NUMBERS.
    """
    structure = source.structure
    return _turned(source, lambda batch: _rebase(structure, batch, base), (*source.steps, telling.rebased(base)))


def _turned(source: Source, turn: Turn, steps: tuple[Names, ...]) -> Source:
    def read(places: Places) -> Iterator[Batch]:
        return (turn(batch) for batch in source.read(places))

    return replace(source, read=read, steps=steps)


def cut(source: Source, periods: PeriodRange, first: int | None, last: int | None) -> Source:
    """Only the periods asked for, of which only the first and last few of each series."""

    def turn(batch: Batch) -> Batch:
        inside = _inside(batch, periods)
        found = (batch if inside.all() else batch.keep(inside)).without_empty()
        return _few(found, first, last) if first or last else found

    return _turned(source, turn, source.steps)


def _few(batch: Batch, first: int | None, last: int | None) -> Batch:
    places = np.arange(batch.observations) - np.repeat(batch.starts[:-1], batch.counts)
    return batch.keep((places < (first or 0)) | (places >= np.repeat(batch.counts, batch.counts) - (last or 0)))


def _inside(batch: Batch, periods: PeriodRange) -> NDArray[np.bool_]:
    inside = np.ones(batch.observations, dtype=bool)
    each = np.repeat(batch.frequencies, batch.counts)
    for frequency in occurring(batch.frequencies):
        low, high = periods.ordinals(frequency)
        mine = each == frequency
        inside &= ~mine | (batch.ordinals >= (low if low is not None else -(2**60)))
        inside &= ~mine | (batch.ordinals <= (high if high is not None else 2**60))
    return inside


def _changes(structure: Structure, batch: Batch, change: Change) -> Batch:
    series = batch.series_of
    before = find(batch, series, _earlier(structure, batch, change.against))
    turn = _percent if change.percent else _difference
    measures = {name: turn(exact(column, name), before) for name, column in batch.measures.items()}
    described = dict(batch.series_attributes)
    if change.percent:
        described = _in_percent(structure, described, batch.series_count)
    observed = {name: _both(structure, name, column, before) for name, column in batch.attributes.items()}
    return replace(batch, measures=measures, series_attributes=described, attributes=observed)


def _difference(values: Exact, before: NDArray[np.int64]) -> Numbers:
    present = values.present & (before >= 0) & values.present[before]
    whole = values.values if values.peak < 2**61 else values.values.astype(object)
    return numbers(Exact(whole - whole[before], values.scale, present, 2 * values.peak))


def _percent(values: Exact, before: NDArray[np.int64]) -> Numbers:
    """Of a value that is not above 0 a percentage means nothing."""
    whole = values.values if values.peak < 2**61 else values.values.astype(object)
    base = whole[before]
    present = values.present & (before >= 0) & values.present[before] & np.asarray(base > 0, dtype=bool)
    return quotients(whole - base, base, PERCENT, present)


def _in_percent(structure: Structure, described: dict[str, Coded], count: int) -> dict[str, Coded]:
    said = {units.UNIT: unit_of_kind(structure, "ratio"), units.MULTIPLIER: "0", units.DECIMALS: None}
    return units.otherwise(described, said, count)


def _both(structure: Structure, name: str, column: Coded, before: NDArray[np.int64]) -> Coded:
    """A flag says the stronger of the two; other attributes stay with the later observation."""
    ordered = flags.order(structure, name) if name in flags.FLAGS else ()
    if not ordered:
        return column
    mine = flags.ranks(column, ordered)
    return flags.told(np.maximum(mine, np.where(before >= 0, mine[before], 0)).astype(np.int8), ordered)


def _earlier(structure: Structure, batch: Batch, against: Against) -> NDArray[np.int64]:
    """int64[n]: the period that each observation is compared with; -1 where there is none."""
    found = np.full(batch.observations, -1)
    each = np.repeat(batch.frequencies, batch.counts)
    for frequency in occurring(batch.frequencies):
        mine = each == frequency
        if frequency not in (*PER_YEAR, "W", "D"):
            raise Invalid("NO_PERIOD_BEFORE", frequency=frequency)
        own = batch.ordinals[mine]
        found[mine] = own - 1 if against == Against.PREVIOUS_PERIOD else _last_year(frequency, own)
    if against == Against.PREVIOUS_PERIOD and structure.frequency_index is not None:
        business = _business(structure, batch)
        monday = (batch.ordinals - 1) % 7 == 0
        found = np.where(business & monday, batch.ordinals - 3, found)
    return found


def _business(structure: Structure, batch: Batch) -> NDArray[np.bool_]:
    """Where the series is of business days: before Monday comes Friday."""
    assert structure.frequency_index is not None
    column = batch.key[structure.frequency_index]
    table = np.array([text == "B" for text in column.texts], dtype=bool)
    return np.repeat(table[column.codes], batch.counts)


def _last_year(frequency: str, ordinals: NDArray[np.int64]) -> NDArray[np.int64]:
    if frequency in PER_YEAR:
        return ordinals - PER_YEAR[frequency]
    distinct, places = np.unique(ordinals, return_inverse=True)
    year_ago = _week_last_year if frequency == "W" else _day_last_year
    return np.array([year_ago(ordinal) for ordinal in distinct.tolist()], dtype=np.int64)[places]


def _week_last_year(ordinal: int) -> int:
    """The week of the same number; week 53 has none in most years."""
    year, week, _ = date.fromordinal(ordinal * 7 + 1).isocalendar()
    try:
        return (date.fromisocalendar(year - 1, week, 1).toordinal() - 1) // 7
    except ValueError:
        return -1


def _day_last_year(ordinal: int) -> int:
    """The same date; 29 February has none."""
    day = date.fromordinal(ordinal)
    try:
        return day.replace(year=day.year - 1).toordinal()
    except ValueError:
        return -1


def _rebase(structure: Structure, batch: Batch, base: Period) -> Batch:
    _refuse_others(structure, batch)
    inside = _inside(batch, PeriodRange(base, base)) & _ends_in(batch, base)
    measures = {name: _on_base(batch, exact(column, name), inside, base) for name, column in batch.measures.items()}
    described = units.otherwise(batch.series_attributes, {units.MULTIPLIER: "0", units.DECIMALS: None}, batch.series_count)
    if _BASE in structure.dsd.components:
        described[_BASE] = Coded.constant(str(base), batch.series_count)
    return replace(batch, measures=measures, series_attributes=described)


def _refuse_others(structure: Structure, batch: Batch) -> None:
    column = batch.series_attributes.get(units.UNIT, Coded.constant(None, batch.series_count))
    known: tuple[str | None, ...] = (*column.texts, None)
    for unit in (known[code] for code in np.unique(column.codes).tolist()):
        if unit is None or unit_kind(structure, unit) != "index":
            raise Invalid("NOT_AN_INDEX", unit=unit or "-")


def _ends_in(batch: Batch, base: Period) -> NDArray[np.bool_]:
    """bool[n]: periods that lie in the base period as a whole."""
    ends = np.ones(batch.observations, dtype=bool)
    each = np.repeat(batch.frequencies, batch.counts)
    for frequency in occurring(batch.frequencies):
        _, high = PeriodRange(base, base).whole(frequency)
        assert high is not None
        ends &= (each != frequency) | (batch.ordinals <= high)
    return ends


def _on_base(batch: Batch, values: Exact, inside: NDArray[np.bool_], base: Period) -> Numbers:
    """Each value in percent of the mean of its series over the base period."""
    series, count = batch.series_of, batch.series_count
    chosen = inside & values.present
    found = np.bincount(series[chosen], minlength=count)
    total = np.zeros(count, dtype=object if values.peak * max(batch.observations, 1) >= 2**62 else np.int64)
    np.add.at(total, series[chosen], values.values[chosen].astype(total.dtype))
    complete = (found == _needed(batch, base)) & (found > 0) & np.asarray(total > 0, dtype=bool)
    large = values.peak * int(found.max(initial=1)) >= 2**62
    above = (values.values.astype(object) if large else values.values) * found[series]
    return quotients(above, total[series], PERCENT, values.present & complete[series])


def _needed(batch: Batch, base: Period) -> NDArray[np.int64]:
    """int64[m]: how many periods of each series the base period has."""
    counts = {}
    for frequency in occurring(batch.frequencies):
        low, high = PeriodRange(base, base).whole(frequency)
        counts[frequency] = max((high or 0) - (low or 0) + 1, 0)
    return np.array([counts[frequency] for frequency in batch.frequencies.tolist()], dtype=np.int64)
