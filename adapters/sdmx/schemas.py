"""Schema questions: what data may say that are reported for a provision agreement, a dataflow or a data structure.

Source: SDMX REST 1.5.0 and 2.2, "Schema queries".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from adapters.sdmx.artefacts import Wanted, identifiers, version_query
from adapters.sdmx.constrained import Context
from adapters.sdmx.missing import Missing
from adapters.sdmx.otherwise import old_way
from adapters.sdmx.packaging import packed_at
from adapters.sdmx.partial import used
from adapters.sdmx.request import Parameters
from adapters.sdmx.resolving import find
from adapters.sdmx.writing.shown import Shown
from adapters.sdmx.writing.validity import ReportField, ReportShape, Valid, ValidReports, Values
from registry.errors import Invalid, NotFound, suggest
from registry.extension import extended
from registry.held import held
from registry.model import (
    Artefact,
    Attribute,
    Codelist,
    Component,
    ConceptScheme,
    Format,
    ItemScheme,
    Level,
    MetadataAttribute,
    Metadataflow,
    MetadataProvisionAgreement,
    MetadataStructure,
    Representation,
)
from registry.ports import Catalogue
from registry.ref import Kind, Ref
from registry.reporting import fields_of, looks_of

_CONTEXTS = {
    "datastructure": Kind.DATA_STRUCTURE,
    "dataflow": Kind.DATAFLOW,
    "provisionagreement": Kind.PROVISION_AGREEMENT,
    "metadatastructure": Kind.METADATA_STRUCTURE,
    "metadataflow": Kind.METADATAFLOW,
    "metadataprovisionagreement": Kind.METADATA_PROVISION_AGREEMENT,
}
_OF_REPORTS = (Kind.METADATA_STRUCTURE, Kind.METADATAFLOW, Kind.METADATA_PROVISION_AGREEMENT)


@dataclass(frozen=True, kw_only=True)
class SchemaQuestion:
    """``artefact`` is what the data are reported for; ``at`` how they are packed, None as usual."""

    catalogue: Catalogue
    artefact: Artefact
    at: str | None
    deletion: bool

    @property
    def of_reports(self) -> bool:
        """Whether it is about reference metadata."""
        return isinstance(self.artefact, MetadataStructure | Metadataflow | MetadataProvisionAgreement)

    def valid(self) -> Valid:
        """What the data may say."""
        context = Context.of(self.catalogue, self.artefact)
        if context is None:
            raise NotFound("ARTEFACT_NOT_FOUND", kind=Kind.DATA_STRUCTURE.value, ref=f"({self.artefact.ref})", near="-")
        dsd, codes = context.dsd, {component.id: left for component, _, left in context.codes()}
        return Valid(
            ref=self.artefact.ref,
            at=packed_at(dsd, self.at),
            time=dsd.time.id if dsd.time else None,
            keys=tuple(_values(context, part, codes) for part in dsd.dimensions),
            attributes=tuple(_values(context, part, codes) for part in dsd.attributes),
            measures=tuple(_values(context, part, codes) for part in dsd.measures),
            groups=dsd.group_keys,
            deletion=self.deletion,
        )

    def fields(self) -> tuple[ReportField, ...]:
        """What reports may say."""
        return self._fields(fields_of(_metadata_structure(self.catalogue, self.artefact)))

    def reports(self) -> ValidReports:
        """The same as SDMX 2.1 has it."""
        structure = old_way(_metadata_structure(self.catalogue, self.artefact))
        assert isinstance(structure, MetadataStructure)
        reports = tuple(
            ReportShape(id=one.id, targets=one.targets, fields=self._fields(one.attributes)) for one in structure.reports
        )
        return ValidReports(ref=self.artefact.ref, targets=structure.targets, reports=reports)

    def _fields(self, asked: Sequence[MetadataAttribute]) -> tuple[ReportField, ...]:
        """What deletes reports need not have any field."""
        found = _fields(self.catalogue, asked)
        return tuple(map(_optional, found)) if self.deletion else found

    def shown(self, missing: Missing) -> list[Shown]:
        """The structure, what it uses of code lists and concepts, the agencies of all, and the constraints."""
        context = Context.of(self.catalogue, self.artefact)
        structure = context.dsd if context is not None else _metadata_structure(self.catalogue, self.artefact)
        constraints = context.constraints() if context is not None else []
        schemes = self._schemes(structure, missing)
        items = used(self.catalogue, [self.artefact], [structure, *constraints, *schemes])
        return [Shown(structure), *map(Shown, constraints), *(Shown(one, items=items.get(one.ref)) for one in schemes)]

    def _schemes(self, structure: Artefact, missing: Missing) -> list[Artefact]:
        found = _named(self.catalogue, [structure])
        concepts = [one for one in found if isinstance(one, ConceptScheme)]
        every = {one.ref: one for one in [*found, *_named(self.catalogue, concepts)]}
        agencies = {one.ref.agency for one in (structure, *every.values())}
        return [*every.values(), *_agency_schemes(self.catalogue, agencies, missing)]


def schema_question(catalogue: Catalogue, parts: Sequence[str], parameters: Parameters, major: int) -> SchemaQuestion:
    """Read context, agency, id and version; one artefact must be meant."""
    if len(parts) > 4:
        raise Invalid("SDMX_PATH_TOO_LONG", found=len(parts) + 1, most=5)
    context, agency, id_, version = ([*parts] + [""] * 4)[:4]
    if context not in _CONTEXTS:
        near = suggest(context, _CONTEXTS) or list(_CONTEXTS)
        raise Invalid("SDMX_BAD_PARAMETER", name="context", found=context[:60], valid=", ".join(near))
    version = version_query(version or ("latest" if major == 1 else "~"))
    kind = _CONTEXTS[context]
    # Reports have no observations.
    at = None if kind in _OF_REPORTS else parameters.take("dimensionAtObservation")
    deletion = parameters.choice("deletion", ("true", "false"), "false")
    # Only SDMX 2.1 had measures as elements of their own, and only for cross-sectional data.
    parameters.choice("explicitMeasure", ("false",), "false")
    then = _at(catalogue, parameters.moment("asOf"))
    found = _one(then, kind, agency, id_, version)
    return SchemaQuestion(catalogue=then, artefact=then.get(found), at=at, deletion=deletion == "true")


def _at(catalogue: Catalogue, moment: datetime | None) -> Catalogue:
    return catalogue if moment is None else catalogue.as_of(moment)


def _one(catalogue: Catalogue, kind: Kind, agency: str, id_: str, version: str) -> Ref:
    """A schema is of one artefact: of several versions the newest, of several artefacts none."""
    agencies, ids = identifiers(agency or "*", ",", "*"), identifiers(id_ or "*", ",", "*")
    found = find(catalogue, Wanted(kinds=(kind,), agencies=agencies, ids=ids, versions=(version,)))
    if len({(ref.agency, ref.id) for ref in found}) > 1:
        raise Invalid("SDMX_SEVERAL_ARTEFACTS", found=len(found), near=", ".join(str(ref) for ref in found[:5]))
    return found[-1]


def _values(context: Context, part: Component, codes: dict[str, tuple[str, ...]]) -> Values:
    representation = context.representation(part)
    format = representation.format if representation is not None else None
    return Values(
        id=part.id,
        codes=codes.get(part.id),
        format=format or Format(text_type=part.usual_type),
        several=representation is not None and representation.max_occurs != 1,
        level=part.level if isinstance(part, Attribute) else Level.OBSERVATION,
        group=part.group if isinstance(part, Attribute) else None,
    )


def _fields(catalogue: Catalogue, asked: Sequence[MetadataAttribute]) -> tuple[ReportField, ...]:
    return tuple(_field(catalogue, one, looks_of(one, lambda ref: held(catalogue, ref))) for one in asked)


def _field(catalogue: Catalogue, asked: MetadataAttribute, looks: Representation | None) -> ReportField:
    codes = held(catalogue, looks.enumeration) if looks is not None else None
    if isinstance(codes, Codelist):
        codes = extended(codes, lambda ref: held(catalogue, ref))
    return ReportField(
        id=asked.id,
        least=asked.min_occurs,
        most=asked.max_occurs,
        heading=asked.is_presentational,
        codes=tuple(codes.by_id) if isinstance(codes, ItemScheme) else None,
        format=(looks.format if looks is not None else None) or Format(),
        below=_fields(catalogue, asked.children),
    )


def _optional(field: ReportField) -> ReportField:
    return replace(field, least=0, below=tuple(map(_optional, field.below)))


def _metadata_structure(catalogue: Catalogue, artefact: Artefact) -> MetadataStructure:
    step: Artefact | None = artefact
    if isinstance(step, MetadataProvisionAgreement):
        step = held(catalogue, step.metadataflow)
    if isinstance(step, Metadataflow):
        step = held(catalogue, step.structure)
    if not isinstance(step, MetadataStructure):
        raise NotFound("ARTEFACT_NOT_FOUND", kind=Kind.METADATA_STRUCTURE.value, ref=f"({artefact.ref})", near="-")
    return step


def _named(catalogue: Catalogue, artefacts: Sequence[Artefact]) -> list[Artefact]:
    """The item schemes that artefacts name."""
    refs = {exact: None for one in artefacts for exact in catalogue.references(one.ref).values() if exact is not None}
    return [found for ref in refs if isinstance(found := catalogue.get(ref), ItemScheme)]


def _agency_schemes(catalogue: Catalogue, agencies: set[str], missing: Missing) -> list[Artefact]:
    """Who maintains what: without it the same is valid."""
    above = {agency.rpartition(".")[0] or "SDMX" for agency in agencies}
    refs = [ref for one in sorted(above) for ref in catalogue.find(Kind.AGENCY_SCHEME, one, "AGENCIES", "latest")]
    found = catalogue.get_all(refs)
    missing.without({*refs} - {one.ref for one in found})
    return found
