"""Aggregation: dimensions left out, or codes gone up their hierarchy, and the figures put together.

Nothing is counted twice. Where a group holds a code and codes below it, a sum takes the highest (the published total, not its
parts again), every other method the lowest (parts, not totals of them).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hub.computing import telling
from hub.computing.gathering import Gathering
from hub.computing.groups import Parts, grouped
from hub.computing.rules import Saying, indicator_dimensions, methods_of, rule
from hub.computing.source import Source
from hub.computing.structures import without_dimensions
from registry.calculation import Aggregation, Method, RollUp, check_roll_ups
from registry.columns import Coded
from registry.errors import Invalid
from registry.hierarchy import Tree, hierarchies, tree
from registry.model import Structure


def aggregate(source: Source, wanted: Aggregation, asked: dict[str, tuple[str, ...]]) -> Source:
    """The groups. ``asked``: the codes of the question, where more are read because they weigh.

    :class:`Invalid` INDICATORS_MIXED, NOT_ADDITIVE, WEIGHT_NOT_SAID, and while reading UNITS_DIFFER, BAD_WEIGHT, NOT_NUMBERS.
    """
    structure = source.structure
    check_roll_ups(structure, wanted.along)
    parts = _asked(Parts.of(structure.dsd.key, source.keys), asked)
    for one in wanted.along:
        parts = _rolled_up(structure, parts, source.frequencies, one, wanted.method)
    general = _dropped_rule(structure, parts, wanted.drop)
    for name in wanted.drop:
        parts = _once(structure, parts, source.frequencies, name, wanted.method).without(name)
    after = without_dimensions(structure, wanted.drop)
    groups = grouped(parts, source.frequencies)
    methods = methods_of(after, groups, wanted.method, wanted.weight, general)
    steps = (*source.steps, *telling.aggregated(structure, wanted, methods.methods))
    gathering = Gathering(source, after, groups, methods)
    return Source(after, groups.keys, groups.frequencies, gathering.read, steps, gathering.toll, source.crossings)


def _asked(parts: Parts, asked: dict[str, tuple[str, ...]]) -> Parts:
    for name, codes in asked.items():
        column = parts.keys[name]
        chosen = np.array([text in codes for text in column.texts], dtype=bool)
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


def _rolled_up(structure: Structure, parts: Parts, frequencies: NDArray[np.str_], one: RollUp, method: Method) -> Parts:
    wood = tree(structure.codelists[one.dimension], one.hierarchy)
    column = parts.keys[one.dimension]
    targets = [wood.parents.get(text) if one.level is None else wood.at(text, one.level) for text in column.texts]
    goals = Coded.of(targets)
    inside = goals.codes[column.codes] >= 0
    parts = parts.take(inside)
    column = parts.keys[one.dimension]
    moved = Coded(goals.texts, goals.codes[column.codes])
    kept = _topmost(wood, parts, frequencies, one.dimension, method, moved)
    return parts.replaced(one.dimension, moved).take(kept)


def _once(structure: Structure, parts: Parts, frequencies: NDArray[np.str_], name: str, method: Method) -> Parts:
    """The parts without those that others of their group hold already, in the codelist's own tree or a named one."""
    codelist = structure.codelists.get(name)
    if codelist is None:
        return parts
    for hierarchy in (None, *hierarchies(codelist)):
        parts = parts.take(_topmost(tree(codelist, hierarchy), parts, frequencies, name, method, None))
    return parts


def _topmost(
    wood: Tree, parts: Parts, frequencies: NDArray[np.str_], name: str, method: Method, within: Coded | None
) -> NDArray[np.bool_]:
    """bool[p]: parts that count. ``within``: compare only codes that go to the same one."""
    column = parts.keys[name]
    size = len(column.texts)
    place = {text: code for code, text in enumerate(column.texts)}
    hidden = [_ancestors(wood, text, place) for text in column.texts]
    depth = max((len(each) for each in hidden), default=0)
    keeps = np.ones(len(parts.rows), dtype=bool)
    if depth == 0:
        return keeps
    table = np.full((size, depth), -1)
    for code, ancestors in enumerate(hidden):
        table[code, : len(ancestors)] = ancestors
    context = parts.numbered(frequencies, but=name)
    if within is not None:
        context = context * (len(within.texts) + 1) + within.codes
    mine = context * size + column.codes
    known = np.unique(mine)
    for step in range(depth):
        upper = table[column.codes, step]
        wanted = np.where(upper >= 0, context * size + upper, -1)
        spots = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        found = (upper >= 0) & (known[spots] == wanted)
        if method == Method.SUM:
            keeps &= ~found
        else:
            keeps &= ~np.isin(mine, wanted[found])
    return keeps


def _ancestors(wood: Tree, text: str, place: dict[str, int]) -> list[int]:
    return [place[each] for each in wood.ancestors(text) if each in place]
