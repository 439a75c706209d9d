"""What a format cannot hold, taken away from an artefact: what is left must come back from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from typing import Any

from adapters.sdmx.jsonshape.ways import Loss
from adapters.sdmx.writing.shown import Lost
from registry.model import ComponentList

_STEP = re.compile(r"([^.\[\]]+)|\[([^\]]*)\]")
_GONE = object()


def without(artefact: Any, lost: Iterable[Lost | Loss]) -> Any:
    """The artefact less what is named; None where that is the whole."""
    tree: dict[Any, Any] = {}
    for one in lost:
        node = tree
        steps = [name or f"[{key}]" for name, key in _STEP.findall(one.place)]
        if not steps:
            return None
        for step in steps:
            node = node.setdefault(step, {})
        node["gone"] = True
    return _less(artefact, tree)


def _less(value: Any, tree: Mapping[Any, Any]) -> Any:
    if tree.get("gone"):
        return _GONE
    if not tree:
        return value
    if isinstance(value, tuple):
        kept = [_less(one, tree.get(f"[{index}]", {})) for index, one in enumerate(value)]
        return tuple(one for one in kept if one is not _GONE)
    if isinstance(value, Mapping):
        kept_under = {key: _less(one, tree.get(f"[{key}]", {})) for key, one in value.items()}
        return {key: one for key, one in kept_under.items() if one is not _GONE and one != ComponentList()}
    assert is_dataclass(value), tree
    left = {name: _less(getattr(value, name), inner) for name, inner in tree.items()}
    return replace(value, **{name: _usual(value, name) if one is _GONE else one for name, one in left.items()})  # type: ignore[type-var]


def _usual(value: Any, name: str) -> Any:
    if isinstance(getattr(value, name), tuple):
        return ()
    part = next(part for part in fields(value) if part.name == name)
    return part.default_factory() if part.default_factory is not MISSING else part.default
