"""The root of all questions."""

from __future__ import annotations

from typing import Any, TypeVar, cast

import strawberry

from registry import ports
from registry.errors import Unavailable
from registry.ref import Kind, Ref
from schema.calendar import End, Flow, PlannedRelease, Start, calendar_page
from schema.classifications import Classification, classification, classification_page
from schema.coding import InLanguage, OnLevel, Suggested, Suggestions, Texts, suggestions
from schema.context import Info
from schema.dataflows import Dataflow
from schema.deliveries import Delivery, Draft, delivery, draft
from schema.fields import described
from schema.items import Listed, Organisation
from schema.limits import published
from schema.mapping import Correspondence
from schema.metadata import After, First, Lang, LocalText, Search, artefact_page, stubs, texts
from schema.paging import DEFAULT_PAGE, Connection
from schema.proposals import Advice, Proposal, Proposed, advice, proposal
from schema.registry import AsOf, Maintainer, RefText, Registry, Versions, found, registry_at
from schema.releases import Preview, preview
from schema.schemes import Codelist, ConceptScheme
from schema.structures import DataStructure

T = TypeVar("T")


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


def _one(info: Info, kind: Kind, ref: str, _type: type[T]) -> T:
    catalogue = info.context.ports.catalogue
    return cast("T", stubs(catalogue, [catalogue.exact(Ref.parse(ref, kind))])[0])


def _agencies(scheme: Listed, search: str | None) -> list[Organisation]:
    """Those of a scheme that are found; its error where it no longer reads."""
    try:
        return scheme.items(scheme.chosen(search, None, False))
    except Unavailable as error:
        return [cast("Organisation", error)]


def _many(info: Info, kind: Kind, wanted: tuple[str | None, str, str], page: tuple[int, str | None]) -> Connection[Any]:
    catalogue, (search, agency, version) = info.context.ports.catalogue, wanted
    return artefact_page(catalogue, found(catalogue, kind, search, agency, version=version), *page)


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

    @described("The registry as it stands, or stood at a moment: every kind of artefact, items, and what was done to it.")
    def registry(self, info: Info, as_of: AsOf = None) -> Registry:
        return registry_at(info.context.ports.catalogue, as_of)

    @described("The organisations that maintain what is here.")
    def agencies(self, info: Info, search: Search = None) -> list[Organisation]:
        catalogue = info.context.ports.catalogue
        schemes = [Listed(catalogue, ref) for ref in catalogue.find(Kind.AGENCY_SCHEME, version="latest")]
        return [agency for scheme in schemes for agency in _agencies(scheme, search)]

    @strawberry.field
    def codelist(self, info: Info, ref: RefText) -> Codelist | None:
        return _one(info, Kind.CODELIST, ref, Codelist)

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
        return _many(info, Kind.CODELIST, (search, agency, version), (first, after))

    @described("Classifications in all their versions: every codelist is a version of one.")
    def classifications(
        self, info: Info, search: Search = None, agency: Maintainer = "*", first: First = DEFAULT_PAGE, after: After = None
    ) -> Connection[Classification]:
        return classification_page(info.context.ports.catalogue, search, agency, first, after)

    @described("One classification, such as PROVINCE.")
    def classification(self, info: Info, id: str, agency: Maintainer = "*") -> Classification | None:
        return classification(info.context.ports.catalogue, id, agency)

    @described("Codes of a codelist that texts may mean, in Vietnamese with or without diacritics, or English; misspelt too.")
    def suggest(
        self,
        info: Info,
        codelist: RefText,
        texts: Texts,
        level: OnLevel = None,
        lang: InLanguage = None,
        first: Suggested = 5,
    ) -> list[Suggestions] | None:
        return suggestions(info.context, codelist, texts, level, lang, first)

    @strawberry.field
    def concept_scheme(self, info: Info, ref: RefText) -> ConceptScheme | None:
        return _one(info, Kind.CONCEPT_SCHEME, ref, ConceptScheme)

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
        return _many(info, Kind.CONCEPT_SCHEME, (search, agency, version), (first, after))

    @strawberry.field
    def correspondence(self, info: Info, ref: RefText) -> Correspondence | None:
        return _one(info, Kind.REPRESENTATION_MAP, ref, Correspondence)

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
        return _many(info, Kind.REPRESENTATION_MAP, (search, agency, version), (first, after))

    @strawberry.field
    def data_structure(self, info: Info, ref: RefText) -> DataStructure | None:
        return _one(info, Kind.DATA_STRUCTURE, ref, DataStructure)

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
        return _many(info, Kind.DATA_STRUCTURE, (search, agency, version), (first, after))

    @strawberry.field
    def dataflow(self, info: Info, ref: RefText) -> Dataflow | None:
        return _one(info, Kind.DATAFLOW, ref, Dataflow)

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
        return _many(info, Kind.DATAFLOW, (search, agency, version), (first, after))

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

    @described("Changes of the registry that wait for a second person; with `all` the decided ones too. Newest first.")
    def proposals(self, info: Info, all: bool = False) -> list[Proposal] | None:
        held = info.context.ports.proposals.proposals(info.context.viewer, waiting=not all)
        return [proposal(one) for one in held]

    @strawberry.field
    def proposal(self, info: Info, id: str) -> Proposal | None:
        return proposal(info.context.ports.proposals.proposal(id, info.context.viewer))

    @described("What the version advisor says of a change; nothing is stored.")
    def advice(self, info: Info, content: Proposed) -> list[Advice] | None:
        return [advice(one) for one in info.context.ports.proposals.advise(content, info.context.viewer)]

    @described("Observations that wait to be released.")
    def drafts(self, info: Info) -> list[Draft] | None:
        return [draft(held) for held in info.context.ports.desk.drafts(info.context.viewer)]
