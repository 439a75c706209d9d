"""The words of the grammar: a record is a class of the model as an element, its parts are attributes and children of it.

A record says of each part in which versions it exists. So one table serves reading, writing and the question what a version
cannot hold: every field of the class that no part covers in it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import MISSING, dataclass, field, fields
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from lxml import etree

from adapters.sdmx.elements import local
from adapters.sdmx.writing.shown import Lost
from adapters.sdmx.writing.xml import escape
from registry.errors import HubError, Invalid
from registry.ref import PARTS, ItemRef, Ref

VERSIONS = ("2.1", "3.0", "3.1")


@dataclass
class Context:
    """What is being written or read: the version, the artefact, and what of it cannot be held.

    ``seen`` are names that must not come twice; ``key``, ``groups`` and ``time`` are those of a data structure; ``items`` are
    those of a scheme that have been read.
    """

    version: str
    ref: Ref
    lost: list[Lost] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)
    key: tuple[str, ...] = ()
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    time: str = ""
    items: list[Any] | None = None

    @cached_property
    def urns(self) -> dict[str, str]:
        """What the URNs of the parts of the artefact begin with, by class."""
        return {part: ItemRef(part, self.ref, "").urn for part in PARTS.get(self.ref.kind, ())}

    def lose(self, place: str, reason: str) -> None:
        self.lost.append(Lost(self.ref, place, reason))


class Out:
    """An element that is being written."""

    __slots__ = ("attributes", "below", "content", "context", "place")

    def __init__(self, context: Context, place: str) -> None:
        self.below: Iterator[str] = iter(())
        self.context = context
        self.place = place
        self.attributes: list[str] = []
        self.content: list[str | Iterator[str]] = []

    def attribute(self, name: str, text: str) -> None:
        self.attributes.append(f' {name}="{escape(text)}"')

    def text(self, tag: str, text: str) -> None:
        self.content.append(f"<{tag}>{escape(text)}</{tag}>")

    def under(self, name: str, number: int | str | None = None) -> str:
        """The place of a field, or of one of those that it holds."""
        place = f"{self.place}.{name}" if self.place else name
        return place if number is None else f"{place}[{number}]"

    def lose(self, name: str, reason: str, number: int | str | None = None) -> None:
        self.context.lose(self.under(name, number), reason)

    def inside(self) -> Out:
        """For an element below this one that belongs to the same object."""
        return Out(self.context, self.place)

    def closed(self, tag: str) -> str:
        """The whole element."""
        return element_of(tag, "".join(self.attributes), "".join(self.pieces()))

    def pieces(self) -> Iterator[str]:
        """What is inside the element, the long parts of it as they are made."""
        for piece in self.content:
            if isinstance(piece, str):
                yield piece
            else:
                yield from piece


def element_of(tag: str, attributes: str, content: str) -> str:
    return f"<{tag}{attributes}>{content}</{tag}>" if content else f"<{tag}{attributes}/>"


class Node:
    """An element that is being read."""

    def __init__(self, of: etree._Element, context: Context) -> None:
        self.of = of
        self.context = context

    @cached_property
    def children(self) -> dict[str, list[etree._Element]]:
        """The elements below, by name."""
        found: dict[str, list[etree._Element]] = {}
        for child in self.of:
            found.setdefault(local(child), []).append(child)
        return found

    def all(self, tag: str) -> list[etree._Element]:
        return self.children.get(tag.partition(":")[2] or tag, [])

    def one(self, tag: str) -> etree._Element | None:
        return next(iter(self.all(tag)), None)


def bad(of: etree._Element, what: str, found: str = "") -> Invalid:
    """An element that cannot be read, with its line."""
    return Invalid("STRUCTURE_BAD_PART", line=of.sourceline or 0, part=f"{local(of)} {what}".strip(), found=found[:80] or "-")


class Part(ABC):
    """A part of an element. ``fields``: of the class, what it writes and reads."""

    @property
    @abstractmethod
    def fields(self) -> tuple[str, ...]: ...

    @property
    def quiet(self) -> bool:
        """Whether it writes nothing where its fields say nothing: then it need not be asked."""
        return False

    def covers(self, version: str) -> tuple[str, ...]:
        """The fields that it can say in a version, or itself names as lost."""
        return self.fields

    @abstractmethod
    def write(self, of: Any, out: Out) -> None:
        """Add to an element; :class:`adapters.sdmx.markup.values.Unfit` where the element cannot be without this part."""

    @abstractmethod
    def read(self, node: Node, found: dict[str, Any]) -> None:
        """Put into ``found`` the fields that are there; :class:`registry.errors.Invalid`."""


@dataclass(frozen=True)
class Only:
    """Parts that only some versions have."""

    versions: tuple[str, ...]
    parts: tuple[Part | Only, ...]


def old(*parts: Part | Only) -> Only:
    """SDMX 2.1."""
    return Only(("2.1",), parts)


def new(*parts: Part | Only) -> Only:
    """SDMX 3.0 and 3.1."""
    return Only(("3.0", "3.1"), parts)


def until_30(*parts: Part | Only) -> Only:
    """SDMX 2.1 and 3.0."""
    return Only(("2.1", "3.0"), parts)


def only_30(*parts: Part | Only) -> Only:
    """SDMX 3.0."""
    return Only(("3.0",), parts)


def only_31(*parts: Part | Only) -> Only:
    """SDMX 3.1."""
    return Only(("3.1",), parts)


def flat(parts: Iterable[Part | Only], version: str) -> Iterator[Part]:
    """The parts of a version."""
    for part in parts:
        if not isinstance(part, Only):
            yield part
        elif version in part.versions:
            yield from flat(part.parts, version)


_ABSENT: dict[type[Any], dict[str, Any]] = {}


def absent(cls: type[Any], name: str) -> Any:
    """What a field is where nothing is said; ``MISSING`` where something must be."""
    if cls not in _ABSENT:
        _ABSENT[cls] = {
            one.name: one.default if one.default_factory is MISSING else one.default_factory() for one in fields(cls)
        }
    return _ABSENT[cls][name]


class InVersion(NamedTuple):
    """A record in one version.

    parts      all that can be said
    loud       those that write something also where nothing is said, or are often said
    uncovered  the fields that have no place
    beside     gives what the quiet parts and the fields without a place say of a value
    nothing    that of a value of which they say nothing, as most items of long lists are
    """

    parts: tuple[Part, ...]
    loud: tuple[Part, ...]
    uncovered: tuple[str, ...]
    beside: Callable[[Any], Any]
    nothing: Any


@dataclass(frozen=True, eq=False)
class Record:
    """A class of the model as an element."""

    type: type[Any]
    parts: tuple[Part | Only, ...]

    @cached_property
    def _known(self) -> dict[str, InVersion]:
        return {}

    @cached_property
    def _needed(self) -> tuple[str, ...]:
        return tuple(one.name for one in fields(self.type) if absent(self.type, one.name) is MISSING)

    def of(self, version: str) -> InVersion:
        """The record in a version."""
        if version not in self._known:
            self._known[version] = self._in(version)
        return self._known[version]

    def _in(self, version: str) -> InVersion:
        parts = tuple(flat(self.parts, version))
        covered = {name for part in parts for name in part.covers(version)}
        uncovered = tuple(one.name for one in fields(self.type) if one.name not in covered)
        said = (*(name for part in parts if part.quiet for name in part.fields), *uncovered)
        beside = attrgetter(*said) if said else lambda _: ()
        absences = tuple(absent(self.type, name) for name in said)
        loud = tuple(part for part in parts if not part.quiet)
        return InVersion(parts, loud, uncovered, beside, absences[0] if len(said) == 1 else absences)

    def fill(self, out: Out, value: Any) -> None:
        """Write a value into an element that is begun."""
        known = self.of(out.context.version)
        if known.beside(value) == known.nothing:
            for part in known.loud:
                part.write(value, out)
            return
        for part in known.parts:
            part.write(value, out)
        for name in known.uncovered:
            if getattr(value, name) != absent(self.type, name):
                out.lose(name, "ML_NO_PLACE")

    def write(self, tag: str, value: Any, context: Context, place: str) -> str:
        """The element."""
        out = Out(context, place)
        self.fill(out, value)
        return out.closed(tag)

    def read(self, of: etree._Element, context: Context) -> Any:
        """The value; :class:`registry.errors.Invalid` STRUCTURE_BAD_PART names the line of what cannot be read."""
        node = Node(of, context)
        found: dict[str, Any] = {}
        for part in self.of(context.version).parts:
            part.read(node, found)
        return self.made(of, found)

    def made(self, of: etree._Element, found: dict[str, Any]) -> Any:
        for name in self._needed:
            if name not in found:
                raise bad(of, name)
        try:
            return self.type(**found)
        except (HubError, ValueError, TypeError) as error:
            raise bad(of, "", str(error)) from error
