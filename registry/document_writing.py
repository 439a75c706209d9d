"""Values of the model as plain ones, by the types of their fields: compiled once for each class, lists may be very long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from registry.model import Maintainable
from registry.ref import ItemRef, Ref

Writer = Callable[[Any], Any]


def plain(value: Any) -> dict[str, Any]:
    """The fields of a value that have not their default; an artefact's own ref is left to the caller."""
    return {
        name: write(given) if write else given
        for name, default, write in _fields_of(value.__class__)
        if (given := getattr(value, name)) is not default and given != default
    }


@cache
def _fields_of(cls: type[Any]) -> tuple[tuple[str, Any, Writer | None], ...]:
    hints = get_type_hints(cls, include_extras=True)
    own = ("ref",) if issubclass(cls, Maintainable) else ()
    return tuple((part.name, _default(part), _writer(hints[part.name])) for part in fields(cls) if part.name not in own)


def _default(part: Any) -> Any:
    return part.default_factory() if part.default_factory is not MISSING else part.default


def _writer(hint: Any) -> Writer | None:
    """How values of a type are written; None where they are plain already."""
    if get_origin(hint) is Annotated:
        return _reference(*hint.__metadata__)
    inner = [one for one in get_args(hint) if one is not type(None)]
    if get_origin(hint) is tuple:
        return _each(_writer(inner[0]))
    if isinstance(get_origin(hint), type) and issubclass(get_origin(hint), Mapping):
        return _each_under_its_name(_writer(inner[1]))
    if inner:
        return _writer(inner[0])
    return _leaf(hint)


def _each(write: Writer | None) -> Writer:
    return (lambda value: [write(one) for one in value]) if write else list


def _each_under_its_name(write: Writer | None) -> Writer:
    return (lambda value: {name: write(one) for name, one in value.items()}) if write else dict


def _leaf(hint: type[Any]) -> Writer | None:
    if is_dataclass(hint):
        return plain
    if issubclass(hint, date):
        return lambda value: value.isoformat()
    if issubclass(hint, Decimal):
        return str
    return (lambda value: value.value) if issubclass(hint, StrEnum) else None


def _reference(usual: Any, *_others: Any) -> Writer:
    def write(value: Ref | ItemRef) -> str:
        named = value.kind if isinstance(value, Ref) else value.part
        return str(value) if named == usual else value.urn

    return write
