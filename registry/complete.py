"""Two copies of one final artefact: do they agree?

Messages carry copies of other agencies' lists, often cut down to the codes they use or without any, and in one language only.
Such a copy agrees with the full list and must neither replace it nor be refused. What a copy may add are texts and dates that
were not known; a code, a component or another wording is a contradiction, because a final artefact does not change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from registry.document import Document
from registry.ref import Kind, Ref

_TEXTS = ("names", "descriptions")
_NOTES = ("annotations", "links")
_DATES = ("valid_from", "valid_to")
_COPY = ("is_partial", "is_partial_language", "is_external_reference", "service_url", "structure_url", "uri")
"""What a copy says of itself."""
_NOT_SUBSTANCE = {*_TEXTS, *_NOTES, *_DATES, *_COPY, "source", "items", "is_final"}


SHARED = frozenset(
    {
        Kind.AGENCY_SCHEME,
        Kind.DATA_PROVIDER_SCHEME,
        Kind.DATA_CONSUMER_SCHEME,
        Kind.METADATA_PROVIDER_SCHEME,
        Kind.ORGANISATION_UNIT_SCHEME,
        Kind.CODELIST,
        Kind.GEOGRAPHIC_CODELIST,
        Kind.GEO_GRID_CODELIST,
        Kind.VALUE_LIST,
        Kind.CONCEPT_SCHEME,
        Kind.CATEGORY_SCHEME,
    }
)
"""What messages bring along because their structures, flows, maps or constraints name it."""


def carried(ref: Ref, message: Iterable[Ref]) -> bool:
    """Whether an artefact is in a message only because what another agency says there needs it."""
    own = {one.agency for one in message if one.kind not in SHARED}
    return bool(own) and ref.agency not in own


class Contradiction(ValueError):
    """The two copies differ; the argument says where."""


def complete(stored: Document, given: Document) -> Document:
    """The stored document with the texts and dates that only the given one has; :class:`Contradiction` where they differ."""
    whole = _filled(stored, given, "")
    if "source" in given:
        whole.setdefault("source", given["source"])
    items = _items(stored.get("items", []), given.get("items", []))
    return {**whole, "items": items} if items else whole


def _items(stored: list[Document], given: list[Document]) -> list[Document]:
    if not stored:
        return given
    copies = {item["id"]: item for item in given}
    if new := [id_ for id_ in copies if id_ not in {item["id"] for item in stored}]:
        raise Contradiction(str(new[0]))
    return [_filled(item, copies.get(item["id"], item), f"{item['id']} ") for item in stored]


def _filled(stored: Document, given: Document, place: str) -> Document:
    for name in sorted((stored.keys() | given.keys()) - _NOT_SUBSTANCE):
        if stored.get(name) != given.get(name):
            raise Contradiction(f"{place}{name}")
    whole = {**stored, **_agreed(stored, given, _DATES, place)}
    for name in _TEXTS:
        mine, theirs = stored.get(name, {}), given.get(name, {})
        if texts := {**mine, **_agreed(mine, theirs, tuple(theirs), f"{place}{name} ")}:
            whole[name] = texts
    for name in _NOTES:
        if listed := _listed(stored.get(name, []), given.get(name, []), f"{place}{name} "):
            whole[name] = listed
    return whole


def _listed(stored: list[Document], given: list[Document], place: str) -> list[Document]:
    """The stored notes with those of other types or ids; another one of the same is a contradiction."""
    known = {name for note in stored if (name := _named(note))}
    new = [note for note in given if note not in stored]
    for note in new:
        if _named(note) in known:
            raise Contradiction(place + " ".join(_named(note)))
    return [*stored, *new]


def _named(note: Document) -> tuple[str, ...]:
    return tuple(str(note[word]) for word in ("id", "type", "rel", "url") if word in note)


def _agreed(stored: Mapping[str, Any], given: Mapping[str, Any], names: tuple[str, ...], place: str) -> dict[str, Any]:
    for name in names:
        if name in stored and name in given and stored[name] != given[name]:
            raise Contradiction(f"{place}{name}")
    return {name: given[name] for name in names if name in given}
