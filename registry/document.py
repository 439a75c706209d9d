"""An artefact as a plain document of texts, lists and mappings, and back: how it is stored, shipped and edited.

The words of a document are the field names of :mod:`registry.model`; what has its default value is left out. References are
``AGENCY:ID(VERSION)``, dates ``2025-07-01``. A document says its ``kind`` and ``ref`` first::

    {"kind": "Codelist", "ref": "NSO:CL_FLOW(1.0)", "names": {"vi": ..., "en": ...}, "items": [{"id": "M", "names": {...}}]}

Anything not understood is :class:`registry.errors.Invalid` BAD_DOCUMENT: a misspelt word must not be lost in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar, cast

from registry.errors import Invalid
from registry.model import TYPES, Artefact, Attribute, Dimension, Item, Level, Link, Measure
from registry.ref import Kind, Ref

Reader = Callable[[str, Any], Any]
"""Takes the place in the document and the plain value, gives the checked one."""

Document = dict[str, Any]
T = TypeVar("T")


def to_document(artefact: Artefact) -> Document:
    """The artefact as plain values, ready for JSON."""
    return {"kind": artefact.ref.kind.value, **_plain(artefact)}


def item_document(item: Item) -> Document:
    """One item as plain values."""
    return cast(Document, _plain(item))


def from_document(document: Mapping[str, Any]) -> Artefact:
    """The artefact a document means; :class:`Invalid` BAD_DOCUMENT or BAD_REFERENCE where it cannot be understood."""
    rest = dict(document)
    kind = _member(Kind)("kind", rest.pop("kind", None))
    readers = {**_MAINTAINABLE, "ref": _ref(kind, "1.0"), **_BY_KIND.get(kind, {})}
    return cast(Artefact, _build(TYPES[kind], readers, str(rest.get("ref") or ""), rest))


def item_from_document(place: str, document: Any) -> Item:
    """The item a plain mapping means."""
    return _build(Item, _ITEM, place, document)


def _plain(value: Any) -> Any:
    if isinstance(value, Ref | date):
        return str(value)
    if isinstance(value, StrEnum):
        return value.value
    if is_dataclass(value):
        return {part.name: _plain(given) for part in fields(value) if (given := getattr(value, part.name)) != _default(part)}
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _default(part: Any) -> Any:
    return part.default_factory() if part.default_factory is not MISSING else part.default


def _build(cls: type[T], readers: Mapping[str, Reader], place: str, document: Any) -> T:
    if not isinstance(document, Mapping):
        raise _bad(place, "a mapping", document)
    given = {name: value for name, value in document.items() if value is not None}
    for name in given:
        if name not in readers:
            raise _bad(place, "one of " + ", ".join(readers), name)
    for part in fields(cls):  # type: ignore[arg-type]
        if part.name not in given and _default(part) is MISSING:
            raise _bad(place, part.name, "nothing")
    return cls(**{name: readers[name](f"{place} {name}", value) for name, value in given.items()})


def _bad(place: str, expected: str, found: object) -> Invalid:
    return Invalid("BAD_DOCUMENT", place=place.strip() or "the document", expected=expected, found=str(found)[:60])


def _text(place: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _bad(place, "a text (in quotes)", value)
    if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
        raise _bad(place, "text in Unicode", ascii(value))
    return value


def _flag(place: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _bad(place, "true or false", value)
    return value


def _date(place: str, value: Any) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(_text(place, value))
    except ValueError:
        raise _bad(place, "a date such as 2025-07-01", value) from None


def _share(place: str, value: Any) -> str:
    try:
        inside = 0 < Decimal(_text(place, value)) <= 1
    except InvalidOperation:
        inside = False
    if not inside:
        raise _bad(place, "a share above 0, at most 1", value)
    return cast(str, value)


def _texts(place: str, value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise _bad(place, "texts by language or type", value)
    return {_text(place, name): _text(f"{place} {name}", text) for name, text in value.items()}


def _member(enum: type[StrEnum]) -> Reader:
    def read(place: str, value: Any) -> StrEnum:
        try:
            return enum(value)
        except ValueError:
            raise _bad(place, "one of " + ", ".join(enum), value) from None

    return read


def _ref(kind: Kind, default_version: str = "latest") -> Reader:
    return lambda place, value: Ref.parse(_text(place, value), kind, default_version)


def _list_of(reader: Reader) -> Reader:
    def read(place: str, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise _bad(place, "a list", value)
        return tuple(reader(f"{place}[{index}]", part) for index, part in enumerate(value))

    return read


def _groups(place: str, value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping):
        raise _bad(place, "dimensions by group", value)
    return {_text(place, name): _WORDS(f"{place} {name}", ids) for name, ids in value.items()}


def _built(cls: type[Any], readers: Mapping[str, Reader]) -> Reader:
    return _list_of(lambda place, value: _build(cls, readers, place, value))


_WORDS = _list_of(_text)
_NAMED: dict[str, Reader] = {"names": _texts, "descriptions": _texts, "valid_from": _date, "valid_to": _date}
_MAINTAINABLE = {**_NAMED, "source": _text, "is_final": _flag}
_ITEM = {**_NAMED, "id": _text, "parent": _text, "annotations": _texts}
_COMPONENT: dict[str, Reader] = {
    "id": _text,
    "concept_scheme": _ref(Kind.CONCEPT_SCHEME),
    "concept": _text,
    "codelist": _ref(Kind.CODELIST),
    "text_type": _text,
}
_ATTRIBUTE = {**_COMPONENT, "level": _member(Level), "mandatory": _flag, "dimensions": _WORDS, "group": _text}
_LINK: dict[str, Reader] = {"source": _text, "target": _text, "share": _share}
_ITEMS: dict[str, Reader] = {"items": _list_of(item_from_document)}
_BY_KIND: dict[Kind, dict[str, Reader]] = {
    Kind.AGENCY_SCHEME: _ITEMS,
    Kind.CODELIST: _ITEMS,
    Kind.CONCEPT_SCHEME: _ITEMS,
    Kind.DATA_STRUCTURE: {
        "dimensions": _built(Dimension, {**_COMPONENT, "is_time": _flag}),
        "attributes": _built(Attribute, _ATTRIBUTE),
        "measures": _built(Measure, _COMPONENT),
        "groups": _groups,
    },
    Kind.DATAFLOW: {"structure": _ref(Kind.DATA_STRUCTURE)},
    Kind.CORRESPONDENCE: {
        "from_list": _ref(Kind.CODELIST),
        "to_list": _ref(Kind.CODELIST),
        "links": _built(Link, _LINK),
    },
}
