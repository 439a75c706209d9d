"""Deletions of a file as removals: at the lowest level of detail that is stated.

A statement without measures and attributes takes out the observations of all series under its codes, at its period if it names
one; with some it empties only those. Source: SDMX 3.1 section 3A, "Delete Action"; SDMX-CSV 2.1 field guide, action D.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from registry.inspection import Inspection, Step
from registry.period import Period, PeriodRange
from registry.raw import Parts, RawColumn, RawDataSet, RawTable
from registry.rules import SWITCHED_OFF, period_frequency
from registry.selection import ALL_PERIODS
from registry.staging import Removal
from registry.verdicts import FREQUENCY_CODES, Codings, Mask, Verdicts, dated, fits

FREQ = "FREQ"

Slice = tuple[tuple[tuple[str, str], ...], frozenset[str], str]
"""Dimensions with their codes, components to be emptied, frequency of the periods (empty: every period)."""


class Removing:
    """Gathers deletions; ``close`` gives the removals. Their order does not matter, so neighbouring periods become one."""

    def __init__(self, inspection: Inspection) -> None:
        self._at = inspection
        self._slices: dict[Slice, list[int]] = {}
        self._whole: Parts | None = None

    def begin(self, head: RawDataSet) -> None:
        """A data set to be deleted: as a whole, or its attributes, if nothing in it says what."""
        self._finish_whole()
        self._whole = head.parts

    def observe(self, table: RawTable) -> None:
        """Observations to be deleted, or slices of them."""
        self._whole = None
        at, verdicts = self._at, Verdicts(len(table))
        at.strays(table, verdicts)
        dimensions = {name: at.coded(table, name, verdicts) for name in at.key}
        frequencies, ordinals, dated_rows = self._when(table, dimensions, verdicts)
        named = self._components(table)
        for row in np.flatnonzero(verdicts.passed).tolist():
            codes = {name: at.terms.texts(name)[column[row]] for name, column in dimensions.items() if column[row] >= 0}
            components = {name for name, stated in named.items() if stated[row]}
            frequency = FREQUENCY_CODES[frequencies[row]] if dated_rows[row] else ""
            self._take(codes, components, frequency, int(ordinals[row]))
        at.checked.removed += int(verdicts.passed.sum())
        at.checked.observations += int(verdicts.passed.sum())
        for row in np.flatnonzero(~verdicts.passed).tolist():
            at.refuse_row(verdicts.faults[verdicts.of[row]], table, row)

    def bare(self, table: RawTable) -> None:
        """Whole series to be deleted, by a whole key or part of one; or some of their attributes."""
        self.observe(table)

    def group(self, parts: Parts) -> None:
        """The same for the series of a group."""
        columns = {name: RawColumn([value]) for name, value in parts.items()}
        self.observe(RawTable(columns, np.zeros(1, np.int64), observed=False))

    def _when(
        self, table: RawTable, dimensions: dict[str, Codings], verdicts: Verdicts
    ) -> tuple[NDArray[np.int8], NDArray[np.int64], Mask]:
        """Frequency and ordinal of each row's period, and which rows name one."""
        at, count = self._at, len(table)
        column = table.columns.get(at.time)
        if column is None:
            return np.zeros(count, np.int8), np.zeros(count, np.int64), np.zeros(count, np.bool_)
        named = column.stated() & np.array([column[row] != SWITCHED_OFF for row in range(count)], np.bool_)
        told = Verdicts(count)
        frequencies, ordinals = dated(column, at.periods, told)
        for number, fault in enumerate(told.faults):
            verdicts.refuse(named & (told.of == number), verdicts.add(fault))
        if (index := at.structure.frequency_index) is not None:
            expected = self._expected(dimensions[at.key[index]])
            fits(np.where(named, expected, np.int8(-1)), frequencies, ordinals, at.time, verdicts)
        return frequencies, ordinals, named

    def _expected(self, codes: Codings) -> NDArray[np.int8]:
        """The number of the frequency that periods under each code of FREQ must have, -1 for any."""
        texts = self._at.terms.texts(FREQ)
        found = [period_frequency(text) for text in texts]
        table = np.array([-1 if each is None else FREQUENCY_CODES.index(each) for each in [*found, None]], np.int8)
        return table[codes]

    def _components(self, table: RawTable) -> dict[str, Mask]:
        """Which rows name each measure and attribute; what a series says of itself above its observations only describes."""
        at = self._at
        columns = {name: at.measure_column(table, name) for name in at.measures}
        columns |= {name: table.columns.get(name) for name in (*at.observation, *at.upper, *at.dataset)}
        return {name: each.stated() for name, each in columns.items() if each is not None and name not in table.shared}

    def _take(self, codes: dict[str, str], components: set[str], frequency: str, ordinal: int) -> None:
        """At a period its measures and observation attributes, else what is named above; a row of nothing names all."""
        at = self._at
        near = components & {*at.measures, *at.observation}
        above = components - near if not (near and frequency) else set()
        if near or not components:
            for exact in self._with_frequency(codes, frequency):
                self._slices.setdefault((tuple(exact.items()), frozenset(near), frequency), []).append(ordinal)
        for name in above:
            attribute = at.upper.get(name)
            kept = attribute.dimensions or at.key if attribute else ()
            under = tuple((dimension, code) for dimension, code in codes.items() if dimension in kept)
            self._slices.setdefault((under, frozenset({name}), ""), [0])

    def _with_frequency(self, codes: dict[str, str], frequency: str) -> Iterator[dict[str, str]]:
        """A period without FREQ means the series of that frequency: ``2023`` is not the months of 2023."""
        codelist = self._at.structure.codelists.get(FREQ)
        if not frequency or FREQ in codes or FREQ not in self._at.key or codelist is None:
            yield codes
            return
        for item in codelist.items:
            if period_frequency(item.id) == frequency:
                yield codes | {FREQ: item.id}

    def _finish_whole(self) -> None:
        parts, self._whole = self._whole, None
        if parts is None:
            return
        named = {name for name in self._at.dataset if parts.get(name)}
        self._take({}, named, "", 0)
        self._at.checked.observations += 1
        self._at.checked.removed += 1

    def close(self) -> Iterator[Step]:
        """The removals; nothing can be added afterwards."""
        self._finish_whole()
        slices = self._slices
        if slices:
            yield lambda: _removals(slices)


def _removals(slices: dict[Slice, list[int]]) -> Iterator[Removal]:
    for (codes, components, frequency), ordinals in slices.items():
        for periods in _ranges(frequency, ordinals):
            yield Removal(dict(codes), periods, components)


def _ranges(frequency: str, ordinals: list[int]) -> Iterator[PeriodRange]:
    """Neighbouring periods together."""
    if not frequency:
        yield ALL_PERIODS
        return
    distinct = np.unique(np.array(ordinals, dtype=np.int64))
    for run in np.split(distinct, np.flatnonzero(np.diff(distinct) > 1) + 1):
        yield PeriodRange(Period(frequency, int(run[0])), Period(frequency, int(run[-1])))
