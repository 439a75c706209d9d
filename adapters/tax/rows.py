"""Long rows: the pair RCV_TKHAI_HDR (a row per declaration) and RCV_TKHAI_DTL (a row per line of it), as CSV.

A table is known by its columns, not by its name; a delivery may hold several of each, and they are read together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from adapters.base import RawBatch, Source
from adapters.reading import Piece
from adapters.tax.page import RowsPage
from adapters.tax.pivot import Pivot
from adapters.tax.table import Columns, Table, shape, table
from registry.errors import Invalid


@dataclass
class LongRows:
    """Collects the tables of one delivery, then reads them together."""

    source: Source
    page: RowsPage
    headers: list[Table] = field(default_factory=list)
    items: list[Table] = field(default_factory=list)

    def take(self, piece: Piece, spill: Path) -> None:
        """Take one of the two tables; Invalid TAX_NOT_THIS_SOURCE where it is neither, TAX_COLUMNS_MISSING where nearly."""
        found = shape(piece)
        item = found.carries(self.page.item) if found else {}
        header = found.carries(self.page.header) if found else {}
        number = len(self.headers) + len(self.items)
        if found and {"ky_hieu", "gia_tri"} <= set(item):
            _complete(piece.name, found.names, item, self.page.item, list(self.page.item))
            self.items.append(table(number, piece, found, item, spill))
        elif found and {"mst", "ma_tkhai"} & set(header):
            _complete(piece.name, found.names, header, self.page.header, list(self.page.required))
            self.headers.append(table(number, piece, found, header, spill))
        else:
            raise Invalid("TAX_NOT_THIS_SOURCE", file=piece.name)

    def read(self, spill: Path) -> Iterator[RawBatch]:
        """Every declaration. Invalid TAX_PAIR_INCOMPLETE where one of the two tables is missing."""
        if self.headers and self.items:
            yield from Pivot(self.source, self.page, self.headers, self.items, spill).batches()
        elif self.headers:
            raise Invalid("TAX_PAIR_INCOMPLETE", found="RCV_TKHAI_HDR", missing="RCV_TKHAI_DTL")
        elif self.items:
            raise Invalid("TAX_PAIR_INCOMPLETE", found="RCV_TKHAI_DTL", missing="RCV_TKHAI_HDR")


def _complete(file: str, names: tuple[str, ...], found: dict[str, str], wanted: Columns, required: list[str]) -> None:
    missing = [wanted[name][0] for name in required if name not in found]
    if missing:
        raise Invalid("TAX_COLUMNS_MISSING", file=file, missing=", ".join(missing), found=", ".join(names)[:300])
