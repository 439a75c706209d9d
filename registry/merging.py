"""A part of an item scheme put into the whole, and an item taken out.

Source: SDMX REST 2.2, "Structural Metadata maintenance": "Partially update Item Schemes", "DELETE", "Nested Items".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from registry.model import Artefact, Item, ItemScheme, Nested


def merged(stored: Artefact, given: Artefact) -> Artefact:
    """What will stand: of item schemes the stored items with those given in their places, new ones at the end.

    Names and descriptions are replaced by language; whatever else is said of the scheme as it is given. An item that nests
    others brings all that it nests.
    """
    if not isinstance(stored, ItemScheme) or not isinstance(given, ItemScheme):
        return given
    told: dict[str, Any] = {
        "names": {**stored.names, **given.names},
        "descriptions": {**stored.descriptions, **given.descriptions},
        "items": _items(stored.items, given.items),
        "is_partial": stored.is_partial,
    }
    return replace(given, **told)


def without(scheme: ItemScheme, id: str) -> ItemScheme:
    """The scheme without an item; what it nests goes with it, and what merely has it as parent has none."""
    kept = (item for item in scheme.items if item.id != id and not (isinstance(item, Nested) and item.id.startswith(f"{id}.")))
    items: Any = tuple(replace(item, parent=None) if item.parent == id else item for item in kept)
    return replace(scheme, items=items)


def _items(stored: tuple[Item, ...], given: tuple[Item, ...]) -> tuple[Item, ...]:
    trees: dict[str, list[Item]] = {}
    for item in given:
        trees.setdefault(_top(item), []).append(item)
    placed: dict[str, list[Item]] = {}
    for item in stored:
        top = _top(item)
        placed.setdefault(top, trees.get(top, [])).extend(() if top in trees else [item])
    return tuple(_flat({**placed, **trees}.values()))


def _flat(trees: Iterable[Iterable[Item]]) -> Iterable[Item]:
    return (item for tree in trees for item in tree)


def _top(item: Item) -> str:
    return item.id.partition(".")[0] if isinstance(item, Nested) else item.id
