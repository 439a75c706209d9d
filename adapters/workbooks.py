"""XLSX read row by row, with bounds, so that a small file cannot become a flood.

A workbook keeps numbers as binary doubles of at most 17 digits and has no text for them; they are written out with the shortest
digits that give the same double. A code kept as a number has lost its leading zeros.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from adapters.reading import BOUNDS, CHUNK
from registry.errors import Invalid, TooLarge

UNFOLDED = 1 << 30

ROWS = 1 << 20
"""Rows of a sheet (what spreadsheet programs hold), and blank ones of a whole workbook: a row that says it is the
99999999999999999999th would be preceded by as many."""

_DAMAGE = (
    *(InvalidFileException, zipfile.BadZipFile, zlib.error, OSError, EOFError, SyntaxError),
    *(LookupError, ValueError, TypeError, AttributeError, ArithmeticError, NotImplementedError),
)
"""Whatever zipfile, lxml and openpyxl raise over a damaged workbook."""

_ROW = re.compile(rb"</(?:\w{1,9}:)?row>")


def sheets(path: Path, file: str) -> Iterator[tuple[str, Iterator[tuple[Any, ...]]]]:
    """Every sheet's title and its rows of values, each to be read before the next sheet is asked for.

    Raises Invalid WORKBOOK_BROKEN; TooLarge ARCHIVE_TOO_LARGE, WORKBOOK_ROW_TOO_LONG, TABLE_TOO_LONG.
    """
    _check_size(path, file)
    with _told(file):
        book = load_workbook(path, read_only=True, data_only=True)
    blanks = count(1)
    for sheet in book.worksheets:
        yield sheet.title, _rows(sheet, file, blanks)
    book.close()


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


def _rows(sheet: Any, file: str, blanks: Iterator[int]) -> Iterator[tuple[Any, ...]]:
    # Writers put wrong sizes into the sheet; without this, rows beyond them would be lost.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(values_only=True)
    for number in count(1):
        with _told(file):
            cells = next(rows, None)
        if cells is None:
            return
        if number > ROWS or (not cells and next(blanks) > ROWS):
            raise TooLarge("TABLE_TOO_LONG", file=file, most=ROWS)
        yield cells


@contextmanager
def _told(file: str) -> Iterator[None]:
    """A damaged workbook is found only where it is read. What is wrong with it would quote its cells, and is not told."""
    try:
        yield
    except _DAMAGE as error:
        raise Invalid("WORKBOOK_BROKEN", file=file) from error


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
