"""What an artefact names: found by the types of its fields, so that no type can be forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

from registry.model.base import Maintainable
from registry.ref import ItemRef, Ref


def references(artefact: Maintainable) -> set[Ref]:
    """The artefacts this one names directly, as it names them: the version may be a wildcard."""
    return {named.of if isinstance(named, ItemRef) else named for named in named_by(artefact)}


def named_by(artefact: Maintainable) -> Iterator[Ref | ItemRef]:
    """Every reference in an artefact to another or to something inside another, in the order of its fields."""
    return _named(artefact)


def _named(part: Any) -> Iterator[Ref | ItemRef]:
    if isinstance(part, Ref | ItemRef):
        yield part
    elif isinstance(part, tuple):
        for one in part:
            yield from _named(one)
    elif is_dataclass(part):
        for name in _bearing(part.__class__):
            yield from _named(getattr(part, name))


@cache
def _bearing(cls: type[Any]) -> tuple[str, ...]:
    """The fields of a class that may hold references: codes have none, and so a list of very many is passed over."""
    hints = get_type_hints(cls)
    own = ("ref",) if issubclass(cls, Maintainable) else ()
    return tuple(part.name for part in fields(cls) if part.name not in own and _may_hold(hints[part.name], set()))


def _may_hold(hint: Any, seen: set[type[Any]]) -> bool:
    inner: Iterable[Any] = get_args(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        if hint in (Ref, ItemRef):
            return True
        inner = () if hint in seen else get_type_hints(hint).values()
        seen.add(hint)
    return any(_may_hold(one, seen) for one in inner)
