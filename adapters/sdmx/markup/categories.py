"""Categories, categorisations and reporting taxonomies.

Source: ``SDMXStructureCategory.xsd``, ``SDMXStructureCategorisation.xsd``, ``SDMXStructureReportingTaxonomy.xsd`` of SDMX 2.1,
3.0, 3.1.
"""

from __future__ import annotations

from adapters.sdmx.markup.common import Urn, artefact, item
from adapters.sdmx.markup.grammar import Only, Part, Record
from adapters.sdmx.markup.holding import Both, Choice
from adapters.sdmx.markup.items import Below, PathId, Tree, scheme
from adapters.sdmx.markup.parts import Attr
from adapters.sdmx.markup.references import RefsBy, RefTo
from adapters.sdmx.markup.values import NESTED_ID, URI
from registry.model import (
    Categorisation,
    Category,
    CategoryScheme,
    ReportingCategory,
    ReportingTaxonomy,
)
from registry.ref import Kind

_STRUCTURES = {Kind.DATA_STRUCTURE: "str:StructuralMetadata", Kind.METADATA_STRUCTURE: "str:StructuralMetadata"}
_USAGES = {Kind.DATAFLOW: "str:ProvisioningMetadata", Kind.METADATAFLOW: "str:ProvisioningMetadata"}


def _in_tree(part: str) -> tuple[Part | Only, ...]:
    return (PathId("id", "id", NESTED_ID, required=True), Urn(part), Attr("uri", "uri", URI), *item()[-4:], Below())


CATEGORY = Record(Category, _in_tree("Category"))
CATEGORY_SCHEME = scheme(Kind.CATEGORY_SCHEME, CategoryScheme, Tree("str:Category", CATEGORY))
REPORTING_CATEGORY = Record(
    ReportingCategory,
    (
        *_in_tree("ReportingCategory"),
        Choice(((RefsBy("structural_metadata", _STRUCTURES),), (RefsBy("provisioning_metadata", _USAGES),))),
    ),
)
REPORTING_TAXONOMY = scheme(Kind.REPORTING_TAXONOMY, ReportingTaxonomy, Tree("str:ReportingCategory", REPORTING_CATEGORY))
CATEGORISATION = artefact(
    Kind.CATEGORISATION,
    Categorisation,
    Both((RefTo("object", "str:Source", required=True), RefTo("category", "str:Target", ("Category",), required=True))),
)
