"""Declarations as VNACCS-like records: one record a line, fields ``ID=value`` between tabs, the system's own ids.

A line that begins with ``ICN=`` (import) or ``ECN=`` (export) opens a declaration; each line that begins with ``CMD=`` is one
of its items; a line that begins with ``#`` is a remark. Names, addresses and anything else not listed here is not read.
``_place`` is the line of the file.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from adapters.base import FILE, PLACE, RawBatch, Source, raw_table
from adapters.customs.columns import SYNTHETIC
from adapters.reading import Piece, encoding
from registry.ports import Reject

BATCH = 20_000
OPENERS = ("ICN=", "ECN=")
ITEM = "CMD="

HEADER = {
    "FIC": "first_declaration",
    "CH": "office",
    "MTC": "transport_mode",
    "PSC": "loading",
    "DST": "unloading",
    "GW": "gross_weight",
    "GWT": "gross_unit",
    "IP1": "invoice_class",
    "IP2": "incoterm",
    "IP3": "currency",
    "IP4": "invoice_total",
    "FR2": "freight_currency",
    "FR3": "freight",
    "IN2": "insurance_currency",
    "IN3": "insurance",
    "NT2": "note",
    # Not an id of the system: the rate of the invoice currency, where the extract gives it.
    "EXR": "exchange_rate",
}
IMPORT = HEADER | {"ICN": "declaration", "ICB": "type_code", "ICD": "registered", "IMC": "trader", "EPO": "export_country"}
EXPORT = HEADER | {"ECN": "declaration", "ECB": "type_code", "ECD": "registered", "EPC": "trader", "CGK": "import_country"}
ITEMS = {
    "CMD": "hs",
    "OR": "origin",
    "QN1": "quantity",
    "QT1": "unit",
    "QN2": "quantity2",
    "QT2": "unit2",
    "UPR": "unit_price",
    "BPR": "line_value",
    "DPR": "customs_value",
}


def is_records(head: str) -> bool:
    """Whether a text begins like this format: its first line that is no remark opens a declaration or is an item."""
    lines = (line for line in head.splitlines() if line.strip() and not line.startswith("#"))
    return next(lines, "").startswith((*OPENERS, ITEM))


def read_records(piece: Piece, source: Source) -> Iterator[RawBatch]:
    """The items of a file of records in batches, each with the fields of its declaration."""
    reader = _Records(piece.name)
    with piece.open() as stream:
        lines = io.TextIOWrapper(stream, encoding=encoding(piece.head()), errors="replace", newline=None)
        for number, line in enumerate(lines, 1):
            reader.take(number, line.rstrip("\r\n"))
            if len(reader.rows) >= BATCH:
                yield reader.batch(source)
    yield reader.batch(source)


@dataclass
class _Records:
    file: str
    synthetic: bool = False
    header: dict[str, str] | None = None
    item: int = 0
    rows: list[dict[str, str]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)

    def take(self, number: int, line: str) -> None:
        if line.startswith(ITEM):
            self._item(number, line)
        elif line.startswith(OPENERS):
            self.header = self._fields(number, line, IMPORT if line.startswith("ICN=") else EXPORT)
            self.item = 0
        elif line.startswith("#"):
            self.synthetic = self.synthetic or SYNTHETIC in line.upper()
        elif line.strip():
            self._refuse(number, "RECORD_UNKNOWN")

    def _item(self, number: int, line: str) -> None:
        self.item += 1
        if self.header is None:
            self._refuse(number, "RECORD_ORPHAN")
        elif (fields := self._fields(number, line, ITEMS)) is not None:
            self.rows.append(self.header | fields | {FILE: self.file, PLACE: str(number), "line": str(self.item)})

    def _fields(self, number: int, line: str, names: dict[str, str]) -> dict[str, str] | None:
        fields = {}
        for part in line.split("\t"):
            id_, equals, value = part.partition("=")
            if not equals:
                self._refuse(number, "RECORD_FIELD")
                return None
            if id_ in names and (text := value.strip()):
                fields[names[id_]] = text
        return fields

    def _refuse(self, number: int, rule: str) -> None:
        self.rejects.append(Reject(self.file, str(number), rule))

    def batch(self, source: Source) -> RawBatch:
        rows, self.rows = self.rows, []
        rejects, self.rejects = self.rejects, []
        return RawBatch(raw_table(source, rows), rejects, self.synthetic)
