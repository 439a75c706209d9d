"""Classification versions and correspondences as JSON-LD: SKOS with XKOS, named by their SDMX URNs.

Source: SKOS Reference, W3C 2009; XKOS, DDI Alliance 2019: ``ClassificationLevel``, ``follows``, ``coreContentNote``,
``exclusionNote``, ``caseLaw``, ``Correspondence`` with ``ConceptAssociation``. The context stands in the file: nothing needs to
be fetched to read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import orjson

from registry.classification import CLASSIFICATION, EXCLUDES, INCLUDES, INDEX, RULING, levels
from registry.correspondence import Correspondence, Link, kind_of_link
from registry.hierarchy import Tree
from registry.model import Annotation, Code, Codelist, Item, RepresentationMap, day
from registry.ref import Ref
from registry.text import Names

CONTEXT: Mapping[str, Any] = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xkos": "http://rdf-vocabulary.ddialliance.org/xkos#",
    "dct": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "hub": "urn:statistical-data-hub:",
    "xkos:levels": {"@container": "@list"},
    "schema:validFrom": {"@type": "xsd:date"},
    "schema:validThrough": {"@type": "xsd:date"},
    "hub:share": {"@type": "xsd:decimal"},
}

NOTES = {INCLUDES: "xkos:coreContentNote", EXCLUDES: "xkos:exclusionNote", RULING: "xkos:caseLaw"}

SAFE = "!$&'()*+,;=:@/?-._~"
"""What may stand in an IRI beside letters and digits."""

Node = dict[str, Any]


def json_ld(made: Codelist | RepresentationMap, follows: Ref | None = None) -> bytes:
    """The file; ``follows`` is the version before."""
    if isinstance(made, Codelist):
        graph = [*_scheme(made, follows)]
    else:
        table = Correspondence.of(made)
        graph = [*_correspondence(made, table)] if table else [{"@id": made.ref.urn, "@type": "xkos:Correspondence"}]
    return orjson.dumps({"@context": CONTEXT, "@graph": graph})


def _scheme(made: Codelist, follows: Ref | None) -> Iterator[Node]:
    nodes = _levels(made)
    family = next((note for note in made.annotations if note.type == CLASSIFICATION), None)
    yield _filled(
        {
            **_head(made, "skos:ConceptScheme"),
            "xkos:belongs": {"@id": f"hub:classification/{quote(family.title)}"} if family else None,
            "xkos:follows": {"@id": follows.urn} if follows else None,
            "xkos:numberOfLevels": len(nodes) or None,
            "xkos:levels": [{"@id": level["@id"]} for level in nodes],
            "skos:hasTopConcept": [{"@id": _urn(made, item.id)} for item in made.items if item.parent is None],
        }
    )
    if family:
        yield _filled(
            {
                "@id": f"hub:classification/{quote(family.title)}",
                "@type": "skos:Concept",
                "skos:prefLabel": _texts(family.texts),
            }
        )
    yield from nodes
    for item in made.items:
        yield _filled(_concept(made, item))


def _head(made: Codelist | RepresentationMap, type: str) -> Node:
    start, end = day(made.valid_from), day(made.valid_to)
    return {
        "@id": made.ref.urn,
        "@type": type,
        "skos:notation": str(made.ref),
        "skos:prefLabel": _texts(made.names),
        "dct:description": _texts(made.descriptions),
        "dct:source": made.source,
        "dct:publisher": made.ref.agency,
        "schema:version": made.ref.version,
        "schema:validFrom": start.isoformat() if start else None,
        "schema:validThrough": end.isoformat() if end else None,
    }


def _levels(made: Codelist) -> list[Node]:
    """The levels from the top, each with its codes as members."""
    members: dict[str, list[str]] = {}
    for code, level in Tree(made).levels.items():
        members.setdefault(level, []).append(code)
    return [
        _filled(
            {
                "@id": f"{made.ref.urn}#level-{quote(level.id)}",
                "@type": "xkos:ClassificationLevel",
                "xkos:depth": level.depth,
                "skos:notation": level.id,
                "skos:prefLabel": _texts(level.names),
                "skos:member": [{"@id": _urn(made, code)} for code in members.get(level.id, ())],
            }
        )
        for level in levels(made)
    ]


def _concept(made: Codelist, item: Code) -> Node:
    start, end = day(item.valid_from), day(item.valid_to)
    scheme = {"@id": made.ref.urn}
    return {
        "@id": _urn(made, item.id),
        "@type": "skos:Concept",
        "skos:notation": item.id,
        "skos:inScheme": scheme,
        "skos:topConceptOf": None if item.parent else scheme,
        "skos:broader": {"@id": _urn(made, item.parent)} if item.parent else None,
        "skos:narrower": [{"@id": _urn(made, below.id)} for below in made.children.get(item.id, ())],
        "skos:prefLabel": _texts(item.names),
        "skos:altLabel": [label for note in item.annotations if note.type == INDEX for label in _terms(note)],
        "skos:definition": _texts(item.descriptions),
        **{word: _noted(item, type) for type, word in NOTES.items()},
        "schema:validFrom": start.isoformat() if start else None,
        "schema:validThrough": end.isoformat() if end else None,
    }


def _correspondence(made: RepresentationMap, table: Correspondence) -> Iterator[Node]:
    links = [(f"{made.ref.urn}#{place}", link) for place, link in enumerate(table.links, 1)]
    yield _filled(
        {
            **_head(made, "xkos:Correspondence"),
            "xkos:compares": [{"@id": table.from_list.urn}, {"@id": table.to_list.urn}],
            "hub:basis": table.basis,
            "hub:period": table.period,
            "xkos:madeOf": [{"@id": id} for id, _ in links],
        }
    )
    for id, link in links:
        yield _filled(_association(table, id, link))
    for code in table.ended:
        yield {
            "@id": f"{made.ref.urn}#{code}",
            "@type": "xkos:ConceptAssociation",
            "xkos:sourceConcept": _end(table.from_list, code),
        }


def _association(table: Correspondence, id: str, link: Link) -> Node:
    return {
        "@id": id,
        "@type": "xkos:ConceptAssociation",
        "xkos:sourceConcept": _end(table.from_list, link.source),
        "xkos:targetConcept": _end(table.to_list, link.target),
        "hub:kind": kind_of_link(table, link).value,
        "hub:share": link.share,
        "hub:basis": link.basis,
        "hub:period": link.period,
    }


def _end(codelist: Ref, code: str) -> Node:
    return {"@id": _code(codelist, code)}


def _urn(made: Codelist, code: str) -> str:
    return _code(made.ref, code)


def _code(codelist: Ref, code: str) -> str:
    """A code's URN as an IRI: codes may hold what IRIs cannot."""
    return codelist.item(quote(code, safe=SAFE)).urn


def _texts(texts: Names) -> list[Node]:
    return [{"@value": text, "@language": lang} for lang, text in texts.items()]


def _terms(note: Annotation) -> list[Node]:
    """Index terms stand in one text for each language, parted by ``;``."""
    terms = [(lang, term.strip()) for lang, text in note.texts.items() for term in text.split(";")]
    return [{"@value": term, "@language": lang} for lang, term in terms if term]


def _noted(item: Item, type: str) -> list[Node]:
    return [text for note in item.annotations if note.type == type for text in _texts(note.texts)]


def _filled(node: Node) -> Node:
    return {name: value for name, value in node.items() if value not in (None, "", [])}
