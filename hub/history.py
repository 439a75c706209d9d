"""The history of a dataflow's releases: ordinals, what is visible when, and releases as a viewer may see them.

Blocks know ordinals only; this room is where time turns into an ordinal.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, and_, bindparam, func, select

from hub.release_tables import planned, publication
from hub.tables import approval, cube, release
from registry.answers import Release
from registry.errors import NotFound
from registry.ref import Kind, Ref

RELEASED = "released"
EMBARGOED = "embargoed"
"""How a release is shown that nobody sees yet; in the table it is released, with a moment that has not come."""

DRAFTS = ("staging", "draft", "approved")
"""States of a draft that can still become a release."""


# Every question asks these two: building a statement costs more than running it, so they are built once.
_CUBE = select(cube.c.id).where(
    cube.c.agency == bindparam("agency"), cube.c.flow == bindparam("flow"), cube.c.version == bindparam("version")
)
_VISIBLE = select(func.max(release.c.ordinal)).where(
    release.c.cube == bindparam("cube"), release.c.state == RELEASED, release.c.visible_from <= bindparam("at")
)


def cube_id(connection: Connection, dataflow: Ref) -> int | None:
    """The row of a dataflow that has ever had a draft."""
    return connection.scalar(_CUBE, {"agency": dataflow.agency, "flow": dataflow.id, "version": dataflow.version})


def open_cube(connection: Connection, dataflow: Ref) -> int:
    """The row of a dataflow, made when there is none."""
    found = cube_id(connection, dataflow)
    if found is not None:
        return found
    values = {"agency": dataflow.agency, "flow": dataflow.id, "version": dataflow.version}
    return int(connection.execute(cube.insert().values(values).returning(cube.c.id)).scalar_one())


def visible_ordinal(connection: Connection, cube_row: int, at: datetime) -> int:
    """The ordinal of the newest release a reader saw at that moment; 0 when there was none."""
    return connection.scalar(_VISIBLE, {"cube": cube_row, "at": at}) or 0


def head_ordinal(connection: Connection, cube_row: int) -> int:
    """The newest release, visible or waiting under embargo: what the next draft is made on."""
    fits = and_(release.c.cube == cube_row, release.c.state == RELEASED)
    return connection.scalar(select(func.max(release.c.ordinal)).where(fits)) or 0


def next_ordinal(connection: Connection, cube_row: int) -> int:
    highest = select(func.max(release.c.ordinal)).where(release.c.cube == cube_row)
    return (connection.scalar(highest) or 0) + 1


def find_release(connection: Connection, public_id: str) -> RowMapping:
    """The row of a release or draft; :class:`NotFound` RELEASE_NOT_FOUND."""
    row = connection.execute(select(release).where(release.c.public_id == public_id)).mappings().one_or_none()
    if row is None:
        raise NotFound("RELEASE_NOT_FOUND", found=public_id[:40])
    return row


_withdrawal, _its_row = publication.alias("withdrawal"), release.alias("its_row")
_WITHDRAWN_BY = (
    select(_its_row.c.public_id)
    .join(_withdrawal, _withdrawal.c.release == _its_row.c.id)
    .where(_withdrawal.c.withdraws == release.c.id, _its_row.c.visible_from <= bindparam("now"))
    .scalar_subquery()
    .label("withdrawn_by")
)
_RELEASES = (
    select(
        release,
        cube.c.agency,
        cube.c.flow,
        cube.c.version,
        approval.c.by,
        publication.c.kind,
        publication.c.reasons,
        publication.c.thinned_at,
        planned.c.public_id.label("plan"),
        _WITHDRAWN_BY,
    )
    .join(cube, cube.c.id == release.c.cube)
    .outerjoin(approval, approval.c.release == release.c.id)
    .outerjoin(publication, publication.c.release == release.c.id)
    .outerjoin(planned, planned.c.id == publication.c.planned)
    .order_by(release.c.id.desc())
)


def list_releases(connection: Connection, *conditions: Any, now: datetime) -> list[Release]:
    """Releases and drafts that fit, newest first, each with its rank among the visible releases of its dataflow.

    A withdrawal that is not visible yet is not told of, not even by the release it takes back.
    """
    rows = connection.execute(_RELEASES.where(*conditions), {"now": now}).mappings().all()
    ranks = _ranks(connection, {row["cube"] for row in rows}, now)
    return [_release(row, ranks.get(row["id"]), now) for row in rows]


def _ranks(connection: Connection, cubes: set[int], now: datetime) -> dict[int, int]:
    seen = and_(release.c.cube.in_(cubes), release.c.state == RELEASED, release.c.visible_from <= now)
    rank = func.row_number().over(partition_by=release.c.cube, order_by=release.c.ordinal)
    rows: Sequence[Any] = connection.execute(select(release.c.id, rank).where(seen)).all()
    return {row[0]: row[1] for row in rows}


def _release(row: RowMapping, number: int | None, now: datetime) -> Release:
    waits = row["state"] == RELEASED and row["visible_from"] > now
    return Release(
        id=row["public_id"],
        dataflow=Ref(Kind.DATAFLOW, row["agency"], row["flow"], row["version"]),
        state=EMBARGOED if waits else row["state"],
        number=number,
        created_at=row["created_at"],
        created_by=row["created_by"],
        approved_by=row["by"],
        released_at=row["visible_from"],
        series=row["series"],
        observations=row["observations"],
        note=row["note"],
        kind=row["kind"] or "release",
        reasons=orjson.loads(row["reasons"] or "{}"),
        embargoed_until=row["visible_from"] if waits else None,
        planned=row["plan"],
        withdrawn_by=row["withdrawn_by"],
        thinned_at=row["thinned_at"],
    )
