"""What a selection would give, answered from the index of a vintage without reading an observation; what is new, by reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hub.keyindex import KeyIndex
from registry.answers import Availability
from registry.columns import Batch
from registry.model import Structure
from registry.period import Period
from registry.present import ordered, present
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
        codes={name: ordered(structure, name, index.codes_of(place, rows)) for place, name in enumerate(key)},
        open_codes={name: _open(structure, index, selection, name) for name in key},
        start=start,
        end=end,
        series=len(np.unique(index.series[rows])),
        observations=observations,
    )


Reader = Callable[[Mapping[str, tuple[str, ...]]], Iterator[Batch]]
"""What is new among the series of these codes."""


def newly(structure: Structure, selection: Selection, read: Reader) -> Availability:
    """The codes and periods of what is new since a moment."""
    found, wanted = present(structure, read(selection.codes)), selection.codes
    others = ((name, {each: codes for each, codes in wanted.items() if each != name}) for name in wanted)
    opened = {name: present(structure, read(codes)).codes[name] for name, codes in others}
    return replace(found, open_codes={**found.codes, **opened})


def _open(structure: Structure, index: KeyIndex, selection: Selection, name: str) -> tuple[str, ...]:
    others = {each: codes for each, codes in selection.codes.items() if each != name}
    rows = index.match(structure.dsd.key, others, selection.periods)
    return ordered(structure, name, index.codes_of(structure.dsd.key.index(name), rows))


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
