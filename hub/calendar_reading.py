"""The release calendar as everybody may read it. What waits behind an entry is not told before its moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, RowMapping, select

from hub.access import Action, Rules
from hub.batches import batched
from hub.calendar import ENTRIES, Planning
from hub.database import reading
from hub.release_tables import planned, planned_change
from hub.tables import cube
from registry.ports import Catalogue, Clock, Viewer
from registry.publishing import OFFICE_TIME, Planned, PlannedChange
from registry.ref import Kind, Ref
from registry.text import Names

_WITH_FLOW = ENTRIES.join(cube, cube.c.id == planned.c.cube).add_columns(cube.c.agency, cube.c.flow, cube.c.version)


class ReleaseCalendar:
    """Implements :class:`registry.ports.Calendar`."""

    def __init__(self, engine: Engine, clock: Clock, rules: Rules, catalogue: Catalogue) -> None:
        self._engine = engine
        self._clock = clock
        self._rules = rules
        self._planning = Planning(engine, clock, rules, catalogue)

    def entries(
        self, viewer: Viewer, dataflow: Ref | None = None, start: datetime | None = None, end: datetime | None = None
    ) -> list[Planned]:
        """Planned releases whose moment lies in ``[start, end)``, earliest first; cancelled and published ones too."""
        wanted = [planned.c.moment >= start] if start else []
        wanted += [planned.c.moment < end] if end else []
        if dataflow is not None:
            wanted += [cube.c.agency == dataflow.agency, cube.c.flow == dataflow.id, cube.c.version == dataflow.version]
        return self._read(viewer, *wanted)

    def plan(
        self,
        dataflow: Ref,
        moment: datetime,
        periods: Iterable[str],
        legal_basis: Names,
        viewer: Viewer,
        names: Names | None = None,
    ) -> Planned:
        return self._one(self._planning.plan(dataflow, moment, periods, legal_basis, viewer, names), viewer)

    def move(self, id: str, moment: datetime, reasons: Names, viewer: Viewer) -> Planned:
        self._planning.move(id, moment, reasons, viewer)
        return self._one(id, viewer)

    def cancel(self, id: str, reasons: Names, viewer: Viewer) -> Planned:
        self._planning.cancel(id, reasons, viewer)
        return self._one(id, viewer)

    def _one(self, id: str, viewer: Viewer) -> Planned:
        (found,) = self._read(viewer, planned.c.public_id == id)
        return found

    def _read(self, viewer: Viewer, *wanted: Any) -> list[Planned]:
        now, names_shown = self._clock.now(), self._rules.allows(viewer, Action.SEE_DRAFTS)
        with reading(self._engine) as connection:
            rows = connection.execute(_WITH_FLOW.where(*wanted).order_by(planned.c.moment, planned.c.id)).mappings().all()
            changes = _changes(connection, [row["id"] for row in rows], names_shown)
        return [_entry(row, changes[row["id"]], now) for row in rows]


def _changes(connection: Connection, rows: list[int], names_shown: bool) -> dict[int, list[PlannedChange]]:
    found: dict[int, list[PlannedChange]] = defaultdict(list)
    for some in batched(rows, 500):
        query = select(planned_change).where(planned_change.c.planned.in_(some))
        for row in connection.execute(query.order_by(planned_change.c.planned, planned_change.c.number)).mappings():
            # The public learns why; who of the staff wrote it is the office's business.
            by = row["by"] if names_shown else None
            moment = row["moment"].astimezone(OFFICE_TIME)
            found[row["planned"]].append(PlannedChange(row["at"], row["state"], moment, orjson.loads(row["reasons"]), by))
    return found


def _entry(row: RowMapping, changes: list[PlannedChange], now: datetime) -> Planned:
    done = row["visible_from"] is not None and row["visible_from"] <= now
    return Planned(
        id=row["public_id"],
        dataflow=Ref(Kind.DATAFLOW, row["agency"], row["flow"], row["version"]),
        names=orjson.loads(row["names"]),
        periods=tuple(orjson.loads(row["periods"])),
        legal_basis=orjson.loads(row["legal_basis"]),
        moment=row["moment"].astimezone(OFFICE_TIME),
        state="done" if done else row["state"],
        release=row["release_id"] if done else None,
        changes=tuple(changes),
    )
