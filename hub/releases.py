"""From draft to release: approve, publish in one short transaction, discard.

States: staging -> draft -> approved -> released; a draft may be discarded, and is overtaken when another made on the
same base is released first. A release may wait under embargo: it is released, but visible only from its moment on.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, RowMapping, and_, func, select, update

from hub import audit
from hub.access import Action, Rules
from hub.database import reading, writing
from hub.drafts import erase
from hub.history import RELEASED, WAITING, cube_id, find_release, list_releases
from hub.tables import INTERVALS, approval, release
from registry.answers import Release
from registry.errors import Conflict, Invalid
from registry.ports import Clock, Viewer
from registry.ref import Ref

LONGEST_EMBARGO = timedelta(days=3660)
"""Ten years: what is further away is a slip of the keyboard, and would block every later release of the dataflow."""


class Releases:
    """Every change of a release's state. ``four_eyes``: who approves must not be who made the draft."""

    def __init__(self, engine: Engine, clock: Clock, rules: Rules, four_eyes: bool) -> None:
        self._engine = engine
        self._clock = clock
        self._rules = rules
        self._four_eyes = four_eyes

    def visible(self, dataflow: Ref) -> list[Release]:
        """What everybody may see, newest first."""
        now = self._clock.now()
        with reading(self._engine) as connection:
            seen = and_(release.c.state == RELEASED, release.c.visible_from <= now)
            return list_releases(connection, release.c.cube == (cube_id(connection, dataflow) or 0), seen, now=now)

    def history(self, viewer: Viewer) -> list[Release]:
        """Everything ever drafted or released, newest first, for those who publish."""
        self._rules.demand(viewer, Action.SEE_DRAFTS)
        return self._list()

    def drafts(self, viewer: Viewer) -> list[Release]:
        """What waits: drafts, approved drafts and releases under embargo."""
        self._rules.demand(viewer, Action.SEE_DRAFTS)
        waiting = release.c.state.in_(WAITING) | and_(release.c.state == RELEASED, release.c.visible_from > self._clock.now())
        return self._list(waiting)

    def approve(self, id: str, viewer: Viewer) -> Release:
        """Say that a draft may be published."""
        self._rules.demand(viewer, Action.APPROVE)
        now = self._clock.now()
        with writing(self._engine) as connection:
            row = _expect(find_release(connection, id), "draft")
            if self._four_eyes and row["created_by"] == viewer.name:
                raise Conflict("FOUR_EYES", found=id)
            connection.execute(approval.insert().values(release=row["id"], at=now, by=viewer.name))
            return self._move(connection, row, "approved", viewer, now)

    def release(self, id: str, viewer: Viewer, embargo: datetime | None = None) -> Release:
        """Publish an approved draft: readers see the old before this transaction, the new after it, or from ``embargo`` on."""
        self._rules.demand(viewer, Action.RELEASE)
        now = self._clock.now()
        with writing(self._engine) as connection:
            row = _expect(find_release(connection, id), "approved")
            moment = _visible_from(connection, row, embargo, now)
            _close(connection, row)
            _overtake(connection, row)
            times = {"released_at": now, "visible_from": moment}
            return self._move(connection, row, RELEASED, viewer, now, **times)

    def discard(self, id: str, viewer: Viewer) -> Release:
        """Throw a draft away. What was released stays."""
        self._rules.demand(viewer, Action.APPROVE)
        now = self._clock.now()
        with writing(self._engine) as connection:
            row = _expect(find_release(connection, id), *WAITING)
            erase(connection, row["cube"], row["ordinal"])
            return self._move(connection, row, "discarded", viewer, now)

    def _list(self, *conditions: object) -> list[Release]:
        with reading(self._engine) as connection:
            return list_releases(connection, *conditions, now=self._clock.now())

    def _move(
        self, connection: Connection, row: RowMapping, state: str, viewer: Viewer, now: datetime, **values: object
    ) -> Release:
        connection.execute(update(release).where(release.c.id == row["id"]).values(state=state, **values))
        audit.record(connection, now, viewer, state, row["public_id"])
        return list_releases(connection, release.c.id == row["id"], now=now)[0]


def _expect(row: RowMapping, *states: str) -> RowMapping:
    if row["state"] not in states:
        raise Conflict("WRONG_STATE", found=row["state"], expected=" / ".join(states), id=row["public_id"])
    return row


def _visible_from(connection: Connection, row: RowMapping, embargo: datetime | None, now: datetime) -> datetime:
    """The moment readers see it: never before what it was made on."""
    if embargo is not None and embargo.tzinfo is None:
        raise Invalid("TIME_WITHOUT_ZONE", name="embargo", found=embargo.isoformat())
    if embargo is not None and embargo <= now:
        raise Invalid("EMBARGO_PASSED", found=embargo.isoformat(), now=now.isoformat(timespec="seconds"))
    if embargo is not None and embargo > now + LONGEST_EMBARGO:
        raise Invalid("EMBARGO_FAR", found=embargo.isoformat(), days=LONGEST_EMBARGO.days)
    earlier = connection.scalar(
        select(func.max(release.c.visible_from)).where(release.c.cube == row["cube"], release.c.state == RELEASED)
    )
    moment = embargo or now
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


def _overtake(connection: Connection, row: RowMapping) -> None:
    """Other drafts were made on a state that is no longer the newest: they must be drafted again."""
    others = and_(release.c.cube == row["cube"], release.c.id != row["id"], release.c.state.in_(WAITING))
    for ordinal in connection.scalars(select(release.c.ordinal).where(others)).all():
        erase(connection, row["cube"], ordinal)
    connection.execute(update(release).where(others).values(state="overtaken"))
