"""Which vintage a question means for this viewer now: the one place where embargo and previews are decided.

Everybody sees releases from their moment on. Before it a publisher or an administrator may look, and those outside the office
to whom the release was shown by name (``hub/previews.py``), if the question says that it is a preview. Whether something waits
makes no difference to an answer, or to an error, for anybody else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from hub import audit
from hub.access import Action, Rules
from hub.history import RELEASED, list_releases, visible_ordinal
from hub.release_tables import preview_grant, publication
from hub.tables import cube as cube_table
from hub.tables import release
from registry.answers import Release
from registry.errors import Conflict, NotFound
from registry.ports import Viewer
from registry.selection import Selection

_RULES = Rules()


def ordinal_for(connection: Connection, cube: int | None, viewer: Viewer, selection: Selection, now: datetime) -> int:
    """The ordinal of the vintage that answers this question; 0 when there is nothing for this viewer.

    ``cube`` is None for a dataflow that never had a draft. :class:`Unauthenticated` or :class:`Denied` for a preview without
    the right, :class:`Conflict` VINTAGE_THINNED for a moment whose release was thinned out. A preview leaves an audit entry.
    """
    if selection.preview:
        return _previewed(connection, cube, viewer, selection.as_of, now)
    if cube is None:
        return 0
    if selection.as_of is None or selection.as_of >= now:
        return visible_ordinal(connection, cube, now)
    return _kept(connection, cube, visible_ordinal(connection, cube, selection.as_of), selection.as_of)


def ordinal_before(connection: Connection, cube: int, moment: datetime, now: datetime) -> int:
    """For ``updatedAfter``: the newest vintage that was visible then and is still kept, 0 for none.

    Where the one of that very moment was thinned out, the one before it: the answer then says more than was asked, never less.
    """
    fits = and_(release.c.cube == cube, release.c.state == RELEASED, release.c.visible_from <= min(now, moment))
    kept = fits & publication.c.thinned_at.is_(None)
    query = select(func.max(release.c.ordinal)).outerjoin(publication, publication.c.release == release.c.id).where(kept)
    return connection.scalar(query) or 0


def ordinal_of(connection: Connection, cube: int | None, id: str, viewer: Viewer, selection: Selection, now: datetime) -> int:
    """The ordinal of one release by its public id; :class:`NotFound` RELEASE_NOT_FOUND for what this viewer cannot see."""
    most = ordinal_for(connection, cube, viewer, _of_all(selection), now)
    fits = and_(release.c.cube == cube, release.c.public_id == id, release.c.state == RELEASED, release.c.ordinal <= most)
    row = connection.execute(select(release.c.ordinal, release.c.visible_from).where(fits)).one_or_none()
    if row is None:
        raise NotFound("RELEASE_NOT_FOUND", found=id[:40])
    return _kept(connection, cube or 0, row[0], row[1])


def releases_for(connection: Connection, cube: int | None, viewer: Viewer, preview: bool, now: datetime) -> list[Release]:
    """The releases this viewer may see, newest first."""
    seen = release.c.visible_from <= now
    if preview:
        seen = or_(seen, release.c.ordinal <= _previewed(connection, cube, viewer, None, now))
    return list_releases(connection, release.c.cube == (cube or 0), release.c.state == RELEASED, seen, now=now)


def _of_all(selection: Selection) -> Selection:
    return Selection(dataflow=selection.dataflow, preview=selection.preview)


def _previewed(connection: Connection, cube: int | None, viewer: Viewer, as_of: datetime | None, now: datetime) -> int:
    allowed = _allowed(connection, cube, viewer, now)
    fits = and_(release.c.cube == (cube or 0), release.c.state == RELEASED, or_(release.c.visible_from <= now, allowed))
    if as_of is not None:
        fits = fits & (release.c.visible_from <= as_of)
    newest = (
        select(release.c.ordinal, release.c.public_id, release.c.visible_from).where(fits).order_by(release.c.ordinal.desc())
    )
    row = connection.execute(newest.limit(1)).one_or_none()
    if row is None or cube is None:
        return 0
    _log(connection, cube, viewer, row[1], now)
    return _kept(connection, cube, row[0], row[2]) if as_of else int(row[0])


def _allowed(connection: Connection, cube: int | None, viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """Which waiting releases the viewer may see."""
    if _RULES.allows(viewer, Action.PREVIEW_EMBARGOED):
        return release.c.visible_from > now
    granted = list(connection.scalars(_granted(cube, viewer, now)))
    if not granted:
        _RULES.demand(viewer, Action.PREVIEW_EMBARGOED)
    return release.c.id.in_(granted)


def _granted(cube: int | None, viewer: Viewer, now: datetime) -> Any:
    holder = (preview_grant.c.organisation == viewer.organisation) & (preview_grant.c.name == viewer.name)
    waits = and_(release.c.cube == (cube or 0), release.c.state == RELEASED, release.c.visible_from > now)
    own = select(preview_grant.c.release).join(release, release.c.id == preview_grant.c.release)
    return own.where(holder, preview_grant.c.revoked_at.is_(None), waits)


def _log(connection: Connection, cube: int, viewer: Viewer, id: str, now: datetime) -> None:
    row = connection.execute(select(cube_table).where(cube_table.c.id == cube)).one()
    # In a transaction of its own: the reader's snapshot cannot be written from, and no access may stay without its entry.
    detail = f"{row.agency}:{row.flow}({row.version}) {viewer.organisation}"
    audit.record_once(connection.engine, now, viewer, "preview", id, detail)


def _kept(connection: Connection, cube: int, ordinal: int, moment: datetime) -> int:
    """The ordinal, if its vintage was not thinned out; the error names the nearest kept ones on either side."""
    thinned = select(release.c.ordinal).join(publication, publication.c.release == release.c.id)
    of_cube = and_(release.c.cube == cube, publication.c.thinned_at.is_not(None))
    gone = set(connection.scalars(thinned.where(of_cube)))
    if ordinal not in gone:
        return ordinal
    kept = and_(release.c.cube == cube, release.c.state == RELEASED, release.c.ordinal.not_in(gone))
    times = select(release.c.visible_from).where(kept)
    before = connection.scalar(times.where(release.c.ordinal < ordinal).order_by(release.c.ordinal.desc()).limit(1))
    after = connection.scalar(times.where(release.c.ordinal > ordinal).order_by(release.c.ordinal).limit(1))
    near = " / ".join(at.isoformat() for at in (before, after) if at is not None)
    raise Conflict("VINTAGE_THINNED", found=moment.isoformat(), near=near)
