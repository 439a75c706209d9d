"""Single items of an artefact: with those above them where items nest, and nothing else.

Source: SDMX REST 2.2, "Notes about using itemID"; SDMX REST 1.5.0, "Additional parameter used for identifying a resource".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import replace

from adapters.sdmx.resources import NESTED
from registry.model import Artefact, HierarchicalCode, HierarchicalCodelist, Hierarchy, ItemScheme

Codes = tuple[HierarchicalCode, ...]


def chosen(whole: Artefact, ids: Set[str]) -> Artefact | None:
    """The artefact with only these items; None where it has none of them."""
    kept = ids & item_ids(whole)
    if not kept:
        return None
    if isinstance(whole, ItemScheme):
        kept = with_those_above(kept) if whole.ref.kind in NESTED else kept
        return replace(whole, items=tuple(item for item in whole.items if item.id in kept), is_partial=True)
    if isinstance(whole, HierarchicalCodelist):
        return replace(whole, hierarchies=tuple(one for one in whole.hierarchies if one.id in kept))
    assert isinstance(whole, Hierarchy)
    return replace(whole, codes=_pruned(whole.codes, with_those_above(kept)))


def item_ids(artefact: Artefact) -> Set[str]:
    """The ids, where items nest the paths, of what can be asked for of an artefact one by one."""
    if isinstance(artefact, ItemScheme):
        return artefact.by_id.keys()
    if isinstance(artefact, HierarchicalCodelist):
        return {one.id for one in artefact.hierarchies}
    return {path for path, _ in _walked(artefact.codes)} if isinstance(artefact, Hierarchy) else set()


def with_those_above(paths: Iterable[str]) -> set[str]:
    """Paths with dots, and all that they begin with."""
    parts = [path.split(".") for path in paths]
    return {".".join(part[:count]) for part in parts for count in range(1, len(part) + 1)}


def _walked(codes: Codes, above: str = "") -> Iterator[tuple[str, HierarchicalCode]]:
    """Every code of a hierarchy with its path from the top."""
    for code in codes:
        yield f"{above}{code.id}", code
        yield from _walked(code.children, f"{above}{code.id}.")


def _pruned(codes: Codes, kept: Set[str], above: str = "") -> Codes:
    return tuple(
        replace(code, children=_pruned(code.children, kept, f"{above}{code.id}."))
        for code in codes
        if f"{above}{code.id}" in kept
    )
