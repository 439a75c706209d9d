"""Making a draft: observations staged invisibly beside what is published, in short transactions.

Rows of a draft carry its ordinal, which no reader can have until the draft is released, so staging needs no flag and no copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, delete, select, update

from hub import audit
from hub.attachments import stage_attributes
from hub.chunks import Register
from hub.database import writing
from hub.history import head_ordinal, list_releases, next_ordinal, open_cube
from hub.intervals import erase
from hub.pieces import runs
from hub.removing import take_descriptions, take_out
from hub.staging import Draft, drops, stage, sweep
from hub.tables import INTERVALS, release, tile
from hub.underway import STAGING, being_made, clear
from hub.vintages import read_index
from registry.answers import Release
from registry.errors import Conflict
from registry.model import Structure
from registry.period import PeriodRange
from registry.ports import Clock, Viewer
from registry.staging import Removal, Staged


class Drafts:
    """Implements :class:`registry.staging.Drafting`."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def draft(
        self,
        structure: Structure,
        content: Iterable[Staged],
        viewer: Viewer,
        *,
        replace: PeriodRange | None = None,
        replace_all: bool = False,
        dataset_attributes: Mapping[str, str] | None = None,
        note: str = "",
    ) -> Release | None:
        """Stage a draft on the newest release; None when nothing would change. A failure leaves nothing behind."""
        with being_made(self._engine) as id:
            draft = self._open(id, structure, viewer, note, PeriodRange() if replace_all else replace)
            return self._make(draft, content, viewer, replace_all, dataset_attributes or {})

    def _make(
        self, draft: Draft, content: Iterable[Staged], viewer: Viewer, replace_all: bool, dataset_attributes: Mapping[str, str]
    ) -> Release | None:
        try:
            if replace_all:
                with self._staging(draft) as connection:
                    take_descriptions(connection, draft)
            for some in runs(content, draft.dsd.measures[0].id):
                with self._staging(draft) as connection:
                    if isinstance(some, Removal):
                        take_out(connection, draft, some)
                    else:
                        stage(connection, draft, *some)
            with self._staging(draft) as connection:
                stage_attributes(connection, draft.cube, draft.ordinal, draft.base, {"": dataset_attributes})
            self._sweep(draft)
            return self._finish(draft, viewer)
        except BaseException:
            self._drop(draft)
            raise

    def _open(self, id: str, structure: Structure, viewer: Viewer, note: str, replaced: PeriodRange | None) -> Draft:
        now = self._clock.now()
        with writing(self._engine) as connection:
            clear(connection, viewer, now)
            cube = open_cube(connection, structure.dataflow.ref)
            ordinal, base = next_ordinal(connection, cube), head_ordinal(connection, cube)
            values = {"cube": cube, "ordinal": ordinal, "base": base, "state": STAGING, "note": note, "created_at": now}
            values |= {"created_by": viewer.name, "public_id": id}
            row = connection.execute(release.insert().values(values).returning(release.c.id)).scalar_one()
        register = Register(cube, len(structure.dsd.key))
        return Draft(structure.dsd, cube, row, ordinal, base, drops(replaced) if replaced else None, register)

    @contextmanager
    def _staging(self, draft: Draft) -> Iterator[Connection]:
        """A transaction of this draft.

        If another release has overtaken it meanwhile, rows written now would be visible at once: that is looked at first.
        """
        with writing(self._engine) as connection:
            state = connection.scalar(select(release.c.state).where(release.c.id == draft.row))
            if state != STAGING:
                raise Conflict("DRAFT_OVERTAKEN", found=state)
            yield connection

    def _sweep(self, draft: Draft) -> None:
        """Take the replaced periods out of tiles that the new observations did not touch."""
        last: int | None = 0 if draft.drop is not None else None
        while last is not None:
            with self._staging(draft) as connection:
                last = sweep(connection, draft, last)

    def _finish(self, draft: Draft, viewer: Viewer) -> Release | None:
        now = self._clock.now()
        with self._staging(draft) as connection:
            _forget_the_same(connection, draft)
            if not _anything(connection, draft):
                connection.execute(delete(release).where(release.c.id == draft.row))
                return None
            counts = _counts(connection, draft)
            connection.execute(update(release).where(release.c.id == draft.row).values(state="draft", **counts))
            found = list_releases(connection, release.c.id == draft.row, now=now)[0]
            audit.record(connection, now, viewer, "draft", found.id, f"{found.dataflow} {counts}")
        return found

    def _drop(self, draft: Draft) -> None:
        staging = (release.c.id == draft.row) & (release.c.state == STAGING)
        with writing(self._engine) as connection:
            if connection.execute(delete(release).where(staging)).rowcount:
                erase(connection, draft.cube, draft.ordinal)


def _forget_the_same(connection: Connection, draft: Draft) -> None:
    """What the draft changed and then changed back differs in nothing."""
    for table, names in INTERVALS:
        old = table.alias("old")
        again = (old.c[name] == table.c[name] for name in ("cube", *names, "content"))
        same = select(old.c.id).where(old.c.from_ <= draft.base, old.c.to_ > draft.base, *again).exists()
        connection.execute(delete(table).where(table.c.cube == draft.cube, table.c.from_ == draft.ordinal, same))


def _anything(connection: Connection, draft: Draft) -> bool:
    return any(
        connection.scalar(select(table.c.id).where(table.c.cube == draft.cube, table.c.from_ == draft.ordinal).limit(1))
        for table, _ in INTERVALS
    )


def _counts(connection: Connection, draft: Draft) -> dict[str, int]:
    """Series and observations the dataflow would have once this draft is released."""
    newer = tile.alias("newer")
    again = (newer.c[name] == tile.c[name] for name in ("cube", "frequency", "chunk", "number"))
    replaced = select(newer.c.id).where(newer.c.from_ == draft.ordinal, *again).exists()
    standing = (tile.c.from_ <= draft.base) & (tile.c.to_ > draft.base) & ~replaced
    _, index = read_index(
        connection, draft.cube, standing | (tile.c.from_ == draft.ordinal), draft.register.columns(connection)
    )
    return {"series": len(set(index.series.tolist())), "observations": int(index.count.sum())}
