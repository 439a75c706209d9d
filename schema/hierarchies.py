"""Hierarchies over codes as GraphQL shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any, cast

import strawberry

from registry import model
from registry.ports import Catalogue
from registry.ref import ItemRef, Kind, Ref
from registry.text import Names
from schema.branches import Branches, Grown, Held, Placed, grown
from schema.context import Info
from schema.fields import described
from schema.items import Code, Listed
from schema.metadata import (
    After,
    Artefact,
    First,
    Lang,
    LocalText,
    Reference,
    known,
    reference,
    reference_to,
    shows,
    stubs,
    texts,
)
from schema.paging import DEFAULT_PAGE, Connection, bad_cursor, connection, decode_cursor, encode_cursor


@strawberry.type(description="A level of a hierarchy.")
class HierarchyLevel:
    said: strawberry.Private[Names]
    id: str

    @strawberry.field
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.said, lang)

    @strawberry.field
    def names(self) -> list[LocalText]:
        return texts(self.said)


@strawberry.type(description="A code at its place in a hierarchy; `path` is made of the ids from the top.")
class HierarchicalCode:
    catalogue: strawberry.Private[Catalogue]
    tree: strawberry.Private[Branches[Any]]
    spot: strawberry.Private[Any]
    named: strawberry.Private[ItemRef | None]
    id: str
    path: str
    level: str | None
    valid_from: date | None
    valid_to: date | None
    has_children: bool

    @described("The code as its list has it; null where the list or the code is not here.")
    def code(self) -> Code | None:
        return _code(self.catalogue, self.named) if self.named is not None else None

    @described("The code, as it is named.")
    def refers_to(self) -> Reference | None:
        return reference_to(self.catalogue, self.named)

    @described("The code directly above it.")
    def parent(self) -> HierarchicalCode | None:
        above = self.tree.ancestors(self.spot)[-1:]
        return next(iter(_nodes(self.catalogue, self.tree, above)), None)

    @described("The codes directly below it.")
    def children(self, first: First = DEFAULT_PAGE, after: After = None) -> Connection[HierarchicalCode]:
        return _page(self.catalogue, self.tree, self.tree.children(self.spot), first, after)

    @described("The codes above it, from the top down.")
    def ancestors(self) -> list[HierarchicalCode]:
        return _nodes(self.catalogue, self.tree, self.tree.ancestors(self.spot))

    @described("All codes below it.")
    def descendants(self, first: First = DEFAULT_PAGE, after: After = None) -> Connection[HierarchicalCode]:
        return _page(self.catalogue, self.tree, self.tree.descendants(self.spot), first, after)


def _code(catalogue: Catalogue, named: ItemRef) -> Code | None:
    scheme = known(catalogue, named.of)
    listed = Listed(catalogue, scheme) if scheme else None
    place = listed.outline.find(named.id) if listed else None
    return cast("Code", listed.items([place])[0]) if listed and place is not None else None


def _nodes(catalogue: Catalogue, tree: Branches[Any], spots: Sequence[Any]) -> list[HierarchicalCode]:
    def node(spot: Any, one: Placed) -> HierarchicalCode:
        return HierarchicalCode(
            catalogue=catalogue,
            tree=tree,
            spot=spot,
            named=one.named,
            id=one.id,
            path=one.path,
            level=one.level or None,
            valid_from=model.day(one.valid_from),
            valid_to=model.day(one.valid_to),
            has_children=one.has_children,
        )

    return [node(spot, one) for spot, one in zip(spots, tree.placed(spots), strict=True)]


def _page(
    catalogue: Catalogue, tree: Branches[Any], spots: Sequence[Any], first: int, after: str | None
) -> Connection[HierarchicalCode]:
    """A page of some codes; cursors are the paths of the last."""
    start = 0
    if after is not None:
        last = tree.find(decode_cursor(after, str)[0])
        if last is None or last not in spots:
            raise bad_cursor(after)
        start = spots.index(last) + 1
    nodes = partial(_nodes, catalogue, tree)
    return connection(spots, start, first, lambda spot: encode_cursor(tree.path(spot)), nodes)


def _below(
    catalogue: Catalogue, tree: Branches[Any], path: str | None, first: int, after: str | None
) -> Connection[HierarchicalCode]:
    """The codes at the top, or directly below the one of a path."""
    return _page(catalogue, tree, tree.children(tree.at(path) if path is not None else None), first, after)


@shows(Kind.HIERARCHY)
@strawberry.type(description="A tree of codes, perhaps of several lists.")
class Hierarchy(Artefact):
    @described("From the top down.")
    def levels(self) -> list[HierarchyLevel]:
        if self._grown is not None:
            return [HierarchyLevel(said=names, id=id_) for id_, names in self._grown.levels.items()]
        return [HierarchyLevel(said=level.names, id=level.id) for level in self.content(model.Hierarchy).levels]

    @described("Whether its levels are meant, and not only counted.")
    def has_formal_levels(self) -> bool:
        return bool(self._grown.levels) if self._grown is not None else self.content(model.Hierarchy).has_formal_levels

    @described("The codes at the top, or directly below the one of a path.")
    def codes(self, below: str | None = None, first: First = DEFAULT_PAGE, after: After = None) -> Connection[HierarchicalCode]:
        return _below(self.catalogue, self._tree, below, first, after)

    @described("One code by its path; an error that names some of those that stand where it is missed.")
    def code(self, path: str) -> HierarchicalCode | None:
        return _nodes(self.catalogue, self._tree, [self._tree.at(path)])[0]

    @property
    def _tree(self) -> Branches[Any]:
        return self._grown or Held(self.head.ref, self.content(model.Hierarchy).codes)

    @property
    def _grown(self) -> Grown | None:
        return grown(self.catalogue, self.head.ref)

    @described("For what it is to be used.")
    def associations(self) -> list[HierarchyAssociation]:
        refs = [ref for ref in self.catalogue.parents(self.head.ref) if ref.kind == Kind.HIERARCHY_ASSOCIATION]
        return cast("list[HierarchyAssociation]", stubs(self.catalogue, refs))


@shows(Kind.HIERARCHY_ASSOCIATION)
@strawberry.type(description="That a hierarchy is to be used for something, such as a dimension, in a context.")
class HierarchyAssociation(Artefact):
    @strawberry.field
    def hierarchy(self) -> Reference:
        return reference(self.catalogue, self._held.hierarchy)

    @strawberry.field
    def linked_object(self) -> Reference:
        return reference(self.catalogue, self._held.linked_object)

    @strawberry.field
    def context(self) -> Reference | None:
        return reference_to(self.catalogue, self._held.context)

    @property
    def _held(self) -> model.HierarchyAssociation:
        return self.content(model.HierarchyAssociation)


@strawberry.type(description="One of the hierarchies of a hierarchical code list.")
class InnerHierarchy:
    catalogue: strawberry.Private[Catalogue]
    of: strawberry.Private[Ref]
    held: strawberry.Private[model.InnerHierarchy]
    id: str

    @strawberry.field
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.held.names, lang)

    @described("The codes at the top, or directly below the one of a path.")
    def codes(self, below: str | None = None, first: First = DEFAULT_PAGE, after: After = None) -> Connection[HierarchicalCode]:
        return _below(self.catalogue, Held(self.of, self.held.codes), below, first, after)


@shows(Kind.HIERARCHICAL_CODELIST)
@strawberry.type(description="SDMX 2.1: several hierarchies in one artefact.")
class HierarchicalCodelist(Artefact):
    @strawberry.field
    def hierarchies(self) -> list[InnerHierarchy]:
        held: Any = self.content(model.HierarchicalCodelist).hierarchies
        return [InnerHierarchy(catalogue=self.catalogue, of=self.head.ref, held=one, id=one.id) for one in held]
