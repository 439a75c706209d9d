"""Item schemes: lists of items, or trees of them where ids are paths; long ones are written item by item.

Source: ``CodelistType`` to ``OrganisationUnitSchemeType`` of the schemas; field guide 2.1, "item".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

from adapters.sdmx.jsonshape.notes import linked, noted_item
from adapters.sdmx.jsonshape.records import Piece, Record
from adapters.sdmx.jsonshape.texts import Texts
from adapters.sdmx.jsonshape.ways import NO_VALUE, NOTHING, ORDER, Loss, Losses, Unlike, at, moved
from registry.model import Item, Nested
from registry.ref import Ref


class Items(Protocol):
    """The items of a scheme, which stand under ``name``."""

    @property
    def name(self) -> str: ...

    def each(self, items: Iterable[Item], of: Ref, losses: Losses) -> Iterator[Any]:
        """What is written of the items, one by one; losses are said as ``items[3]``."""
        ...

    def read(self, found: Any, lang: str) -> tuple[Any, ...]: ...


@dataclass(frozen=True)
class Flat:
    """A list; what is below another item says so."""

    name: str
    way: Record

    def each(self, items: Iterable[Item], of: Ref, losses: Losses) -> Iterator[Any]:
        write = self.way.write
        for index, item in enumerate(items):
            before = len(losses)
            said = write(item, of, losses)
            if said is NOTHING:
                del losses[before:]
                losses.append(Loss(f"items[{index}]", NO_VALUE))
                continue
            if len(losses) > before:
                moved(losses, before, f"items[{index}]")
            yield said

    def read(self, found: Any, lang: str) -> tuple[Any, ...]:
        if not isinstance(found, list):
            raise Unlike("a list", self.name)
        read = self.way.read
        items = []
        for index, one in enumerate(found):
            try:
                items.append(read(one, lang))
            except Unlike as error:
                raise error.under(f"{self.name}[{index}]") from None
        return tuple(items)


@dataclass(frozen=True)
class Tree:
    """Items inside items: each says the last part of its path. ``name`` is also that of the items below one."""

    name: str
    way: Record

    def each(self, items: Iterable[Any], of: Ref, losses: Losses) -> Iterator[Any]:
        nodes: dict[str, Any] = {}
        roots: list[Any] = []
        path: list[str] = []
        in_order = True
        for index, item in enumerate(items):
            said = self._node(item, index, nodes, of, losses)
            if said is None:
                continue
            nodes[item.id] = said
            (roots if item.parent is None else nodes[item.parent].setdefault(self.name, [])).append(said)
            while path and path[-1] != item.parent:
                path.pop()
            in_order = in_order and (item.parent is None or bool(path))
            path.append(item.id)
        if not in_order:
            losses.append(Loss("items", ORDER))
        yield from roots

    def _node(self, item: Nested, index: int, nodes: dict[str, Any], of: Ref, losses: Losses) -> Any:
        """An item that has its place: below one that was written, and the only one of its id."""
        before = len(losses)
        placed = item.id not in nodes and (item.parent is None or item.parent in nodes)
        said = self.way.write(replace(item, id=item.local_id), of, losses) if placed else NOTHING
        if said is NOTHING:
            del losses[before:]
            losses.append(Loss(f"items[{index}]", NO_VALUE))
            return None
        moved(losses, before, f"items[{index}]")
        return said

    def read(self, found: Any, lang: str) -> tuple[Any, ...]:
        return tuple(self._below(None, found, lang))

    def _below(self, parent: str | None, found: Any, lang: str) -> Iterator[Any]:
        if not isinstance(found, list):
            raise Unlike("a list", self.name)
        for index, one in enumerate(found):
            place = f"{self.name}[{index}]"
            item = at(place, self.way, one, lang)
            path = f"{parent}.{item.id}" if parent else item.id
            yield replace(item, id=path)
            if one.get(self.name) is not None:
                try:
                    yield from self._below(path, one[self.name], lang)
                except Unlike as error:
                    raise error.under(place) from None


def item(cls: type[Any], version: str, id: Piece, *pieces: Piece) -> Record:
    """The way of an item with a name; ``id`` is the piece of its id, ``pieces`` are those of its own."""
    named = (Texts("names", "name", "names", instead="id", needed=True), Texts("descriptions", "description", "descriptions"))
    return Record(cls, (id, *named, noted_item(version), linked(version), *pieces))
