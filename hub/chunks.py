"""Chunks: the series of a dataflow, :data:`hub.cells.SERIES` of them to a row, numbered for good as they first come.

A series keeps its number whatever is released or discarded; numbers of a draft that was thrown away stay unused.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, func, select

from hub.cells import SERIES
from hub.packing import pack, smallest, unpack
from hub.tables import chunk
from registry.columns import Coded, concatenated

Key = tuple[str, ...]


def read_keys(connection: Connection, cube: int, places: int, since: int = 0) -> tuple[Coded, ...]:
    """The codes of all series of a dataflow from chunk ``since`` on, a column for each place of the key."""
    query = select(chunk.c.content).where(chunk.c.cube == cube, chunk.c.number >= since).order_by(chunk.c.number)
    parts = [_decode(blob, places) for blob in connection.scalars(query)]
    return tuple(concatenated(part[place] for part in parts) for place in range(places))


def _decode(blob: bytes, places: int) -> list[Coded]:
    facts, arrays = unpack(blob)
    return [Coded(tuple(facts["texts"][place]), arrays[str(place)].astype(np.int32)) for place in range(places)]


def _encode(keys: Sequence[Key]) -> bytes:
    columns = [Coded.of(column) for column in zip(*keys, strict=True)]
    arrays = {str(place): smallest(column.codes.astype(np.int64)) for place, column in enumerate(columns)}
    return pack({"texts": [column.texts for column in columns]}, arrays)


class Register:
    """The numbers of series by their keys, for one draft; new keys get the next numbers."""

    def __init__(self, cube: int, places: int) -> None:
        self._cube = cube
        self._places = places
        self._keys: list[Key] = []
        self._numbers: dict[Key, int] = {}

    def numbers(self, connection: Connection, keys: Sequence[Key]) -> NDArray[np.int64]:
        """The numbers of these series, in a transaction that may write: no other draft can give out numbers meanwhile."""
        self._refresh(connection)
        known = len(self._keys)
        for key in keys:
            if key not in self._numbers:
                self._numbers[key] = len(self._keys)
                self._keys.append(key)
        if len(self._keys) > known:
            self._write(connection, known // SERIES)
        return np.fromiter((self._numbers[key] for key in keys), np.int64, len(keys))

    def columns(self, connection: Connection) -> tuple[Coded, ...]:
        """The codes of all series there are."""
        return read_keys(connection, self._cube, self._places)

    def _refresh(self, connection: Connection) -> None:
        """Take in what other drafts have added since."""
        total = connection.scalar(select(func.sum(chunk.c.count)).where(chunk.c.cube == self._cube)) or 0
        if total == len(self._keys):
            return
        since = len(self._keys) // SERIES
        columns = [column.decoded() for column in read_keys(connection, self._cube, self._places, since)]
        for key in list(zip(*columns, strict=True))[len(self._keys) - since * SERIES :]:
            self._numbers[key] = len(self._keys)
            self._keys.append(key)

    def _write(self, connection: Connection, since: int) -> None:
        connection.execute(delete(chunk).where(chunk.c.cube == self._cube, chunk.c.number >= since))
        rows = []
        for number in range(since, -(-len(self._keys) // SERIES)):
            keys = self._keys[number * SERIES : (number + 1) * SERIES]
            rows.append({"cube": self._cube, "number": number, "count": len(keys), "content": _encode(keys)})
        connection.execute(chunk.insert(), rows)
