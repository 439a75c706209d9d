"""Hierarchies over codes as GraphQL shows them."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import strawberry

from registry import model
from registry.errors import NotFound
from registry.ports import Catalogue
from registry.ref import ItemRef, Kind, Ref
from registry.text import Names
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
    shown,
    shows,
    texts,
)
from schema.paging import DEFAULT_PAGE, Connection, pages_of_items


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
    held: strawberry.Private[model.HierarchicalCode]
    id: str
    path: str
    level: str | None
    valid_from: date | None
    valid_to: date | None
    has_children: bool

    @described("The code as its list has it; null where the list or the code is not here.")
    def code(self) -> Code | None:
        named = self.held.code
        return _code(self.catalogue, named) if named is not None else None

    @described("The code, as it is named.")
    def refers_to(self) -> Reference | None:
        return reference_to(self.catalogue, self.held.code)

    @described("The codes directly below it.")
    def children(self, first: First = DEFAULT_PAGE, after: After = None) -> Connection[HierarchicalCode]:
        return _page(self.catalogue, self.held.children, self.path, first, after)


def _code(catalogue: Catalogue, named: ItemRef) -> Code | None:
    scheme = known(catalogue, named.of)
    listed = Listed(catalogue, scheme) if scheme else None
    place = listed.outline.find(named.id) if listed else None
    return cast("Code", listed.items([place])[0]) if listed and place is not None else None


def _page(
    catalogue: Catalogue, held: tuple[model.HierarchicalCode, ...], above: str, first: int, after: str | None
) -> Connection[HierarchicalCode]:
    def node(one: model.HierarchicalCode) -> HierarchicalCode:
        return HierarchicalCode(
            catalogue=catalogue,
            held=one,
            id=one.id,
            path=f"{above}.{one.id}" if above else one.id,
            level=one.level or None,
            valid_from=model.day(one.valid_from),
            valid_to=model.day(one.valid_to),
            has_children=bool(one.children),
        )

    return pages_of_items(held, lambda one: one.id, first, after, node)


def _found(codes: tuple[model.HierarchicalCode, ...], path: str, of: Ref) -> tuple[model.HierarchicalCode, ...]:
    """The codes below a path of ids."""
    below = codes
    for id_ in path.split("."):
        code = next((one for one in below if one.id == id_), None)
        if code is None:
            near = ", ".join(one.id for one in below[:5]) or "-"
            raise NotFound("ITEM_NOT_FOUND", found=path[:60], scheme=str(of), near=near)
        below = code.children
    return below


@shows(Kind.HIERARCHY)
@strawberry.type(description="A tree of codes, perhaps of several lists.")
class Hierarchy(Artefact):
    @described("From the top down.")
    def levels(self) -> list[HierarchyLevel]:
        return [HierarchyLevel(said=level.names, id=level.id) for level in self.content(model.Hierarchy).levels]

    @described("Whether its levels are meant, and not only counted.")
    def has_formal_levels(self) -> bool:
        return self.content(model.Hierarchy).has_formal_levels

    @described("The codes at the top, or directly below the one of a path.")
    def codes(self, below: str | None = None, first: First = DEFAULT_PAGE, after: After = None) -> Connection[HierarchicalCode]:
        held = self.content(model.Hierarchy).codes
        codes = _found(held, below, self.head.ref) if below is not None else held
        return _page(self.catalogue, codes, below or "", first, after)

    @described("For what it is to be used.")
    def associations(self) -> list[HierarchyAssociation]:
        refs = [ref for ref in self.catalogue.parents(self.head.ref) if ref.kind == Kind.HIERARCHY_ASSOCIATION]
        return [_association(self.catalogue, held) for held in self.catalogue.get_all(refs)]


def _association(catalogue: Catalogue, held: model.Artefact) -> HierarchyAssociation:
    return cast("HierarchyAssociation", shown(catalogue, held))


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
        codes = _found(self.held.codes, below, self.of) if below is not None else self.held.codes
        return _page(self.catalogue, codes, below or "", first, after)


@shows(Kind.HIERARCHICAL_CODELIST)
@strawberry.type(description="SDMX 2.1: several hierarchies in one artefact.")
class HierarchicalCodelist(Artefact):
    @strawberry.field
    def hierarchies(self) -> list[InnerHierarchy]:
        held: Any = self.content(model.HierarchicalCodelist).hierarchies
        return [InnerHierarchy(catalogue=self.catalogue, of=self.head.ref, held=one, id=one.id) for one in held]
