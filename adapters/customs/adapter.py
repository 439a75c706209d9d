"""The customs source: what a file is, told by its first bytes, and which room reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from adapters.base import Progress, RawBatch, Source
from adapters.customs.sample import write_sample
from adapters.customs.table import read_csv
from adapters.customs.vnaccs import is_records, read_records
from adapters.customs.workbook import read_workbook
from adapters.reading import Piece, encoding, pieces
from registry.errors import Invalid


class CustomsAdapter:
    """Reads declaration lines as CSV, XLSX or VNACCS-like records; all give the same raw columns."""

    def __init__(self) -> None:
        self.source = Source.load(Path(__file__).parent)

    def read(self, files: Sequence[Path], spill: Path) -> Iterator[RawBatch]:
        """See :class:`adapters.base.Adapter`. Raises Invalid CUSTOMS_FORMAT where a file is none of the three."""
        for piece in pieces(files):
            yield from self._piece(piece, spill)

    def _piece(self, piece: Piece, spill: Path) -> Iterator[RawBatch]:
        head = piece.head()
        if head.startswith(b"PK\x03\x04") and piece.path is not None:
            return read_workbook(piece.path, piece.name, self.source)
        kind = encoding(head)
        if _is_foreign(head, kind):
            raise Invalid("CUSTOMS_FORMAT", file=piece.name, found=_looks_like(head))
        if is_records(head.decode(kind, errors="replace")):
            return read_records(piece, self.source)
        return read_csv(piece, self.source, spill)

    def sample(self, records: int, seed: int, out: Path, progress: Progress) -> list[Path]:
        """See :class:`adapters.base.Adapter`; beside the files a manifest counts the defects put in."""
        return write_sample(self.source, records, seed, out, progress)


SIGNS = {b"\xd0\xcf\x11\xe0": "an old workbook (.xls)", b"%PDF": "PDF", b"<": "XML or HTML", b"{": "JSON", b"[": "JSON"}


def _is_foreign(head: bytes, kind: str) -> bool:
    return _looks_like(head) != "binary data" or (b"\x00" in head and kind != "utf-16")


def _looks_like(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return next((name for sign, name in SIGNS.items() if start.startswith(sign)), "binary data")
