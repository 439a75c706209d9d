"""Tiles: what the database holds in one row - a chunk of series, a block of periods, a release interval.

A row per observation is two orders of magnitude too slow, and a row per series still makes 70,000 rows of an append to a
dataflow of 70,000 series, and reads all of them for one period. A tile of 256 series and 12 months is some 30 kB: one series is
a slice of a few tiles, one period a column of all, an append touches one row for each 256 series.

A tile never changes once it is released, so its content is kept in memory by its row id; drafts are never read through here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, select

from hub.batches import batched
from hub.cells import SPANS, Cells
from hub.packing import Array, pack, smallest, unpack
from hub.tables import tile
from registry.columns import Coded, Numbers

MOST_BYTES = 128 * 1024**2
"""Content of tiles kept in memory."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The values of one measure in a tile: n floats, and exact texts by place; see :class:`registry.columns.Numbers`."""

    floats: NDArray[np.float64]
    texts: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Tile:
    """The content of a tile, looking into its bytes.

    base        the ordinal that ``offsets`` count from
    starts      int64[slots + 1]: the observations of a slot stand at ``starts[slot]:starts[slot + 1]``
    offsets     uint[n]: periods
    attributes  attribute -> texts, uint[n] codes into them from 1 on; 0 is absent
    """

    base: int
    starts: NDArray[np.int64]
    offsets: Array
    measures: Mapping[str, Measured]
    attributes: Mapping[str, tuple[tuple[str, ...], Array]]
    bytes: int

    @property
    def slots(self) -> int:
        return len(self.starts) - 1

    def cells(self) -> Cells:
        """All observations."""
        counts = np.diff(self.starts)
        return Cells(
            np.repeat(np.arange(self.slots), counts),
            self.base + self.offsets.astype(np.int64),
            {name: _numbers(column) for name, column in self.measures.items()},
            {name: Coded(texts, codes.astype(np.int32) - 1) for name, (texts, codes) in self.attributes.items()},
        )


def _numbers(column: Measured) -> Numbers:
    if not column.texts:
        return Numbers(column.floats)
    texts = np.full(len(column.floats), None, object)
    texts[list(column.texts)] = list(column.texts.values())
    return Numbers(column.floats, texts)


def encode(frequency: str, number: int, cells: Cells) -> dict[str, Any]:
    """The columns of a tile's row: count, spans, content. Equal observations give equal bytes."""
    base = number * SPANS[frequency]
    counts = np.bincount(cells.slots).astype(np.int64) if len(cells) else np.zeros(0, np.int64)
    offsets = cells.ordinals - base
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    full = np.flatnonzero(counts)
    first, last = np.zeros(len(counts), np.int64), np.zeros(len(counts), np.int64)
    first[full], last[full] = offsets[starts[full]], offsets[starts[full + 1] - 1]
    spans = pack({}, {"count": smallest(counts), "first": smallest(first), "last": smallest(last)})
    return {"count": len(cells), "spans": spans, "content": _content(cells, counts, offsets)}


def _content(cells: Cells, counts: NDArray[np.int64], offsets: NDArray[np.int64]) -> bytes:
    facts: dict[str, Any] = {"measures": [], "texts": {}, "attributes": {}}
    arrays: dict[str, Array] = {"count": smallest(counts), "at": smallest(offsets)}
    for name, numbers in sorted(cells.measures.items()):
        if not numbers.present.any():
            continue
        facts["measures"].append(name)
        # One NaN only, so that equal content has equal bytes.
        arrays[f"m {name}"] = np.where(np.isnan(numbers.floats), np.nan, numbers.floats)
        if numbers.texts is not None:
            places = np.flatnonzero(numbers.texts != None)  # noqa: E711 - elementwise on purpose
            facts["texts"][name] = [places.tolist(), numbers.texts[places].tolist()]
    for name, coded in sorted(cells.attributes.items()):
        texts, codes = _used(coded)
        if texts:
            facts["attributes"][name] = texts
            arrays[f"a {name}"] = smallest(codes)
    return pack(facts, arrays)


def _used(coded: Coded) -> tuple[list[str], NDArray[np.int64]]:
    """The texts that occur, sorted, and codes from 1 on; 0 is absent."""
    used = np.flatnonzero(np.bincount(coded.codes[coded.codes >= 0], minlength=len(coded.texts))).tolist()
    used.sort(key=coded.texts.__getitem__)
    table = np.zeros(len(coded.texts) + 1, np.int64)
    table[used] = np.arange(1, len(used) + 1)
    return [coded.texts[code] for code in used], table[coded.codes]


def decode(frequency: str, number: int, content: bytes) -> Tile:
    """The tile in a row."""
    facts, arrays = unpack(content)
    exact = {name: dict(zip(places, texts, strict=True)) for name, (places, texts) in facts["texts"].items()}
    counts = arrays["count"]
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return Tile(
        base=number * SPANS[frequency],
        starts=starts,
        offsets=arrays["at"],
        measures={name: Measured(arrays[f"m {name}"], exact.get(name, {})) for name in facts["measures"]},
        attributes={name: (tuple(texts), arrays[f"a {name}"]) for name, texts in facts["attributes"].items()},
        bytes=len(content) + starts.nbytes + 2000,
    )


# Building a statement costs more than running it, so it is built once.
_CONTENT = select(tile.c.id, tile.c.frequency, tile.c.number, tile.c.content).where(
    tile.c.id.in_(bindparam("ids", expanding=True))
)


class Tiles:
    """The tiles used last, by row id, in bounded memory; safe to share between threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[int, Tile] = OrderedDict()
        self._lock = Lock()

    def get(self, connect: Any, ids: Sequence[int]) -> dict[int, Tile]:
        """The tiles by id. ``connect`` opens a connection, and only when some tile has to be read."""
        found, absent = self._known(ids)
        if absent:
            with connect() as connection:
                read = fetch(connection, absent)
            self._keep(read)
            found |= read
        return found

    def _known(self, ids: Iterable[int]) -> tuple[dict[int, Tile], list[int]]:
        found: dict[int, Tile] = {}
        absent: list[int] = []
        with self._lock:
            for id in ids:
                kept = self._kept.get(id)
                if kept is None:
                    absent.append(id)
                else:
                    self._kept.move_to_end(id)
                    found[id] = kept
        return found, absent

    def _keep(self, read: Mapping[int, Tile]) -> None:
        with self._lock:
            for id, made in read.items():
                if id not in self._kept:
                    self._kept[id] = made
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
