"""Writes made-up declarations as the pair RCV_TKHAI_HDR and RCV_TKHAI_DTL."""

from __future__ import annotations

import gzip
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from adapters.tax.declarations import MARKED_AMOUNT, Declarations
from adapters.tax.figures import AT, LINES
from adapters.tax.page import MARK, load

NOTICE = f"# {MARK} DATA - DU LIEU TONG HOP, khong phai so lieu that\n"
SOFTWARE = f"{MARK} - DU LIEU TONG HOP"
FORM, EXPLANATION = "01_GTGT13", "01_KHBS13"
_OPTIONS = pyarrow.csv.WriteOptions(include_header=False, delimiter=";", quoting_style="none", batch_size=1 << 17)


class RowsWriter:
    """One pair of files. Use as a context manager."""

    def __init__(self, out: Path, label: str) -> None:
        self.paths = [out / f"{MARK}_RCV_TKHAI_{kind}_{label}.csv.gz" for kind in ("HDR", "DTL")]
        page = load()[1]
        fields = [name for name in page.header if name not in ("id", "ten_dvu")]
        self._fields = fields
        names = ["ID", *(page.header[name][0] for name in fields), "TEN_DVU", "TEN_NNT"]
        self._files = ExitStack()
        self._header = _open(self.paths[0], names, self._files)
        self._items = _open(self.paths[1], ["HDR_ID", "LOAI_DLIEU", "ROW_ID", "KY_HIEU", "GIA_TRI"], self._files)

    def __enter__(self) -> RowsWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._files.close()

    def write(self, batch: Declarations) -> None:
        """Append some declarations to both files."""
        ids = batch.first_id + np.arange(len(batch))
        columns = batch.columns()
        names = [f"Cong ty tong hop {number}" for number in batch.who.tolist()]
        header: list[Any] = [ids, *(columns[name] for name in self._fields), [SOFTWARE] * len(batch), names]
        _append(self._header, header)
        _append(self._items, _lines(batch, ids))
        explained = ids[batch.explained]
        if len(explained):
            for line, text in (("ct2_ten", "Chi tieu 27"), ("ct8", "Bo sung hoa don")):
                count = len(explained)
                _append(self._items, [explained, [EXPLANATION] * count, ["1"] * count, [line] * count, [text] * count])


def _lines(batch: Declarations, ids: Any) -> list[Any]:
    """A row per line that is not zero. Every twentieth declaration writes its amounts with a decimal comma."""
    sheet = batch.sheet.copy()
    marked = batch.marked()
    sheet[marked, AT["ct32"]] = 1
    rows, lines = np.nonzero(sheet)
    amounts = pc.cast(pa.array(sheet[rows, lines]), pa.string())
    decimal = pa.array((ids[rows] % 20 == 0) & (lines != AT["ct21"]))
    amounts = pc.if_else(decimal, pc.binary_join_element_wise(amounts, "0", ","), amounts)
    amounts = pc.if_else(pa.array(marked[rows] & (lines == AT["ct32"])), MARKED_AMOUNT, amounts)
    names = pa.array(LINES).take(pa.array(lines))
    count = len(rows)
    return [ids[rows], pa.repeat(FORM, count), pa.repeat("1", count), names, amounts]


def _open(path: Path, names: list[str], stack: ExitStack) -> BinaryIO:
    # No file name and no time inside: the same seed gives the same bytes.
    plain = stack.enter_context(path.open("wb"))
    file = cast(BinaryIO, stack.enter_context(gzip.GzipFile("", "wb", compresslevel=1, fileobj=plain, mtime=0)))
    file.write(NOTICE.encode())
    file.write((";".join(names) + "\n").encode())
    return file


def _append(file: BinaryIO, columns: list[Any]) -> None:
    table = pa.table([pa.array(column) for column in columns], names=[str(index) for index in range(len(columns))])
    pyarrow.csv.write_csv(table, file, _OPTIONS)
