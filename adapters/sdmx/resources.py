"""The resources of SDMX REST: words of the address, and the kinds of artefacts that they mean.

Source: SDMX REST 1.5.0, "Structural Metadata Queries", "Resources"; SDMX REST 2.2, "Structure queries", ``artefactType``. Each
door takes the words of the other too: an artefact must be within reach of whoever speaks either.
"""

from __future__ import annotations

from collections.abc import Mapping

from registry.errors import Invalid, suggest
from registry.model import Role
from registry.ref import PACKAGES, STRUCTURES, Kind, Ref

Kinds = tuple[Kind, ...]

_ALONE = (
    Kind.AGENCY_SCHEME,
    Kind.DATA_PROVIDER_SCHEME,
    Kind.DATA_CONSUMER_SCHEME,
    Kind.METADATA_PROVIDER_SCHEME,
    Kind.ORGANISATION_UNIT_SCHEME,
    Kind.VALUE_LIST,
    Kind.HIERARCHY,
    Kind.HIERARCHY_ASSOCIATION,
    Kind.HIERARCHICAL_CODELIST,
    Kind.CONCEPT_SCHEME,
    Kind.CATEGORY_SCHEME,
    Kind.CATEGORISATION,
    Kind.REPORTING_TAXONOMY,
    Kind.DATA_STRUCTURE,
    Kind.DATAFLOW,
    Kind.METADATA_STRUCTURE,
    Kind.METADATAFLOW,
    Kind.PROVISION_AGREEMENT,
    Kind.METADATA_PROVISION_AGREEMENT,
    Kind.DATA_CONSTRAINT,
    Kind.METADATA_CONSTRAINT,
    Kind.ATTACHMENT_CONSTRAINT,
    Kind.STRUCTURE_MAP,
    Kind.REPRESENTATION_MAP,
    Kind.CONCEPT_SCHEME_MAP,
    Kind.CATEGORY_SCHEME_MAP,
    Kind.ORGANISATION_SCHEME_MAP,
    Kind.REPORTING_TAXONOMY_MAP,
    Kind.PROCESS,
    *PACKAGES["transformation"],
)
"""Those whose word is their class and means no other."""

CODELISTS: Kinds = (Kind.CODELIST, Kind.GEOGRAPHIC_CODELIST, Kind.GEO_GRID_CODELIST)
ORGANISATIONS: Kinds = (
    Kind.AGENCY_SCHEME,
    Kind.DATA_PROVIDER_SCHEME,
    Kind.DATA_CONSUMER_SCHEME,
    Kind.METADATA_PROVIDER_SCHEME,
    Kind.ORGANISATION_UNIT_SCHEME,
)
_CONTENT: Kinds = (Kind.DATA_CONSTRAINT, Kind.METADATA_CONSTRAINT)

WORDS: Mapping[str, Kinds] = {kind.value.lower(): (kind,) for kind in _ALONE} | {
    "codelist": CODELISTS,
    "organisationscheme": ORGANISATIONS,
    "contentconstraint": _CONTENT,
    "actualconstraint": _CONTENT,
    "allowedconstraint": _CONTENT,
    # In SDMX 2.1 a map of codes is one of the maps of a structure set, a hierarchy one of those of a hierarchical code list.
    "structureset": (Kind.STRUCTURE_SET, Kind.REPRESENTATION_MAP),
    "hierarchicalcodelist": (Kind.HIERARCHICAL_CODELIST, Kind.HIERARCHY),
    # An older word, which the official OpenAPI of 1.5 has among its resources, and that of 2.2 among the values of references.
    "namealiasscheme": (Kind.NAME_PERSONALISATION_SCHEME,),
}

ROLES = {"actualconstraint": Role.ACTUAL, "allowedconstraint": Role.ALLOWED}
"""The words that mean only constraints of one role."""

EVERYTHING = {1: ("structure",), 2: ("*", "all")}

NESTED = frozenset({Kind.CATEGORY_SCHEME, Kind.REPORTING_TAXONOMY, Kind.HIERARCHY})
"""Where an item comes with those above it."""

ITEM_KINDS = frozenset(
    {
        *CODELISTS,
        *ORGANISATIONS,
        *NESTED,
        Kind.CONCEPT_SCHEME,
        Kind.VALUE_LIST,
        Kind.HIERARCHICAL_CODELIST,
        Kind.TRANSFORMATION_SCHEME,
        Kind.VTL_MAPPING_SCHEME,
        Kind.NAME_PERSONALISATION_SCHEME,
        Kind.RULESET_SCHEME,
        Kind.USER_DEFINED_OPERATOR_SCHEME,
        Kind.CUSTOM_TYPE_SCHEME,
    }
)
"""What an item can be asked of; of a hierarchy the texts do not say so."""

_WORD_OF = {kind: kind.value.lower() for kind in _ALONE} | dict.fromkeys(CODELISTS, "codelist")
_WORD_OF |= {Kind.STRUCTURE_SET: "structureset", Kind.METADATA_SET: "metadataset"}


def kinds_of(word: str, major: int) -> Kinds:
    """The kinds that a resource word means; :class:`Invalid` for no such resource."""
    if word in EVERYTHING[major]:
        return STRUCTURES
    if word not in WORDS:
        near = suggest(word, WORDS) or ["codelist", "dataflow", "datastructure"]
        raise Invalid("SDMX_NO_SUCH_RESOURCE", found=word[:60], near=", ".join(near))
    return WORDS[word]


def word_of(kind: Kind) -> str:
    """The resource word that means a kind."""
    return _WORD_OF[kind]


def address(ref: Ref, major: int) -> str:
    """The path of an artefact at a door."""
    if ref.kind is Kind.METADATA_SET:
        return f"/sdmx/v2/metadata/metadataset/{ref.agency}/{ref.id}/{ref.version}"
    door = "/sdmx/v1" if major == 1 else "/sdmx/v2/structure"
    return f"{door}/{_WORD_OF[ref.kind]}/{ref.agency}/{ref.id}/{ref.version}"
