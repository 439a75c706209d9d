"""Who provides what and where it belongs, as GraphQL shows it: categorisations, provision agreements, reference metadata."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import strawberry

from registry import model
from registry.ports import Catalogue
from registry.ref import ItemRef, Kind, Ref
from schema.fields import described
from schema.items import Concept, concept_of
from schema.metadata import Artefact, Reference, reference, reference_to, shows
from schema.representation import Representation, representation


@shows(Kind.CATEGORISATION)
@strawberry.type(description="That an object, such as a dataflow, belongs under a category.")
class Categorisation(Artefact):
    @described("What belongs there; null in a stub.")
    def object(self) -> Reference | None:
        return reference_to(self.catalogue, self.content(model.Categorisation).object)

    @strawberry.field
    def category(self) -> Reference | None:
        return reference_to(self.catalogue, self.content(model.Categorisation).category)


@shows(Kind.PROVISION_AGREEMENT, Kind.METADATA_PROVISION_AGREEMENT)
@strawberry.type(description="That a provider gives the data of a dataflow, or the reports of a metadata flow.")
class ProvisionAgreement(Artefact):
    @described("The dataflow or metadata flow.")
    def flow(self) -> Reference:
        return reference(self.catalogue, self._named()[0])

    @strawberry.field
    def provider(self) -> Reference:
        return reference(self.catalogue, self._named()[1])

    @described("URNs of what reports may be about, with wildcards.")
    def targets(self) -> list[str]:
        held = self.content(model.Maintainable)
        return list(held.targets) if isinstance(held, model.MetadataProvisionAgreement) else []

    def _named(self) -> tuple[Ref, ItemRef]:
        held = self.content(model.Maintainable)
        if isinstance(held, model.MetadataProvisionAgreement):
            return held.metadataflow, held.provider
        assert isinstance(held, model.ProvisionAgreement)
        return held.dataflow, held.provider


@shows(Kind.METADATAFLOW)
@strawberry.type(description="Reports of one structure.")
class Metadataflow(Artefact):
    @strawberry.field
    def structure(self) -> Reference | None:
        return reference_to(self.catalogue, self.content(model.Metadataflow).structure)

    @described("URNs of what they may be about, with wildcards.")
    def targets(self) -> list[str]:
        return list(self.content(model.Metadataflow).targets)


@strawberry.type(description="A field of a report.")
class MetadataAttribute:
    catalogue: strawberry.Private[Catalogue]
    held: strawberry.Private[model.MetadataAttribute]
    id: str
    path: str = strawberry.field(description="The ids from the top.")
    is_presentational: bool = strawberry.field(description="Whether it is only a heading.")
    min_occurs: int
    max_occurs: int | None = strawberry.field(description="Null: as many as one likes.")

    @described("The idea that it takes its meaning and name from.")
    def concept(self) -> Concept | None:
        return concept_of(self.catalogue, self.held)

    @described("What values it may have, where it says so itself and not its concept.")
    def representation(self) -> Representation | None:
        return representation(self.catalogue, self.held.representation) if self.held.representation else None


def _fields(catalogue: Catalogue, held: Sequence[model.MetadataAttribute], above: str = "") -> Iterator[MetadataAttribute]:
    for one in held:
        path = f"{above}.{one.id}" if above else one.id
        yield MetadataAttribute(
            catalogue=catalogue,
            held=one,
            id=one.id,
            path=path,
            is_presentational=one.is_presentational,
            min_occurs=one.min_occurs,
            max_occurs=one.max_occurs if one.max_occurs != model.UNBOUNDED else None,
        )
        yield from _fields(catalogue, one.children, path)


@strawberry.type(description="SDMX 2.1: a report and what it may be about.")
class ReportStructure:
    id: str
    targets: list[str]
    attributes: list[MetadataAttribute]


@shows(Kind.METADATA_STRUCTURE)
@strawberry.type(description="What reports consist of.")
class MetadataStructure(Artefact):
    @described("Its fields, each before those below it.")
    def attributes(self) -> list[MetadataAttribute]:
        return list(_fields(self.catalogue, self.content(model.MetadataStructure).attributes))

    @described("The reports of a structure of SDMX 2.1.")
    def reports(self) -> list[ReportStructure]:
        return [
            ReportStructure(id=one.id, targets=list(one.targets), attributes=list(_fields(self.catalogue, one.attributes)))
            for one in self.content(model.MetadataStructure).reports
        ]
