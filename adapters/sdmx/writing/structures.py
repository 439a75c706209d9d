"""Structure messages in SDMX-ML 2.1: artefacts whole, as stubs, or with some of their items.

Source: SDMX 2.1 section 3A part III; for stubs SDMX REST 1.5.0, "detail".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from adapters.sdmx.writing.components import components
from adapters.sdmx.writing.header import Header, reference
from adapters.sdmx.writing.shown import Form, Lost, Shown, StructureFormat
from adapters.sdmx.writing.xml import DECLARATION, declared, element, escape, named, opening, texts
from registry.correspondence import SHARE, Correspondence, Link
from registry.model import (
    TYPES,
    AgencyScheme,
    Artefact,
    Codelist,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Item,
    Maintainable,
    Moment,
    RepresentationMap,
    facts,
)

_CONTAINERS: tuple[tuple[type[Maintainable], str, str], ...] = (
    (AgencyScheme, "str:OrganisationSchemes", "str:AgencyScheme"),
    (Dataflow, "str:Dataflows", "str:Dataflow"),
    (Codelist, "str:Codelists", "str:Codelist"),
    (ConceptScheme, "str:Concepts", "str:ConceptScheme"),
    (DataStructure, "str:DataStructures", "str:DataStructure"),
    (RepresentationMap, "str:StructureSets", "str:StructureSet"),
)
"""In the order the schema wants them."""

_ITEM_TAGS: dict[type[Maintainable], str] = {
    AgencyScheme: "str:Agency",
    Codelist: "str:Code",
    ConceptScheme: "str:Concept",
}


_PLAIN_TEXT = element("str:CoreRepresentation", content=element("str:TextFormat", {"textType": "String"}))
"""Every component says its own representation; but sdmx1 2.28 fails on data set attributes of a concept that has none."""


def structure_message(header: Header, shown: Sequence[Shown], constraints: str = "") -> Iterator[str]:
    """The message in pieces; ``constraints`` is a ``Constraints`` element already."""
    yield DECLARATION + opening("mes:Structure", declared("mes", "str", "com")) + header.xml()
    yield opening("mes:Structures")
    for type_, container, tag in _CONTAINERS:
        fitting = [one for one in shown if issubclass(TYPES[one.artefact.ref.kind], type_)]
        if fitting:
            yield opening(container)
            for one in fitting:
                yield from _artefact(tag, one)
            yield f"</{container}>"
    yield constraints + "</mes:Structures></mes:Structure>"


def _written(header: Header, shown: Sequence[Shown]) -> Iterator[bytes]:
    return (piece.encode() for piece in structure_message(header, shown))


def _unheld(one: Shown) -> list[Lost]:
    if any(issubclass(TYPES[one.artefact.ref.kind], type_) for type_, _, _ in _CONTAINERS):
        return []
    return [Lost(one.artefact.ref, "", "SDMX_NOT_WRITTEN")]


ML_STRUCTURES = {"2.1": StructureFormat("sdmx-ml", "2.1", _written, _unheld)}


def _artefact(tag: str, shown: Shown) -> Iterator[str]:
    yield opening(tag, _identification(shown))
    yield _words(shown)
    if shown.form is Form.FULL:
        yield from _content(shown)
    yield f"</{tag}>"


def _identification(shown: Shown) -> Mapping[str, str | None]:
    artefact = shown.artefact
    values: dict[str, str | None] = {
        "id": artefact.ref.id,
        "urn": _urn(artefact),
        "agencyID": artefact.ref.agency,
        "version": artefact.ref.version,
    }
    if shown.form is not Form.STUB:
        # The schema fixes isFinal to false for agency schemes.
        values["isFinal"] = "true" if artefact.is_final and not isinstance(artefact, AgencyScheme) else None
        values |= {"validFrom": _midnight(artefact.valid_from), "validTo": _midnight(artefact.valid_to)}
    if shown.form is not Form.FULL:
        values |= {"isExternalReference": "true", "structureURL": shown.address}
    elif shown.items is not None or getattr(artefact, "is_partial", False):
        values["isPartial"] = "true"
    return values


def _urn(artefact: Artefact) -> str:
    if isinstance(artefact, RepresentationMap):
        return f"urn:sdmx:org.sdmx.infomodel.mapping.StructureSet={artefact.ref}"
    return artefact.ref.urn


def _midnight(moment: Moment | None) -> str | None:
    if isinstance(moment, datetime):
        return moment.isoformat()
    return f"{moment.isoformat()}T00:00:00" if moment else None


def _words(shown: Shown) -> str:
    artefact = shown.artefact
    names = named(artefact.names, artefact.ref.id)
    if shown.form is Form.STUB:
        return names
    said = facts(artefact) | ({"SOURCE": artefact.source} if artefact.source else {})
    return _annotations(said) + names + texts("com:Description", artefact.descriptions)


def _annotations(said: Mapping[str, str]) -> str:
    """Short facts as annotations: the type says which fact, the title is the fact."""
    written = "".join(
        element(
            "com:Annotation",
            content=element("com:AnnotationTitle", content=escape(text)) + element("com:AnnotationType", content=escape(name)),
        )
        for name, text in said.items()
    )
    return element("com:Annotations", content=written) if written else ""


def _content(shown: Shown) -> Iterator[str]:
    artefact = shown.artefact
    if isinstance(artefact, DataStructure):
        yield components(artefact)
    elif isinstance(artefact, Dataflow):
        if artefact.structure is not None:
            yield reference("str:Structure", artefact.structure, package="datastructure")
    elif isinstance(artefact, RepresentationMap):
        if correspondence := Correspondence.of(artefact):
            yield from _codelist_map(correspondence)
    elif isinstance(artefact, AgencyScheme | Codelist | ConceptScheme):
        yield from _items(artefact, shown.items)


def _items(scheme: AgencyScheme | Codelist | ConceptScheme, wanted: frozenset[str] | None) -> Iterator[str]:
    tag = next(tag for type_, tag in _ITEM_TAGS.items() if isinstance(scheme, type_))
    for item in scheme.items:
        if wanted is None or item.id in wanted:
            yield element(tag, {"id": item.id, "urn": scheme.ref.item_urn(item.id)}, _item(scheme, item))


def _item(scheme: Artefact, item: Item) -> str:
    said = facts(item)
    said |= {"VALID_FROM": item.valid_from.isoformat()} if item.valid_from else {}
    said |= {"VALID_TO": item.valid_to.isoformat()} if item.valid_to else {}
    words = _annotations(said) + named(item.names, item.id) + texts("com:Description", item.descriptions)
    if isinstance(scheme, AgencyScheme):
        return words
    parent = element("str:Parent", content=element("Ref", {"id": item.parent})) if item.parent else ""
    return words + parent + (_PLAIN_TEXT if isinstance(scheme, ConceptScheme) else "")


def _codelist_map(artefact: Correspondence) -> Iterator[str]:
    if not artefact.links:
        return
    yield opening("str:CodelistMap", {"id": artefact.ref.id})
    yield named(artefact.names, artefact.ref.id)
    yield reference("str:Source", artefact.from_list, package="codelist")
    yield reference("str:Target", artefact.to_list, package="codelist")
    yield from _code_maps(artefact.links)
    yield "</str:CodelistMap>"


def _code_maps(links: Iterable[Link]) -> Iterator[str]:
    for link in links:
        share = _annotations({SHARE: link.share}) if link.share != "1" else ""
        source, target = (
            element(f"str:{end}", content=element("Ref", {"id": code}))
            for end, code in (("Source", link.source), ("Target", link.target))
        )
        yield element("str:CodeMap", content=share + source + target)
