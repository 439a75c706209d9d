"""What a draft writes: tiles, labels and attributes of groups, each only where it says something new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select, tuple_, update

from hub import labels
from hub.attachments import key_of, stage_attributes
from hub.batches import batched
from hub.cells import SERIES, SPANS, Cells, Range, put_in_turn, without
from hub.chunks import Register
from hub.tables import OPEN, tile
from hub.tiles import decode, encode
from registry.columns import Batch, Coded, occurring
from registry.model import DataStructure, Level
from registry.period import FREQUENCIES, NO_TIME, PeriodRange
from registry.raw import Action

Place = tuple[str, int, int]
"""Frequency, chunk, block number."""

SWEPT = 200
"""Tiles swept in one transaction."""


@dataclass
class Draft:
    """A draft while it is made. ``drop``: what is taken out of each tile of the base first; ``touched``: where that is done."""

    dsd: DataStructure
    cube: int
    row: int
    ordinal: int
    base: int
    drop: Mapping[str, Range] | None
    register: Register
    touched: set[Place] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Standing:
    """A tile as it stands: the base's, or the draft's ``own``."""

    id: int
    own: bool
    content: bytes
    cells: Cells


def drops(replaced: PeriodRange) -> Mapping[str, Range]:
    """What replacing these periods takes out, by frequency: the periods that lie wholly inside."""
    everything = replaced.start is None and replaced.end is None
    timeless: Range = (None, None) if everything else (1, 0)
    return {NO_TIME: timeless, **{frequency: replaced.whole(frequency) for frequency in FREQUENCIES}}


def stage(connection: Connection, draft: Draft, action: Action, batch: Batch) -> None:
    """Put the observations and attributes of a batch onto what stands."""
    numbers = draft.register.numbers(connection, batch.keys())
    parts = dict(_by_place(batch, numbers))
    standing = standing_at(connection, draft, parts)
    made = {}
    for place, cells in parts.items():
        made[place] = put_in_turn(left(draft, place, standing.get(place)), cells, action)
        draft.touched.add(place)
    write(connection, draft, made, standing)
    _describe(connection, draft, batch, numbers)


def _by_place(batch: Batch, numbers: NDArray[np.int64]) -> Iterator[tuple[Place, Cells]]:
    """The observations of a batch by the tile they belong into."""
    series = np.repeat(numbers, batch.counts)
    each = np.repeat(batch.frequencies, batch.counts)
    for frequency in occurring(batch.frequencies):
        mine = np.flatnonzero(each == frequency)
        chunks, blocks = series[mine] // SERIES, batch.ordinals[mine] // SPANS[frequency]
        order = np.lexsort((blocks, chunks))
        mine, chunks, blocks = mine[order], chunks[order], blocks[order]
        edges = np.flatnonzero((np.diff(chunks) != 0) | (np.diff(blocks) != 0)) + 1
        for start, end in zip([0, *edges.tolist()], [*edges.tolist(), len(mine)], strict=True):
            if end > start:
                yield (frequency, int(chunks[start]), int(blocks[start])), _cells(batch, series, mine[start:end])


def _cells(batch: Batch, series: NDArray[np.int64], places: NDArray[np.int64]) -> Cells:
    measures = {name: column.take(places) for name, column in batch.measures.items()}
    attributes = {name: column.take(places) for name, column in batch.attributes.items()}
    return Cells(series[places] % SERIES, batch.ordinals[places], measures, attributes)


def left(draft: Draft, place: Place, standing: Standing | None) -> Cells | None:
    """What stands in a tile after the replaced periods were taken out."""
    if standing is None:
        return None
    if draft.drop is None or standing.own or place in draft.touched:
        return standing.cells
    return without(standing.cells, draft.drop[place[0]])


def standing_at(connection: Connection, draft: Draft, places: Iterable[Place]) -> dict[Place, Standing]:
    found: dict[Place, Standing] = {}
    at = tuple_(tile.c.frequency, tile.c.chunk, tile.c.number)
    for some in batched(places, 200):
        query = select(tile).where(tile.c.cube == draft.cube, at.in_(some), current(draft)).order_by(tile.c.from_)
        found |= {place_of(row): stands(draft, row) for row in connection.execute(query).mappings()}
    return found


def current(draft: Draft) -> Any:
    return (tile.c.from_ <= draft.base) & (tile.c.to_ > draft.base) | (tile.c.from_ == draft.ordinal)


def stands(draft: Draft, row: Any) -> Standing:
    cells = decode(row["frequency"], row["number"], row["content"]).cells()
    return Standing(row["id"], row["from_"] == draft.ordinal, row["content"], cells)


def place_of(row: Any) -> Place:
    return row["frequency"], row["chunk"], row["number"]


def write(connection: Connection, draft: Draft, made: Mapping[Place, Cells], standing: Mapping[Place, Standing]) -> None:
    """Write the tiles that differ from what stands."""
    fresh = []
    for place, cells in made.items():
        before, row = standing.get(place), encode(place[0], place[2], cells)
        if before is not None and before.own:
            connection.execute(update(tile).where(tile.c.id == before.id).values(row))
        elif before is None or before.content != row["content"]:
            names = {"cube": draft.cube, "frequency": place[0], "chunk": place[1], "number": place[2]}
            fresh.append({**names, "from_": draft.ordinal, "to_": OPEN, **row})
    for some in batched(fresh, 100):
        connection.execute(tile.insert(), some)


def _describe(connection: Connection, draft: Draft, batch: Batch, numbers: NDArray[np.int64]) -> None:
    """Series attributes into labels, group attributes to their keys."""
    groups = {each.id: each.dimensions for each in draft.dsd.attributes if each.level is Level.GROUP and each.dimensions}
    own = {name: column for name, column in batch.series_attributes.items() if name not in groups}
    chunks = numbers // SERIES
    standing = labels.Standing(connection, draft.cube, draft.ordinal, draft.base, np.unique(chunks).tolist())
    made = {}
    for chunk in np.unique(chunks).tolist() if own else ():
        mine = np.flatnonzero(chunks == chunk)
        said = {name: column.take(mine) for name, column in own.items()}
        made[chunk] = labels.stated(standing.of(chunk), numbers[mine] % SERIES, said)
    standing.write(made)
    grouped = _group_keys(draft.dsd, batch, groups)
    stage_attributes(connection, draft.cube, draft.ordinal, draft.base, grouped)


def _group_keys(dsd: DataStructure, batch: Batch, groups: Mapping[str, tuple[str, ...]]) -> dict[str, dict[str, str]]:
    """Group attributes by a key with empty places for the dimensions they do not depend on."""
    found: dict[str, dict[str, str]] = {}
    for name, column in batch.series_attributes.items():
        if name not in groups:
            continue
        pairs = zip(dsd.key, batch.key, strict=True)
        kept = [codes if id in groups[name] else Coded.constant("", len(column)) for id, codes in pairs]
        texts = column.decoded()
        for place, key in enumerate(zip(*(each.decoded() for each in kept), strict=True)):
            if (text := texts[place]) is not None:
                found.setdefault(key_of(key), {})[name] = text
    return found


def sweep(connection: Connection, draft: Draft, after: int) -> int | None:
    """Take the replaced periods out of some of the base's tiles; the id to go on after, None at the end."""
    assert draft.drop is not None
    base = (tile.c.cube == draft.cube) & (tile.c.from_ <= draft.base) & (tile.c.to_ > draft.base)
    query = select(tile).where(base, tile.c.id > after, tile.c.count > 0).order_by(tile.c.id).limit(SWEPT)
    rows = list(connection.execute(query).mappings())
    standing = {place_of(row): stands(draft, row) for row in rows if place_of(row) not in draft.touched}
    made = {place: without(each.cells, draft.drop[place[0]]) for place, each in standing.items()}
    write(connection, draft, made, standing)
    return rows[-1]["id"] if rows else None
