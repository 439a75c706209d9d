"""The item schemes but those of VTL: code lists, value lists, concepts, categories, organisations.

Source: ``CodelistType``, ``ValueListType``, ``ConceptSchemeType``, ``CategorySchemeType``, ``AgencySchemeType`` ... of the
schemas.
"""

from __future__ import annotations

from typing import Any

from adapters.sdmx.jsonshape.formats import ATTRIBUTE, representation
from adapters.sdmx.jsonshape.items import Flat, Items, Tree, item
from adapters.sdmx.jsonshape.notes import noted
from adapters.sdmx.jsonshape.records import Always, Custom, Either, Json, Part, Piece, Record
from adapters.sdmx.jsonshape.references import FIRST, Inner, artefact
from adapters.sdmx.jsonshape.texts import Texts
from adapters.sdmx.jsonshape.ways import (
    EMAIL,
    FLAG,
    ID,
    NAME,
    NOTHING,
    TEXT,
    URI,
    Each,
    Leaf,
    Losses,
    Unlike,
    Way,
    Whole,
    at,
    matching,
    member,
)
from registry.model import (
    Cascade,
    Category,
    Code,
    CodelistExtension,
    Concept,
    Contact,
    GeoFeatureSetCode,
    GeoGridCode,
    IsoConcept,
    MemberValue,
    ReportingCategory,
    ValueItem,
)
from registry.model import organisations as org
from registry.ref import Kind, Ref

Scheme = tuple[str, tuple[Piece, ...], Items]
"""What an array of schemes is called, what a scheme says besides its items, and the items."""

_PARTIAL = Part("is_partial", "isPartial", FLAG)
_ID = Part("id", "id", ID, needed=True)
_NAME = Part("id", "id", NAME, needed=True)
CASCADE = member(Cascade, {Cascade.NO: False, Cascade.YES: True, Cascade.EXCLUDE_ROOT: "excluderoot"})


def schemes(version: str) -> dict[Kind, Scheme]:
    """Every scheme that the version has, by kind."""
    found: dict[Kind, Scheme] = {
        Kind.CODELIST: ("codelists", (_PARTIAL, *_extended(version)), Flat("codes", _code(Code, version))),
        Kind.CONCEPT_SCHEME: ("conceptSchemes", (_PARTIAL,), Flat("concepts", _concept(version))),
        Kind.CATEGORY_SCHEME: ("categorySchemes", (_PARTIAL,), Tree("categories", item(Category, version, _ID))),
        Kind.REPORTING_TAXONOMY: ("reportingTaxonomies", (_PARTIAL,), Tree("reportingCategories", _reporting(version))),
        **_organisations(version),
    }
    return found if version == FIRST else found | _newer(version)


def _newer(version: str) -> dict[Kind, Scheme]:
    geo = _code(GeoFeatureSetCode, version, Part("value", "value", TEXT, needed=True))
    cell = _code(GeoGridCode, version, Part("geo_cell", "geoCell", TEXT, needed=True))
    grid = Part("grid_definition", "gridDefinition", TEXT)
    head = (_PARTIAL, *_extended(version))
    value = Record(ValueItem, (_any_id, *_value_words, noted(version)))
    return {
        Kind.GEOGRAPHIC_CODELIST: (
            "geographicCodelists",
            (Always("geoType", "GeographicCodelist"), *head),
            Flat("geoFeatureSetCodes", geo),
        ),
        Kind.GEO_GRID_CODELIST: (
            "geoGridCodelists",
            (Always("geoType", "GeoGridCodelist"), grid, *head),
            Flat("geoGridCodes", cell),
        ),
        Kind.VALUE_LIST: ("valueLists", (), Flat("valueItems", value)),
    }


_any_id = Part("id", "id", TEXT, needed=True)
_value_words = (Texts("names", "name", "names"), Texts("descriptions", "description", "descriptions"))


def _code(cls: type[Any], version: str, *pieces: Piece) -> Record:
    return item(cls, version, _ID, Part("parent", "parent", ID), *pieces)


def _extended(version: str) -> tuple[Piece, ...]:
    if version == FIRST:
        return ()
    chosen = Custom(("members", "exclusive"), _put_members, _take_members)
    extension = Record(
        CodelistExtension,
        (Part("codelist", "codelist", artefact(version, Kind.CODELIST), needed=True), Part("prefix", "prefix", TEXT), chosen),
    )
    return (Part("extensions", "codelistExtensions", Each(extension)),)


_MEMBER = Record(MemberValue, (Part("value", "value", ID, needed=True), Part("cascade", "cascadeValues", CASCADE)))
_MEMBERS = Each(_MEMBER, unique=True)
_WILDCARDS = Each(matching(r"[A-Za-z0-9_@$-]+%?"), unique=True)


def _put_members(value: CodelistExtension, into: Json, of: Ref, losses: Losses) -> bool:
    """The whole choice or none of the extension: other members would be other codes."""
    if not value.members:
        return not value.exclusive
    wild = tuple(one.value for one in value.members if "%" in one.value and one.cascade is Cascade.NO)
    plain = tuple(one for one in value.members if not ("%" in one.value and one.cascade is Cascade.NO))
    chosen: Json = {}
    for name, way, given in (("memberValues", _MEMBERS, plain), ("wildcardedMemberValues", _WILDCARDS, wild)):
        if given:
            chosen[name] = Whole(way).write(given, of, losses)
    into["exclusiveCodeSelection" if value.exclusive else "inclusiveCodeSelection"] = chosen
    in_order = (*plain, *map(MemberValue, wild)) == value.members
    return in_order and NOTHING not in chosen.values()


def _take_members(found: Any, into: Json, lang: str) -> None:
    for name, exclusive in (("inclusiveCodeSelection", False), ("exclusiveCodeSelection", True)):
        if found.get(name) is None:
            continue
        if not isinstance(found[name], dict):
            raise Unlike("an object", name)
        wild = at("wildcardedMemberValues", _WILDCARDS, found[name].get("wildcardedMemberValues", []), lang)
        plain = at("memberValues", Each(_MEMBER_READ), found[name].get("memberValues", []), lang)
        into |= {"members": (*plain, *map(MemberValue, wild)), "exclusive": exclusive}


class _MemberRead:
    """A member value, which may be a text by itself."""

    def write(self, value: MemberValue, of: Ref, losses: Losses) -> Any:
        return _MEMBER.write(value, of, losses)

    def read(self, found: Any, lang: str) -> Any:
        return MemberValue(found) if isinstance(found, str) else _MEMBER.read(found, lang)


_MEMBER_READ = _MemberRead()


def _concept(version: str) -> Record:
    parent: Way = Inner("Concept") if version == FIRST else NAME
    iso: Way = _ISO_URN if version == FIRST else _ISO
    return item(
        Concept,
        version,
        _NAME,
        Part("parent", "parent", parent),
        Part("core", "coreRepresentation", representation(ATTRIBUTE, version)),
        Part("iso", "isoConceptReference", iso),
    )


_ISO = Record(
    IsoConcept,
    (
        Part("agency", "conceptAgency", TEXT, needed=True),
        Part("scheme", "conceptSchemeID", TEXT, needed=True),
        Part("concept", "conceptID", TEXT, needed=True),
    ),
)


def _iso_said(value: IsoConcept) -> Any:
    return URI.said(f"urn:iso:{value.agency}:{value.scheme}:{value.concept}")


def _iso_meant(found: Any) -> IsoConcept:
    parts = found.split(":") if isinstance(found, str) else []
    if len(parts) != 5:
        raise Unlike("a URN with agency, scheme and concept")
    return IsoConcept(*parts[2:])


_ISO_URN = Leaf(_iso_said, _iso_meant)


def _reporting(version: str) -> Record:
    flows = Each(artefact(version, Kind.DATAFLOW, Kind.METADATAFLOW), unique=True)
    structures = Each(artefact(version, Kind.DATA_STRUCTURE, Kind.METADATA_STRUCTURE), unique=True)
    structural = Part("structural_metadata", "structuralMetadata", structures)
    provisioning = Part("provisioning_metadata", "provisioningMetadata", flows)
    if version == FIRST:
        return item(ReportingCategory, version, _ID, structural, provisioning)
    return item(ReportingCategory, version, _ID, Either(structural, provisioning))


def _organisations(version: str) -> dict[Kind, Scheme]:
    contacts = Part("contacts", "contacts", Each(contact(version)))
    unit: Way = Inner("OrganisationUnit") if version == FIRST else ID
    found: dict[Kind, Scheme] = {
        Kind.AGENCY_SCHEME: ("agencySchemes", (_PARTIAL,), Flat("agencies", item(org.Agency, version, _NAME, contacts))),
        Kind.DATA_PROVIDER_SCHEME: (
            "dataProviderSchemes",
            (_PARTIAL,),
            Flat("dataProviders", item(org.DataProvider, version, _ID, contacts)),
        ),
        Kind.DATA_CONSUMER_SCHEME: (
            "dataConsumerSchemes",
            (_PARTIAL,),
            Flat("dataConsumers", item(org.DataConsumer, version, _ID, contacts)),
        ),
        Kind.ORGANISATION_UNIT_SCHEME: (
            "organisationUnitSchemes",
            (_PARTIAL,),
            Flat("organisationUnits", item(org.OrganisationUnit, version, _ID, contacts, Part("parent", "parent", unit))),
        ),
    }
    if version != FIRST:
        provider = item(org.MetadataProvider, version, _ID, contacts)
        found[Kind.METADATA_PROVIDER_SCHEME] = ("metadataProviderSchemes", (_PARTIAL,), Flat("metadataProviders", provider))
    return found


def contact(version: str) -> Record:
    """The way of a contact."""
    own: tuple[Piece, ...] = () if version == FIRST else (Part("id", "id", ID),)
    return Record(
        Contact,
        (
            *own,
            Texts("names", "name", "names"),
            Texts("departments", "department", "departments"),
            Texts("roles", "role", "roles"),
            Part("telephones", "telephones", Each(TEXT)),
            Part("faxes", "faxes", Each(TEXT)),
            Part("x400s", "x400s", Each(TEXT)),
            Part("uris", "uris", Each(URI)),
            Part("emails", "emails", Each(EMAIL)),
        ),
    )
