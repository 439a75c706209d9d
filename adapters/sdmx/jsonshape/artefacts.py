"""What all artefacts have in common: who they are, names, annotations, links, validity.

The first link is that to the artefact itself: its URN, where it is to be had (``structure_url`` of an external one), and its
``uri``; after it, for an external one, that to a ``service`` which has it. The source of an artefact is an annotation
``SOURCE``. Days have the zone ``-00:00`` of RFC 3339.

Source: ``MaintainableType`` and ``MaintainableWithoutVersionType`` of the schemas; field guide 2.1, "Common SDMX artefact
properties".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from adapters.sdmx.jsonshape.notes import SELF, links_read, links_said, noted
from adapters.sdmx.jsonshape.records import Custom, Json, Part, Piece
from adapters.sdmx.jsonshape.references import FIRST, THIRD, UNNAMED, VERSION, urn
from adapters.sdmx.jsonshape.texts import Texts
from adapters.sdmx.jsonshape.ways import (
    FLAG,
    ID,
    MOMENT,
    NAME,
    NESTED_NAME,
    NO_VALUE,
    NOTHING,
    URI,
    Leaf,
    Loss,
    Losses,
    Unlike,
    at,
    matching,
)
from registry.model import Artefact, Link
from registry.ref import Kind, Ref

_STABLE = re.compile(r"\d+\.\d+\.\d+")
_SERVICE = "service"
_SOURCE = "SOURCE"

_FIXED_IDS = {
    Kind.AGENCY_SCHEME: "AGENCIES",
    Kind.DATA_PROVIDER_SCHEME: "DATA_PROVIDERS",
    Kind.DATA_CONSUMER_SCHEME: "DATA_CONSUMERS",
    Kind.METADATA_PROVIDER_SCHEME: "METADATA_PROVIDERS",
}
_UNVERSIONED = frozenset({*_FIXED_IDS, Kind.ORGANISATION_UNIT_SCHEME})
"""Those that have always the same version, and most of them the same id, in 2.x."""

_NAMES = {
    FIRST: frozenset({Kind.CODELIST, Kind.CONCEPT_SCHEME, Kind.CATEGORY_SCHEME}),
}
_NEW_NAMES = frozenset(
    {
        Kind.CODELIST,
        Kind.GEOGRAPHIC_CODELIST,
        Kind.GEO_GRID_CODELIST,
        Kind.VALUE_LIST,
        Kind.CONCEPT_SCHEME,
        Kind.CATEGORY_SCHEME,
    }
)
"""Those whose id begins with a letter."""


def is_stable(version: str) -> bool:
    """Whether a version is final by itself (SDMX 3.0 section 6, "Versioning")."""
    return bool(_STABLE.fullmatch(version))


def identity(kind: Kind, version: str) -> Piece:
    """Agency, id and version."""
    id_way, version_way = _id_way(kind, version), VERSION[version]
    if kind in _UNVERSIONED and version != FIRST:
        version_way = matching(r"1\.0")

    def put(value: Artefact, into: Json, of: Ref, losses: Losses) -> bool:
        ref = value.ref
        ways = ((id_way, ref.id), (NESTED_NAME, ref.agency), (version_way, ref.version))
        if any(way.said(text) is NOTHING for way, text in ways):
            return False
        into |= {"id": ref.id, "agencyID": ref.agency, "version": ref.version}
        return True

    def take(found: Mapping[str, Any], into: Json, lang: str) -> None:
        for name in ("id", "agencyID"):
            if not found.get(name):
                raise Unlike(f"{name} to be there")
        given = {name: at(name, ID_TEXT, found[name], lang) for name in ("agencyID", "id", "version") if found.get(name)}
        into["ref"] = Ref(kind, given["agencyID"], given["id"], given.get("version", "1.0"))

    return Custom(("ref",), put, take)


ID_TEXT = Leaf(lambda value: value, lambda found: _word(found))


def _word(found: Any) -> str:
    if not isinstance(found, str) or not re.fullmatch(r"[^\s:()]+", found):
        raise Unlike("an id")
    return found


def _id_way(kind: Kind, version: str) -> Leaf:
    if version == FIRST:
        return NAME if kind in _NAMES[FIRST] else ID
    if kind in _FIXED_IDS:
        return matching(_FIXED_IDS[kind])
    return NAME if kind in _NEW_NAMES else ID


def common(kind: Kind, version: str) -> tuple[Piece, ...]:
    """What every artefact says: its identity, name and links, which is all that a stub has."""
    return (identity(kind, version), Texts("names", "name", "names", instead="ref.id", needed=True), linked_artefact(version))


def described(version: str) -> tuple[Piece, ...]:
    """What every artefact says besides, which a stub may have."""
    partial = (Part("is_partial_language", "isPartialLanguage", FLAG),) if version == THIRD else ()
    return (
        Texts("descriptions", "description", "descriptions"),
        noted_artefact(version),
        Part("valid_from", "validFrom", MOMENT),
        Part("valid_to", "validTo", MOMENT),
        *partial,
        final(version),
    )


def final(version: str) -> Piece:
    """Whether it is final: said in 1.0, in 2.x seen from the version."""
    if version == FIRST:
        return Part("is_final", "isFinal", FLAG)

    def put(value: Artefact, into: Json, of: Ref, losses: Losses) -> bool:
        if value.is_final != is_stable(value.ref.version):
            losses.append(Loss("is_final", NO_VALUE))
        return True

    def take(found: Mapping[str, Any], into: Json, lang: str) -> None:
        into["is_final"] = is_stable(into["ref"].version)

    return Custom(("is_final",), put, take)


def noted_artefact(version: str) -> Piece:
    """The annotations of an artefact, its source before them."""
    every = noted(version)

    def put(value: Artefact, into: Json, of: Ref, losses: Losses) -> bool:
        every.put(value, into, of, losses)
        if value.source:
            into["annotations"] = [{"type": _SOURCE, "title": value.source}, *into.get("annotations", ())]
        return True

    def take(found: Mapping[str, Any], into: Json, lang: str) -> None:
        every.take(found, into, lang)
        notes = into.get("annotations", ())
        if source := next((note for note in notes if note.type == _SOURCE and note.fact), None):
            into["source"] = source.fact
            into["annotations"] = tuple(note for note in notes if note is not source)

    return Custom(("annotations", "source"), put, take)


_LINKS = ("links", "uri", "is_external_reference", "structure_url", "service_url")


def linked_artefact(version: str) -> Piece:
    """The links of an artefact and whether it is held elsewhere."""

    def put(value: Artefact, into: Json, of: Ref, losses: Losses) -> bool:
        if value.is_external_reference:
            into["isExternalReference"] = True
        self_link = {"rel": SELF, "href" if of.kind in UNNAMED[version] else "urn": urn(of, version)}
        self_link |= _address(value, "structure_url", "href", losses) | _address(value, "uri", "uri", losses)
        service = _address(value, "service_url", "href", losses)
        own = [self_link, *([{"rel": _SERVICE} | service] if service else [])]
        into["links"] = own + links_said(version, value.links, of, losses)
        return True

    return Custom(_LINKS, put, _take_links)


def _address(value: Artefact, field: str, name: str, losses: Losses) -> Json:
    """An address; where the whole is, only of what is elsewhere: else it would be where this message comes from."""
    given = getattr(value, field)
    if not given:
        return {}
    if URI.said(given) is NOTHING or (field == "structure_url" and not value.is_external_reference):
        losses.append(Loss(field, NO_VALUE))
        return {}
    return {name: given}


def _take_links(found: Mapping[str, Any], into: Json, lang: str) -> None:
    if found.get("isExternalReference") is not None:
        into["is_external_reference"] = at("isExternalReference", FLAG, found["isExternalReference"], lang)
    rest = []
    seen: set[str] = set()
    for one, said in links_read(found.get("links"), lang):
        if one.rel in (SELF, _SERVICE) and one.rel not in seen and "type" not in said and _is_own(one.rel, one.urn):
            seen.add(one.rel)
            into |= _own(one, into.get("is_external_reference", False))
            if one != Link(one.rel, url=one.url, urn=one.urn, uri=one.uri if one.rel == SELF else ""):
                rest.append(one)
        else:
            rest.append(one)
    into["links"] = tuple(rest)


def _is_own(rel: str, urn: str) -> bool:
    return rel == SELF or not urn


def _own(said: Link, external: bool) -> Json:
    if said.rel == _SERVICE:
        return {"service_url": said.url}
    given = {"structure_url": said.url} if external and said.url and not said.url.startswith("urn:") else {}
    return given | ({"uri": said.uri} if said.uri else {})
