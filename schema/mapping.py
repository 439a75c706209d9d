"""Maps as GraphQL shows them: correspondences of codes, of structures, of the items of other schemes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import strawberry

import registry.correspondence
from registry import model
from registry.ports import Catalogue
from registry.ref import Kind, Ref
from schema.fields import described
from schema.metadata import After, Artefact, First, Reference, known, reference, reference_to, shows, stubs
from schema.paging import DEFAULT_PAGE, Connection, pages_by_place, pages_of_items
from schema.schemes import Codelist
from schema.tables import CorrespondenceTable, table


@strawberry.type(description="One source code and one target code that it goes to, as a whole or in part.")
class CorrespondenceLink:
    source: str
    target: str
    share: str | None = strawberry.field(
        description="The share of the source that goes to the target, as decimal text; null where nobody knows it."
    )


@strawberry.type(description="Where values of a map come from or go to.")
class ValueDomain:
    enumeration: Reference | None
    data_type: str | None


@strawberry.type(description="A value for each source gives a value for each target.")
class ValueMapping:
    sources: list[str] = strawberry.field(description="Texts, or regular expressions where `isPattern` says so.")
    is_pattern: list[bool]
    targets: list[str] = strawberry.field(description="None: they have no place there.")
    valid_from: date | None
    valid_to: date | None


@shows(Kind.REPRESENTATION_MAP)
@strawberry.type(description="How the codes of one codelist relate to those of another, or values of any kind to others.")
class Correspondence(Artefact):
    @described("The codelist it leads from; null where it is not from one codelist to one other.")
    def from_codelist(self) -> Codelist | None:
        return self._list(self._links.from_list if self._links else None)

    @described("The codelist it leads to.")
    def to_codelist(self) -> Codelist | None:
        return self._list(self._links.to_list if self._links else None)

    @described("The links, narrowed to one source or one target code.")
    def links(
        self,
        source: str | None = None,
        target: str | None = None,
        first: First = DEFAULT_PAGE,
        after: After = None,
    ) -> Connection[CorrespondenceLink]:
        held = self._links.links if self._links else ()
        links = [link for link in held if source in (None, link.source) and target in (None, link.target)]
        return pages_of_items(links, lambda link: f"{link.source}>{link.target}", first, after, _link)

    @described(
        "Its links with their kinds, groups and how exact they are; null where it is not between two codelists that are here."
    )
    def table(self) -> CorrespondenceTable | None:
        held = self._links
        start, end = (known(self.catalogue, one) for one in (held.from_list, held.to_list)) if held else (None, None)
        return table(self.catalogue, replace(held, from_list=start, to_list=end)) if held and start and end else None

    @described("Where values come from, in the order in which mappings name them.")
    def sources(self) -> list[ValueDomain]:
        return _domains(self.catalogue, self._held.sources)

    @described("Where values go to.")
    def targets(self) -> list[ValueDomain]:
        return _domains(self.catalogue, self._held.targets)

    @described("All mappings as they are written, those between several values or by patterns too.")
    def mappings(self, first: First = DEFAULT_PAGE, after: After = None) -> Connection[ValueMapping]:
        return pages_by_place(self._held.mappings, first, after, _mapping)

    def _list(self, ref: Ref | None) -> Codelist | None:
        found = known(self.catalogue, ref) if ref else None
        return stubs(self.catalogue, [found])[0] if found else None

    @property
    def _held(self) -> model.RepresentationMap:
        return self.content(model.RepresentationMap)

    @property
    def _links(self) -> registry.correspondence.Correspondence | None:
        return registry.correspondence.Correspondence.of(self._held)


def _link(link: registry.correspondence.Link) -> CorrespondenceLink:
    return CorrespondenceLink(source=link.source, target=link.target, share=link.share)


def _mapping(held: model.ValueMapping) -> ValueMapping:
    return ValueMapping(
        sources=[value.value for value in held.sources],
        is_pattern=[value.is_regex for value in held.sources],
        targets=list(held.targets),
        valid_from=held.valid_from,
        valid_to=held.valid_to,
    )


def _domains(catalogue: Catalogue, held: Sequence[model.ValueDomain]) -> list[ValueDomain]:
    return [ValueDomain(enumeration=reference_to(catalogue, one.enumeration), data_type=one.data_type or None) for one in held]


@strawberry.type(description="Components of one structure that become components of another.")
class ComponentMap:
    sources: list[str]
    targets: list[str]
    map: Reference | None = strawberry.field(description="The map of their values; null where they are copied.")


@strawberry.type(description="A component that always has the same values.")
class FixedValue:
    component: str
    values: list[str]


@shows(Kind.STRUCTURE_MAP)
@strawberry.type(description="How the data of one structure or flow become data of another. Times: see `document`.")
class StructureMap(Artefact):
    @described("The structure or flow it leads from.")
    def source_structure(self) -> Reference:
        return reference(self.catalogue, self.content(model.StructureMap).source_structure)

    @described("The structure or flow it leads to.")
    def target_structure(self) -> Reference:
        return reference(self.catalogue, self.content(model.StructureMap).target_structure)

    @strawberry.field
    def component_maps(self) -> list[ComponentMap]:
        return [
            ComponentMap(
                sources=list(held.sources),
                targets=list(held.targets),
                map=reference_to(self.catalogue, held.representation_map),
            )
            for held in self.content(model.StructureMap).component_maps
        ]

    @strawberry.field
    def fixed_values(self) -> list[FixedValue]:
        held = self.content(model.StructureMap).fixed_values
        return [FixedValue(component=one.target or one.source, values=list(one.values)) for one in held]


@strawberry.type(description="An item of one scheme and the one it is in another; null: it has none there.")
class ItemLink:
    source: str
    target: str | None


@shows(
    Kind.CONCEPT_SCHEME_MAP,
    Kind.CATEGORY_SCHEME_MAP,
    Kind.ORGANISATION_SCHEME_MAP,
    Kind.REPORTING_TAXONOMY_MAP,
)
@strawberry.type(description="How the items of one scheme correspond to those of another.")
class SchemeMap(Artefact):
    @strawberry.field
    def source_scheme(self) -> Reference:
        return reference(self.catalogue, self._held.source_scheme)

    @strawberry.field
    def target_scheme(self) -> Reference:
        return reference(self.catalogue, self._held.target_scheme)

    @described("The items that correspond.")
    def item_links(self, first: First = DEFAULT_PAGE, after: After = None) -> Connection[ItemLink]:
        return pages_by_place(self._held.maps, first, after, _item_link)

    @property
    def _held(self) -> Any:
        return self.content(model.ConceptSchemeMap)


def _item_link(held: model.ItemMap) -> ItemLink:
    return ItemLink(source=held.source.value, target=held.target)


@shows(Kind.STRUCTURE_SET)
@strawberry.type(description="SDMX 2.1: structures that belong together and the maps between them; whole in `document`.")
class StructureSet(Artefact):
    @strawberry.field
    def related(self) -> list[Reference]:
        return [reference(self.catalogue, named) for named in self.content(model.StructureSet).related]
