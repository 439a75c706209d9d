"""Tiles: what the database holds in one row - a chunk of series, a block of periods, a release interval.

A row per observation is two orders of magnitude too slow, and a row per series still makes 70,000 rows of an append to a
dataflow of 70,000 series, and reads all of them for one period. A tile of 256 series and 12 months is some 30 kB: one series is
a slice of a few tiles, one period a column of all, an append touches one row for each 256 series.

A tile never changes once it is released: :mod:`hub.runs` keeps what was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hub.cells import SPANS, Cells
from hub.packing import Array, pack, smallest, unpack
from registry.columns import Coded, Numbers
from registry.exact import decimals_of


@dataclass(frozen=True)
class Measured:
    """The values of one measure in a tile: n floats, and exact texts by place; see :class:`registry.columns.Numbers`."""

    floats: NDArray[np.float64]
    texts: Mapping[int, str]

    @cached_property
    def scale(self) -> tuple[int, float] | None:
        """The decimals of the floats and how far the furthest is from 0, looked for once: calculations ask for it each time.
        None where there are more digits than a float is sure of."""
        decimals = decimals_of(self.floats)
        return None if decimals is None else (decimals, float(np.nanmax(np.abs(self.floats), initial=0.0)))

    def exact(self) -> NDArray[np.object_]:
        """object[n]: the exact texts at their places, None at the others."""
        texts = np.full(len(self.floats), None, object)
        texts[list(self.texts)] = list(self.texts.values())
        return texts


@dataclass(frozen=True, slots=True)
class Tile:
    """The content of a tile, looking into its bytes, or of tiles of the same series one after another in time.

    base        the ordinal that ``offsets`` count from
    starts      int64[slots + 1]: the observations of a slot stand at ``starts[slot]:starts[slot + 1]``
    offsets     uint: the period of each observation or, with a ``width``, the periods that every slot has
    attributes  attribute -> texts, uint[n] codes into them from 1 on; 0 is absent
    width       periods of every slot where all have the same ones, else None
    first       the first of these, where none between them is left out: then places in time can be counted
    """

    base: int
    starts: NDArray[np.int64]
    offsets: Array
    measures: Mapping[str, Measured]
    attributes: Mapping[str, tuple[tuple[str, ...], Array]]
    width: int | None
    bytes: int
    first: int | None = field(init=False)

    def __post_init__(self) -> None:
        whole = self.width is not None and int(self.offsets[-1]) - int(self.offsets[0]) + 1 == self.width
        object.__setattr__(self, "first", self.base + int(self.offsets[0]) if whole else None)

    @property
    def slots(self) -> int:
        return len(self.starts) - 1

    def within(self, low: int | None, high: int | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the observations from ``low`` to ``high`` of each slot begin, and where they end."""
        if low is None and high is None:
            return self.starts[:-1], self.starts[1:]
        if self.width is not None:
            window = self.window(low, high)
            return self.starts[:-1] + window.start, self.starts[:-1] + window.stop
        before, upto = (self._before(bound) for bound in self._bounds(low, high))
        return self.starts[:-1] + before, self.starts[:-1] + upto

    def window(self, low: int | None, high: int | None) -> slice:
        """Which of the periods that every slot has are from ``low`` to ``high``; only with a ``width``."""
        if self.first is not None:
            return _counted(self.first, self.width or 0, low, high)
        begin, end = np.searchsorted(self.offsets, self._bounds(low, high)).tolist()
        return slice(begin, max(begin, end))

    def _bounds(self, low: int | None, high: int | None) -> tuple[int, int]:
        """As offsets, the last one excluded."""
        first = 0 if low is None else max(low - self.base, 0)
        last = (2**62 if high is None else high - self.base) + 1
        return first, max(last, 0)

    @property
    def count(self) -> int:
        """n, the observations."""
        return int(self.starts[-1])

    def everywhere(self) -> Array:
        """The offset of every observation."""
        return self.offsets if self.width is None else np.tile(self.offsets, self.slots)

    def ordinals(self, places: NDArray[np.int64] | slice) -> NDArray[np.int64]:
        """The periods of the observations at these places."""
        if self.width is None:
            return self.offsets[places].astype(np.int64) + self.base
        at = np.arange(places.start, places.stop) if isinstance(places, slice) else places
        return (self.offsets.astype(np.int64) + self.base)[at % self.width]

    def _before(self, bound: int) -> NDArray[np.int64]:
        """How many observations of each slot lie before an offset."""
        passed = np.zeros(len(self.offsets) + 1, np.int64)
        np.cumsum(self.offsets < bound, out=passed[1:])
        return np.diff(passed[self.starts])

    def cells(self) -> Cells:
        """All observations."""
        counts = np.diff(self.starts)
        return Cells(
            np.repeat(np.arange(self.slots), counts),
            self.base + self.everywhere().astype(np.int64),
            {name: _numbers(column) for name, column in self.measures.items()},
            {name: Coded(texts, codes.astype(np.int32) - 1) for name, (texts, codes) in self.attributes.items()},
        )


@lru_cache(maxsize=64)
def _counted(first: int, width: int, low: int | None, high: int | None) -> slice:
    """The places of the periods from ``low`` to ``high`` among those from ``first`` on; tiles of a block are alike in this."""
    begin = 0 if low is None else min(max(low - first, 0), width)
    end = width if high is None else min(max(high + 1 - first, 0), width)
    return slice(begin, max(begin, end))


def _numbers(column: Measured) -> Numbers:
    return Numbers(column.floats, column.exact() if column.texts else None)


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
    facts: dict[str, Any] = {"measures": [], "texts": {}, "attributes": {}, "width": _width(counts, offsets)}
    arrays: dict[str, Array] = {"count": smallest(counts), "at": smallest(offsets)}
    if facts["width"] is not None:
        facts["slots"] = len(counts)
        arrays = {"at": smallest(offsets[: facts["width"]])}
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
    return Tile(
        base=number * SPANS[frequency],
        starts=_starts(facts, arrays),
        offsets=arrays["at"],
        measures={name: Measured(arrays[f"m {name}"], exact.get(name, {})) for name in facts["measures"]},
        attributes={name: (tuple(texts), arrays[f"a {name}"]) for name, texts in facts["attributes"].items()},
        width=facts["width"],
        bytes=len(content) + 4000,
    )


def _starts(facts: Mapping[str, Any], arrays: Mapping[str, Array]) -> NDArray[np.int64]:
    if facts["width"] is not None:
        return _even(facts["slots"], facts["width"])
    starts = np.zeros(len(arrays["count"]) + 1, np.int64)
    np.cumsum(arrays["count"], out=starts[1:])
    return starts


@lru_cache(maxsize=64)
def _even(slots: int, width: int) -> NDArray[np.int64]:
    """Where each slot starts whose observations are as many as the others'; most tiles are alike in this."""
    starts: NDArray[np.int64] = np.arange(slots + 1) * width
    starts.flags.writeable = False
    return starts


def _width(counts: Array, offsets: Array) -> int | None:
    width = int(counts[0]) if len(counts) else 0
    if not width or (counts != width).any():
        return None
    table = offsets.reshape(-1, width)
    return width if (table == table[0]).all() else None
