"""Tax files as they are sent: eTax XML and long rows, whole and damaged (tests/declarations.py draws the declarations)."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.base import FILE
from adapters.tax import etax, pivot
from registry.errors import HubError, Invalid, TooLarge
from tests.declarations import (
    BAO,
    LAN,
    MAI,
    NS,
    SEN,
    SOUND,
    code,
    declaration,
    faults,
    pair,
    raw,
    read,
    written,
    xml,
    xml_record,
)


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


def test_a_missing_namespace_is_read_and_noted(tmp_path: Path) -> None:
    (row,) = raw(read(written(tmp_path, xml(xml_record(SOUND), root="<HSoThueDTu>")), tmp_path))
    assert (row["mst"], row["sua_loi"]) == (SEN, "namespace")


def test_a_bare_ampersand_is_repaired_in_its_record_and_noted(tmp_path: Path) -> None:
    broken = xml_record(declaration(mst=BAO), name="Bảo & Con")
    batches = read(written(tmp_path, xml(xml_record(SOUND), broken, xml_record(declaration(mst=LAN)))), tmp_path)
    assert [(row["mst"], row["sua_loi"]) for row in raw(batches)] == [(SEN, None), (BAO, "ampersand"), (LAN, None)]
    assert not faults(batches)


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


def test_rows_without_identifier_are_told_and_blank_rows_are_not(tmp_path: Path) -> None:
    nameless = f";{BAO};842;2.9.4;C;0;M;10/2025;;;;;101;;G4669\n;;;;;;;;;;;;;;\n"
    batches = read(pair(tmp_path, {"1": SOUND}, ";01_GTGT13;1;ct38;5\n;;;;\n\n", nameless), tmp_path)
    assert faults(batches) == [("ID ", "TAX_IDENTIFIER_MISSING")]
    assert len(raw(batches)) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace(";", "\t"),
        lambda text: "\n".join(",".join(f'"{part}"' for part in line.split(";")) for line in text.splitlines()),
        lambda text: "# ghi chú\n" + text,
        lambda text: "\n".join([text.split("\n")[0].lower(), *text.split("\n")[1:]]),
    ],
    ids=["CRLF", "mark", "tabs", "quoted commas", "comment", "lower case names"],
)
def test_dialects_of_csv_mean_the_same(tmp_path: Path, change: Callable[[str], str]) -> None:
    files = pair(tmp_path, {"1": declaration(ct38="1,5")})
    for path in files:
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8", newline="")
    (row,) = raw(read(files, tmp_path))
    assert (row["mst"], row["ct38"], row["nganh_nghe"]) == (SEN, "1.5", "G4669")


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
