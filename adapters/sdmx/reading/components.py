"""A data structure definition of sdmx1 as the registry's: dimensions, attributes with their level, groups, measures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sdmx.model import common, v21, v30

from adapters.sdmx.reading.nameable import reference
from registry.model import Attribute, DataStructure, Dimension, Group, Level, Measure, Representation, coded, typed
from registry.ref import Kind, Ref

DEFAULT_MEASURE = Measure(id="OBS_VALUE")
"""SDMX 2.1 lets a message leave the measure list out; its only measure has this id."""


def unrepresented(made: Any) -> frozenset[str]:
    """Components that leave their representation to a concept which is not in the message."""
    parts = (*made.dimensions, *made.attributes, *made.measures)
    return frozenset(part.id for part in parts if part.concept_identity is not None and not _representations(part))


def data_structure(head: Mapping[str, Any], made: Any, unsupported: Counter[str]) -> DataStructure:
    """``head``: what every artefact has; ``unsupported`` counts what is left out of components."""
    dimensions = tuple(Dimension(**_component(part, unsupported), is_time=_is_time(part)) for part in made.dimensions)
    key = tuple(dimension.id for dimension in dimensions if not dimension.is_time)
    attributes = tuple(_attribute(part, key, unsupported) for part in made.attributes)
    measures = tuple(Measure(**_component(part, unsupported)) for part in made.measures)
    groups = tuple(Group(id=name, dimensions=_ids(group.components)) for name, group in made.group_dimensions.items())
    return DataStructure(
        **head, dimensions=dimensions, attributes=attributes, measures=measures or (DEFAULT_MEASURE,), groups=groups
    )


def _is_time(part: Any) -> bool:
    return isinstance(part, common.TimeDimension)


def _ids(parts: Any) -> tuple[str, ...]:
    return tuple(part.id for part in parts)


def _component(part: Any, unsupported: Counter[str]) -> dict[str, Any]:
    concept = part.concept_identity
    found: dict[str, Any] = {"id": part.id, "representation": _representation(part, unsupported)}
    if concept is not None and (scheme := _scheme(concept)):
        found["concept_identity"] = scheme.item(concept.id)
    return found


def _representation(part: Any, unsupported: Counter[str]) -> Representation | None:
    codelist, text_type = _codelist(part, unsupported), _text_type(part)
    return coded(codelist) or (typed(text_type) if text_type else None)


def _scheme(concept: Any) -> Ref | None:
    """The scheme of a concept; a concept below another one has that as its parent."""
    parent = concept.parent
    while isinstance(parent, common.Concept):
        parent = parent.parent
    return None if parent is None else reference(parent, Kind.CONCEPT_SCHEME)


def _representations(part: Any) -> list[Any]:
    """The component's own representation, else its concept's (SDMX 2.1 section 5.3.2, ``LocalRepresentation``)."""
    core = part.concept_identity.core_representation if part.concept_identity is not None else None
    return [found for found in (part.local_representation, core) if found is not None][:1]


def _codelist(part: Any, unsupported: Counter[str]) -> Ref | None:
    for representation in _representations(part):
        if isinstance(representation.enumerated, common.Codelist):
            return reference(representation.enumerated, Kind.CODELIST)
        if representation.enumerated is not None:
            unsupported[f"{type(representation.enumerated).__name__} of a component"] += 1
    return None


def _text_type(part: Any) -> str | None:
    for representation in _representations(part):
        for facet in representation.non_enumerated:
            if facet.value_type is not None:
                name: str = facet.value_type.name
                return name[:1].upper() + name[1:]
    return None


def _attribute(part: Any, key: tuple[str, ...], unsupported: Counter[str]) -> Attribute:
    level, dimensions, group = _level(part.related_to, key)
    return Attribute(
        **_component(part, unsupported),
        level=level,
        mandatory=part.usage_status == common.UsageStatus.mandatory,
        dimensions=dimensions,
        group=group,
    )


def _level(relation: Any, key: tuple[str, ...]) -> tuple[Level, tuple[str, ...], str | None]:
    if isinstance(relation, (v21.NoSpecifiedRelationship, v30.DataflowRelationship)):
        return Level.DATA_SET, (), None
    if isinstance(relation, common.GroupRelationship) and relation.group_key is not None:
        return Level.GROUP, _ids(relation.group_key.components), relation.group_key.id
    if isinstance(relation, common.DimensionRelationship):
        return _dimension_level(relation, key)
    return Level.OBSERVATION, (), None


def _dimension_level(relation: Any, key: tuple[str, ...]) -> tuple[Level, tuple[str, ...], str | None]:
    if any(_is_time(part) for part in relation.dimensions):
        return Level.OBSERVATION, (), None
    named = _ids(relation.dimensions)
    if set(named) == set(key):
        return Level.SERIES, (), None
    return Level.GROUP, named, relation.group_key.id if relation.group_key is not None else None
