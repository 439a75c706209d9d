"""Longer periods made of shorter ones: months to quarters, quarters to years, series by series.

A period gets a value when every shorter one in it has one: eleven months are no year. Of a series that is held in several
frequencies a sum takes the longest (the published year, not its months again), every other method the shortest. How flows,
stocks and ratios go over time their structure says, see :mod:`hub.computing.time_rules`. Weeks do not lie in months, and of
business days nobody knows which are holidays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hub.computing import telling
from hub.computing.exactly import Exact
from hub.computing.groups import Parts, in_key_order
from hub.computing.source import Finder, Source, chosen, joined
from hub.computing.spans import Spans
from hub.computing.time_rules import TimeRules, collected
from hub.computing.weights import Weighing
from registry.calculation import OverTime, TimeMethod, Weight
from registry.columns import Batch, Coded, Places
from registry.errors import Invalid
from registry.period import NESTED, PER_YEAR

_PERIODS = {**PER_YEAR, "W": 52, "D": 365}
"""Periods of a year, more or less: to tell which frequency is the longest."""


def over_time(source: Source, wanted: OverTime, asked: Mapping[str, tuple[str, ...]], rules: TimeRules) -> Source:
    """The series with longer periods. ``asked``: the codes of the question, where more are read because they weigh.

    :class:`Invalid` NOT_NESTED where no series can be brought to these periods; while reading NOT_ADDITIVE, WEIGHT_NOT_SAID,
    BAD_WEIGHT, NOT_NUMBERS.
    """
    rows, left = _rows(source, wanted, asked)
    keys = tuple(
        Coded.constant(wanted.frequency, len(rows)) if place == source.structure.frequency_index else column.take(rows)
        for place, column in enumerate(source.keys)
    )
    frequencies = np.full(len(rows), wanted.frequency)
    order = in_key_order(keys, frequencies)
    lengthening = _Lengthening(source, wanted, rows[order], rules)
    return replace(
        source,
        keys=tuple(column.take(order) for column in keys),
        frequencies=frequencies,
        read=lengthening.read,
        toll=lengthening.toll,
        steps=(*source.steps, telling.over_time(source.structure, wanted, left)),
    )


def _rows(source: Source, wanted: OverTime, asked: Mapping[str, tuple[str, ...]]) -> tuple[NDArray[np.int64], list[str]]:
    """The series that are brought to longer periods, one for each of the answer; and the frequencies that cannot be."""
    place, names = source.structure.frequency_index, source.structure.dsd.key
    fits, letters = chosen(source, asked), source.frequencies.copy()
    if place is not None:
        letters[_business(source.keys[place])] = _BUSINESS
    nested = np.isin(letters, (wanted.frequency, *NESTED[wanted.frequency]))
    left = sorted(set(letters[fits & ~nested].tolist()))
    if left and not (fits & nested).any():
        raise Invalid("NOT_NESTED", found=", ".join(left), wanted=wanted.frequency)
    rows = np.flatnonzero(fits & nested)
    same = Parts.of(names, source.keys).take(rows).numbered(np.full(len(source), ""), but=["FREQ"])
    length = np.array([_PERIODS[each] for each in letters[rows].tolist()], dtype=np.int64)
    order = np.lexsort((length if wanted.method == TimeMethod.SUM else -length, same))
    return rows[order[np.flatnonzero(np.diff(same[order], prepend=-1))]], left


_BUSINESS = "B"


def _business(column: Coded) -> NDArray[np.bool_]:
    return np.array([text == _BUSINESS for text in column.texts], dtype=bool)[column.codes]


@dataclass(frozen=True)
class _Lengthening:
    """``rows``: the series of the source by their places in the answer."""

    source: Source
    wanted: OverTime
    rows: NDArray[np.int64]
    rules: TimeRules

    def toll(self, places: Places) -> int:
        return self.source.toll(self.rows[places]) * (2 if self.rules.weighs(self.wanted) else 1)

    def read(self, places: Places) -> Iterator[Batch]:
        for batch in self.source.read(self.rows[places]):
            if batch.series_count:
                yield self._renamed(self._lengthened(batch))

    def _renamed(self, batch: Batch) -> Batch:
        place, count = self.source.structure.frequency_index, batch.series_count
        code = Coded.constant(self.wanted.frequency, count)
        key = tuple(code if number == place else column for number, column in enumerate(batch.key))
        return replace(batch, key=key, frequencies=np.full(count, self.wanted.frequency))

    def _lengthened(self, batch: Batch) -> Batch:
        """The series of a batch by what they are and how they go over time."""
        hows = self.rules.of(batch, self.wanted, batch.frequencies == self.wanted.frequency)
        found, where = list[Batch](), list[NDArray[np.int64]]()
        for how in dict.fromkeys(hows):
            inside = np.flatnonzero([each == how for each in hows])
            some = batch.take_series(inside)
            where.append(inside)
            found.append(some if how is None else self._together(some, *how))
        return joined(found, len(batch.key)).take_series(np.argsort(np.concatenate(where)))

    def _together(self, batch: Batch, method: TimeMethod, weight: Weight | None) -> Batch:
        spans = Spans.of(batch, self.wanted.frequency)
        if method in (TimeMethod.FIRST, TimeMethod.LAST):
            kept = spans.ends(batch, first=method == TimeMethod.FIRST)
        else:
            kept = spans.folded(self.source.structure, batch, method, self._weights(batch, weight))
        described = collected(self.source.structure, kept.series_attributes, method, kept.series_count)
        return replace(kept, series_attributes=described)

    def _weights(self, batch: Batch, weight: Weight | None) -> Exact | None:
        if weight is None:
            return None
        weighing = Weighing(self.source, weight, self._finder)
        if weight.code is not None:
            weighing.load(self._finder.places(batch))
        return weighing.of(batch)

    @cached_property
    def _finder(self) -> Finder:
        return Finder(self.source)
