"""Plain values as values of the model, by the types of the fields; strict, because a misspelt word must not be lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from registry.errors import Invalid
from registry.model import moment
from registry.ref import ItemRef, Kind, Ref, parse_target, parse_urn

Reader = Callable[[str, Any], Any]
"""Takes the place in the document and the plain value, gives the checked one."""


def build(cls: Any, place: str, document: Any) -> Any:
    """An instance of a class of the model; :class:`Invalid` BAD_DOCUMENT or BAD_REFERENCE where it cannot be understood."""
    if not _is_mapping(document):
        raise _bad(place, "{…: …}", document)
    readers, required = _shape(cls)
    given = {}
    for name, value in document.items():
        if name not in readers:
            raise _bad(place, " | ".join(readers), name)
        if value is not None:
            given[name] = readers[name](f"{place} {name}", value)
    for name in required:
        if name not in given:
            raise _bad(place, name, "-")
    return cls(**given)


@cache
def _shape(cls: Any) -> tuple[dict[str, Reader], tuple[str, ...]]:
    hints = get_type_hints(cls, include_extras=True)
    required = [part.name for part in fields(cls) if part.default is MISSING and part.default_factory is MISSING]
    return {part.name: _reader(hints[part.name]) for part in fields(cls)}, tuple(required)


def _reader(hint: Any) -> Reader:
    if get_origin(hint) is Annotated:
        return _reference(hint.__metadata__)
    inner = [one for one in get_args(hint) if one is not type(None)]
    if get_origin(hint) is tuple:
        return _list_of(_reader(inner[0]))
    if isinstance(get_origin(hint), type) and issubclass(get_origin(hint), Mapping):
        return _texts if inner[1] is str else _mapping_to(_reader(inner[1]))
    if inner:
        return _moment if datetime in inner else _reader(inner[0])
    return _leaf(hint)


def _leaf(hint: type[Any]) -> Reader:
    if is_dataclass(hint):
        return _own if hint is Ref else lambda place, value: build(hint, place, value)
    if issubclass(hint, StrEnum):
        return member(hint)
    return _LEAVES[hint]


def _bad(place: str, expected: str, found: object) -> Invalid:
    """``expected`` is an example of what may stand there, because that is the same in every language."""
    return Invalid("BAD_DOCUMENT", place=place.strip() or "/", expected=expected, found=str(found)[:60])


def _is_mapping(value: Any) -> bool:
    """Nearly every one is a plain one, which is known sooner."""
    return type(value) is dict or isinstance(value, Mapping)


def _own(place: str, value: Any) -> Ref:
    """The reference of the artefact itself, which the caller has read: it knows the kind."""
    if not isinstance(value, Ref):
        raise _bad(place, '"…"', value)
    return value


def _text(place: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _bad(place, '"…"', value)
    if not _is_unicode(value):
        raise _bad(place, "Unicode", ascii(value))
    return value


def _is_unicode(text: str) -> bool:
    """Whether there is no half of a surrogate pair in it: databases and messages have no such characters."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _flag(place: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _bad(place, "true | false", value)
    return value


def _count(place: str, value: Any) -> int:
    if type(value) is not int:
        raise _bad(place, "0 | 1 | 2 | …", value)
    return value


def _number(place: str, value: Any) -> Decimal:
    try:
        found = Decimal(_text(place, value))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise _bad(place, '"0.5"', value)
    return found


def _date(place: str, value: Any) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(_text(place, value))
    except ValueError:
        raise _bad(place, "2025-07-01", value) from None


def _moment(place: str, value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return moment(_text(place, value))
    except ValueError:
        raise _bad(place, "2025-07-01", value) from None


def _texts(place: str, value: Any) -> dict[str, str]:
    if not _is_mapping(value):
        raise _bad(place, '{vi: "…", en: "…"}', value)
    for name, text in value.items():
        if type(name) is not str or type(text) is not str or not _is_unicode(name) or not _is_unicode(text):
            _text(place, name), _text(f"{place} {name}", text)
    return dict(value)


def _mapping_to(reader: Reader) -> Reader:
    def read(place: str, value: Any) -> dict[str, Any]:
        if not _is_mapping(value):
            raise _bad(place, "{…: …}", value)
        return {_text(place, name): reader(f"{place} {name}", part) for name, part in value.items()}

    return read


def member(enum: type[StrEnum]) -> Reader:
    """A reader of the values of a closed set."""

    def read(place: str, value: Any) -> StrEnum:
        try:
            return enum(value)
        except ValueError:
            raise _bad(place, " | ".join(enum), value) from None

    return read


def _reference(usual: tuple[Any, ...]) -> Reader:
    if isinstance(usual[0], Kind):
        return lambda place, value: _ref(usual, _text(place, value))
    if usual[0] == "any":
        return lambda place, value: parse_urn(_text(place, value))
    if usual[0] == "target":
        return lambda place, value: parse_target(_text(place, value))
    return lambda place, value: ItemRef.parse(_text(place, value), usual[0])


def _ref(kinds: tuple[Kind, ...], text: str) -> Ref:
    if not text.startswith("urn:") or len(kinds) == 1:
        return Ref.parse(text, kinds[0])
    found = parse_urn(text)
    if not isinstance(found, Ref) or found.kind not in kinds:
        raise Invalid("BAD_REFERENCE", found=text[:120], kind=", ".join(kinds))
    return found


def _list_of(reader: Reader) -> Reader:
    def read(place: str, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise _bad(place, "[…, …]", value)
        return tuple([reader(f"{place}[{index}]", part) for index, part in enumerate(value)])

    return read


_LEAVES: dict[type[Any], Reader] = {
    str: _text,
    bool: _flag,
    int: _count,
    Decimal: _number,
    date: _date,
}
