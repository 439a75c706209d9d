"""Filters on what the index of keys does not know: values of attributes and measures, times, codes without a code list.

What is said nowhere is unlike every value: it passes ``ne`` and ``nc`` and nothing else. Codes and texts are compared as texts,
measures as numbers where both sides are numbers, times by the calendar: what begins inside a period is equal to it.

Source: SDMX REST 2.2, "Data queries", parameter ``c``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from adapters.sdmx.filters import OPERATORS, Expression, Term, without_zone
from adapters.sdmx.window import limited
from registry.chapter import NUMERIC
from registry.columns import Batch, Coded, Numbers
from registry.model import DataStructure, Level
from registry.number import plain_float
from registry.period import Period, parse_period
from registry.several import parted

Mask = NDArray[np.bool_]
Value = TypeVar("Value")

_UNLIKE = ("ne", "nc")
_TIMES: Mapping[str, Callable[[Period, Period], bool]] = {
    "eq": lambda found, asked: asked.start <= found.start < asked.end,
    "ne": lambda found, asked: not asked.start <= found.start < asked.end,
    "lt": lambda found, asked: found.start < asked.start,
    "le": lambda found, asked: found.start < asked.end,
    "gt": lambda found, asked: found.start >= asked.end,
    "ge": lambda found, asked: found.start >= asked.start,
}


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What must hold of an observation, by component: for each one of the alternatives.

    ``first`` and ``last`` are how many observations of each series are wanted; they count what fits.
    """

    dsd: DataStructure
    wanted: Mapping[str, Expression]
    first: int | None = None
    last: int | None = None

    def without(self, name: str) -> Conditions | None:
        """The others; None where there are none."""
        left = {other: wanted for other, wanted in self.wanted.items() if other != name}
        return replace(self, wanted=left) if left else None

    @property
    def components(self) -> tuple[str, ...]:
        """What must be read to decide."""
        return tuple(self.wanted)

    @property
    def near(self) -> bool:
        """Whether they are about single observations and not whole series."""
        shared = {attribute.id for attribute in self.dsd.attributes if attribute.level is not Level.OBSERVATION}
        return any(name not in self.dsd.key and name not in shared for name in self.wanted)

    @property
    def told_by_observations(self) -> bool:
        """Whether an observation and its key alone decide: a change of what series share changes no observation."""
        shared = {attribute.id for attribute in self.dsd.attributes if attribute.level is not Level.OBSERVATION}
        return shared.isdisjoint(self.wanted)

    def of_set(self, attributes: Mapping[str, str]) -> bool:
        """Whether what is said of a data set fits."""
        return all(_any(self.wanted[name], said(attributes.get(name))) for name in self._whole)

    @property
    def of_series(self) -> Conditions:
        """The conditions on series and observations alone."""
        return replace(self, wanted={name: wanted for name, wanted in self.wanted.items() if name not in self._whole})

    @property
    def _whole(self) -> frozenset[str]:
        return frozenset(one.id for one in self.dsd.attributes_at(Level.DATA_SET) if one.id in self.wanted)

    def fits(self, batch: Batch) -> Mask:
        """bool[n]: which observations fit, by themselves and their keys."""
        series, single = self._masks(batch)
        found: Mask = single & np.repeat(series, batch.counts)
        return found

    def kept(self, batches: Iterator[Batch], of_set: Mapping[str, str]) -> Iterator[Batch]:
        """What fits of an answer; ``of_set`` are the attributes of its data set."""
        if self.of_set(of_set):
            left = self.of_series
            yield from (found for batch in batches if (found := left._cut(batch)).series_count)

    def _cut(self, batch: Batch) -> Batch:
        series, single = self._masks(batch)
        if single.all():
            return limited(batch.take_series(np.flatnonzero(series)), self.first, self.last)
        fitting = batch.keep(single & np.repeat(series, batch.counts)).without_empty()
        return limited(fitting, self.first, self.last)

    def _masks(self, batch: Batch) -> tuple[Mask, Mask]:
        """What fits of the series, and what of the observations."""
        series, single = np.ones(batch.series_count, np.bool_), np.ones(batch.observations, np.bool_)
        for name, expression in self.wanted.items():
            if name in self.dsd.key:
                series &= _coded(batch.key[self.dsd.key.index(name)], expression)
            elif self.dsd.time is not None and name == self.dsd.time.id:
                single &= _timed(batch.periods(), expression)
            elif name in batch.measures:
                single &= _numbers(batch.measures[name], expression)
            elif name in batch.attributes:
                single &= _coded(batch.attributes[name], expression)
            else:
                column = batch.series_attributes.get(name)
                absent = Coded.constant(None, batch.series_count)
                series &= _coded(column if column is not None else absent, expression)
        return series, single


def sensible(dsd: DataStructure, name: str, expression: Expression) -> bool:
    """Whether what is asked can mean something: numbers are compared with numbers. :class:`registry.errors.Invalid` BAD_PERIOD
    for times that are none."""
    terms = [term for group in expression for term in group]
    if dsd.time is not None and name == dsd.time.id:
        return all(operator not in _TIMES or _period(value) for operator, value in terms)
    measure = next((one for one in dsd.measures if one.id == name), None)
    if measure is None or measure.codelist is not None or measure.text_type not in NUMERIC:
        return True
    return all(operator not in _ORDER or _decimal(value) is not None for operator, value in terms)


def _any(expression: Expression, test: Callable[[Term], bool]) -> bool:
    return any(all(test(term) for term in group) for group in expression)


def said(text: str | None) -> Callable[[Term], bool]:
    """The test of one text, or of nothing. Of several values one must fit, and all where something must not be."""
    if text is None:
        return lambda term: term[0] in _UNLIKE
    values = parted(text)

    def test(term: Term) -> bool:
        fit = (OPERATORS[term[0]](value, term[1]) for value in values)
        return all(fit) if term[0] in _UNLIKE else any(fit)

    return test


def _coded(column: Coded, expression: Expression) -> Mask:
    table = np.array([_any(expression, said(text)) for text in (*column.texts, None)], np.bool_)
    return table[column.codes]


def _timed(column: Coded, expression: Expression) -> Mask:
    asked = {value: _period(value) for group in expression for operator, value in group if operator in _TIMES}

    def test(text: str) -> Callable[[Term], bool]:
        found = parse_period(text)
        return lambda term: _TIMES[term[0]](found, asked[term[1]]) if term[0] in _TIMES else OPERATORS[term[0]](text, term[1])

    table = np.array([_any(expression, test(text)) for text in column.texts], np.bool_)
    return table[column.codes] if len(table) else np.zeros(len(column), np.bool_)


def _period(text: str) -> Period:
    return parse_period(without_zone(text))


def _numbers(column: Numbers, expression: Expression) -> Mask:
    """Each distinct value once; most questions leave few of them, and most columns hold few."""
    distinct, places = np.unique(column.floats, return_inverse=True)
    texts = [None if np.isnan(number) else plain_float(number) for number in distinct.tolist()]
    found = np.array([_any(expression, _number(text)) for text in texts], np.bool_)[places]
    if column.texts is not None:
        for place in np.flatnonzero(column.texts != None).tolist():  # noqa: E711 - elementwise on purpose
            found[place] = _any(expression, _number(str(column.texts[place])))
    return found


def _number(text: str | None) -> Callable[[Term], bool]:
    """The test of one value of a measure."""
    if text is None:
        return said(None)
    own = _decimal(text)

    def test(term: Term) -> bool:
        operator, value = term
        other = _decimal(value)
        if own is None or other is None or operator not in _ORDER:
            return OPERATORS[operator](text, value)
        return _ORDER[operator](own, other)

    return test


_ORDER: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "eq": lambda found, asked: found == asked,
    "ne": lambda found, asked: found != asked,
    "lt": lambda found, asked: found < asked,
    "le": lambda found, asked: found <= asked,
    "gt": lambda found, asked: found > asked,
    "ge": lambda found, asked: found >= asked,
}


def _decimal(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
