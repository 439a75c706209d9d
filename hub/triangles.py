"""Revision triangles: one series as every release has it, read from the tiles of its chunk alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from hub.cells import SERIES, Range
from hub.runs import Ids, Runs
from hub.tables import tile
from hub.tiles import Tile
from registry.columns import Numbers
from registry.exact import decimal_texts

Figures = dict[int, str | None]
"""Period ordinal -> value."""


class _Version(NamedTuple):
    """A tile of the chunk: which block, and the ordinals from which and up to which it holds."""

    id: int
    number: int
    from_: int
    to_: int


def through(
    connection: Connection, runs: Runs, place: tuple[int, str, int], measure: str, ordinals: Sequence[int], periods: Range
) -> list[Figures]:
    """The values of a series (dataflow row, frequency, series number) as of each of these ordinals."""
    cube, frequency, series = place
    versions = _versions(connection, cube, frequency, series // SERIES)
    wanted = [_as_of(versions, ordinal) for ordinal in ordinals]
    distinct = [ids for ids in dict.fromkeys(wanted) if ids]
    held = dict(zip(distinct, runs.get([(ids, ids) for ids in distinct]), strict=True))
    figures = {ids: _figures(found, series % SERIES, measure, periods) for ids, found in held.items()}
    return [figures.get(ids, {}) for ids in wanted]


def _versions(connection: Connection, cube: int, frequency: str, chunk: int) -> list[_Version]:
    of_chunk = (tile.c.cube == cube) & (tile.c.frequency == frequency) & (tile.c.chunk == chunk) & (tile.c.count > 0)
    query = select(tile.c.id, tile.c.number, tile.c.from_, tile.c.to_).where(of_chunk).order_by(tile.c.number)
    return [_Version(*row) for row in connection.execute(query)]


def _as_of(versions: Sequence[_Version], ordinal: int) -> Ids:
    return tuple(each.id for each in versions if each.from_ <= ordinal < each.to_)


def _figures(held: Tile, slot: int, measure: str, periods: Range) -> Figures:
    if slot >= held.slots:
        return {}
    begin, end = held.within(*periods)
    places = slice(int(begin[slot]), int(end[slot]))
    ordinals = held.ordinals(places).tolist()
    column = held.measures.get(measure)
    if column is None:
        return dict.fromkeys(ordinals)
    texts = column.exact()[places] if column.texts else None
    values = decimal_texts(Numbers(column.floats[places], texts))
    return dict(zip(ordinals, values, strict=True))
