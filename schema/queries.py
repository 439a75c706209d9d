"""The root of all questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

import strawberry

from registry import ports
from registry.model import Artefact, ItemScheme
from registry.ref import Kind, Ref
from schema.calendar import End, Flow, PlannedRelease, Start, calendar_page
from schema.context import Context, Info
from schema.dataflows import Dataflow, dataflow
from schema.deliveries import Delivery, Draft, delivery, draft
from schema.fields import described
from schema.limits import published
from schema.metadata import (
    After,
    Agency,
    Codelist,
    ConceptScheme,
    Correspondence,
    First,
    Lang,
    LocalText,
    Search,
    agency,
    codelist,
    concept_scheme,
    correspondence,
    found,
    texts,
)
from schema.paging import DEFAULT_PAGE, Connection, pages_of_refs
from schema.releases import Preview, preview
from schema.structures import DataStructure, data_structure

T = TypeVar("T")

RefText = Annotated[str, strawberry.argument(description="AGENCY:ID(VERSION), AGENCY:ID for the latest version, or the URN.")]
Maintainer = Annotated[str, strawberry.argument(description="The agency that maintains them; * for all.")]
Versions = Annotated[str, strawberry.argument(description="latest, * for all versions, or one version.")]


@strawberry.type(description="One limit of this service.")
class Limit:
    name: str
    value: int


@strawberry.type(description="This service: what it is, how its data may be used and cited, what it allows.")
class Service:
    held: strawberry.Private[ports.Service]
    version: str
    license: str

    @strawberry.field
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.held.names, lang)

    @strawberry.field
    def names(self) -> list[LocalText]:
        return texts(self.held.names)

    @described("How to cite the data.")
    def citation(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.held.citation, lang)

    @strawberry.field
    def limits(self) -> list[Limit]:
        return [Limit(name=name, value=value) for name, value in published(self.held).items()]


@strawberry.type(description="Who asks, as the hub understood it.")
class Viewer:
    role: str
    organisation: str
    name: str


def _one(info: Info, kind: Kind, ref: str, shown: Callable[[Artefact], T]) -> T:
    return shown(info.context.ports.catalogue.get(Ref.parse(ref, kind)))


def _many(
    info: Info,
    kind: Kind,
    wanted: tuple[str | None, str, str],
    page: tuple[int, str | None],
    shown: Callable[[Artefact], T],
) -> Connection[T]:
    catalogue = info.context.ports.catalogue
    return pages_of_refs(kind, _refs(info.context, kind, *wanted), *page, lambda ref: shown(catalogue.get(ref)))


def _refs(context: Context, kind: Kind, search: str | None, agency: str, version: str) -> list[Ref]:
    catalogue = context.ports.catalogue
    refs = catalogue.find(kind, agency, "*", version)
    if not search:
        return refs
    hits = {(ref.agency, ref.id) for ref in catalogue.search(kind, search)}
    return [ref for ref in refs if (ref.agency, ref.id) in hits]


@strawberry.type
class Query:
    @strawberry.field
    def service(self, info: Info) -> Service:
        held = info.context.ports.service
        return Service(held=held, version=held.version, license=held.license)

    @strawberry.field
    def viewer(self, info: Info) -> Viewer:
        held = info.context.viewer
        return Viewer(role=held.role.value, organisation=held.organisation, name=held.name)

    @described("The organisations that maintain what is here.")
    def agencies(self, info: Info, search: Search = None) -> list[Agency]:
        catalogue = info.context.ports.catalogue
        schemes = [(ref, catalogue.get(ref)) for ref in catalogue.find(Kind.AGENCY_SCHEME, version="latest")]
        return [
            agency(ref, item)
            for ref, scheme in schemes
            if isinstance(scheme, ItemScheme)
            for item in found(scheme.items, search)
        ]

    @strawberry.field
    def codelist(self, info: Info, ref: RefText) -> Codelist | None:
        return _one(info, Kind.CODELIST, ref, codelist)

    @strawberry.field
    def codelists(
        self,
        info: Info,
        search: Search = None,
        agency: Maintainer = "*",
        version: Versions = "latest",
        first: First = DEFAULT_PAGE,
        after: After = None,
    ) -> Connection[Codelist]:
        return _many(info, Kind.CODELIST, (search, agency, version), (first, after), codelist)

    @strawberry.field
    def concept_scheme(self, info: Info, ref: RefText) -> ConceptScheme | None:
        return _one(info, Kind.CONCEPT_SCHEME, ref, concept_scheme)

    @strawberry.field
    def concept_schemes(
        self,
        info: Info,
        search: Search = None,
        agency: Maintainer = "*",
        version: Versions = "latest",
        first: First = DEFAULT_PAGE,
        after: After = None,
    ) -> Connection[ConceptScheme]:
        return _many(info, Kind.CONCEPT_SCHEME, (search, agency, version), (first, after), concept_scheme)

    @strawberry.field
    def correspondence(self, info: Info, ref: RefText) -> Correspondence | None:
        return _one(info, Kind.REPRESENTATION_MAP, ref, correspondence)

    @strawberry.field
    def correspondences(
        self,
        info: Info,
        search: Search = None,
        agency: Maintainer = "*",
        version: Versions = "latest",
        first: First = DEFAULT_PAGE,
        after: After = None,
    ) -> Connection[Correspondence]:
        return _many(info, Kind.REPRESENTATION_MAP, (search, agency, version), (first, after), correspondence)

    @strawberry.field
    def data_structure(self, info: Info, ref: RefText) -> DataStructure | None:
        return _one(info, Kind.DATA_STRUCTURE, ref, data_structure)

    @strawberry.field
    def data_structures(
        self,
        info: Info,
        search: Search = None,
        agency: Maintainer = "*",
        version: Versions = "latest",
        first: First = DEFAULT_PAGE,
        after: After = None,
    ) -> Connection[DataStructure]:
        return _many(info, Kind.DATA_STRUCTURE, (search, agency, version), (first, after), data_structure)

    @strawberry.field
    def dataflow(self, info: Info, ref: RefText) -> Dataflow | None:
        return _one(info, Kind.DATAFLOW, ref, dataflow)

    @strawberry.field
    def dataflows(
        self,
        info: Info,
        search: Search = None,
        agency: Maintainer = "*",
        version: Versions = "latest",
        first: First = DEFAULT_PAGE,
        after: After = None,
    ) -> Connection[Dataflow]:
        return _many(info, Kind.DATAFLOW, (search, agency, version), (first, after), dataflow)

    @described("Deliveries the viewer may see, newest first.")
    def deliveries(self, info: Info) -> list[Delivery] | None:
        return [delivery(held) for held in info.context.ports.desk.deliveries(info.context.viewer)]

    @strawberry.field
    def delivery(self, info: Info, id: str) -> Delivery | None:
        return delivery(info.context.ports.desk.delivery(id, info.context.viewer))

    @described("What is published when, earliest first: planned, moved, cancelled and done releases. Open to everybody.")
    def calendar(
        self,
        info: Info,
        dataflow: Flow = None,
        start: Start = None,
        end: End = None,
        first: First = DEFAULT_PAGE,
        after: After = None,
    ) -> Connection[PlannedRelease]:
        return calendar_page(info.context, dataflow, (start, end), first, after)

    @described("Who may look at which waiting release before its moment.")
    def previews(self, info: Info) -> list[Preview] | None:
        return [preview(held) for held in info.context.ports.desk.previews(info.context.viewer)]

    @described("Observations that wait to be released.")
    def drafts(self, info: Info) -> list[Draft] | None:
        return [draft(held) for held in info.context.ports.desk.drafts(info.context.viewer)]
