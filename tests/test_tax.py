"""VAT declarations of the invented trading house Sen Hồng and its neighbours, from file to figures.

A sound declaration (all amounts in dong; what the others change is written beside them)::

    sales at 10 %  ct32 100,000,000   tax ct33 10,000,000       purchases ct23 60,000,000   tax ct24 = ct25 6,000,000
    so             ct27 = ct34 = 100,000,000, ct28 = ct35 = 10,000,000, ct36 = ct40a = ct40 = 4,000,000
    declared for October 2025 by 9000000018 in Hà Nội (tax 101 -> 01 -> 01), wholesale trade (G4669 -> 46 -> G)
"""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.base import FILE, PLACE, RawBatch, raw_table
from adapters.sources import adapter_for
from adapters.tax import etax, pivot
from adapters.tax.population import facts
from hub.access import LOCAL_ADMINISTRATOR
from hub.wiring import Hub
from registry.errors import HubError, Invalid, TooLarge
from registry.model import Codelist
from registry.ports import PUBLIC
from registry.ref import Kind, Ref
from registry.selection import select
from tests.intake import Batches, Intake, Shelf, broken_rules, compiled, deliver, opened

TAX = adapter_for("tax")
NS = 'xmlns="http://kekhaithue.gdt.gov.vn/TKhaiThue"'
Record = Mapping[str, str | None]


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


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with opened(TAX.source, tmp_path_factory.mktemp("bench")) as connection:
        yield connection


def rules(bench: duckdb.DuckDBPyConnection, record: Record) -> set[str]:
    """The rules one record breaks."""
    return broken_rules(bench, TAX.source, [record])[0]


# --- the readers ------------------------------------------------------------------------------------------------------------


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


TAX_XML = {
    **{"mst": "mst", "maTKhai": "ma_tkhai", "pbanTKhaiXML": "pban_tkhai", "loaiTKhai": "loai_tkhai", "soLan": "so_lan"},
    **{"kieuKy": "kieu_ky", "kyKKhai": "ky_kkhai", "kyKKhaiTuNgay": "tu_ngay", "kyKKhaiDenNgay": "den_ngay"},
    **{"ngayLapTKhai": "ngay_lap", "ngayKy": "ngay_nop", "maTinhNNT": "ma_tinh", "maCQTNoiNop": "ma_cqt"},
    **{"nganhNgheKD": "nganh_nghe"},
}


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


def test_xml_and_long_rows_give_the_same_raw_columns(tmp_path: Path) -> None:
    amended = declaration(loai_tkhai="B", so_lan="1", giai_trinh="2", ct22="5")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    from_xml = raw(read(written(tmp_path / "a", xml(xml_record(SOUND), xml_record(amended))), tmp_path / "a"))
    from_rows = raw(read(pair(tmp_path / "b", {"1": SOUND, "2": amended}), tmp_path / "b"))
    assert from_xml == from_rows
    assert from_xml[1]["giai_trinh"] == "2"


def test_the_main_form_names_the_activity_where_the_header_does_not(tmp_path: Path) -> None:
    (row,) = raw(read(written(tmp_path, xml(xml_record(declaration(nganh_nghe=None)))), tmp_path))
    assert row["nganh_nghe"] == "00"


def test_a_missing_namespace_is_read_and_noted(tmp_path: Path, bench: duckdb.DuckDBPyConnection) -> None:
    (row,) = raw(read(written(tmp_path, xml(xml_record(SOUND), root="<HSoThueDTu>")), tmp_path))
    assert (row["mst"], row["sua_loi"]) == (SEN, "namespace")
    assert rules(bench, row) == {"VAT_NAMESPACE_MISSING"}


def test_a_bare_ampersand_is_repaired_in_its_record_and_noted(tmp_path: Path, bench: duckdb.DuckDBPyConnection) -> None:
    broken = xml_record(declaration(mst=BAO), name="Bảo & Con")
    batches = read(written(tmp_path, xml(xml_record(SOUND), broken, xml_record(declaration(mst=LAN)))), tmp_path)
    assert [(row["mst"], row["sua_loi"]) for row in raw(batches)] == [(SEN, None), (BAO, "ampersand"), (LAN, None)]
    assert not faults(batches)
    assert rules(bench, raw(batches)[1]) == {"VAT_AMPERSAND_REPAIRED"}


def test_a_broken_record_is_rejected_alone_and_named(tmp_path: Path) -> None:
    cut = xml_record(declaration(mst=BAO))
    text = xml(xml_record(SOUND), cut[: len(cut) // 2], xml_record(declaration(mst=LAN)), xml_record(declaration(mst=MAI)))
    batches = read(written(tmp_path, text), tmp_path)
    assert [row["mst"] for row in raw(batches)] == [SEN, LAN, MAI]
    assert faults(batches) == [("HSoKhaiThue 2", "TAX_RECORD_BROKEN")]


def test_a_file_that_ends_too_early_loses_only_its_last_record(tmp_path: Path) -> None:
    text = xml(xml_record(SOUND), xml_record(declaration(mst=BAO)))
    batches = read(written(tmp_path, text[:-200]), tmp_path)
    assert [row["mst"] for row in raw(batches)] == [SEN]
    assert faults(batches) == [("HSoKhaiThue 2", "TAX_RECORD_BROKEN")]


def test_prefixes_survive_the_repair(tmp_path: Path) -> None:
    record = xml_record(SOUND, name="A & B").replace("<", "<k:").replace("<k:/", "</k:")
    text = f'<k:HSoThueDTu xmlns:k="http://kekhaithue.gdt.gov.vn/TKhaiThue">{record}</k:HSoThueDTu>'
    (row,) = raw(read(written(tmp_path, text), tmp_path))
    assert (row["mst"], row["sua_loi"]) == (SEN, "ampersand")


@pytest.mark.parametrize("step", [1, 7, 64])
def test_where_the_chunks_end_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    monkeypatch.setattr(etax, "CHUNK", step)
    records = [xml_record(declaration(mst=mst), name="A & B") for mst in (SEN, BAO)]
    assert [row["mst"] for row in raw(read(written(tmp_path, xml(*records)), tmp_path))] == [SEN, BAO]


def test_a_line_that_stands_twice_rejects_the_declaration(tmp_path: Path) -> None:
    batches = read(written(tmp_path, xml(xml_record(SOUND, extra="<ct27>7</ct27>"))), tmp_path)
    assert faults(batches) == [("HSoKhaiThue 1", "TAX_LINE_TWICE")]
    (tmp_path / "rows").mkdir()
    batches = read(pair(tmp_path / "rows", {"1": SOUND, "2": SOUND}, "1;01_GTGT13;1;ct27;7\n"), tmp_path / "rows")
    assert faults(batches) == [("ID 1", "TAX_LINE_TWICE")]
    assert len(raw(batches)) == 1


def test_names_and_addresses_are_not_even_read(tmp_path: Path) -> None:
    (row,) = raw(read(written(tmp_path, xml(xml_record(SOUND))), tmp_path))
    assert not any("Sen Hồng" in value for value in row.values() if value)


def test_zips_folders_and_several_files_are_one_delivery(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    written(folder, xml(xml_record(SOUND)))
    with zipfile.ZipFile(folder / "many.zip", "w") as archive:
        archive.writestr("x/1.xml", xml(xml_record(declaration(mst=BAO))))
        archive.writestr("x/2.xml", xml(xml_record(declaration(mst=LAN))))
    (folder / "RCV_TKHAI_HDR.csv.gz").write_bytes(gzip.compress(pair(tmp_path, {"7": declaration(mst=MAI)})[0].read_bytes()))
    (folder / "RCV_TKHAI_DTL.csv.gz").write_bytes(gzip.compress((tmp_path / "RCV_TKHAI_DTL.csv").read_bytes()))
    batches = read([folder], tmp_path)
    assert sorted(row["mst"] or "" for row in raw(batches)) == sorted([SEN, BAO, LAN, MAI])
    names = {name for batch in batches for name in batch.table[FILE].to_pylist()}
    assert names == {"tk.xml", "many.zip/x/1.xml", "many.zip/x/2.xml", "RCV_TKHAI_HDR.csv"}


def test_long_rows_take_the_spellings_of_lines_and_amounts(tmp_path: Path) -> None:
    lines = "1;01_GTGT13;1;[22];12,50\n1;01_GTGT13;1;38; 7 \n1;01_GTGT13;1;CT39A;\n1;PL_NQ142;1;ct22;9\n"
    (row,) = raw(read(pair(tmp_path, {"1": SOUND}, lines), tmp_path))
    assert (row["ct22"], row["ct38"], row["ct39a"], row["ct27"]) == ("12.50", "7", None, "100000000")


def test_broken_lines_reject_their_declaration_once_and_leave_the_others(tmp_path: Path) -> None:
    records = {"1": SOUND, "2": declaration(mst=BAO), "3": declaration(mst=LAN)}
    batches = read(pair(tmp_path, records, "2;01_GTGT13;1\n2;01_GTGT13;1;ct38;5;6\nchữ\n"), tmp_path)
    assert [row["mst"] for row in raw(batches)] == [SEN, LAN]
    assert [rule for _, rule in faults(batches)] == ["TAX_LINE_BROKEN", "TAX_LINE_BROKEN"]


def test_an_open_quotation_mark_is_told_for_every_line_it_swallows(tmp_path: Path) -> None:
    records = {"1": SOUND, "2": declaration(mst=BAO), "3": declaration(mst=LAN)}
    batches = read(pair(tmp_path, records, '2;01_GTGT13;1;ct38;"5\n3;01_GTGT13;1;ct38;5\n'), tmp_path)
    assert [row["mst"] for row in raw(batches)] == [SEN]
    assert len(faults(batches)) == 2


def test_lines_without_declaration_and_declarations_of_one_id_are_rejected(tmp_path: Path) -> None:
    twice = f"1;{BAO};842;2.9.4;C;0;M;10/2025;;;;;101;;G4669\n"
    batches = read(pair(tmp_path, {"1": SOUND, "2": SOUND}, "9;01_GTGT13;1;ct38;5\n", twice), tmp_path)
    assert set(faults(batches)) == {("ID 1", "TAX_DECLARATION_TWICE"), ("ID 9", "TAX_LINES_WITHOUT_DECLARATION")}
    assert len(raw(batches)) == 1


def test_more_buckets_give_the_same_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = pair(tmp_path, {str(number): declaration(mst=code(f"9000{number:05d}")) for number in (11, 12, 13, 14, 16)})
    for name in ("one", "many"):
        (tmp_path / name).mkdir()
    one = raw(read(files, tmp_path / "one"))
    monkeypatch.setattr(pivot, "BUCKET_BYTES", 100)
    many = raw(read(files, tmp_path / "many"))
    assert sorted(one, key=str) == sorted(many, key=str)
    assert not list((tmp_path / "many").rglob("*.parquet"))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("tk.xml", "<ThongBao><so>1</so></ThongBao>", "TAX_NOT_ETAX"),
        ("tk.xml", "<HSoThueDTu><dở", "TAX_NOT_ETAX"),
        ("tk.xml", '<!DOCTYPE x [<!ENTITY a "b">]><HSoThueDTu/>', "XML_FORBIDDEN"),
        ("hdr.csv", "MST;MA_TKHAI\n1;842\n", "TAX_COLUMNS_MISSING"),
        ("hdr.csv", "ID;MST;MA_TKHAI;SO_LAN;KIEU_KY;KY_KKHAI;MA_TINH\n1;2;842;0;M;1/2025;101\n", "TAX_PAIR_INCOMPLETE"),
        ("dtl.csv", "HDR_ID;LOAI_DLIEU;KY_HIEU;GIA_TRI\n1;01_GTGT13;ct22;5\n", "TAX_PAIR_INCOMPLETE"),
        ("x.csv", "a;b\n1;2\n", "TAX_NOT_THIS_SOURCE"),
    ],
)
def test_what_is_not_of_this_source_is_refused_as_a_whole(tmp_path: Path, name: str, text: str, expected: str) -> None:
    with pytest.raises(HubError) as refused:
        read(written(tmp_path, text, name), tmp_path)
    assert isinstance(refused.value, Invalid)
    assert refused.value.code == expected


def test_a_record_that_never_ends_is_refused_before_memory_is_full(tmp_path: Path) -> None:
    endless = f"<HSoThueDTu {NS}><HSoKhaiThue>" + "<a>1</a>" * 1_200_000
    with pytest.raises(TooLarge) as refused:
        read(written(tmp_path, endless), tmp_path)
    assert refused.value.code == "XML_RECORD_TOO_LARGE"


# --- the rules --------------------------------------------------------------------------------------------------------------


def test_the_sound_declaration_breaks_no_rule(bench: duckdb.DuckDBPyConnection) -> None:
    assert rules(bench, SOUND) == set()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"mst": None}, "VAT_TAX_CODE_MISSING"),
        ({"mst": "12345"}, "VAT_TAX_CODE_SHAPE"),
        ({"mst": f"{SEN}-000"}, "VAT_TAX_CODE_SHAPE"),
        ({"mst": SEN[:9] + str((int(SEN[9]) + 1) % 10)}, "VAT_TAX_CODE_CHECK_DIGIT"),
        ({"ma_tkhai": "892"}, "VAT_OTHER_FORM"),
        ({"ma_tkhai": None}, "VAT_OTHER_FORM"),
        ({"pban_tkhai": "1.7.1"}, "VAT_FORM_LAYOUT"),
        ({"pban_tkhai": "2.10.0"}, "VAT_FORM_VERSION_UNKNOWN"),
        ({"ky_kkhai": "13/2025"}, "VAT_PERIOD_INVALID"),
        ({"kieu_ky": "Q"}, "VAT_PERIOD_INVALID"),
        ({"kieu_ky": "Y"}, "VAT_PERIOD_INVALID"),
        ({"kieu_ky": "Q", "ky_kkhai": "3/2025", "tu_ngay": "01/03/2025", "den_ngay": "31/03/2025"}, "VAT_PERIOD_KIND"),
        ({"den_ngay": "30/10/2025"}, "VAT_PERIOD_KIND"),
        ({"ky_kkhai": "10/2021", "tu_ngay": None, "den_ngay": None}, "VAT_PERIOD_BEFORE_FORM"),
        ({"ngay_nop": "2025-09-30"}, "VAT_PERIOD_NOT_BEGUN"),
        ({"ngay_lap": "ngày mai"}, "VAT_DATE_INVALID"),
        ({"ma_tinh": "999"}, "VAT_PROVINCE_UNKNOWN"),
        ({"ma_tinh": None}, "VAT_PROVINCE_UNKNOWN"),
        ({"ma_tinh": "213"}, "VAT_PROVINCE_ABOLISHED"),
        ({"nganh_nghe": "0000"}, "VAT_ACTIVITY_UNKNOWN"),
        ({"so_lan": "lần 1"}, "VAT_AMENDMENT_NUMBER"),
        ({"so_lan": "1", "giai_trinh": "1"}, "VAT_AMENDMENT_KIND"),
        ({"loai_tkhai": "B", "so_lan": "1"}, "VAT_AMENDMENT_UNEXPLAINED"),
        ({"ct38": "1.000.000"}, "VAT_NUMBER_38"),
        ({"ct38": "0.001"}, "VAT_NUMBER_38"),
        ({"ct23a": "-5"}, "VAT_NEGATIVE_23A"),
        ({"ct34": "100000020"}, "VAT_SUM_34"),
        ({"ct23a": "70000000"}, "VAT_PART_23A"),
        ({"ct24a": "7000000"}, "VAT_PART_24A"),
        ({"ct21": "1"}, "VAT_NO_TRANSACTIONS"),
        ({"ct43": "500"}, "VAT_SUM_43"),
    ],
)
def test_each_fault_is_found_by_its_rule_and_by_no_other(
    bench: duckdb.DuckDBPyConnection, change: dict[str, str | None], expected: str
) -> None:
    assert rules(bench, {**SOUND, **change}) == {expected}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"ct27": "90000000"}, "VAT_SUM_27"),
        ({"ct28": "9000000"}, "VAT_SUM_28"),
        ({"ct35": "9000000"}, "VAT_SUM_35"),
        ({"ct25": "7000000"}, "VAT_PART_25"),
        ({"ct36": "5000000"}, "VAT_SUM_36"),
        ({"ct22": "1000000"}, "VAT_SUM_40A"),
        ({"ct40b": "5000000"}, "VAT_PART_40B"),
        ({"ct40": "1"}, "VAT_SUM_40"),
        ({"ct41": "100"}, "VAT_SUM_41"),
        ({"ct42": "100"}, "VAT_PART_42"),
        ({"ct33": "12000000"}, "VAT_RATE_10"),
        ({"ct33": "7000000"}, "VAT_RATE_10"),
        ({"ct30": "1000000", "ct31": "80000"}, "VAT_RATE_5"),
        ({"ct33": "10000"}, "VAT_RATE_UNIT"),
        ({"ct33": "100000000000"}, "VAT_RATE_UNIT"),
    ],
)
def test_the_arithmetic_of_the_form_is_checked_line_by_line(
    bench: duckdb.DuckDBPyConnection, change: dict[str, str], expected: str
) -> None:
    assert expected in rules(bench, {**SOUND, **change})


def test_eight_per_cent_sales_stand_with_the_ten_per_cent_ones(bench: duckdb.DuckDBPyConnection) -> None:
    eight = dict.fromkeys(("ct33", "ct28", "ct35"), "8000000") | dict.fromkeys(("ct36", "ct40a", "ct40"), "2000000")
    assert rules(bench, declaration(**eight)) == set()


def test_nothing_to_declare_may_still_carry_credit(bench: duckdb.DuckDBPyConnection) -> None:
    empty = {**SOUND, **dict.fromkeys(AMOUNTS), "ct21": "1", "ct22": "500000", "ct41": "500000", "ct43": "500000"}
    assert rules(bench, empty) == set()
    assert rules(bench, {**empty, "ct21": None, "ct22": None, "ct41": None, "ct43": None}) == {"VAT_EMPTY"}


def test_amounts_in_thousands_are_doubted(bench: duckdb.DuckDBPyConnection) -> None:
    thousands = {line: str(amount // 1000) for line, amount in AMOUNTS.items()}
    assert rules(bench, declaration(**thousands)) == {"VAT_UNIT_DOUBTFUL"}
    large = {line: str(amount * 1000) for line, amount in AMOUNTS.items()}
    assert rules(bench, declaration(**large)) == {"VAT_UNIT_DOUBTFUL"}


def test_returned_goods_can_make_sales_negative(bench: duckdb.DuckDBPyConnection) -> None:
    back = declaration(-50_000_000) | {"ct40a": None, "ct40": None, "ct41": "5000000", "ct43": "5000000"}
    assert rules(bench, back) == {"VAT_NEGATIVE_SALES"}


def test_only_the_rejecting_rules_take_a_record_out(tmp_path: Path) -> None:
    intake = take(tmp_path, SOUND, declaration(ct34="7"), declaration(ct27="7"))
    assert (intake.taken.accepted, intake.taken.rejected) == (2, 1)
    assert intake.broken == {"3": {"VAT_SUM_27"}}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(serials=st.lists(st.integers(0, 999_999_999), min_size=1, max_size=200))
def test_the_check_digit_is_the_published_one(bench: duckdb.DuckDBPyConnection, serials: list[int]) -> None:
    """Of the ten codes a serial could have exactly one is right, and none where the remainder is zero (never issued)."""
    texts = [f"{serial:09d}" for serial in serials]
    right = "list_filter(range(10), lambda d: check_digit_right(s || d))"
    found = bench.execute(f"SELECT {right} FROM (SELECT unnest($1) AS s)", [texts]).fetchall()
    expected = [[int(code(text)[9:])] if len(code(text)) == 10 else [] for text in texts]
    assert [row[0] for row in found] == expected


lines = st.integers(0, 10**13)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.fixed_dictionaries(dict.fromkeys(("22", "23", "26", "29", "30", "32", "37", "38"), lines)))
def test_a_declaration_filled_in_by_the_form_breaks_no_sum(bench: duckdb.DuckDBPyConnection, amounts: dict[str, int]) -> None:
    """Whatever the free lines are, following the form's own arithmetic satisfies every rule about it."""
    form = dict(amounts)
    form["31"], form["33"], form["24"] = form["30"] * 5 // 100, form["32"] * 9 // 100, form["23"] // 10
    form["25"], form["27"], form["28"] = form["24"], form["29"] + form["30"] + form["32"], form["31"] + form["33"]
    form["34"], form["35"], form["36"] = form["26"] + form["27"], form["28"], form["28"] - form["25"]
    left = form["36"] - form["22"] + form["37"] - form["38"]
    form["40a"] = form["40"] = max(0, left)
    form["41"] = form["43"] = max(0, -left)
    record = {**SOUND, **dict.fromkeys(AMOUNTS), **{f"ct{line}": str(amount) for line, amount in form.items()}}
    assert rules(bench, record) <= {"VAT_UNIT_DOUBTFUL"}


# --- microdata --------------------------------------------------------------------------------------------------------------


def test_microdata_has_codes_of_the_statistics_office_and_no_tax_code(tmp_path: Path) -> None:
    (row,) = take(tmp_path, declaration(ma_tinh="213", nganh_nghe="2592", **month(5))).microdata()
    assert (row["tax_province"], row["province_63"], row["province"]) == ("213", "15", "15")
    assert (row["division"], row["section"], row["id_type"], row["frequency"]) == ("25", "C", "TAX10", "M")
    assert row["sales_taxable"] == Decimal("100000000.00")
    assert SEN not in map(str, row.values())


def test_reused_province_codes_go_where_the_territory_went(tmp_path: Path) -> None:
    """24 was Bắc Giang and is Bắc Ninh, 27 was Bắc Ninh: both are 24 today, and nothing is 27 any more."""
    rows = take(tmp_path, declaration(ma_tinh="221"), declaration(ma_tinh="223", mst=BAO)).microdata()
    assert sorted((row["tax_province"], row["province_63"], row["province"]) for row in rows) == [
        ("221", "24", "24"),
        ("223", "27", "24"),
    ]


def test_unknown_province_and_activity_are_kept_as_not_specified(tmp_path: Path) -> None:
    (row,) = take(tmp_path, declaration(ma_tinh="999", nganh_nghe="xx")).microdata()
    assert (row["province"], row["section"], row["division"]) == ("_X", "_X", "_X")


def test_a_branch_has_a_pseudonym_of_its_own_and_its_parents_enterprise(tmp_path: Path) -> None:
    parent, branch, person = take(
        tmp_path, SOUND, declaration(mst=f"{SEN}-001", ct22="0"), declaration(mst="001099000001", ct22="1")
    ).microdata()
    kinds = {row["id_type"]: row for row in (parent, branch, person)}
    assert set(kinds) == {"TAX10", "TAX13", "PERSON12"}
    assert kinds["TAX13"]["enterprise"] == kinds["TAX10"]["pseudonym"] != kinds["TAX13"]["pseudonym"]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.decimals(0, 10**15, allow_nan=False, places=2), min_size=1, max_size=50))
def test_amounts_come_out_exactly_as_they_went_in(tmp_path: Path, amounts: list[Decimal]) -> None:
    rows = take(tmp_path, *(declaration(ct23=f"{amount:f}") for amount in amounts)).microdata()
    assert sorted(row["purchases"] for row in rows) == sorted(amounts)


# --- figures ----------------------------------------------------------------------------------------------------------------


def figures(*deliveries: Intake, by: str = "OBS_VALUE", **key: str) -> dict[Any, Any]:
    """Observations of a part of the cube: (indicator, period) or whatever is not fixed -> value."""
    names = [name for name in ("FREQ", "PROVINCE", "ACTIVITY", "INDICATOR", "TIME_PERIOD") if name not in key]
    rows = [row for row in compiled(deliveries, "VAT") if all(row[name] == value for name, value in key.items())]
    return {tuple(row[name] for name in names) if len(names) > 1 else row[names[0]]: row[by] for row in rows}


TOTAL = {"PROVINCE": "_T", "ACTIVITY": "_T"}


def test_an_amendment_replaces_what_came_before_whatever_the_order(tmp_path: Path) -> None:
    """Original 100 million, amended to 120 and again to 90; the second amendment arrives first."""
    first = declaration(100_000_000)
    second = declaration(120_000_000, loai_tkhai="B", so_lan="1", giai_trinh="1")
    third = declaration(90_000_000, loai_tkhai="B", so_lan="2", giai_trinh="1")
    early, late = take(tmp_path, third, first), take(tmp_path, second)
    for deliveries in ((early, late), (late, early)):
        sales = figures(*deliveries, FREQ="M", INDICATOR="TAXABLE_SALES", **TOTAL)
        assert sales == {"2025-10": "90000000"}


def test_of_one_declaration_sent_twice_the_latest_received_counts(tmp_path: Path) -> None:
    early = take(tmp_path, declaration(100_000_000, ngay_nop="2025-11-10"), declaration(70_000_000, ngay_nop="2025-11-18"))
    assert figures(early, FREQ="M", INDICATOR="TAXABLE_SALES", **TOTAL) == {"2025-10": "70000000"}
    assert figures(early, FREQ="M", INDICATOR="DECLARANTS", **TOTAL) == {"2025-10": "1"}


def test_quarters_hold_quarterly_filers_and_the_months_of_monthly_ones(tmp_path: Path) -> None:
    """Sen declares July 10, August 20, September 30; Bảo declares the quarter as 100 (millions)."""
    monthly = [declaration(sales * 1_000_000, **month(number)) for number, sales in ((7, 10), (8, 20), (9, 30))]
    intake = take(tmp_path, *monthly, declaration(100_000_000, mst=BAO, **quarter(3)))
    sales = figures(intake, INDICATOR="TAXABLE_SALES", **TOTAL)
    assert sales == {
        ("M", "2025-07"): "10000000",
        ("M", "2025-08"): "20000000",
        ("M", "2025-09"): "30000000",
        ("Q", "2025-Q3"): "160000000",
    }
    assert figures(intake, INDICATOR="DECLARANTS", FREQ="Q", **TOTAL) == {"2025-Q3": "2"}


def test_who_declares_a_quarter_and_its_months_is_counted_once(tmp_path: Path) -> None:
    intake = take(tmp_path, declaration(10_000_000, **month(9)), declaration(30_000_000, **quarter(3)))
    assert figures(intake, INDICATOR="TAXABLE_SALES", FREQ="Q", **TOTAL) == {"2025-Q3": "30000000"}


def test_a_quarter_is_not_compiled_before_its_last_month(tmp_path: Path) -> None:
    intake = take(tmp_path, declaration(10_000_000, **month(7)), declaration(10_000_000, **month(8)))
    assert {key[0] for key in figures(intake, INDICATOR="TAXABLE_SALES", **TOTAL)} == {"M"}


def test_declarants_are_counted_anew_at_every_level(tmp_path: Path) -> None:
    """Sen moves from Hà Nội to Đà Nẵng within the quarter: one declarant in each, and one in the country."""
    moving = [declaration(10_000_000, ma_tinh=place, **month(number)) for number, place in ((7, "101"), (8, "501"), (9, "501"))]
    counts = figures(take(tmp_path, *moving), FREQ="Q", ACTIVITY="_T", INDICATOR="DECLARANTS", TIME_PERIOD="2025-Q3")
    assert counts == {"_T": "1", "01": "1", "48": "1"}


def test_contributors_are_the_enterprises_that_gave_something(tmp_path: Path) -> None:
    """Sen with a branch, Bảo with sales at 0 % (no tax), Lan with nothing at all: declarants 4, enterprises 3, taxed 1."""
    nothing = {**SOUND, **dict.fromkeys(AMOUNTS), "ct21": "1", "mst": LAN}
    free = {**SOUND, **dict.fromkeys(AMOUNTS), "mst": BAO, "ct29": "5000000", "ct27": "5000000", "ct34": "5000000"}
    intake = take(tmp_path, SOUND, declaration(mst=f"{SEN}-001"), free, nothing)
    key = {"FREQ": "M", "TIME_PERIOD": "2025-10", **TOTAL}
    assert figures(intake, **key)["DECLARANTS"] == "4"
    behind = figures(intake, by="CONTRIBUTORS", **key)
    assert behind == {"DECLARANTS": 3, "TAXABLE_SALES": 2, "VAT_OUTPUT": 1, "VAT_PAYABLE": 1}


def test_provinces_before_the_merger_are_given_in_todays(tmp_path: Path) -> None:
    """Bình Dương and Bà Rịa - Vũng Tàu declared in May 2025 what is Hồ Chí Minh City now."""
    places = [("711", SEN), ("717", BAO), ("701", LAN)]
    intake = take(tmp_path, *(declaration(10_000_000, ma_tinh=place, mst=mst, **month(5)) for place, mst in places))
    sales = figures(intake, FREQ="M", ACTIVITY="_T", INDICATOR="TAXABLE_SALES", TIME_PERIOD="2025-05")
    assert sales == {"_T": "30000000", "79": "30000000"}


def test_fractions_of_a_dong_are_summed_exactly(tmp_path: Path) -> None:
    one = dict.fromkeys(("ct32", "ct27", "ct34"), "100000000.10")
    intake = take(tmp_path, declaration(**one), declaration(mst=BAO, **one), declaration(mst=LAN, **one))
    assert figures(intake, FREQ="M", INDICATOR="TAXABLE_SALES", **TOTAL) == {"2025-10": "300000000.3"}


# --- the synthetic year ------------------------------------------------------------------------------------------------------


def test_the_sample_speaks_of_provinces_and_activities_that_exist() -> None:
    def codes(id: str) -> set[str]:
        codelist = Shelf.artefacts()[Ref.parse(f"NSO:{id}(1.0)", Kind.CODELIST)]
        assert isinstance(codelist, Codelist)
        return set(codelist.by_id)

    provinces = facts()["provinces"]
    assert set(provinces) == codes("CL_TAX_PROVINCE")
    assert {place[1] for place in provinces.values() if len(place) > 1} <= {
        id for id, place in provinces.items() if len(place) == 1
    }
    assert {activity[1:3] for activity in facts()["activities"]} <= codes("CL_VSIC")


@pytest.mark.parametrize("records", [1, 2, 17, 100])
def test_small_samples_are_whole_too(tmp_path: Path, records: int) -> None:
    files = TAX.sample(records, 3, tmp_path / "in", lambda count: None)
    batches = read(files, tmp_path)
    assert sum(batch.table.num_rows + len(batch.rejects) for batch in batches) == records


def test_a_sample_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        TAX.sample(0, 3, tmp_path, lambda count: None)


def test_a_year_of_declarations_becomes_published_figures(empty_hub: Hub, tmp_path: Path) -> None:
    """The whole way through the hub: sample, deliver, compile, approve, release, ask."""
    empty_hub.initialise(content=True)
    files = TAX.sample(600, 5, tmp_path / "in", lambda count: None)
    receipt = empty_hub.deliveries.deliver("tax", files, LOCAL_ADMINISTRATOR)
    assert (receipt.state, receipt.records, receipt.accepted + receipt.rejected) == ("accepted", 600, 600)
    vat = Ref.parse("NSO:VAT(1.0)", Kind.DATAFLOW)
    draft = empty_hub.compiler.compile(vat, None, LOCAL_ADMINISTRATOR)
    assert draft is not None
    empty_hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    empty_hub.releases.release(draft.id, LOCAL_ADMINISTRATOR)
    structure = empty_hub.catalogue.structure(vat)
    answer = empty_hub.cube.ask(select(structure, {"PROVINCE": ["_T"], "ACTIVITY": ["_T"], "FREQ": ["Q"]}), PUBLIC)
    assert {series.key[3] for series in answer.series} == {"DECLARANTS", "TAXABLE_SALES", "VAT_OUTPUT", "VAT_PAYABLE"}
    assert "Synthetic" in answer.dataset_attributes["COMMENT_DSET"]
