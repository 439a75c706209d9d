"""One small artefact of every kind that tests/test_sdmx_structures.py has none of, all maintained by SEN and named after it."""

from __future__ import annotations

from typing import Any

from registry.model import (
    Artefact,
    AttachmentConstraint,
    CategorySchemeMap,
    ConceptSchemeMap,
    CustomTypeScheme,
    DataConsumer,
    DataConsumerScheme,
    GeoFeatureSetCode,
    GeographicCodelist,
    GeoGridCode,
    GeoGridCodelist,
    HierarchicalCodelist,
    HierarchyAssociation,
    InnerHierarchy,
    MappedValue,
    MetadataAttribute,
    MetadataConstraint,
    Metadataflow,
    MetadataProvider,
    MetadataProviderScheme,
    MetadataProvisionAgreement,
    MetadataSet,
    MetadataStructure,
    NamePersonalisationScheme,
    OrganisationSchemeMap,
    OrganisationUnit,
    OrganisationUnitScheme,
    Process,
    ProcessStep,
    ReportedAttribute,
    ReportingCategory,
    ReportingTaxonomy,
    ReportingTaxonomyMap,
    RepresentationMap,
    RulesetScheme,
    StructureSet,
    Transformation,
    TransformationScheme,
    UserDefinedOperatorScheme,
    ValueDomain,
    ValueMapping,
    VtlMappingScheme,
)
from registry.ref import Kind, Ref
from tests import world
from tests.test_sdmx_structures import PROVIDERS, THEMES, TREE


def of(kind: Kind, id: str = "") -> dict[str, Any]:
    name = id or kind.value.upper()
    return {"ref": Ref(kind, "SEN", name, "1.0"), "names": {"vi": name, "en": name}}


CONSUMERS = DataConsumerScheme(**of(Kind.DATA_CONSUMER_SCHEME, "DATA_CONSUMERS"), items=(DataConsumer("IMF", {"en": "IMF"}),))
REPORTERS = MetadataProviderScheme(
    **of(Kind.METADATA_PROVIDER_SCHEME, "METADATA_PROVIDERS"), items=(MetadataProvider("BNN", {"vi": "Bộ Nông nghiệp"}),)
)
UNITS = OrganisationUnitScheme(**of(Kind.ORGANISATION_UNIT_SCHEME), items=(OrganisationUnit("PHONG", {"vi": "Phòng"}),))
PLACES = GeographicCodelist(**of(Kind.GEOGRAPHIC_CODELIST), items=(GeoFeatureSetCode("A", {"vi": "A"}, value="POINT(1 2)"),))
GRID = GeoGridCodelist(
    **of(Kind.GEO_GRID_CODELIST), items=(GeoGridCode("A", {"vi": "A"}, geo_cell="1:1"),), grid_definition="EPSG:4326"
)
USED = HierarchyAssociation(
    **of(Kind.HIERARCHY_ASSOCIATION), hierarchy=TREE.ref, linked_object=world.PROVINCE.ref, context=world.DATAFLOW.ref
)
TAXONOMY = ReportingTaxonomy(
    **of(Kind.REPORTING_TAXONOMY),
    items=(ReportingCategory("BAO_CAO", {"vi": "Báo cáo"}, provisioning_metadata=(world.DATAFLOW.ref,)),),
)
REPORT = MetadataStructure(
    **of(Kind.METADATA_STRUCTURE),
    attributes=(MetadataAttribute(id="CONTACT", concept_identity=world.CONCEPTS.ref.item("NOTE")),),
)
REPORTS = Metadataflow(**of(Kind.METADATAFLOW), structure=REPORT.ref)
REPORTED = MetadataProvisionAgreement(
    **of(Kind.METADATA_PROVISION_AGREEMENT), metadataflow=REPORTS.ref, provider=REPORTERS.ref.item("BNN")
)
SAID = MetadataSet(
    **of(Kind.METADATA_SET),
    metadataflow=REPORTS.ref,
    targets=(world.DATAFLOW.ref,),
    attributes=(ReportedAttribute(id="CONTACT", texts={"vi": "Bà Sen", "en": "Mrs Sen"}),),
)
EVERY_OTHER: tuple[Artefact, ...] = (
    CONSUMERS,
    REPORTERS,
    UNITS,
    PLACES,
    GRID,
    USED,
    TAXONOMY,
    REPORT,
    REPORTS,
    REPORTED,
    SAID,
    MetadataConstraint(**of(Kind.METADATA_CONSTRAINT)),
    RepresentationMap(
        **of(Kind.REPRESENTATION_MAP),
        sources=(ValueDomain(enumeration=world.CROP.ref),),
        targets=(ValueDomain(enumeration=world.CROP.ref),),
        mappings=(ValueMapping(sources=(MappedValue("LUA"),), targets=("LUA",)),),
    ),
    ConceptSchemeMap(**of(Kind.CONCEPT_SCHEME_MAP), source_scheme=world.CONCEPTS.ref, target_scheme=world.CONCEPTS.ref),
    CategorySchemeMap(**of(Kind.CATEGORY_SCHEME_MAP), source_scheme=THEMES.ref, target_scheme=THEMES.ref),
    OrganisationSchemeMap(**of(Kind.ORGANISATION_SCHEME_MAP), source_scheme=PROVIDERS.ref, target_scheme=PROVIDERS.ref),
    ReportingTaxonomyMap(**of(Kind.REPORTING_TAXONOMY_MAP), source_scheme=TAXONOMY.ref, target_scheme=TAXONOMY.ref),
    Process(**of(Kind.PROCESS), steps=(ProcessStep(id="DEM", names={"vi": "Đếm"}),)),
    TransformationScheme(
        **of(Kind.TRANSFORMATION_SCHEME),
        vtl_version="2.0",
        items=(Transformation("T1", {"vi": "T1"}, expression="a + b", result="c"),),
    ),
    VtlMappingScheme(**of(Kind.VTL_MAPPING_SCHEME)),
    NamePersonalisationScheme(**of(Kind.NAME_PERSONALISATION_SCHEME), vtl_version="2.0"),
    RulesetScheme(**of(Kind.RULESET_SCHEME), vtl_version="2.0"),
    UserDefinedOperatorScheme(**of(Kind.USER_DEFINED_OPERATOR_SCHEME), vtl_version="2.0"),
    CustomTypeScheme(**of(Kind.CUSTOM_TYPE_SCHEME), vtl_version="2.0"),
    StructureSet(**of(Kind.STRUCTURE_SET)),
    HierarchicalCodelist(**of(Kind.HIERARCHICAL_CODELIST), hierarchies=(InnerHierarchy(id="CAY", names={"vi": "Cây"}),)),
    AttachmentConstraint(**of(Kind.ATTACHMENT_CONSTRAINT)),
)
