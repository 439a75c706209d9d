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


def decimal_texts(numbers: Numbers) -> list[str | None]:
    """n values as plain decimal texts, None where there is none."""
    found: list[str | None] = [plain_float(number) if number == number else None for number in numbers.floats.tolist()]
    if numbers.texts is not None:
        for place in np.flatnonzero(numbers.texts != None).tolist():  # noqa: E711 - elementwise on purpose
            found[place] = numbers.texts[place]
    return found
