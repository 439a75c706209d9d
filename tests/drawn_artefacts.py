"""Artefacts of every type drawn by the types of their fields, so that no field is left out of any property."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from registry.model import TYPES, Artefact, Maintainable
from registry.ref import HOLDERS, ItemRef, Kind, Ref

TEXTS = st.text("abđê ,\"'{}\n", max_size=6)
IDS = st.text("ABC_1", min_size=1, max_size=3)
VERSIONS = st.sampled_from(["1.0", "2.3.1", "1.0+.0", "2+.0.0", "1.0.0-draft"])
MOMENTS = st.dates() | st.datetimes(timezones=st.just(UTC)) | st.datetimes().filter(lambda one: one.time() != time())
_LEAVES: dict[type[Any], st.SearchStrategy[Any]] = {
    str: TEXTS,
    bool: st.booleans(),
    int: st.integers(-1, 99),
    Decimal: st.decimals(-99, 99, places=2),
    date: st.dates(),
}


def artefacts(kind: Kind) -> st.SearchStrategy[Artefact]:
    """Any artefact of the kind, every field drawn; what is nested is small."""
    return _drawn(TYPES[kind], 3, ref=refs(kind, st.sampled_from(["1.0", "2.1.0"])))  # type: ignore[arg-type]


def refs(kind: Kind, versions: st.SearchStrategy[str] = VERSIONS) -> st.SearchStrategy[Ref]:
    return st.builds(Ref, st.just(kind), IDS, IDS, versions)


def _item_refs(part: str) -> st.SearchStrategy[ItemRef]:
    return st.builds(ItemRef, st.just(part), refs(HOLDERS[part]), st.lists(IDS, min_size=1, max_size=2).map(".".join))


@cache
def _drawn(cls: Any, depth: int, ref: st.SearchStrategy[Ref] | None = None) -> st.SearchStrategy[Any]:
    hints = get_type_hints(cls, include_extras=True)
    drawn = {part.name: _of(hints[part.name], depth) for part in fields(cls) if hints[part.name] is not Ref}
    return st.builds(cls, **drawn, **({"ref": ref} if ref is not None and issubclass(cls, Maintainable) else {}))


def _of(hint: Any, depth: int) -> st.SearchStrategy[Any]:
    if get_origin(hint) is Annotated:
        return _reference(hint.__metadata__)
    inner = [one for one in get_args(hint) if one is not type(None)]
    if get_origin(hint) is tuple:
        return st.lists(_of(inner[0], depth - 1), max_size=2).map(tuple) if depth > 0 else st.just(())
    if isinstance(get_origin(hint), type) and issubclass(get_origin(hint), Mapping):
        return st.dictionaries(st.sampled_from(["vi", "en"]), _of(inner[1], depth), max_size=2)
    if inner:
        given = MOMENTS if datetime in inner else _of(inner[0], depth)
        return given if type(None) not in get_args(hint) else st.none() | given if depth else st.none()
    if is_dataclass(hint):
        return _drawn(hint, max(depth - 1, 0))  # type: ignore[arg-type]
    return st.sampled_from(hint) if issubclass(hint, StrEnum) else _LEAVES[hint]


def _reference(usual: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if isinstance(usual[0], Kind):
        return st.one_of(*(refs(kind) for kind in usual))
    if usual[0] in ("any", "target"):
        return refs(Kind.DATAFLOW) | _item_refs("Dimension") | _item_refs("Category")
    return _item_refs(usual[0])
