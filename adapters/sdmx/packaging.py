"""How an answer is to be packed: ``dimensionAtObservation`` and ``detail`` of 1.x, ``attributes`` and ``measures`` of 2.x."""

from __future__ import annotations

from dataclasses import replace

from adapters.sdmx.request import Parameters
from adapters.sdmx.writing.shape import ALL_DIMENSIONS, MEASURE, Shape, attributes_at, usual_dimension, usual_shape
from registry.errors import Invalid, suggest
from registry.model import DataStructure, Level

_LEVELS = {
    "dataset": (Level.DATA_SET,),
    "series": (Level.GROUP, Level.SERIES),
    "obs": (Level.OBSERVATION,),
}
_NO_OBSERVATION = (Level.DATA_SET, Level.GROUP, Level.SERIES)


def shape_of_detail(dsd: DataStructure, parameters: Parameters) -> Shape:
    """The shape by ``detail`` (SDMX REST 1.5.0, "Data and Metadata Queries")."""
    full = replace(usual_shape(dsd), at=packed_at(dsd, parameters.take("dimensionAtObservation")))
    detail = parameters.choice("detail", ("full", "dataonly", "serieskeysonly", "nodata"), "full")
    if detail == "full":
        return full
    if detail == "dataonly":
        return replace(full, attributes=(), whole=False)
    described = attributes_at(dsd, *_NO_OBSERVATION) if detail == "nodata" else ()
    return replace(full, attributes=described, measures=(), observations=False, whole=False)


def shape_of_components(dsd: DataStructure, parameters: Parameters) -> Shape:
    """The shape by ``attributes`` and ``measures`` (SDMX REST 2.2, "Data queries"); without both only series are given."""
    at = packed_at(dsd, parameters.take("dimensionAtObservation"))
    attributes = _attributes(dsd, parameters.take("attributes") or "dsd")
    measures = _measures(dsd, parameters.take("measures") or "all")
    per_observation = set(attributes) & set(attributes_at(dsd, Level.OBSERVATION))
    full = usual_shape(dsd)
    whole = attributes == full.attributes and measures == full.measures
    return Shape(attributes, measures, at, observations=bool(measures or per_observation), whole=whole)


def packed_at(dsd: DataStructure, wanted: str | None) -> str:
    """The dimension at the observations, the usual one where none is wanted; :class:`Invalid` SDMX_NO_SUCH_COMPONENT."""
    valid = [dimension.id for dimension in dsd.dimensions]
    if wanted is None:
        return usual_dimension(dsd)
    if wanted not in (*valid, ALL_DIMENSIONS):
        raise _unknown(wanted, [*valid, ALL_DIMENSIONS])
    return wanted


def _attributes(dsd: DataStructure, text: str) -> tuple[str, ...]:
    every = usual_shape(dsd).attributes
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


def _measures(dsd: DataStructure, text: str) -> tuple[str, ...]:
    """``OBS_VALUE`` means the only measure, whatever it is called."""
    valid = tuple(measure.id for measure in dsd.measures)
    wanted: set[str] = set()
    for word in text.split(","):
        if word == "all" or (word == MEASURE and len(valid) == 1):
            wanted.update(valid)
        elif word in valid:
            wanted.add(word)
        elif word != "none":
            raise _unknown(word, valid)
    return tuple(name for name in valid if name in wanted)


def _unknown(found: str, valid: tuple[str, ...] | list[str]) -> Invalid:
    near = suggest(found, valid) or list(valid)
    return Invalid("SDMX_NO_SUCH_COMPONENT", found=found[:60], near=", ".join(near))
