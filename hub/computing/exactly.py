"""Exact arithmetic on columns: decimals as whole numbers of one scale, so that 0.1 + 0.2 is 0.3.

int64 wherever everything fits, Python's unlimited integers (dtype object) where not: same code, same results.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from registry.columns import Numbers, or_none
from registry.errors import Invalid
from registry.exact import SAFE, without_point
from registry.number import plain, plain_float, plain_number

Whole = NDArray[np.int64] | NDArray[np.object_]

MOST_POWER = 22
"""Powers of ten up to this one are exact in floats."""

ROOM = 2**62
"""Above this whole numbers are kept as Python's."""


@dataclass(frozen=True)
class Exact:
    """n decimals ``values * 10**-scale``; ``present`` bool[n] tells where there is one. ``peak``: none is further from 0."""

    values: Whole
    scale: int
    present: NDArray[np.bool_]
    peak: int

    def at(self, scale: int) -> Exact:
        """The same with as many decimals or more."""
        return self.times(10 ** (scale - self.scale), scale)

    def times(self, factor: int | Whole, scale: int | None = None) -> Exact:
        """Multiplied by whole numbers; ``scale``: the result is read with other decimals."""
        if isinstance(factor, int) and factor == 1:
            return self if scale is None else replace(self, scale=scale)
        most = _peak(factor)
        peak = self.peak * most
        values = self.values if max(peak, most) < ROOM else self.values.astype(object)
        return Exact(values * factor, self.scale if scale is None else scale, self.present, peak)

    def take(self, places: NDArray[np.int64] | NDArray[np.bool_]) -> Exact:
        return Exact(self.values[places], self.scale, self.present[places], self.peak)


def _peak(factor: int | Whole) -> int:
    if isinstance(factor, int):
        return abs(factor)
    return max(abs(int(factor.max())), abs(int(factor.min()))) if len(factor) else 0


def exact(numbers: Numbers, measure: str = "") -> Exact:
    """The numbers as decimals of one scale; :class:`Invalid` NOT_NUMBERS where there is a text that is no number."""
    floats, present = numbers.floats, numbers.present
    filled = floats if present.all() and numbers.texts is None else np.where(np.isnan(floats), 0.0, floats)
    odd = present & np.isnan(floats) if numbers.texts is not None else np.zeros(0, dtype=bool)
    if numbers.scale is None:
        scale, values, fits = without_point(filled)
        odd = ~fits if numbers.texts is None else ~fits | odd
        peak = int(max(values.max(initial=0.0), -values.min(initial=0.0)))
    else:
        scale = numbers.scale[0]
        values = np.rint(filled * 10.0**scale)
        peak = whole_peak(*numbers.scale)
    if odd.any():
        return _long(numbers, values, np.flatnonzero(odd), scale, measure)
    return Exact(values.astype(np.int64), scale, present, peak)


def whole_peak(decimals: int, peak: float) -> int:
    """The same distance from 0 without the point, or a little more."""
    return int(peak * 10.0**decimals) + 1


def _long(numbers: Numbers, values: NDArray[np.float64], odd: NDArray[np.int64], scale: int, measure: str) -> Exact:
    """With Python's integers: some of the numbers have more digits than a float."""
    texts = {place: _decimal(numbers, place, measure) for place in odd.tolist()}
    most = max(scale, *(-int(number.as_tuple().exponent) for number in texts.values()))
    grown = 10 ** (most - scale)
    column = np.array([int(value) * grown for value in values.tolist()], dtype=object)
    for place, number in texts.items():
        column[place] = _shifted(number, most)
    return Exact(column, most, numbers.present, _peak(column))


def _shifted(number: Decimal, scale: int) -> int:
    sign, digits, exponent = number.as_tuple()
    whole = int("".join(map(str, digits)))
    up: int = 10 ** (int(exponent) + scale)
    return -whole * up if sign else whole * up


def _decimal(numbers: Numbers, place: int, measure: str) -> Decimal:
    text = numbers.texts[place] if numbers.texts is not None else None
    spelled = plain_float(float(numbers.floats[place])) if text is None else plain_number(text)
    if spelled is None:
        raise Invalid("NOT_NUMBERS", measure=measure)
    return Decimal(plain(spelled))


def numbers(decimals: Exact) -> Numbers:
    """The decimals as numbers of an answer, with every digit."""
    values, scale = decimals.values, decimals.scale
    if values.dtype != object and decimals.peak < SAFE and 0 <= scale <= MOST_POWER:
        floats = values / 10.0**scale
        return Numbers(np.where(decimals.present, floats + 0.0, np.nan))
    floats, left = _short(values, scale, decimals.present)
    if not len(left):
        return Numbers(floats)
    texts = np.full(len(values), None, object)
    for place in left.tolist():
        floats[place], texts[place] = spelled(int(values[place]), scale)
    return Numbers(floats, or_none(texts))


def _short(values: Whole, scale: int, present: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Floats of those that have few digits once the zeros at their end are gone, and the places of the others."""
    floats = np.full(len(values), np.nan)
    places = np.flatnonzero(present)
    left = values[places]
    if values.dtype == object:
        small = np.asarray(np.abs(left) < ROOM, dtype=bool)
        others, places, left = places[~small], places[small], left[small].astype(np.int64)
    else:
        others = np.zeros(0, np.int64)
    for decimals in range(scale, -1, -1):
        done = (np.abs(left) < SAFE) & (decimals <= MOST_POWER)
        floats[places[done]] = left[done] / 10.0**decimals + 0.0
        places, left = places[~done], left[~done]
        even = left % 10 == 0
        others = np.concatenate([others, places[~even]])
        places, left = places[even], left[even] // 10
        if not len(places):
            break
    return floats, np.concatenate([others, places])


def spelled(whole: int, scale: int) -> tuple[float, str | None]:
    """One number: the float that says it, else its text."""
    text = plain(f"{Decimal(whole).scaleb(-scale):f}") if abs(whole) < SAFE else plain(_long_text(whole, scale))
    number = float(text)
    return (number + 0.0, None) if np.isfinite(number) and plain_float(number) == text else (np.nan, text)


def _long_text(whole: int, scale: int) -> str:
    # Not through the decimal context, which would round to 28 digits.
    if scale <= 0:
        return str(whole * 10**-scale)
    digits = str(abs(whole)).rjust(scale + 1, "0")
    return f"{'-' if whole < 0 else ''}{digits[:-scale]}.{digits[-scale:]}"
