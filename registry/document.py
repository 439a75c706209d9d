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
from dataclasses import fields, replace
from functools import cache
from typing import Any, cast, get_args, get_type_hints

from registry.document_reading import build, member
from registry.document_writing import plain
from registry.model import TYPES, Artefact, Item, ItemScheme, Maintainable
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


def item_from_document(scheme: Any, place: str, document: Any) -> Item:
    """The item that a plain mapping means in a scheme of that type."""
    return cast(Item, build(_item_type(scheme), place, document))


@cache
def _item_type(scheme: Any) -> type[Item]:
    """What the items of a scheme are: the type of its field says it."""
    found: type[Item] = get_args(get_type_hints(scheme)["items"])[0]
    return found


def parted(artefact: Artefact) -> tuple[Document, Document]:
    """The document without kind, reference and items, in two: what every artefact has, and what its type has besides."""
    whole = plain(replace(artefact, items=()) if isinstance(artefact, ItemScheme) else artefact)
    head = {name: value for name, value in whole.items() if name in _HEAD}
    return head, {name: value for name, value in whole.items() if name not in _HEAD}


def stub(ref: Ref, head: Document) -> Artefact:
    """What every artefact has, of one whose head that is: enough for a listing."""
    return cast(Artefact, build(Maintainable, str(ref), {"ref": ref, **head}))


_HEAD = {part.name for part in fields(Maintainable)}
