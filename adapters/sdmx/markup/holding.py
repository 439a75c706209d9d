"""The parts of a record that hold other parts, or nothing: elements around, choices, what is always the same or only once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.sdmx.markup.grammar import Node, Only, Out, Part, absent, flat
from adapters.sdmx.markup.parts import Single
from adapters.sdmx.markup.values import Unfit


@dataclass(frozen=True)
class Within(Part):
    """An element that only holds parts of the same object; ``always``: also when it is empty."""

    tag: str
    parts: tuple[Part | Only, ...]
    always: bool = False
    attributes: Mapping[str, str] | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(fields_of(self.parts))

    def covers(self, version: str) -> tuple[str, ...]:
        return tuple(name for part in flat(self.parts, version) for name in part.covers(version))

    def write(self, of: Any, out: Out) -> None:
        inside = out.inside()
        for part in flat(self.parts, out.context.version):
            part.write(of, inside)
        if inside.content or inside.attributes or self.always:
            for name, text in (self.attributes or {}).items():
                inside.attribute(name, text)
            out.content.append(inside.closed(self.tag))

    def read(self, node: Node, found: dict[str, Any]) -> None:
        child = node.one(self.tag)
        if child is not None:
            inside = Node(child, node.context)
            for part in flat(self.parts, node.context.version):
                part.read(inside, found)


@dataclass(frozen=True)
class Flag(Single):
    """A truth said by an empty element."""

    tag: str

    def write(self, of: Any, out: Out) -> None:
        if getattr(of, self.field):
            out.content.append(f"<{self.tag}/>")

    def read(self, node: Node, found: dict[str, Any]) -> None:
        found[self.field] = node.one(self.tag) is not None


@dataclass(frozen=True)
class Constant(Part):
    """An attribute that always says the same."""

    name: str
    text: str

    @property
    def fields(self) -> tuple[str, ...]:
        return ()

    def write(self, of: Any, out: Out) -> None:
        out.attribute(self.name, self.text)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        """Nothing: it always says the same."""


@dataclass(frozen=True)
class Once(Part):
    """That a name comes only once in the whole artefact."""

    name: str

    @property
    def fields(self) -> tuple[str, ...]:
        return ()

    def write(self, of: Any, out: Out) -> None:
        found = self.name, getattr(of, self.name)
        if found in out.context.seen:
            raise Unfit("ML_TWICE")
        out.context.seen.add(found)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        """Nothing: the schema says it."""


@dataclass(frozen=True)
class Choice(Part):
    """One of several ways, each known by its first part: the first that the object has is written, what it has besides is lost.

    ``strict``: there must be nothing besides.
    """

    options: tuple[tuple[Part | Only, ...], ...]
    required: bool = False
    strict: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(name for option in self.options for name in fields_of(option))

    def write(self, of: Any, out: Out) -> None:
        said = [name for name in dict.fromkeys(self.fields) if getattr(of, name) != absent(type(of), name)]
        options = (tuple(flat(option, out.context.version)) for option in self.options)
        chosen = next((option for option in options if option and set(option[0].fields) & set(said)), ())
        inside, mark = out.inside(), len(out.context.lost)
        try:
            if self.required and not chosen:
                raise Unfit("ML_TOO_FEW")
            if self.strict and set(said) - {name for part in chosen for name in part.fields}:
                raise Unfit("ML_ONE_OF")
            for part in chosen:
                part.write(of, inside)
        except Unfit as unfit:
            del out.context.lost[mark:]
            if self.required or self.strict:
                raise
            lost = dict.fromkeys(said, unfit.reason)
        else:
            out.content += inside.content
            kept = {name for part in chosen for name in part.fields}
            lost = {name: "ML_ONE_OF" for name in said if name not in kept}
        for name, reason in lost.items():
            out.lose(name, reason)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        for option in self.options:
            for part in flat(option, node.context.version):
                part.read(node, found)


def fields_of(parts: tuple[Part | Only, ...]) -> Iterator[str]:
    """The fields of parts in any version."""
    for part in parts:
        yield from fields_of(part.parts) if isinstance(part, Only) else part.fields


@dataclass(frozen=True)
class Both(Part):
    """Parts of which the schema wants all or none."""

    parts: tuple[Part, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(fields_of(self.parts))

    def write(self, of: Any, out: Out) -> None:
        said = [name for name in self.fields if getattr(of, name) != absent(type(of), name)]
        inside = out.inside()
        try:
            for part in self.parts if said else ():
                part.write(of, inside)
        except Unfit as unfit:
            for name in said:
                out.lose(name, unfit.reason)
        else:
            out.content += inside.content

    def read(self, node: Node, found: dict[str, Any]) -> None:
        for part in self.parts:
            part.read(node, found)
