"""Making a draft: observations staged invisibly beside what is published, in short transactions.

Rows of a draft carry its ordinal, which no reader can have until the draft is released, so staging needs no flag and no copy.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, delete, func, select, update

from hub import audit
from hub.attachments import stage_attributes
from hub.batches import batched
from hub.database import writing
from hub.history import head_ordinal, list_releases, next_ordinal, open_cube
from hub.merging import Drop, merge, same, split, without
from hub.packing import Observations, pack, unpack
from hub.tables import OPEN, attachment, block, release
from hub.tables import series as series_table
from registry.answers import Release
from registry.errors import Conflict
from registry.model import Structure
from registry.number import plain
from registry.period import FREQUENCIES, NO_TIME, PeriodRange
from registry.ports import Clock, Viewer
from registry.series import Series

BATCH = 2000
"""Series staged in one transaction."""

Place = tuple[int, str, int]
"""Series row, frequency, block number."""


@dataclass
class _Draft:
    cube: int
    row: int
    ordinal: int
    base: int
    drop: Mapping[str, Drop] | None
    touched: set[Place]


class Drafts:
    """Implements :class:`registry.ports.Drafting`."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def draft(
        self,
        structure: Structure,
        series: Iterable[Series],
        viewer: Viewer,
        *,
        replace: PeriodRange | None = None,
        replace_all: bool = False,
        dataset_attributes: Mapping[str, str] | None = None,
        note: str = "",
    ) -> Release | None:
        """Stage a draft on the newest release; None when nothing would change. A failure leaves nothing behind."""
        draft = self._open(structure, viewer, note, _drops(PeriodRange() if replace_all else replace))
        try:
            for some in batched(series, BATCH):
                with self._staging(draft) as connection:
                    self._stage(connection, structure, draft, some)
            with self._staging(draft) as connection:
                stage_attributes(connection, draft.cube, draft.ordinal, draft.base, {"": dataset_attributes or {}})
            self._sweep(draft)
            return self._finish(draft, viewer)
        except BaseException:
            self._drop(draft)
            raise

    def _open(self, structure: Structure, viewer: Viewer, note: str, drop: Mapping[str, Drop] | None) -> _Draft:
        now = self._clock.now()
        with writing(self._engine) as connection:
            cube = open_cube(connection, structure.dataflow.ref)
            ordinal, base = next_ordinal(connection, cube), head_ordinal(connection, cube)
            values = {"cube": cube, "ordinal": ordinal, "base": base, "state": "staging", "note": note, "created_at": now}
            values |= {"created_by": viewer.name, "public_id": secrets.token_hex(8)}
            row = connection.execute(release.insert().values(values).returning(release.c.id)).scalar_one()
        return _Draft(cube, row, ordinal, base, drop, set())

    @contextmanager
    def _staging(self, draft: _Draft) -> Iterator[Connection]:
        """A transaction of this draft.

        If another release has overtaken it meanwhile, rows written now would be visible at once: that is looked at first.
        """
        with writing(self._engine) as connection:
            state = connection.scalar(select(release.c.state).where(release.c.id == draft.row))
            if state != "staging":
                raise Conflict("DRAFT_OVERTAKEN", found=state)
            yield connection

    def _stage(self, connection: Connection, structure: Structure, draft: _Draft, batch: Iterable[Series]) -> None:
        items = list(batch)
        rows = _series_rows(connection, draft.cube, [".".join(item.key) for item in items])
        base = _standing(connection, draft, set(rows.values()))
        staged: dict[Place, Observations] = {}
        for item in items:
            row = rows[".".join(item.key)]
            for number, part in split(item.frequency, _observations(item)):
                place = (row, item.frequency, number)
                before = staged.get(place)
                staged[place] = merge(before, part, None) if before else self._onto(draft, place, base.get(place), part)
                draft.touched.add(place)
        _write(connection, draft, staged, base)
        stage_attributes(connection, draft.cube, draft.ordinal, draft.base, _attachments(structure, items))

    def _onto(self, draft: _Draft, place: Place, standing: _Standing | None, part: Observations) -> Observations:
        if standing is None:
            return part
        drop = draft.drop.get(place[1]) if draft.drop and not standing.own and place not in draft.touched else None
        return merge(standing.observations, part, drop)

    def _sweep(self, draft: _Draft) -> None:
        """Take the replaced periods out of blocks that the new observations did not touch."""
        if draft.drop is None:
            return
        last = 0
        while True:
            with self._staging(draft) as connection:
                rows = _base_rows(connection, draft, last)
                if not rows:
                    return
                untouched = (row for row in rows if _place(row) not in draft.touched)
                base = {_place(row): _Standing(unpack(row), False, row["id"]) for row in untouched}
                emptied = {place: without(part.observations, draft.drop[place[1]]) for place, part in base.items()}
                _write(connection, draft, emptied, base)
                last = rows[-1]["id"]

    def _finish(self, draft: _Draft, viewer: Viewer) -> Release | None:
        now = self._clock.now()
        with self._staging(draft) as connection:
            if not _anything(connection, draft):
                connection.execute(delete(release).where(release.c.id == draft.row))
                return None
            counts = _counts(connection, draft)
            connection.execute(update(release).where(release.c.id == draft.row).values(state="draft", **counts))
            found = list_releases(connection, release.c.id == draft.row, now=now)[0]
            audit.record(connection, now, viewer, "draft", found.id, f"{found.dataflow} {counts}")
        return found

    def _drop(self, draft: _Draft) -> None:
        staging = (release.c.id == draft.row) & (release.c.state == "staging")
        with writing(self._engine) as connection:
            if connection.execute(delete(release).where(staging)).rowcount:
                erase(connection, draft.cube, draft.ordinal)


def erase(connection: Connection, cube: int, ordinal: int) -> None:
    """Remove the staged rows of a draft."""
    for table in (block, attachment):
        connection.execute(delete(table).where(table.c.cube == cube, table.c.from_ == ordinal))


@dataclass(slots=True)
class _Standing:
    """A block as it stands before this batch: the base's, or the draft's ``own``, staged by an earlier batch."""

    observations: Observations
    own: bool
    id: int


def _drops(replace: PeriodRange | None) -> Mapping[str, Drop] | None:
    if replace is None:
        return None
    everything = replace.start is None and replace.end is None
    drops: dict[str, Drop] = {NO_TIME: (None, None) if everything else (1, 0)}
    return drops | {frequency: replace.whole(frequency) for frequency in FREQUENCIES}


def _observations(item: Series) -> Observations:
    values = [None if value is None else plain(value) for value in item.values]
    return Observations(np.asarray(item.ordinals, dtype=np.int64), values, item.observation_attributes)


def _series_rows(connection: Connection, cube: int, keys: list[str]) -> dict[str, int]:
    """Series rows by key, made where there is none."""
    wanted = list(dict.fromkeys(keys))
    rows = _find_series(connection, cube, wanted)
    new = [key for key in wanted if key not in rows]
    if new:
        connection.execute(series_table.insert(), [{"cube": cube, "key": key} for key in new])
        rows |= _find_series(connection, cube, new)
    return rows


def _find_series(connection: Connection, cube: int, keys: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in batched(keys, 500):
        query = select(series_table.c.key, series_table.c.id).where(series_table.c.cube == cube, series_table.c.key.in_(some))
        found |= {row[0]: row[1] for row in connection.execute(query)}
    return found


def _standing(connection: Connection, draft: _Draft, rows: set[int]) -> dict[Place, _Standing]:
    found: dict[Place, _Standing] = {}
    for some in batched(rows, 500):
        current = (block.c.from_ <= draft.base) & (block.c.to_ > draft.base) | (block.c.from_ == draft.ordinal)
        query = select(block).where(block.c.series.in_(some), current).order_by(block.c.from_)
        for row in connection.execute(query).mappings():
            found[_place(row)] = _Standing(unpack(row), row["from_"] == draft.ordinal, row["id"])
    return found


def _base_rows(connection: Connection, draft: _Draft, after: int) -> list[Any]:
    current = (block.c.cube == draft.cube) & (block.c.from_ <= draft.base) & (block.c.to_ > draft.base)
    query = select(block).where(current, block.c.id > after, block.c.count > 0).order_by(block.c.id).limit(BATCH)
    return list(connection.execute(query).mappings())


def _place(row: Any) -> Place:
    return row["series"], row["frequency"], row["number"]


def _write(
    connection: Connection, draft: _Draft, staged: Mapping[Place, Observations], base: Mapping[Place, _Standing]
) -> None:
    """Write the blocks that differ from what stands; a block that goes back to the base's state loses its staged row."""
    fresh = []
    for place, observations in staged.items():
        standing = base.get(place)
        if standing and standing.own:
            connection.execute(update(block).where(block.c.id == standing.id).values(pack(observations)))
        elif standing is None or not same(standing.observations, observations):
            keys = {"series": place[0], "frequency": place[1], "number": place[2]}
            fresh.append({"cube": draft.cube, "from_": draft.ordinal, "to_": OPEN, **keys, **pack(observations)})
    if fresh:
        connection.execute(block.insert(), fresh)


def _attachments(structure: Structure, items: Iterable[Series]) -> dict[str, dict[str, str]]:
    """Attributes by the key their DSD says: series attributes at the full key, group attributes at a key with empty places."""
    groups = {attribute.id: set(attribute.dimensions) for attribute in structure.dsd.attributes if attribute.dimensions}
    found: dict[str, dict[str, str]] = {}
    for item in items:
        for name, text in item.attributes.items():
            dimensions = groups.get(name)
            parts = zip(structure.dsd.key, item.key, strict=True)
            key = ".".join(code if dimensions is None or id in dimensions else "" for id, code in parts)
            found.setdefault(key, {})[name] = text
    return found


def _anything(connection: Connection, draft: _Draft) -> bool:
    tables = (block, attachment)
    return any(
        connection.scalar(select(table.c.id).where(table.c.cube == draft.cube, table.c.from_ == draft.ordinal).limit(1))
        for table in tables
    )


def _counts(connection: Connection, draft: _Draft) -> dict[str, int]:
    """Series and observations the dataflow would have once this draft is released."""
    newer = block.alias("newer")
    replaced = (
        select(newer.c.id)
        .where(
            newer.c.series == block.c.series,
            newer.c.frequency == block.c.frequency,
            newer.c.number == block.c.number,
            newer.c.from_ == draft.ordinal,
        )
        .exists()
    )
    standing = (block.c.from_ <= draft.base) & (block.c.to_ > draft.base) & ~replaced
    query = select(func.count(block.c.series.distinct()), func.sum(block.c.count)).where(
        block.c.cube == draft.cube, block.c.count > 0, standing | (block.c.from_ == draft.ordinal)
    )
    series_count, observations = connection.execute(query).one()
    return {"series": series_count, "observations": observations or 0}
