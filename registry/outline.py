"""Where the items of a list stand, and under which others: enough to walk lists that are too long to be held.

Positions count from 0 in the order of the list. A list of 700,000 codes takes some 20 MB here and a gigabyte as items.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.int32]

TOP = -1
"""The parent of what has none here: items at the top, and in partial lists those whose parent was left out."""


@dataclass(frozen=True, eq=False)
class Outline:
    """``text`` holds the ids one after the other in UTF-8, ``ends`` where each begins and the last one ends; ``parents`` is the
    position of each item's parent, ``hashes`` what Python makes of each id in this process."""

    text: bytes
    ends: NDArray[np.int64]
    parents: Positions
    hashes: NDArray[np.int64]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str | None]]) -> Outline:
        """From the id of each item and that of its parent, in the order of the list."""
        ids, above = [], []
        for id_, parent in pairs:
            ids.append(id_)
            above.append(parent)
        place = {id_: position for position, id_ in enumerate(ids)}
        parents = np.fromiter((place.get(one, TOP) if one is not None else TOP for one in above), np.int32, len(ids))
        encoded = [id_.encode() for id_ in ids]
        ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        return cls(b"".join(encoded), ends, parents, np.fromiter(map(hash, ids), np.int64, len(ids)))

    def __len__(self) -> int:
        return len(self.parents)

    def id(self, position: int) -> str:
        """The id of the item that stands there."""
        return self.text[self.ends[position] : self.ends[position + 1]].decode()

    def find(self, id: str) -> int | None:
        """Where the item stands; None where there is no such item."""
        hashes, order = self._by_hash
        first, last = np.searchsorted(hashes, hash(id), "left"), np.searchsorted(hashes, hash(id), "right")
        return next((int(position) for position in order[first:last] if self.id(int(position)) == id), None)

    def children(self, position: int = TOP) -> Positions:
        """The items directly under one, in their order."""
        return self._under(np.array([position], np.int32))

    def ancestors(self, position: int) -> list[int]:
        """The items above one, the nearest first."""
        found: list[int] = []
        above = int(self.parents[position])
        while above != TOP and above not in found:
            found.append(above)
            above = int(self.parents[above])
        return found

    def descendants(self, position: int) -> Positions:
        """All items below one, in the order of the list."""
        below = np.zeros(len(self), bool)
        edge = self.children(position)
        while len(edge):
            below[edge] = True
            edge = self._under(edge)
            edge = edge[~below[edge]]
        return np.flatnonzero(below).astype(np.int32)

    def _under(self, positions: Positions) -> Positions:
        """The items directly under any of some: of each the run of those that name it as their parent."""
        parents, order = self._by_parent
        starts = np.searchsorted(parents, positions, "left")
        lengths = np.searchsorted(parents, positions, "right") - starts
        before = np.cumsum(lengths) - lengths
        found: Positions = order[np.repeat(starts - before, lengths) + np.arange(lengths.sum())]
        return found

    @cached_property
    def _by_hash(self) -> tuple[NDArray[np.int64], Positions]:
        order = np.argsort(self.hashes, kind="stable").astype(np.int32)
        return self.hashes[order], order

    @cached_property
    def _by_parent(self) -> tuple[Positions, Positions]:
        order = np.argsort(self.parents, kind="stable").astype(np.int32)
        return self.parents[order], order
