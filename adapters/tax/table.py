"""One CSV table of a delivery: how it is cut, which column carries which field, and which lines could not be read."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from adapters.reading import Piece, as_utf8, encoding
from adapters.tax.page import MARK
from registry.ports import Reject

Columns = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Shape:
    """What the head of a text tells: delimiter, column names in upper case, lines before the data, whether it is made up."""

    delimiter: str
    names: tuple[str, ...]
    skip: int
    synthetic: bool

    def carries(self, wanted: Columns) -> dict[str, str]:
        """Field -> column, for every field that has one."""
        return {
            name: next(alias for alias in aliases if alias in self.names)
            for name, aliases in wanted.items()
            if not set(aliases).isdisjoint(self.names)
        }


@dataclass(frozen=True)
class Table:
    """One CSV file. ``columns``: field -> column; ``number`` tells the tables of a delivery apart."""

    number: int
    name: str
    path: Path
    shape: Shape
    columns: Mapping[str, str]

    def scan_sql(self) -> str:
        """Every column as text; a line that is cut wrongly or is not UTF-8 goes to this table's rejects and nowhere else."""
        columns = ", ".join(f"{quoted(f'c{index}')}: 'VARCHAR'" for index in range(len(self.shape.names)))
        return (
            f"SELECT * FROM read_csv({quoted(str(self.path))}, auto_detect = false, header = false, skip = {self.shape.skip}, "
            f"delim = {quoted(self.shape.delimiter)}, quote = '\"', escape = '\"', columns = {{{columns}}}, "
            f"store_rejects = true, "
            f"rejects_table = 'rejects_{self.number}', rejects_scan = 'scans_{self.number}')"
        )

    def empty_sql(self) -> str:
        """No row, with the columns of a scan."""
        return f"SELECT {', '.join(f'NULL::VARCHAR AS c{index}' for index in range(len(self.shape.names)))} LIMIT 0"

    def text(self, field: str) -> str:
        """The field as SQL: trimmed, NULL where blank or not there."""
        if field not in self.columns:
            return "NULL::VARCHAR"
        return f"nullif(trim(c{self._index(field)}), '')"

    def id_text(self, field: str) -> str:
        """The identifier as SQL; empty where there is none, so that the row is told of and not lost."""
        return f"coalesce({self.text(field)}, '')"

    def has_content(self) -> str:
        """An SQL condition that is false for a row of blanks only."""
        return f"coalesce({', '.join(f'c{index}' for index in range(len(self.shape.names)))}, '') <> ''"

    def _index(self, field: str) -> int:
        return self.shape.names.index(self.columns[field])

    def broken_lines(self, con: duckdb.DuckDBPyConnection, id_field: str) -> list[tuple[str, Reject]]:
        """Lines the scan refused, each with the id it begins with as far as that can be told (else empty)."""
        found = con.execute(f"SELECT DISTINCT line, csv_line FROM rejects_{self.number} ORDER BY line").fetchall()
        return [
            (self._id(text, id_field), Reject(self.name, f"line {line + offset}", "TAX_LINE_BROKEN"))
            for line, lines in found
            # An open quote takes the following lines with it; each of them is a line of its own in the list.
            for offset, text in enumerate((lines or "").splitlines() or [""])
        ]

    def _id(self, line: str, id_field: str) -> str:
        parts = line.split(self.shape.delimiter)
        index = self._index(id_field)
        return parts[index].strip(' "') if len(parts) > index else ""


def shape(piece: Piece) -> Shape | None:
    """What the head of a piece tells about it as a table; None where it is none."""
    head = piece.head()
    kind = encoding(head)
    if b"\x00" in head and kind != "utf-16":
        return None
    lines = head.decode(kind, errors="replace").splitlines()
    comments = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    if comments == len(lines):
        return None
    delimiter = max(";\t|,", key=lines[comments].count)
    names = tuple(name.strip().upper() for name in next(csv.reader([lines[comments]], delimiter=delimiter), []))
    return Shape(delimiter, names, comments + 1, any(MARK in line for line in lines[:comments]))


def table(number: int, piece: Piece, found: Shape, columns: Mapping[str, str], spill: Path) -> Table:
    """The piece as a table DuckDB can scan."""
    return Table(number, piece.name, as_utf8(piece, spill), found, columns)


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
