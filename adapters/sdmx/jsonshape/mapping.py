"""Structure maps, representation maps and maps of item schemes (2.x).

Source: ``StructureMapType``, ``RepresentationMapType``, ``ConceptSchemeMapType`` ... of the schemas.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.sdmx.jsonshape.formats import every_type
from adapters.sdmx.jsonshape.notes import linked, noted
from adapters.sdmx.jsonshape.records import Custom, Json, Part, Piece, Record
from adapters.sdmx.jsonshape.references import artefact
from adapters.sdmx.jsonshape.ways import (
    DAY,
    FLAG,
    ID,
    NESTED_ID,
    NO_VALUE,
    NOTHING,
    TEXT,
    Each,
    Loss,
    Losses,
    Unlike,
    Way,
    Whole,
    at,
    count,
    one_of,
)
from registry.model import (
    ComponentMap,
    DateMap,
    DatePatternMap,
    EpochMap,
    FixedValueMap,
    FrequencyFormat,
    ItemMap,
    MappedComponents,
    MappedValue,
    ValueDomain,
    ValueMapping,
)
from registry.ref import Kind, Ref

Pieces = tuple[Piece, ...]

_VALUE = Record(
    MappedValue,
    (
        Part("value", "value", TEXT, needed=True),
        Part("is_regex", "isRegEx", FLAG),
        Part("start_index", "startIndex", count()),
        Part("end_index", "endIndex", count()),
    ),
)
_VALID = (Part("valid_from", "validFrom", DAY), Part("valid_to", "validTo", DAY))
_ORGANISATIONS = (
    Kind.AGENCY_SCHEME,
    Kind.DATA_PROVIDER_SCHEME,
    Kind.DATA_CONSUMER_SCHEME,
    Kind.METADATA_PROVIDER_SCHEME,
    Kind.ORGANISATION_UNIT_SCHEME,
)
MAPPED: dict[Kind, tuple[Kind, ...]] = {
    Kind.CONCEPT_SCHEME_MAP: (Kind.CONCEPT_SCHEME,),
    Kind.CATEGORY_SCHEME_MAP: (Kind.CATEGORY_SCHEME,),
    Kind.ORGANISATION_SCHEME_MAP: _ORGANISATIONS,
    Kind.REPORTING_TAXONOMY_MAP: (Kind.REPORTING_TAXONOMY,),
}
"""What each map of items is between."""


def item_maps(kind: Kind, version: str) -> Pieces:
    """The pieces of a map of items."""
    scheme = artefact(version, *MAPPED[kind])
    one = Record(
        ItemMap,
        (Part("source", "sourceValue", _VALUE, needed=True), Part("target", "targetValue", TEXT), *_VALID, noted(version)),
    )
    return (
        Part("source_scheme", "source", scheme, needed=True),
        Part("target_scheme", "target", scheme, needed=True),
        Part("maps", "itemMaps", Each(one)),
    )


def representation_map(version: str) -> Pieces:
    """The pieces of a map of values. Without one of its columns it would be another map."""
    domains = Whole(Each(_Domain(version)))
    targets = Part("targets", "targetValues", Each(TEXT))
    values = Part("sources", "sourceValues", Whole(Each(_VALUE)), needed=True)
    one = Record(ValueMapping, (values, targets, *_VALID, noted(version)))
    return (
        Part("sources", "source", domains, needed=True),
        Part("targets", "target", domains, needed=True),
        Part("mappings", "representationMappings", Each(one)),
    )


class _Domain:
    """A list or a data type, one of the two."""

    def __init__(self, version: str) -> None:
        self._list = artefact(version, Kind.CODELIST, Kind.VALUE_LIST)
        self._type = one_of(every_type(version))

    def write(self, value: ValueDomain, of: Ref, losses: Losses) -> Any:
        if (value.enumeration is None) == (not value.data_type):
            return NOTHING
        if value.enumeration is None:
            said = self._type.write(value.data_type, of, losses)
            return said if said is NOTHING else {"dataType": said}
        said = self._list.write(value.enumeration, of, losses)
        return said if said is NOTHING else {"codelist": said}

    def read(self, found: Any, lang: str) -> ValueDomain:
        if not isinstance(found, dict):
            raise Unlike("an object")
        if found.get("codelist") is not None:
            return ValueDomain(at("codelist", self._list, found["codelist"], lang))
        return ValueDomain(data_type=at("dataType", self._type, found.get("dataType"), lang))


def structure_map(version: str) -> Pieces:
    """The pieces of a map of structures."""
    kinds = (Kind.DATA_STRUCTURE, Kind.DATAFLOW, Kind.METADATA_STRUCTURE, Kind.METADATAFLOW)
    structure = artefact(version, *kinds)
    return (
        Part("source_structure", "source", structure, needed=True),
        Part("target_structure", "target", structure, needed=True),
        Part("epoch_maps", "epochMaps", Each(_epoch(version))),
        Part("date_pattern_maps", "datePatternMaps", Each(_pattern(version))),
        Part("frequency_formats", "frequencyFormatMappings", Each(_frequency(version))),
        Part("component_maps", "componentMaps", Each(_components(version))),
        Part("fixed_values", "fixedValueMaps", Each(_fixed(version))),
    )


_PAIR = Record(
    MappedComponents, (Part("source", "source", NESTED_ID, needed=True), Part("target", "target", NESTED_ID, needed=True))
)


def _dates(version: str) -> Pieces:
    """What both maps of dates say; the id may be missing."""
    resolved = one_of(frozenset({"startOfPeriod", "endOfPeriod", "midPeriod"}))
    return (
        Part("id", "id", ID),
        Part("components", "mappedComponents", Each(_PAIR), needed=True),
        Custom(("frequency_dimension", "mapped_frequencies", "target_frequency"), _put_frequency, _take_frequency),
        Part("resolve_period", "resolvePeriod", resolved),
        noted(version),
        linked(version),
    )


def _put_frequency(value: DateMap, into: Json, of: Ref, losses: Losses) -> bool:
    """That of a dimension, or always the same."""
    if bool(value.frequency_dimension) == bool(value.target_frequency):
        return False
    name = "frequencyDimension" if value.frequency_dimension else "targetFrequencyID"
    into[name] = ID.said(value.frequency_dimension or value.target_frequency)
    frequencies = Whole(Each(ID)).write(value.mapped_frequencies, of, losses) if value.mapped_frequencies else None
    if frequencies is not None and (frequencies is NOTHING or value.target_frequency):
        losses.append(Loss("mapped_frequencies", NO_VALUE))
    elif frequencies is not None:
        into["mappedFrequencies"] = frequencies
    return into[name] is not NOTHING


def _take_frequency(found: Mapping[str, Any], into: Json, lang: str) -> None:
    ways: dict[str, tuple[str, Way]] = {
        "frequencyDimension": ("frequency_dimension", TEXT),
        "targetFrequencyID": ("target_frequency", TEXT),
        "mappedFrequencies": ("mapped_frequencies", Each(TEXT)),
    }
    for name, (field, way) in ways.items():
        if found.get(name) is not None:
            into[field] = at(name, way, found[name], lang)


def _epoch(version: str) -> Record:
    units = one_of(frozenset({"nanosecond", "millisecond", "microsecond", "second", "day"}))
    base = Part("base_period", "basePeriod", TEXT, needed=True)
    return Record(EpochMap, (*_dates(version), base, Part("epoch_period", "epochPeriod", units, needed=True)))


def _pattern(version: str) -> Record:
    own = (Part("source_pattern", "sourcePattern", TEXT, needed=True), Part("locale", "locale", TEXT, needed=True))
    return Record(DatePatternMap, (*_dates(version), *own))


def _frequency(version: str) -> Record:
    own = (Part("frequency", "frequencyId", ID, needed=True), Part("date_pattern", "datePattern", TEXT, needed=True))
    return Record(FrequencyFormat, (Part("id", "id", ID), *own, noted(version), linked(version)))


def _components(version: str) -> Record:
    return Record(
        ComponentMap,
        (
            Part("sources", "source", Whole(Each(NESTED_ID)), needed=True),
            Part("targets", "target", Whole(Each(NESTED_ID)), needed=True),
            Part("representation_map", "representationMap", artefact(version, Kind.REPRESENTATION_MAP)),
            noted(version),
        ),
    )


def _fixed(version: str) -> Record:
    side = Custom(("source", "target"), _put_side, _take_side)
    return Record(FixedValueMap, (side, Part("values", "values", Each(TEXT)), noted(version)))


def _put_side(value: FixedValueMap, into: Json, of: Ref, losses: Losses) -> bool:
    """A component of one side only."""
    name = "source" if value.source else "target"
    into[name] = NESTED_ID.said(getattr(value, name))
    return bool(value.source) != bool(value.target) and into[name] is not NOTHING


def _take_side(found: Mapping[str, Any], into: Json, lang: str) -> None:
    for name in ("source", "target"):
        if found.get(name) is not None:
            into[name] = at(name, TEXT, found[name], lang)
