"""What must be true of every artefact before it is stored, whoever made it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from registry.climbing import DEEPEST, climbed, too_deep
from registry.correspondence import Correspondence, is_share
from registry.errors import Invalid
from registry.hierarchy import hierarchies, parent_in
from registry.model import (
    Artefact,
    Dataflow,
    DataStructure,
    HierarchicalCodelist,
    Hierarchy,
    Item,
    ItemScheme,
    Maintainable,
    RepresentationMap,
    day,
    references,
)
from registry.proper_ids import proper
from registry.ref import Ref
from registry.version import is_version

IDENTIFIER = re.compile(r"[A-Za-z0-9_@$-]+")
"""Identifiers as the standard has them. Source: SDMX 3.0 section 2, ``IDType``."""


LONGEST_ID = 255
"""Characters of an identifier, as the tables have room for."""

LONGEST_VERSION = 64
"""Characters of a version, or of a range of them."""


def check(artefact: Artefact) -> None:
    """Raise :class:`Invalid` for the first thing that makes the artefact contradict itself."""
    # What is nested without end could not even be asked what it refers to.
    if isinstance(artefact, Hierarchy | HierarchicalCodelist):
        _nesting(artefact)
    _identity(artefact)
    _validity(artefact, str(artefact.ref))
    if isinstance(artefact, ItemScheme):
        _items(artefact)
    elif isinstance(artefact, DataStructure):
        _components(artefact)
    elif isinstance(artefact, Dataflow) and artefact.structure is None and not artefact.is_external_reference:
        # What is only announced may stand without; of what is meant to have figures nobody could say what they are.
        raise Invalid("STRUCTURE_NOT_NAMED", ref=str(artefact.ref))
    elif isinstance(artefact, RepresentationMap) and (correspondence := Correspondence.of(artefact)):
        _links(correspondence)
    proper(artefact)


def _identity(artefact: Artefact) -> None:
    ref = artefact.ref
    if Ref.parse(f"{ref.agency}:{ref.id}", ref.kind, ref.version) != ref:
        raise Invalid("BAD_REFERENCE", found=str(ref)[:120], kind=ref.kind.value)
    for named in (ref, *references(artefact)):
        if max(len(named.agency), len(named.id)) > LONGEST_ID or len(named.version) > LONGEST_VERSION:
            raise Invalid("BAD_REFERENCE", found=str(named)[:120], kind=named.kind.value)
    if not is_version(ref.version):
        raise Invalid("BAD_VERSION", ref=str(ref)[:120], found=ref.version[:60])


def _links(made: Correspondence) -> None:
    _once(made, (f"{link.source} -> {link.target}" for link in made.links))
    for link in made.links:
        if link.share is not None and not is_share(link.share):
            raise Invalid(
                "BAD_SHARE", ref=str(made.ref), source=link.source[:60], target=link.target[:60], found=link.share[:60]
            )


def _once(artefact: Maintainable | Correspondence, names: Iterable[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise Invalid("NAMED_TWICE", ref=str(artefact.ref), found=name[:60], times=times)


def is_item_id(text: str) -> bool:
    """Whether an item can be called so: visible characters, no more than there is room for."""
    return text.isprintable() and 0 < len(text) <= LONGEST_ID


def _validity(of: Maintainable | Item, name: str) -> None:
    start, end = day(of.valid_from), day(of.valid_to)
    if start and end and start > end:
        raise Invalid("VALIDITY_REVERSED", ref=name, start=start, end=end)


def _items(scheme: ItemScheme) -> None:
    for item in scheme.items:
        if not is_item_id(item.id):
            raise Invalid("BAD_ITEM", ref=str(scheme.ref), found=item.id[:60], longest=LONGEST_ID)
        _validity(item, f"{scheme.ref} {item.id[:60]}")
    _once(scheme, (item.id for item in scheme.items))
    for hierarchy in (None, *hierarchies(scheme)):
        _tree(scheme, {item.id: parent_in(item, hierarchy) for item in scheme.items})


def _tree(scheme: ItemScheme, parents: Mapping[str, str | None]) -> None:
    """Every parent is an item of the scheme, no item stands above itself, and none too deep."""
    for item, parent in parents.items():
        if parent is not None and parent not in parents:
            raise Invalid("PARENT_MISSING", ref=str(scheme.ref), item=item[:60], parent=parent[:60])
    found = climbed(parents)
    for item in parents:
        if item in found.circles:
            raise Invalid("PARENT_CIRCLE", ref=str(scheme.ref), item=item[:60])
        if found.depths[item] > DEEPEST:
            raise _too_deep(scheme.ref, item)


def _nesting(made: Hierarchy | HierarchicalCodelist) -> None:
    for tree in (made,) if isinstance(made, Hierarchy) else made.hierarchies:
        for code in too_deep(tree.codes):
            raise _too_deep(made.ref, code.id)


def _too_deep(ref: Ref, item: str) -> Invalid:
    return Invalid("TREE_TOO_DEEP", ref=str(ref), item=item[:60], most=DEEPEST)


def _components(dsd: DataStructure) -> None:
    parts = (*dsd.dimensions, *dsd.attributes, *dsd.measures)
    _once(dsd, (part.id for part in parts))
    for part in parts:
        if not IDENTIFIER.fullmatch(part.id) or len(part.id) > LONGEST_ID:
            raise Invalid("BAD_COMPONENT", ref=str(dsd.ref), found=part.id[:60])
    if not dsd.dimensions or sum(dimension.is_time for dimension in dsd.dimensions) > 1:
        raise Invalid("BAD_KEY", ref=str(dsd.ref), found=", ".join(part.id for part in dsd.dimensions) or "-")
    dimensions = {dimension.id for dimension in dsd.dimensions}
    named = list(dsd.group_keys.items()) + [(part.id, part.dimensions) for part in dsd.attributes]
    for name, ids in named:
        if strange := [id for id in ids if id not in dimensions]:
            raise Invalid("DIMENSION_MISSING", ref=str(dsd.ref), part=name, found=strange[0][:60], valid=", ".join(dsd.key))
