"""Series of a vintage to a batch: the observations are taken out of the runs of tiles that hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hub.cells import SERIES
from hub.runs import Ids, Runs
from hub.tiles import Measured, Tile
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
class _Group:
    """Series in one run: their ``places`` in the batch and ``slots`` in the chunk; ``ids`` wanted, of the ``whole`` run."""

    places: NDArray[np.int64]
    slots: NDArray[np.int64]
    ids: Ids
    whole: Ids
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class _Part:
    """What one run gives: its observations at the places ``source``, to the places ``target`` of the batch."""

    tile: Tile
    source: Any
    target: Any


def gather(vintage: Vintage, runs: Runs, rows: Rows, periods: PeriodRange) -> Batch:
    """The observations of these series in these periods; a series may be left without any."""
    groups = [group for group in _groups(vintage, rows, periods) if group.ids]
    held = runs.get([(group.ids, group.whole) for group in groups])
    parts, starts = _parts(groups, held, len(rows))
    count = int(starts[-1])
    key = tuple(column.take(rows.series) for column in vintage.key)
    return Batch(
        key=key,
        frequencies=rows.frequencies,
        starts=starts,
        ordinals=_ordinals(parts, count),
        measures={name: _numbers(parts, name, count) for name in _names(part.tile.measures for part in parts)},
        attributes={name: _coded(parts, name, count) for name in _names(part.tile.attributes for part in parts)},
        series_attributes=_described(vintage, rows.series, key),
    )


def _groups(vintage: Vintage, rows: Rows, periods: PeriodRange) -> Iterator[_Group]:
    """The series by the chunk and frequency they are in."""
    if not len(rows):
        return
    chunks, slots = rows.series // SERIES, rows.series % SERIES
    for frequency, mine in _by_frequency(rows.frequencies):
        low, high = periods.ordinals(frequency)
        for places in _by_chunk(chunks, mine):
            ids, whole = vintage.tiles(frequency, int(chunks[places[0]]), low, high)
            yield _Group(places, slots[places], ids, whole, low, high)


def _by_frequency(frequencies: NDArray[np.str_]) -> Iterator[tuple[str, NDArray[np.int64]]]:
    first = frequencies[0]
    if (frequencies == first).all():
        yield str(first), np.arange(len(frequencies))
        return
    for frequency in np.unique(frequencies).tolist():
        yield frequency, np.flatnonzero(frequencies == frequency)


def _by_chunk(chunks: NDArray[np.int64], places: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    own = chunks[places]
    if own[0] == own[-1] and (own == own[0]).all():
        return [places]
    order = np.argsort(own, kind="stable")
    edges = np.flatnonzero(np.diff(own[order])) + 1
    return np.split(places[order], edges)


def _parts(groups: Sequence[_Group], held: Sequence[Tile], count: int) -> tuple[list[_Part], NDArray[np.int64]]:
    """Where everything goes: series by series as the rows stand, inside a series by time."""
    totals = np.zeros(count, np.int64)
    found: list[tuple[Tile, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]] = []
    for group, tile in zip(groups, held, strict=True):
        begin, end = tile.within(group.low, group.high)
        places, slots = group.places, group.slots
        # Series that came later than the tiles have no place in them.
        if int(slots.max()) >= tile.slots:
            known = slots < tile.slots
            places, slots = places[known], slots[known]
        sources = begin[slots]
        totals[places] = end[slots] - sources
        found.append((tile, slots, places, sources))
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(totals, out=starts[1:])
    return [_part(tile, sources, places, totals, starts) for tile, _, places, sources in found], starts


def _part(
    tile: Tile, sources: NDArray[np.int64], places: NDArray[np.int64], totals: NDArray[np.int64], starts: NDArray[np.int64]
) -> _Part:
    counts = totals[places]
    return _Part(tile, _places(sources, counts), _places(starts[places], counts))


def _places(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> Any:
    """The places of all observations; a slice where they follow each other, because that costs less."""
    if not len(starts):
        return slice(0, 0)
    if len(starts) == 1 or (starts[1:] == starts[:-1] + counts[:-1]).all():
        return slice(int(starts[0]), int(starts[-1] + counts[-1]))
    return spread(starts, counts)


def _names(columns: Iterator[Mapping[str, object]]) -> list[str]:
    return list(dict.fromkeys(name for each in columns for name in each))


def _ordinals(parts: list[_Part], count: int) -> NDArray[np.int64]:
    found = np.empty(count, np.int64)
    for part in parts:
        found[part.target] = part.tile.ordinals(part.source)
    return found


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


def limited(batch: Batch, first: int | None, last: int | None) -> Batch:
    """Of each series only the first and the last so many observations."""
    if not first and not last:
        return batch
    place = np.arange(batch.observations) - np.repeat(batch.starts[:-1], batch.counts)
    left = np.repeat(batch.counts, batch.counts) - place
    return batch.keep((place < (first or 0)) | (left <= (last or 0)))
