"""Who outside the office may see a release under embargo before its moment: by name, one release at a time, written down.

A holder is the organisation and the name of a token. Who is shown a release sees with it what it was made on.
Source: European Statistics Code of Practice, indicator 6.7 (pre-release access is limited, controlled and publicised).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, and_, select, update

from hub import audit
from hub.access import Action, Rules
from hub.database import reading, writing
from hub.history import RELEASED, find_release
from hub.release_tables import preview_grant
from hub.tables import cube, release, token
from registry.errors import Conflict, NotFound
from registry.ports import Clock, Viewer
from registry.publishing import Grant
from registry.ref import Kind, Ref

_GRANTS = (
    select(preview_grant, release.c.public_id, cube.c.agency, cube.c.flow, cube.c.version)
    .join(release, release.c.id == preview_grant.c.release)
    .join(cube, cube.c.id == release.c.cube)
    .order_by(preview_grant.c.id)
)


class Previews:
    """Grants, revokes and lists previews."""

    def __init__(self, engine: Engine, clock: Clock, rules: Rules) -> None:
        self._engine = engine
        self._clock = clock
        self._rules = rules

    def grant(self, id: str, organisation: str, name: str, viewer: Viewer) -> Grant:
        """Show a waiting release to the holder of a token; again to the same one changes nothing."""
        self._rules.demand(viewer, Action.GRANT_PREVIEWS)
        with writing(self._engine) as connection:
            now = self._clock.now()
            row = _waiting(connection, id, now)
            _check_holder(connection, organisation, name, now)
            found = _find(connection, row, organisation, name)
            if found is None:
                values = {"release": row["id"], "organisation": organisation, "name": name, "granted_at": now}
                connection.execute(preview_grant.insert().values(**values, granted_by=viewer.name))
                audit.record(connection, now, viewer, "grant-preview", id, f"{organisation} {name}"[:2000])
                found = _find(connection, row, organisation, name)
            assert found is not None
            return _grant(found)

    def revoke(self, id: str, organisation: str, name: str, viewer: Viewer) -> Grant:
        """End it at once; :class:`NotFound` GRANT_NOT_FOUND when there is none."""
        self._rules.demand(viewer, Action.GRANT_PREVIEWS)
        with writing(self._engine) as connection:
            now = self._clock.now()
            found = _find(connection, find_release(connection, id), organisation, name)
            if found is None:
                raise NotFound("GRANT_NOT_FOUND", found=id[:40], holder=f"{organisation} {name}"[:80])
            connection.execute(update(preview_grant).where(preview_grant.c.id == found["id"]).values(revoked_at=now))
            audit.record(connection, now, viewer, "revoke-preview", id, f"{organisation} {name}"[:2000])
            return _grant(found)

    def list(self, viewer: Viewer) -> list[Grant]:
        """Every grant that opens something now, oldest first."""
        self._rules.demand(viewer, Action.GRANT_PREVIEWS)
        waits = and_(release.c.state == RELEASED, release.c.visible_from > self._clock.now())
        with reading(self._engine) as connection:
            rows = connection.execute(_GRANTS.where(preview_grant.c.revoked_at.is_(None), waits)).mappings()
            return [_grant(row) for row in rows]


def _waiting(connection: Connection, id: str, now: datetime) -> RowMapping:
    row = find_release(connection, id)
    if row["state"] != RELEASED or row["visible_from"] <= now:
        raise Conflict("NOT_EMBARGOED", found=id, state=row["state"])
    return row


def _check_holder(connection: Connection, organisation: str, name: str, now: datetime) -> None:
    lives = token.c.revoked_at.is_(None) & (token.c.expires_at.is_(None) | (token.c.expires_at > now))
    held = select(token.c.id).where(token.c.organisation == organisation, token.c.name == name, lives)
    if connection.scalar(held.limit(1)) is None:
        raise NotFound("HOLDER_NOT_FOUND", found=f"{organisation} {name}"[:80])


def _find(connection: Connection, row: RowMapping, organisation: str, name: str) -> RowMapping | None:
    holder = and_(preview_grant.c.organisation == organisation, preview_grant.c.name == name)
    live = and_(preview_grant.c.release == row["id"], preview_grant.c.revoked_at.is_(None))
    return connection.execute(_GRANTS.where(holder, live)).mappings().one_or_none()


def _grant(row: RowMapping) -> Grant:
    return Grant(
        release=row["public_id"],
        dataflow=Ref(Kind.DATAFLOW, row["agency"], row["flow"], row["version"]),
        organisation=row["organisation"],
        name=row["name"],
        granted_at=row["granted_at"],
        granted_by=row["granted_by"],
    )
