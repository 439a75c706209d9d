"""Which series a vintage has: every key, as codes per dimension, in memory; selections and availability are answered from it.

An index belongs to one visible ordinal of one dataflow, so it never goes stale; :mod:`hub.vintages` keeps those in use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from registry.columns import Coded, occurring, spread
from registry.period import PeriodRange

Rows = NDArray[np.int64]

_LARGEST = 2**62

FEW = 256
"""Keys that are looked up one by one; of more the rows are gone through."""


@dataclass(frozen=True)
class KeyIndex:
    """n rows sorted by key, code texts compared dimension by dimension; one row per series and frequency.

    series[n]           series numbers                       key    a column of n codes per dimension
    frequencies[n]      first[n] last[n] count[n]            the span and number of observations
    places[n]           where a row stands among all possible keys, ascending; None when there are too many to number
    """

    series: NDArray[np.int64]
    key: tuple[Coded, ...]
    frequencies: NDArray[np.str_]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    count: NDArray[np.int64]
    places: NDArray[np.int64] | None

    def __len__(self) -> int:
        return len(self.series)

    @property
    def bytes(self) -> int:
        return len(self) * (4 * 8 + 4 + 8 + 3 * 4 * len(self.key)) + 1000

    def match(self, dimensions: tuple[str, ...], wanted: Mapping[str, tuple[str, ...]], periods: PeriodRange) -> Rows:
        """The rows whose codes are wanted and whose span meets the periods, in key order."""
        codes = {dimensions.index(name): self._known(dimensions.index(name), texts) for name, texts in wanted.items()}
        return self._meeting(self._fitting(codes), periods)

    def _known(self, place: int, texts: tuple[str, ...]) -> list[int]:
        known = self._dictionaries[place]
        return [known[text] for text in texts if text in known]

    @cached_property
    def _dictionaries(self) -> tuple[dict[str, int], ...]:
        return tuple({text: code for code, text in enumerate(column.texts)} for column in self.key)

    def _fitting(self, wanted: dict[int, list[int]]) -> Rows:
        """Begin with the rows of few keys or with the dimension that leaves fewest, then look at the other dimensions for those
        rows only."""
        if any(not codes for codes in wanted.values()):
            return np.zeros(0, np.int64)
        low, high, rest = self._ranges(wanted)
        if not rest:
            return _between(low, high)
        best = min(rest, key=lambda place: self._rows_with(place, rest[place])[1])
        if self._rows_with(best, rest[best])[1] < int((high - low).sum()):
            rows = self._listed(best, wanted[best])
            rest = {place: codes for place, codes in wanted.items() if place != best}
        else:
            rows = _between(low, high)
        for place, codes in rest.items():
            # A table from code to yes or no: one look-up a row, however many codes are wanted.
            chosen = np.zeros(len(self.key[place].texts), dtype=bool)
            chosen[codes] = True
            rows = rows[chosen[self.key[place].codes[rows]]]
        return rows

    def _ranges(self, wanted: dict[int, list[int]]) -> tuple[Rows, Rows, dict[int, list[int]]]:
        """Where the rows begin and end that begin with the codes wanted of the first dimension, of the second ..., as far as
        these are few keys; and what is left to ask."""
        if self.places is None:
            return np.zeros(1, np.int64), np.full(1, len(self)), wanted
        rest, size = dict(wanted), self._sizes[0] * len(self._ranks[0]) if self._sizes else _FREQUENCIES
        starts = np.zeros(1, np.int64)
        for place, ranks in enumerate(self._ranks):
            codes = rest.get(place, range(len(ranks)))
            if not rest or len(starts) * len(codes) > FEW:
                break
            size = self._sizes[place]
            if len(codes) == 1:
                starts += ranks[codes[0]] * size
            else:
                starts = (starts[:, None] + np.sort(ranks[codes]) * size).ravel()
            rest.pop(place, None)
        return self.places.searchsorted(starts), self.places.searchsorted(starts + size), rest

    @cached_property
    def _ranks(self) -> tuple[NDArray[np.int64], ...]:
        return tuple(ranks(column.texts) for column in self.key)

    @cached_property
    def _sizes(self) -> list[int]:
        return sizes([len(column.texts) for column in self.key])

    def _rows_with(self, place: int, codes: list[int]) -> tuple[NDArray[np.int64], int]:
        counts = self._lists[place][1][codes]
        return counts, int(counts.sum())

    @cached_property
    def _lists(self) -> tuple[tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]], ...]:
        """Per dimension: the rows by code, how many each code has, where they begin."""
        found = []
        for column in self.key:
            counts = np.bincount(column.codes, minlength=len(column.texts)).astype(np.int64)
            order = np.argsort(column.codes, kind="stable").astype(np.int32)
            found.append((order, counts, np.cumsum(counts) - counts))
        return tuple(found)

    def _listed(self, place: int, codes: list[int]) -> Rows:
        order, counts, starts = self._lists[place]
        rows = order[spread(starts[codes], counts[codes])].astype(np.int64)
        return rows if len(codes) == 1 else np.sort(rows)

    def _meeting(self, rows: Rows, periods: PeriodRange) -> Rows:
        if (periods.start is None and periods.end is None) or not len(rows):
            return rows
        fits = np.ones(len(rows), dtype=bool)
        mine = self.frequencies[rows]
        for frequency in (frequencies := occurring(mine)):
            low, high = periods.ordinals(frequency)
            outside = np.zeros(len(rows), dtype=bool)
            outside |= self.last[rows] < low if low is not None else False
            outside |= self.first[rows] > high if high is not None else False
            fits &= ~(outside if len(frequencies) == 1 else outside & (mine == frequency))
        return rows if fits.all() else rows[fits]

    def codes_of(self, place: int, rows: Rows) -> set[str]:
        """The codes of a dimension that occur in these rows."""
        column = self.key[place]
        return {column.texts[code] for code in np.flatnonzero(np.bincount(column.codes[rows])).tolist()}


def _between(low: Rows, high: Rows) -> Rows:
    return np.arange(low[0], high[0]) if len(low) == 1 else spread(low, high - low)


def ranks(texts: tuple[str, ...]) -> NDArray[np.int64]:
    """Where each text stands among all when they are sorted."""
    order = np.array(sorted(range(len(texts)), key=texts.__getitem__), dtype=np.int64)
    places = np.empty(len(texts), np.int64)
    places[order] = np.arange(len(texts))
    return places


def sizes(counts: list[int]) -> list[int]:
    """How many keys one code of each dimension stands for; the last entry is how many one whole key stands for: room for
    the frequencies."""
    found = [_FREQUENCIES]
    for count in reversed(counts):
        found.insert(0, found[0] * max(count, 1))
    return found[1:]


_FREQUENCIES = 128
"""Letters a frequency may be."""


def indexed(
    key: tuple[Coded, ...],
    series: NDArray[np.int64],
    frequencies: NDArray[np.str_],
    spans: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
) -> KeyIndex:
    """The index of rows in any order; ``key`` has the codes of every series number, ``spans`` first, last and count."""
    rows = tuple(column.take(series) for column in key)
    letters = frequencies.view(np.uint32).astype(np.int64) if len(frequencies) else np.zeros(0, np.int64)
    columns = [ranks(column.texts)[column.codes] for column in rows]
    per_code = sizes([len(column.texts) for column in key])
    places = None
    if not per_code or per_code[0] * len(key[0].texts) < _LARGEST:
        places = letters + sum(column * size for column, size in zip(columns, per_code, strict=True))
        order = np.argsort(places, kind="stable")
        places = places[order]
    else:
        order = np.lexsort((letters, *reversed(columns)))
    first, last, count = (column[order] for column in spans)
    ordered = tuple(column.take(order) for column in rows)
    return KeyIndex(series[order], ordered, frequencies[order], first, last, count, places)
