"""Metadata messages in SDMX-ML 3.0 and 3.1.

:func:`held` takes away what the format cannot hold, and what is left is written: so the two cannot come apart.

Source: ``GenericMetadataType`` of ``SDMXMessage.xsd``, ``SDMXMetadataGeneric.xsd`` of SDMX 3.0 and 3.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from adapters.sdmx.jsonshape.references import TARGET, THIRD, VERSION
from adapters.sdmx.jsonshape.ways import (
    BASIC_PERIOD,
    ID,
    LANGUAGE,
    NESTED_NAME,
    NO_PLACE,
    NO_VALUE,
    NOTHING,
    PERIOD,
    URI,
    YEAR,
    Leaf,
    Loss,
    Losses,
    moved,
)
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.xml import DECLARATION, declared, element, escape, namespaces, opening
from registry.model import Annotation, Link, MetadataSet, Moment, ReportedAttribute
from registry.text import Names

_BROKEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PERIODS: dict[str, tuple[str, Leaf]] = {
    "publication_period": ("publicationPeriod", PERIOD),
    "publication_year": ("publicationYear", YEAR),
    "reporting_begin": ("reportingBeginDate", BASIC_PERIOD),
    "reporting_end": ("reportingEndDate", BASIC_PERIOD),
}


def markup_metadata(version: str, header: Header, sets: Sequence[MetadataSet]) -> Iterator[str]:
    """The message in pieces, ``version`` is ``3.0`` or ``3.1``; the header names the flow of each report.

    A message in SDMX-ML must have a report, and its header has no word for an agreement of metadata: a report without a flow
    cannot be in it.
    """
    kept = [one for one in (held(version, made)[0] for made in sets) if one is not None]
    generic = namespaces(version)["mes"].removesuffix("message") + "metadata/generic"
    names = declared("mes", "com", version=version) | {"xmlns:md": generic}
    flows = dict.fromkeys(one.metadataflow.urn for one in kept if one.metadataflow)
    numbered = "".join(
        element("mes:Structure", {"structureID": f"S{number}"}, element("com:StructureUsage", content=urn))
        for number, urn in enumerate(flows)
    )
    yield DECLARATION + opening("mes:GenericMetadata", names) + header.xml(numbered)
    for one in kept:
        yield _written(one)
    yield "</mes:GenericMetadata>"


def _written(one: MetadataSet) -> str:
    values: dict[str, str | None] = {
        "id": one.id,
        "agencyID": one.agency,
        "version": one.version or None,
        "validFrom": _moment(one.valid_from),
        "validTo": _moment(one.valid_to),
        "isPartialLanguage": "true" if one.is_partial_language else None,
        "isExternalReference": "true" if one.is_external_reference else None,
    }
    values |= {name: getattr(one, field) or None for field, (name, _) in _PERIODS.items()}
    words = _notes(one.annotations) + "".join(map(_link, one.links)) + _texts("com:Name", one.names)
    flow = element("md:Metadataflow", content=one.metadataflow.urn) if one.metadataflow else ""
    targets = "".join(element("md:Target", content=escape(target)) for target in one.targets)
    said = words + _texts("com:Description", one.descriptions) + flow + targets
    return element("mes:MetadataSet", values, said + "".join(map(_attribute, one.attributes)))


def _attribute(one: ReportedAttribute) -> str:
    value = element("md:Value", content=escape(one.value)) if one.value is not None else _texts("com:Text", one.texts)
    return element("md:Attribute", {"id": one.id}, _notes(one.annotations) + value + "".join(map(_attribute, one.children)))


def _notes(notes: Sequence[Annotation]) -> str:
    return element("com:Annotations", content="".join(map(_note, notes))) if notes else ""


def _note(one: Annotation) -> str:
    urls = "".join(
        element("com:AnnotationURL", {"xml:lang": lang} if lang else {}, escape(url)) for lang, url in one.urls.items()
    )
    content = _plain("com:AnnotationTitle", one.title) + _plain("com:AnnotationType", one.type) + urls
    content += _texts("com:AnnotationText", one.texts) + _plain("com:AnnotationValue", one.value)
    return element("com:Annotation", {"id": one.id or None}, content)


def _link(one: Link) -> str:
    return element("com:Link", {"rel": one.rel, "url": one.url, "urn": one.urn or None, "type": one.type or None})


def _plain(tag: str, text: str) -> str:
    return element(tag, content=escape(text)) if text else ""


def _texts(tag: str, names: Names) -> str:
    return "".join(element(tag, {"xml:lang": lang}, escape(text)) for lang, text in names.items())


def _moment(value: Moment | None) -> str | None:
    if value is None or isinstance(value, datetime):
        return value.isoformat() if value else None
    return f"{value.isoformat()}T00:00:00"


def held(version: str, one: MetadataSet) -> tuple[MetadataSet | None, Losses]:
    """What the version can hold of a report, and what is lost of it; None and one loss where that is the whole."""
    losses: Losses = []
    parts = {
        "names": _held_texts("names", one.names, losses),
        "descriptions": _held_texts("descriptions", one.descriptions, losses),
        "annotations": _held_notes(one.annotations, losses),
        "links": tuple(_held_links(one.links, losses)),
        "targets": _fitting("targets", one.targets, TARGET, losses),
        "attributes": tuple(_held_attributes("attributes", one.attributes, losses)),
    }
    named = ID.said(one.id), NESTED_NAME.said(one.agency), VERSION[THIRD].said(one.version or "1.0")
    if NOTHING in named or one.metadataflow is None or not (parts["names"] and parts["targets"] and parts["attributes"]):
        return None, [Loss("", NO_VALUE)]
    return replace(one, **parts, **_held_facts(version, one, losses)), losses  # type: ignore[arg-type]


def _held_facts(version: str, one: MetadataSet, losses: Losses) -> dict[str, object]:
    """Periods as the schema wants them; partial languages only in 3.1; a flow or an agreement, not both."""
    gone: dict[str, object] = {}
    for field, (_, way) in _PERIODS.items():
        if getattr(one, field) and way.said(getattr(one, field)) is NOTHING:
            gone[field] = ""
    if one.provision:
        gone["provision"] = None
    if one.is_partial_language and version == "3.0":
        gone["is_partial_language"] = False
    losses.extend(Loss(field, NO_PLACE if field == "is_partial_language" else NO_VALUE) for field in gone)
    return gone


def _held_texts(field: str, names: Names, losses: Losses) -> Names:
    kept = {lang: text for lang, text in names.items() if LANGUAGE.said(lang) is not NOTHING and not _BROKEN.search(text)}
    losses.extend(Loss(f"{field}[{lang}]", NO_VALUE) for lang in names if lang not in kept)
    return kept


def _fitting(field: str, values: tuple[str, ...], way: Leaf, losses: Losses) -> tuple[str, ...]:
    losses.extend(Loss(f"{field}[{index}]", NO_VALUE) for index, one in enumerate(values) if way.said(one) is NOTHING)
    return tuple(one for one in values if way.said(one) is not NOTHING)


def _held_notes(notes: tuple[Annotation, ...], losses: Losses) -> tuple[Annotation, ...]:
    return tuple(_held_note(f"annotations[{index}]", one, losses) for index, one in enumerate(notes))


def _held_note(place: str, one: Annotation, losses: Losses) -> Annotation:
    before = len(losses)
    known = {lang for lang in one.urls if not lang or LANGUAGE.said(lang) is not NOTHING}
    urls = {lang: url for lang, url in one.urls.items() if lang in known and URI.said(url) is not NOTHING}
    losses.extend(Loss(f"urls[{lang}]", NO_VALUE) for lang in one.urls if lang not in urls)
    losses.extend([Loss("links", NO_PLACE)] if one.links else [])
    plain = {name: "" for name in ("id", "type", "title", "value") if _BROKEN.search(getattr(one, name))}
    losses.extend(Loss(name, NO_VALUE) for name in plain)
    kept = replace(one, texts=_held_texts("texts", one.texts, losses), urls=urls, links=(), **plain)
    moved(losses, before, place)
    return kept


def _held_links(links: tuple[Link, ...], losses: Losses) -> Iterator[Link]:
    """A link must have an address; its titles and language have no place."""
    for index, one in enumerate(links):
        place = f"links[{index}]"
        if URI.said(one.url) is NOTHING or _BROKEN.search(one.rel + one.type):
            losses.append(Loss(place, NO_VALUE))
            continue
        gone: dict[str, object] = {"titles": {}} if one.titles else {}
        gone |= {"hreflang": ""} if one.hreflang else {}
        gone |= {"urn": ""} if one.urn and URI.said(one.urn) is NOTHING else {}
        losses.extend(Loss(f"{place}.{name}", NO_PLACE) for name in gone)
        yield replace(one, **gone)  # type: ignore[arg-type]


def _held_attributes(field: str, attributes: tuple[ReportedAttribute, ...], losses: Losses) -> Iterator[ReportedAttribute]:
    """A field of a report says one value or texts; how it looks has no place."""
    for index, one in enumerate(attributes):
        both = one.value is not None and bool(one.texts)
        if ID.said(one.id) is NOTHING or both or _BROKEN.search(one.value or ""):
            losses.append(Loss(f"{field}[{index}]", NO_VALUE))
            continue
        before = len(losses)
        losses.extend([Loss("format", NO_PLACE)] if one.format else [])
        yield replace(
            one,
            texts=_held_texts("texts", one.texts, losses),
            annotations=_held_notes(one.annotations, losses),
            children=tuple(_held_attributes("children", one.children, losses)),
            format=None,
        )
        moved(losses, before, f"{field}[{index}]")
