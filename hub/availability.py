"""What a selection would give, answered from the index of a vintage without reading an observation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hub.keyindex import KeyIndex
from registry.answers import Availability
from registry.model import Structure
from registry.period import Period
from registry.selection import Selection


def nothing(structure: Structure) -> Availability:
    """While nothing is published."""
    key = structure.dsd.key
    return Availability(dict.fromkeys(key, ()), dict.fromkeys(key, ()), None, None, 0, 0)


def available(structure: Structure, index: KeyIndex, selection: Selection) -> Availability:
    """The codes and periods that give data, all chosen together and each dimension by itself."""
    key = structure.dsd.key
    rows = index.match(key, selection.codes, selection.periods)
    start, end, observations = _span(index, rows, selection)
    return Availability(
        codes={name: _ordered(structure, name, index.codes_of(place, rows)) for place, name in enumerate(key)},
        open_codes={name: _open(structure, index, selection, name) for name in key},
        start=start,
        end=end,
        series=len(np.unique(index.series[rows])),
        observations=observations,
    )


def _open(structure: Structure, index: KeyIndex, selection: Selection, name: str) -> tuple[str, ...]:
    others = {each: codes for each, codes in selection.codes.items() if each != name}
    rows = index.match(structure.dsd.key, others, selection.periods)
    return _ordered(structure, name, index.codes_of(structure.dsd.key.index(name), rows))


def _ordered(structure: Structure, dimension: str, codes: set[str]) -> tuple[str, ...]:
    codelist = structure.codelists.get(dimension)
    if codelist is None:
        return tuple(sorted(codes))
    return tuple(item.id for item in codelist.items if item.id in codes)


def _span(index: KeyIndex, rows: NDArray[np.int64], selection: Selection) -> tuple[str | None, str | None, int]:
    """First and last period by the calendar, and how many observations; where the periods cut a series that has gaps,
    the number is the most there can be."""
    firsts, lasts, total = [], [], 0
    mine = index.frequencies[rows]
    for frequency in np.unique(mine).tolist():
        own = rows[mine == frequency]
        low, high = selection.periods.ordinals(frequency)
        first = np.maximum(index.first[own], low) if low is not None else index.first[own]
        last = np.minimum(index.last[own], high) if high is not None else index.last[own]
        total += int(np.minimum(index.count[own], last - first + 1).sum())
        firsts.append(Period(frequency, int(first.min())))
        lasts.append(Period(frequency, int(last.max())))
    if not firsts:
        return None, None, 0
    return str(min(firsts, key=lambda period: period.start)), str(max(lasts, key=lambda period: period.end)), total
