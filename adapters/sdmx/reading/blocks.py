"""The rows of a CSV file in blocks: plain ones through Arrow in columns, others through the csv module row by row.

A block is plain when nothing in it could be understood in two ways: no quotes, no empty lines, lines that end in ``\\n`` or
``\\r\\n``. Whatever Arrow does not take is read again by the csv module, which says what is wrong and in which line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from numpy.typing import NDArray

from registry.errors import Invalid

BLOCK = 4 * 1024 * 1024
"""Bytes read together."""

ROWS = 20_000
"""Rows of the csv module handed on together."""

LONGEST_LINE = 1024 * 1024

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of a file: a ``pyarrow.StringArray`` for each column, and the line each row ends in."""

    columns: Sequence[pa.StringArray]
    lines: NDArray[np.int64]


class Table:
    """A CSV file with a header. :class:`Invalid` CSV_BROKEN names the line of what is not such a file."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._held = b""
        self._line = 0
        self._delimiter, self._width = ",", 0
        self._first = self._take().removeprefix(_BOM)

    def first_line(self) -> str:
        """The beginning of the header, which tells the delimiter."""
        return next(self._texts(self._first), "")

    def header(self, delimiter: str) -> list[str]:
        """The cells of the first row."""
        self._delimiter = delimiter
        lines = _Lines(self, self._first)
        found, _ = next(self._rows(lines), ([], 0))
        self._first, self._width = lines.unread(), len(found)
        return found

    def blocks(self) -> Iterator[Block]:
        """All other rows."""
        first, self._first = self._first, b""
        while block := first or self._take():
            first = b""
            columns = self._columns(block) if self._width and _is_plain(block) else None
            if columns is None:
                yield from self._one_by_one(block)
            else:
                count = len(columns[0])
                yield Block(columns, np.arange(self._line + 1, self._line + count + 1))
                self._line += count

    def _take(self) -> bytes:
        """The next whole lines, as many as a block holds; empty at the end."""
        block = self._held + self._stream.read(BLOCK)
        end = len(block) if len(block) < BLOCK else max(block.rfind(b"\n"), block.rfind(b"\r", 0, len(block) - 1)) + 1
        if block and not end:
            raise self._broken(1, f"line > {LONGEST_LINE}")
        self._held = block[end:]
        return block[:end]

    def _columns(self, block: bytes) -> list[pa.StringArray] | None:
        names = [str(place) for place in range(self._width)]
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(block),
                arrow_csv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=names),
                arrow_csv.ParseOptions(delimiter=self._delimiter, quote_char=False, ignore_empty_lines=False),
                arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
            )
        except pa.ArrowInvalid:
            return None
        return [column.combine_chunks() for column in table.columns]

    def _one_by_one(self, block: bytes) -> Iterator[Block]:
        lines = _Lines(self, block)
        rows: list[list[str]] = []
        places: list[int] = []
        for row, line in self._rows(lines):
            if len(row) not in (0, self._width):
                raise Invalid("CSV_BROKEN", line=line, reason=f"{len(row)} <> {self._width}")
            if row:
                rows.append(row)
                places.append(line)
            if len(rows) == ROWS or (rows and not lines):
                yield Block([pa.array(column, pa.string()) for column in zip(*rows, strict=True)], np.array(places, np.int64))
                rows, places = [], []
            if not lines:
                break

    def _rows(self, lines: _Lines) -> Iterator[tuple[list[str], int]]:
        """Rows with the line they end in."""
        before = self._line
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
        try:
            for row in reader:
                self._line = before + reader.line_num
                yield row, self._line
        except csv.Error as error:
            raise Invalid("CSV_BROKEN", line=before + reader.line_num, reason=str(error)[:200]) from None

    def _texts(self, block: bytes) -> Iterator[str]:
        try:
            text = block.decode()
        except UnicodeDecodeError as error:
            raise self._broken(block.count(b"\n", 0, error.start) + 1, "UTF-8") from None
        for number, line in enumerate(io.StringIO(text, newline=""), 1):
            if len(line) >= LONGEST_LINE:
                raise self._broken(number, f"line > {LONGEST_LINE}")
            yield line

    def more(self) -> Iterator[str]:
        """The lines of the next block."""
        return self._texts(self._take())

    def _broken(self, after: int, reason: str) -> Invalid:
        return Invalid("CSV_BROKEN", line=self._line + after, reason=reason)


class _Lines:
    """The lines of a block, and those of the following ones as long as a row goes on. False: no line is left."""

    def __init__(self, table: Table, block: bytes) -> None:
        self._table = table
        self._lines = list(table._texts(block))[::-1]

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not self._lines:
            self._lines = list(self._table.more())[::-1]
        if not self._lines:
            raise StopIteration
        return self._lines.pop()

    def __bool__(self) -> bool:
        return bool(self._lines)

    def unread(self) -> bytes:
        """What no row has taken."""
        return "".join(reversed(self._lines)).encode()


def _is_plain(block: bytes) -> bool:
    if b'"' in block or block.count(b"\r") != block.count(b"\r\n"):
        return False
    if block.startswith((b"\n", b"\r")) or b"\n\n" in block or b"\n\r\n" in block:
        return False
    ends = np.flatnonzero(np.frombuffer(block, np.uint8) == ord("\n"))
    return bool(np.diff(np.concatenate([[-1], ends, [len(block)]])).max() < LONGEST_LINE)
