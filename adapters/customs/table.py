"""Declaration lines as CSV: streamed by Arrow, every value as text.

``_place`` is the row of the file with the first line as 1, as a spreadsheet shows it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from adapters.base import FILE, PLACE, RawBatch, Source
from adapters.customs.columns import HEADER_WITHIN, Heading, find_heading, known, numbers
from adapters.customs.marks import decimal_mark, plain
from adapters.reading import CHUNK, Piece, as_utf8
from registry.errors import Invalid
from registry.ports import Reject

BLOCK = 8 << 20
DELIMITERS = ",;\t|"


def read_csv(piece: Piece, source: Source, spill: Path) -> Iterator[RawBatch]:
    """The lines of a CSV file in batches.

    Raises Invalid HEADING_NOT_FOUND, COLUMN_MISSING, COLUMN_TWICE, DECIMAL_MARKS, TABLE_BROKEN. A row with too few or too
    many cells is rejected alone (ROW_WIDTH).
    """
    path = as_utf8(piece, spill)
    delimiter, heading = _look(path, piece.name)
    odd = _OddRows(piece.name)
    texts = Texts(source, piece.name, heading)
    row = heading.above + 2
    try:
        for batch in _open(path, delimiter, heading, odd):
            places, row = odd.places(row, batch.num_rows)
            yield texts.batch({name: batch.column(name) for name in heading.positions}, places, odd.taken())
        if odd.rejects:
            yield texts.batch({}, np.empty(0, np.int64), odd.taken())
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise Invalid("TABLE_BROKEN", file=piece.name, line=row) from error


def _look(path: Path, file: str) -> tuple[str, Heading]:
    with path.open("rb") as stream:
        lines = stream.read(CHUNK).decode("utf-8-sig", errors="replace").splitlines()[:HEADER_WITHIN]
    split = {mark: [next(csv.reader([line], delimiter=mark), []) for line in lines] for mark in DELIMITERS}
    delimiter = max(split, key=lambda mark: max((known(cells) for cells in split[mark]), default=0))
    return delimiter, find_heading(split[delimiter], file)


def _open(path: Path, delimiter: str, heading: Heading, odd: _OddRows) -> pacsv.CSVStreamingReader:
    names = [f"_{index}" for index in range(heading.width)]
    for name, index in heading.positions.items():
        names[index] = name
    return pacsv.open_csv(
        path,
        # One thread, because only then does Arrow tell the number of a row it could not split.
        read_options=pacsv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=names, skip_rows=heading.above + 1),
        parse_options=pacsv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=odd.seen
        ),
        convert_options=pacsv.ConvertOptions(
            include_columns=list(heading.positions),
            column_types={name: pa.string() for name in heading.positions},
            null_values=[""],
            strings_can_be_null=True,
        ),
    )


@dataclass
class _OddRows:
    """Rows of the wrong width: they are not in the batches, but they do count when rows are numbered."""

    file: str
    rejects: list[Reject] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)

    def seen(self, row: Any) -> str:
        self.rows.append(row.number)
        if row.text.strip():
            facts = {"expected": str(row.expected_columns), "found": str(row.actual_columns)}
            self.rejects.append(Reject(self.file, str(row.number), "ROW_WIDTH", facts=facts))
        return "skip"

    def places(self, first: int, count: int) -> tuple[np.ndarray[Any, np.dtype[np.int64]], int]:
        """Row numbers of the next ``count`` good rows from row ``first``, and the row after them."""
        numbers_ = np.arange(first, first + count + len(self.rows), dtype=np.int64)
        good = np.setdiff1d(numbers_, np.array(self.rows, dtype=np.int64), assume_unique=True)[:count]
        after = int(good[-1]) + 1 if count else first
        self.rows = [number for number in self.rows if number >= after]
        return good, after

    def taken(self) -> list[Reject]:
        rejects, self.rejects = self.rejects, []
        return rejects


@dataclass
class Texts:
    """Makes raw batches of one file: trimmed texts, numbers with a point, empty rows left out, absent fields NULL."""

    source: Source
    file: str
    heading: Heading
    mark: str | None = None

    def batch(self, columns: dict[str, pa.Array], places: Any, rejects: list[Reject]) -> RawBatch:
        trimmed = {name: _trimmed(column) for name, column in columns.items()}
        self._mark(trimmed)
        for name in numbers() & trimmed.keys():
            trimmed[name] = plain(trimmed[name], self.mark)
        absent = pa.nulls(len(places), pa.string())
        table = pa.table(
            {
                FILE: pa.repeat(pa.scalar(self.file), len(places)),
                PLACE: pa.array(places).cast(pa.string()),
                **{name: trimmed.get(name, absent) for name in self.source.fields},
            }
        )
        return RawBatch(_without_empty(table, list(trimmed)), rejects, self.heading.synthetic)

    def _mark(self, columns: dict[str, pa.Array]) -> None:
        seen = decimal_mark([columns[name] for name in sorted(numbers() & columns.keys())], self.file)
        if self.mark and seen and seen != self.mark:
            raise Invalid("DECIMAL_MARKS", file=self.file)
        self.mark = self.mark or seen


def _trimmed(column: pa.Array) -> pa.Array:
    text = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _without_empty(table: pa.Table, names: list[str]) -> pa.Table:
    """Spreadsheets are saved with rows of nothing but separators; those are no records."""
    if not names or table.column(names[0]).null_count == 0:
        return table
    empty = pc.is_null(table.column(names[0]))
    for name in names[1:]:
        empty = pc.and_(empty, pc.is_null(table.column(name)))
    return table.filter(pc.invert(empty))
