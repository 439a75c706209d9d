"""Blocks as numbers: how observations are cut into blocks, merged with what was there, and taken out again. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hub.packing import Observations
from registry.period import INSTANT, NO_TIME

SPANS = {"A": 64, "S": 64, "T": 66, "Q": 64, "M": 60, "W": 260, "D": 366, INSTANT: 2**62, NO_TIME: 1}
"""Periods per block. Short enough that an append at the end of a monthly series rewrites little, long enough to read fast."""

Drop = tuple[int | None, int | None]
"""First and last ordinal that are taken out of what was there; None is open."""


def split(frequency: str, observations: Observations) -> Iterator[tuple[int, Observations]]:
    """The block numbers and what falls into each; observations come in any order, of repeats the last counts."""
    tidy = _last_of_each(observations)
    numbers = tidy.ordinals // SPANS[frequency]
    edges = np.flatnonzero(np.diff(numbers)) + 1
    starts = [0, *edges.tolist()]
    for start, end in zip(starts, [*edges.tolist(), len(tidy)], strict=True):
        if end > start:
            yield int(numbers[start]), _cut(tidy, start, end)


def merge(old: Observations | None, new: Observations, drop: Drop | None) -> Observations:
    """What was there, less the ``drop`` range, with the new observations on top; each replaces all of an old one."""
    kept = old if old is None or drop is None else without(old, drop)
    if kept is None or not len(kept):
        return new
    names = {*kept.attributes, *new.attributes}
    joined = Observations(
        np.concatenate([kept.ordinals, new.ordinals]),
        kept.values + new.values,
        {name: _texts(kept, name) + _texts(new, name) for name in sorted(names)},
    )
    return _last_of_each(joined)


def without(old: Observations, drop: Drop) -> Observations:
    """The observations that lie outside the range."""
    low, high = drop
    inside = np.ones(len(old), dtype=bool)
    if low is not None:
        inside &= old.ordinals >= low
    if high is not None:
        inside &= old.ordinals <= high
    return _take(old, np.flatnonzero(~inside))


def within(observations: Observations, low: int | None, high: int | None) -> Observations:
    """The observations from ``low`` to ``high``, both included."""
    start = 0 if low is None else int(np.searchsorted(observations.ordinals, low, "left"))
    end = len(observations) if high is None else int(np.searchsorted(observations.ordinals, high, "right"))
    return observations if (start, end) == (0, len(observations)) else _cut(observations, start, end)


def join(parts: list[Observations]) -> Observations:
    """Blocks of one series put together, in order."""
    if len(parts) == 1:
        return parts[0]
    names = {name for part in parts for name in part.attributes}
    return Observations(
        np.concatenate([part.ordinals for part in parts]),
        [value for part in parts for value in part.values],
        {name: [text for part in parts for text in _texts(part, name)] for name in sorted(names)},
    )


def changed(old: Observations | None, new: Observations) -> Observations:
    """The observations of ``new`` that ``old`` does not have or has otherwise."""
    if old is None:
        return new
    before = {ordinal: _whole(old, at) for at, ordinal in enumerate(old.ordinals.tolist())}
    differs = [at for at, ordinal in enumerate(new.ordinals.tolist()) if before.get(ordinal) != _whole(new, at)]
    return _take(new, np.array(differs, dtype=np.int64))


def same(one: Observations, other: Observations) -> bool:
    """Whether two blocks say the same."""
    if one.values != other.values or not np.array_equal(one.ordinals, other.ordinals):
        return False
    return all(_texts(one, name) == _texts(other, name) for name in {*one.attributes, *other.attributes})


def _whole(part: Observations, at: int) -> tuple[str | None, dict[str, str]]:
    texts = ((name, column[at]) for name, column in part.attributes.items())
    return part.values[at], {name: text for name, text in texts if text is not None}


def _last_of_each(observations: Observations) -> Observations:
    ordinals = observations.ordinals
    if len(ordinals) < 2 or bool(np.all(np.diff(ordinals) > 0)):
        return observations
    order = np.argsort(ordinals, kind="stable")
    last = np.append(np.diff(ordinals[order]) != 0, True)
    return _take(observations, order[last])


def _take(part: Observations, places: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Observations:
    wanted = places.tolist()
    columns = {name: [texts[at] for at in wanted] for name, texts in part.attributes.items()}
    return Observations(part.ordinals[places], [part.values[at] for at in wanted], columns)


def _cut(part: Observations, start: int, end: int) -> Observations:
    columns = {name: texts[start:end] for name, texts in part.attributes.items()}
    return Observations(part.ordinals[start:end], part.values[start:end], columns)


def _texts(part: Observations, name: str) -> list[str | None]:
    return part.attributes.get(name) or [None] * len(part)
