"""The tree of a codelist as a hierarchy of SDMX: made when it is asked for, kept nowhere.

``CL_PROVINCE`` is the hierarchy of the list's own tree, ``CL_PROVINCE@REGION`` that of the one named REGION in it. A stored
hierarchy of the same name stands before one that would be made. Which trees a list gives is told when it is stored, so that
listings name them without reading a code; lists that inherit codes must be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from registry.classification.contents import levels
from registry.hierarchy import Tree, hierarchies
from registry.model import Artefact, Codelist, HierarchicalCode, Hierarchy, HierarchyLevel, Maintainable
from registry.ref import ItemRef, Kind, Ref

SHORT = 20_000
"""Items up to which a list is read whole where a part is wanted: it is remembered, and the next part is there."""

NAMED_PART = "@"
"""Between the id of a codelist and the name of a hierarchy in it."""


def derived_from(ref: Ref) -> Ref:
    """The codelist whose tree a hierarchy of this name is, if it is one that is made."""
    return Ref(Kind.CODELIST, ref.agency, ref.id.partition(NAMED_PART)[0], ref.version)


def derivable(codelist: Codelist) -> tuple[Ref, ...]:
    """The hierarchies that a codelist gives: its own tree, where it has one, and those named in it."""
    own = (None,) if any(item.parent for item in codelist.items) else ()
    return tuple(_named(codelist.ref, name) for name in (*own, *hierarchies(codelist)))


class Told(NamedTuple):
    """The ids of the hierarchies that a list gives, None where it must be looked at; and whether it is long."""

    ids: tuple[str, ...] | None = ()
    long: bool = False


def told(made: Artefact) -> str:
    """Which hierarchies an artefact gives and whether it is long, as text; empty for none and a short one."""
    if not isinstance(made, Codelist):
        return ""
    ids = None if made.extensions else tuple(one.id for one in derivable(made))
    long = len(made.items) > SHORT
    return orjson.dumps([ids, long]).decode() if ids != () or long else ""


def heard(text: str) -> Told:
    """What was told of a list."""
    if not text:
        return Told()
    ids, long = orjson.loads(text)
    return Told(None if ids is None else tuple(ids), long)


def stub_of(codelist: Artefact, ref: Ref) -> Maintainable:
    """What every artefact has, of the hierarchy of this name: made of that of its list alone."""
    return Maintainable(ref=ref, **_head(codelist, ref))


def _head(codelist: Artefact, ref: Ref) -> dict[str, Any]:
    said = {name: getattr(codelist, name) for name in ("source", "valid_from", "valid_to", "is_final")}
    return {"names": _names(codelist, ref.id.partition(NAMED_PART)[2] or None), **said}


def tree_of(codelist: Codelist, ref: Ref) -> Hierarchy | None:
    """The hierarchy of this name, levels from the top; None where the codelist gives no such tree."""
    if ref not in derivable(codelist):
        return None
    tree = Tree(codelist, ref.id.partition(NAMED_PART)[2] or None)
    formal = _levels(codelist, tree)
    return Hierarchy(
        ref=ref,
        **_head(codelist, ref),
        has_formal_levels=bool(formal),
        levels=formal,
        codes=tuple(_codes(codelist, tree, None, bool(formal))),
    )


def _named(codelist: Ref, name: str | None) -> Ref:
    return Ref(Kind.HIERARCHY, codelist.agency, f"{codelist.id}{NAMED_PART}{name}" if name else codelist.id, codelist.version)


def _names(codelist: Artefact, name: str | None) -> dict[str, str]:
    return {lang: f"{text} ({name})" if name else text for lang, text in codelist.names.items()}


def _levels(codelist: Codelist, tree: Tree) -> tuple[HierarchyLevel, ...]:
    """Only those of the list's own tree have names; a tree whose codes name no levels has none."""
    if tree.hierarchy is not None or not all(level.names for level in levels(codelist)):
        return ()
    return tuple(HierarchyLevel(id=level.id, names=level.names) for level in levels(codelist))


def _codes(codelist: Codelist, tree: Tree, parent: str | None, formal: bool) -> Iterator[HierarchicalCode]:
    for code in tree.children.get(parent, ()):
        yield HierarchicalCode(
            id=code,
            code=ItemRef("Code", codelist.ref, code),
            level=tree.levels.get(code, "") if formal else "",
            children=tuple(_codes(codelist, tree, code, formal)),
        )
