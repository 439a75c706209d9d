"""A part of an artefact put into the whole: of an item scheme, or of a report some languages; and an item taken out.

Source: SDMX REST 2.2, "Structural Metadata maintenance": "Partially update Item Schemes", "DELETE", "Nested Items".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from registry.model import Artefact, Item, ItemScheme, MetadataSet, Nested, ReportedAttribute


def merged(stored: Artefact, given: Artefact) -> Artefact:
    """What will stand: of item schemes the stored items with those given in their places, new ones at the end; of a report that
    is in some languages only, these beside those it had.

    Names and descriptions are replaced by language; whatever else is said of the scheme as it is given. An item that nests
    others brings all that it nests.
    """
    if isinstance(stored, MetadataSet) and isinstance(given, MetadataSet) and given.is_partial_language:
        return _spoken(stored, given)
    if not isinstance(stored, ItemScheme) or not isinstance(given, ItemScheme):
        return given
    told: dict[str, Any] = {
        "names": {**stored.names, **given.names},
        "descriptions": {**stored.descriptions, **given.descriptions},
        "items": _items(stored.items, given.items),
        "is_partial": stored.is_partial,
    }
    return replace(given, **told)


def is_part(made: Artefact) -> bool:
    """Whether an artefact says itself that it is only a part."""
    return made.is_partial if isinstance(made, ItemScheme) else isinstance(made, MetadataSet) and made.is_partial_language


def _spoken(stored: MetadataSet, given: MetadataSet) -> MetadataSet:
    """Texts that are given stand for those in their languages, others stay (field guide of SDMX-CSV 2.1)."""
    return replace(
        given,
        names={**stored.names, **given.names},
        descriptions={**stored.descriptions, **given.descriptions},
        attributes=_fields(stored.attributes, given.attributes),
        is_partial_language=stored.is_partial_language,
    )


def _fields(stored: tuple[ReportedAttribute, ...], given: tuple[ReportedAttribute, ...]) -> tuple[ReportedAttribute, ...]:
    """Each field with the one of the same id that comes as often before it."""
    known: dict[str, list[ReportedAttribute]] = {}
    for one in stored:
        known.setdefault(one.id, []).append(one)
    pairs = ((one, known[one.id].pop(0) if known.get(one.id) else None) for one in given)
    return tuple(_field(was, one) if was is not None else one for one, was in pairs)


def _field(stored: ReportedAttribute, given: ReportedAttribute) -> ReportedAttribute:
    texts = {**stored.texts, **given.texts} if given.value is None else given.texts
    return replace(given, texts=texts, children=_fields(stored.children, given.children))


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
