"""Item schemes and their items: an ordered list, possibly a tree through ``parent``.

Source: ``SDMXStructureBase.xsd``, "ItemSchemeType" and "ItemType", of SDMX 2.1, 3.0 and 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from registry.model.base import Annotation, Link, Maintainable, Moment, facts, nothing
from registry.text import Names


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of an item scheme. There may be very many: without ``__dict__``, and with one empty mapping for all.

    ``id`` is what references name: where the standard nests items (:class:`Nested`) the path from the top. ``valid_from`` and
    ``valid_to`` no version of the standard has; messages carry them as annotations ``VALID_FROM``, ``VALID_TO``.
    """

    id: str
    names: Names = field(default_factory=nothing)
    parent: str | None = None
    descriptions: Names = field(default_factory=nothing)
    annotations: tuple[Annotation, ...] = ()
    links: tuple[Link, ...] = ()
    uri: str = ""
    valid_from: Moment | None = None
    valid_to: Moment | None = None


@dataclass(frozen=True, slots=True)
class Nested(Item):
    """An item that the standard nests in others, where ids need only differ among siblings.

    ``id`` is the path from the top with dots, as in its URN: so ``parent`` need not be given, and is what the path says.
    """

    def __post_init__(self) -> None:
        object.__setattr__(self, "parent", self.id.rpartition(".")[0] or None)

    @property
    def local_id(self) -> str:
        """The id among its siblings."""
        return self.id.rpartition(".")[2]


@dataclass(frozen=True, kw_only=True)
class ItemScheme(Maintainable):
    """An ordered list of items. ``is_partial``: only some of the items of the scheme are here."""

    items: tuple[Item, ...] = ()
    is_partial: bool = False

    @cached_property
    def by_id(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def children(self) -> dict[str | None, tuple[Item, ...]]:
        """Items under each parent; roots under None."""
        groups: dict[str | None, list[Item]] = {}
        for item in self.items:
            groups.setdefault(item.parent, []).append(item)
        return {parent: tuple(items) for parent, items in groups.items()}

    @cached_property
    def fact_types(self) -> tuple[str, ...]:
        """The annotation types that say something of any of the items, in the order in which they come."""
        return tuple(dict.fromkeys(name for item in self.items if item.annotations for name in facts(item)))
