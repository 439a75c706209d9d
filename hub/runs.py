"""Runs: the tiles of one chunk of series, one after another in time, put together once and kept while there is room.

A tile never changes once it is released, so a run is known by the row ids of its tiles and cannot go stale. Drafts are never
read through here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, bindparam, select

from hub.batches import batched
from hub.packing import Array, smallest
from hub.tables import tile
from hub.tiles import Measured, Tile, decode
from registry.columns import spread
from registry.errors import Conflict
from registry.glance import Glance

MOST_BYTES = 128 * 1024**2
"""Content of runs kept in memory."""

AT_ONCE = 16
"""Tiles read with one statement; a year of monthly data and more."""

Ids = tuple[int, ...]

Run = tuple[Tile, ...]
"""Tiles of the same series by time; one where they were put together."""

_CONTENT = Glance(
    select(tile.c.id, tile.c.frequency, tile.c.number, tile.c.content).where(
        tile.c.id.in_([bindparam(f"id{place}") for place in range(AT_ONCE)])
    )
)


class Runs:
    """The runs used last, in bounded memory; safe to share between threads."""

    def __init__(self, engine: Engine, most_bytes: int = MOST_BYTES) -> None:
        self._engine = engine
        self._most = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[Ids, Run] = OrderedDict()
        self._lock = Lock()

    def get(self, wanted: Sequence[tuple[Ids, Ids]]) -> list[Tile]:
        """For each pair the tiles wanted or, where it is kept, the whole run they are of."""
        return [run for (run,) in self.loose(wanted, [False] * len(wanted))]

    def loose(self, wanted: Sequence[tuple[Ids, Ids]], few: Sequence[bool]) -> list[Run]:
        """The same; where few of its series are wanted for the first time, a run is still its tiles, by time: putting them
        together costs more than such a question, and in a large dataflow the next one may be long in coming."""
        found = self._known(wanted)
        absent = {ids: some for (ids, _), some, known in zip(wanted, few, found, strict=True) if known is None}
        tiles = self._fetch([id for ids in absent for id in ids]) if absent else {}
        read = {ids: tuple(tiles[id] for id in ids) for ids in absent}
        fresh = {ids: run if absent[ids] else _whole(run) for ids, run in read.items()}
        self._keep(fresh)
        return [known or fresh[ids] for known, (ids, _) in zip(found, wanted, strict=True)]

    def _known(self, wanted: Iterable[tuple[Ids, Ids]]) -> list[Run | None]:
        with self._lock:
            held = [self._find(whole) or self._find(ids) for ids, whole in wanted]
        again = {ids: _whole(run) for ids, run in filter(None, held) if len(run) > 1}
        self._keep(again)
        return [None if one is None else again.get(one[0], one[1]) for one in held]

    def _find(self, ids: Ids) -> tuple[Ids, Run] | None:
        kept = self._kept.get(ids)
        if kept is None:
            return None
        self._kept.move_to_end(ids)
        return ids, kept

    def _fetch(self, ids: Sequence[int]) -> dict[int, Tile]:
        found: dict[int, Tile] = {}
        for some in batched(ids, AT_ONCE):
            filled = [*some, *some[-1:] * (AT_ONCE - len(some))]
            places = {f"id{place}": id for place, id in enumerate(filled)}
            for id, frequency, number, content in _CONTENT.rows(self._engine, **places):
                found[id] = decode(frequency, number, content)
        if len(found) < len(set(ids)):
            raise Conflict("VINTAGE_GONE")
        return found

    def _keep(self, read: Mapping[Ids, Run]) -> None:
        if not read:
            return
        with self._lock:
            for ids, made in read.items():
                self._bytes += _bytes(made) - _bytes(self._kept.get(ids, ()))
                self._kept[ids] = made
            while self._bytes > self._most and len(self._kept) > 1:
                self._bytes -= _bytes(self._kept.popitem(last=False)[1])


def _bytes(run: Run) -> int:
    return sum(tile.bytes for tile in run)


def _whole(tiles: Run) -> Run:
    return (following(tiles),)


def following(tiles: Sequence[Tile]) -> Tile:
    """Tiles of the same series in order of time as one."""
    if len(tiles) == 1:
        return tiles[0]
    even = all(tile.width is not None and tile.slots == tiles[0].slots for tile in tiles)
    return _side_by_side(tiles) if even else _interleaved(tiles)


Arrange = Callable[[Sequence[Array]], Array]
"""A column of each tile to one column of the run."""


def _side_by_side(tiles: Sequence[Tile]) -> Tile:
    """Where every slot has the same periods, the tiles are tables that stand beside each other."""
    slots, width = tiles[0].slots, sum(tile.width or 0 for tile in tiles)

    def beside(columns: Sequence[Array]) -> Array:
        return np.concatenate([column.reshape(slots, -1) for column in columns], axis=1).reshape(-1)

    offsets = np.concatenate(_shifted(tiles, [tile.offsets for tile in tiles]))
    return _joined(tiles, np.arange(slots + 1) * width, offsets, beside, width)


def _interleaved(tiles: Sequence[Tile]) -> Tile:
    """Slot by slot, by time inside a slot."""
    slots = max(tile.slots for tile in tiles)
    counts = [np.pad(np.diff(tile.starts), (0, slots - tile.slots)) for tile in tiles]
    starts = np.zeros(slots + 1, np.int64)
    np.cumsum(np.sum(counts, axis=0), out=starts[1:])
    targets = _targets(starts, counts)

    def placed(columns: Sequence[Array]) -> Array:
        found = np.empty(int(starts[-1]), np.result_type(*columns))
        for column, target in zip(columns, targets, strict=True):
            found[target] = column
        return found

    offsets = placed(_shifted(tiles, [tile.everywhere() for tile in tiles]))
    return _joined(tiles, starts, offsets, placed, None)


def _targets(starts: NDArray[np.int64], counts: Sequence[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """Where the observations of each tile go."""
    filled, targets = starts[:-1].copy(), []
    for some in counts:
        targets.append(spread(filled, some))
        filled += some
    return targets


def _shifted(tiles: Sequence[Tile], offsets: Sequence[Array]) -> list[Array]:
    """The offsets of each tile, from the base of the first."""
    base = tiles[0].base
    most = max(int(each.max(initial=0)) + tile.base - base for tile, each in zip(tiles, offsets, strict=True))
    kind = smallest(np.array([most])).dtype
    return [each.astype(kind) + kind.type(tile.base - base) for tile, each in zip(tiles, offsets, strict=True)]


def _joined(tiles: Sequence[Tile], starts: NDArray[np.int64], offsets: Array, arrange: Arrange, width: int | None) -> Tile:
    measures = {name: _measured(tiles, name, arrange) for name in _names(tile.measures for tile in tiles)}
    attributes = {name: _coded(tiles, name, arrange) for name in _names(tile.attributes for tile in tiles)}
    return Tile(tiles[0].base, starts, offsets, measures, attributes, width, sum(tile.bytes for tile in tiles))


def _names(columns: Iterable[Mapping[str, object]]) -> list[str]:
    return list(dict.fromkeys(name for each in columns for name in each))


def _measured(tiles: Sequence[Tile], name: str, arrange: Arrange) -> Measured:
    columns = [tile.measures.get(name) or Measured(np.full(tile.count, np.nan), {}) for tile in tiles]
    floats = arrange([column.floats for column in columns])
    if not any(column.texts for column in columns):
        return Measured(floats, {})
    texts = arrange([column.exact() for column in columns])
    places = np.flatnonzero(texts != None).tolist()  # noqa: E711 - elementwise on purpose
    return Measured(floats, {place: texts[place] for place in places})


def _coded(tiles: Sequence[Tile], name: str, arrange: Arrange) -> tuple[tuple[str, ...], Array]:
    first = tiles[0].attributes.get(name)
    if first and all(name in tile.attributes and tile.attributes[name][0] == first[0] for tile in tiles):
        return first[0], arrange([tile.attributes[name][1] for tile in tiles])
    known: dict[str, int] = {}
    columns = []
    for each in tiles:
        texts, codes = each.attributes.get(name, ((), np.zeros(each.count, np.uint8)))
        table = np.array([0, *(known.setdefault(text, len(known) + 1) for text in texts)], np.int64)
        columns.append(smallest(table[codes]))
    return tuple(known), arrange(columns)
