"""VAT declarations of the invented trading house Sen Hồng and its neighbours, as the tests of the tax source draw them.

A sound declaration (all amounts in dong; what others change is written beside them)::

    sales at 10 %  ct32 100,000,000   tax ct33 10,000,000       purchases ct23 60,000,000   tax ct24 = ct25 6,000,000
    so             ct27 = ct34 = 100,000,000, ct28 = ct35 = 10,000,000, ct36 = ct40a = ct40 = 4,000,000
    declared for October 2025 by 9000000013 in Hà Nội (tax 101 -> 01 -> 01), wholesale trade (G4669 -> 46 -> G)
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adapters.base import FILE, PLACE, RawBatch, raw_table
from adapters.sources import adapter_for
from tests.intake import Batches, Intake, deliver

TAX = adapter_for("tax")
NS = 'xmlns="http://kekhaithue.gdt.gov.vn/TKhaiThue"'
Record = Mapping[str, str | None]
TAX_XML = {
    **{"mst": "mst", "maTKhai": "ma_tkhai", "pbanTKhaiXML": "pban_tkhai", "loaiTKhai": "loai_tkhai", "soLan": "so_lan"},
    **{"kieuKy": "kieu_ky", "kyKKhai": "ky_kkhai", "kyKKhaiTuNgay": "tu_ngay", "kyKKhaiDenNgay": "den_ngay"},
    **{"ngayLapTKhai": "ngay_lap", "ngayKy": "ngay_nop", "maTinhNNT": "ma_tinh", "maCQTNoiNop": "ma_cqt"},
    **{"nganhNgheKD": "nganh_nghe"},
}


def code(serial: str) -> str:
    """The ten-digit tax code of nine digits, by the published rule."""
    weighted = sum(int(digit) * weight for digit, weight in zip(serial, (31, 29, 23, 19, 17, 13, 7, 5, 3), strict=True))
    return f"{serial}{10 - weighted % 11}"


SEN, BAO, LAN, MAI = code("900000001"), code("900000002"), code("900000003"), code("900000005")
AMOUNTS = {"ct23": 60_000_000, "ct24": 6_000_000, "ct25": 6_000_000, "ct27": 100_000_000, "ct28": 10_000_000}
AMOUNTS |= {"ct32": 100_000_000, "ct33": 10_000_000, "ct34": 100_000_000, "ct35": 10_000_000, "ct36": 4_000_000}
AMOUNTS |= {"ct40a": 4_000_000, "ct40": 4_000_000}
SOUND: Record = {
    **{"mst": SEN, "ma_tkhai": "842", "pban_tkhai": "2.9.4", "loai_tkhai": "C", "so_lan": "0", "kieu_ky": "M"},
    **{"ky_kkhai": "10/2025", "tu_ngay": "01/10/2025", "den_ngay": "31/10/2025", "ngay_lap": "2025-11-12"},
    **{"ngay_nop": "2025-11-12", "ma_tinh": "101", "ma_cqt": "10101", "nganh_nghe": "G4669", "giai_trinh": "0"},
    **{line: str(amount) for line, amount in AMOUNTS.items()},
}


def declaration(sales: int | None = None, /, **changes: Any) -> dict[str, str | None]:
    """The sound declaration with other fields; with ``sales`` everything at 10 % and without purchases."""
    record = {**SOUND, **changes}
    if sales is not None:
        tax = str(sales // 10)
        record |= dict.fromkeys(("ct27", "ct32", "ct34"), str(sales)) | dict.fromkeys(("ct23", "ct24", "ct25"), None)
        record |= dict.fromkeys(("ct28", "ct33", "ct35", "ct36", "ct40a", "ct40"), tax)
    return record


def month(number: int, year: int = 2025) -> dict[str, str | None]:
    return {
        "kieu_ky": "M",
        "ky_kkhai": f"{number}/{year}",
        "tu_ngay": None,
        "den_ngay": None,
        "ngay_nop": f"2026-01-{number:02d}",
    }


def quarter(number: int, year: int = 2025) -> dict[str, str | None]:
    return {"kieu_ky": "Q", "ky_kkhai": f"{number}/{year}", "tu_ngay": None, "den_ngay": None, "ngay_nop": "2026-01-20"}


def take(folder: Path, *records: Record) -> Intake:
    """The records through rules and normalisation; the first is at place 1."""
    rows = [{FILE: "tk.xml", PLACE: str(number), **record} for number, record in enumerate(records, 1)]
    return deliver(Batches(TAX.source, [RawBatch(raw_table(TAX.source, rows))]), [], folder)


def xml_record(record: Record, extra: str = "", name: str = "Công ty Sen Hồng") -> str:
    """One HSoKhaiThue as eTax writes it."""
    names = {field: tag for tag, field in TAX_XML.items()}
    head = {field: f"<{names[field]}>{record[field]}</{names[field]}>" for field in names if record.get(field) is not None}
    party = "".join(head.pop(field, "") for field in ("mst", "ma_tinh"))
    lines = "".join(
        f"<{line}>{value}</{line}>" for line, value in record.items() if line.startswith("ct") and value is not None
    )
    annex = "<PLuc><PL01_1_KHBS><ChiTiet/><ChiTiet/></PL01_1_KHBS></PLuc>" if record.get("giai_trinh") == "2" else ""
    return (
        f"<HSoKhaiThue><TTinChung><TTinDVu><tenDVu>HTKK</tenDVu></TTinDVu><TTinTKhaiThue><TKhaiThue>{''.join(head.values())}"
        f"</TKhaiThue><NNT>{party}<tenNNT>{name}</tenNNT></NNT></TTinTKhaiThue></TTinChung>"
        f"<CTieuTKhaiChinh><ma_NganhNghe>00</ma_NganhNghe><Nhom>{lines}</Nhom>{extra}</CTieuTKhaiChinh>{annex}</HSoKhaiThue>"
    )


def xml(*records: str, root: str = f"<HSoThueDTu {NS}>") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}{"".join(records)}</HSoThueDTu>'


def pair(folder: Path, records: Mapping[str, Record], lines: str = "", head: str = "") -> list[Path]:
    """The two long tables; ``records`` by id, ``lines`` and ``head`` are appended to the tables as they are."""
    columns = ["mst", "ma_tkhai", "pban_tkhai", "loai_tkhai", "so_lan", "kieu_ky", "ky_kkhai", "tu_ngay", "den_ngay"]
    columns += ["ngay_lap", "ngay_nop", "ma_tinh", "ma_cqt", "nganh_nghe"]
    names = "ID;MST;MA_TKHAI;PBAN_TKHAI_XML;LOAI_TKHAI;SO_LAN;KIEU_KY;KY_KKHAI;KYKK_TU_NGAY;KYKK_DEN_NGAY;NGAY_LAP_TKHAI;"
    names += "NGAY_NOP;MA_TINH_NNT;MA_CQT;MA_NGANH_NGHE"
    header = [f"{id};" + ";".join(record[name] or "" for name in columns) for id, record in records.items()]
    items = [
        f"{id};01_GTGT13;1;{line};{value}"
        for id, record in records.items()
        for line, value in record.items()
        if line.startswith("ct") and value is not None
    ]
    explained = [
        f"{id};01_KHBS13;{row};ct8;ly do" for id, record in records.items() for row in range(int(record["giai_trinh"] or 0))
    ]
    paths = [folder / "RCV_TKHAI_HDR.csv", folder / "RCV_TKHAI_DTL.csv"]
    paths[0].write_text("\n".join([names, *header]) + "\n" + head, encoding="utf-8")
    table = "\n".join(["HDR_ID;LOAI_DLIEU;ROW_ID;KY_HIEU;GIA_TRI", *items, *explained])
    paths[1].write_text(table + "\n" + lines, encoding="utf-8")
    return paths


def read(files: list[Path], folder: Path) -> list[RawBatch]:
    spill = folder / "spill"
    spill.mkdir()
    return list(TAX.read(files, spill))


def raw(batches: list[RawBatch]) -> list[dict[str, str | None]]:
    """The records without their places."""
    rows = [row for batch in batches for row in batch.table.to_pylist()]
    return [{name: value for name, value in row.items() if name not in (FILE, PLACE)} for row in rows]


def faults(batches: list[RawBatch]) -> list[tuple[str, str]]:
    return [(reject.place, reject.rule) for batch in batches for reject in batch.rejects]


def written(folder: Path, text: str, name: str = "tk.xml") -> list[Path]:
    (folder / name).write_text(text, encoding="utf-8")
    return [folder / name]
