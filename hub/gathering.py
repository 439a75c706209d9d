"""Rows of a vintage's index to a batch: the observations are taken out of the tiles that hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hub.cells import SERIES
from hub.tiles import Measured, Tile, Tiles
from hub.vintages import Vintage
from registry.columns import Batch, Coded, Numbers, or_none, spread
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


@dataclass(frozen=True, slots=True)
class _Part:
    """What one tile gives: its observations at the places ``source``, to the places ``target`` of the batch."""

    tile: Tile
    source: Any
    target: Any


def gather(vintage: Vintage, tiles: Tiles, connect: Any, rows: Rows, periods: PeriodRange) -> Batch:
    """The observations of these series in these periods; a series may be left without any."""
    runs = list(_runs(vintage, rows, periods))
    held = tiles.get(connect, [id for _, _, ids in runs for id in ids])
    parts, starts = _parts(runs, held, len(rows))
    key = tuple(column.take(rows.series) for column in vintage.key)
    batch = Batch(
        key=key,
        frequencies=rows.frequencies,
        starts=starts,
        ordinals=_ordinals(parts, int(starts[-1])),
        measures=_measures(parts, int(starts[-1])),
        attributes=_attributes(parts, int(starts[-1])),
        series_attributes=_described(vintage, rows.series, key),
    )
    return _cut(batch, periods)


_Run = tuple[NDArray[np.int64], NDArray[np.int64], list[int]]
"""Places in the batch, slots in the chunk, tiles by time."""


def _runs(vintage: Vintage, rows: Rows, periods: PeriodRange) -> Iterator[_Run]:
    """The series by the chunk and frequency they are in."""
    chunks, slots = rows.series // SERIES, rows.series % SERIES
    for frequency in np.unique(rows.frequencies).tolist():
        low, high = periods.ordinals(frequency)
        mine = np.flatnonzero(rows.frequencies == frequency)
        order = mine[np.argsort(chunks[mine], kind="stable")]
        edges = np.flatnonzero(np.diff(chunks[order])) + 1
        for places in np.split(order, edges):
            yield places, slots[places], vintage.tiles(frequency, int(chunks[places[0]]), low, high)


def _parts(runs: list[_Run], held: Mapping[int, Tile], count: int) -> tuple[list[_Part], NDArray[np.int64]]:
    """Where everything goes: series by series as the rows stand, inside a series by time."""
    totals = np.zeros(count, np.int64)
    found: list[tuple[Tile, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]] = []
    for places, slots, ids in runs:
        for id in ids:
            tile = held[id]
            # Series that came later than the tile have no place in it.
            known = slots < tile.slots
            some, at = (slots, places) if known.all() else (slots[known], places[known])
            sources = tile.starts[some]
            counts = tile.starts[some + 1] - sources
            found.append((tile, sources, at, counts))
            totals[at] += counts
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(totals, out=starts[1:])
    filled = starts[:-1].copy()
    parts = []
    for tile, sources, at, counts in found:
        parts.append(_Part(tile, _places(sources, counts), _places(filled[at], counts)))
        filled[at] += counts
    return parts, starts


def _places(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> Any:
    """The places of all observations; for a single series a slice, which costs less."""
    if len(counts) == 1:
        start = int(starts[0])
        return slice(start, start + int(counts[0]))
    return spread(starts, counts)


def _ordinals(parts: list[_Part], count: int) -> NDArray[np.int64]:
    found = np.empty(count, np.int64)
    for part in parts:
        found[part.target] = part.tile.offsets[part.source]
        found[part.target] += part.tile.base
    return found


def _measures(parts: list[_Part], count: int) -> dict[str, Numbers]:
    names = dict.fromkeys(name for part in parts for name in part.tile.measures)
    return {name: _numbers(parts, name, count) for name in names}


def _numbers(parts: list[_Part], name: str, count: int) -> Numbers:
    floats = np.full(count, np.nan)
    texts = None
    for part in parts:
        column = part.tile.measures.get(name)
        if column is None:
            continue
        floats[part.target] = column.floats[part.source]
        if column.texts:
            texts = np.full(count, None, object) if texts is None else texts
            texts[part.target] = _texts(column)[part.source]
    return Numbers(floats, None if texts is None else or_none(texts))


def _texts(column: Measured) -> NDArray[np.object_]:
    texts = np.full(len(column.floats), None, object)
    texts[list(column.texts)] = list(column.texts.values())
    return texts


def _attributes(parts: list[_Part], count: int) -> dict[str, Coded]:
    names = dict.fromkeys(name for part in parts for name in part.tile.attributes)
    return {name: _coded(parts, name, count) for name in names}


def _coded(parts: list[_Part], name: str, count: int) -> Coded:
    codes = np.full(count, -1, np.int32)
    known: dict[str, int] = {}
    tables: dict[tuple[str, ...], NDArray[np.int32]] = {}
    for part in parts:
        if name not in part.tile.attributes:
            continue
        texts, local = part.tile.attributes[name]
        table = tables.get(texts)
        if table is None:
            table = np.array([-1, *(known.setdefault(text, len(known)) for text in texts)], np.int32)
            tables[texts] = table
        codes[part.target] = table[local[part.source]]
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


def _cut(batch: Batch, periods: PeriodRange) -> Batch:
    """Tiles reach further than the periods asked for."""
    if periods.start is None and periods.end is None:
        return batch
    wanted = np.ones(batch.observations, dtype=bool)
    frequencies = np.unique(batch.frequencies).tolist()
    each = np.repeat(batch.frequencies, batch.counts) if len(frequencies) > 1 else None
    for frequency in frequencies:
        low, high = periods.ordinals(frequency)
        outside = np.zeros(batch.observations, dtype=bool)
        outside |= batch.ordinals < low if low is not None else False
        outside |= batch.ordinals > high if high is not None else False
        wanted &= ~outside if each is None else ~(outside & (each == frequency))
    return batch if wanted.all() else batch.keep(wanted)


def limited(batch: Batch, first: int | None, last: int | None) -> Batch:
    """Of each series only the first and the last so many observations."""
    if not first and not last:
        return batch
    place = np.arange(batch.observations) - np.repeat(batch.starts[:-1], batch.counts)
    left = np.repeat(batch.counts, batch.counts) - place
    return batch.keep((place < (first or 0)) | (left <= (last or 0)))
