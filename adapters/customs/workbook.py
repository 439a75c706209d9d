"""Declaration lines as XLSX: every sheet with a heading, row by row.

A commodity code kept as a number has lost its leading zero: the rules find it by its length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from adapters.base import RawBatch, Source
from adapters.customs.columns import HEADER_WITHIN, LEAST, find_heading, known
from adapters.customs.table import Texts
from adapters.workbooks import sheets, text_of
from registry.errors import TooLarge

ROWS = 200_000
"""Lines of one sheet; beyond it the same lines as CSV take a twentieth of the time and a fraction of the memory."""

BATCH = 20_000

Row = tuple[int, list[str | None]]


def read_workbook(path: Path, file: str, source: Source) -> Iterator[RawBatch]:
    """The lines of a workbook in batches.

    Raises Invalid WORKBOOK_BROKEN, HEADING_NOT_FOUND, COLUMN_MISSING, COLUMN_TWICE, DECIMAL_MARKS; TooLarge WORKBOOK_TOO_LONG,
    ARCHIVE_TOO_LARGE, WORKBOOK_ROW_TOO_LONG.
    """
    read = 0
    for title, values in sheets(path, file):
        rows = _texts(values)
        top = list(islice(rows, HEADER_WITHIN))
        if max((known(cells) for _, cells in top), default=0) >= LEAST:
            read += 1
            yield from _sheet(top, rows, f"{file}/{title}", source)
    if not read:
        find_heading([], file)


def _texts(rows: Iterator[tuple[Any, ...]]) -> Iterator[Row]:
    for number, cells in enumerate(rows, 1):
        yield number, [text_of(cell) for cell in cells]


def _sheet(top: list[Row], rest: Iterator[Row], file: str, source: Source) -> Iterator[RawBatch]:
    heading = find_heading([cells for _, cells in top], file)
    texts = Texts(source, file, heading)
    rows = chain(top[heading.above + 1 :], rest)
    done = 0
    while block := list(islice(rows, BATCH)):
        done += len(block)
        if done > ROWS:
            raise TooLarge("WORKBOOK_TOO_LONG", file=file, limit=ROWS)
        columns = {name: _column(block, index) for name, index in heading.positions.items()}
        yield texts.batch(columns, np.array([number for number, _ in block], dtype=np.int64), [])


def _column(block: Sequence[Row], index: int) -> pa.Array:
    return pa.array([cells[index] if index < len(cells) else None for _, cells in block], pa.string())
