"""Which series of an answer are given at once: those after a key, so that a page stays where it is whatever comes before it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from registry.columns import Coded, Places
from registry.errors import Invalid

Keys = tuple[tuple[Coded, ...], NDArray[np.str_]]
"""Codes per dimension and frequencies."""

After = tuple[str, ...] | None
"""Codes and frequency of a series."""


def page(keys: Keys, rows: Places, after: After, series: slice | None) -> tuple[Places, After]:
    """The places among ``rows`` (the answer's series, in its order) that are wanted: ``series`` counts from the one after
    ``after``. And the key to go on after, None where the answer ends. :class:`Invalid` BAD_CURSOR for a key that is not there.
    """
    start = 0 if after is None else _place(keys, rows, after) + 1
    places = np.arange(start, len(rows))[series if series is not None else slice(None)]
    more = len(places) > 0 and int(places[-1]) < len(rows) - 1
    return places, _key(keys, int(rows[places[-1]])) if more else None


def _place(keys: Keys, rows: Places, after: tuple[str, ...]) -> int:
    columns, frequencies = keys
    if len(after) == len(columns) + 1:
        left = np.arange(len(rows))
        for column, text in zip(columns, after, strict=False):
            code = column.texts.index(text) if text in column.texts else -1
            left = left[column.codes[rows[left]] == code]
        left = left[frequencies[rows[left]] == after[-1]]
        if len(left):
            return int(left[0])
    raise Invalid("BAD_CURSOR", found=".".join(after)[:60])


def _key(keys: Keys, row: int) -> tuple[str, ...]:
    """The codes of a series and its frequency: without a dimension FREQ a key alone may mean several."""
    columns, frequencies = keys
    return (*(column.texts[column.codes[row]] for column in columns), str(frequencies[row]))
