"""Figures made of released figures: splicing, recoding, aggregation, longer periods, rebasing, change, and the order.

The steps are applied in this order, whatever the order of asking. Each turns a :class:`Source` into another, so nothing is read
before the page that is wanted is known, and memory is bounded by what comes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import numpy as np

from hub.computing.aggregation import aggregate
from hub.computing.moving import changed, cut, rebased
from hub.computing.recoding import recode
from hub.computing.rules import indicator_dimensions, weights_of
from hub.computing.sorting import ordered
from hub.computing.source import Source, afford, only
from hub.computing.temporal import over_time
from hub.computing.time_rules import TimeRules, telling_dimensions, weights_over_time
from registry.calculation import Aggregation, Method, Weight
from registry.columns import Batch
from registry.model import Structure
from registry.period import Period, PeriodRange, containing
from registry.ports import Catalogue
from registry.selection import Selection

T = TypeVar("T")

Codes = dict[str, tuple[str, ...]]

MOST_COMPUTED = 20_000_000
"""Observations of which one answer for the public may be computed: some seconds of work."""

_YEAR_BEFORE = timedelta(days=373)
"""So much earlier data are read that every period has the one before and the one of last year: 53 weeks and two days."""


def arranges(selection: Selection) -> bool:
    """Whether the answer is other than the released figures in key order."""
    return selection.computes or bool(selection.sort)


def needed(selection: Selection, structure: Structure) -> Selection:
    """What has to be read for a computed answer: also what weighs, the base period, and the periods changes start from."""
    if not selection.computes:
        return replace(selection, sort=()) if selection.sort else selection
    return replace(
        selection,
        codes=_codes(selection, structure),
        periods=_periods(selection),
        first_n=None,
        last_n=None,
        sort=(),
        splice=None,
        recode=(),
        aggregate=None,
        over_time=None,
        rebase=None,
        change=None,
    )


def compute(selection: Selection, source: Source, catalogue: Catalogue, most: int | None = None) -> Source:
    """The answer of a selection from what :func:`needed` asks for; :class:`registry.errors.Invalid` where figures may not be
    put together as asked, some of it while reading. ``most``: see :func:`hub.computing.source.afford`."""
    recoded = {recoding.dimension for recoding in selection.recode}
    asked = {name: codes for name, codes in selection.codes.items() if name not in recoded}
    for recoding in selection.recode:
        counted = cut(only(source, asked), selection.periods, None, None)
        source = recode(source, recoding, catalogue, counted, selection.codes.get(recoding.dimension), most)
    lengthened = selection.over_time
    rules = _time_rules(selection, source, asked)
    if selection.aggregate:
        read = _weighed(selection, source.structure, asked) if rules.summed else asked
        source = aggregate(source, selection.aggregate, read)
        # What was asked for is all there is by now, but for what was read because it weighs over time.
        asked = {name: codes for name, codes in asked.items() if read[name] != codes}
    if lengthened:
        source = over_time(source, lengthened, asked, rules)
    elif selection.computes and not selection.aggregate:
        source = only(source, asked)
    if selection.rebase:
        source = rebased(source, selection.rebase)
    if selection.change:
        source = changed(source, selection.change)
    if selection.computes:
        source = cut(source, selection.periods, selection.first_n, selection.last_n)
    if any(key.by in source.structure.dsd.components and key.by not in source.structure.dsd.key for key in selection.sort):
        afford(source, np.arange(len(source)), most)
    return ordered(source, selection.sort) if selection.sort else source


def shown(selection: Selection, batch: Batch) -> Batch:
    """What is wanted of a batch: its measures and attributes, or the series alone."""
    if selection.series_only:
        batch = batch.take_observations(slice(0, 0), np.zeros(batch.series_count + 1, np.int64))
    measures, attributes = selection.measures, selection.attributes
    if measures is None and attributes is None:
        return batch
    return replace(
        batch,
        measures=_only(batch.measures, measures),
        attributes=_only(batch.attributes, attributes),
        series_attributes=_only(batch.series_attributes, attributes),
    )


def _only(columns: Mapping[str, T], wanted: tuple[str, ...] | None) -> Mapping[str, T]:
    return columns if wanted is None else {name: column for name, column in columns.items() if name in wanted}


def _codes(selection: Selection, structure: Structure) -> Codes:
    codes = dict(selection.codes)
    named = (selection.aggregate, *selection.recode)
    for weight in (one.weight for one in named if one is not None):
        _add(codes, weight)
    for name in indicator_dimensions(structure):
        if name in codes:
            codes[name] = tuple(dict.fromkeys((*codes[name], *weights_of(structure, name, codes[name]))))
    return _weighed(selection, structure, codes)


def _weighed(selection: Selection, structure: Structure, codes: Mapping[str, tuple[str, ...]]) -> Codes:
    """The codes, and what weighs over time; but in dimensions that have other codes by then, or none."""
    found = dict(codes)
    if selection.over_time:
        _add(found, selection.over_time.weight)
        wanted = selection.aggregate or Aggregation()
        gone = {*wanted.drop, *(one.dimension for one in wanted.along)}
        for name in (each for each in telling_dimensions(structure) if each in found and each not in gone):
            found[name] = tuple(dict.fromkeys((*found[name], *weights_over_time(structure, name, found[name]))))
    return found


def _add(codes: Codes, weight: Weight | None) -> None:
    if weight is not None and weight.code is not None and weight.component in codes:
        codes[weight.component] = tuple(dict.fromkeys((*codes[weight.component], weight.code)))


def _time_rules(selection: Selection, source: Source, asked: Mapping[str, tuple[str, ...]]) -> TimeRules:
    """How the figures go over time, also where the dimension that tells it is left out before."""
    drop = selection.aggregate.drop if selection.aggregate else ()
    structure, names = source.structure, tuple(name for name in source.structure.dsd.key if name not in drop)
    gone = dict[str, str]()
    for name in (each for each in telling_dimensions(structure) if each in drop):
        used = only(source, asked).keys[structure.dsd.key.index(name)]
        if len(used):
            gone[name] = used.texts[used.codes[0]]
    return TimeRules(structure, names, gone, not selection.aggregate or selection.aggregate.method == Method.SUM)


def _periods(selection: Selection) -> PeriodRange:
    start, end = selection.periods.start, selection.periods.end
    if selection.change and start:
        start = _day(start.start - _YEAR_BEFORE) if start.start - datetime.min > _YEAR_BEFORE else None
    if selection.rebase:
        start = min(start, selection.rebase, key=lambda period: period.start) if start else None
        end = max(end, selection.rebase, key=lambda period: period.end) if end else None
    if selection.over_time and end:
        goal = Period(selection.over_time.frequency, containing(selection.over_time.frequency, end.end - timedelta(seconds=1)))
        end = max(end, goal, key=lambda period: period.end)
    return PeriodRange(start, end)


def _day(moment: datetime) -> Period:
    return Period("D", moment.toordinal())
