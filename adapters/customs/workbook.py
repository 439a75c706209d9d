"""Declaration lines as XLSX: every sheet with a heading, row by row.

A workbook keeps numbers as binary doubles of at most 17 digits and has no text for them; they are written out with the shortest
digits that give the same double. A commodity code kept as a number has lost its leading zero: the rules find it by its length.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from adapters.base import RawBatch, Source
from adapters.customs.columns import HEADER_WITHIN, LEAST, find_heading, known
from adapters.customs.table import Texts
from adapters.reading import BOUNDS, CHUNK
from registry.errors import Invalid, TooLarge

ROWS = 200_000
"""Lines of one sheet; beyond it the same lines as CSV take a twentieth of the time and a fraction of the memory."""

UNFOLDED = 1 << 30
BATCH = 20_000
_DAMAGE = (
    *(InvalidFileException, zipfile.BadZipFile, zlib.error, OSError, EOFError, SyntaxError),
    *(LookupError, ValueError, TypeError, AttributeError, ArithmeticError, NotImplementedError),
)
"""Whatever zipfile, lxml and openpyxl raise over a damaged workbook."""

_ROW = re.compile(rb"</(?:\w{1,9}:)?row>")

Row = tuple[int, list[str | None]]


def read_workbook(path: Path, file: str, source: Source) -> Iterator[RawBatch]:
    """The lines of a workbook in batches.

    Raises Invalid WORKBOOK_BROKEN, HEADING_NOT_FOUND, COLUMN_MISSING, COLUMN_TWICE, DECIMAL_MARKS; TooLarge WORKBOOK_TOO_LONG,
    ARCHIVE_TOO_LARGE, WORKBOOK_ROW_TOO_LONG.
    """
    _check_size(path, file)
    with _told(file):
        book = load_workbook(path, read_only=True, data_only=True)
    read = 0
    for sheet in book.worksheets:
        rows = _rows(sheet, file)
        top = list(islice(rows, HEADER_WITHIN))
        if max((known(cells) for _, cells in top), default=0) >= LEAST:
            read += 1
            yield from _sheet(top, rows, f"{file}/{sheet.title}", source)
    book.close()
    if not read:
        find_heading([], file)


def _check_size(path: Path, file: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            most = min(UNFOLDED, max(BOUNDS.floor_bytes, path.stat().st_size * BOUNDS.ratio))
            if sum(info.file_size for info in archive.infolist()) > most:
                raise TooLarge("ARCHIVE_TOO_LARGE", file=file, limit=f"{most} bytes")
            for info in archive.infolist():
                _check_rows(archive, info, file)
    except zipfile.BadZipFile as error:
        raise Invalid("WORKBOOK_BROKEN", file=file) from error


def _check_rows(archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: str) -> None:
    """A row is read whole before it is given: one of a hundred million cells would take all memory."""
    if not info.filename.startswith("xl/worksheets/"):
        return
    since, kept = 0, b""
    with _told(file), archive.open(info) as stream:
        while chunk := stream.read(CHUNK):
            kept = kept[-16:] + chunk
            last = max((found.end() for found in _ROW.finditer(kept)), default=None)
            since = len(kept) - last if last is not None else since + len(chunk)
            if since > BOUNDS.record_bytes:
                raise TooLarge("WORKBOOK_ROW_TOO_LONG", file=file, limit=f"{BOUNDS.record_bytes} bytes")


def _rows(sheet: Any, file: str) -> Iterator[Row]:
    # Writers put wrong sizes into the sheet; without this, rows beyond them would be lost.
    sheet.reset_dimensions()
    rows = enumerate(sheet.iter_rows(values_only=True), 1)
    while True:
        with _told(file):
            number, cells = next(rows, (0, ()))
        if not number:
            return
        yield number, [text_of(cell) for cell in cells]


@contextmanager
def _told(file: str) -> Iterator[None]:
    """A damaged workbook is found only where it is read. What is wrong with it would quote its cells, and is not told."""
    try:
        yield
    except _DAMAGE as error:
        raise Invalid("WORKBOOK_BROKEN", file=file) from error


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


def text_of(cell: Any) -> str | None:
    """A cell as text: whole numbers without a point, decimals in full, dates as ISO."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(Decimal(repr(cell)), "f")
    return str(cell)
