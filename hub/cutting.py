"""Which observations of which runs a question wants, and where in its batch they go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hub.cells import SERIES
from hub.runs import Ids, Run
from hub.tiles import Measured, Tile
from hub.vintages import Vintage
from registry.columns import occurring, spread
from registry.period import PeriodRange


@dataclass(frozen=True, slots=True)
class Rows:
    """Series of a dataflow, by number, and the frequency meant of each."""

    series: NDArray[np.int64]
    frequencies: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.series)

    def take(self, places: Any) -> Rows:
        return Rows(self.series[places], self.frequencies[places])


Span = tuple[int, int]
"""Periods that follow each other: the first, and how many."""

Some = NDArray[np.int64] | slice
"""Places; a slice where they follow each other, because that costs less."""


class Group(NamedTuple):
    """Series in one run: their ``places`` in the batch and ``slots`` in the chunk; ``ids`` wanted, of the ``whole`` run."""

    places: Some
    slots: Some
    size: int
    ids: Ids
    whole: Ids
    low: int | None
    high: int | None


class Part(NamedTuple):
    """What one run gives: ``size`` observations, from the places ``source`` to the places ``target`` of the batch. Of a run
    where every slot has the same periods the places are slots and a ``window`` of these: tables are cut much faster."""

    tile: Tile
    source: Any
    window: slice | None
    target: Any
    size: int

    def cut(self, column: NDArray[Any]) -> NDArray[Any]:
        """The wanted part of a column of the run."""
        if self.window is None:
            some: NDArray[Any] = column[self.source]
            return some
        return column.reshape(-1, self.tile.width or 1)[self.source, self.window].reshape(-1)

    def lay(self, column: NDArray[Any], made: NDArray[Any]) -> None:
        """The wanted part of a column of the run where it belongs in that of the batch; tables are copied once only."""
        if self.window is None or not isinstance(self.target, slice):
            made[self.target] = self.cut(column)
            return
        table = column.reshape(-1, self.tile.width or 1)
        into = made[self.target].reshape(-1, self.window.stop - self.window.start)
        if isinstance(self.source, slice) or into.shape[1] < table.shape[1] or made.dtype != column.dtype:
            into[...] = table[self.source, self.window]
        else:
            # Several times as fast as an index; "clip", because else it would be made somewhere else first.
            table.take(self.source, axis=0, out=into, mode="clip")

    def measured(self, name: str) -> Measured | None:
        return self.tile.measures.get(name)

    def following(self) -> Span | None:
        """The periods of the series here, where all have the same ones and these follow each other."""
        if self.window is None or (first := self.tile.first) is None:
            return None
        return first + self.window.start, self.window.stop - self.window.start

    def ordinals(self) -> NDArray[np.int64]:
        if self.window is None:
            return self.tile.ordinals(self.source)
        mine = self.tile.offsets[self.window].astype(np.int64) + self.tile.base
        return mine[None].repeat(_many(self.source), axis=0).ravel()


def groups_of(vintage: Vintage, rows: Rows, periods: PeriodRange) -> Iterator[Group]:
    """The series by the chunk and frequency they are in."""
    if not len(rows):
        return
    for frequency, mine in _by_frequency(rows.frequencies):
        low, high = periods.ordinals(frequency)
        for chunk, places, slots, count in _by_chunk(rows.series, mine):
            ids, whole = vintage.tiles(frequency, chunk, low, high)
            yield Group(places, slots, count, ids, whole, low, high)


def _by_frequency(frequencies: NDArray[np.str_]) -> Iterator[tuple[str, NDArray[np.int64]]]:
    for frequency in (found := occurring(frequencies)):
        yield frequency, np.arange(len(frequencies)) if len(found) == 1 else np.flatnonzero(frequencies == frequency)


def _by_chunk(series: NDArray[np.int64], places: NDArray[np.int64]) -> Iterator[tuple[int, Some, Some, int]]:
    """Each chunk, the places of its series, their slots, and how many they are."""
    mine = series[places]
    if len(mine) > 1 and (mine[1:] < mine[:-1]).any():
        order = np.argsort(mine // SERIES, kind="stable")
        places, mine = places[order], mine[order]
    chunks, slots = mine // SERIES, mine % SERIES
    ends = [*(np.flatnonzero(chunks[1:] != chunks[:-1]) + 1).tolist(), len(mine)]
    last = np.array(ends) - 1
    where, within = _followed(places, last), _followed(mine, last)
    begin = 0
    for end, placed, slotted in zip(ends, where, within, strict=True):
        some, slot, count = slice(begin, end), int(slots[begin]), end - begin
        place = int(places[begin])
        yield (
            int(chunks[begin]),
            slice(place, place + count) if placed <= begin else places[some],
            slice(slot, slot + count) if slotted <= begin else slots[some],
            count,
        )
        begin = end


def _followed(numbers: NDArray[np.int64], ends: NDArray[np.int64]) -> list[int]:
    """For some of the numbers the place from which on they follow each other without a gap."""
    gaps = np.flatnonzero(numbers[1:] != numbers[:-1] + 1) + 1
    before = gaps.searchsorted(ends, "right")
    begun: list[int] = np.concatenate([[0], gaps])[before].tolist()
    return begun


class _Found(NamedTuple):
    """What one tile has for a group: ``counts`` observations a series, ``size`` in all, after ``before`` others of the same
    series; a number where all that the series has is in this tile."""

    tile: Tile
    source: Any
    window: slice | None
    places: Some
    before: NDArray[np.int64] | int
    counts: NDArray[np.int64] | int
    size: int

    def part(self, starts: NDArray[np.int64]) -> Part:
        return Part(self.tile, self.source, self.window, self._target(starts), self.size)

    def _target(self, starts: NDArray[np.int64]) -> Any:
        if isinstance(self.before, int) and isinstance(self.places, slice):
            return slice(int(starts[self.places.start]), int(starts[self.places.stop]))
        begin = starts[:-1][self.places]
        if len(begin) == 1:
            first = int(begin[0]) + _one(self.before)
            return slice(first, first + _one(self.counts))
        return _places(begin + self.before, np.broadcast_to(self.counts, len(begin)))


def parts_of(groups: Sequence[Group], held: Sequence[Run], count: int) -> tuple[list[Part], NDArray[np.int64]]:
    """Where everything goes: series by series as the rows stand, inside a series by time."""
    totals = np.zeros(count, np.int64)
    found: list[_Found] = []
    for group, run in zip(groups, held, strict=True):
        for tile in run:
            places, slots = _inside(tile, group)
            source, window, counts = _source(tile, slots, group.low, group.high)
            size = _many(source) * counts if isinstance(counts, int) else int(counts.sum())
            if size:
                before = 0 if len(run) == 1 else totals[places].copy()
                found.append(_Found(tile, source, window, places, before, counts, size))
                totals[places] += counts
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(totals, out=starts[1:])
    return [each.part(starts) for each in found], starts


def _inside(tile: Tile, group: Group) -> tuple[Some, Some]:
    """Places and slots of the series the tile knows: those that came later than it have no place in it."""
    places, slots = group.places, group.slots
    if isinstance(slots, slice):
        known = min(max(tile.slots - slots.start, 0), group.size)
        if known == group.size:
            return places, slots
        fewer = slice(places.start, places.start + known) if isinstance(places, slice) else places[:known]
        return fewer, slice(slots.start, slots.start + known)
    if int(slots.max()) < tile.slots:
        return places, slots
    held = slots < tile.slots
    return _listed(places)[held], slots[held]


def _many(places: Some) -> int:
    return places.stop - places.start if isinstance(places, slice) else len(places)


def _one(number: NDArray[np.int64] | int) -> int:
    return number if isinstance(number, int) else int(number[0])


def _listed(places: Some) -> NDArray[np.int64]:
    return np.arange(places.start, places.stop) if isinstance(places, slice) else places


def _source(tile: Tile, slots: Some, low: int | None, high: int | None) -> tuple[Any, slice | None, NDArray[np.int64] | int]:
    """Where the observations of the slots stand in a run, and how many each has."""
    if tile.width is not None:
        window = tile.window(low, high)
        return slots, window, window.stop - window.start
    begin, end = tile.within(low, high)
    counts = end[slots] - begin[slots]
    return _places(begin[slots], counts), None, counts


def _places(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> Any:
    """The places of all observations; a slice where they follow each other, because that costs less."""
    if not len(starts):
        return slice(0, 0)
    if len(starts) == 1 or (starts[1:] == starts[:-1] + counts[:-1]).all():
        return slice(int(starts[0]), int(starts[-1] + counts[-1]))
    return spread(starts, counts)
