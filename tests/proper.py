"""Drawn artefacts brought into the form in which formats give them back: each thing is said in one way.

Everything has a name; the time dimension is the last; attributes describe what there is, in the words of the model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from registry.model import (
    Annotation,
    Attribute,
    ComponentList,
    Contact,
    DataStructure,
    Dimension,
    Level,
    Maintainable,
    SentinelValue,
    ValueItem,
    typed,
)
from registry.ref import Kind, Ref

_NAMELESS = (Contact, ValueItem, SentinelValue)
CONCEPT = Ref(Kind.CONCEPT_SCHEME, "SEN", "C").item("C")


def proper(made: Maintainable) -> Any:
    """The same artefact as a format would give it back."""
    return _proper(_structure(made) if isinstance(made, DataStructure) else made)


def _proper(part: Any) -> Any:
    if isinstance(part, tuple):
        return tuple(map(_proper, part))
    if not is_dataclass(part) or isinstance(part, type):
        return part
    changed = {one.name: _field(part, one.name) for one in fields(part)}
    return replace(part, **{name: value for name, value in changed.items() if value is not getattr(part, name)})


def _field(part: Any, name: str) -> Any:
    value = getattr(part, name)
    if isinstance(value, Mapping) and name not in ("urls", "values", "lists"):
        said = {lang: text for lang, text in value.items() if text}
        return said or ({"en": "x"} if name == "names" and not isinstance(part, _NAMELESS) else {})
    if name == "concept_identity":
        return value or CONCEPT
    return _proper(value)


def _structure(made: DataStructure) -> DataStructure:
    dimensions = tuple(_dimensions(made.dimensions)) or (Dimension(id="D"),)
    key = tuple(one.id for one in dimensions if not one.is_time)
    groups = tuple(replace(one, id=f"G{place}", dimensions=key[:1]) for place, one in enumerate(made.groups))
    known = {one.id: one.dimensions for one in groups}
    return replace(
        made,
        dimensions=dimensions,
        groups=groups,
        attributes=tuple(replace(_related(one, known, key), id=f"A{place}") for place, one in enumerate(made.attributes)),
        measures=tuple(replace(one, id=f"M{place}" if place else "OBS_VALUE") for place, one in enumerate(made.measures)),
        metadata_usages=tuple(_related(one, known, key) for one in made.metadata_usages),
        lists={"DimensionDescriptor": ComponentList(annotations=(Annotation(title="x"),))} if made.lists else {},
    )


def _dimensions(drawn: tuple[Dimension, ...]) -> Any:
    for place, one in enumerate(one for one in drawn if not one.is_time):
        yield replace(one, id=f"D{place}")
    time = next((one for one in drawn if one.is_time), None)
    if time and len([one for one in drawn if not one.is_time]):
        yield replace(time, id="TIME_PERIOD", is_measure=False, representation=typed("ReportingYear"), concept_roles=())


def _related(one: Any, groups: Mapping[str, tuple[str, ...]], key: tuple[str, ...]) -> Any:
    bare: dict[str, Any] = {"dimensions": (), "optional_dimensions": (), "group": None}
    if isinstance(one, Attribute):
        bare["attachment_groups"] = one.attachment_groups if one.level in (Level.SERIES, Level.GROUP) and not one.group else ()
    if one.level == Level.GROUP:
        if one.group and groups:
            name = next(iter(groups))
            return replace(one, **bare | {"group": name, "dimensions": groups[name]})
        if len(key) < 2:
            return replace(one, **bare | {"level": Level.SERIES})
        return replace(one, **bare | {"dimensions": key[:1], "optional_dimensions": key[:1] if one.optional_dimensions else ()})
    return replace(one, **bare)
