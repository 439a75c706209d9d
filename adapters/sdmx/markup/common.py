"""What all artefacts have in common: annotations, links, names, identity, validity.

Source: ``SDMXCommon.xsd`` and ``SDMXStructureBase.xsd`` of SDMX 2.1, 3.0, 3.1, "AnnotableType" to "MaintainableType".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from adapters.sdmx.markup.grammar import Node, Only, Out, Part, Record, element_of, new, only_31
from adapters.sdmx.markup.parts import XML_LANG, Attr, Child, Many, Words, said_by_language, spoken
from adapters.sdmx.markup.references import FIXED_IDS
from adapters.sdmx.markup.values import (
    BOOLEAN,
    ID,
    MOMENT,
    NCNAME,
    NESTED_NCNAME,
    NEW_VERSION,
    OLD_VERSION,
    URI,
    Unfit,
    Value,
)
from adapters.sdmx.writing.xml import element, escape
from registry.model import Annotation, Link, Maintainable, moment
from registry.ref import Kind, Ref

STABLE = re.compile(r"\d+\.\d+\.\d+")
"""A semantic version without extension, which SDMX 3.x has in place of ``isFinal``."""


@dataclass(frozen=True)
class Urls(Part):
    """The addresses of an annotation: one without language in SDMX 2.1, one for each language in 3.x."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("urls",)

    def write(self, of: Any, out: Out) -> None:
        for lang, url in of.urls.items():
            try:
                if lang and out.context.version == "2.1":
                    raise Unfit("ML_NO_PLACE")
                named = spoken(lang) if lang else ""
                out.content.append(element_of("com:AnnotationURL", named, escape(URI.write(url))))
            except Unfit as unfit:
                out.lose("urls", unfit.reason, lang)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        every = node.all("AnnotationURL")
        urls = said_by_language((one, one.get(XML_LANG) or "", one.text.strip()) for one in every if one.text)
        if urls:
            found["urls"] = urls


ANNOTATION = Record(
    Annotation,
    (
        Attr("id", "id"),
        Child("title", "com:AnnotationTitle"),
        Child("type", "com:AnnotationType"),
        Urls(),
        Words("texts", "com:AnnotationText"),
        new(Child("value", "com:AnnotationValue")),
    ),
)


def _title(type_: str, title: str) -> Annotation:
    return Annotation(type=type_, title=title)


@dataclass(frozen=True)
class Annotations(Part):
    """Annotations, and fields that no version has: an annotation carries each, its type the name, its title the value."""

    tag: str = "com:Annotations"
    carried: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        return ("annotations", *self.carried)

    @property
    def quiet(self) -> bool:
        return True

    def write(self, of: Any, out: Out) -> None:
        inside = out.inside()
        _LIST.write(of, inside)
        for name in self.carried:
            if value := getattr(of, name):
                text = value if isinstance(value, str) else value.isoformat()
                inside.content.append(ANNOTATION.write("com:Annotation", _title(name.upper(), text), out.context, ""))
        if inside.content:
            out.content.append(inside.closed(self.tag))

    def read(self, node: Node, found: dict[str, Any]) -> None:
        if (child := node.one(self.tag)) is None:
            return
        _LIST.read(Node(child, node.context), found)
        if self.carried:
            found["annotations"] = tuple(note for note in found["annotations"] if not self._carries(note, found))

    def _carries(self, note: Annotation, found: dict[str, Any]) -> bool:
        """Whether an annotation is nothing but the value of a field, which then is in ``found``."""
        name = note.type.lower()
        if name not in self.carried or note != _title(note.type, note.title) or name in found:
            return False
        try:
            found[name] = note.title if name == "source" else moment(note.title)
        except ValueError:
            return False
        return bool(note.title)


_LIST = Many("annotations", "com:Annotation", ANNOTATION)
ANNOTATIONS = Annotations()
ITEM_ANNOTATIONS = Annotations(carried=("valid_from", "valid_to"))

LINK = Record(
    Link,
    (
        Attr("rel", "rel", required=True),
        Attr("url", "url", URI, required=True),
        Attr("urn", "urn", URI),
        Attr("type", "type"),
    ),
)
LINKS = new(Many("links", "com:Link", LINK))


@dataclass(frozen=True)
class Urn(Part):
    """The URN of a part, which says nothing that is not there already; readers like to have it."""

    part: str

    @property
    def fields(self) -> tuple[str, ...]:
        return ()

    def write(self, of: Any, out: Out) -> None:
        out.attribute("urn", f"{out.context.urns[self.part]}{of.id}")

    def read(self, node: Node, found: dict[str, Any]) -> None:
        """Nothing: the id says it."""


def identified(id_: Value = ID, part: str | None = None, required: bool = True) -> tuple[Part | Only, ...]:
    """The attributes and first elements of what has an id."""
    urn = (Urn(part),) if part else ()
    return (Attr("id", "id", id_, required), *urn, Attr("uri", "uri", URI), ANNOTATIONS, LINKS)


NAMES = Words("names", "com:Name", named="id")
DESCRIPTIONS = Words("descriptions", "com:Description")


def nameable(id_: Value = ID, part: str | None = None) -> tuple[Part | Only, ...]:
    """The same of what has names."""
    return (*identified(id_, part), NAMES, DESCRIPTIONS)


def item(id_: Value = ID, part: str | None = None) -> tuple[Part | Only, ...]:
    """The same of items, whose validity the annotations carry."""
    urn = (Urn(part),) if part else ()
    return (Attr("id", "id", id_, required=True), *urn, Attr("uri", "uri", URI), ITEM_ANNOTATIONS, LINKS, NAMES, DESCRIPTIONS)


UNVERSIONED = {
    "2.1": frozenset[Kind](),
    "3.0": frozenset({*FIXED_IDS, Kind.ORGANISATION_UNIT_SCHEME}),
    "3.1": frozenset({*FIXED_IDS, Kind.ORGANISATION_UNIT_SCHEME, Kind.CATEGORISATION}),
}
"""What has always version 1.0, and must not say so."""


@dataclass(frozen=True)
class Identity(Part):
    """Agency, id and version, and whether the artefact is final: said in SDMX 2.1, a matter of the version in 3.x."""

    kind: Kind
    ids: Value

    @property
    def fields(self) -> tuple[str, ...]:
        return ("ref", "is_final")

    def write(self, of: Any, out: Out) -> None:
        ref, version = of.ref, out.context.version
        if (fixed := FIXED_IDS.get(self.kind)) and ref.id != fixed:
            raise Unfit("ML_FIXED_ID")
        out.attribute("id", self.ids.write(ref.id))
        out.attribute("urn", ref.urn)
        out.attribute("agencyID", NESTED_NCNAME.write(ref.agency))
        self._version(ref, out)
        self._final(of, ref, out, version)

    def _version(self, ref: Ref, out: Out) -> None:
        fixed = self.kind in UNVERSIONED[out.context.version] or self.kind in FIXED_IDS
        if fixed and ref.version != "1.0":
            raise Unfit("ML_FIXED_VERSION")
        text = (OLD_VERSION if out.context.version == "2.1" else NEW_VERSION).write(ref.version)
        if self.kind not in UNVERSIONED[out.context.version]:
            out.attribute("version", text)

    def _final(self, of: Any, ref: Ref, out: Out, version: str) -> None:
        if version == "2.1" and self.kind not in FIXED_IDS:
            if of.is_final:
                out.attribute("isFinal", "true")
        elif of.is_final != (version != "2.1" and bool(STABLE.fullmatch(ref.version))):
            out.lose("is_final", "ML_FINAL_BY_VERSION")

    def read(self, node: Node, found: dict[str, Any]) -> None:
        found["ref"] = node.context.ref
        if node.context.version == "2.1":
            found["is_final"] = node.of.get("isFinal") in ("true", "1")
        else:
            found["is_final"] = bool(STABLE.fullmatch(node.context.ref.version))


@dataclass(frozen=True)
class ArtefactNames(Part):
    """The names of an artefact; its id where it has none."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("names",)

    def write(self, of: Any, out: Out) -> None:
        before = len(out.content)
        _NAMES.write(of, out)
        if len(out.content) == before:
            out.content.append(element("com:Name", {"xml:lang": "en"}, escape(of.ref.id)))

    def read(self, node: Node, found: dict[str, Any]) -> None:
        _NAMES.read(node, found)
        found.setdefault("names", {"en": node.context.ref.id})


_NAMES = Words("names", "com:Name")
_NCNAMED = frozenset(
    {
        Kind.AGENCY_SCHEME,
        Kind.DATA_PROVIDER_SCHEME,
        Kind.DATA_CONSUMER_SCHEME,
        Kind.CODELIST,
        Kind.GEOGRAPHIC_CODELIST,
        Kind.GEO_GRID_CODELIST,
        Kind.CONCEPT_SCHEME,
        Kind.CATEGORY_SCHEME,
    }
)


def maintainable(kind: Kind) -> tuple[Part | Only, ...]:
    """What every artefact of the kind begins with."""
    return (
        Identity(kind, NCNAME if kind in _NCNAMED else ID),
        Attr("uri", "uri", URI),
        Attr("valid_from", "validFrom", MOMENT),
        Attr("valid_to", "validTo", MOMENT),
        only_31(Attr("is_partial_language", "isPartialLanguage", BOOLEAN)),
        Attr("is_external_reference", "isExternalReference", BOOLEAN),
        Attr("service_url", "serviceURL", URI),
        Attr("structure_url", "structureURL", URI),
        Annotations(carried=("source",)),
        LINKS,
        ArtefactNames(),
        DESCRIPTIONS,
    )


def artefact(kind: Kind, cls: type[Maintainable], *parts: Part | Only) -> Record:
    """The record of an artefact."""
    return Record(cls, (*maintainable(kind), *parts))
