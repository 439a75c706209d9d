"""SDMX-CSV 1.0 and 2.x data as a raw stream.

Source: sdmx-twg/sdmx-csv, field guides of the data message: 1.0 (``DATAFLOW`` column) and 2.0/2.1 (``STRUCTURE`` columns).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, TextIO

from adapters.sdmx.reading.header import read_action
from adapters.sdmx.reading.xmldata import PIECE
from registry.errors import Invalid
from registry.raw import Action, Described, Raw, RawDataSet, RawSeries, RawValue, StructureUse

LONGEST_LINE = 1024 * 1024
SWITCHED_OFF = "~"
"""How 2.1 writes a dimension that does not apply to an attribute row."""

_FIRST = re.compile(r"^\"?(?:DATAFLOW|STRUCTURE)(?:\[([^\]]*)\])?(?::[^,;\t|]*)?\"?([,;\t|])")
_ID = re.compile(r"^([^:\s]+):([^:()\s]+)(?:\(([^()]+)\))?(?:: .*)?$", re.DOTALL)
_COLUMN = re.compile(r"^([^\[\]:]+)(\[([^\]]*)\])?(?:: .*)?$", re.DOTALL)
_FIXED = {"DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "SERIES_KEY", "OBS_KEY"}
_USES = {
    "dataflow": Described.DATAFLOW,
    "datastructure": Described.DATA_STRUCTURE,
    "dataprovision": Described.PROVISION_AGREEMENT,
}


@dataclass(frozen=True, slots=True)
class _Column:
    """A component's column. ``several``: cells may hold several values; ``languages``: each begins with ``en:``."""

    position: int
    id: str
    several: bool = False
    languages: bool = False


@dataclass(frozen=True)
class _Layout:
    width: int
    fixed: dict[str, int]
    columns: tuple[_Column, ...]
    labelled: bool
    inner: str

    def cell(self, row: list[str], name: str) -> str:
        return row[self.fixed[name]] if name in self.fixed else ""


def read_csv(stream: BinaryIO) -> Iterator[Raw]:
    """The raw stream; observations are numbered by line. :class:`Invalid` CSV_BROKEN for what is not a table."""
    lines = _lines(stream)
    first = next(lines, "")
    match = _FIRST.match(first)
    if match is None:
        raise Invalid("CSV_BROKEN", line=1, reason=f"header {first[:40]!r}")
    rows = csv.reader(_chain(first, lines), delimiter=match.group(2), strict=True)
    layout = _layout(_next(rows) or [], match.group(1) or ";")
    head: tuple[str, ...] | None = None
    piece: list[tuple[int, dict[str, RawValue]]] = []
    while (row := _next(rows)) is not None:
        if not row:
            continue
        _check_width(row, layout, rows.line_num)
        named = tuple(layout.cell(row, name) for name in ("DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "ACTION"))
        if named != head or len(piece) >= PIECE:
            if piece:
                yield RawSeries({}, list(piece))
                piece.clear()
            if named != head:
                yield _dataset(named, layout, rows.line_num)
                head = named
        piece.append((rows.line_num, _parts(row, layout)))
    if piece:
        yield RawSeries({}, list(piece))


def _lines(stream: BinaryIO) -> Iterator[str]:
    text: TextIO = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    number = 0
    try:
        while line := text.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE:
                raise Invalid("CSV_BROKEN", line=number, reason=f"line > {LONGEST_LINE}")
            yield line
    except UnicodeDecodeError:
        raise Invalid("CSV_BROKEN", line=number + 1, reason="UTF-8") from None


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _next(rows: csv._reader) -> list[str] | None:  # type: ignore[name-defined]
    try:
        return next(rows, None)
    except csv.Error as error:
        raise Invalid("CSV_BROKEN", line=rows.line_num, reason=str(error)[:200]) from None


def _layout(header: list[str], inner: str) -> _Layout:
    named = [_COLUMN.match(cell) for cell in header]
    ids = [match.group(1) if match else cell for match, cell in zip(named, header, strict=True)]
    fixed = {id_: position for position, id_ in enumerate(ids) if id_ in _FIXED and position < len(_FIXED)}
    start = max(fixed.values()) + 1
    step = 2 if "STRUCTURE_NAME" in fixed else 1
    columns = tuple(_column(position, ids[position], named[position]) for position in range(start, len(ids), step))
    labelled = any(": " in header[column.position] for column in columns)
    return _Layout(len(header), fixed, columns, labelled, inner[:1] or ";")


def _column(position: int, id_: str, match: re.Match[str] | None) -> _Column:
    several = match is not None and match.group(2) is not None
    return _Column(position, id_, several, several and match is not None and bool(match.group(3)))


def _check_width(row: list[str], layout: _Layout, line: int) -> None:
    if len(row) != layout.width:
        raise Invalid("CSV_BROKEN", line=line, reason=f"{len(row)} <> {layout.width}")


def _dataset(named: tuple[str, ...], layout: _Layout, line: int) -> RawDataSet:
    dataflow, structure, id_, action = named
    what = Described.DATAFLOW if dataflow else _USES.get(structure.strip().casefold())
    match = _ID.match((dataflow or id_).strip())
    if what is None or match is None:
        raise Invalid("CSV_BROKEN", line=line, reason=f"{structure[:20]} {(dataflow or id_)[:60]}")
    agency, name, version = match.groups()
    use = StructureUse(what, agency, name, version or "latest")
    wanted = read_action(action) if action else Action.MERGE
    return RawDataSet(use, wanted, place="{}", labelled=layout.labelled, rows=True)


def _parts(row: list[str], layout: _Layout) -> dict[str, RawValue]:
    parts: dict[str, RawValue] = {}
    for column in layout.columns:
        text = row[column.position]
        if text and text != SWITCHED_OFF:
            parts[column.id] = _values(text, column, layout.inner) if column.several else text
    return parts


def _values(text: str, column: _Column, inner: str) -> RawValue:
    found = next(csv.reader([text], delimiter=inner), [])
    if column.languages:
        found = [value.partition(":")[2] for value in found]
    return found[0] if len(found) == 1 else tuple(found)
