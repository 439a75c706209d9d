"""How a door changes the registry: the port that the roof implements (see :mod:`registry.ports`)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from registry.model import Artefact
from registry.ref import Ref
from registry.submission import Order, Purpose, Result, Taken

if TYPE_CHECKING:
    from registry.ports import Viewer


class Maintenance(Protocol):
    """Changes of the registry, each message in one transaction with its entries in history and audit.

    Every method raises Unauthenticated or Denied for whoever may not change the registry; what is wrong with an artefact stands
    in its result.
    """

    def admit(self, viewer: Viewer) -> None:
        """Whether the viewer may change the registry: to be asked before a message is received."""
        ...

    def incoming(self) -> AbstractContextManager[Path]:
        """An empty folder for a message on its way in, gone afterwards."""
        ...

    def submit(self, artefacts: Sequence[Artefact], purpose: Purpose, order: Order, viewer: Viewer) -> list[Result]:
        """Store artefacts, or with DELETE take them out; a result for each, in their order."""
        ...

    def remove(self, ref: Ref, item: str | None, order: Order, viewer: Viewer) -> Result:
        """Take out an artefact that is named exactly, or one item of it."""
        ...


class DataIntake(Protocol):
    """Observations handed in: a draft, which waits for approval as every one does."""

    def admit(self, viewer: Viewer) -> None:
        """Whether the viewer may hand observations in; Unauthenticated or Denied else."""
        ...

    def submit(self, path: Path, dataflow: Ref | None, dry: bool, viewer: Viewer) -> Taken:
        """What becomes of a message in a file. ``dataflow``: where observations go that name only a structure, or none.

        An error where nothing of the message could be taken as a message; refused observations stand in the answer.
        """
        ...
