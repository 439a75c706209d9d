"""Quotients, rounded to twelve significant digits, halves to even: the one rule for what does not come out exactly."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from hub.computing.exactly import Whole
from registry.columns import Numbers, or_none
from registry.number import DIGITS, ROUNDING, plain, plain_float

_MOST = 22
_POWERS = 10.0 ** np.arange(_MOST + 1)
_UNSURE = 0.001
"""How near a half a float may be before the exact quotient decides. Its error is smaller: two roundings of a number of twelve
digits make ``2 * 2**-53 * 10**12``, less than a quarter of this."""


def quotients(above: Whole, below: Whole, shift: int, wanted: NDArray[np.bool_]) -> Numbers:
    """``above / below * 10**shift`` where wanted (``below`` is not 0 there), rounded."""
    places = np.flatnonzero(wanted)
    floats, texts = np.full(len(wanted), np.nan), None
    some, unsure = _quick(above[places].astype(float), below[places].astype(float), shift)
    floats[places] = some
    if unsure.any():
        texts = np.full(len(wanted), None, object)
        for place in places[unsure].tolist():
            floats[place], texts[place] = rounded(int(above[place]), int(below[place]), shift)
    return Numbers(floats, None if texts is None else or_none(texts))


def _quick(above: NDArray[np.float64], below: NDArray[np.float64], shift: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The quotients by floats, and where they cannot be sure of the last digit."""
    with np.errstate(all="ignore"):
        rough = above / below
        zero = above == 0
        up = np.where(zero, 0.0, DIGITS - 1 - np.floor(np.log10(np.abs(rough))))
        sure = (np.abs(up) <= _MOST) & (np.abs(up - shift) <= _MOST)
        up = np.where(sure, up, 0.0).astype(np.int64)
        moved = _moved(rough, up)
        whole = np.rint(moved)
        found = _moved(whole, np.where(sure, shift - up, 0))
        size = np.abs(whole)
        sure &= (np.abs(np.abs(moved - whole) - 0.5) > _UNSURE) & (size >= 10.0 ** (DIGITS - 1)) & (size < 10.0**DIGITS)
        # A float above 2**53 has lost digits before the division.
        sure &= (np.abs(above) < 2.0**53) & (np.abs(below) < 2.0**53) & (np.abs(found) < 1e15)
    return np.where(zero, 0.0, found), ~(sure | zero)


def _moved(numbers: NDArray[np.float64], places: NDArray[np.int64]) -> NDArray[np.float64]:
    """Times ten to the power of ``places``: powers up to 22 are exact in floats, so this rounds once."""
    if (places >= 0).all():
        return numbers * _POWERS[places]
    return np.where(places >= 0, numbers * _POWERS[np.maximum(places, 0)], numbers / _POWERS[np.maximum(-places, 0)])


def rounded(above: int, below: int, shift: int) -> tuple[float, str | None]:
    """One quotient: the float that says it, else its text."""
    number = ROUNDING.divide(Decimal(above), Decimal(below)) if shift == 0 else _shifted(above, below, shift)
    text = plain(f"{number:f}")
    value = float(text)
    return (value + 0.0, None) if np.isfinite(value) and plain_float(value) == text else (np.nan, text)


def _shifted(above: int, below: int, shift: int) -> Decimal:
    up, down = (10**shift, 1) if shift > 0 else (1, 10**-shift)
    return ROUNDING.divide(Decimal(above * up), Decimal(below * down))
