"""Data structures, dataflows and who provides them.

Source: ``SDMXStructureDataStructure.xsd``, ``SDMXStructureDataflow.xsd``, ``SDMXStructureProvisionAgreement.xsd`` of SDMX
2.1, 3.0 and 3.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from registry.model.base import Annotable, ComponentList, Identifiable, Link, Maintainable, nothing
from registry.model.references import (
    AttachmentConstraintRef,
    ConceptRef,
    DataProviderRef,
    DataStructureRef,
    MetadataStructureRef,
    ProvidedRef,
)
from registry.model.representation import UNBOUNDED, Representation
from registry.ref import Kind, Ref


class Level(StrEnum):
    """What an attribute describes."""

    DATA_SET = "DataSet"
    GROUP = "Group"
    SERIES = "Series"
    OBSERVATION = "Observation"


@dataclass(frozen=True, kw_only=True, slots=True)
class Component(Identifiable):
    """A dimension, attribute or measure: an id, the concept that says what it means, and what values it may have.

    Without a representation of its own it has that of its concept (:func:`registry.assembly.assemble` looks it up).
    """

    concept_identity: ConceptRef | None = None
    representation: Representation | None = None
    concept_roles: tuple[ConceptRef, ...] = ()

    @property
    def concept(self) -> str:
        """The id of its concept; empty where none is named."""
        return self.concept_identity.id if self.concept_identity is not None else ""

    @property
    def concept_scheme(self) -> Ref | None:
        return self.concept_identity.of if self.concept_identity is not None else None

    @property
    def codelist(self) -> Ref | None:
        """The code list of its values; None where they are free or of a value list."""
        found = self.representation.enumeration if self.representation is not None else None
        return found if found is not None and found.kind == Kind.CODELIST else None

    @property
    def text_type(self) -> str:
        """The data type of free values."""
        found = self.representation.format if self.representation is not None else None
        return found.text_type if found is not None else self.usual_type

    @property
    def usual_type(self) -> str:
        """The data type where none is said."""
        return "String"


@dataclass(frozen=True, kw_only=True, slots=True)
class Dimension(Component):
    """Part of the key of an observation, at its position in the list.

    ``is_time`` marks the one that orders a series, ``is_measure`` the measure dimension of SDMX 2.1.
    """

    is_time: bool = False
    is_measure: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribute(Component):
    """Describes a data set, group, series or observation (``AttributeRelationship``).

    dimensions           those it depends on at Level.GROUP; at Level.SERIES it depends on the whole key, and they are left out;
                         at Level.OBSERVATION they are named only where there are fewer than all
    optional_dimensions  those of them that need not have a value (SDMX 3.1)
    group                the group it belongs to, at Level.GROUP
    attachment_groups    groups at which it may be reported although it depends on dimensions (SDMX 2.1)
    measures             the measures it describes (``MeasureRelationship``, SDMX 3.x); none: the observation as a whole
    """

    level: Level = Level.OBSERVATION
    mandatory: bool = False
    dimensions: tuple[str, ...] = ()
    optional_dimensions: tuple[str, ...] = ()
    group: str | None = None
    attachment_groups: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()

    @property
    def most(self) -> int | None:
        """How many values it may have at once; None for as many as one likes."""
        found = self.representation.max_occurs if self.representation is not None else 1
        return None if found == UNBOUNDED else found

    @property
    def several(self) -> bool:
        """Whether it may have several values at once; how data hold them says :mod:`registry.several`."""
        return self.most != 1


@dataclass(frozen=True, kw_only=True, slots=True)
class MetadataAttributeUsage(Annotable):
    """A metadata attribute of the metadata structure that the data structure names, used as an attribute (SDMX 3.x).

    The relationship as in :class:`Attribute`.
    """

    attribute: str
    uri: str = ""
    links: tuple[Link, ...] = ()
    level: Level = Level.OBSERVATION
    dimensions: tuple[str, ...] = ()
    optional_dimensions: tuple[str, ...] = ()
    group: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure(Component):
    """What is observed; SDMX 2.1 has one, ``OBS_VALUE``. A number unless it says otherwise."""

    mandatory: bool = False

    @property
    def usual_type(self) -> str:
        return "Double"


@dataclass(frozen=True, kw_only=True, slots=True)
class Group(Identifiable):
    """A partial key that attributes belong to; in SDMX 2.1 it may be an attachment constraint in place of dimensions."""

    dimensions: tuple[str, ...] = ()
    constraint: AttachmentConstraintRef | None = None


@dataclass(frozen=True, kw_only=True)
class DataStructure(Maintainable):
    """A DSD. Dimensions in key order; at most one is time.

    ``lists`` is what is said of the lists themselves, by ``DimensionDescriptor``, ``AttributeDescriptor``,
    ``MeasureDescriptor``. ``metadata`` is the structure of ``metadata_usages``. ``is_evolving``: SDMX 3.1.
    """

    dimensions: tuple[Dimension, ...]
    attributes: tuple[Attribute, ...] = ()
    measures: tuple[Measure, ...] = (Measure(id="OBS_VALUE"),)
    groups: tuple[Group, ...] = ()
    metadata: MetadataStructureRef | None = None
    metadata_usages: tuple[MetadataAttributeUsage, ...] = ()
    is_evolving: bool = False
    lists: Mapping[str, ComponentList] = field(default_factory=nothing)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The ids of the dimensions that make a series key: all but time."""
        return tuple(dimension.id for dimension in self.dimensions if not dimension.is_time)

    @cached_property
    def time(self) -> Dimension | None:
        return next((dimension for dimension in self.dimensions if dimension.is_time), None)

    @cached_property
    def components(self) -> dict[str, Component]:
        return {part.id: part for part in (*self.dimensions, *self.attributes, *self.measures)}

    @cached_property
    def describing(self) -> tuple[Attribute, ...]:
        """The attributes that every observation of a series shares: of series and groups."""
        return tuple(attribute for attribute in self.attributes if attribute.level in (Level.SERIES, Level.GROUP))

    @cached_property
    def several(self) -> frozenset[str]:
        """The attributes that may have several values at once."""
        return frozenset(attribute.id for attribute in self.attributes if attribute.several)

    @cached_property
    def group_keys(self) -> dict[str, tuple[str, ...]]:
        """The dimensions of each group."""
        return {group.id: group.dimensions for group in self.groups}

    def attributes_at(self, level: Level) -> tuple[Attribute, ...]:
        return tuple(attribute for attribute in self.attributes if attribute.level == level)


@dataclass(frozen=True, kw_only=True)
class Dataflow(Maintainable):
    """A body of data described by one DSD; what releases are made of.

    A stub may leave the structure out. ``dimension_constraint``: SDMX 3.1, the dimensions in use of an evolving structure.
    """

    structure: DataStructureRef | None = None
    dimension_constraint: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProvisionAgreement(Maintainable):
    """That a provider gives the data of a dataflow; in SDMX 2.1 ``dataflow`` may be a metadataflow."""

    dataflow: ProvidedRef
    provider: DataProviderRef
