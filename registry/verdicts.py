"""Columns of a file checked at once: each distinct text by the rules of :mod:`registry.rules`, each row by number.

Faults are rare, so a row holds only the number of its first one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from registry.columns import Numbers
from registry.dated import Days
from registry.exact import numbers_of, numbers_of_column
from registry.number import plain_number
from registry.period import FREQUENCIES, NO_TIME, period_text
from registry.raw import RawColumn, RawValue
from registry.rules import Codes, Fault, Periods, single

FREQUENCY_CODES = (NO_TIME, *FREQUENCIES)
"""Frequencies by number."""

Mask = NDArray[np.bool_]
Codings = NDArray[np.int32]


class Verdicts:
    """The first fault of each row, ``of`` -1 where there is none."""

    def __init__(self, count: int) -> None:
        self.of: Codings = np.full(count, -1, np.int32)
        self.faults: list[Fault] = []

    def add(self, fault: Fault) -> int:
        self.faults.append(fault)
        return len(self.faults) - 1

    def refuse(self, rows: Mask, which: int | Codings) -> None:
        """Rows that have no fault yet get this one, or theirs."""
        fresh = rows & (self.of < 0)
        self.of[fresh] = which if isinstance(which, int) else which[fresh]

    @property
    def passed(self) -> Mask:
        return self.of < 0


class Terms:
    """Gives the texts of every component numbers, in the order of their first appearance in the file."""

    def __init__(self) -> None:
        self._numbers: dict[str, dict[str, int]] = {}

    def number(self, component: str, text: str) -> int:
        known = self._numbers.setdefault(component, {})
        return known.setdefault(text, len(known))

    def texts(self, component: str) -> tuple[str, ...]:
        return tuple(self._numbers.get(component, ()))

    def coded(self, component: str, column: RawColumn | None, codes: Codes, verdicts: Verdicts) -> Codings:
        """The number of each row's code or text, -1 for none; what is no code is refused."""
        if column is None:
            return np.full(len(verdicts.of), -1, np.int32)
        values, places = column.coded()
        table = np.full(len(values) + 1, -1, np.int32)
        wrong = False
        for place, value in enumerate(values):
            found = codes.check(component, value)
            if isinstance(found, Fault):
                table[place], wrong = -2 - verdicts.add(found), True
            elif found is not None:
                table[place] = self.number(component, found)
        coded: Codings = table[places]
        if wrong:
            bad = coded < -1
            verdicts.refuse(bad, -2 - coded)
            coded[bad] = -1
        return coded


def dated(column: RawColumn | None, periods: Periods, verdicts: Verdicts) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
    """Number of the frequency and ordinal of each row's period; what is no period is refused."""
    absent = RawColumn([None], np.zeros(len(verdicts.of), np.int32))
    values, places = (column or absent).coded()
    frequencies, ordinals = np.zeros(len(values) + 1, np.int8), np.zeros(len(values) + 1, np.int64)
    faulty = np.full(len(values) + 1, -1, np.int32)
    for place, value in enumerate([*values, None]):
        found = periods.read(value)
        if isinstance(found, Fault):
            faulty[place] = verdicts.add(found)
        else:
            frequencies[place], ordinals[place] = FREQUENCY_CODES.index(found[0]), found[1]
    verdicts.refuse(faulty[places] >= 0, faulty[places])
    return frequencies[places], ordinals[places]


def fits(
    expected: NDArray[np.int8], frequencies: NDArray[np.int8], ordinals: NDArray[np.int64], time: str, verdicts: Verdicts
) -> None:
    """Refuse periods of another frequency than expected; -1 expects none."""
    odd = verdicts.passed & (expected >= 0) & (expected != frequencies)
    known: dict[tuple[int, int, int], int] = {}
    for row in np.flatnonzero(odd).tolist():
        case = int(expected[row]), int(frequencies[row]), int(ordinals[row])
        if case not in known:
            found = period_text(FREQUENCY_CODES[case[1]], case[2])
            known[case] = verdicts.add(Fault("PERIOD_FREQUENCY", time, {"found": found, "frequency": FREQUENCY_CODES[case[0]]}))
        verdicts.of[row] = known[case]


def outside(
    days: Days,
    texts: tuple[str, ...],
    codes: Codings,
    frequencies: NDArray[np.int8],
    ordinals: NDArray[np.int64],
    verdicts: Verdicts,
) -> None:
    """Refuse codes, by number among ``texts``, in periods of which no day is theirs."""
    known: dict[tuple[int, int, int], int] = {}
    for number in np.unique(frequencies[verdicts.passed & (codes >= 0)]).tolist():
        low, high = days.limits(texts, FREQUENCY_CODES[number])
        mine = verdicts.passed & (codes >= 0) & (frequencies == number)
        odd = mine & ((ordinals < low[codes]) | (ordinals > high[codes]))
        for row in np.flatnonzero(odd).tolist():
            case = number, int(codes[row]), int(ordinals[row])
            if case not in known:
                period = period_text(FREQUENCY_CODES[number], case[2])
                known[case] = verdicts.add(Fault("CODE_NOT_VALID", days.dimension, days.facts(texts[case[1]], period)))
            verdicts.of[row] = known[case]


def measured(measure: str, column: RawColumn | None, verdicts: Verdicts) -> Numbers:
    """The numbers of a measure; what is no number is refused."""
    if column is None:
        return Numbers(np.full(len(verdicts.of), np.nan))
    numbers, faults = _numbers(measure, column)
    if numbers.texts is not None:
        for place in np.flatnonzero(numbers.texts != None).tolist():  # noqa: E711 - elementwise on purpose
            if plain_number(text := numbers.texts[place]) is None:
                faults.setdefault(place, Fault("NOT_A_NUMBER", measure, {"found": text[:60]}))
    if faults:
        table = np.full(len(numbers), -1, np.int32)
        for place, fault in faults.items():
            table[place] = verdicts.add(fault)
        which = column.spread(table)
        verdicts.refuse(which >= 0, which)
    return numbers if column.places is None else _placed(numbers, column.places)


def _numbers(measure: str, column: RawColumn) -> tuple[Numbers, dict[int, Fault]]:
    """The number of each text, and what is wrong with those that are several, by their place among the texts."""
    arrow = column.arrow()
    if arrow is not None:
        return numbers_of_column(arrow), {}
    values: list[RawValue | Fault | None] = [single(measure, value) for value in column.texts]
    faults = {place: value for place, value in enumerate(values) if isinstance(value, Fault)}
    return numbers_of([value if isinstance(value, str) else None for value in values]), faults


def _placed(numbers: Numbers, places: NDArray[np.integer[Any]]) -> Numbers:
    found = numbers.take(np.maximum(places, 0).astype(np.int64))
    absent = places < 0
    found.floats[absent] = np.nan
    if found.texts is not None:
        found.texts[absent] = None
    return found
