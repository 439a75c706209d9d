"""Vintages in use: what never changes about the state of a dataflow as of one release, read once and kept in memory.

Which vintage a question means is looked up every time, because that is where embargo and ``asOf`` are decided. The rest
belongs to the ordinal and cannot go stale, so several processes need not tell each other anything.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from sqlalchemy import Connection

from hub.attachments import group_patterns, read_attributes
from hub.history import list_releases
from hub.keyindex import KeyIndex, build
from hub.tables import release
from registry.answers import Release

MOST_BYTES = 256 * 1024**2


@dataclass(frozen=True)
class Vintage:
    """``groups``: group attributes by key with empty places; ``attributes``: the data set's."""

    cube: int
    ordinal: int
    index: KeyIndex
    release: Release
    attributes: Mapping[str, str]
    groups: Mapping[tuple[str, ...], Mapping[str, str]]


class Vintages:
    """The vintages in use, least recently used out first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[tuple[int, int], Vintage] = OrderedDict()
        self._lock = Lock()

    def get(self, connection: Connection, cube: int, ordinal: int, places: int, now: datetime) -> Vintage:
        """A vintage of a dataflow whose series key has so many places."""
        with self._lock:
            if found := self._kept.get((cube, ordinal)):
                self._kept.move_to_end((cube, ordinal))
                return found
        vintage = _read(connection, cube, ordinal, places, now)
        with self._lock:
            self._kept[cube, ordinal] = vintage
            while len(self._kept) > 1 and sum(each.index.bytes for each in self._kept.values()) > self._most:
                self._kept.popitem(last=False)
        return vintage


def _read(connection: Connection, cube: int, ordinal: int, places: int, now: datetime) -> Vintage:
    return Vintage(
        cube=cube,
        ordinal=ordinal,
        index=build(connection, cube, ordinal, places),
        release=list_releases(connection, release.c.cube == cube, release.c.ordinal == ordinal, now=now)[0],
        attributes=read_attributes(connection, cube, ordinal, [""]).get("", {}),
        groups=group_patterns(connection, cube, ordinal, places),
    )
