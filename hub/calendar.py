"""The release calendar: what will be published when, announced to everybody ahead.

It is versioned data. A date is never overwritten: every change is a row of its own with its reason, and the old dates stay
readable. An entry is done when its release is public; nothing runs for that, it is looked up.
Source: European Statistics Code of Practice, indicators 6.5-6.7 (dates and times pre-announced, divergence announced and
explained); IMF SDDS, "Advance release calendar".
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from sqlalchemy import Connection, Engine, RowMapping, and_, func, select, update

from hub import audit
from hub.access import Action, Rules
from hub.database import writing
from hub.history import RELEASED, open_cube
from hub.release_tables import planned, planned_change, publication
from hub.tables import release
from registry.errors import Conflict, Invalid, NotFound
from registry.period import parse_period
from registry.ports import Catalogue, Clock, Viewer
from registry.publishing import both_languages
from registry.ref import Ref
from registry.text import Names

LONGEST_EMBARGO = timedelta(days=3660)
"""Ten years: what is further away is a slip of the keyboard, and would block every later release of the dataflow."""

MOST_PERIODS = 100


class Planning:
    """Every change of the calendar. Reading it: hub/calendar_reading.py."""

    def __init__(self, engine: Engine, clock: Clock, rules: Rules, catalogue: Catalogue) -> None:
        self._engine = engine
        self._clock = clock
        self._rules = rules
        self._catalogue = catalogue

    def plan(
        self,
        dataflow: Ref,
        moment: datetime,
        periods: Iterable[str],
        legal_basis: Names,
        viewer: Viewer,
        names: Names | None = None,
    ) -> str:
        """Announce a release; the id of the entry. ``names`` are the dataflow's where none are given."""
        self._rules.demand(viewer, Action.PLAN_RELEASES)
        flow = self._catalogue.structure(dataflow).dataflow
        id = secrets.token_hex(8)
        texts = {"names": _json(both_languages("name", names or flow.names)), "periods": _json(_periods(periods))}
        texts["legal_basis"] = _json(both_languages("legalBasis", legal_basis))
        with writing(self._engine) as connection:
            now = self._clock.now()
            values = {"public_id": id, "cube": open_cube(connection, flow.ref), "state": "planned"}
            values["moment"] = check_moment("moment", moment, now)
            row = connection.execute(planned.insert().values(**values, **texts).returning(planned.c.id)).scalar_one()
            _note(connection, row, "planned", moment, {}, viewer, now)
            audit.record(connection, now, viewer, "plan", id, f"{flow.ref} {moment.isoformat()}")
        return id

    def move(self, id: str, moment: datetime, reasons: Names, viewer: Viewer) -> None:
        """Move the date; a release that waits for it moves too, within the order of those that wait with it."""
        self._rules.demand(viewer, Action.PLAN_RELEASES)
        said = both_languages("reason", reasons)
        with writing(self._engine) as connection:
            now = self._clock.now()
            row = _open(connection, id, now)
            check_moment("moment", moment, now)
            self._shift(connection, row, moment, viewer)
            connection.execute(update(planned).where(planned.c.id == row["id"]).values(moment=moment, state="moved"))
            _note(connection, row["id"], "moved", moment, said, viewer, now)
            audit.record(connection, now, viewer, "move-plan", id, f"{row['moment'].isoformat()} -> {moment.isoformat()}")

    def cancel(self, id: str, reasons: Names, viewer: Viewer) -> None:
        """Say that it will not come. It stays in the calendar."""
        self._rules.demand(viewer, Action.PLAN_RELEASES)
        said = both_languages("reason", reasons)
        with writing(self._engine) as connection:
            now = self._clock.now()
            row = _open(connection, id, now)
            if row["visible_from"] is not None:
                raise Conflict("PLAN_HAS_RELEASE", found=id, release=row["release_id"])
            connection.execute(update(planned).where(planned.c.id == row["id"]).values(state="cancelled"))
            _note(connection, row["id"], "cancelled", row["moment"], said, viewer, now)
            audit.record(connection, now, viewer, "cancel-plan", id)

    def _shift(self, connection: Connection, row: RowMapping, moment: datetime, viewer: Viewer) -> None:
        """Move the release that waits for this entry: one row. Who may not release may not change when one is seen."""
        if row["visible_from"] is None:
            return
        self._rules.demand(viewer, Action.RELEASE)
        earlier, later = _neighbours(connection, row["cube"], row["ordinal"])
        if earlier is not None and moment < earlier:
            raise Conflict("EMBARGO_ORDER", found=moment.isoformat(), earlier=earlier.isoformat())
        if later is not None and moment > later:
            raise Conflict("EMBARGO_ORDER_LATER", found=moment.isoformat(), later=later.isoformat())
        connection.execute(update(release).where(release.c.id == row["release"]).values(visible_from=moment))


@dataclass(frozen=True, slots=True)
class Reserved:
    """An entry taken for a release: its row, and the moment to wait for, None when it has passed."""

    row: int
    moment: datetime | None


def reserve(connection: Connection, id: str, cube: int, embargo: datetime | None, now: datetime) -> Reserved:
    """The calendar entry a draft of this dataflow is to be the release of; :class:`Conflict` when it cannot be."""
    if embargo is not None:
        raise Invalid("PLAN_AND_EMBARGO", found=id[:40])
    row = _open(connection, id, now)
    if row["cube"] != cube:
        raise Conflict("PLAN_OF_OTHER", found=id)
    if row["visible_from"] is not None:
        raise Conflict("PLAN_HAS_RELEASE", found=id, release=row["release_id"])
    return Reserved(row["id"], row["moment"] if row["moment"] > now else None)


def check_moment(name: str, moment: datetime, now: datetime) -> datetime:
    """A moment to come, with its zone, within reason; :class:`Invalid` else."""
    if moment.tzinfo is None:
        raise Invalid("TIME_WITHOUT_ZONE", name=name, found=moment.isoformat())
    if moment <= now:
        raise Invalid("EMBARGO_PASSED", found=moment.isoformat(), now=now.isoformat(timespec="seconds"))
    if moment > now + LONGEST_EMBARGO:
        raise Invalid("EMBARGO_FAR", found=moment.isoformat(), days=LONGEST_EMBARGO.days)
    return moment


ENTRIES = (
    select(
        planned,
        release.c.id.label("release"),
        release.c.public_id.label("release_id"),
        release.c.ordinal,
        release.c.visible_from,
    )
    .outerjoin(publication, publication.c.planned == planned.c.id)
    .outerjoin(release, release.c.id == publication.c.release)
)
"""Entries with their release, if there is one; what of it may be told is decided where they are shown."""


def _open(connection: Connection, id: str, now: datetime) -> RowMapping:
    """The row of an entry that can still change."""
    row = connection.execute(ENTRIES.where(planned.c.public_id == id)).mappings().one_or_none()
    if row is None:
        raise NotFound("PLAN_NOT_FOUND", found=id[:40])
    done = row["visible_from"] is not None and row["visible_from"] <= now
    if done or row["state"] == "cancelled":
        raise Conflict("PLAN_CLOSED", found=id, state="done" if done else "cancelled")
    return row


def _neighbours(connection: Connection, cube: int, ordinal: int) -> tuple[datetime | None, datetime | None]:
    """When the releases below and above this one become visible."""
    released = and_(release.c.cube == cube, release.c.state == RELEASED)
    below = select(func.max(release.c.visible_from)).where(released, release.c.ordinal < ordinal)
    above = select(func.min(release.c.visible_from)).where(released, release.c.ordinal > ordinal)
    return connection.scalar(below), connection.scalar(above)


def _note(
    connection: Connection, row: int, state: str, moment: datetime, reasons: Names, viewer: Viewer, now: datetime
) -> None:
    highest = select(func.max(planned_change.c.number)).where(planned_change.c.planned == row)
    number = (connection.scalar(highest) or 0) + 1
    values = {"planned": row, "number": number, "at": now, "by": viewer.name, "state": state, "moment": moment}
    connection.execute(planned_change.insert().values(**values, reasons=_json(reasons)))


def _periods(texts: Iterable[str]) -> list[str]:
    found = [str(parse_period(text)) for text in texts]
    if not 0 < len(found) <= MOST_PERIODS:
        raise Invalid("PLAN_PERIODS", found=len(found), most=MOST_PERIODS)
    return found


def _json(value: Mapping[str, str] | list[str]) -> str:
    return orjson.dumps(value).decode()
