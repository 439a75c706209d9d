"""Which vintage of a dataflow a viewer sees, read from the database or found in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Engine, and_

from hub.history import RELEASED, cube_id, list_releases
from hub.tables import release
from hub.timeline import timeline
from hub.vintages import Vintage, Vintages
from hub.visibility import ordinal_before, ordinal_for, ordinal_of
from registry.model import Structure
from registry.ports import Clock, Viewer
from registry.selection import Selection


class Seen:
    """The vintages that viewers may see; :mod:`hub.visibility` decides which."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._vintages = Vintages()

    def newest(self, selection: Selection, structure: Structure) -> Vintage | None:
        """The newest vintage everybody sees, if that is what is asked for and it is in use: most questions go this way."""
        if selection.as_of or selection.updated_after or selection.preview:
            return None
        releases = timeline(self._engine, structure.dataflow.ref)
        found = releases.cube and self._vintages.known(releases.cube, releases.ordinal(self._clock.now()))
        return found if found and found.release.state == RELEASED else None

    def at(self, connection: Connection, selection: Selection, structure: Structure, viewer: Viewer) -> Vintage | None:
        """What the viewer may see at the moment asked for."""
        cube, now = cube_id(connection, structure.dataflow.ref), self._clock.now()
        ordinal = ordinal_for(connection, cube, viewer, selection, now)
        if cube is None or not ordinal:
            return None
        vintage = self._vintages.get(connection, cube, ordinal, len(structure.dsd.key), now)
        newest = selection.as_of is None and not selection.preview
        return vintage if newest and vintage.release.state == RELEASED else self._told_anew(connection, vintage, now)

    def before(self, connection: Connection, vintage: Vintage, selection: Selection, structure: Structure) -> Vintage | None:
        """For ``updatedAfter``: the vintage that was visible then."""
        after = selection.updated_after
        if after is None:
            return None
        now = self._clock.now()
        ordinal = min(ordinal_before(connection, vintage.cube, after, now), vintage.ordinal)
        return self._vintages.get(connection, vintage.cube, ordinal, len(structure.dsd.key), now) if ordinal else None

    def released(self, connection: Connection, structure: Structure, viewer: Viewer, selection: Selection, id: str) -> Vintage:
        """The vintage of a release that the viewer sees."""
        cube, now = cube_id(connection, structure.dataflow.ref), self._clock.now()
        ordinal = ordinal_of(connection, cube, id, viewer, selection, now)
        assert cube is not None
        return self._told_anew(connection, self._vintages.get(connection, cube, ordinal, len(structure.dsd.key), now), now)

    def _told_anew(self, connection: Connection, vintage: Vintage, now: datetime) -> Vintage:
        """Until when a release waits, and whether it was withdrawn, changes after its vintage was read."""
        same = and_(release.c.cube == vintage.cube, release.c.ordinal == vintage.ordinal)
        return replace(vintage, release=list_releases(connection, same, now=now)[0])
