"""Which series a vintage has: every key, as codes per dimension, in memory; selections and availability are answered from it.

An index belongs to one visible ordinal of one dataflow, so it never goes stale; :mod:`hub.vintages` keeps those in use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from hub.tables import block, series
from registry.period import PeriodRange


@dataclass(frozen=True)
class KeyIndex:
    """Rows sorted by key; one row per series and frequency.

    keys[n]         series keys as text         series[n]       series rows
    codes[d, n]     number of the code, per dimension, into ``dictionaries[d]``
    frequencies[n]  first[n] last[n] count[n]   the span and number of observations
    """

    keys: list[str]
    series: NDArray[np.int64]
    codes: NDArray[np.int32]
    dictionaries: tuple[dict[str, int], ...]
    frequencies: NDArray[np.str_]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    count: NDArray[np.int64]

    @property
    def bytes(self) -> int:
        return 200 * len(self.keys) + self.codes.nbytes

    def match(
        self, dimensions: tuple[str, ...], wanted: Mapping[str, tuple[str, ...]], periods: PeriodRange
    ) -> NDArray[np.int64]:
        """The rows whose codes are wanted and whose span meets the periods."""
        fits = self._fitting(dimensions, wanted)
        if periods.start is None and periods.end is None:
            return np.flatnonzero(fits)
        for frequency in np.unique(self.frequencies[fits]).tolist():
            low, high = periods.ordinals(frequency)
            outside = np.zeros(len(self.keys), dtype=bool)
            outside |= self.last < low if low is not None else False
            outside |= self.first > high if high is not None else False
            fits &= ~(outside & (self.frequencies == frequency))
        return np.flatnonzero(fits)

    def _fitting(self, dimensions: tuple[str, ...], wanted: Mapping[str, tuple[str, ...]]) -> NDArray[np.bool_]:
        fits = np.ones(len(self.keys), dtype=bool)
        for name, codes in wanted.items():
            place = dimensions.index(name)
            known = self.dictionaries[place]
            # A table from code number to yes or no: one look-up a row, however many codes are wanted.
            chosen = np.zeros(len(known) + 1, dtype=bool)
            chosen[[known[code] for code in codes if code in known]] = True
            fits &= chosen[self.codes[place]]
        return fits

    def codes_of(self, place: int, rows: NDArray[np.int64]) -> set[str]:
        """The codes of a dimension that occur in these rows."""
        present = set(np.unique(self.codes[place][rows]).tolist())
        return {code for code, number in self.dictionaries[place].items() if number in present}


def build(connection: Connection, cube: int, ordinal: int, places: int) -> KeyIndex:
    """Read the index of a vintage from its blocks."""
    current = (block.c.cube == cube) & (block.c.from_ <= ordinal) & (block.c.to_ > ordinal) & (block.c.count > 0)
    spans = (
        select(block.c.series, block.c.frequency, func.min(block.c.first), func.max(block.c.last), func.sum(block.c.count))
        .where(current)
        .group_by(block.c.series, block.c.frequency)
        .subquery()
    )
    query = select(series.c.key, spans).join(spans, spans.c[0] == series.c.id)
    rows = sorted(connection.execute(query).all(), key=lambda row: (row[0].split("."), row[2]))
    split = [row[0].split(".") for row in rows]
    columns = [[parts[place] for parts in split] for place in range(places)]
    dictionaries = tuple({code: number for number, code in enumerate(dict.fromkeys(column))} for column in columns)
    codes = [[lookup[code] for code in column] for column, lookup in zip(columns, dictionaries, strict=True)]
    return KeyIndex(
        keys=[row[0] for row in rows],
        series=np.array([row[1] for row in rows], dtype=np.int64),
        codes=np.array(codes, dtype=np.int32).reshape(places, len(rows)),
        dictionaries=dictionaries,
        frequencies=np.array([row[2] for row in rows], dtype="U1"),
        first=np.array([row[3] for row in rows], dtype=np.int64),
        last=np.array([row[4] for row in rows], dtype=np.int64),
        count=np.array([int(row[5]) for row in rows], dtype=np.int64),
    )
