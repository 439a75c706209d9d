"""An artefact as a plain document of texts, lists and mappings, and back: how it is stored, shipped and edited.

The words of a document are the field names of :mod:`registry.model`, and what may stand there is what the types of the fields
say; what has its default value is left out. References are ``AGENCY:ID(VERSION)`` and ``AGENCY:ID(VERSION).ITEM``, or URNs
where they are not of the kind that the field usually names. Days are ``2025-07-01``, numbers with decimals are texts. A
document says its ``kind`` and ``ref`` first::

    {"kind": "Codelist", "ref": "NSO:CL_FLOW(1.0)", "names": {"vi": ..., "en": ...}, "items": [{"id": "M", "names": {...}}]}

Anything not understood is :class:`registry.errors.Invalid` BAD_DOCUMENT: a misspelt word must not be lost in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from registry.document_reading import build, member
from registry.document_writing import plain
from registry.model import TYPES, Artefact, Item
from registry.ref import Kind, Ref

Document = dict[str, Any]


def to_document(artefact: Artefact) -> Document:
    """The artefact as plain values, ready for JSON."""
    return {"kind": artefact.ref.kind.value, "ref": str(artefact.ref), **plain(artefact)}


def item_document(item: Item) -> Document:
    """One item as plain values."""
    return plain(item)


def from_document(document: Mapping[str, Any]) -> Artefact:
    """The artefact a document means; :class:`Invalid` BAD_DOCUMENT or BAD_REFERENCE where it cannot be understood."""
    rest = dict(document)
    kind = member(Kind)("kind", rest.pop("kind", None))
    given = rest.get("ref")
    if isinstance(given, str):
        rest["ref"] = Ref.parse(given, kind, "1.0")
    return cast(Artefact, build(TYPES[kind], str(given or ""), rest))
