"""References to artefacts and to what is in them: ``AGENCY:ID(1.0)``, ``AGENCY:ID(1.0).ITEM`` and the canonical URNs.

Source: SDMX 2.1 section 5, "Universal Resource Name", SDMX 3.0 section 6; which class lies in which package: the patterns of
``SDMXCommonReferences.xsd`` of 3.1, for what only 2.1 has ``SDMXCommonReferences.xsd`` of 2.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from registry.errors import Invalid


class Kind(StrEnum):
    """What is maintained; the value is the SDMX class name. The three before the last only SDMX 2.1 has."""

    AGENCY_SCHEME = "AgencyScheme"
    DATA_PROVIDER_SCHEME = "DataProviderScheme"
    DATA_CONSUMER_SCHEME = "DataConsumerScheme"
    METADATA_PROVIDER_SCHEME = "MetadataProviderScheme"
    ORGANISATION_UNIT_SCHEME = "OrganisationUnitScheme"
    CODELIST = "Codelist"
    GEOGRAPHIC_CODELIST = "GeographicCodelist"
    GEO_GRID_CODELIST = "GeoGridCodelist"
    VALUE_LIST = "ValueList"
    HIERARCHY = "Hierarchy"
    HIERARCHY_ASSOCIATION = "HierarchyAssociation"
    CONCEPT_SCHEME = "ConceptScheme"
    CATEGORY_SCHEME = "CategoryScheme"
    CATEGORISATION = "Categorisation"
    REPORTING_TAXONOMY = "ReportingTaxonomy"
    DATA_STRUCTURE = "DataStructure"
    DATAFLOW = "Dataflow"
    METADATA_STRUCTURE = "MetadataStructure"
    METADATAFLOW = "Metadataflow"
    PROVISION_AGREEMENT = "ProvisionAgreement"
    METADATA_PROVISION_AGREEMENT = "MetadataProvisionAgreement"
    DATA_CONSTRAINT = "DataConstraint"
    METADATA_CONSTRAINT = "MetadataConstraint"
    STRUCTURE_MAP = "StructureMap"
    REPRESENTATION_MAP = "RepresentationMap"
    CONCEPT_SCHEME_MAP = "ConceptSchemeMap"
    CATEGORY_SCHEME_MAP = "CategorySchemeMap"
    ORGANISATION_SCHEME_MAP = "OrganisationSchemeMap"
    REPORTING_TAXONOMY_MAP = "ReportingTaxonomyMap"
    PROCESS = "Process"
    TRANSFORMATION_SCHEME = "TransformationScheme"
    VTL_MAPPING_SCHEME = "VtlMappingScheme"
    NAME_PERSONALISATION_SCHEME = "NamePersonalisationScheme"
    RULESET_SCHEME = "RulesetScheme"
    USER_DEFINED_OPERATOR_SCHEME = "UserDefinedOperatorScheme"
    CUSTOM_TYPE_SCHEME = "CustomTypeScheme"
    STRUCTURE_SET = "StructureSet"
    HIERARCHICAL_CODELIST = "HierarchicalCodelist"
    ATTACHMENT_CONSTRAINT = "AttachmentConstraint"
    METADATA_SET = "MetadataSet"


STRUCTURES = tuple(kind for kind in Kind if kind is not Kind.METADATA_SET)
"""The kinds that structure messages and questions know: a metadata set is content and has messages and questions of its own."""


PACKAGES: dict[str, tuple[Kind, ...]] = {
    "base": (
        Kind.AGENCY_SCHEME,
        Kind.DATA_PROVIDER_SCHEME,
        Kind.DATA_CONSUMER_SCHEME,
        Kind.METADATA_PROVIDER_SCHEME,
        Kind.ORGANISATION_UNIT_SCHEME,
    ),
    "codelist": (
        Kind.CODELIST,
        Kind.GEOGRAPHIC_CODELIST,
        Kind.GEO_GRID_CODELIST,
        Kind.VALUE_LIST,
        Kind.HIERARCHY,
        Kind.HIERARCHY_ASSOCIATION,
        Kind.HIERARCHICAL_CODELIST,
    ),
    "conceptscheme": (Kind.CONCEPT_SCHEME,),
    "categoryscheme": (Kind.CATEGORY_SCHEME, Kind.CATEGORISATION, Kind.REPORTING_TAXONOMY),
    "datastructure": (Kind.DATA_STRUCTURE, Kind.DATAFLOW),
    "metadatastructure": (Kind.METADATA_STRUCTURE, Kind.METADATAFLOW, Kind.METADATA_SET),
    "registry": (
        Kind.PROVISION_AGREEMENT,
        Kind.METADATA_PROVISION_AGREEMENT,
        Kind.DATA_CONSTRAINT,
        Kind.METADATA_CONSTRAINT,
        Kind.ATTACHMENT_CONSTRAINT,
    ),
    "structuremapping": (
        Kind.STRUCTURE_MAP,
        Kind.REPRESENTATION_MAP,
        Kind.CONCEPT_SCHEME_MAP,
        Kind.CATEGORY_SCHEME_MAP,
        Kind.ORGANISATION_SCHEME_MAP,
        Kind.REPORTING_TAXONOMY_MAP,
    ),
    "mapping": (Kind.STRUCTURE_SET,),
    "process": (Kind.PROCESS,),
    "transformation": (
        Kind.TRANSFORMATION_SCHEME,
        Kind.VTL_MAPPING_SCHEME,
        Kind.NAME_PERSONALISATION_SCHEME,
        Kind.RULESET_SCHEME,
        Kind.USER_DEFINED_OPERATOR_SCHEME,
        Kind.CUSTOM_TYPE_SCHEME,
    ),
}
PACKAGE: dict[Kind, str] = {kind: package for package, kinds in PACKAGES.items() for kind in kinds}

URN_CLASSES = {Kind.GEOGRAPHIC_CODELIST: "Codelist", Kind.GEO_GRID_CODELIST: "Codelist"}
"""Where the class in the URN is not the kind: a geographic code list is referred to as the code list that it is."""

SAME_URN = {Kind.CODELIST: (Kind.CODELIST, *URN_CLASSES)}
"""The kinds that a reference to a kind may mean."""

ITEM_SCHEMES = (
    Kind.CODELIST,
    Kind.CONCEPT_SCHEME,
    Kind.CATEGORY_SCHEME,
    Kind.REPORTING_TAXONOMY,
    Kind.AGENCY_SCHEME,
    Kind.DATA_PROVIDER_SCHEME,
    Kind.DATA_CONSUMER_SCHEME,
    Kind.ORGANISATION_UNIT_SCHEME,
)
"""The schemes of items that SDMX 2.1 lets targets and maps name."""

_OLD_CLASSES = {"ContentConstraint": Kind.DATA_CONSTRAINT}
"""Classes of URNs in SDMX 2.1 that later versions name otherwise."""

PARTS: dict[Kind, tuple[str, ...]] = {
    Kind.AGENCY_SCHEME: ("Agency",),
    Kind.DATA_PROVIDER_SCHEME: ("DataProvider",),
    Kind.DATA_CONSUMER_SCHEME: ("DataConsumer",),
    Kind.METADATA_PROVIDER_SCHEME: ("MetadataProvider",),
    Kind.ORGANISATION_UNIT_SCHEME: ("OrganisationUnit",),
    Kind.CODELIST: ("Code",),
    Kind.GEOGRAPHIC_CODELIST: ("Code",),
    Kind.GEO_GRID_CODELIST: ("Code",),
    Kind.VALUE_LIST: ("ValueItem",),
    Kind.HIERARCHY: ("HierarchicalCode", "Level"),
    Kind.HIERARCHICAL_CODELIST: ("Hierarchy",),
    Kind.CONCEPT_SCHEME: ("Concept",),
    Kind.CATEGORY_SCHEME: ("Category",),
    Kind.REPORTING_TAXONOMY: ("ReportingCategory",),
    Kind.DATA_STRUCTURE: (
        "Dimension",
        "TimeDimension",
        "MeasureDimension",
        "DataAttribute",
        "ReportingYearStartDay",
        "Measure",
        "PrimaryMeasure",
        "DimensionDescriptor",
        "GroupDimensionDescriptor",
        "AttributeDescriptor",
        "MeasureDescriptor",
    ),
    Kind.METADATA_STRUCTURE: (
        "MetadataAttribute",
        "MetadataAttributeDescriptor",
        "MetadataTarget",
        "ReportStructure",
        "IdentifiableObjectTarget",
        "DataSetTarget",
        "DimensionDescriptorValuesTarget",
        "ConstraintContentTarget",
        "ReportPeriodTarget",
    ),
    Kind.PROCESS: ("ProcessStep", "Transition"),
    Kind.STRUCTURE_MAP: ("EpochMap", "DatePatternMap", "FrequencyFormatMapping"),
    Kind.STRUCTURE_SET: (
        "CodelistMap",
        "HybridCodelistMap",
        "StructureMap",
        "ConceptSchemeMap",
        "CategorySchemeMap",
        "OrganisationSchemeMap",
        "ReportingTaxonomyMap",
    ),
    Kind.TRANSFORMATION_SCHEME: ("Transformation",),
    Kind.VTL_MAPPING_SCHEME: ("VtlMapping", "VtlDataflowMapping", "VtlCodelistMapping", "VtlConceptMapping"),
    Kind.NAME_PERSONALISATION_SCHEME: ("NamePersonalisation",),
    Kind.RULESET_SCHEME: ("Ruleset",),
    Kind.USER_DEFINED_OPERATOR_SCHEME: ("UserDefinedOperator",),
    Kind.CUSTOM_TYPE_SCHEME: ("CustomType",),
}
"""The classes of what lies inside an artefact and can be referred to; the first is that of its items."""

HOLDERS: dict[str, Kind] = {part: kind for kind, parts in reversed(PARTS.items()) for part in parts}
"""The kind of artefact that a part lies in."""

_ID = r"[A-Za-z0-9_@$-]+"
_AGENCY = rf"{_ID}(?:\.{_ID})*"
_SHORT = re.compile(rf"({_AGENCY}):({_ID})(?:\(([^()\s]+)\))?")
_SHORT_ITEM = re.compile(rf"({_AGENCY}):({_ID})\(([^()\s]+)\)\.(\S+)")
_URN = re.compile(rf"urn:sdmx:org\.sdmx\.infomodel\.\w+\.(\w+)=({_AGENCY}):({_ID})\(([^()\s]+)\)(?:\.(\S+))?")
_WILD = re.compile(rf"urn:sdmx:org\.sdmx\.infomodel\.\w+\.(\w+)=({_AGENCY}|\*):({_ID}|\*)\(([^()\s]+)\)(?:\.(\S+))?")


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """Names one version of one maintainable artefact. The version may be a wildcard or a range, as it was written."""

    kind: Kind
    agency: str
    id: str
    version: str = "1.0"

    @classmethod
    def parse(cls, text: str, kind: Kind, default_version: str = "latest") -> Ref:
        """Read ``AGENCY:ID(1.0)``, ``AGENCY:ID`` or a URN of that kind; else :class:`Invalid` BAD_REFERENCE."""
        if match := _SHORT.fullmatch(text):
            agency, id_, version = match.groups()
            return cls(kind, agency, id_, version or default_version)
        match = _URN.fullmatch(text)
        if match is None or match[5] is not None or _kind_of(match[1]) not in (kind, _kind_of(urn_class(kind))):
            raise Invalid("BAD_REFERENCE", found=text[:120], kind=kind.value)
        return cls(kind, match[2], match[3], match[4])

    @property
    def urn(self) -> str:
        return f"urn:sdmx:org.sdmx.infomodel.{PACKAGE[self.kind]}.{urn_class(self.kind)}={self}"

    def item_urn(self, item: str) -> str:
        """The URN of an item (code, concept, agency) of this scheme."""
        return self.item(item).urn

    def item(self, id: str) -> ItemRef:
        """The reference to an item of this scheme."""
        return ItemRef(PARTS[self.kind][0], self, id)

    def __str__(self) -> str:
        return f"{self.agency}:{self.id}({self.version})"


@dataclass(frozen=True, slots=True, order=True)
class ItemRef:
    """Names something inside an artefact: an item of a scheme, a component, a step.

    ``part`` is the SDMX class name; ``id`` the path from the top with dots where the standard nests (categories, hierarchical
    codes, process steps, metadata attributes).
    """

    part: str
    of: Ref
    id: str

    @classmethod
    def parse(cls, text: str, part: str) -> ItemRef:
        """Read ``AGENCY:ID(1.0).ITEM`` or a URN of that class; else :class:`Invalid` BAD_REFERENCE."""
        if match := _SHORT_ITEM.fullmatch(text):
            return cls(part, Ref(HOLDERS[part], match[1], match[2], match[3]), match[4])
        match = _URN.fullmatch(text)
        if match is None or match[5] is None or match[1] != part:
            raise Invalid("BAD_REFERENCE", found=text[:120], kind=part)
        return cls(part, Ref(HOLDERS[part], match[2], match[3], match[4]), match[5])

    @property
    def urn(self) -> str:
        return f"urn:sdmx:org.sdmx.infomodel.{PACKAGE[self.of.kind]}.{self.part}={self}"

    def __str__(self) -> str:
        return f"{self.of}.{self.id}"


def parse_urn(text: str) -> Ref | ItemRef:
    """What a URN names, whatever it is; :class:`Invalid` BAD_REFERENCE else."""
    return _parsed(_URN, text)


def parse_target(text: str) -> Ref | ItemRef:
    """What a URN names in which agency, id and version may be ``*``: all that fit."""
    return _parsed(_WILD, text)


def is_wild(ref: Ref) -> bool:
    """Whether it names any number of artefacts, and so need not name one."""
    return "*" in (ref.agency, ref.id)


def _parsed(pattern: re.Pattern[str], text: str) -> Ref | ItemRef:
    match = pattern.fullmatch(text)
    if match is not None and match[5] is None and (kind := _kind_of(match[1])):
        return Ref(kind, match[2], match[3], match[4])
    if match is not None and match[5] is not None and match[1] in HOLDERS:
        return ItemRef(match[1], Ref(HOLDERS[match[1]], match[2], match[3], match[4]), match[5])
    raise Invalid("BAD_REFERENCE", found=text[:120], kind="URN")


def urn_class(kind: Kind) -> str:
    """The class name in the URN of an artefact of the kind."""
    return URN_CLASSES.get(kind, kind.value)


def _kind_of(name: str) -> Kind | None:
    return _OLD_CLASSES.get(name) or _KINDS.get(name)


_KINDS = {kind.value: kind for kind in Kind}
