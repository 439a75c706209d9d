"""How an answer is to be packed: ``dimensionAtObservation`` and ``detail`` of 1.x, ``attributes`` and ``measures`` of 2.x."""

from __future__ import annotations

from adapters.sdmx.request import Parameters
from adapters.sdmx.writing.shape import ALL_DIMENSIONS, MEASURE, Shape, attributes_at, every_attribute
from registry.errors import Invalid, Unsupported, suggest
from registry.model import DataStructure, Level

_LEVELS = {
    "dataset": (Level.DATA_SET,),
    "series": (Level.GROUP, Level.SERIES),
    "obs": (Level.OBSERVATION,),
}
_NO_OBSERVATION = (Level.DATA_SET, Level.GROUP, Level.SERIES)


def shape_of_detail(dsd: DataStructure, parameters: Parameters) -> Shape:
    """The shape by ``detail`` (SDMX REST 1.5.0, "Data and Metadata Queries")."""
    flat = _flat(dsd, parameters.take("dimensionAtObservation"))
    detail = parameters.choice("detail", ("full", "dataonly", "serieskeysonly", "nodata"), "full")
    if detail == "full":
        return Shape(every_attribute(dsd), flat=flat)
    if detail == "nodata":
        return Shape(attributes_at(dsd, *_NO_OBSERVATION), values=False, observations=False, flat=flat)
    return Shape((), values=detail == "dataonly", observations=detail == "dataonly", flat=flat)


def shape_of_components(dsd: DataStructure, parameters: Parameters) -> Shape:
    """The shape by ``attributes`` and ``measures`` (SDMX REST 2.2, "Data queries"); without both only series are given."""
    flat = _flat(dsd, parameters.take("dimensionAtObservation"))
    attributes = _attributes(dsd, parameters.take("attributes") or "dsd")
    values = _measures(dsd, parameters.take("measures") or "all")
    per_observation = set(attributes) & set(attributes_at(dsd, Level.OBSERVATION))
    return Shape(attributes, values=values, observations=values or bool(per_observation), flat=flat)


def _flat(dsd: DataStructure, at: str | None) -> bool:
    if at == ALL_DIMENSIONS or (at is None and dsd.time is None):
        return True
    if at is None or (dsd.time is not None and at == dsd.time.id):
        return False
    valid = [dimension.id for dimension in dsd.dimensions]
    if at in valid:
        raise Unsupported("SDMX_CROSS_SECTION", found=at, time=dsd.time.id if dsd.time else ALL_DIMENSIONS)
    raise _unknown(at, [*valid, ALL_DIMENSIONS])


def _attributes(dsd: DataStructure, text: str) -> tuple[str, ...]:
    every = every_attribute(dsd)
    wanted: set[str] = set()
    for word in text.split(","):
        if word in ("dsd", "all"):
            wanted.update(every)
        elif word in _LEVELS:
            wanted.update(attributes_at(dsd, *_LEVELS[word]))
        elif word in every:
            wanted.add(word)
        elif word not in ("none", "msd"):
            raise _unknown(word, every)
    return tuple(name for name in every if name in wanted)


def _measures(dsd: DataStructure, text: str) -> bool:
    words = text.split(",")
    valid = [measure.id for measure in dsd.measures]
    for word in words:
        if word not in ("all", "none", MEASURE, *valid):
            raise _unknown(word, valid)
    return words != ["none"]


def _unknown(found: str, valid: tuple[str, ...] | list[str]) -> Invalid:
    near = suggest(found, valid) or list(valid)
    return Invalid("SDMX_NO_SUCH_COMPONENT", found=found[:60], near=", ".join(near))
