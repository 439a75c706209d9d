"""Synthetic deliveries: most lines as compressed CSV, some as VNACCS-like records and as a workbook, with a manifest."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from openpyxl import Workbook

from adapters.base import Progress, Source
from adapters.customs.columns import columns, numbers
from adapters.customs.defects import DEFECTS, counts, drop_originals, spoil
from adapters.customs.draw import Drawer
from adapters.customs.mix import tax_codes
from adapters.customs.texts import texts
from adapters.customs.vnaccs import EXPORT, IMPORT, ITEMS
from adapters.reading import write_manifest

NOTICE = "DỮ LIỆU GIẢ LẬP, không phải số liệu thật / SYNTHETIC DATA, nothing here is real"
CHUNK = 50_000
WORKBOOK = 2_000
RECORDS_SHARE = 0.1
EPOCH = datetime(2025, 1, 1)
_SAVED = re.compile(rb"[^<>]+(?=</dcterms:modified>)")


def write_sample(source: Source, records: int, seed: int, out: Path, progress: Progress) -> list[Path]:
    """Write ``records`` lines of 2025 into ``out``; the paths of the data files. The same seed gives the same bytes."""
    out.mkdir(parents=True, exist_ok=True)
    maker = _Maker(source, Drawer(seed, tax_codes(max(20, records // 25))), progress)
    in_book = min(WORKBOOK, records // 50)
    in_records = int(records * RECORDS_SHARE)
    paths = [out / "to-khai.xlsx", out / "to-khai-vnaccs.txt", out / "to-khai.csv.gz"]
    _write_workbook(paths[0], maker.chunks(in_book))
    # The electronic declaration has no net mass per item.
    _write_records(paths[1], maker.chunks(in_records, weighed_share=0))
    _write_csv(paths[2], source, maker.chunks(records - in_book - in_records))
    write_manifest(out, {"source": source.id, "seed": seed, "records": records, **maker.facts()})
    return paths


class _Maker:
    """Makes chunks of texts and keeps count of what was put into them."""

    def __init__(self, source: Source, drawer: Drawer, progress: Progress) -> None:
        self._source, self._drawer, self._progress = source, drawer, progress
        self._defects: Counter[str] = Counter({defect.name: 0 for defect in DEFECTS})
        self._amendments: Counter[str] = Counter()
        self._superseded = self._without_original = 0

    def chunks(self, count: int, weighed_share: float = 0.6) -> Iterator[pa.Table]:
        """``count`` lines as tables of texts; that share of them with a net mass of their own."""
        while count > 0:
            table = self._chunk(min(count, CHUNK), weighed_share)
            self._progress(table.num_rows)
            count -= table.num_rows
            yield table

    def _chunk(self, count: int, weighed_share: float) -> pa.Table:
        lines, rng = self._drawer.lines(count)
        lines, orphans = drop_originals(lines, rng)
        fields, places = spoil(lines, texts(lines, rng, weighed_share), rng)
        kept = min(count, len(lines["number"]))
        self._without_original += orphans
        self._defects.update(counts(places, kept))
        self._count_versions({name: values[:kept] for name, values in lines.items()})
        absent = pa.nulls(len(lines["number"]), pa.string())
        return pa.table({name: fields.get(name, absent) for name in self._source.fields}).slice(0, kept)

    def _count_versions(self, lines: dict[str, Any]) -> None:
        digits, per_digit = np.unique(lines["amendment"], return_counts=True)
        self._amendments.update({str(digit): int(number) for digit, number in zip(digits, per_digit, strict=True)})
        _, where = np.unique(lines["number"], return_inverse=True)
        newest = np.zeros(where.max() + 1, dtype=np.int64)
        np.maximum.at(newest, where, lines["amendment"])
        self._superseded += int((lines["amendment"] < newest[where]).sum())

    def facts(self) -> dict[str, object]:
        """For the manifest: what is in the files that a check could look for."""
        rules: Counter[str] = Counter()
        for defect in DEFECTS:
            rules.update(dict.fromkeys(defect.rules, self._defects[defect.name]))
        return {
            "period": "2025-01/2025-12",
            "defects": dict(self._defects),
            "amendment_without_original_declarations": self._without_original,
            "rules_expected": dict(sorted(rules.items())),
            "lines_by_amendment_digit": dict(sorted(self._amendments.items())),
            "superseded_lines": self._superseded,
        }


def _headings(source: Source) -> list[str]:
    first = {column.field: column.aliases[0] for column in columns()}
    return [first[name] for name in source.fields]


def _write_csv(path: Path, source: Source, chunks: Iterator[pa.Table]) -> None:
    schema = pa.schema([(name, pa.string()) for name in source.fields])
    # The time and name in a gzip header would make two equal samples differ.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 3, raw, mtime=0) as out:
        out.write(_top(source).encode("utf-8-sig"))
        options = pacsv.WriteOptions(include_header=False, quoting_style="none")
        with pacsv.CSVWriter(out, schema, write_options=options) as writer:
            for table in chunks:
                writer.write_table(table)


def _top(source: Source) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[NOTICE], _headings(source)])
    return text.getvalue()


def _write_records(path: Path, chunks: Iterator[pa.Table]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f"# {NOTICE}\n")
        for table in chunks:
            current = ""
            for row in table.to_pylist():
                if row["declaration"] != current:
                    current = row["declaration"]
                    out.write(_record(row, IMPORT if current.startswith("1") else EXPORT))
                out.write(_record(row, ITEMS))


def _record(row: dict[str, str | None], ids: dict[str, str]) -> str:
    # The id that tells the kind of record comes first.
    order = sorted(ids, key=lambda id_: id_ not in ("ICN", "ECN", "CMD"))
    return "\t".join(f"{id_}={row[ids[id_]]}" for id_ in order if row[ids[id_]] is not None or id_ == "CMD") + "\n"


def _write_workbook(path: Path, chunks: Iterator[pa.Table]) -> None:
    book = Workbook(write_only=True)
    book.properties.creator, book.properties.created, book.properties.modified = "", EPOCH, EPOCH
    sheet = book.create_sheet("Tờ khai")
    sheet.append([NOTICE])
    heading = False
    for table in chunks:
        if not heading:
            first = {column.field: column.aliases[0] for column in columns()}
            sheet.append([first[name] for name in table.column_names])
            heading = True
        for row in table.to_pylist():
            sheet.append([_cell(name, value) for name, value in row.items()])
    with _without_times(path) as file:
        book.save(file)


def _cell(name: str, value: str | None) -> str | float | int | None:
    """Numbers as numbers, as spreadsheets keep them; a code that lost its zero lost it because it was a number."""
    if value is None or not (name in numbers() or (name == "hs" and len(value) == 7)):
        return value
    return float(value) if "." in value else int(value)


@contextmanager
def _without_times(path: Path) -> Iterator[io.BytesIO]:
    """A zip file records when each member was written, openpyxl when it saved; two equal samples must not differ by that."""
    buffer, written = io.BytesIO(), f"{EPOCH:%Y-%m-%dT%H:%M:%SZ}".encode()
    yield buffer
    with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in sorted(made.namelist()):
            info = zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, _SAVED.sub(written, made.read(name)))
