"""The hub's own tiles on SQLite, read with nothing but sqlite3 and numpy.

Made for the invented country alone, where every series has every month: that is what makes it a limit.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from benchmarks.limit_text import Status, Values
from benchmarks.world import FIRST, INDICATORS, MONTHS, REGIONS, STATUSES
from hub.cells import SERIES, SPANS
from hub.packing import unpack

YEAR = SPANS["M"]
YEARS = MONTHS // YEAR


class Tiles:
    """``keep``: what was read once is kept in memory, as much as there is."""

    def __init__(self, file: str, products: int, keep: bool) -> None:
        self._series = len(INDICATORS) * len(REGIONS) * products
        self._products, self._keep = products, keep
        self._kept: dict[tuple[int, int], tuple[Values, Status]] = {}
        self._connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, check_same_thread=False)
        places = self._connection.execute("SELECT chunk, number, id FROM tile").fetchall()
        self._ids = {(chunk, number - FIRST // YEAR): id for chunk, number, id in places}

    def _tile(self, chunk: int, year: int) -> tuple[Values, Status]:
        """float64 and int32 [series x 12]"""
        if found := self._kept.get((chunk, year)):
            return found
        ((blob,),) = self._connection.execute("SELECT content FROM tile WHERE id = ?", (self._ids[chunk, year],))
        facts, arrays = unpack(blob)
        table = np.array([0, *(STATUSES.index(text) for text in facts["attributes"]["OBS_STATUS"])], np.int32)
        made = arrays["m OBS_VALUE"].reshape(-1, YEAR), table[arrays["a OBS_STATUS"]].reshape(-1, YEAR)
        if self._keep:
            self._kept[chunk, year] = made
        return made

    def series(self, numbers: list[int]) -> tuple[Values, Status]:
        values, status = np.empty((len(numbers), MONTHS)), np.empty((len(numbers), MONTHS), np.int32)
        for chunk, places in _by_chunk(numbers).items():
            slots = np.array([numbers[place] % SERIES for place in places])
            for year in range(YEARS):
                some, said = self._tile(chunk, year)
                values[places, year * YEAR : (year + 1) * YEAR] = some[slots]
                status[places, year * YEAR : (year + 1) * YEAR] = said[slots]
        return values.ravel(), status.ravel()

    def sums(self, indicator: int, without: list[int]) -> Values:
        size = len(REGIONS) * self._products
        first, last = indicator * size, (indicator + 1) * size
        values = np.empty((size, MONTHS))
        for chunk in range(first // SERIES, -(-last // SERIES)):
            low, high = max(first - chunk * SERIES, 0), min(last - chunk * SERIES, SERIES)
            at = chunk * SERIES + low - first
            for year in range(YEARS):
                values[at : at + high - low, year * YEAR : (year + 1) * YEAR] = self._tile(chunk, year)[0][low:high]
        cells = np.rint(values * 100).reshape(len(REGIONS), self._products, MONTHS)
        cells[:, without] = 0
        hundredths = cells.sum(axis=1)
        found: NDArray[np.float64] = hundredths / 100
        return found.ravel()

    def section(self, month: int) -> tuple[Values, Status]:
        year, place = divmod(month, YEAR)
        parts = [self._tile(chunk, year) for chunk in range(-(-self._series // SERIES))]
        values = np.concatenate([some[:, place] for some, _ in parts])
        return values, np.concatenate([said[:, place] for _, said in parts])


def _by_chunk(numbers: list[int]) -> dict[int, list[int]]:
    """The places of the numbers, by the chunk they are in."""
    found: dict[int, list[int]] = defaultdict(list)
    for place, number in enumerate(numbers):
        found[number // SERIES].append(place)
    return found
