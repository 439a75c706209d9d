"""Item schemes in general: items one after the other, or inside each other.

Source: ``SDMXStructureBase.xsd`` of SDMX 2.1, 3.0, 3.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from adapters.sdmx.markup.common import artefact
from adapters.sdmx.markup.grammar import Context, Node, Only, Out, Part, Record, old, only_30, only_31
from adapters.sdmx.markup.parts import Attr
from adapters.sdmx.markup.references import Local
from adapters.sdmx.markup.values import BOOLEAN, ID, NCNAME, Unfit, Value
from registry.model import (
    Item,
    ItemScheme,
)
from registry.ref import Kind


@dataclass(frozen=True)
class Items(Part):
    """The items of a scheme, written and read one by one: there may be very many."""

    tag: str
    record: Record

    @property
    def fields(self) -> tuple[str, ...]:
        return ("items",)

    def write(self, of: Any, out: Out) -> None:
        out.content.append(self._pieces(of.items, out))

    def _pieces(self, items: tuple[Item, ...], out: Out) -> Iterator[str]:
        for number, one in enumerate(items):
            mark = len(out.context.lost)
            try:
                yield self.record.write(self.tag, one, out.context, f"items[{number}]")
            except Unfit as unfit:
                del out.context.lost[mark:]
                out.lose("items", unfit.reason, number)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        """Whoever reads the message has read them already, each as it came, and let its elements go."""
        found["items"] = tuple(node.context.items or ())

    def made(self, of: etree._Element, context: Context) -> list[Any]:
        """The items that an element below the scheme is."""
        return [self.record.read(of, context)]


@dataclass(frozen=True)
class Below(Part):
    """Where in an item those below it stand."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("parent",)

    def write(self, of: Any, out: Out) -> None:
        out.content.append(out.below)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        """Nothing: :class:`Tree` reads them."""


@dataclass(frozen=True)
class PathId(Attr):
    """The last id of a path."""

    def put(self, out: Out, text: str) -> None:
        out.attribute(self.name, text.rpartition(".")[2])


@dataclass(frozen=True)
class Tree(Items):
    """Items inside each other; in the model they are one list, each with the path of its ids."""

    def write(self, of: Any, out: Out) -> None:
        numbers = {one.id: number for number, one in enumerate(of.items)}
        walked = [one.id for one in _all_below(of, None)]
        hanging = numbers.keys() - set(walked)
        for id in sorted(hanging, key=numbers.__getitem__):
            out.lose("items", "ML_NO_PARENT", numbers[id])
        if walked != [one.id for one in of.items if one.id not in hanging]:
            out.lose("items", "STRUCTURE_LOST_ORDER")
        out.content.append(self._below(of, None, numbers, out))

    def _below(self, of: ItemScheme, above: str | None, numbers: dict[str, int], out: Out) -> Iterator[str]:
        for one in of.children.get(above, ()):
            mark = len(out.context.lost)
            inside = Out(out.context, f"items[{numbers[one.id]}]")
            inside.below = self._below(of, one.id, numbers, out)
            try:
                self.record.fill(inside, one)
            except Unfit as unfit:
                del out.context.lost[mark:]
                for lost in (one, *_all_below(of, one.id)):
                    out.lose("items", unfit.reason, numbers[lost.id])
            else:
                yield inside.closed(self.tag)

    def made(self, of: etree._Element, context: Context) -> list[Any]:
        return self._made(of, context, None)

    def _made(self, of: etree._Element, context: Context, above: str | None) -> list[Any]:
        node, found = Node(of, context), dict[str, Any]()
        for part in self.record.of(context.version).parts:
            part.read(node, found)
        path = ".".join(filter(None, (above, found.get("id"))))
        made = [self.record.made(of, found | {"id": path})]
        for child in node.all(self.tag):
            made += self._made(child, context, path)
        return made


def _all_below(of: ItemScheme, parent: str | None) -> Iterator[Item]:
    for one in of.children.get(parent, ()):
        yield one
        yield from _all_below(of, one.id)


PARTIAL = Attr("is_partial", "isPartial", BOOLEAN)


def parent(later: Value) -> tuple[Part | Only, ...]:
    """The item above; SDMX 3.0 wants a name there, so that its numbers have no parent."""
    return (
        old(Local("parent", "str:Parent", ID)),
        only_30(Local("parent", "str:Parent", NCNAME)),
        only_31(Local("parent", "str:Parent", later)),
    )


def items_part(record: Record, version: str) -> Items | None:
    """The part of an artefact that are its items."""
    return next((part for part in record.of(version).parts if isinstance(part, Items)), None)


def scheme(kind: Kind, cls: type[ItemScheme], *parts: Part | Only) -> Record:
    """The record of an item scheme."""
    return artefact(kind, cls, PARTIAL, *parts)
