"""Metadata messages in SDMX-ML 3.0 and 3.1, every report by itself.

Source: ``GenericMetadataType`` of ``SDMXMessage.xsd``, ``SDMXMetadataGeneric.xsd`` of SDMX 3.0 and 3.1.
"""

from __future__ import annotations

import io
from collections.abc import Iterable

from lxml import etree

from adapters.sdmx.elements import local
from adapters.sdmx.reading.message import Fault
from adapters.sdmx.reading.xml import events
from registry.errors import HubError, Invalid
from registry.model import Annotation, Format, Link, MetadataSet, Moment, ReportedAttribute, moment
from registry.ref import Kind, Ref

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PERIODS = {
    "publicationPeriod": "publication_period",
    "publicationYear": "publication_year",
    "reportingBeginDate": "reporting_begin",
    "reportingEndDate": "reporting_end",
}


def markup_metadata_sets(content: bytes) -> tuple[tuple[MetadataSet, ...], tuple[Fault, ...]]:
    """The reports, and what could not be read; :class:`Invalid` XML_BROKEN or XML_UNSAFE where the message cannot be."""
    sets: list[MetadataSet] = []
    faults: list[Fault] = []
    number = 0
    for event, one in events(io.BytesIO(content)):
        if event == "end" and local(one) == "MetadataSet":
            try:
                sets.append(_read(one))
            except (HubError, ValueError) as error:
                faults.append(Fault(f"MetadataSet[{number}]", _wrong(error)))
            number += 1
            one.clear()
    return tuple(sets), tuple(faults)


def _wrong(error: Exception) -> HubError:
    return error if isinstance(error, HubError) else Invalid("STRUCTURE_UNREADABLE", reason=str(error)[:200])


def _read(one: etree._Element) -> MetadataSet:
    if not one.get("id") or not one.get("agencyID"):
        raise ValueError("MetadataSet without id or agencyID")
    flow, agreement = _text(one, "Metadataflow"), _text(one, "MetadataProvisionAgreement")
    return MetadataSet(
        agency=one.get("agencyID", ""),
        id=one.get("id", ""),
        version=one.get("version", ""),
        names=_texts(one, "Name"),
        descriptions=_texts(one, "Description"),
        annotations=_notes(one),
        links=tuple(_link(found) for found in _all(one, "Link")),
        valid_from=_moment(one.get("validFrom")),
        valid_to=_moment(one.get("validTo")),
        is_partial_language=one.get("isPartialLanguage") in ("true", "1"),
        is_external_reference=one.get("isExternalReference") in ("true", "1"),
        metadataflow=Ref.parse(flow, Kind.METADATAFLOW) if flow else None,
        provision=Ref.parse(agreement, Kind.METADATA_PROVISION_AGREEMENT) if agreement else None,
        targets=tuple((found.text or "").strip() for found in _all(one, "Target")),
        attributes=_attributes(one),
        **{field: one.get(name, "") for name, field in _PERIODS.items()},
    )


def _attributes(one: etree._Element) -> tuple[ReportedAttribute, ...]:
    return tuple(_attribute(found) for found in _all(one, "Attribute"))


def _attribute(one: etree._Element) -> ReportedAttribute:
    values = [found.text or "" for found in _all(one, "Value")]
    structured = {found.get(_LANG, "en"): _inside(found) for found in _all(one, "StructuredText")}
    return ReportedAttribute(
        id=one.get("id", ""),
        value=values[0] if values else None,
        texts=structured or _texts(one, "Text"),
        format=Format(text_type="XHTML") if structured else None,
        annotations=_notes(one),
        children=_attributes(one),
    )


def _inside(one: etree._Element) -> str:
    """The XHTML in an element, as text."""
    parts = (etree.tostring(part, method="c14n", exclusive=True, with_tail=False).decode() + (part.tail or "") for part in one)
    return (one.text or "") + "".join(parts)


def _notes(one: etree._Element) -> tuple[Annotation, ...]:
    return tuple(
        Annotation(
            id=found.get("id", ""),
            type=_text(found, "AnnotationType"),
            title=_text(found, "AnnotationTitle"),
            value=_text(found, "AnnotationValue"),
            texts=_texts(found, "AnnotationText"),
            urls={url.get(_LANG, ""): url.text or "" for url in _all(found, "AnnotationURL")},
        )
        for notes in _all(one, "Annotations")
        for found in _all(notes, "Annotation")
    )


def _link(one: etree._Element) -> Link:
    return Link(rel=one.get("rel", ""), url=one.get("url", ""), urn=one.get("urn", ""), type=one.get("type", ""))


def _all(one: etree._Element, name: str) -> Iterable[etree._Element]:
    return (found for found in one if local(found) == name)


def _text(one: etree._Element, name: str) -> str:
    return next((found.text or "" for found in _all(one, name)), "")


def _texts(one: etree._Element, name: str) -> dict[str, str]:
    return {found.get(_LANG, "en"): found.text or "" for found in _all(one, name)}


def _moment(text: str | None) -> Moment | None:
    return moment(text) if text else None
