"""Decimal texts to :class:`registry.columns.Numbers` and back: ``Decimal(out) == Decimal(in)``, always."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from registry.columns import Numbers, or_none
from registry.number import plain, plain_float, plain_number

DIGITS = 15
"""As many digits always survive a float64 (IEEE 754, DBL_DIG)."""

SAFE = 10**DIGITS

_INTEGERS = 2.0**53
_MOST_DECIMALS = 18
_SAMPLE = 64

_SIMPLE = r"^-?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?$"
"""What is surely a number for Arrow; anything else is looked at one by one."""


def numbers_of(values: Sequence[str | None]) -> Numbers:
    """Numbers from decimal texts. A text that is no number stays a text, an empty one is nothing."""
    try:
        return numbers_of_column(pa.array(values, pa.string()))
    except UnicodeEncodeError:
        return _with_exceptions(np.full(len(values), np.nan), values, np.arange(len(values)))


def numbers_of_column(column: pa.StringArray) -> Numbers:
    """The same from a column of texts."""
    lengths = pc.binary_length(column).fill_null(0).to_numpy(zero_copy_only=False)
    floats = _cast(column, lengths)
    # Longer texts are looked at one by one.
    odd = np.flatnonzero((lengths > DIGITS) | ((lengths > 0) & ~np.isfinite(floats)))
    return _with_exceptions(floats + 0.0, column, odd)


def texts_of(values: Sequence[str | None]) -> Numbers:
    """The values of a measure that is no number."""
    column = np.empty(len(values), object)
    column[:] = values
    return Numbers(np.full(len(values), np.nan), or_none(column))


def _cast(column: pa.StringArray, lengths: NDArray[np.int32]) -> NDArray[np.float64]:
    """Each text as a float, NaN where it is none."""
    if not lengths.all():
        column = pc.if_else(pa.array(lengths > 0), column, None)
    try:
        numbers = column.cast(pa.float64())
    except pa.ArrowInvalid:
        numbers = pc.if_else(pc.match_substring_regex(column, _SIMPLE), column, None).cast(pa.float64())
    floats: NDArray[np.float64] = numbers.to_numpy(zero_copy_only=False)
    return floats


def _with_exceptions(
    floats: NDArray[np.float64], values: Sequence[str | None] | pa.StringArray, odd: NDArray[np.int64]
) -> Numbers:
    texts = np.full(len(values), None, object) if len(odd) else None
    for place in odd.tolist():
        found = values[place]
        text = found.as_py() if isinstance(found, pa.Scalar) else found
        floats[place], texts[place] = _exactly(text) if text is not None else (np.nan, None)  # type: ignore[index]
    return Numbers(floats, None if texts is None else or_none(texts))


def _exactly(text: str) -> tuple[float, str | None]:
    """The float that says the same as the text, else the text."""
    if plain_number(text) is None:
        return math.nan, text
    spelled = plain(text)
    number = float(spelled)
    if math.isfinite(number) and Decimal(repr(number)) == Decimal(spelled):
        return number + 0.0, None
    return math.nan, spelled


def decimals_of(floats: NDArray[np.float64]) -> int | None:
    """Decimals that are enough for all numbers (NaN is none), so that ``rint(floats * 10**decimals)`` says them without the
    point, none with more than 15 digits. None where there are no such."""
    filled = np.where(np.isnan(floats), 0.0, floats)
    scale, values, fits = without_point(filled)
    return scale if fits.all() and max(values.max(initial=0.0), -values.min(initial=0.0)) < SAFE else None


def without_point(floats: NDArray[np.float64]) -> tuple[int, NDArray[np.float64], NDArray[np.bool_]]:
    """The decimals that the numbers have, ``floats * 10**decimals``, and where these say the same."""
    # What a few numbers need, most often all need; looking for it in all of them is the long way.
    scale = _most_decimals(floats[:: len(floats) // _SAMPLE + 1])
    values, fits = _whole(floats, scale)
    if not fits.all():
        scale = _most_decimals(floats)
        values, fits = _whole(floats, scale)
    return scale, values, fits


def _whole(floats: NDArray[np.float64], scale: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    if scale == 0:
        values = np.rint(floats)
        return values, (values == floats) & (np.abs(values) < _INTEGERS)
    power = 10.0**scale
    values = np.rint(floats * power)
    fits = values / power == floats
    return values, fits if max(values.max(initial=0.0), -values.min(initial=0.0)) < SAFE else fits & (np.abs(values) < SAFE)


def _most_decimals(floats: NDArray[np.float64]) -> int:
    """The decimals of those numbers that say the same without the point."""
    left = floats[np.abs(floats) < SAFE]
    found = 0
    for scale in range(_MOST_DECIMALS):
        values = np.rint(left * 10.0**scale)
        inside = np.abs(values) < SAFE
        done = inside & (values / 10.0**scale == left)
        found = scale if done.any() else found
        left = left[~done & inside]
        if not len(left):
            break
    return found


def decimal_texts(numbers: Numbers) -> list[str | None]:
    """n values as plain decimal texts, None where there is none."""
    found: list[str | None] = [plain_float(number) if number == number else None for number in numbers.floats.tolist()]
    if numbers.texts is not None:
        for place in np.flatnonzero(numbers.texts != None).tolist():  # noqa: E711 - elementwise on purpose
            found[place] = numbers.texts[place]
    return found
