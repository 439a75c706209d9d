"""Which release of a dataflow everybody sees at a moment, and what the public's view of it rests on, without asking each time.

What was committed of releases is remembered with its moments (:mod:`registry.pulse`); only the moment is looked for. A release
that waits has no part in anything before its moment, however often it is moved.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple

from sqlalchemy import Engine, bindparam, select

from hub.database import reading
from hub.history import RELEASED
from hub.release_tables import publication
from hub.tables import cube, release
from registry.pulse import remembered
from registry.ref import Ref
from registry.store import revision

_RELEASES = (
    select(release.c.visible_from, release.c.ordinal, publication.c.thinned_at, release.c.cube)
    .join(cube, cube.c.id == release.c.cube)
    .outerjoin(publication, publication.c.release == release.c.id)
    .where(
        cube.c.agency == bindparam("agency"),
        cube.c.flow == bindparam("flow"),
        cube.c.version == bindparam("version"),
        release.c.state == RELEASED,
    )
    .order_by(release.c.visible_from, release.c.ordinal)
)


class _Seen(NamedTuple):
    """The releases up to a moment: how many, the newest, and how many of them were thinned out."""

    releases: int = 0
    ordinal: int = 0
    thinned: int = 0


@dataclass(frozen=True)
class Timeline:
    """The released states of a dataflow. ``cube``: its row, None while nothing was released; ``seen[n]``: once n moments have
    come."""

    cube: int | None
    moments: tuple[datetime, ...]
    seen: tuple[_Seen, ...]

    def ordinal(self, now: datetime) -> int:
        """The newest vintage that everybody sees; 0 for none."""
        return self.seen[bisect_right(self.moments, now)].ordinal

    def standing(self, now: datetime) -> str:
        """Differs as soon as anything told of the visible releases does: they only ever become visible, the newest last, and
        nothing of them changes but whether they are kept."""
        return self._standings[bisect_right(self.moments, now)]

    @cached_property
    def _standings(self) -> tuple[str, ...]:
        moments = ("-", *(moment.isoformat() for moment in self.moments))
        return tuple(
            f"{releases} {ordinal} {moment} {thinned}"
            for (releases, ordinal, thinned), moment in zip(self.seen, moments, strict=True)
        )


def timeline(engine: Engine, dataflow: Ref) -> Timeline:
    """The timeline as it stands."""
    return remembered(engine, ("timeline", dataflow), lambda: _read(engine, dataflow))


def standing(engine: Engine, dataflow: Ref | None, now: datetime) -> str:
    """What the public's view of a dataflow, or of the registry alone, rests on: answers are kept while it is the same."""
    registry = str(revision(engine))
    return registry if dataflow is None else f"{registry} {timeline(engine, dataflow).standing(now)}"


def _read(engine: Engine, dataflow: Ref) -> Timeline:
    names = {"agency": dataflow.agency, "flow": dataflow.id, "version": dataflow.version}
    with reading(engine) as connection:
        rows = connection.execute(_RELEASES, names).all()
    seen = tuple(accumulate(rows, _also, initial=_Seen()))
    return Timeline(rows[0].cube if rows else None, tuple(row.visible_from for row in rows), seen)


def _also(before: _Seen, row: Any) -> _Seen:
    return _Seen(before.releases + 1, max(before.ordinal, row.ordinal), before.thinned + (row.thinned_at is not None))
