"""Structures of reference metadata, metadata flows and who provides them, and the reports themselves.

Source: ``SDMXStructureMetadataStructure.xsd``, ``SDMXStructureMetadataflow.xsd``, ``SDMXStructureProvisionAgreement.xsd`` of
SDMX 3.1, for reports ``SDMXMetadataGeneric.xsd``; for targets and report structures the first of them in 2.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from registry.model.base import Annotable, ComponentList, Identifiable, Maintainable, nothing
from registry.model.constraints import Region
from registry.model.data import Component
from registry.model.references import (
    MetadataflowRef,
    MetadataProviderRef,
    MetadataProvisionRef,
    MetadataStructureRef,
    TargetRef,
)
from registry.model.representation import Format, Representation
from registry.text import Names


@dataclass(frozen=True, kw_only=True, slots=True)
class MetadataAttribute(Component):
    """A field of a report, perhaps with fields below it; ``is_presentational``: only a heading. Its path is its URN's id."""

    min_occurs: int = 1
    max_occurs: int = 1
    is_presentational: bool = False
    children: tuple[MetadataAttribute, ...] = ()


class TargetType(StrEnum):
    """What a report of SDMX 2.1 may be about."""

    KEY_DESCRIPTOR_VALUES = "KeyDescriptorValuesTarget"
    DATA_SET = "DataSetTarget"
    CONSTRAINT_CONTENT = "ConstraintContentTarget"
    REPORT_PERIOD = "ReportPeriodTarget"
    IDENTIFIABLE_OBJECT = "IdentifiableObjectTarget"


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetObject(Identifiable):
    """One part of what a report is about; ``object_type`` is the SDMX class of an identifiable object."""

    type: TargetType
    object_type: str = ""
    representation: Representation | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MetadataTarget(Identifiable):
    """What a report may be about (SDMX 2.1)."""

    objects: tuple[TargetObject, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportStructure(Identifiable):
    """A report and the ids of what it may be about (SDMX 2.1)."""

    targets: tuple[str, ...] = ()
    attributes: tuple[MetadataAttribute, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MetadataStructure(Maintainable):
    """SDMX 3.x has ``attributes``, 2.1 ``targets`` and ``reports``.

    ``lists`` is what is said of the list itself, by ``MetadataAttributeDescriptor``.
    """

    attributes: tuple[MetadataAttribute, ...] = ()
    targets: tuple[MetadataTarget, ...] = ()
    reports: tuple[ReportStructure, ...] = ()
    lists: Mapping[str, ComponentList] = field(default_factory=nothing)


@dataclass(frozen=True, kw_only=True)
class Metadataflow(Maintainable):
    """Reports of one structure. ``targets``: URNs of what they may be about, with wildcards (SDMX 3.x)."""

    structure: MetadataStructureRef | None = None
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MetadataProvisionAgreement(Maintainable):
    """That a provider gives the reports of a metadata flow, about ``targets`` as in :class:`Metadataflow`."""

    metadataflow: MetadataflowRef
    provider: MetadataProviderRef
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportedAttribute(Annotable):
    """What is said in a field of a report: one value, or texts by language; and in the fields below it.

    The texts are XHTML where the format says so. ``format`` only SDMX-JSON has.
    """

    id: str
    value: str | None = None
    texts: Names = field(default_factory=nothing)
    format: Format | None = None
    children: tuple[ReportedAttribute, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MetadataSet(Maintainable):
    """A report about its ``targets``; of a metadata flow, or of a provision agreement for one.

    It is maintained as structures are, by who provides it, but is content: :data:`registry.ref.STRUCTURES` has it not.
    ``publication_year`` and the periods are those of the data it speaks of.

    Only in SDMX 2.1: a report of a ``structure`` without a flow; and as which report of its structure, about what by the parts
    of which metadata target it is (``key``, whose members that say nothing are the ``targets``, in their order).
    """

    publication_period: str = ""
    publication_year: str = ""
    reporting_begin: str = ""
    reporting_end: str = ""
    metadataflow: MetadataflowRef | None = None
    provision: MetadataProvisionRef | None = None
    structure: MetadataStructureRef | None = None
    key: Region | None = None
    targets: tuple[TargetRef, ...] = ()
    attributes: tuple[ReportedAttribute, ...] = ()
