"""Reads a delivery of VAT declarations, in eTax XML, in long rows, or both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.base import Progress, RawBatch, Source, raw_table
from adapters.reading import pieces
from adapters.tax import sample
from adapters.tax.etax import EtaxReader, Row, is_etax
from adapters.tax.page import FOLDER, load
from adapters.tax.rows import LongRows
from registry.ports import Reject

XML_BATCH = 5_000


@dataclass
class TaxAdapter:
    """The Adapter of ``tax``."""

    source: Source

    @classmethod
    def create(cls) -> TaxAdapter:
        return cls(Source.load(FOLDER))

    def read(self, files: Sequence[Path], spill: Path) -> Iterator[RawBatch]:
        """XML as it comes, then the long tables together. Invalid where a file is of neither kind."""
        xml, rows = load()
        etax = EtaxReader(xml, frozenset(name for name in self.source.fields if name.startswith("ct")))
        tables = LongRows(self.source, rows)
        waiting: list[Row | Reject] = []
        for piece in pieces(files):
            if not is_etax(piece.head(64)):
                tables.take(piece, spill)
                continue
            for found in etax.read(piece):
                waiting.append(found)
                if len(waiting) >= XML_BATCH:
                    yield self._batch(waiting)
                    waiting = []
        if waiting:
            yield self._batch(waiting)
        yield from tables.read(spill)

    def _batch(self, found: list[Row | Reject]) -> RawBatch:
        rows = [row for row in found if not isinstance(row, Reject)]
        rejects = [reject for reject in found if isinstance(reject, Reject)]
        return RawBatch(raw_table(self.source, rows), rejects, synthetic=any(row.get("tong_hop") for row in rows))

    def sample(self, records: int, seed: int, out: Path, progress: Progress) -> list[Path]:
        """A synthetic delivery, see :mod:`adapters.tax.sample`."""
        return sample.write(records, seed, out, progress)
