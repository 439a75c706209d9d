"""Decimal texts to :class:`registry.columns.Numbers` and back: ``Decimal(out) == Decimal(in)``, always."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from registry.columns import Numbers, or_none
from registry.number import plain, plain_float, plain_number

DIGITS = 15
"""As many digits always survive a float64 (IEEE 754, DBL_DIG)."""


def numbers_of(values: Sequence[str | None]) -> Numbers:
    """Numbers from decimal texts. A text that is no number stays a text."""
    floats = _cast(values)
    if floats is None:
        return _one_by_one(values)
    # Longer texts are looked at one by one.
    lengths = np.fromiter((0 if text is None else len(text) for text in values), np.int64, len(values))
    odd = np.flatnonzero((lengths > DIGITS) | ((lengths > 0) & ~np.isfinite(floats)))
    return _with_exceptions(floats + 0.0, values, odd)


def texts_of(values: Sequence[str | None]) -> Numbers:
    """The values of a measure that is no number."""
    column = np.empty(len(values), object)
    column[:] = values
    return Numbers(np.full(len(values), np.nan), or_none(column))


def _cast(values: Sequence[str | None]) -> NDArray[np.float64] | None:
    try:
        column = pa.array(values, pa.string()).cast(pa.float64())
    except (pa.ArrowInvalid, UnicodeEncodeError):
        return None
    floats: NDArray[np.float64] = column.to_numpy(zero_copy_only=False)
    return floats


def _one_by_one(values: Sequence[str | None]) -> Numbers:
    floats = np.full(len(values), np.nan)
    return _with_exceptions(floats, values, np.arange(len(values)))


def _with_exceptions(floats: NDArray[np.float64], values: Sequence[str | None], odd: NDArray[np.int64]) -> Numbers:
    texts = np.full(len(values), None, object) if len(odd) else None
    for place in odd.tolist():
        text = values[place]
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


def decimal_texts(numbers: Numbers) -> list[str | None]:
    """n values as plain decimal texts, None where there is none."""
    found: list[str | None] = [plain_float(number) if number == number else None for number in numbers.floats.tolist()]
    if numbers.texts is not None:
        for place in np.flatnonzero(numbers.texts != None).tolist():  # noqa: E711 - elementwise on purpose
            found[place] = numbers.texts[place]
    return found
