"""Runs: the tiles of one chunk of series, one after another in time, put together once and kept while there is room.

A tile never changes once it is released, so a run is known by the row ids of its tiles and cannot go stale. Drafts are never
read through here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, select

from hub.batches import batched
from hub.packing import Array, smallest
from hub.tables import tile
from hub.tiles import Measured, Tile, decode
from registry.columns import spread

MOST_BYTES = 160 * 1024**2
"""Content of runs kept in memory."""

Ids = tuple[int, ...]
Connect = Callable[[], AbstractContextManager[Connection]]

# Building a statement costs more than running it, so it is built once.
_CONTENT = select(tile.c.id, tile.c.frequency, tile.c.number, tile.c.content).where(
    tile.c.id.in_(bindparam("ids", expanding=True))
)


class Runs:
    """The runs used last, in bounded memory; safe to share between threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[Ids, Tile] = OrderedDict()
        self._lock = Lock()

    def get(self, connect: Connect, wanted: Sequence[tuple[Ids, Ids]]) -> list[Tile]:
        """For each pair the tiles wanted or, where it is kept, the whole run they are of.

        ``connect`` opens a connection, and only when some tile has to be read.
        """
        found = self._known(wanted)
        absent = [pair[0] for pair, known in zip(wanted, found, strict=True) if known is None]
        if not absent:
            return [known for known in found if known is not None]
        with connect() as connection:
            tiles = fetch(connection, [id for ids in absent for id in ids])
        read = {ids: following([tiles[id] for id in ids]) for ids in absent}
        self._keep(read)
        return [known or read[ids] for known, (ids, _) in zip(found, wanted, strict=True)]

    def _known(self, wanted: Iterable[tuple[Ids, Ids]]) -> list[Tile | None]:
        with self._lock:
            return [self._one(whole) or self._one(ids) for ids, whole in wanted]

    def _one(self, ids: Ids) -> Tile | None:
        kept = self._kept.get(ids)
        if kept is not None:
            self._kept.move_to_end(ids)
        return kept

    def _keep(self, read: Mapping[Ids, Tile]) -> None:
        with self._lock:
            for ids, made in read.items():
                if ids not in self._kept:
                    self._kept[ids] = made
                    self._bytes += made.bytes
            while self._bytes > self._most and len(self._kept) > 1:
                self._bytes -= self._kept.popitem(last=False)[1].bytes


def fetch(connection: Connection, ids: Sequence[int]) -> dict[int, Tile]:
    """Read tiles from the database."""
    found: dict[int, Tile] = {}
    for some in batched(ids, 500):
        for id, frequency, number, content in connection.execute(_CONTENT, {"ids": some}):
            found[id] = decode(frequency, number, content)
    return found


def following(tiles: Sequence[Tile]) -> Tile:
    """Tiles of the same series in order of time as one."""
    if len(tiles) == 1:
        return tiles[0]
    slots = max(tile.slots for tile in tiles)
    counts = [np.pad(np.diff(tile.starts), (0, slots - tile.slots)) for tile in tiles]
    starts = np.zeros(slots + 1, np.int64)
    np.cumsum(np.sum(counts, axis=0), out=starts[1:])
    targets = _targets(starts, counts)
    base = tiles[0].base
    offsets = _placed([tile.offsets.astype(np.int64) + (tile.base - base) for tile in tiles], targets)
    measures = {name: _measured(tiles, name, targets) for name in _names(tile.measures for tile in tiles)}
    attributes = {name: _coded(tiles, name, targets) for name in _names(tile.attributes for tile in tiles)}
    widths = [tile.width for tile in tiles]
    regular = None not in widths and all(tile.slots == slots for tile in tiles)
    size = sum(tile.bytes for tile in tiles) + len(offsets)
    return Tile(base, starts, smallest(offsets), measures, attributes, sum(filter(None, widths)) if regular else None, size)


def _names(columns: Iterable[Mapping[str, object]]) -> list[str]:
    return list(dict.fromkeys(name for each in columns for name in each))


def _targets(starts: NDArray[np.int64], counts: Sequence[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """Where the observations of each tile go: slot by slot, by time inside a slot."""
    filled, targets = starts[:-1].copy(), []
    for some in counts:
        targets.append(spread(filled, some))
        filled += some
    return targets


def _placed(columns: Sequence[Array], targets: Sequence[NDArray[np.int64]]) -> Array:
    found = np.empty(sum(map(len, columns)), np.result_type(*columns))
    for column, target in zip(columns, targets, strict=True):
        found[target] = column
    return found


def _measured(tiles: Sequence[Tile], name: str, targets: Sequence[NDArray[np.int64]]) -> Measured:
    columns = [tile.measures.get(name) or Measured(np.full(len(tile.offsets), np.nan), {}) for tile in tiles]
    texts = {
        int(target[place]): text
        for column, target in zip(columns, targets, strict=True)
        for place, text in column.texts.items()
    }
    return Measured(_placed([column.floats for column in columns], targets), texts)


def _coded(tiles: Sequence[Tile], name: str, targets: Sequence[NDArray[np.int64]]) -> tuple[tuple[str, ...], Array]:
    known: dict[str, int] = {}
    columns = []
    for each in tiles:
        texts, codes = each.attributes.get(name, ((), np.zeros(len(each.offsets), np.uint8)))
        table = np.array([0, *(known.setdefault(text, len(known) + 1) for text in texts)], np.int64)
        columns.append(smallest(table[codes]))
    return tuple(known), _placed(columns, targets)
