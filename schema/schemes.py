"""Item schemes as GraphQL shows them: code lists, concepts, categories, organisations, value lists, VTL."""

from __future__ import annotations

from typing import cast

import strawberry

from registry import model
from registry.ref import Kind
from schema.fields import described
from schema.items import Code, Concept, Item, Listed, Roots, Under
from schema.metadata import After, Artefact, First, Reference, Search, reference, shows
from schema.paging import DEFAULT_PAGE, Connection


@strawberry.interface(description="An artefact that is a list of items, perhaps a tree.")
class ItemScheme(Artefact):
    @described("Whether only some of its items are here.")
    def is_partial(self) -> bool:
        return self.content(model.ItemScheme).is_partial

    @described("The items in their order; narrowed to those found (10,000 at most), under a parent, or at the top.")
    def items(
        self,
        search: Search = None,
        parent: Under = None,
        roots: Roots = False,
        first: First = DEFAULT_PAGE,
        after: After = None,
    ) -> Connection[Item]:
        return self.listed().page(self.listed().chosen(search, parent, roots), first, after)

    @described("One item; an error that names the nearest ones where there is none.")
    def item(self, id: str) -> Item | None:
        return cast("Item", self.listed().item(id))

    def listed(self) -> Listed:
        """Its items."""
        return Listed(self.catalogue, self.head.ref)


@strawberry.type(description="Codes chosen from another list.")
class ChosenCodes:
    value: str = strawberry.field(description="A code, with % for any characters.")
    cascade: str = strawberry.field(description="Whether those below are chosen too: false, true, excluderoot.")


@strawberry.type(description="Another list whose codes belong to this one too.")
class CodelistExtension:
    codelist: Reference
    prefix: str | None = strawberry.field(description="What stands before each of its codes here.")
    exclusive: bool = strawberry.field(description="Whether all but the chosen ones belong here.")
    chosen: list[ChosenCodes] = strawberry.field(description="None: all.")


@shows(Kind.CODELIST, Kind.GEOGRAPHIC_CODELIST, Kind.GEO_GRID_CODELIST)
@strawberry.type(description="A list of codes, perhaps of places. A classification version is a codelist with validity.")
class Codelist(ItemScheme):
    @described("The codes in their order; narrowed to those found (10,000 at most), under a parent, or at the top.")
    def codes(
        self,
        search: Search = None,
        parent: Under = None,
        roots: Roots = False,
        first: First = DEFAULT_PAGE,
        after: After = None,
    ) -> Connection[Code]:
        return self.listed().page(self.listed().chosen(search, parent, roots), first, after)

    @described("One code; an error that names the nearest ones where there is none.")
    def code(self, id: str) -> Code | None:
        return cast("Code", self.listed().item(id))

    @described("The lists whose codes belong here too.")
    def extensions(self) -> list[CodelistExtension]:
        return [
            CodelistExtension(
                codelist=reference(self.catalogue, held.codelist),
                prefix=held.prefix or None,
                exclusive=held.exclusive,
                chosen=[ChosenCodes(value=one.value, cascade=one.cascade.value) for one in held.members],
            )
            for held in self.content(model.Codelist).extensions
        ]

    @described("The grid that its codes are cells of.")
    def grid_definition(self) -> str | None:
        held = self.content(model.Codelist)
        return (held.grid_definition or None) if isinstance(held, model.GeoGridCodelist) else None


@shows(Kind.CONCEPT_SCHEME)
@strawberry.type(description="A list of concepts.")
class ConceptScheme(ItemScheme):
    @described("The concepts in their order.")
    def concepts(self, search: Search = None, first: First = DEFAULT_PAGE, after: After = None) -> Connection[Concept]:
        return self.listed().page(self.listed().chosen(search, None, False), first, after)

    @described("One concept; an error that names the nearest ones where there is none.")
    def concept(self, id: str) -> Concept | None:
        return cast("Concept", self.listed().item(id))


@shows(
    Kind.AGENCY_SCHEME,
    Kind.DATA_PROVIDER_SCHEME,
    Kind.DATA_CONSUMER_SCHEME,
    Kind.METADATA_PROVIDER_SCHEME,
    Kind.ORGANISATION_UNIT_SCHEME,
)
@strawberry.type(description="A list of organisations; its kind says in which part they are here.")
class OrganisationScheme(ItemScheme):
    pass


@shows(Kind.CATEGORY_SCHEME, Kind.REPORTING_TAXONOMY)
@strawberry.type(description="A tree of subjects, or of the sections of a report. What is under a subject: its `referencedBy`.")
class CategoryScheme(ItemScheme):
    pass


@shows(Kind.VALUE_LIST)
@strawberry.type(description="Values that need not be identifiers.")
class ValueList(ItemScheme):
    pass


@shows(
    Kind.TRANSFORMATION_SCHEME,
    Kind.VTL_MAPPING_SCHEME,
    Kind.NAME_PERSONALISATION_SCHEME,
    Kind.RULESET_SCHEME,
    Kind.USER_DEFINED_OPERATOR_SCHEME,
    Kind.CUSTOM_TYPE_SCHEME,
)
@strawberry.type(description="A program in the Validation and Transformation Language, or what programs need.")
class VtlScheme(ItemScheme):
    @described("The version of VTL it is written in.")
    def vtl_version(self) -> str | None:
        held = self.content(model.ItemScheme)
        return (held.vtl_version or None) if isinstance(held, model.VtlScheme) else None
