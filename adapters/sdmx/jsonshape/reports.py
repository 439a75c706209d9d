"""Metadata sets in SDMX-JSON 2.0 and 2.1. 1.0 has reports of the structures of SDMX 2.1 and is not spoken.

Source: ``MetadataSetType``, ``attributeType`` of the metadata schemas; field guide of the metadata message 2.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from adapters.sdmx.jsonshape.artefacts import ID_TEXT, final, noted_artefact
from adapters.sdmx.jsonshape.formats import Breadth, text_format
from adapters.sdmx.jsonshape.notes import link, noted
from adapters.sdmx.jsonshape.records import Custom, Former, Json, Part, Record
from adapters.sdmx.jsonshape.references import NAMED, THIRD, artefact
from adapters.sdmx.jsonshape.texts import Texts, texts_read
from adapters.sdmx.jsonshape.ways import (
    BASIC_PERIOD,
    FLAG,
    ID,
    LANGUAGE,
    MOMENT,
    NESTED_NAME,
    NO_VALUE,
    NOTHING,
    PERIOD,
    YEAR,
    Each,
    Later,
    Loss,
    Losses,
    Unlike,
    at,
    matching,
)
from registry.model import MetadataSet, ReportedAttribute
from registry.ref import Kind, Ref

METADATA_SETS = "metadataSets"
"""The list of a metadata message."""
_NUMBER = r"(0|[1-9]\d*)"
_WORD = rf"({_NUMBER}|[A-Za-z-][A-Za-z0-9-]*)"
_FIRST_VERSION = "1.0"
_SEMANTIC = matching(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(-{_WORD}(\.{_WORD})*)?")


@cache
def metadata_set(version: str) -> Record:
    """The way of a metadata set."""
    partial = Part("is_partial_language", "isPartialLanguage", FLAG)
    return Record(
        MetadataSet,
        (
            _identity(),
            Texts("names", "name", "names", instead="ref.id", needed=True),
            Texts("descriptions", "description", "descriptions"),
            noted_artefact(version),
            Part("links", "links", Each(link(version))),
            Part("valid_from", "validFrom", MOMENT),
            Part("valid_to", "validTo", MOMENT),
            partial if version == THIRD else Former(partial),
            final(version),
            Part("is_external_reference", "isExternalReference", FLAG),
            Part("publication_period", "publicationPeriod", PERIOD),
            Part("publication_year", "publicationYear", YEAR),
            Part("reporting_begin", "reportingBegin", BASIC_PERIOD),
            Part("reporting_end", "reportingEnd", BASIC_PERIOD),
            _subject(version),
            Part("targets", "targets", Each(NAMED), needed=True),
            Part("attributes", "attributes", Each(_attribute(version)), needed=True),
        ),
    )


def _identity() -> Custom:
    """Agency, id and version; the first version is not said, as a report without any has it."""

    def put(value: MetadataSet, into: Json, of: Ref, losses: Losses) -> bool:
        told = {"id": ID.said(of.id), "agencyID": NESTED_NAME.said(of.agency)}
        told |= {} if of.version == _FIRST_VERSION else {"version": _SEMANTIC.said(of.version)}
        into |= told
        return NOTHING not in told.values()

    def take(found: Mapping[str, Any], into: Json, lang: str) -> None:
        for name in ("id", "agencyID"):
            if not found.get(name):
                raise Unlike(f"{name} to be there")
        said = {name: at(name, ID_TEXT, found[name], lang) for name in ("agencyID", "id", "version") if found.get(name)}
        into["ref"] = Ref(Kind.METADATA_SET, said["agencyID"], said["id"], said.get("version", _FIRST_VERSION))

    return Custom(("ref",), put, take)


def _subject(version: str) -> Custom:
    """A flow, an agreement or both; one there must be."""
    parts = (
        Part("metadataflow", "metadataflow", artefact(version, Kind.METADATAFLOW)),
        Part("provision", "metadataProvisionAgreement", artefact(version, Kind.METADATA_PROVISION_AGREEMENT)),
    )

    def put(value: MetadataSet, into: Json, of: Ref, losses: Losses) -> bool:
        for part in parts:
            part.put(value, into, of, losses)
        return any(part.name in into for part in parts)

    def take(found: Mapping[str, Any], into: Json, lang: str) -> None:
        for part in parts:
            part.take(found, into, lang)

    return Custom(tuple(part.field for part in parts), put, take)


@cache
def _attribute(version: str) -> Record:
    return Record(
        ReportedAttribute,
        (
            Part("id", "id", ID, needed=True),
            Custom(("value", "texts"), _put_value, _take_value),
            Part("format", "format", text_format(Breadth.BASIC, version)),
            noted(version),
            Part("children", "attributes", Each(Later(lambda: _attribute(version)))),
        ),
    )


def _put_value(value: ReportedAttribute, into: Json, of: Ref, losses: Losses) -> bool:
    """The value, or the texts; what has both is not understood."""
    if value.value is not None and value.texts:
        return False
    if value.value is not None:
        into["value"] = value.value
    held = {lang: text for lang, text in value.texts.items() if LANGUAGE.said(lang) is not NOTHING}
    losses.extend(Loss(f"texts[{lang}]", NO_VALUE) for lang in value.texts if lang not in held)
    if held:
        into["value"] = held
    return True


def _take_value(found: Mapping[str, Any], into: Json, lang: str) -> None:
    """Numbers and truth values as their texts in JSON."""
    given = found.get("value")
    if isinstance(given, dict):
        into["texts"] = texts_read("value", given)
    elif isinstance(given, list):
        raise Unlike("one value", "value")
    elif given is not None:
        into["value"] = {True: "true", False: "false"}[given] if isinstance(given, bool) else str(given)
