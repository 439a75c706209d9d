"""Item schemes: lists of items, or trees of them where ids are paths; long ones are written item by item.

Source: ``CodelistType`` to ``OrganisationUnitSchemeType`` of the schemas; field guide 2.1, "item".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Any, Protocol

from adapters.sdmx.jsonshape.notes import linked, noted_item
from adapters.sdmx.jsonshape.records import Part, Piece, Record, default
from adapters.sdmx.jsonshape.texts import Texts
from adapters.sdmx.jsonshape.ways import LANGUAGE, NO_VALUE, NOTHING, ORDER, Loss, Losses, Unlike, Way, at, moved
from registry.model import Item, Nested
from registry.ref import Ref


class Items(Protocol):
    """The items of a scheme, which stand under ``name``."""

    @property
    def name(self) -> str: ...

    def each(self, items: Iterable[Item], of: Ref, losses: Losses) -> Iterator[Any]:
        """What is written of the items, one by one; losses are said as ``items[3]``."""
        ...

    def lost(self, items: Iterable[Item], of: Ref, losses: Losses) -> None:
        """Only the losses."""
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

    def lost(self, items: Iterable[Item], of: Ref, losses: Losses) -> None:
        """Of most items only an id and names are said: nothing need be written to see that they can be (six times as fast)."""
        kept: list[tuple[int, Item]] = [(index, one) for index, one in enumerate(items) if not self._is_plain(one, of)]
        before = len(losses)
        for _ in self.each((one for _, one in kept), of, losses):
            pass
        for place in range(before, len(losses)):
            head, _, rest = losses[place].place.partition("]")
            losses[place] = Loss(f"items[{kept[int(head.removeprefix('items['))][0]}]{rest}", losses[place].reason)

    def _is_plain(self, item: Item, of: Ref) -> bool:
        """Whether it says nothing but an id, names and what it is below, and these can be said."""
        rest, usual, id, parent = self._plain
        if rest(item) != usual or id.said(item.id) is NOTHING or not all(map(_is_language, item.names)):
            return False
        return item.parent is None or (parent is not None and parent.write(item.parent, of, []) is not NOTHING)

    @cached_property
    def _plain(self) -> tuple[Any, tuple[Any, ...], Any, Way | None]:
        parts = {piece.field: piece.way for piece in self.way.pieces if isinstance(piece, Part)}
        others = [part.name for part in fields(self.way.cls) if part.name not in ("id", "names", "parent")]
        usual = tuple(default(self.way.cls, name) for name in others)
        # An item that must say more than id and names, as a place its coordinates, is never plain.
        needed = any(piece.needed for piece in self.way.pieces if isinstance(piece, Part) and piece.field in others)
        return attrgetter(*others), (NOTHING,) if needed else usual, parts["id"], parts.get("parent")

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

    def lost(self, items: Iterable[Any], of: Ref, losses: Losses) -> None:
        for _ in self.each(items, of, losses):
            pass

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


@lru_cache(1000)
def _is_language(tag: str) -> bool:
    return LANGUAGE.said(tag) is not NOTHING


def item(cls: type[Any], version: str, id: Piece, *pieces: Piece) -> Record:
    """The way of an item with a name; ``id`` is the piece of its id, ``pieces`` are those of its own."""
    named = (Texts("names", "name", "names", instead="id", needed=True), Texts("descriptions", "description", "descriptions"))
    return Record(cls, (id, *named, noted_item(version), linked(version), *pieces))
