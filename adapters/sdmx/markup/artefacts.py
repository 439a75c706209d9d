"""Which artefacts there are in each version, in what containers, and what they look like."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.sdmx.markup import (
    categories,
    codes,
    constraints,
    hierarchies,
    mappings,
    metadata,
    organisations,
    processes,
    structure_sets,
    structures,
    vtl,
)
from adapters.sdmx.markup.grammar import Record
from registry.ref import STRUCTURES, Kind

RECORDS: Mapping[Kind, Record] = {
    Kind.AGENCY_SCHEME: organisations.AGENCY_SCHEME,
    Kind.DATA_PROVIDER_SCHEME: organisations.DATA_PROVIDER_SCHEME,
    Kind.DATA_CONSUMER_SCHEME: organisations.DATA_CONSUMER_SCHEME,
    Kind.METADATA_PROVIDER_SCHEME: organisations.METADATA_PROVIDER_SCHEME,
    Kind.ORGANISATION_UNIT_SCHEME: organisations.ORGANISATION_UNIT_SCHEME,
    Kind.CODELIST: codes.CODELIST,
    Kind.GEOGRAPHIC_CODELIST: codes.GEOGRAPHIC_CODELIST,
    Kind.GEO_GRID_CODELIST: codes.GEO_GRID_CODELIST,
    Kind.VALUE_LIST: codes.VALUE_LIST,
    Kind.HIERARCHY: hierarchies.HIERARCHY,
    Kind.HIERARCHY_ASSOCIATION: hierarchies.HIERARCHY_ASSOCIATION,
    Kind.CONCEPT_SCHEME: codes.CONCEPT_SCHEME,
    Kind.CATEGORY_SCHEME: categories.CATEGORY_SCHEME,
    Kind.CATEGORISATION: categories.CATEGORISATION,
    Kind.REPORTING_TAXONOMY: categories.REPORTING_TAXONOMY,
    Kind.DATA_STRUCTURE: structures.DATA_STRUCTURE,
    Kind.DATAFLOW: structures.DATAFLOW,
    Kind.METADATA_STRUCTURE: metadata.METADATA_STRUCTURE,
    Kind.METADATAFLOW: metadata.METADATAFLOW,
    Kind.PROVISION_AGREEMENT: structures.PROVISION_AGREEMENT,
    Kind.METADATA_PROVISION_AGREEMENT: metadata.METADATA_PROVISION_AGREEMENT,
    Kind.DATA_CONSTRAINT: constraints.DATA_CONSTRAINT,
    Kind.METADATA_CONSTRAINT: constraints.METADATA_CONSTRAINT,
    Kind.STRUCTURE_MAP: mappings.STRUCTURE_MAP,
    Kind.REPRESENTATION_MAP: mappings.REPRESENTATION_MAP,
    Kind.CONCEPT_SCHEME_MAP: mappings.CONCEPT_SCHEME_MAP,
    Kind.CATEGORY_SCHEME_MAP: mappings.CATEGORY_SCHEME_MAP,
    Kind.ORGANISATION_SCHEME_MAP: mappings.ORGANISATION_SCHEME_MAP,
    Kind.REPORTING_TAXONOMY_MAP: mappings.REPORTING_TAXONOMY_MAP,
    Kind.PROCESS: processes.PROCESS,
    Kind.TRANSFORMATION_SCHEME: vtl.TRANSFORMATION_SCHEME,
    Kind.VTL_MAPPING_SCHEME: vtl.VTL_MAPPING_SCHEME,
    Kind.NAME_PERSONALISATION_SCHEME: vtl.NAME_PERSONALISATION_SCHEME,
    Kind.RULESET_SCHEME: vtl.RULESET_SCHEME,
    Kind.USER_DEFINED_OPERATOR_SCHEME: vtl.USER_DEFINED_OPERATOR_SCHEME,
    Kind.CUSTOM_TYPE_SCHEME: vtl.CUSTOM_TYPE_SCHEME,
    Kind.STRUCTURE_SET: structure_sets.STRUCTURE_SET,
    Kind.HIERARCHICAL_CODELIST: hierarchies.HIERARCHICAL_CODELIST,
    Kind.ATTACHMENT_CONSTRAINT: constraints.ATTACHMENT_CONSTRAINT,
}

_OLD: Mapping[str, tuple[Kind, ...]] = {
    "OrganisationSchemes": (
        Kind.AGENCY_SCHEME,
        Kind.DATA_CONSUMER_SCHEME,
        Kind.DATA_PROVIDER_SCHEME,
        Kind.ORGANISATION_UNIT_SCHEME,
    ),
    "Dataflows": (Kind.DATAFLOW,),
    "Metadataflows": (Kind.METADATAFLOW,),
    "CategorySchemes": (Kind.CATEGORY_SCHEME,),
    "Categorisations": (Kind.CATEGORISATION,),
    "Codelists": (Kind.CODELIST,),
    "HierarchicalCodelists": (Kind.HIERARCHICAL_CODELIST,),
    "Concepts": (Kind.CONCEPT_SCHEME,),
    "MetadataStructures": (Kind.METADATA_STRUCTURE,),
    "DataStructures": (Kind.DATA_STRUCTURE,),
    "StructureSets": (Kind.STRUCTURE_SET,),
    "ReportingTaxonomies": (Kind.REPORTING_TAXONOMY,),
    "Processes": (Kind.PROCESS,),
    "Constraints": (Kind.ATTACHMENT_CONSTRAINT, Kind.DATA_CONSTRAINT, Kind.METADATA_CONSTRAINT),
    "ProvisionAgreements": (Kind.PROVISION_AGREEMENT,),
    "CustomTypes": (Kind.CUSTOM_TYPE_SCHEME,),
    "VtlMappings": (Kind.VTL_MAPPING_SCHEME,),
    "NamePersonalisations": (Kind.NAME_PERSONALISATION_SCHEME,),
    "Rulesets": (Kind.RULESET_SCHEME,),
    "Transformations": (Kind.TRANSFORMATION_SCHEME,),
    "UserDefinedOperators": (Kind.USER_DEFINED_OPERATOR_SCHEME,),
}
"""In the order that the schema of 2.1 wants. In 3.x any order will do."""

_ONLY_OLD = frozenset({Kind.STRUCTURE_SET, Kind.HIERARCHICAL_CODELIST, Kind.ATTACHMENT_CONSTRAINT})
_PLURALS = {"y": "ies", "s": "ses"}


def _plural(name: str) -> str:
    return name[:-1] + _PLURALS.get(name[-1], f"{name[-1]}s")


_NEW = {_plural(kind.value): (kind,) for kind in STRUCTURES if kind not in _ONLY_OLD}
CONTAINERS: Mapping[str, Mapping[str, tuple[Kind, ...]]] = {"2.1": _OLD, "3.0": _NEW, "3.1": _NEW}

_OLD_TAGS = {Kind.DATA_CONSTRAINT: "ContentConstraint", Kind.METADATA_CONSTRAINT: "ContentConstraint"}


def tag_of(kind: Kind, version: str) -> str:
    """The element of an artefact."""
    return _OLD_TAGS.get(kind, kind.value) if version == "2.1" else kind.value


KINDS: Mapping[str, Mapping[str, Kind]] = {
    version: {tag_of(kind, version): kind for kinds in containers.values() for kind in kinds}
    | ({"ContentConstraint": Kind.DATA_CONSTRAINT} if version == "2.1" else {})
    for version, containers in CONTAINERS.items()
}
"""The kind that an element is; a content constraint of 2.1 may be of reports, see :func:`constraints.speaks_of_reports`."""
