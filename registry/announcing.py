"""How a door reads and changes the release calendar: the port that the roof implements (see :mod:`registry.ports`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from registry.publishing import Planned
from registry.ref import Ref
from registry.text import Names

if TYPE_CHECKING:
    from registry.ports import Viewer


class Calendar(Protocol):
    """The release calendar: what is published when, announced ahead. Reading is open to everybody."""

    def entries(
        self, viewer: Viewer, dataflow: Ref | None = None, start: datetime | None = None, end: datetime | None = None
    ) -> list[Planned]:
        """Planned releases whose moment lies in ``[start, end)``, earliest first; cancelled and published ones too."""
        ...

    def plan(
        self,
        dataflow: Ref,
        moment: datetime,
        periods: Iterable[str],
        legal_basis: Names,
        viewer: Viewer,
        names: Names | None = None,
    ) -> Planned:
        """Announce a release; ``names`` are the dataflow's where none are given."""
        ...

    def move(self, id: str, moment: datetime, reasons: Names, viewer: Viewer) -> Planned:
        """Move the date; a release that waits for it moves too."""
        ...

    def cancel(self, id: str, reasons: Names, viewer: Viewer) -> Planned: ...
