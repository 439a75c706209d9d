"""Quotients, rounded to twelve significant digits, halves to even: the one rule for what does not come out exactly."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal

import numpy as np
from numpy.typing import NDArray

from hub.computing.exactly import Whole
from registry.columns import Numbers, or_none
from registry.number import plain, plain_float

DIGITS = 12
"""Significant digits of a mean, a percentage or a rebased index."""

_CONTEXT = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, Emax=10**6, Emin=-(10**6))
_UNSURE = 0.005
"""How near a half a float may be before the exact quotient decides; its error stays below a tenth of this."""


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
        exponents = np.floor(np.log10(np.abs(rough)))
        exponents[above == 0] = 0
        up = DIGITS - 1 - exponents
        moved = rough * 10.0**up
        whole = np.rint(moved)
        back = up - shift
        found = np.where(back >= 0, whole / 10.0**back, whole * 10.0**-back)
        sure = (np.abs(np.abs(moved - np.trunc(moved)) - 0.5) > _UNSURE) & (np.abs(up) <= 22) & (np.abs(back) <= 22)
        sure &= (np.abs(whole) >= 10.0 ** (DIGITS - 1)) & (np.abs(whole) < 10.0**DIGITS) & (np.abs(found) < 1e15)
        # A float above 2**53 has lost digits before the division.
        sure &= (np.abs(above) < 2.0**53) & (np.abs(below) < 2.0**53)
    return found + 0.0, ~(sure | (above == 0))


def rounded(above: int, below: int, shift: int) -> tuple[float, str | None]:
    """One quotient: the float that says it, else its text."""
    number = _CONTEXT.divide(Decimal(above), Decimal(below)) if shift == 0 else _shifted(above, below, shift)
    text = plain(f"{number:f}")
    value = float(text)
    return (value + 0.0, None) if np.isfinite(value) and plain_float(value) == text else (np.nan, text)


def _shifted(above: int, below: int, shift: int) -> Decimal:
    up, down = (10**shift, 1) if shift > 0 else (1, 10**-shift)
    return _CONTEXT.divide(Decimal(above * up), Decimal(below * down))
