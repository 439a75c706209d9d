"""Item schemes as GraphQL shows them: code lists, concepts, categories, organisations, value lists, VTL."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, cast

import strawberry

from registry import classification as seen
from registry import model
from registry.ref import PACKAGES, Kind, Ref
from schema.classifications import (
    CODELISTS,
    Classification,
    ClassificationLevel,
    CodeEvent,
    VersionChanges,
    biography,
    levels,
    of_version,
    version_changes,
    whole,
)
from schema.context import Info
from schema.fields import described
from schema.items import Code, Concept, Item, Listed, Roots, Under
from schema.metadata import After, Artefact, First, Lang, Reference, Search, reference, shows, stubs
from schema.paging import DEFAULT_PAGE, Connection

if TYPE_CHECKING:
    from schema.hierarchies import Hierarchy
    from schema.tables import CorrespondenceTable

Table = Annotated["CorrespondenceTable", strawberry.lazy("schema.tables")]
Variant = Annotated["Hierarchy", strawberry.lazy("schema.hierarchies")]
To = Annotated[str, strawberry.argument(description="The other version, as AGENCY:ID(VERSION).")]
On = Annotated[date, strawberry.argument(name="date", description="The day.")]


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


@shows(*CODELISTS)
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

    @described("The classification that it is a version of.")
    def classification(self) -> Classification:
        return of_version(self.catalogue, self.head.ref)

    @described("The legal instrument that brought it into force; null where none is said.")
    def legal_basis(self, info: Info, lang: Lang = None) -> str | None:
        return info.context.text(seen.legal_basis(self.head), lang) or None

    @described("Its levels, from the top; none of a list of more than 50,000 codes, which is not read whole.")
    def levels(self) -> list[ClassificationLevel]:
        return levels(self.catalogue, self.head.ref)

    @described("The codes that were in use on a day, by their own validity.")
    def codes_at(self, on: On, first: First = DEFAULT_PAGE, after: After = None) -> Connection[Code]:
        held = whole(self.catalogue, self.head.ref)
        valid = {item.id for item in seen.codes_at(held, on)}
        return self.listed().page([place for place, item in enumerate(held.items) if item.id in valid], first, after)

    @described("Groupings of its codes, each a hierarchy.")
    def variants(self) -> list[Variant]:
        found = [ref for ref in self.catalogue.parents(self.head.ref) if ref.kind == Kind.HIERARCHY]
        return cast("list[Hierarchy]", stubs(self.catalogue, found))

    @described("The stored correspondences from it or to it, each as it leads from it.")
    def correspondences(self) -> list[Table]:
        from schema.tables import from_version

        return from_version(self.catalogue, self.head.ref)

    @described("The correspondence to another version or classification: stored, turned round, or made of at most four.")
    def correspondence(self, to: To) -> Table | None:
        from schema.tables import table

        return table(self.catalogue, self.catalogue.correspondence(self.head.ref, Ref.parse(to, Kind.CODELIST)))

    @described("What changed from this version to another.")
    def changes(self, to: To) -> VersionChanges | None:
        return version_changes(self.catalogue, self.head.ref, self.catalogue.exact(Ref.parse(to, Kind.CODELIST)))

    @described("What happened to a code, the earliest first; null where a version has more than 50,000 codes.")
    def biography(self, code: str) -> list[CodeEvent] | None:
        return biography(self.catalogue, self.head.ref, code)

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


@shows(*PACKAGES["transformation"])
@strawberry.type(description="A program in the Validation and Transformation Language, or what programs need.")
class VtlScheme(ItemScheme):
    @described("The version of VTL it is written in.")
    def vtl_version(self) -> str | None:
        held = self.content(model.ItemScheme)
        return (held.vtl_version or None) if isinstance(held, model.VtlScheme) else None
