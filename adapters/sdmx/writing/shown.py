"""What is to be written of an artefact, what a format cannot hold of it, and what a structure format is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from adapters.sdmx.writing.header import Header
from registry.model import Artefact
from registry.ref import Ref


class Form(Enum):
    """How much of an artefact is written: all, identification and name, or also description and whether it is final."""

    FULL = auto()
    STUB = auto()
    COMPLETE_STUB = auto()


@dataclass(frozen=True)
class Shown:
    """An artefact in an answer. ``items``: ids to write if only some are wanted; ``address``: where the whole of a stub is."""

    artefact: Artefact
    form: Form = Form.FULL
    items: frozenset[str] | None = None
    address: str | None = None


@dataclass(frozen=True)
class Lost:
    """What a format cannot hold. ``place`` is a path of fields, empty for the whole; ``reason`` the code of a message."""

    ref: Ref
    place: str
    reason: str


@dataclass(frozen=True)
class StructureFormat:
    """A version of a structure format: ``sdmx-ml`` or ``sdmx-json``.

    ``write`` gives the message in pieces; what ``unheld`` names is left out of it, never said otherwise.
    """

    kind: str
    version: str
    write: Callable[[Header, Sequence[Shown]], Iterator[bytes]]
    unheld: Callable[[Shown], list[Lost]]
