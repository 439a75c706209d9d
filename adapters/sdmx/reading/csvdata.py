"""SDMX-CSV 1.0 and 2.x data as a raw stream.

Source: sdmx-twg/sdmx-csv, field guides of the data message: 1.0 (``DATAFLOW`` column) and 2.0/2.1 (``STRUCTURE`` columns).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

import numpy as np

from adapters.sdmx.reading.blocks import Block, Table
from adapters.sdmx.reading.header import read_action
from registry.errors import Invalid
from registry.raw import Action, Described, Raw, RawColumn, RawDataSet, RawTable, RawValue, StructureUse

_FIRST = re.compile(r"^\"?(?:DATAFLOW|STRUCTURE)(?:\[([^\]]*)\])?(?::[^,;\t|]*)?\"?([,;\t|])")
_ID = re.compile(r"^([^:\s]+):([^:()\s]+)(?:\(([^()]+)\))?(?:: .*)?$", re.DOTALL)
_COLUMN = re.compile(r"^([^\[\]:]+)(\[([^\]]*)\])?(?:: .*)?$", re.DOTALL)
_FIXED = {"DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "SERIES_KEY", "OBS_KEY"}
_HEADING = ("DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "ACTION")
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
    fixed: dict[str, int]
    columns: tuple[_Column, ...]
    labelled: bool
    inner: str

    def cell(self, block: Block, name: str, row: int) -> str:
        return str(block.columns[self.fixed[name]][row]) if name in self.fixed else ""


def read_csv(stream: BinaryIO) -> Iterator[Raw]:
    """The raw stream; observations are numbered by line. :class:`Invalid` CSV_BROKEN for what is not a table."""
    table = Table(stream)
    first = table.first_line()
    match = _FIRST.match(first)
    if match is None:
        raise Invalid("CSV_BROKEN", line=1, reason=f"header {first[:40]!r}")
    layout = _layout(table.header(match.group(2)), match.group(1) or ";")
    head: tuple[str, ...] | None = None
    for block in table.blocks():
        for start, end in _runs(block, layout):
            named = tuple(layout.cell(block, name, start) for name in _HEADING)
            if named != head:
                yield _dataset(named, layout, int(block.lines[start]))
                head = named
            columns = {column.id: _column_of(block, column, layout.inner, start, end) for column in layout.columns}
            yield RawTable(columns, block.lines[start:end])


def _runs(block: Block, layout: _Layout) -> Iterator[tuple[int, int]]:
    """Where rows say the same of their structure and action: from, to."""
    changed = np.zeros(len(block.lines) - 1, np.bool_)
    for name in layout.fixed.keys() & set(_HEADING):
        codes = block.columns[layout.fixed[name]].dictionary_encode().indices.to_numpy(zero_copy_only=False)
        changed |= codes[1:] != codes[:-1]
    edges = [0, *(np.flatnonzero(changed) + 1).tolist(), len(block.lines)]
    return pairwise(edges)


def _column_of(block: Block, column: _Column, inner: str, start: int, end: int) -> RawColumn:
    found = RawColumn(block.columns[column.position].slice(start, end - start))
    if not column.several:
        return found
    texts, codes = found.coded()
    return RawColumn([_values(str(text), column, inner) if text else None for text in texts], codes)


def _layout(header: list[str], inner: str) -> _Layout:
    named = [_COLUMN.match(cell) for cell in header]
    ids = [match.group(1) if match else cell for match, cell in zip(named, header, strict=True)]
    fixed = {id_: position for position, id_ in enumerate(ids) if id_ in _FIXED and position < len(_FIXED)}
    start = max(fixed.values()) + 1
    step = 2 if "STRUCTURE_NAME" in fixed else 1
    columns = tuple(_column(position, ids[position], named[position]) for position in range(start, len(ids), step))
    labelled = any(": " in header[column.position] for column in columns)
    return _Layout(fixed, columns, labelled, inner[:1] or ";")


def _column(position: int, id_: str, match: re.Match[str] | None) -> _Column:
    several = match is not None and match.group(2) is not None
    return _Column(position, id_, several, several and match is not None and bool(match.group(3)))


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


def _values(text: str, column: _Column, inner: str) -> RawValue:
    found = next(csv.reader([text], delimiter=inner), [])
    if column.languages:
        found = [value.partition(":")[2] for value in found]
    return found[0] if len(found) == 1 else tuple(found)
