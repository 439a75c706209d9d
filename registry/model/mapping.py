"""How the parts of one structure, scheme or list correspond to those of another.

Source: ``SDMXStructureStructureMappings.xsd`` of SDMX 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from registry.model.base import Annotable, Identifiable, Maintainable
from registry.model.references import AnyStructureRef, ConceptSchemeRef, EnumerationRef, RepresentationMapRef
from registry.ref import Kind, Ref


@dataclass(frozen=True, slots=True)
class MappedValue:
    """A value to map: a text, a regular expression, or the part of a text from ``start_index`` to ``end_index``."""

    value: str
    is_regex: bool = False
    start_index: int | None = None
    end_index: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemMap(Annotable):
    """An item of one scheme is one of another; without ``target`` it has none there."""

    source: MappedValue
    target: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class ConceptSchemeMap(Maintainable):
    """Concepts to concepts."""

    source_scheme: ConceptSchemeRef
    target_scheme: ConceptSchemeRef
    maps: tuple[ItemMap, ...] = ()


CategorySchemeRef = Annotated[Ref, Kind.CATEGORY_SCHEME]
ReportingTaxonomyRef = Annotated[Ref, Kind.REPORTING_TAXONOMY]
OrganisationSchemeRef = Annotated[
    Ref,
    Kind.ORGANISATION_UNIT_SCHEME,
    Kind.AGENCY_SCHEME,
    Kind.DATA_PROVIDER_SCHEME,
    Kind.DATA_CONSUMER_SCHEME,
    Kind.METADATA_PROVIDER_SCHEME,
]


@dataclass(frozen=True, kw_only=True)
class CategorySchemeMap(Maintainable):
    """Categories to categories."""

    source_scheme: CategorySchemeRef
    target_scheme: CategorySchemeRef
    maps: tuple[ItemMap, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OrganisationSchemeMap(Maintainable):
    """Organisations to organisations."""

    source_scheme: OrganisationSchemeRef
    target_scheme: OrganisationSchemeRef
    maps: tuple[ItemMap, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportingTaxonomyMap(Maintainable):
    """Reporting categories to reporting categories."""

    source_scheme: ReportingTaxonomyRef
    target_scheme: ReportingTaxonomyRef
    maps: tuple[ItemMap, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueDomain:
    """Where values come from: a list, or a data type."""

    enumeration: EnumerationRef | None = None
    data_type: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ValueMapping(Annotable):
    """A value for each source gives a value for each target; without targets it has none."""

    sources: tuple[MappedValue, ...]
    targets: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class RepresentationMap(Maintainable):
    """Values to values. From one code list to one other it is a :class:`registry.correspondence.Correspondence`."""

    sources: tuple[ValueDomain, ...]
    targets: tuple[ValueDomain, ...]
    mappings: tuple[ValueMapping, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ComponentMap(Annotable):
    """Components to components; without a representation map the values are copied."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    representation_map: RepresentationMapRef | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FixedValueMap(Annotable):
    """A component of the source or of the target that always has the same values."""

    source: str = ""
    target: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FrequencyFormat(Identifiable):
    """How periods of a frequency are written in the target."""

    id: str = ""
    frequency: str
    date_pattern: str


@dataclass(frozen=True, slots=True)
class MappedComponents:
    """The component that a time comes from and the one it goes to."""

    source: str
    target: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DateMap(Identifiable):
    """Times to times. The frequency is that of a dimension, perhaps only for some of its values, or always the same.

    ``resolve_period``: ``startOfPeriod``, ``endOfPeriod``, ``midPeriod`` or not said.
    """

    id: str = ""
    components: tuple[MappedComponents, ...] = ()
    frequency_dimension: str = ""
    mapped_frequencies: tuple[str, ...] = ()
    target_frequency: str = ""
    resolve_period: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EpochMap(DateMap):
    """Times as a number of ``epoch_period`` (``nanosecond`` ... ``day``) since ``base_period``."""

    base_period: str
    epoch_period: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DatePatternMap(DateMap):
    """Times as text in the pattern, with the words of a language."""

    source_pattern: str
    locale: str


@dataclass(frozen=True, kw_only=True)
class StructureMap(Maintainable):
    """A structure or flow to another."""

    source_structure: AnyStructureRef
    target_structure: AnyStructureRef
    epoch_maps: tuple[EpochMap, ...] = ()
    date_pattern_maps: tuple[DatePatternMap, ...] = ()
    frequency_formats: tuple[FrequencyFormat, ...] = ()
    component_maps: tuple[ComponentMap, ...] = ()
    fixed_values: tuple[FixedValueMap, ...] = ()
