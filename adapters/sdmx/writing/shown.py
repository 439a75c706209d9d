"""What is to be written of an artefact, what a format cannot hold of it, and what a structure format is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from enum import Enum, auto
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from adapters.sdmx.writing.header import Header
from registry.memory import Memory
from registry.model import Artefact, ItemScheme
from registry.ref import Ref

Made = TypeVar("Made")

LOST = "SDMX-Lost"
"""The header that says how many parts of an answer its format could not hold."""

NAMED = 100
"""Losses that a message names one by one; then it says how many more there are."""

NOT_WHOLE = 1406
"""What says in a message that it is not whole: a custom code, for the standard has none. sdmx1 reads numbers only."""


class Form(Enum):
    """How much of an artefact is written: all, identification and name, or also description and whether it is final."""

    FULL = auto()
    STUB = auto()
    COMPLETE_STUB = auto()


@dataclass(frozen=True)
class Shown:
    """An artefact in an answer. ``items``: ids to write if only some are wanted; ``address``: where the whole of a stub is.

    ``room``: where the texts of whole artefacts are kept, for short ones that a catalogue remembers.
    """

    artefact: Artefact
    form: Form = Form.FULL
    items: frozenset[str] | None = None
    address: str | None = None
    room: Memory | None = field(default=None, repr=False, compare=False)
    _made: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def at_once(self) -> bool:
        """Whether it is written before it is sent, so that writing it says what is lost; else it goes out as it is written."""
        return self.form is not Form.FULL or self.room is not None

    def written(self, format: str, make: Callable[..., Written], *given: object) -> Written:
        """As a format says it. The text of a whole artefact is kept for other answers, as long as there is room and what the
        catalogue remembers is the same object, which is held with it: its identity costs less than its name."""
        if self.room is None or self.items is not None:
            return self.once(format, make, *given)
        return self.room.recall((format, id(self.artefact)), lambda: (self.artefact, make(self, *given)))[1]

    def once(self, format: str, make: Callable[..., Made], *given: object) -> Made:
        """What a format makes of it and what else is given, made when it is asked for the first time."""
        made: Made | None = self._made.get(format)
        if made is None:
            made = self._made[format] = make(self, *given)
        return made


@dataclass(frozen=True)
class Lost:
    """What a format cannot hold. ``place`` is a path of fields, empty for the whole; ``reason`` the code of a message, and
    ``cause`` what that names beside it."""

    ref: Ref
    place: str
    reason: str
    cause: str = ""


class Written(NamedTuple):
    """An artefact as a format says it: as which, the text, empty where it cannot, and what it cannot hold of it."""

    ref: Ref
    content: str
    lost: tuple[Lost, ...]


TEXTS = 16 * 1024 * 1024
"""Characters of whole artefacts that are kept, some 80 MB with the artefacts; the least recently used go first."""


def room() -> Memory:
    """Room for the texts of whole artefacts."""
    return Memory(TEXTS, lambda held: len(held[1].content) + _BESIDE)


_BESIDE = 500
"""What else is held weighs about as much as so many characters."""

TOGETHER = 64
"""Stubs that are written at once."""


def together(contents: Iterable[str], between: str = "") -> Iterator[str]:
    """Short texts joined, some at a time: thousands of pieces would each travel all the way of an answer."""
    left = filter(None, contents)
    while some := [*islice(left, TOGETHER)]:
        yield between.join(some)


@dataclass(frozen=True)
class StructureFormat:
    """A version of a structure format: ``sdmx-ml`` or ``sdmx-json``.

    ``write`` gives the message in pieces; what ``unheld`` names is left out of it, never said otherwise.
    """

    kind: str
    version: str
    write: Callable[[Header, Sequence[Shown]], Iterator[bytes]]
    unheld: Callable[[Shown], list[Lost]]


def presented(one: Shown) -> Artefact:
    """The artefact as it is to be seen: of a stub what identifies it and what it cannot lack, of a list the items wanted."""
    artefact = one.artefact
    if one.form is Form.FULL:
        if one.items is None or not isinstance(artefact, ItemScheme):
            return artefact
        return replace(artefact, items=tuple(item for item in artefact.items if item.id in one.items), is_partial=True)
    kept = _IDENTITY if one.form is Form.STUB else _COMPLETE
    said = {part.name: getattr(artefact, part.name) for part in fields(artefact) if part.name in kept or _needed(part)}
    emptied = {name: () for name in _LONG if name in said}
    return type(artefact)(**said | emptied, is_external_reference=True, structure_url=one.address or artefact.structure_url)


_IDENTITY = frozenset({"ref", "names", "is_final", "service_url"})
_COMPLETE = _IDENTITY | {"descriptions", "annotations", "links", "uri", "source", "valid_from", "valid_to"}
_LONG = frozenset({"dimensions", "measures"})
"""Without these a structure has no components."""


def _needed(part: Field[Any]) -> bool:
    return part.name in _LONG or (part.default is MISSING and part.default_factory is MISSING)
