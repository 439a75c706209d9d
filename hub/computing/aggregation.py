"""Aggregation: dimensions left out, or codes gone up their hierarchy, and the figures put together.

Nothing is counted twice, see :mod:`hub.computing.overlaps`.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from hub.computing import telling
from hub.computing.gathering import Gathering
from hub.computing.groups import Parts, grouped
from hub.computing.overlaps import counted
from hub.computing.rules import Saying, indicator_dimensions, methods_of, rule
from hub.computing.source import Source
from hub.computing.structures import without_dimensions
from registry.calculation import Aggregation, RollUp, check_roll_ups
from registry.columns import Coded
from registry.errors import Invalid
from registry.hierarchy import tree
from registry.model import Structure


def aggregate(source: Source, wanted: Aggregation, asked: dict[str, tuple[str, ...]]) -> Source:
    """The groups. ``asked``: the codes of the question, where more are read because they weigh.

    :class:`Invalid` INDICATORS_MIXED, FIGURES_OVERLAP, NOT_ADDITIVE, WEIGHT_NOT_SAID, and while reading UNITS_DIFFER,
    BAD_WEIGHT, NOT_NUMBERS.
    """
    structure = source.structure
    check_roll_ups(structure, wanted.along)
    parts = _asked(Parts.of(structure.dsd.key, source.keys), asked)
    parts, moved = _rolled_up(structure, parts, wanted.along)
    general = _dropped_rule(structure, parts, wanted.drop)
    kept = counted(structure, parts, source.frequencies, {**moved, **dict.fromkeys(wanted.drop)}, wanted.method)
    for name, column in moved.items():
        parts = parts.replaced(name, column)
    parts = parts.take(kept)
    for name in wanted.drop:
        parts = parts.without(name)
    after = without_dimensions(structure, wanted.drop)
    groups = grouped(parts, source.frequencies)
    methods = methods_of(after, groups, wanted.method, wanted.weight, general)
    steps = (*source.steps, *telling.aggregated(structure, wanted, methods.methods))
    gathering = Gathering(source, after, groups, methods)
    return Source(after, groups.keys, groups.frequencies, gathering.read, steps, gathering.toll, source.crossings)


def _asked(parts: Parts, asked: dict[str, tuple[str, ...]]) -> Parts:
    for name, codes in asked.items():
        column, wanted = parts.keys[name], frozenset(codes)
        chosen = np.array([text in wanted for text in column.texts], dtype=bool)
        parts = parts.take(chosen[column.codes]) if not chosen.all() else parts
    return parts


def _dropped_rule(structure: Structure, parts: Parts, drop: tuple[str, ...]) -> Saying | None:
    """What the one code of an indicator dimension that is left out says of its figures.

    :class:`Invalid` INDICATORS_MIXED where it has more than one code: it tells what is measured.
    """
    said = None
    for name in (each for each in indicator_dimensions(structure) if each in drop):
        column = parts.keys[name]
        used = [column.texts[code] for code in np.unique(column.codes).tolist()]
        if len(used) > 1:
            raise Invalid("INDICATORS_MIXED", dimension=name, first=used[0], second=used[1])
        said = said or ((name, used[0], rule(structure, name, used[0])) if used else None)
    return said


def _rolled_up(structure: Structure, parts: Parts, along: Iterable[RollUp]) -> tuple[Parts, dict[str, Coded]]:
    """The parts that stand under a code to go up to, and these codes."""
    moved = dict[str, Coded]()
    for one in along:
        wood = tree(structure.codelists[one.dimension], one.hierarchy)
        column = parts.keys[one.dimension]
        targets = [wood.parents.get(text) if one.level is None else wood.at(text, one.level) for text in column.texts]
        goals = Coded.of(targets)
        found = goals.codes[column.codes]
        inside = found >= 0
        parts = parts.take(inside)
        moved = {name: each.take(np.flatnonzero(inside)) for name, each in moved.items()}
        moved[one.dimension] = Coded(goals.texts, found[inside])
    return parts, moved
