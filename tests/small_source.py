"""A small invented source for the tests of deliveries: farms of Đất Nước Sen report their harvest as CSV.

nong_trai    the farm's number; made a pseudonym, never published
tinh         province 01, 02, 03
cay          crop LUA, NGO
quy          quarter, 2024-Q1
tan          tonnes, a whole number
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from adapters.base import FILE, PLACE, Progress, RawBatch, Source, raw_table
from registry.errors import Invalid
from registry.ports import Reject

PAGE = {
    "id": "farms",
    "names": {"vi": "Nông trại", "en": "Farms"},
    "organisation": "NONG",
    "description": {"vi": "Báo cáo sản lượng", "en": "Harvest reports"},
    "fields": ["nong_trai", "tinh", "cay", "quy", "tan"],
    "tables": {"tinh_thanh": "codelist SEN:CL_PROVINCE(1.0)"},
    "dataflows": {"MUA": "SEN:MUA(1.0)"},
}
RULES = [
    {
        "code": "UNKNOWN_PROVINCE",
        "column": "tinh",
        "violated": "tinh NOT IN (SELECT id FROM tinh_thanh)",
        "severity": "reject",
        "names": {"vi": "Tỉnh không tồn tại", "en": "Unknown province"},
        "help": {"vi": "Dùng mã 01 đến 03.", "en": "Use a code from 01 to 03."},
    },
    {
        "code": "NOT_A_NUMBER",
        "column": "tan",
        "violated": "try_cast(tan AS DECIMAL(18, 0)) IS NULL",
        "severity": "reject",
        "names": {"vi": "Không phải số", "en": "Not a number"},
        "help": {"vi": "Ghi số nguyên.", "en": "Write a whole number."},
    },
    {
        "code": "VERY_LARGE",
        "column": "tan",
        "violated": "try_cast(tan AS DECIMAL(18, 0)) > 1000",
        "severity": "warn",
        "names": {"vi": "Rất lớn", "en": "Very large"},
        "help": {"vi": "Kiểm tra đơn vị.", "en": "Check the unit."},
    },
]
NORMALISE = """
SELECT pseudonym(nong_trai) AS farm, tinh AS province, cay AS crop, quy AS quarter, CAST(tan AS DECIMAL(18, 0)) AS tonnes,
       make_date(CAST(left(quy, 4) AS INTEGER), 3 * CAST(right(quy, 1) AS INTEGER) - 2, 1) AS period
FROM accepted
"""
COMPILE = """
SELECT 'Q' AS FREQ, coalesce(province, '_T') AS PROVINCE, crop AS CROP, quarter AS TIME_PERIOD,
       CAST(sum(tonnes) AS VARCHAR) AS OBS_VALUE, 'TAN' AS UNIT_MEASURE, '0' AS UNIT_MULT,
       count(DISTINCT farm) AS CONTRIBUTORS
FROM microdata
GROUP BY GROUPING SETS ((province, crop, quarter), (crop, quarter))
ORDER BY 1, 2, 3, 4
"""


class FarmAdapter:
    """Reads the CSV; implements :class:`adapters.base.Adapter`."""

    def __init__(self, folder: Path) -> None:
        self.source = Source.load(folder)

    def read(self, files: Sequence[Path], spill: Path) -> Iterator[RawBatch]:
        for path in files:
            with path.open(encoding="utf-8", newline="") as file:
                reader = csv.DictReader(file)
                if reader.fieldnames is None or "nong_trai" not in reader.fieldnames:
                    raise Invalid("DELIVERED_FILE_UNREADABLE", found=path.name, reason="no column nong_trai")
                rows = [{**row, FILE: path.name, PLACE: str(line)} for line, row in enumerate(reader, start=2)]
            good = [row for row in rows if row["tan"] is not None]
            bad = [Reject(path.name, row[PLACE], "BROKEN_LINE") for row in rows if row["tan"] is None]
            yield RawBatch(raw_table(self.source, good), bad)

    def sample(self, records: int, seed: int, out: Path, progress: Progress) -> list[Path]:
        raise Invalid("DELIVERED_FILE_UNREADABLE", found="sample", reason="this source has none")


def write_source(folder: Path) -> FarmAdapter:
    """Lay the source's page out as files and read it."""
    (folder / "compile").mkdir(parents=True)
    (folder / "source.yml").write_text(yaml.safe_dump(PAGE, allow_unicode=True), encoding="utf-8")
    (folder / "rules.yml").write_text(yaml.safe_dump(RULES, allow_unicode=True), encoding="utf-8")
    (folder / "normalise.sql").write_text(NORMALISE, encoding="utf-8")
    (folder / "compile" / "MUA.sql").write_text(COMPILE, encoding="utf-8")
    return FarmAdapter(folder)
