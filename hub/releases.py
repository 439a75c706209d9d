"""From draft to release: approve, publish in one short transaction, discard.

States: staging -> draft -> approved -> released; a draft may be discarded, and is overtaken when another made on the
same base is released first; for those broken off see :mod:`hub.underway`. A release may wait under embargo: it is released, but
visible only from its moment on. Several of a dataflow may wait, each made on the one before; their moments stand in the same
order.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import orjson
from sqlalchemy import Connection, Engine, RowMapping, and_, delete, func, select, update

from hub import audit, calendar
from hub.access import Action, Rules
from hub.database import reading, writing
from hub.history import DRAFTS, RELEASED, cube_id, find_release, head_ordinal, list_releases
from hub.intervals import erase, reopen
from hub.release_tables import publication
from hub.tables import INTERVALS, approval, release
from hub.underway import INTERRUPTED, interrupted
from hub.visibility import releases_for
from registry.answers import Release
from registry.errors import Conflict
from registry.ports import PUBLIC, Clock, Viewer
from registry.publishing import both_languages
from registry.ref import Ref
from registry.text import Names


class Releases:
    """Every change of a release's state. ``four_eyes``: who approves must not be who made the draft."""

    def __init__(self, engine: Engine, clock: Clock, rules: Rules, four_eyes: bool) -> None:
        self._engine = engine
        self._clock = clock
        self._rules = rules
        self._four_eyes = four_eyes

    def visible(self, dataflow: Ref, viewer: Viewer = PUBLIC, preview: bool = False) -> list[Release]:
        """What the viewer may see, newest first."""
        with reading(self._engine) as connection:
            return releases_for(connection, cube_id(connection, dataflow), viewer, preview, self._clock.now())

    def history(self, viewer: Viewer) -> list[Release]:
        """Everything ever drafted or released, newest first, for those who publish."""
        self._rules.demand(viewer, Action.SEE_DRAFTS)
        return self._list()

    def drafts(self, viewer: Viewer) -> list[Release]:
        """What waits: drafts, approved drafts and releases under embargo."""
        self._rules.demand(viewer, Action.SEE_DRAFTS)
        waiting = release.c.state.in_(DRAFTS) | and_(release.c.state == RELEASED, release.c.visible_from > self._clock.now())
        return self._list(waiting)

    def approve(self, id: str, viewer: Viewer) -> Release:
        """Say that a draft may be published."""
        self._rules.demand(viewer, Action.APPROVE)
        with writing(self._engine) as connection:
            now, row = self._clock.now(), expect(find_release(connection, id), "draft")
            if self._four_eyes and row["created_by"] == viewer.name:
                raise Conflict("FOUR_EYES", found=id)
            connection.execute(approval.insert().values(release=row["id"], at=now, by=viewer.name))
            return _move(connection, row, "approved", viewer, now)

    def release(
        self,
        id: str,
        viewer: Viewer,
        embargo: datetime | None = None,
        *,
        plan: str | None = None,
        correction: Names | None = None,
    ) -> Release:
        """Publish an approved draft: readers see the old before this transaction, the new after it, or from its moment on.

        The moment is now, ``embargo``, or that of the calendar entry ``plan`` (now, where that has passed). ``correction`` says
        in both languages why published figures are replaced.
        """
        self._rules.demand(viewer, Action.RELEASE)
        reasons = both_languages("correction", correction) if correction is not None else {}
        with writing(self._engine) as connection:
            row = expect(find_release(connection, id), "approved")
            _close(connection, row)
            overtake(connection, row["cube"], row["id"])
            # The clock is read when the work is done: a moment that lies before somebody else's answer would change it.
            now = self._clock.now()
            entry = calendar.reserve(connection, plan, row["cube"], embargo, now) if plan else None
            moment = _visible_from(connection, row, entry.moment if entry else embargo, now)
            facts = {"kind": "correction" if reasons else "release", "reasons": orjson.dumps(reasons).decode()}
            connection.execute(publication.insert().values(release=row["id"], planned=entry.row if entry else None, **facts))
            return _move(connection, row, RELEASED, viewer, now, released_at=now, visible_from=moment)

    def discard(self, id: str, viewer: Viewer) -> Release:
        """Throw a draft away, or a release that nobody has seen yet. What was visible stays: see ``withdraw``."""
        self._rules.demand(viewer, Action.APPROVE)
        with writing(self._engine) as connection:
            row = find_release(connection, id)
            if waiting := _waits(row, self._clock.now()):
                self._rules.demand(viewer, Action.RELEASE)
                _recall(connection, row)
            else:
                expect(row, *DRAFTS)
            erase(connection, row["cube"], row["ordinal"])
            now = self._clock.now()
            if waiting and not _waits(row, now):
                # Its moment came meanwhile: somebody may have seen it.
                expect(row, *DRAFTS)
            return _move(connection, row, "discarded", viewer, now)

    def _list(self, *conditions: object) -> list[Release]:
        broken_off = interrupted(self._engine)
        with reading(self._engine) as connection:
            found = list_releases(connection, *conditions, now=self._clock.now())
        return [replace(each, state=INTERRUPTED) if each.id in broken_off else each for each in found]


def _move(connection: Connection, row: RowMapping, state: str, viewer: Viewer, now: datetime, **values: object) -> Release:
    connection.execute(update(release).where(release.c.id == row["id"]).values(state=state, **values))
    audit.record(connection, now, viewer, state, row["public_id"])
    return list_releases(connection, release.c.id == row["id"], now=now)[0]


def _waits(row: RowMapping, now: datetime) -> bool:
    return bool(row["state"] == RELEASED and row["visible_from"] > now)


def expect(row: RowMapping, *states: str) -> RowMapping:
    """The row, if its state is one of these; :class:`Conflict` WRONG_STATE else."""
    if row["state"] not in states:
        raise Conflict("WRONG_STATE", found=row["state"], expected=" / ".join(states), id=row["public_id"])
    return row


def _visible_from(connection: Connection, row: RowMapping, embargo: datetime | None, now: datetime) -> datetime:
    """The moment readers see it: never before what it was made on."""
    moment = calendar.check_moment("embargo", embargo, now) if embargo is not None else now
    earlier = connection.scalar(
        select(func.max(release.c.visible_from)).where(release.c.cube == row["cube"], release.c.state == RELEASED)
    )
    if earlier is not None and moment < earlier:
        raise Conflict("EMBARGO_ORDER", found=moment.isoformat(), earlier=earlier.isoformat())
    return moment


def _close(connection: Connection, row: RowMapping) -> None:
    """End the interval of every tile, label and attribute that this release says anew."""
    cube, ordinal = row["cube"], row["ordinal"]
    for table, names in INTERVALS:
        new = table.alias("new")
        again = and_(*(new.c[name] == table.c[name] for name in names))
        anew = select(new.c.id).where(new.c.cube == cube, new.c.from_ == ordinal, again).exists()
        old = and_(table.c.cube == cube, table.c.from_ <= row["base"], table.c.to_ > row["base"])
        connection.execute(update(table).where(old, anew).values(to_=ordinal))


def _recall(connection: Connection, row: RowMapping) -> None:
    """Undo what releasing did, before anybody saw it: the release below stands again, and the calendar entry is free."""
    if head_ordinal(connection, row["cube"]) != row["ordinal"]:
        raise Conflict("RELEASE_BELOW_OTHERS", found=row["public_id"])
    reopen(connection, row["cube"], row["ordinal"])
    overtake(connection, row["cube"], row["id"])
    connection.execute(delete(publication).where(publication.c.release == row["id"]))


def overtake(connection: Connection, cube: int, by: int) -> None:
    """Other drafts were made on a state that is no longer the newest: they must be drafted again."""
    others = and_(release.c.cube == cube, release.c.id != by, release.c.state.in_(DRAFTS))
    for ordinal in connection.scalars(select(release.c.ordinal).where(others)).all():
        erase(connection, cube, ordinal)
    connection.execute(update(release).where(others).values(state="overtaken"))
