"""CSV, TSV and XLSX as sheets of texts, each cell knowing whether the file keeps it as a number. JSON is not read here."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

from adapters.reading import encoding
from adapters.workbooks import sheets as workbook_sheets
from adapters.workbooks import text_of
from registry.classification.lines import Line
from registry.errors import Invalid, TooLarge
from registry.spreadsheets import unshielded

ROWS = 1_000_000
"""Rows of one sheet."""

CELLS = 20_000_000
"""Cells of one sheet: a row with one far cell has every cell before it."""

LARGEST = 200 << 20
"""Bytes of a file that is no workbook."""

WITHIN = 20
"""Rows at the top of a sheet among which the headings are."""

DELIMITERS = ",;\t|"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number as a spreadsheet shows it, its cells without blanks around them, and which of these are numbers."""

    number: int
    cells: tuple[str, ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, or a whole text file; rows without any text are left out."""

    title: str
    rows: tuple[Row, ...]

    def headed(self, at: int = 0) -> tuple[str, ...]:
        """The cells of one of the first rows, in lower case; none where there is no such row."""
        return tuple(cell.casefold() for cell in self.rows[at].cells) if at < len(self.rows) else ()

    def renamed(self, columns: Mapping[str, str]) -> Sheet:
        """With other words for some headings, which may stand below a title."""
        meant = {name.casefold(): word for name, word in columns.items()}
        top = [replace(row, cells=tuple(meant.get(cell.casefold(), cell) for cell in row.cells)) for row in self.rows[:WITHIN]]
        return replace(self, rows=(*top, *self.rows[WITHIN:])) if meant else self

    def heading(self, wanted: Callable[[Sequence[str]], bool]) -> int | None:
        """The place of the first of the top rows that is the heading wanted."""
        return next((at for at, row in enumerate(self.rows[:WITHIN]) if wanted(row.cells)), None)

    def lines(self, columns: Sequence[str], after: int = 1) -> Iterator[Line]:
        """The rows from ``after`` on as lines; ``columns`` without a name are passed over."""
        for row in self.rows[after:]:
            cells = {name: text for name, text in zip(columns, row.cells, strict=False) if name and text}
            yield Line(row.number, cells, frozenset(columns[at] for at in row.numbers if at < len(columns) and columns[at]))


def sheets_of(path: Path) -> list[Sheet]:
    """Every sheet of a file.

    Raises Invalid TABLE_BROKEN, TABLE_ROW_WIDE, WORKBOOK_BROKEN; TooLarge TABLE_TOO_LONG, TABLE_TOO_WIDE, TABLE_TOO_LARGE,
    ARCHIVE_TOO_LARGE, WORKBOOK_ROW_TOO_LONG.
    """
    with path.open("rb") as stream:
        packed = stream.read(len(_ZIP)) == _ZIP
    if packed:
        return [Sheet(title, _kept(_values(rows), path.name)) for title, rows in workbook_sheets(path, path.name)]
    return [Sheet(path.stem, _kept(_texts(text_in(path), path.name), path.name))]


def text_in(path: Path) -> str:
    """The text of a file, whatever its encoding; :class:`TooLarge` TABLE_TOO_LARGE."""
    if path.stat().st_size > LARGEST:
        raise TooLarge("TABLE_TOO_LARGE", file=path.name, most=LARGEST >> 20)
    content = path.read_bytes()
    return content.decode(encoding(content), errors="replace")


def _texts(text: str, file: str) -> Iterator[Row]:
    head = text[: text.find("\n")] if "\n" in text else text
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=head.count), strict=True)
    width = number = 0
    try:
        for number, cells in enumerate(reader, 1):  # a cell may have several lines
            stripped = tuple(unshielded(cell.strip()) for cell in cells)
            if not any(stripped):
                continue
            width = width or len(stripped)
            if len(stripped) > width and any(stripped[width:]):
                raise Invalid("TABLE_ROW_WIDE", file=file, line=number, found=len(stripped), most=width)
            yield Row(number, stripped[:width])
    except csv.Error:
        raise Invalid("TABLE_BROKEN", file=file, line=number + 1) from None


def _values(rows: Iterator[tuple[Any, ...]]) -> Iterator[Row]:
    for number, values in enumerate(rows, 1):
        cells = tuple(_text(value) for value in values)
        if any(cells):
            numbers = frozenset(at for at, value in enumerate(values) if type(value) in (int, float))
            yield Row(number, cells, numbers)


def _text(value: object) -> str:
    """A cell without blanks around it. Spreadsheets have no days without a time: a midnight is the day."""
    day = value.date() if isinstance(value, datetime) and value.time() == time() else value
    return (text_of(day) or "").strip()


def _kept(rows: Iterator[Row], file: str) -> tuple[Row, ...]:
    kept, cells = [], 0
    for row in rows:
        cells += len(row.cells)
        if row.number > ROWS:
            raise TooLarge("TABLE_TOO_LONG", file=file, most=ROWS)
        if cells > CELLS:
            raise TooLarge("TABLE_TOO_WIDE", file=file, most=CELLS)
        kept.append(row)
    return tuple(kept)
