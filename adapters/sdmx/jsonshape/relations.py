"""What an attribute describes, told with the dimensions and groups of its structure.

The whole key is the series; dimensions among which time is are the observation; of a group the dimensions are the group's.

Source: ``AttributeRelationshipType`` of the schemas; SDMX 3.0 section 2, "AttributeRelationship".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adapters.sdmx.jsonshape.records import Custom, Json
from adapters.sdmx.jsonshape.references import FIRST
from adapters.sdmx.jsonshape.ways import ID, NAME, NO_VALUE, NOTHING, Each, Loss, Losses, Unlike, at
from registry.model import Attribute, DataStructure, Level, MetadataAttributeUsage

Related = Attribute | MetadataAttributeUsage

NAME_OF = "attributeRelationship"
_NAMES = Each(NAME, unique=True)


def said(one: Related, dsd: DataStructure, version: str, losses: Losses) -> Any:
    """The relationship of an attribute; NOTHING where no other attribute would be read from it."""
    if one.level is Level.DATA_SET:
        return _alone("none" if version == FIRST else "dataflow", {}, one, losses)
    if one.level is Level.OBSERVATION and not one.dimensions:
        return _observation(one, dsd, version, losses)
    if one.level is Level.GROUP and one.group and one.dimensions in ((), dsd.group_keys.get(one.group, ())):
        return _group(one, dsd, losses)
    return _dimensions(one, dsd, version, losses)


def _alone(name: str, value: Any, one: Related, losses: Losses) -> Any:
    _left_out(one, ("dimensions", "optional_dimensions", "group", "attachment_groups"), losses)
    return {name: value}


def _observation(one: Related, dsd: DataStructure, version: str, losses: Losses) -> Any:
    if version != FIRST:
        return _alone("observation", {}, one, losses)
    measure = dsd.measures[0].id if dsd.measures else ""
    return NOTHING if NAME.said(measure) is NOTHING else _alone("primaryMeasure", measure, one, losses)


def _group(one: Related, dsd: DataStructure, losses: Losses) -> Any:
    if ID.said(one.group) is NOTHING:
        return NOTHING
    if one.dimensions != dsd.group_keys.get(one.group or "", ()):
        losses.append(Loss("dimensions", NO_VALUE))
    _left_out(one, ("optional_dimensions", "attachment_groups"), losses)
    return {"group": one.group}


def _dimensions(one: Related, dsd: DataStructure, version: str, losses: Losses) -> Any:
    named = dsd.key if one.level is Level.SERIES else one.dimensions
    if _level(named, dsd) is not one.level or _NAMES.write(named, dsd.ref, []) != list(named):
        return NOTHING
    if one.level is Level.OBSERVATION and set(named) == _all(dsd):
        return NOTHING
    _left_out(one, ("group", *(("dimensions",) if one.level is Level.SERIES else ())), losses)
    return {"dimensions": list(named)} | _optional(one, named, version, losses) | _attached(one, version, losses)


def _optional(one: Related, named: tuple[str, ...], version: str, losses: Losses) -> Json:
    optional = one.optional_dimensions
    if optional and (version == FIRST or optional != tuple(name for name in named if name in optional)):
        losses.append(Loss("optional_dimensions", NO_VALUE))
        return {}
    return {"areDimensionsOptional": [name in optional for name in named]} if optional else {}


def _attached(one: Related, version: str, losses: Losses) -> Json:
    groups = getattr(one, "attachment_groups", ())
    if not groups:
        return {}
    if version != FIRST or any(NAME.said(name) is NOTHING for name in groups):
        losses.append(Loss("attachment_groups", NO_VALUE))
        return {}
    return {"attachmentGroups": list(groups)}


def _left_out(one: Related, fields: tuple[str, ...], losses: Losses) -> None:
    losses.extend(Loss(field, NO_VALUE) for field in fields if getattr(one, field, None))


def _all(dsd: DataStructure) -> set[str]:
    return {dimension.id for dimension in dsd.dimensions}


def _level(named: tuple[str, ...], dsd: DataStructure) -> Level | None:
    """The level of an attribute that depends on dimensions."""
    if not named:
        return None
    if dsd.time is not None and dsd.time.id in named:
        return Level.OBSERVATION
    return Level.SERIES if set(named) == set(dsd.key) else Level.GROUP


def _take(found: Mapping[str, Any], into: Json, lang: str) -> None:
    """The relationship as it stands there; :func:`settled` makes the level of dimensions."""
    given = found.get(NAME_OF)
    if not isinstance(given, dict):
        raise Unlike("an object", NAME_OF)
    if given.get("dimensions") is not None:
        into |= {"level": Level.GROUP, **_dimensions_read(given, lang)}
    elif given.get("group") is not None:
        into |= {"level": Level.GROUP, "group": at("group", ID, given["group"], lang)}
    else:
        into["level"] = Level.DATA_SET if "dataflow" in given or "none" in given else Level.OBSERVATION


def _dimensions_read(given: Mapping[str, Any], lang: str) -> Json:
    named = at("dimensions", _NAMES, given["dimensions"], lang)
    flags = given.get("areDimensionsOptional") or []
    if not isinstance(flags, list):
        raise Unlike("a list", "areDimensionsOptional")
    found: Json = {"dimensions": named}
    if any(flags):
        found["optional_dimensions"] = tuple(name for name, flag in zip(named, flags, strict=False) if flag)
    if given.get("attachmentGroups"):
        found["attachment_groups"] = at("attachmentGroups", Each(NAME), given["attachmentGroups"], lang)
    return found


RELATION = Custom(
    ("level", "dimensions", "optional_dimensions", "group", "attachment_groups"), lambda value, into, of, losses: True, _take
)
"""Reads the relationship; it is written by the structure, which knows the key."""


def settled(one: Any, dsd: DataStructure) -> Any:
    """An attribute as it was read, with the level that its dimensions have in the structure."""
    if one.group:
        return replace(one, dimensions=dsd.group_keys.get(one.group, ()))
    if not one.dimensions:
        return one
    level = _level(one.dimensions, dsd)
    shown = one.dimensions if level is Level.GROUP or (level is Level.OBSERVATION and set(one.dimensions) != _all(dsd)) else ()
    return replace(one, level=level, dimensions=shown)
