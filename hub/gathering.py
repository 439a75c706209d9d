"""Series of a vintage to a batch: the observations are taken out of the runs of tiles that hold them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hub.cells import SERIES
from hub.runs import Ids, Run, Runs
from hub.tiles import Measured, Tile
from hub.vintages import Vintage
from registry.columns import Batch, Coded, Numbers, occurring, or_none, spread
from registry.exact import SAFE
from registry.period import PeriodRange

FEW = 2
"""Series of a chunk that are cut out of its tiles one by one when it is first asked."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Series of a dataflow, by number, and the frequency meant of each."""

    series: NDArray[np.int64]
    frequencies: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.series)

    def take(self, places: Any) -> Rows:
        return Rows(self.series[places], self.frequencies[places])


Some = NDArray[np.int64] | slice
"""Places; a slice where they follow each other, because that costs less."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Series in one run: their ``places`` in the batch and ``slots`` in the chunk; ``ids`` wanted, of the ``whole`` run."""

    places: Some
    slots: Some
    count: int
    ids: Ids
    whole: Ids
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class _Part:
    """What one run gives: its observations at the places ``source``, to the places ``target`` of the batch. Of a run where
    every slot has the same periods the places are slots and a ``window`` of these periods: tables are cut much faster."""

    tile: Tile
    source: Any
    window: slice | None
    target: Any

    def cut(self, column: NDArray[Any]) -> NDArray[Any]:
        """The wanted part of a column of the run."""
        if self.window is None:
            some: NDArray[Any] = column[self.source]
            return some
        return column.reshape(-1, self.tile.width or 1)[self.source, self.window].reshape(-1)

    def measured(self, name: str, column: Callable[[Measured], NDArray[Any]]) -> NDArray[Any] | None:
        """The wanted part of a column of a measure that the run may have."""
        held = self.tile.measures.get(name)
        return None if held is None else self.cut(column(held))

    def ordinals(self) -> NDArray[np.int64]:
        if self.window is None:
            return self.tile.ordinals(self.source)
        slots = self.source.stop - self.source.start if isinstance(self.source, slice) else len(self.source)
        mine = self.tile.offsets[self.window].astype(np.int64) + self.tile.base
        return mine[None].repeat(slots, axis=0).ravel()


def gather(vintage: Vintage, runs: Runs, rows: Rows, periods: PeriodRange, counting: bool = False) -> Batch:
    """The observations of these series in these periods; a series may be left without any. ``counting``: for a calculation,
    which wants to know the decimals of the numbers."""
    groups = [group for group in _groups(vintage, rows, periods) if group.ids]
    few = [group.count <= FEW for group in groups]
    held = runs.loose([(group.ids, group.whole) for group in groups], few)
    parts, starts = _parts(groups, held, len(rows))
    count = int(starts[-1])
    key = tuple(column.take(rows.series) for column in vintage.key)
    return Batch(
        key=key,
        frequencies=rows.frequencies,
        starts=starts,
        ordinals=_ordinals(parts, count),
        measures={name: _numbers(parts, name, count, counting) for name in _names(part.tile.measures for part in parts)},
        attributes={name: _coded(parts, name, count) for name in _names(part.tile.attributes for part in parts)},
        series_attributes=_described(vintage, rows.series, key),
    )


def _groups(vintage: Vintage, rows: Rows, periods: PeriodRange) -> Iterator[_Group]:
    """The series by the chunk and frequency they are in."""
    if not len(rows):
        return
    for frequency, mine in _by_frequency(rows.frequencies):
        low, high = periods.ordinals(frequency)
        for chunk, places, slots, count in _by_chunk(rows.series, mine):
            ids, whole = vintage.tiles(frequency, chunk, low, high)
            yield _Group(places, slots, count, ids, whole, low, high)


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


@dataclass(frozen=True, slots=True)
class _Found:
    """What one tile has for a group: ``counts`` observations a series, after ``before`` others of the same series; a number
    where all that the series has is in this tile."""

    tile: Tile
    source: Any
    window: slice | None
    places: Some
    before: NDArray[np.int64] | int
    counts: NDArray[np.int64] | int

    def part(self, starts: NDArray[np.int64]) -> _Part:
        return _Part(self.tile, self.source, self.window, self._target(starts))

    def _target(self, starts: NDArray[np.int64]) -> Any:
        if isinstance(self.before, int) and isinstance(self.places, slice):
            return slice(int(starts[self.places.start]), int(starts[self.places.stop]))
        begin = starts[:-1][self.places]
        if len(begin) == 1:
            first = int(begin[0]) + _one(self.before)
            return slice(first, first + _one(self.counts))
        return _places(begin + self.before, np.broadcast_to(self.counts, len(begin)))


def _parts(groups: Sequence[_Group], held: Sequence[Run], count: int) -> tuple[list[_Part], NDArray[np.int64]]:
    """Where everything goes: series by series as the rows stand, inside a series by time."""
    totals = np.zeros(count, np.int64)
    found: list[_Found] = []
    for group, run in zip(groups, held, strict=True):
        for tile in run:
            places, slots = _inside(tile, group)
            source, window, counts = _source(tile, slots, group.low, group.high)
            before = 0 if len(run) == 1 else totals[places].copy()
            found.append(_Found(tile, source, window, places, before, counts))
            totals[places] += counts
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(totals, out=starts[1:])
    return [each.part(starts) for each in found], starts


def _inside(tile: Tile, group: _Group) -> tuple[Some, Some]:
    """Places and slots of the series the tile knows: those that came later than it have no place in it."""
    places, slots = group.places, group.slots
    if isinstance(slots, slice):
        known = min(max(tile.slots - slots.start, 0), group.count)
        if known == group.count:
            return places, slots
        fewer = slice(places.start, places.start + known) if isinstance(places, slice) else places[:known]
        return fewer, slice(slots.start, slots.start + known)
    if int(slots.max()) < tile.slots:
        return places, slots
    held = slots < tile.slots
    return _listed(places)[held], slots[held]


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


def _names(columns: Iterator[Mapping[str, object]]) -> list[str]:
    return list(dict.fromkeys(name for each in columns for name in each))


def _placed(parts: list[_Part], count: int, cut: Callable[[_Part], NDArray[Any] | None], absent: Any) -> NDArray[Any]:
    """What each part gives at the places where it belongs, ``absent`` at the others. What one part gives is all there is."""
    found = [(part, column) for part in parts if (column := cut(part)) is not None]
    if len(found) == 1 and len(found[0][1]) == count:
        return found[0][1]
    everywhere = sum(len(column) for _, column in found) == count
    if everywhere and _in_order(parts):
        return np.concatenate([column for _, column in found])
    kind = found[0][1].dtype if found else np.asarray(absent).dtype
    made = np.empty(count, kind) if everywhere else np.full(count, absent, kind)
    for part, column in found:
        made[part.target] = column
    return made


def _in_order(parts: list[_Part]) -> bool:
    """Whether each part goes where the one before it ends."""
    end = 0
    for part in parts:
        if not isinstance(part.target, slice) or part.target.start != end:
            return False
        end = part.target.stop
    return bool(parts)


def _ordinals(parts: list[_Part], count: int) -> NDArray[np.int64]:
    return _placed(parts, count, _Part.ordinals, np.int64(0))


def _numbers(parts: list[_Part], name: str, count: int, counting: bool) -> Numbers:
    columns = [part.tile.measures[name] for part in parts if name in part.tile.measures]
    floats = _placed(parts, count, lambda part: part.measured(name, lambda column: column.floats), np.nan)
    texts = None
    if any(column.texts for column in columns):
        texts = or_none(_placed(parts, count, lambda part: part.measured(name, Measured.exact), None))
    return Numbers(floats, texts, _scale(columns) if counting else None)


def _scale(columns: list[Measured]) -> tuple[int, float] | None:
    """The decimals that are enough for all and how far the furthest is from 0, if that then still is a sure number."""
    scales = [scale for column in columns if (scale := column.scale) is not None]
    if len(scales) < len(columns) or not scales:
        return None
    most, peak = max(decimals for decimals, _ in scales), max(peak for _, peak in scales)
    return (most, peak) if peak * 10.0**most < SAFE else None


def _coded(parts: list[_Part], name: str, count: int) -> Coded:
    known: dict[str, int] = {}
    tables: dict[tuple[str, ...], NDArray[np.int32] | None] = {}

    def cut(part: _Part) -> NDArray[np.int32] | None:
        if name not in part.tile.attributes:
            return None
        texts, local = part.tile.attributes[name]
        if texts not in tables:
            table = np.array([-1, *(known.setdefault(text, len(known)) for text in texts)], np.int32)
            # Most runs have the dictionary of the first, and their codes need no translation.
            tables[texts] = None if texts == tuple(known)[: len(texts)] else table
        mine, translated = part.cut(local), tables[texts]
        return mine.astype(np.int32) - np.int32(1) if translated is None else translated[mine]

    codes = _placed(parts, count, cut, np.int32(-1))
    return Coded(tuple(known), codes)


def _described(vintage: Vintage, series: NDArray[np.int64], key: tuple[Coded, ...]) -> dict[str, Coded]:
    """Series attributes, and those of groups for the series that have none of their own."""
    found = {name: column.take(series) for name, column in vintage.labels.items()}
    for places, stated in vintage.groups.items():
        for name, column in _grouped([key[place] for place in places], stated, len(series)).items():
            found[name] = _over(found[name], column) if name in found else column
    return {name: column for name, column in found.items() if (column.codes >= 0).any()}


def _grouped(columns: list[Coded], stated: Mapping[tuple[str, ...], Mapping[str, str]], count: int) -> dict[str, Coded]:
    codes = np.stack([column.codes for column in columns]) if columns else np.zeros((1, count), np.int32)
    distinct, which = np.unique(codes, axis=1, return_inverse=True)
    keys = [tuple(column.texts[code] for column, code in zip(columns, one, strict=False)) for one in distinct.T.tolist()]
    said = [stated.get(key, {}) for key in keys]
    names = dict.fromkeys(name for values in said for name in values)
    return {name: Coded.of([values.get(name) for values in said]).take(which.reshape(-1)) for name in names}


def _over(own: Coded, other: Coded) -> Coded:
    """``own``, and ``other`` where it is absent."""
    texts = dict.fromkeys((*own.texts, *other.texts))
    number = {text: code for code, text in enumerate(texts)}
    table = np.array([*(number[text] for text in other.texts), -1], np.int32)
    return Coded(tuple(texts), np.where(own.codes >= 0, own.codes, table[other.codes]).astype(np.int32))


def limited(batch: Batch, first: int | None, last: int | None) -> Batch:
    """Of each series only the first and the last so many observations."""
    if not first and not last:
        return batch
    place = np.arange(batch.observations) - np.repeat(batch.starts[:-1], batch.counts)
    left = np.repeat(batch.counts, batch.counts) - place
    return batch.keep((place < (first or 0)) | (left <= (last or 0)))
