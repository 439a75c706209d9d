"""The bytes of the hub's answers, made by its own text engine and nothing else around: what the limits send."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.world import INDICATORS, MONTHS, PERIODS, REGIONS, STATUSES, World, described, p_code
from registry.rendering import Codes, Floats, lists, rows

HEAD, TAIL = b'{"data":{"dataflow":{"data":{"series":[', b"]}}}}"
CSV_HEAD = (
    b"STRUCTURE,STRUCTURE_ID,ACTION,FREQ,INDICATOR,REGION,PRODUCT,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT,OBS_STATUS\r\n"
)
MONTH_FRAGMENTS = [f'{{"period":"{period}","value":'.encode() for period in PERIODS]
STATUS_FRAGMENTS = [f',"status":"{status}"}}'.encode() for status in STATUSES]

Values = NDArray[np.float64]
Status = NDArray[np.int32]


class Text:
    """What is said of series besides their numbers, encoded beforehand. Series are numbered in key order."""

    def __init__(self, world: World) -> None:
        self._products = world.products
        names = {
            list_: {item.id: item.names["vi"] for item in world.codelists[list_].items}
            for list_ in ("FREQ", "INDICATOR", "REGION", "PRODUCT")
        }
        self._indicators = [(code, names["INDICATOR"][code]) for code, _, _ in INDICATORS]
        self._regions = [(code, names["REGION"][code]) for code in REGIONS]
        self._goods = [(p_code(number), names["PRODUCT"][p_code(number)]) for number in range(world.products)]
        self._frequency = ("M", names["FREQ"]["M"])

    def series(self, numbers: Sequence[int], values: Values, status: Status, labels: bool) -> bytes:
        """Whole series: ``values`` and ``status`` have 144 for each number."""
        count = len(numbers)
        months = np.tile(np.arange(MONTHS, dtype=np.int32), count)
        cells = rows(
            [b"", b"", b"", b""],
            [Codes(months, MONTH_FRAGMENTS), Floats(values, absent=b"null"), Codes(status, STATUS_FRAGMENTS)],
            count * MONTHS,
        )
        listed = lists(cells, np.arange(count + 1, dtype=np.int64) * MONTHS, b"[", b",", b"]")
        heads = [self._head(number, labels) for number in numbers]
        made = rows([b"", b',"observations":', b"}"], [Codes(np.arange(count, dtype=np.int32), heads), listed], count)
        return b"".join((HEAD, made.joined(b","), TAIL))

    def _parts(self, number: int) -> tuple[tuple[str, str], ...]:
        block, product = divmod(number, self._products)
        indicator, region = divmod(block, len(REGIONS))
        return self._frequency, self._indicators[indicator], self._regions[region], self._goods[product]

    def _head(self, number: int, labels: bool) -> bytes:
        parts = self._parts(number)
        head = f'{{"key":"{".".join(code for code, _ in parts)}"'
        if labels:
            head += ',"codes":[' + ",".join(f'{{"id":"{code}","name":"{name}"}}' for code, name in parts) + "]"
        return head.encode()

    def sums(self, indicator: int, totals: Values) -> bytes:
        """``totals`` float64[regions x months]."""
        count = len(REGIONS)
        months = np.tile(np.arange(MONTHS, dtype=np.int32), count)
        cells = rows([b"", b"", b"}"], [Codes(months, MONTH_FRAGMENTS), Floats(totals, absent=b"null")], count * MONTHS)
        listed = lists(cells, np.arange(count + 1, dtype=np.int64) * MONTHS, b"[", b",", b"]")
        heads = [f'{{"key":"M.{self._indicators[indicator][0]}.{code}","observations":'.encode() for code in REGIONS]
        made = rows([b"", b"", b"}"], [Codes(np.arange(count, dtype=np.int32), heads), listed], count)
        return b"".join((HEAD, made.joined(b","), TAIL))

    def section(self, month: int, values: Values, status: Status) -> bytes:
        """One month of all series, as SDMX-CSV."""
        blocks = len(INDICATORS) * len(REGIONS)
        count = len(values)
        fronts = [
            f"dataflow,SEN:TRADE(1.0),I,M,{code},{region}," for code, _ in self._indicators for region, _ in self._regions
        ]
        goods = [f"{code},{PERIODS[month]},".encode() for code, _ in self._goods]
        block = np.repeat(np.arange(blocks, dtype=np.int32), self._products)
        product = np.tile(np.arange(self._products, dtype=np.int32), blocks)
        units = [f",{unit},{mult},".encode() for unit, mult in (described(n // len(REGIONS)) for n in range(blocks))]
        columns = [
            Codes(block, [front.encode() for front in fronts]),
            Codes(product, goods),
            Floats(values),
            Codes(block, units),
            Codes(status, [status.encode() for status in STATUSES]),
        ]
        return CSV_HEAD + rows([b"", b"", b"", b"", b"", b"\r\n"], columns, count).joined()
