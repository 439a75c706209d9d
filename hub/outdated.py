"""Which codes of an answer stand outside their time, told from the index without reading a figure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from hub.keyindex import KeyIndex
from registry.columns import occurring
from registry.dated import Days, Outdated, days_of
from registry.model import Structure
from registry.period import NO_TIME, PeriodRange


def outdated(structure: Structure, index: KeyIndex, rows: NDArray[np.int64], periods: PeriodRange) -> tuple[Outdated, ...]:
    """For each dimension the codes that series have in periods of which no day is theirs, in the order of the codelist. A gap
    in such a series may hide that it has nothing there."""
    return tuple(found for days in days_of(structure) if (found := _outdated(structure, index, rows, periods, days)).codes)


def _outdated(structure: Structure, index: KeyIndex, rows: NDArray[np.int64], periods: PeriodRange, days: Days) -> Outdated:
    column = index.key[structure.dsd.key.index(days.dimension)]
    used = set[str]()
    for frequency, mine in _by_frequency(index, rows):
        low, high = days.limits(column.texts, frequency)
        start, end = periods.ordinals(frequency)
        first = index.first[mine] if start is None else np.maximum(index.first[mine], start)
        last = index.last[mine] if end is None else np.minimum(index.last[mine], end)
        codes = column.codes[mine]
        odd = (first <= last) & ((first < low[codes]) | (last > high[codes]))
        used |= {column.texts[code] for code in np.unique(codes[odd]).tolist()}
    return Outdated(
        days.dimension, days.codelist, tuple(code for code in structure.codelists[days.dimension].by_id if code in used)
    )


def _by_frequency(index: KeyIndex, rows: NDArray[np.int64]) -> Iterator[tuple[str, NDArray[np.int64]]]:
    for frequency in occurring(index.frequencies[rows]):
        if frequency != NO_TIME:
            yield frequency, rows[index.frequencies[rows] == frequency]
