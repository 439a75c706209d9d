"""One table in DuckDB, sorted by key, read with nothing but its own client."""

from __future__ import annotations

import duckdb
import numpy as np

from benchmarks.limit_text import Status, Values
from benchmarks.world import REGIONS

SERIES = "SELECT value, status FROM observation WHERE line IN ({}) ORDER BY line, month"
SUMS = (
    "SELECT line // {size} AS region, month, "
    "CASE WHEN count(*) = count(value) THEN sum(round(value * 100)) / 100 END AS total FROM observation "
    "WHERE line BETWEEN {first} AND {last} AND line % {size} NOT IN ({without}) GROUP BY region, month ORDER BY region, month"
)
SECTION = "SELECT value, status FROM observation WHERE month = ? ORDER BY line"


class Duck:
    def __init__(self, file: str, products: int) -> None:
        self._products = products
        self._connection = duckdb.connect(file, read_only=True)

    def series(self, numbers: list[int]) -> tuple[Values, Status]:
        return self._columns(SERIES.format(", ".join(map(str, numbers))), [])

    def sums(self, indicator: int, without: list[int]) -> Values:
        size = len(REGIONS) * self._products
        left_out = ", ".join(map(str, without)) or "-1"
        query = SUMS.format(size=self._products, first=indicator * size, last=(indicator + 1) * size - 1, without=left_out)
        totals: Values = np.ma.filled(self._connection.execute(query).fetchnumpy()["total"], np.nan)
        return totals

    def section(self, month: int) -> tuple[Values, Status]:
        return self._columns(SECTION, [month])

    def _columns(self, query: str, given: list[int]) -> tuple[Values, Status]:
        found = self._connection.execute(query, given).fetchnumpy()
        return np.ma.filled(found["value"], np.nan), np.asarray(found["status"], np.int32)
