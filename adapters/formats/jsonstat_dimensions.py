"""The dimensions of a JSON-stat dataset: categories in the order of their codelists, with names, children and units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.formats.axes import Axes
from adapters.formats.units import DECIMALS, MULTIPLIER, Units
from adapters.formats.wording import code_label, title
from registry.model import Structure

GEOGRAPHIC = {"REF_AREA", "GEO", "PROVINCE", "REGION", "COUNTERPART_AREA", "PARTNER", "VIS_AREA"}
"""Dimensions that are places, by the names of the SDMX cross-domain concepts and of our own structures."""


def metric_id(structure: Structure) -> str:
    """The id of the dimension of measures; JSON-stat keeps units there, so it is written even where there is one measure."""
    return "METRIC" if "METRIC" not in structure.dsd.components else "METRIC_"


def dimensions(structure: Structure, axes: Axes, units: Units, languages: Sequence[str]) -> dict[str, Any]:
    """The members ``role`` and ``dimension``."""
    metric, time = metric_id(structure), structure.dsd.time
    found = {name: _coded(structure, name, codes, units, languages) for name, codes in axes.codes.items()}
    unit = _unit(units, languages) if units.dimension is None and units.known else None
    found[metric] = _metric(structure, axes.measures, unit, languages)
    role: dict[str, list[str]] = {"metric": [units.dimension or metric]}
    if time is not None and axes.times.timed:
        texts = axes.times.texts()
        found[time.id] = {"label": title(structure, time.id, languages), "category": {"index": texts}}
        role["time"] = [time.id]
    if places := [name for name in axes.codes if name in GEOGRAPHIC]:
        role["geo"] = places
    return {"role": role, "dimension": found}


def _coded(structure: Structure, name: str, codes: Sequence[str], units: Units, languages: Sequence[str]) -> dict[str, Any]:
    category: dict[str, Any] = {
        "index": list(codes),
        "label": {code: code_label(structure, name, code, languages) for code in codes},
    }
    if children := _children(structure, name, codes):
        category["child"] = children
    if name == units.dimension:
        category["unit"] = {code: _unit(units, languages, code) for code in codes}
    return {"label": title(structure, name, languages), "category": category}


def _children(structure: Structure, name: str, codes: Sequence[str]) -> dict[str, list[str]]:
    """The hierarchy among the categories that are there."""
    here, codelist, found = set(codes), structure.codelists.get(name), dict[str, list[str]]()
    for code in codes if codelist else ():
        item = codelist.by_id.get(code) if codelist else None
        if item is not None and item.parent in here:
            found.setdefault(str(item.parent), []).append(code)
    return found


def _metric(
    structure: Structure, measures: Sequence[str], unit: dict[str, Any] | None, languages: Sequence[str]
) -> dict[str, Any]:
    category: dict[str, Any] = {
        "index": list(measures),
        "label": {name: title(structure, name, languages) for name in measures},
    }
    if unit:
        category["unit"] = dict.fromkeys(measures, unit)
    return {"label": title(structure, measures[0], languages) if len(measures) == 1 else "", "category": category}


def _unit(units: Units, languages: Sequence[str], code: str = "") -> dict[str, Any]:
    """``multiplier`` is a power of ten; the label says it in words too."""
    declared = units.number(DECIMALS, code)
    known = {
        "label": units.words(languages, code),
        "decimals": units.decimals if declared is None else declared,
        "multiplier": units.number(MULTIPLIER, code),
    }
    return {name: fact for name, fact in known.items() if fact not in (None, "")}
