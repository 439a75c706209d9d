"""Metadata structures of 1.0, as SDMX 2.1 has them: what reports may be about, and the reports.

Source: ``MetadataStructureType`` of the schema of 1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.sdmx.jsonshape.formats import Breadth, text_format
from adapters.sdmx.jsonshape.metadatastructures import metadata_attribute
from adapters.sdmx.jsonshape.notes import linked, noted
from adapters.sdmx.jsonshape.records import Custom, Fixed, Inside, Json, Part, Piece, Record
from adapters.sdmx.jsonshape.references import FIRST, Inner, artefact
from adapters.sdmx.jsonshape.ways import (
    ID,
    NAME,
    NOTHING,
    Each,
    Losses,
    Whole,
    at,
    one_of,
)
from registry.model import (
    MetadataTarget,
    ReportStructure,
    Representation,
    TargetObject,
    TargetType,
)
from registry.ref import Kind, Ref

_ENUMERATED = (Kind.CODELIST, Kind.CONCEPT_SCHEME)
_TARGETS = frozenset({"KeyValues", "IdentifiableReference", "DataSetReference", "AttachmentConstraintReference"})
_NAMES = {
    TargetType.KEY_DESCRIPTOR_VALUES: "keyDescriptorValuesTargets",
    TargetType.DATA_SET: "dataSetTargets",
    TargetType.CONSTRAINT_CONTENT: "constraintContentTargets",
    TargetType.REPORT_PERIOD: "reportPeriodTargets",
    TargetType.IDENTIFIABLE_OBJECT: "identifiableObjectTargets",
}


def first_metadata_structure() -> tuple[Piece, ...]:
    """The pieces of a metadata structure: what reports may be about, and the reports."""
    target = Record(MetadataTarget, (Part("id", "id", ID, needed=True), _objects(), noted(FIRST), linked(FIRST)))
    report = Record(
        ReportStructure,
        (
            Part("id", "id", ID, needed=True),
            Part("targets", "metadataTargets", Each(Inner("MetadataTarget")), needed=True),
            Part("attributes", "metadataAttributes", Each(metadata_attribute(FIRST)), needed=True),
            noted(FIRST),
            linked(FIRST),
        ),
    )
    targets = Part("targets", "metadataTargets", Each(target), needed=True)
    reports = Part("reports", "reportStructures", Each(report), needed=True)
    return (Inside("metadataStructureComponents", (targets, reports)),)


def _objects() -> Piece:
    """By type; of another order, or with one that cannot be said, it would be another target."""
    ways = {type: Whole(Each(_object(type))) for type in _NAMES}

    def put(value: MetadataTarget, into: Json, of: Ref, losses: Losses) -> bool:
        order = list(_NAMES)
        if [one.type for one in value.objects] != sorted((one.type for one in value.objects), key=order.index):
            return False
        for type, name in _NAMES.items():
            if of_type := tuple(one for one in value.objects if one.type is type):
                into[name] = ways[type].write(of_type, of, losses)
        return NOTHING not in into.values()

    def take(found: Mapping[str, Any], into: Json, lang: str) -> None:
        into["objects"] = tuple(
            one for type, name in _NAMES.items() for one in at(name, ways[type], found.get(name) or [], lang)
        )

    return Custom(("objects",), put, take)


def _object(type: TargetType) -> Record:
    way = _Target(Breadth.TIME if type is TargetType.REPORT_PERIOD else None, type is TargetType.IDENTIFIABLE_OBJECT)
    of_type = Part("object_type", "objectType", one_of(OBJECT_TYPES), needed=True)
    own = (of_type,) if type is TargetType.IDENTIFIABLE_OBJECT else ()
    represented = Part("representation", "localRepresentation", way, needed=True)
    return Record(
        TargetObject, (Part("id", "id", NAME, needed=True), Fixed("type", type), *own, represented, noted(FIRST), linked(FIRST))
    )


OBJECT_TYPES = frozenset(
    [
        "Any",
        "Agency",
        "AgencyScheme",
        "AttachmentConstraint",
        "Categorisation",
        "Category",
        "CategoryScheme",
        "Code",
        "Codelist",
        "Concept",
        "ConceptScheme",
        "Constraint",
        "ContentConstraint",
        "Dataflow",
        "DataConsumer",
        "DataConsumerScheme",
        "DataProvider",
        "DataProviderScheme",
        "DataStructure",
        "Dimension",
        "HierarchicalCode",
        "HierarchicalCodelist",
        "Hierarchy",
        "Level",
        "MeasureDimension",
        "Metadataflow",
        "MetadataAttribute",
        "MetadataSet",
        "MetadataStructure",
        "MetadataTarget",
        "Organisation",
        "OrganisationScheme",
        "OrganisationUnit",
        "OrganisationUnitScheme",
        "PrimaryMeasure",
        "Process",
        "ProcessStep",
        "ProvisionAgreement",
        "ReportingCategory",
        "ReportingTaxonomy",
        "ReportStructure",
        "StructureMap",
        "StructureSet",
        "TimeDimension",
        "Transition",
    ]
)
"""The classes of SDMX 2.1 that a report may be about."""


class _Target:
    """What values a target has; none said is an empty format."""

    def __init__(self, breadth: Breadth | None, listed: bool) -> None:
        among = None if breadth is Breadth.TIME else _TARGETS
        format = Part("format", "textFormat", text_format(Breadth.TIME, FIRST, among))
        enumeration = Part("enumeration", "enumeration", artefact(FIRST, *_ENUMERATED))
        self._record = Record(Representation, (format, enumeration) if listed else (format,))

    def write(self, value: Representation | None, of: Ref, losses: Losses) -> Any:
        if value is None:
            return {"textFormat": {}}
        said = Whole(self._record).write(value, of, losses)
        return said or NOTHING

    def read(self, found: Any, lang: str) -> Representation | None:
        if isinstance(found, dict) and not found.get("textFormat") and not found.get("enumeration"):
            return None
        read: Representation = self._record.read(found, lang)
        return read
