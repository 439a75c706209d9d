"""Structures of reference metadata, metadata flows, and agreements about them.

Source: ``SDMXStructureMetadataStructure.xsd``, ``SDMXStructureMetadataflow.xsd``, ``SDMXStructureProvisionAgreement.xsd`` of
SDMX 3.0, 3.1; the first of 2.1 too, where reports say which targets they are about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adapters.sdmx.elements import local
from adapters.sdmx.markup.common import artefact, identified
from adapters.sdmx.markup.components import component, looks
from adapters.sdmx.markup.formats import BASIC_FORMAT, TIME_FORMAT, representation, text_type
from adapters.sdmx.markup.grammar import Node, Only, Out, Part, Record, new, old
from adapters.sdmx.markup.holding import Within
from adapters.sdmx.markup.parts import Attr, Many, One, Single, Texts
from adapters.sdmx.markup.references import Locals, RefTo
from adapters.sdmx.markup.structures import Lists, other_lists
from adapters.sdmx.markup.values import BOOLEAN, ID, NATURAL, NCNAME, OCCURRENCE, WILDCARD, Unfit, Value, matching
from registry.model import (
    Format,
    MetadataAttribute,
    Metadataflow,
    MetadataProvisionAgreement,
    MetadataStructure,
    MetadataTarget,
    ReportStructure,
    TargetObject,
    TargetType,
)
from registry.ref import ITEM_SCHEMES, Kind


def _attribute() -> Record:
    return METADATA_ATTRIBUTE


METADATA_ATTRIBUTE: Record = Record(
    MetadataAttribute,
    (
        *component(""),
        Attr("min_occurs", "minOccurs", NATURAL),
        Attr("max_occurs", "maxOccurs", OCCURRENCE),
        Attr("is_presentational", "isPresentational", BOOLEAN),
        looks(representation(BASIC_FORMAT, Kind.CODELIST)),
        Many("children", "str:MetadataAttribute", _attribute),
    ),
)

# SDMX 2.1


@dataclass(frozen=True)
class OfType(Single):
    """The type that the name of the element says."""

    type: TargetType = TargetType.DATA_SET

    def write(self, of: Any, out: Out) -> None:
        """Nothing: see :class:`Targets`."""

    def read(self, node: Node, found: dict[str, Any]) -> None:
        found[self.field] = self.type


def _target(type: TargetType, ids: Value, looks: Record, *parts: Part) -> Record:
    fixed = OfType("type", type)
    return Record(
        TargetObject,
        (
            Attr("id", "id", ids, required=True, missing=_IDS.get(type, "")),
            *identified()[1:],
            fixed,
            *parts,
            One("representation", "str:LocalRepresentation", looks, required=True),
        ),
    )


_IDS = {
    TargetType.KEY_DESCRIPTOR_VALUES: "DIMENSION_DESCRIPTOR_VALUES_TARGET",
    TargetType.DATA_SET: "DATA_SET_TARGET",
    TargetType.CONSTRAINT_CONTENT: "CONSTRAINT_CONTENT_TARGET",
    TargetType.REPORT_PERIOD: "REPORT_PERIOD_TARGET",
}


TARGET_IDS = {type.value: id for type, id in _IDS.items()}
"""The only ids that targets of these types may have, by the name of the type."""


def _only(text: str) -> Record:
    return representation(Record(Format, text_type(frozenset({text}), text)))


_LOOKS = {
    TargetType.KEY_DESCRIPTOR_VALUES: _only("KeyValues"),
    TargetType.DATA_SET: _only("DataSetReference"),
    TargetType.CONSTRAINT_CONTENT: _only("AttachmentConstraintReference"),
    TargetType.REPORT_PERIOD: representation(TIME_FORMAT),
}
_IDENTIFIABLE = Record(Format, text_type(frozenset({"IdentifiableReference"}), "IdentifiableReference"))
_TARGETS: dict[TargetType, Record] = {
    **{type: _target(type, matching(_IDS[type]), looks) for type, looks in _LOOKS.items()},
    TargetType.IDENTIFIABLE_OBJECT: _target(
        TargetType.IDENTIFIABLE_OBJECT,
        NCNAME,
        representation(_IDENTIFIABLE, *ITEM_SCHEMES, coded=False),
        Attr("object_type", "objectType", required=True),
    ),
}


@dataclass(frozen=True)
class Targets(Part):
    """What a report may be about: objects of several types in any order."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("objects",)

    def write(self, of: Any, out: Out) -> None:
        if len({one.id for one in of.objects}) < len(of.objects):
            raise Unfit("ML_TWICE")
        if not of.objects:
            raise Unfit("ML_TOO_FEW")
        for number, one in enumerate(of.objects):
            place = out.under("objects", number)
            out.content.append(_TARGETS[one.type].write(f"str:{one.type.value}", one, out.context, place))

    def read(self, node: Node, found: dict[str, Any]) -> None:
        types = {type.value: type for type in TargetType}
        found["objects"] = tuple(_TARGETS[types[local(one)]].read(one, node.context) for one in node.of if local(one) in types)


METADATA_TARGET = Record(MetadataTarget, (*identified(), Targets()))
REPORT = Record(
    ReportStructure,
    (
        *identified(),
        Many("attributes", "str:MetadataAttribute", METADATA_ATTRIBUTE, least=1),
        Locals("targets", "str:MetadataTarget", ID, least=1),
    ),
)


@dataclass(frozen=True)
class Reports(Part):
    """Targets and reports, both or none."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("targets", "reports", "lists")

    def write(self, of: Any, out: Out) -> None:
        other_lists(of, frozenset(), out)
        try:
            Within(_TAG, _REPORTS if of.targets or of.reports else ()).write(of, out)
        except Unfit as unfit:
            for name in ("targets", "reports"):
                if getattr(of, name):
                    out.lose(name, unfit.reason)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        Within(_TAG, _REPORTS).read(node, found)


_TAG = "str:MetadataStructureComponents"
_REPORTS: tuple[Part | Only, ...] = (
    Many("targets", "str:MetadataTarget", METADATA_TARGET, least=1, whole=True),
    Many("reports", "str:ReportStructure", REPORT, least=1, whole=True),
)

# SDMX 3.x

_DESCRIPTOR = "MetadataAttributeDescriptor"


@dataclass(frozen=True)
class MetadataLists(Lists):
    """The attributes of a metadata structure."""

    def write(self, of: Any, out: Out) -> None:
        other_lists(of, frozenset({_DESCRIPTOR}), out)
        super().write(of, out)


METADATA_STRUCTURE = artefact(
    Kind.METADATA_STRUCTURE,
    MetadataStructure,
    old(Reports()),
    new(
        Within(
            _TAG,
            (
                MetadataLists(
                    "str:MetadataAttributeList",
                    _DESCRIPTOR,
                    (Many("attributes", "str:MetadataAttribute", METADATA_ATTRIBUTE),),
                ),
            ),
        )
    ),
)
METADATAFLOW = artefact(
    Kind.METADATAFLOW,
    Metadataflow,
    RefTo("structure", "str:Structure", (Kind.METADATA_STRUCTURE,)),
    new(Texts("targets", "str:Target", WILDCARD, least=1)),
)
METADATA_PROVISION_AGREEMENT = artefact(
    Kind.METADATA_PROVISION_AGREEMENT,
    MetadataProvisionAgreement,
    RefTo("metadataflow", "str:Metadataflow", (Kind.METADATAFLOW,), required=True),
    RefTo("provider", "str:MetadataProvider", ("MetadataProvider",), required=True),
    Texts("targets", "str:Target", WILDCARD),
)
