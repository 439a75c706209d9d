"""Vintages in use: what never changes about the state of a dataflow as of one release, read once and kept in memory.

Which vintage a question means is looked up every time, because that is where embargo and ``asOf`` are decided. The rest
belongs to the ordinal and cannot go stale, so several processes need not tell each other anything.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, and_, select

from hub.attachments import Groups, read_attributes, read_groups
from hub.cells import SERIES, SPANS
from hub.chunks import read_keys
from hub.history import list_releases
from hub.keyindex import KeyIndex, indexed
from hub.labels import Labels, read_labels
from hub.packing import unpack
from hub.runs import Ids
from hub.tables import release, tile
from registry.answers import Release
from registry.columns import Coded
from registry.passing import takes_long

MOST_BYTES = 128 * 1024**2

Place = tuple[str, int]
"""Frequency and chunk."""


@dataclass(frozen=True)
class Run:
    """The tiles of one chunk and frequency, by block number, ascending."""

    numbers: tuple[int, ...]
    ids: Ids

    def between(self, low: int | None, high: int | None, span: int) -> Ids:
        """The ids of the tiles that hold ordinals from ``low`` to ``high``."""
        if low is None and high is None:
            return self.ids
        first = 0 if low is None else bisect_left(self.numbers, low // span)
        last = len(self.ids) if high is None else bisect_right(self.numbers, high // span)
        return self.ids[first:last]


@dataclass(frozen=True)
class Vintage:
    """``key``: the codes of every series number; ``runs``: where the observations are; ``labels``: series attributes by series
    number; ``groups``: group attributes; ``attributes``: the data set's."""

    cube: int
    ordinal: int
    key: tuple[Coded, ...]
    index: KeyIndex
    runs: Mapping[Place, Run]
    labels: Labels
    release: Release
    attributes: Mapping[str, str]
    groups: Groups

    @property
    def bytes(self) -> int:
        labels = sum(column.codes.nbytes for column in self.labels.values())
        keys = sum(column.codes.nbytes for column in self.key)
        return self.index.bytes + labels + keys + sum(100 + 80 * len(run.ids) for run in self.runs.values())

    def tiles(self, frequency: str, chunk: int, low: int | None, high: int | None) -> tuple[Ids, Ids]:
        """The tiles of a chunk that hold ordinals from ``low`` to ``high``, and all of them, by time."""
        run = self.runs.get((frequency, chunk))
        return (run.between(low, high, SPANS[frequency]), run.ids) if run else ((), ())


class Vintages:
    """The vintages in use, least recently used out first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[tuple[int, int], Vintage] = OrderedDict()
        self._lock = Lock()

    def known(self, cube: int, ordinal: int) -> Vintage | None:
        """A vintage that is in use."""
        with self._lock:
            if found := self._kept.get((cube, ordinal)):
                self._kept.move_to_end((cube, ordinal))
            return found

    def get(self, connection: Connection, cube: int, ordinal: int, places: int, now: datetime) -> Vintage:
        """A vintage of a dataflow whose series key has so many places."""
        if found := self.known(cube, ordinal):
            return found
        takes_long()
        vintage = _read(connection, cube, ordinal, places, now)
        with self._lock:
            self._kept[cube, ordinal] = vintage
            while len(self._kept) > 1 and sum(each.bytes for each in self._kept.values()) > self._most:
                self._kept.popitem(last=False)
        return vintage


def _read(connection: Connection, cube: int, ordinal: int, places: int, now: datetime) -> Vintage:
    key = read_keys(connection, cube, places)
    runs, index = read_index(connection, cube, visible(ordinal), key)
    return Vintage(
        cube=cube,
        ordinal=ordinal,
        key=key,
        index=index,
        runs=runs,
        labels=read_labels(connection, cube, ordinal, len(key[0]) if key else 1),
        release=list_releases(connection, release.c.cube == cube, release.c.ordinal == ordinal, now=now)[0],
        attributes=read_attributes(connection, cube, ordinal, [""]).get("", {}),
        groups=read_groups(connection, cube, ordinal, places),
    )


def visible(ordinal: int) -> ColumnElement[bool]:
    """The tiles of a release."""
    return and_(tile.c.from_ <= ordinal, tile.c.to_ > ordinal)


def read_index(
    connection: Connection, cube: int, condition: ColumnElement[bool], key: tuple[Coded, ...]
) -> tuple[dict[Place, Run], KeyIndex]:
    """Where the observations of the tiles are, and which series they have."""
    query = select(tile.c.id, tile.c.frequency, tile.c.chunk, tile.c.number, tile.c.spans)
    rows = connection.execute(query.where(tile.c.cube == cube, tile.c.count > 0, condition)).all()
    runs: dict[Place, Run] = {}
    found: list[tuple[str, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]] = []
    for (frequency, chunk), parts in groupby(sorted(rows, key=_order), key=lambda row: (row[1], row[2])):
        some = list(parts)
        runs[frequency, chunk] = Run(tuple(row[3] for row in some), tuple(row[0] for row in some))
        found.append((frequency, *_spans(frequency, chunk, some)))
    return runs, _index(key, found)


def _order(row: Any) -> tuple[str, int, int]:
    return row[1], row[2], row[3]


def _spans(frequency: str, chunk: int, rows: list[Any]) -> Iterator[NDArray[np.int64]]:
    """Series numbers, first and last ordinal and count of the series in the tiles of a chunk."""
    count = np.zeros(SERIES, np.int64)
    first, last = np.full(SERIES, 2**62), np.full(SERIES, -1)
    for _, _, _, number, blob in rows:
        arrays = unpack(blob)[1]
        held = np.flatnonzero(arrays["count"])
        base = number * SPANS[frequency]
        count[held] += arrays["count"][held]
        first[held] = np.minimum(first[held], base + arrays["first"][held].astype(np.int64))
        last[held] = np.maximum(last[held], base + arrays["last"][held].astype(np.int64))
    held = np.flatnonzero(count)
    return iter((held + chunk * SERIES, first[held], last[held], count[held]))


def _index(key: tuple[Coded, ...], found: list[Any]) -> KeyIndex:
    none = np.zeros(0, np.int64)
    series, first, last, count = (np.concatenate([none, *(part[place] for part in found)]) for place in (1, 2, 3, 4))
    frequencies = np.repeat(np.array([part[0] for part in found], "U1"), [len(part[1]) for part in found])
    return indexed(key, series, frequencies, (first, last, count))


def emptied(vintage: Vintage) -> Vintage:
    """The state before the first release: the same dataflow without anything in it."""
    return replace(vintage, ordinal=0, index=_index(vintage.key, []), runs={}, labels={}, attributes={}, groups={})


def knowing(vintage: Vintage, key: tuple[Coded, ...]) -> Vintage:
    """The same vintage with the numbers of series that came after it was read; ``key`` begins with its own."""
    more = len(key[0]) - len(vintage.key[0]) if key else 0
    if not more:
        return vintage
    none = np.full(more, -1, np.int32)
    labels = {name: Coded(column.texts, np.append(column.codes, none)) for name, column in vintage.labels.items()}
    return replace(vintage, key=key, labels=labels)
