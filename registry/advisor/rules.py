"""Which difference breaks what: the table of special rules. Whatever stands in none of its lines is judged by its shape.

By shape: what is gone breaks, what is new is compatible, what is otherwise than it was breaks, and so does another order. A
type nobody thought of here gets an answer that is too careful rather than one that breaks its readers.

Source: SDMX 3.1 section 6, annex "Semantic Versioning"; the recommendations of the SDMX technical working group, whose tables
say for every type which action needs which version (github.com/sdmx-twg/semver). Where the two differ (annotations) the annex
counts; types of SDMX 2.1 only are judged as what took their place.
"""

from __future__ import annotations

from registry.advisor import judging, restricting
from registry.advisor.findings import Severity
from registry.advisor.rule import Fitting, Rule, always
from registry.hierarchy import NAMED
from registry.model import (
    Artifact,
    AttachmentConstraint,
    Attribute,
    CategorySchemeMap,
    Codelist,
    CodelistExtension,
    Component,
    ComponentMap,
    Computation,
    Concept,
    ConceptSchemeMap,
    Constraint,
    DataConstraint,
    Dataflow,
    DataStructure,
    GeoFeatureSetCode,
    GeoGridCode,
    GeoGridCodelist,
    HierarchicalCode,
    HierarchicalCodelist,
    Hierarchy,
    HierarchyAssociation,
    HierarchyLevel,
    InnerHierarchy,
    InnerItemMap,
    InnerStructureMap,
    Item,
    ItemScheme,
    Maintainable,
    Measure,
    MetadataAttribute,
    MetadataAttributeUsage,
    MetadataConstraint,
    Metadataflow,
    MetadataProvisionAgreement,
    MetadataSet,
    MetadataStructure,
    Organisation,
    OrganisationSchemeMap,
    Process,
    ProcessStep,
    ReportingCategory,
    ReportingTaxonomyMap,
    ReportStructure,
    Representation,
    RepresentationMap,
    StructureMap,
    Transition,
)
from registry.overlay import Known
from registry.ref import Kind, Ref

PATCH, MINOR = Severity.PATCH, Severity.MINOR

SILENT = always(Severity.NONE)
TEXT = always(PATCH, "TEXT_CHANGED")
PARENT = always(Severity.MAJOR, "PARENT_CHANGED")
"""Sums over a tree come out otherwise when something hangs elsewhere in it."""

NOTES = Rule(by_key=lambda type: PARENT if type.startswith(NAMED) else TEXT)
"""A parent in a named hierarchy says more than notes do."""

REPRESENTATION = Rule(code="REPRESENTATION_CHANGED")
ATTACHED = Rule(code="ATTACHMENT_CHANGED")
REFERRED = always(PATCH, "REFERENCE_CHANGED")
ANY_ORDER = Rule(reordered=PATCH)
DETAIL = always(PATCH)
OUTCOME = always(MINOR)
"""What is mapped comes out otherwise, but nothing that names the map breaks."""

ANYWHERE: dict[str, Rule] = {
    "names": TEXT,
    "descriptions": TEXT,
    "lists": TEXT,
    "links": TEXT,
    "source": TEXT,
    "valid_from": TEXT,
    "valid_to": TEXT,
    "uri": TEXT,
}
"""Fields that mean the same wherever they stand; annotations are looked at by what they say (``NOTES``)."""


def _by_object(place: int, part: Artifact) -> str:
    """What goes into a step or comes out of it, whatever its version."""
    named = part.object
    return f"{named.agency}:{named.id}" if isinstance(named, Ref) else f"{named.of.agency}:{named.of.id}.{named.id}"


_IN_OUT = Rule(PATCH, PATCH, reordered=PATCH, key=_by_object)
_BY_PLACE = Rule(added=Severity.MAJOR, key=lambda place, part: str(place + 1))
_BY_LIST = Rule(key=lambda place, part: f"{part.codelist.agency}:{part.codelist.id} {part.prefix}".strip())
_BY_ENDS = Rule(MINOR, MINOR, reordered=MINOR, key=lambda place, part: f"{','.join(part.sources)} → {','.join(part.targets)}")
_BY_STEP = Rule(PATCH, PATCH, reordered=PATCH, key=lambda place, part: part.id or part.target_step)

MAINTAINED: dict[tuple[type, str], Rule | Fitting] = {
    (Maintainable, "ref"): SILENT,
    (Maintainable, "is_final"): SILENT,
    # Of a copy, not of what it is a copy of.
    (Maintainable, "is_partial_language"): SILENT,
    (Maintainable, "is_external_reference"): SILENT,
    (Maintainable, "service_url"): SILENT,
    (Maintainable, "structure_url"): SILENT,
    (ItemScheme, "is_partial"): SILENT,
    (ItemScheme, "items"): ANY_ORDER,
    (Item, "parent"): PARENT,
    (Organisation, "contacts"): DETAIL,
    (ReportingCategory, "structural_metadata"): judging.reported,
    (ReportingCategory, "provisioning_metadata"): judging.reported,
}

CODES: dict[tuple[type, str], Rule | Fitting] = {
    # Of equal codes the later list's stands, so another order is another list.
    (Codelist, "extensions"): _BY_LIST,
    (CodelistExtension, "members"): judging.members,
    (CodelistExtension, "exclusive"): judging.exclusive,
    (GeoGridCodelist, "grid_definition"): DETAIL,
    (GeoGridCode, "geo_cell"): DETAIL,
    (GeoFeatureSetCode, "value"): DETAIL,
    (Hierarchy, "has_formal_levels"): DETAIL,
    (Hierarchy, "codes"): ANY_ORDER,
    (InnerHierarchy, "has_formal_levels"): DETAIL,
    (InnerHierarchy, "codes"): ANY_ORDER,
    (HierarchicalCodelist, "hierarchies"): ANY_ORDER,
    (HierarchicalCode, "code"): always(Severity.MAJOR, "REFERENCE_CHANGED"),
    (HierarchicalCode, "children"): ANY_ORDER,
    (HierarchyLevel, "coding_format"): DETAIL,
    (HierarchyAssociation, "hierarchy"): REFERRED,
    (HierarchyAssociation, "linked_object"): REFERRED,
    (HierarchyAssociation, "context"): REFERRED,
}

STRUCTURES: dict[tuple[type, str], Rule | Fitting] = {
    (DataStructure, "is_evolving"): Rule(changed=judging.stricter),
    (DataStructure, "dimensions"): judging.dimensions,
    (DataStructure, "attributes"): Rule(added=judging.mandatory, reordered=PATCH),
    (DataStructure, "measures"): Rule(added=judging.mandatory, reordered=PATCH),
    (DataStructure, "groups"): ANY_ORDER,
    # What is used of a metadata structure is judged as such.
    (DataStructure, "metadata"): Rule(changed=PATCH),
    (DataStructure, "metadata_usages"): judging.metadata_usages,
    (Component, "representation"): REPRESENTATION,
    (Representation, "enumeration"): REPRESENTATION,
    (Representation, "format"): Rule(changed=judging.taken_off, code="REPRESENTATION_CHANGED", whole=True),
    (Component, "concept_identity"): Rule(code="CONCEPT_CHANGED"),
    (Component, "concept_roles"): Rule(MINOR, MINOR, reordered=PATCH),
    (Concept, "core"): REPRESENTATION,
    (Concept, "iso"): Rule(changed=judging.refined, code="CONCEPT_CHANGED", whole=True),
    (Measure, "mandatory"): Rule(changed=judging.stricter, code="USAGE_CHANGED"),
    (Attribute, "mandatory"): Rule(changed=judging.stricter, code="USAGE_CHANGED"),
    **{
        (cls, field): ATTACHED
        for cls in (Attribute, MetadataAttributeUsage)
        for field in ("level", "dimensions", "optional_dimensions", "group")
    },
    (Attribute, "attachment_groups"): ATTACHED,
    (Attribute, "measures"): ATTACHED,
    (Dataflow, "dimension_constraint"): judging.dimension_constraint,
    (MetadataStructure, "attributes"): Rule(added=judging.required, reordered=PATCH),
    (ReportStructure, "attributes"): Rule(added=judging.required, reordered=PATCH),
    (MetadataAttribute, "children"): Rule(added=judging.required, reordered=PATCH),
    (MetadataAttribute, "min_occurs"): Rule(changed=judging.more_often, code="USAGE_CHANGED"),
    (MetadataAttribute, "max_occurs"): Rule(changed=judging.less_often, code="USAGE_CHANGED"),
    (Metadataflow, "targets"): Rule(changed=judging.kept),
    (MetadataProvisionAgreement, "targets"): DETAIL,
}

CONSTRAINTS: dict[tuple[type, str], Rule | Fitting] = {
    (Constraint, "attachment"): DETAIL,
    (AttachmentConstraint, "attachment"): DETAIL,
    **{(cls, "regions"): Rule(told=restricting.regions) for cls in (DataConstraint, MetadataConstraint)},
    **{(cls, "key_sets"): Rule(told=restricting.key_sets) for cls in (DataConstraint, MetadataConstraint)},
    (AttachmentConstraint, "data_key_sets"): Rule(told=restricting.key_sets),
    (AttachmentConstraint, "metadata_key_sets"): Rule(told=restricting.key_sets),
}

MAPS: dict[tuple[type, str], Rule | Fitting] = {
    **{
        (cls, "maps"): DETAIL
        for cls in (ConceptSchemeMap, CategorySchemeMap, OrganisationSchemeMap, ReportingTaxonomyMap, InnerItemMap)
    },
    (RepresentationMap, "sources"): _BY_PLACE,
    (RepresentationMap, "targets"): _BY_PLACE,
    (RepresentationMap, "mappings"): DETAIL,
    (StructureMap, "epoch_maps"): OUTCOME,
    (StructureMap, "date_pattern_maps"): OUTCOME,
    (StructureMap, "frequency_formats"): OUTCOME,
    (StructureMap, "component_maps"): _BY_ENDS,
    (StructureMap, "fixed_values"): OUTCOME,
    (ComponentMap, "representation_map"): Rule(changed=MINOR),
    (InnerStructureMap, "component_maps"): OUTCOME,
}

REPORTS: dict[tuple[type, str], Rule | Fitting] = {
    # Nothing refers to a report, and its readers are people.
    **{
        (MetadataSet, field): DETAIL for field in ("publication_period", "publication_year", "reporting_begin", "reporting_end")
    },
    (MetadataSet, "attributes"): TEXT,
    (MetadataSet, "targets"): OUTCOME,
    (MetadataSet, "metadataflow"): REFERRED,
    (MetadataSet, "provision"): REFERRED,
    (MetadataSet, "structure"): REFERRED,
    (MetadataSet, "key"): OUTCOME,
}

PROCESSES: dict[tuple[type, str], Rule | Fitting] = {
    (Process, "steps"): ANY_ORDER,
    (ProcessStep, "steps"): ANY_ORDER,
    (ProcessStep, "inputs"): _IN_OUT,
    (ProcessStep, "outputs"): _IN_OUT,
    (Artifact, "object"): REFERRED,
    (ProcessStep, "computation"): Rule(changed=PATCH),
    **{(Computation, field): DETAIL for field in ("software_package", "software_language", "software_version")},
    (ProcessStep, "transitions"): _BY_STEP,
    (Transition, "target_step"): DETAIL,
    (Transition, "conditions"): TEXT,
}

SPECIAL = {**MAINTAINED, **CODES, **STRUCTURES, **CONSTRAINTS, **MAPS, **REPORTS, **PROCESSES}
"""A field of a class and of those made from it. The types of VTL have no lines: the recommendations have none either."""

FIXED = frozenset(
    {
        Kind.AGENCY_SCHEME,
        Kind.DATA_PROVIDER_SCHEME,
        Kind.DATA_CONSUMER_SCHEME,
        Kind.METADATA_PROVIDER_SCHEME,
        Kind.ORGANISATION_UNIT_SCHEME,
        Kind.CATEGORISATION,
    }
)
"""Kinds whose version is 1.0 for good, whatever changes (SDMX 3.1 section 2, organisation schemes; the recommendations)."""

_SHAPE = Rule()


def rule_for(old: object, new: object, field: str, around: Known) -> Rule:
    """The rule of a field: the class's own, that of the field's name, or by shape."""
    for above in type(new).__mro__:
        if found := SPECIAL.get((above, field)):
            return found if isinstance(found, Rule) else found(old, new, around)
    return ANYWHERE.get(field, _SHAPE)
