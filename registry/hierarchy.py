"""The trees over the codes of a codelist: its own, by ``parent``, and named ones beside it.

A named hierarchy is an annotation ``parent:NAME`` on the codes that have a parent in it, so that it travels with the codelist
through every message. Its groups are codes of the same list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from registry.errors import Invalid, suggest
from registry.model import Codelist, Item, ItemScheme, fact

NAMED = "parent:"
"""What the annotation type of a named hierarchy begins with."""

LEVEL = "level"
"""The annotation that says on which level of its classification a code stands."""


def hierarchies(scheme: ItemScheme) -> tuple[str, ...]:
    """The names of the hierarchies beside the scheme's own tree."""
    return tuple(name.removeprefix(NAMED) for name in scheme.fact_types if name.startswith(NAMED))


def parent_in(item: Item, hierarchy: str | None) -> str | None:
    """The parent of an item in its scheme's own tree (None) or in a named one."""
    return item.parent if hierarchy is None else fact(item, NAMED + hierarchy) or None


@dataclass(frozen=True)
class Tree:
    """One hierarchy of a codelist. A named one holds the codes that have a parent in it, and these parents."""

    codelist: Codelist
    hierarchy: str | None = None

    @cached_property
    def parents(self) -> dict[str, str | None]:
        """The parent of each code of the tree, in the order of the codelist; None at the top."""
        above = {item.id: parent_in(item, self.hierarchy) for item in self.codelist.items}
        if self.hierarchy is None:
            return above
        inside = {id_ for id_, parent in above.items() if parent} | {parent for parent in above.values() if parent}
        return {id_: parent for id_, parent in above.items() if id_ in inside}

    @cached_property
    def children(self) -> dict[str | None, tuple[str, ...]]:
        """The codes under each code; those at the top under None."""
        under: dict[str | None, list[str]] = {}
        for code, parent in self.parents.items():
            under.setdefault(parent, []).append(code)
        return {parent: tuple(codes) for parent, codes in under.items()}

    def ancestors(self, code: str) -> Iterator[str]:
        """From the parent up to the top."""
        parent = self.parents.get(code)
        while parent is not None:
            yield parent
            parent = self.parents.get(parent)

    def descendants(self, code: str) -> Iterator[str]:
        """All codes below a code, each after its parent."""
        for child in self.children.get(code, ()):
            yield child
            yield from self.descendants(child)

    @cached_property
    def levels(self) -> dict[str, str]:
        """The level of each code: its annotation ``level``, else, in a tree without any, its depth, 1 at the top."""
        marks = {item.id: fact(item, LEVEL) for item in self.codelist.items}
        if self.hierarchy is None and any(marks.values()):
            return {code: mark for code, mark in marks.items() if mark}
        return {code: str(1 + sum(1 for _ in self.ancestors(code))) for code in self.parents}

    def at(self, code: str, level: str) -> str | None:
        """The code itself or the ancestor that stands on the level; None where there is none."""
        return next((each for each in (code, *self.ancestors(code)) if self.levels.get(each) == level), None)


def tree(codelist: Codelist, hierarchy: str | None = None) -> Tree:
    """A tree of the codelist by name; :class:`Invalid` UNKNOWN_HIERARCHY naming those there are."""
    known = hierarchies(codelist)
    if hierarchy is not None and hierarchy not in known:
        near = suggest(hierarchy[:60], known) or list(known)
        raise Invalid("UNKNOWN_HIERARCHY", found=hierarchy[:60], codelist=str(codelist.ref), near=", ".join(near) or "-")
    return Tree(codelist, hierarchy)


def check_level(wood: Tree, level: str) -> str:
    """The level, or :class:`Invalid` UNKNOWN_LEVEL naming those of the tree."""
    known = tuple(dict.fromkeys(wood.levels.values()))
    if level not in known:
        raise Invalid("UNKNOWN_LEVEL", found=level[:60], codelist=str(wood.codelist.ref), valid=", ".join(known) or "-")
    return level
