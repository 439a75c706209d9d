"""Taking figures back: a release like any other, whose content is that of the release before, with a reason that readers see.

The withdrawn release stays in the list, marked, and its vintage can still be asked for: it was published.
"""

from __future__ import annotations

import secrets
from datetime import datetime

import orjson
from sqlalchemy import Connection, Engine, RowMapping, select

from hub import audit
from hub.access import Action, Rules
from hub.database import writing
from hub.history import RELEASED, find_release, head_ordinal, list_releases, next_ordinal
from hub.intervals import restore
from hub.release_tables import publication
from hub.releases import overtake
from hub.tables import release
from registry.answers import Release
from registry.errors import Conflict
from registry.ports import Clock, Viewer
from registry.publishing import both_languages
from registry.text import Names


class Withdrawals:
    """Withdraws releases."""

    def __init__(self, engine: Engine, clock: Clock, rules: Rules) -> None:
        self._engine = engine
        self._clock = clock
        self._rules = rules

    def withdraw(self, id: str, viewer: Viewer, reasons: Names) -> Release:
        """Take back the figures that stand: at once, in one transaction. The first release leaves nothing behind.

        :class:`Conflict` WITHDRAW_NOT_STANDING for an older release, RELEASE_BELOW_OTHERS while another waits above it under
        embargo, WITHDRAW_THINNED where the content before it is no longer kept.
        """
        self._rules.demand(viewer, Action.RELEASE)
        said = both_languages("reason", reasons)
        with writing(self._engine) as connection:
            row = find_release(connection, id)
            _check(connection, row, self._clock.now())
            head, ordinal = head_ordinal(connection, row["cube"]), next_ordinal(connection, row["cube"])
            restore(connection, row["cube"], row["base"], head, ordinal)
            # The clock is read when the work is done: a moment that lies before somebody else's answer would change it.
            now = self._clock.now()
            new = _publish(connection, row, (head, ordinal), viewer, now)
            facts = {"kind": "withdrawal", "reasons": orjson.dumps(said).decode(), "withdraws": row["id"]}
            connection.execute(publication.insert().values(release=new, restores=row["base"], **facts))
            overtake(connection, row["cube"], new)
            found = list_releases(connection, release.c.id == new, now=now)[0]
            audit.record(connection, now, viewer, "withdraw", row["public_id"], f"by {found.id}")
            return found


def _check(connection: Connection, row: RowMapping, now: datetime) -> None:
    cube, head = row["cube"], head_ordinal(connection, row["cube"])
    if row["state"] != RELEASED:
        raise Conflict("WRONG_STATE", found=row["state"], expected=RELEASED, id=row["public_id"])
    newest = _at(connection, cube, head)
    if newest["visible_from"] > now:
        raise Conflict("RELEASE_BELOW_OTHERS", found=row["public_id"])
    if row["ordinal"] != standing(connection, cube, head):
        raise Conflict("WITHDRAW_NOT_STANDING", found=row["public_id"], newest=newest["public_id"])
    if row["base"] and _thinned(connection, cube, row["base"]):
        raise Conflict("WITHDRAW_THINNED", found=row["public_id"])


def standing(connection: Connection, cube: int, ordinal: int) -> int:
    """The release whose content a vintage has: itself, or for a withdrawal the one it went back to. 0: it is empty."""
    query = select(publication.c.restores).join(release, release.c.id == publication.c.release).where(release.c.cube == cube)
    while ordinal and (back := connection.scalar(query.where(release.c.ordinal == ordinal))) is not None:
        ordinal = back
    return ordinal


def _thinned(connection: Connection, cube: int, ordinal: int) -> bool:
    query = select(publication.c.thinned_at).join(release, release.c.id == publication.c.release)
    return connection.scalar(query.where(release.c.cube == cube, release.c.ordinal == ordinal)) is not None


def _at(connection: Connection, cube: int, ordinal: int) -> RowMapping:
    there = select(release).where(release.c.cube == cube, release.c.ordinal == ordinal)
    return connection.execute(there).mappings().one()


def _publish(connection: Connection, row: RowMapping, place: tuple[int, int], viewer: Viewer, now: datetime) -> int:
    """A release with the content that stood before this one; its row. ``place``: the ordinal it is made on, and its own."""
    cube, target, (head, ordinal) = row["cube"], row["base"], place
    before = _at(connection, cube, target) if target else None
    counts = {name: before[name] if before else 0 for name in ("series", "observations")}
    values = {"cube": cube, "ordinal": ordinal, "base": head, "state": RELEASED, "note": "", "created_at": now} | counts
    values |= {"created_by": viewer.name, "public_id": secrets.token_hex(8), "released_at": now, "visible_from": now}
    return int(connection.execute(release.insert().values(values).returning(release.c.id)).scalar_one())
