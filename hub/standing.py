"""What the public's view of a dataflow rests on, in one look-up: answers are kept for as long as it is the same.

The state is a function of what everybody may see now. A release that waits has no part in it, however often it is moved.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, String, bindparam, cast, func, select

from hub.history import RELEASED
from hub.release_tables import publication
from hub.tables import cube, release
from registry.glance import Glance
from registry.records import REVISION
from registry.ref import Ref


def _statement() -> Select[Any]:
    """Releases only ever become visible, the newest last; of those that are, nothing changes but whether they are kept."""
    newest = (func.max(release.c.ordinal), func.max(release.c.visible_from))
    told = (func.count(release.c.id), *newest, func.count(publication.c.thinned_at))
    text: ColumnElement[str] = func.coalesce(cast(REVISION.scalar_subquery(), String), "0")
    for part in told:
        text = text.concat(" ").concat(func.coalesce(cast(part, String), "-"))
    return (
        select(text)
        .select_from(release)
        .join(cube, cube.c.id == release.c.cube)
        .outerjoin(publication, publication.c.release == release.c.id)
        .where(
            cube.c.agency == bindparam("agency"),
            cube.c.flow == bindparam("flow"),
            cube.c.version == bindparam("version"),
            release.c.state == RELEASED,
            release.c.visible_from <= bindparam("now"),
        )
    )


_OF_DATAFLOW, _OF_REGISTRY = Glance(_statement()), Glance(REVISION)


def standing(engine: Engine, dataflow: Ref | None, now: datetime) -> str:
    """A text that differs as soon as the registry, or anything told of the visible releases of the dataflow, has changed."""
    if dataflow is None:
        return str(_OF_REGISTRY.at(engine) or 0)
    found = _OF_DATAFLOW.at(engine, agency=dataflow.agency, flow=dataflow.id, version=dataflow.version, now=now)
    return str(found)
