"""What a structure message says: artefacts, and what of it could not be understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from registry.errors import HubError
from registry.model import Artefact
from registry.ref import Ref
from registry.submission import Purpose


@dataclass(frozen=True)
class Fault:
    """An artefact that could not be read, at its place in the message; the others were. ``ref``: where it says who it is."""

    place: str
    error: HubError
    ref: Ref | None = None


@dataclass(frozen=True)
class StructureMessage:
    """``version`` is that of the format; ``prepared`` is None where the header says no time. ``labelled``: codes may have their
    names behind them, which :func:`adapters.sdmx.unlabelling.bare` takes off."""

    artefacts: tuple[Artefact, ...]
    faults: tuple[Fault, ...]
    version: str
    action: Purpose = Purpose.INFORMATION
    id: str = ""
    sender: str = ""
    prepared: datetime | None = None
    test: bool = False
    labelled: bool = False
