"""Maps of SDMX 3.x: of structures, representations and item schemes.

Source: ``SDMXStructureStructureMappings.xsd`` and those of the other maps, SDMX 3.0 and 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adapters.sdmx.data_types import GEO, SIMPLE_TYPES, TARGET_TYPES, XHTML
from adapters.sdmx.elements import local
from adapters.sdmx.markup.common import ANNOTATIONS, artefact, identified
from adapters.sdmx.markup.grammar import Node, Out, Part, Record
from adapters.sdmx.markup.holding import Choice
from adapters.sdmx.markup.parts import Attr, Child, Many, One, Own, Single, Texts
from adapters.sdmx.markup.references import RefTo, named_in, written
from adapters.sdmx.markup.values import BOOLEAN, DAY, ID, INTEGER, Unfit, among
from adapters.sdmx.writing.xml import element
from registry.model import (
    CategorySchemeMap,
    ComponentMap,
    ConceptSchemeMap,
    DateMap,
    DatePatternMap,
    EpochMap,
    FixedValueMap,
    FrequencyFormat,
    ItemMap,
    Maintainable,
    MappedComponents,
    MappedValue,
    OrganisationSchemeMap,
    ReportingTaxonomyMap,
    RepresentationMap,
    StructureMap,
    ValueDomain,
    ValueMapping,
)
from registry.ref import Kind, Ref

VALUE = Record(
    MappedValue,
    (
        Attr("is_regex", "isRegEx", BOOLEAN),
        Attr("start_index", "startIndex", INTEGER),
        Attr("end_index", "endIndex", INTEGER),
        Own("value", required=True),
    ),
)
_DAYS = (Attr("valid_from", "validFrom", DAY), Attr("valid_to", "validTo", DAY))
ITEM_MAP = Record(
    ItemMap,
    (*_DAYS, ANNOTATIONS, One("source", "str:SourceValue", VALUE, required=True), Child("target", "str:TargetValue")),
)


def scheme_map(kind: Kind, cls: type[Maintainable], *kinds: Kind) -> Record:
    """A map from items to items of schemes of the kinds."""
    return artefact(
        kind,
        cls,
        RefTo("source_scheme", "str:Source", kinds, required=True),
        RefTo("target_scheme", "str:Target", kinds, required=True),
        Many("maps", "str:ItemMap", ITEM_MAP),
    )


CONCEPT_SCHEME_MAP = scheme_map(Kind.CONCEPT_SCHEME_MAP, ConceptSchemeMap, Kind.CONCEPT_SCHEME)
CATEGORY_SCHEME_MAP = scheme_map(Kind.CATEGORY_SCHEME_MAP, CategorySchemeMap, Kind.CATEGORY_SCHEME)
REPORTING_TAXONOMY_MAP = scheme_map(Kind.REPORTING_TAXONOMY_MAP, ReportingTaxonomyMap, Kind.REPORTING_TAXONOMY)
ORGANISATION_SCHEME_MAP = scheme_map(
    Kind.ORGANISATION_SCHEME_MAP,
    OrganisationSchemeMap,
    Kind.ORGANISATION_UNIT_SCHEME,
    Kind.AGENCY_SCHEME,
    Kind.DATA_PROVIDER_SCHEME,
    Kind.DATA_CONSUMER_SCHEME,
    Kind.METADATA_PROVIDER_SCHEME,
)

_TYPES = among(SIMPLE_TYPES | GEO | XHTML | TARGET_TYPES)


@dataclass(frozen=True)
class Domains(Single):
    """Where values come from or go to: lists or data types, at least one."""

    end: str = "Source"

    def write(self, of: Any, out: Out) -> None:
        if not getattr(of, self.field):
            raise Unfit("ML_TOO_FEW")
        for one in getattr(of, self.field):
            out.content.append(self._domain(one, out))

    def _domain(self, of: ValueDomain, out: Out) -> str:
        if (of.enumeration is None) == (not of.data_type):
            raise Unfit("ML_ONE_OF")
        if of.enumeration is None:
            return element(f"str:{self.end}DataType", content=_TYPES.write(of.data_type))
        if of.enumeration.kind not in (Kind.CODELIST, Kind.VALUE_LIST):
            raise Unfit("ML_NO_SUCH_REFERENCE")
        return element(f"str:{self.end}Codelist", content=written(of.enumeration, out.context.version))

    def read(self, node: Node, found: dict[str, Any]) -> None:
        domains = []
        for one in node.of:
            if local(one) == f"{self.end}DataType":
                domains.append(ValueDomain(data_type=(one.text or "").strip()))
            elif local(one) == f"{self.end}Codelist":
                named = named_in(one, Kind.CODELIST, node.context.ref)
                domains.append(ValueDomain(enumeration=named if isinstance(named, Ref) else named.of))
        found[self.field] = tuple(domains)


MAPPING = Record(
    ValueMapping,
    (
        *_DAYS,
        ANNOTATIONS,
        Many("sources", "str:SourceValue", VALUE, least=1, whole=True),
        Texts("targets", "str:TargetValue"),
    ),
)
REPRESENTATION_MAP = artefact(
    Kind.REPRESENTATION_MAP,
    RepresentationMap,
    Domains("sources", "Source"),
    Domains("targets", "Target"),
    Many("mappings", "str:RepresentationMapping", MAPPING),
)


@dataclass(frozen=True)
class Pairs(Part):
    """The components that times come from and go to, at least one pair."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("components",)

    def write(self, of: Any, out: Out) -> None:
        if not of.components:
            raise Unfit("ML_TOO_FEW")
        for one in of.components:
            out.text("str:Source", ID.write(one.source))
            out.text("str:Target", ID.write(one.target))

    def read(self, node: Node, found: dict[str, Any]) -> None:
        ends = (((one.text or "").strip() for one in node.all(tag)) for tag in ("Source", "Target"))
        found["components"] = tuple(MappedComponents(*pair) for pair in zip(*ends, strict=False))


def date_map(cls: type[DateMap], *parts: Attr) -> Record:
    """A map of times."""
    frequency = Choice(
        (
            (
                Child("frequency_dimension", "str:FrequencyDimension", ID, required=True),
                Texts("mapped_frequencies", "str:MappedFrequencies", ID, whole=True),
            ),
            (Child("target_frequency", "str:TargetFrequencyID", ID, required=True),),
        ),
        required=True,
    )
    resolve = Attr("resolve_period", "resolvePeriod", among(("startOfPeriod", "endOfPeriod", "midPeriod")))
    return Record(cls, (*identified(required=False), *parts, resolve, Pairs(), frequency))


_EPOCHS = among(("nanosecond", "millisecond", "microsecond", "second", "day"))
EPOCH_MAP = date_map(
    EpochMap, Attr("base_period", "basePeriod", required=True), Attr("epoch_period", "epochPeriod", _EPOCHS, required=True)
)
PATTERN_MAP = date_map(
    DatePatternMap, Attr("source_pattern", "sourcePattern", required=True), Attr("locale", "locale", required=True)
)
FREQUENCY_FORMAT = Record(
    FrequencyFormat,
    (
        *identified(required=False),
        Child("frequency", "str:FrequencyId", ID, required=True),
        Child("date_pattern", "str:DatePattern", required=True),
    ),
)
COMPONENT_MAP = Record(
    ComponentMap,
    (
        ANNOTATIONS,
        Texts("sources", "str:Source", ID, least=1, whole=True),
        Texts("targets", "str:Target", ID, least=1, whole=True),
        RefTo("representation_map", "str:RepresentationMap", (Kind.REPRESENTATION_MAP,)),
    ),
)
FIXED_VALUE = Record(
    FixedValueMap,
    (
        ANNOTATIONS,
        Choice(
            ((Child("source", "str:Source", ID, required=True),), (Child("target", "str:Target", ID, required=True),)),
            required=True,
        ),
        Texts("values", "str:Value"),
    ),
)
STRUCTURE_OR_USAGE = (Kind.DATAFLOW, Kind.DATA_STRUCTURE, Kind.METADATAFLOW, Kind.METADATA_STRUCTURE)
STRUCTURE_MAP = artefact(
    Kind.STRUCTURE_MAP,
    StructureMap,
    RefTo("source_structure", "str:Source", STRUCTURE_OR_USAGE, required=True),
    RefTo("target_structure", "str:Target", STRUCTURE_OR_USAGE, required=True),
    Many("epoch_maps", "str:EpochMap", EPOCH_MAP),
    Many("date_pattern_maps", "str:DatePatternMap", PATTERN_MAP),
    Many("frequency_formats", "str:FrequencyFormatMapping", FREQUENCY_FORMAT),
    Many("component_maps", "str:ComponentMap", COMPONENT_MAP),
    Many("fixed_values", "str:FixedValueMap", FIXED_VALUE),
)
