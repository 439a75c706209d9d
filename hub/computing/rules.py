"""How figures may be put together, as their structure says it.

A code of an indicator dimension, or the concept of a measure, may carry the annotation ``aggregation``:

    sum              added up (what holds where nothing is said and the unit is no ratio and no index)
    mean             the plain mean of the parts
    weighted:CODE    the mean weighted by another code of the same dimension
    none             cannot be made from parts: distinct counts, medians, ratios whose weight is not held

A dimension with such a code tells what is measured, so figures of two of its codes are never put together. A code of the unit
codelist may say ``kind``: ``ratio`` or ``index``; the common codes for percent and index are known without it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hub.computing.groups import Groups
from registry.calculation import Method, Weight
from registry.errors import Invalid
from registry.model import Structure, fact

RULE = "aggregation"
NONE = "none"
WEIGHTED = "weighted:"

_KINDS = {"ratio": ("PT", "PC", "PCT", "PERCENT", "PM", "RATIO"), "index": ("IX", "IDX", "INDEX")}
"""Unit codes in common use, after the SDMX and Eurostat lists."""


@dataclass(frozen=True)
class Methods:
    """How each group is put together: ``codes`` int8[g] into ``methods``, with the weight of each weighted mean.

    ``stated`` bool[g]: the structure says so, or no sum is asked for; then the unit need not be asked.
    """

    methods: tuple[tuple[Method, Weight | None], ...]
    codes: NDArray[np.int8]
    stated: NDArray[np.bool_]


def indicator_dimensions(structure: Structure) -> tuple[str, ...]:
    """The dimensions whose codes say how they are aggregated."""
    return tuple(
        name for name in structure.dsd.key if name in structure.codelists and RULE in structure.codelists[name].fact_types
    )


def rule(structure: Structure, dimension: str, code: str) -> str:
    """What the structure says of a code; empty where it says nothing."""
    item = structure.codelists[dimension].by_id.get(code)
    return fact(item, RULE) if item else ""


def weights_of(structure: Structure, dimension: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    """The codes that these are weighted by."""
    rules = (rule(structure, dimension, code) for code in codes)
    return tuple(dict.fromkeys(found.removeprefix(WEIGHTED) for found in rules if found.startswith(WEIGHTED)))


Saying = tuple[str, str, str]
"""Dimension, code and rule."""


def methods_of(
    structure: Structure, groups: Groups, asked: Method, weight: Weight | None = None, general: Saying | None = None
) -> Methods:
    """How each group is put together. ``structure``: of the groups, whose dimensions tell the rule; ``general`` holds where
    they do not.

    :class:`Invalid` NOT_ADDITIVE for a sum of what is not added, WEIGHT_NOT_SAID for a weighted mean without its weight.
    """
    methods: dict[tuple[Method, Weight | None], int] = {}
    codes, stated = np.zeros(len(groups), np.int8), np.full(len(groups), asked != Method.SUM)
    sayings = _sayings(structure, groups, general)
    # A published total that is a group by itself is its own sum, whatever is said of its parts.
    alone = ~groups.merging & (asked == Method.SUM)
    codes[alone] = methods.setdefault((asked, None), 0) if alone.any() else 0
    for said in dict.fromkeys(sayings):
        mine = np.fromiter((each == said for each in sayings), bool, len(groups)) & ~alone
        if mine.any():
            codes[mine] = methods.setdefault(_method(said, asked, weight), len(methods))
            stated[mine] |= bool(said[2])
    return Methods(tuple(methods), codes, stated)


def recoded_methods(structure: Structure, groups: Groups, weight: Weight | None) -> Methods:
    """How recoded figures are put together: as the structure says, and what it says nothing of by the ``weight``, if one is
    named. A figure that stays alone stays as it is. Errors as :func:`methods_of`; distinct counts are refused in any case."""
    sayings = _sayings(structure, groups, None)
    merging = groups.merging
    methods: dict[tuple[Method, Weight | None], int] = {(Method.SUM, None): 0}
    codes, stated = np.zeros(len(groups), np.int8), np.zeros(len(groups), dtype=bool)
    for said in dict.fromkeys(sayings):
        mine = np.fromiter((each == said for each in sayings), bool, len(groups)) & merging
        if mine.any():
            method = _method(said, Method.SUM, None)
            how = (Method.WEIGHTED_MEAN, weight) if weight and not said[2] else method
            codes[mine] = methods.setdefault(how, len(methods))
            stated[mine] = bool(said[2])
    return Methods(tuple(methods), codes, stated)


def _sayings(structure: Structure, groups: Groups, general: Saying | None) -> list[Saying]:
    """What is said of each group: by an indicator dimension, else by the concept of the measure."""
    sayings = [general or ("", structure.dsd.measures[0].id, _measure_rule(structure))] * len(groups)
    for name in indicator_dimensions(structure):
        if name not in groups.names:
            continue
        column = groups.keys[groups.names.index(name)]
        by_code = [(name, text, rule(structure, name, text)) for text in column.texts]
        sayings = [
            by_code[code] if by_code[code][2] else before for code, before in zip(column.codes.tolist(), sayings, strict=True)
        ]
    return sayings


def _measure_rule(structure: Structure) -> str:
    concept = structure.concepts.get(structure.dsd.measures[0].id)
    return fact(concept, RULE) if concept else ""


def _method(said: Saying, asked: Method, weight: Weight | None) -> tuple[Method, Weight | None]:
    dimension, code, how = said
    if asked == Method.WEIGHTED_MEAN:
        weight = weight or _said_weight(said)
        if weight is None:
            raise Invalid("WEIGHT_NOT_SAID", found=code)
        return asked, weight
    if asked != Method.SUM or how in ("", "sum"):
        return asked, None
    if how == "mean":
        return Method.MEAN, None
    if how.startswith(WEIGHTED):
        return Method.WEIGHTED_MEAN, _said_weight(said)
    raise Invalid("NOT_ADDITIVE", found=f"{dimension} {code}".strip())


def _said_weight(said: Saying) -> Weight | None:
    dimension, _, how = said
    return Weight(dimension, how.removeprefix(WEIGHTED)) if how.startswith(WEIGHTED) and dimension else None


def unit_kind(structure: Structure, unit: str) -> str:
    """``ratio``, ``index`` or empty."""
    codelist = structure.codelists.get("UNIT_MEASURE")
    item = codelist.by_id.get(unit) if codelist else None
    if item and (kind := fact(item, "kind")):
        return kind
    return next((kind for kind, codes in _KINDS.items() if unit.upper() in codes), "")


def unit_of_kind(structure: Structure, kind: str) -> str | None:
    """The unit code of a structure that means percent (``ratio``) or index; None where its codelist has none."""
    codelist = structure.codelists.get("UNIT_MEASURE")
    known = codelist.by_id if codelist else {}
    common = next((code for code in _KINDS[kind] if code in known), None)
    return common or next((code for code, item in known.items() if fact(item, "kind") == kind), None)
