"""Links and annotations, which most of the model has.

The model keeps apart what SDMX-ML keeps apart and SDMX-JSON writes as links: the ``uri`` of a part is a link to ``self`` that
says it twice, the addresses of an annotation are links to ``self``. A link that only looks like one of these has a ``type``,
if an empty one; one that says more, such as a title, is a link. What only gives the URN of the part says nothing.

Source: SDMX-JSON 2.1 field guide, "link" and "annotation".
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from adapters.sdmx.jsonshape.records import Custom, Json, Part, Piece, Record
from adapters.sdmx.jsonshape.references import FIRST, THIRD
from adapters.sdmx.jsonshape.texts import Texts
from adapters.sdmx.jsonshape.ways import (
    NO_VALUE,
    NOTHING,
    SMALL_LANGUAGE,
    TEXT,
    URI,
    URI_REFERENCE,
    Each,
    Leaf,
    Loss,
    Losses,
    Unlike,
    at,
    moved,
    string,
)
from registry.errors import Invalid
from registry.model import Annotation, Identifiable, Item, Link, moment
from registry.ref import Ref, parse_urn

SELF = "self"
VALIDITY = {"valid_from": "VALID_FROM", "valid_to": "VALID_TO"}
"""The annotations that carry the validity of an item."""


@cache
def link(version: str) -> Record:
    """The way of a link."""
    return Record(
        Link,
        (
            Part("rel", "rel", TEXT, needed=True),
            Custom(("url", "urn"), lambda *args: _put_address(version, *args), _take_address),
            Part("type", "type", TEXT),
            Texts("titles", "title", "titles"),
            Part("hreflang", "hreflang", SMALL_LANGUAGE),
            Part("uri", "uri", URI),
        ),
    )


def _put_address(version: str, value: Link, into: Json, of: Ref, losses: Losses) -> bool:
    """One of the two must be there."""
    ways = {"href": (URI_REFERENCE if version == THIRD else URI, "url"), "urn": (URI if version == FIRST else _URN, "urn")}
    for name, (way, field) in ways.items():
        given = getattr(value, field)
        if given and way.said(given) is not NOTHING:
            into[name] = given
        elif given:
            losses.append(Loss(field, NO_VALUE))
    return "href" in into or "urn" in into


def _take_address(found: Mapping[str, Any], into: Json, lang: str) -> None:
    for name, field in (("href", "url"), ("urn", "urn")):
        if found.get(name) is not None:
            into[field] = at(name, TEXT, found[name], lang)


def _urn_said(text: str) -> Any:
    """A URN as 2.x wants it; what other classes there are, a link may not name."""
    from adapters.sdmx.jsonshape.references import anything

    try:
        return anything(THIRD).said(parse_urn(text)) if text.startswith("urn:sdmx:") else NOTHING
    except Invalid:
        return NOTHING


_URN = Leaf(lambda text: text if _urn_said(text) == text else NOTHING, string)


def links_said(version: str, links: tuple[Link, ...], of: Ref, losses: Losses) -> list[Json]:
    """Links of the model; each says its type where a reader would take it for something else."""
    found: list[Json] = []
    for index, one in enumerate(links):
        before = len(losses)
        said = link(version).write(one, of, losses)
        if said is NOTHING:
            del losses[before:]
            losses.append(Loss(f"links[{index}]", NO_VALUE))
            continue
        moved(losses, before, f"links[{index}]")
        found.append(said | ({"type": ""} if one.rel in (SELF, "service") and not one.type else {}))
    return found


def links_read(found: Any, lang: str) -> tuple[tuple[Link, Json], ...]:
    """The links under ``links``, each with what stands there."""
    way = Each(link(THIRD))
    return tuple(zip(at("links", way, found, lang), found, strict=True)) if found is not None else ()


def linked(version: str) -> Piece:
    """The links of a part of an artefact, and its ``uri``."""

    def put(value: Identifiable | Item, into: Json, of: Ref, losses: Losses) -> bool:
        if not value.links and not value.uri:
            return True
        own: list[Json] = []
        if value.uri and URI.said(value.uri) is not NOTHING:
            own = [{"rel": SELF, "href": value.uri, "uri": value.uri}]
        elif value.uri:
            losses.append(Loss("uri", NO_VALUE))
        if every := own + links_said(version, value.links, of, losses):
            into["links"] = every
        return True

    return Custom(("links", "uri"), put, _take_links)


def _take_links(found: Mapping[str, Any], into: Json, lang: str) -> None:
    if found.get("links") is None:
        return
    rest = []
    for one, said in links_read(found["links"], lang):
        if "uri" not in into and "type" not in said and one.url and one == Link(SELF, url=one.url, uri=one.url):
            into["uri"] = one.url
        elif one != Link(SELF, urn=one.urn) or not one.urn.endswith(f".{found.get('id')}"):
            rest.append(one)
    into["links"] = tuple(rest)


@cache
def annotation(version: str) -> Record:
    """The way of an annotation."""
    value = () if version == FIRST else (Part("value", "value", TEXT),)
    return Record(
        Annotation,
        (
            Part("id", "id", TEXT),
            Part("title", "title", TEXT),
            Part("type", "type", TEXT),
            *value,
            Texts("texts", "text", "texts"),
            Custom(("urls", "links"), lambda *args: _put_urls(version, *args), _take_urls),
        ),
    )


def _put_urls(version: str, value: Annotation, into: Json, of: Ref, losses: Losses) -> bool:
    if not value.urls and not value.links:
        return True
    own: list[Json] = []
    for lang, url in value.urls.items():
        if URI.said(url) is NOTHING or (lang and SMALL_LANGUAGE.said(lang) is NOTHING):
            losses.append(Loss(f"urls[{lang}]", NO_VALUE))
        else:
            own.append({"rel": SELF, "href": url} | ({"hreflang": lang} if lang else {}))
    if every := own + links_said(version, value.links, of, losses):
        into["links"] = every
    return True


def _take_urls(found: Mapping[str, Any], into: Json, lang: str) -> None:
    if found.get("links") is None:
        return
    urls: dict[str, str] = {}
    rest = []
    for one, said in links_read(found["links"], lang):
        plain = one == Link(SELF, url=one.url, hreflang=one.hreflang) and "type" not in said
        if plain and one.url and one.hreflang not in urls:
            urls[one.hreflang] = one.url
        else:
            rest.append(one)
    into |= {"urls": urls} if urls else {}
    into |= {"links": tuple(rest)} if rest else {}


def noted(version: str) -> Part:
    """The annotations of a part."""
    return Part("annotations", "annotations", Each(annotation(version)))


def noted_item(version: str) -> Piece:
    """The annotations of an item, with its validity among them, and none of them where there is none."""
    every = noted(version)

    def put(value: Item, into: Json, of: Ref, losses: Losses) -> bool:
        if value.annotations:
            every.put(value, into, of, losses)
        for field, type in VALIDITY.items():
            if (when := getattr(value, field)) is not None:
                into.setdefault("annotations", []).append({"type": type, "title": when.isoformat()})
        return True

    def take(found: Mapping[str, Any], into: Json, lang: str) -> None:
        every.take(found, into, lang)
        notes = into.get("annotations", ())
        for field, type in VALIDITY.items():
            if said := next((note for note in notes if note.type == type), None):
                into[field] = _moment(said.fact)
                notes = tuple(note for note in notes if note is not said)
        into["annotations"] = notes

    return Custom(("annotations", *VALIDITY), put, take)


def _moment(text: str) -> Any:
    try:
        return moment(text)
    except ValueError:
        raise Unlike("a date such as 2025-07-01", "annotations") from None
