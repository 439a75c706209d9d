"""Customs declarations: how they are read, checked, turned into trade statistics, and made up for trying.

Công ty Hoa Sen (0100038857) imports three laptops from Japan and exports pepper to the United States; the line ``SOUND`` is the
laptops. Every test changes a few fields of it and says what becomes of the figures.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from adapters import workbooks
from adapters.base import FILE, PLACE, RawBatch, raw_table
from adapters.customs import adapter, workbook
from adapters.customs.columns import bare, columns
from adapters.customs.mix import mix, tax_codes
from adapters.reading import MANIFEST, Bounds
from adapters.sources import adapter_for
from registry.errors import HubError, Invalid, TooLarge
from tests.intake import Batches, Intake, compiled, deliver

Row = dict[str, str | None]

CUSTOMS = adapter_for("customs")
HOA_SEN, SAO_MAI = tax_codes(2).tolist()
SOUND: Row = {
    "declaration": "100000000010",
    "line": "1",
    "type_code": "A11",
    "registered": "15/03/2025",
    "transport_mode": "2",
    "trader": HOA_SEN,
    "export_country": "SG",
    "loading": "JPTYO",
    "unloading": "VNCLI",
    "gross_weight": "10",
    "incoterm": "CIF",
    "currency": "USD",
    "invoice_total": "1500.00",
    "exchange_rate": "25000",
    "hs": "84713020",
    "origin": "JP",
    "quantity": "3",
    "unit": "PCE",
    "unit_price": "500",
    "line_value": "1500.00",
    "net_mass": "6.5",
}
EXPORT: Row = SOUND | {
    "declaration": "300000000010",
    "type_code": "B11",
    "export_country": None,
    "import_country": "SG",
    "loading": "VNCLI",
    "unloading": "USLAX",
    "origin": "VN",
    "hs": "09041120",
    "incoterm": "FOB",
}


def taken(folder: Path, *rows: Row) -> Intake:
    """What becomes of raw records."""
    placed = [{FILE: "f", PLACE: str(number), **row} for number, row in enumerate(rows, 1)]
    return deliver(Batches(CUSTOMS.source, [RawBatch(raw_table(CUSTOMS.source, placed))]), [], folder)


def each(folder: Path, sound: Row, changes: Iterable[Row]) -> list[dict[str, Any]]:
    """The microdata of a sound line changed in one way after another."""
    rows = taken(folder, *(sound | {"line": str(number)} | change for number, change in enumerate(changes, 1))).microdata()
    return sorted(rows, key=lambda row: int(row["line"]))


def figures(*deliveries: Intake) -> dict[str, str]:
    """``FLOW.PRODUCT.PARTNER.INDICATOR`` -> value, for deliveries of one month."""
    rows = compiled(deliveries, "TRADE")
    return {".".join(row[name] for name in ("FLOW", "PRODUCT", "PARTNER", "INDICATOR")): row["OBS_VALUE"] for row in rows}


def read(folder: Path, *files: Path) -> list[RawBatch]:
    spill = folder / "spill"
    spill.mkdir(exist_ok=True)
    return list(adapter().read(files, spill))


def records(folder: Path, *files: Path) -> list[Row]:
    """Raw records without the fields that are absent."""
    rows = [row for batch in read(folder, *files) for row in batch.table.to_pylist()]
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def table(path: Path, *lines: Sequence[object], separator: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(lines)
    return path


VIETNAMESE = ["Số tờ khai", "STT hàng", "Mã loại hình", "Ngày đăng ký", "Mã HS", "Trị giá NT", "Nguyên tệ", "Tỷ giá", "Xuất xứ"]
UNACCENTED = ["SO TO KHAI", "stt hang", "Ma loai hinh", "NGAY_DANG_KY", "ma hs", "tri gia nt", "nguyen te", "ty gia", "xuat xu"]
DATABASE = ["SOTK", "STTHANG", "MA_LH", "NGAY_DK", "MA_HANGKB", "TRIGIA_KB", "MA_NT", "TYGIA_VND", "NUOC_XX"]
ENGLISH = ["Declaration number", "Line", "Type code", "Date", "HS code", "Line value", "Currency", "Exchange rate", "Origin"]
LAPTOPS = ["100000000010", "1", "A11", "15/03/2025", "84713020", "1500.00", "USD", "25000", "JP"]
PEPPER = ["300000000010", "1", "B11", "16/03/2025", "09041120", "90.5", "USD", "25000", "VN"]


# --- reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", [VIETNAMESE, UNACCENTED, DATABASE, ENGLISH], ids=["vi", "unaccented", "database", "en"])
def test_columns_are_known_by_many_names(tmp_path: Path, heading: list[str]) -> None:
    (row,) = records(tmp_path, table(tmp_path / "t.csv", heading, LAPTOPS))
    wanted = ("declaration", "line", "type_code", "registered", "hs", "line_value", "currency", "exchange_rate", "origin")
    assert row == {FILE: "t.csv", PLACE: "2", **dict(zip(wanted, LAPTOPS, strict=True))}


def test_no_name_stands_for_two_columns() -> None:
    meanings = {(bare(alias), column.field) for column in columns() for alias in column.aliases}
    assert len({word for word, _ in meanings}) == len(meanings)
    assert {column.field for column in columns()} == set(CUSTOMS.source.fields)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_and_encodings_are_told_from_the_file(tmp_path: Path, separator: str, encoding: str) -> None:
    path = table(tmp_path / "t.csv", ["Tờ khai tháng 3"], [], VIETNAMESE, LAPTOPS, separator=separator, encoding=encoding)
    (row,) = records(tmp_path, path)
    assert (row["declaration"], row[PLACE]) == ("100000000010", "4")


def test_a_compressed_file_is_read_like_a_plain_one(tmp_path: Path) -> None:
    plain = table(tmp_path / "t.csv", VIETNAMESE, LAPTOPS)
    packed = tmp_path / "t.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert records(tmp_path, packed) == records(tmp_path, plain)


def test_a_missing_column_is_named_with_what_was_found_and_what_would_do(tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", VIETNAMESE[:4] + VIETNAMESE[6:], LAPTOPS)
    with pytest.raises(Invalid) as refused:
        read(tmp_path, path)
    text = str(refused.value)
    assert refused.value.code == "COLUMN_MISSING"
    assert all(word in text for word in ("hs: Mã HS", "MA_HANGKB", "line_value: Trị giá NT", "customs_value", "Ngày đăng ký"))


def test_two_columns_for_one_field_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="SOTK") as refused:
        read(tmp_path, table(tmp_path / "t.csv", [*VIETNAMESE, "SOTK"], [*LAPTOPS, "1"]))
    assert refused.value.code == "COLUMN_TWICE"


def test_a_row_of_the_wrong_width_is_refused_alone_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", VIETNAMESE, LAPTOPS, [*LAPTOPS, "thừa"], [], ["", *[""] * 8], PEPPER)
    (batch,) = read(tmp_path, path)
    assert batch.table[PLACE].to_pylist() == ["2", "6"]
    assert [(reject.place, reject.rule) for reject in batch.rejects] == [("3", "ROW_WIDTH")]


def test_a_file_of_nothing_but_wide_rows_loses_none_of_them(tmp_path: Path) -> None:
    (batch,) = read(tmp_path, table(tmp_path / "t.csv", VIETNAMESE, *[[*LAPTOPS, "x"]] * 5))
    assert (batch.table.num_rows, len(batch.rejects)) == (0, 5)


@pytest.mark.parametrize(
    ("value", "total", "read_as"),
    [
        ("1.234,5", "1.234", ("1234.5", "1234")),
        ("1,234.5", "1,234", ("1234.5", "1234")),
        ("1234.56", "1.234", ("1234.56", "1.234")),
        ("12,75", "2.500.000", ("12.75", "2500000")),
    ],
)
def test_the_decimal_mark_is_told_once_per_file(tmp_path: Path, value: str, total: str, read_as: tuple[str, str]) -> None:
    line = [*LAPTOPS[:5], value, *LAPTOPS[6:], total]
    (row,) = records(tmp_path, table(tmp_path / "t.csv", [*VIETNAMESE, "Tổng trị giá"], line))
    assert (row["line_value"], row["invoice_total"]) == read_as


def test_two_decimal_marks_in_one_file_are_refused(tmp_path: Path) -> None:
    lines = [[*LAPTOPS[:5], value, *LAPTOPS[6:]] for value in ("1.234,5", "1,234.5")]
    with pytest.raises(Invalid) as refused:
        read(tmp_path, table(tmp_path / "t.csv", VIETNAMESE, *lines))
    assert refused.value.code == "DECIMAL_MARKS"


def book_of(path: Path, *lines: Sequence[object]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in lines:
        sheet.append(list(line))
    book.create_sheet("Ghi chú").append(["không phải tờ khai"])
    book.save(path)
    return path


def test_a_workbook_gives_what_the_csv_gives(tmp_path: Path) -> None:
    numbers: list[object] = [100000000010, 1, "A11", "15/03/2025", "84713020", 1500.25, "USD", 25000, "JP"]
    (row,) = records(tmp_path, book_of(tmp_path / "t.xlsx", ["Tờ khai"], VIETNAMESE, numbers))
    (other,) = records(tmp_path, table(tmp_path / "t.csv", VIETNAMESE, [*LAPTOPS[:5], "1500.25", *LAPTOPS[6:]]))
    assert (row.pop(FILE), row.pop(PLACE)) == ("t.xlsx/Sheet", "3")
    assert row == {name: value for name, value in other.items() if name not in (FILE, PLACE)}


def test_a_code_kept_as_a_number_is_found_and_mended(tmp_path: Path) -> None:
    line = [*PEPPER[:4], 9041120, 90.5, *PEPPER[6:]]
    files = [book_of(tmp_path / "t.xlsx", VIETNAMESE, line)]
    intake = deliver(CUSTOMS, files, tmp_path)
    assert intake.taken.rules["HS_LEADING_ZERO"] == 1
    assert intake.microdata()[0]["hs8"] == "09041120"


def test_a_workbook_that_is_too_long_is_to_be_sent_as_csv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROWS", 2)
    with pytest.raises(TooLarge, match="CSV") as refused:
        read(tmp_path, book_of(tmp_path / "t.xlsx", VIETNAMESE, *[LAPTOPS] * 3))
    assert refused.value.code == "WORKBOOK_TOO_LONG"


@pytest.mark.parametrize("value", [0.1, 1234567.89, 1e21, 123456789012345.6, 2.5e-7, 3])
def test_numbers_of_a_workbook_come_out_as_they_went_in(value: float) -> None:
    text = workbooks.text_of(value)
    assert text is not None
    assert "e" not in text.lower()
    assert float(Decimal(text)) == value


@pytest.mark.parametrize(
    ("head", "word"), [(b"%PDF-1.7", "PDF"), (b"\xd0\xcf\x11\xe0 old", "xls"), (b"<xml/>", "XML"), (b"\x00\x01" * 50, "binary")]
)
def test_another_kind_of_file_is_called_by_its_name(tmp_path: Path, head: bytes, word: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(head)
    with pytest.raises(HubError, match=word) as refused:
        read(tmp_path, path)
    assert refused.value.code == "CUSTOMS_FORMAT"


VNACCS = """\
# ghi chú
ICN=100000000010\tICB=A11\tICD=15/03/2025\tIMC=0100038857\tIMN=CÔNG TY HOA SEN\tIP3=USD\tEXR=25000\tEPO=SG
CMD=84713020\tOR=JP\tBPR=1500.00\tCMN=máy tính
CMD=84733090\tOR=CN\tBPR=20.00
ECN=300000000010\tECB=B11\tECD=16/03/2025\tEPC=0100038857\tCGK=US\tIP3=USD\tEXR=25000
CMD=09041120\tOR=VN\tBPR=90.5
"""


def test_records_give_the_same_fields_as_tables_and_no_names(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_text(VNACCS, encoding="utf-8")
    laptops, parts, pepper = records(tmp_path, path)
    (row,) = records(tmp_path, table(tmp_path / "t.csv", VIETNAMESE, LAPTOPS))
    assert {name: laptops[name] for name in row if name not in (FILE, PLACE)} == {
        name: value for name, value in row.items() if name not in (FILE, PLACE)
    }
    assert [each["line"] for each in (laptops, parts, pepper)] == ["1", "2", "1"]
    assert [each[PLACE] for each in (laptops, parts, pepper)] == ["3", "4", "6"]
    assert (pepper["trader"], pepper["import_country"]) == ("0100038857", "US")
    assert "HOA SEN" not in str((laptops, parts, pepper))


def test_items_below_an_unreadable_declaration_do_not_join_the_one_above(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_text("ICN=100000000010\tICB=A11\nCMD=1\nICN=100000000020\tA11\nCMD=2\nlạc\nCMD\t3\n", encoding="utf-8")
    (batch,) = read(tmp_path, path)
    assert batch.table["hs"].to_pylist() == ["1"]
    assert [(reject.place, reject.rule) for reject in batch.rejects] == [
        ("3", "RECORD_FIELD"),
        ("4", "RECORD_ORPHAN"),
        ("5", "RECORD_UNKNOWN"),
        ("6", "RECORD_UNKNOWN"),
    ]


# --- checking --------------------------------------------------------------------------------------------------------


def test_sound_lines_break_no_rule(tmp_path: Path) -> None:
    intake = taken(tmp_path, SOUND, EXPORT)
    assert (intake.taken.accepted, intake.taken.rules) == (2, {})


REJECTED: dict[str, Row] = {
    "DECLARATION_NUMBER": {"declaration": "1.00000E+11"},
    "LINE_NUMBER": {"line": None},
    "DATE_FORM": {"registered": "31/02/2025"},
    "DATE_RANGE": {"registered": "15/03/2125"},
    "TYPE_CODE_UNKNOWN": {"type_code": "Z99"},
    "TYPE_CODE_DATE": {"registered": "31/05/2021", "hs": "98200000"},
    "HS_NOT_IN_FORCE": {"registered": "15/12/2021"},
    "HS_FORM": {"hs": "máy tính"},
    "VALUE_MISSING": {"line_value": None},
    "VALUE_NUMBER": {"line_value": "-1500"},
    "CURRENCY_CODE": {"currency": None},
    "RATE_MISSING": {"exchange_rate": "0"},
}
KEPT: dict[str, Row] = {
    "HS_LEADING_ZERO": {"hs": "9041120"},
    "HS_SHORT": {"hs": "847130"},
    "HS_CHAPTER_98": {"hs": "98200000"},
    "HS_UNKNOWN": {"hs": "85171200"},
    "VALUE_ZERO": {"line_value": "0", "unit_price": "0"},
    "VALUE_AGAINST_RATE": {"customs_value": "37500"},
    "QUANTITY_PRICE": {"quantity": "4"},
    "QUANTITY_NUMBER": {"quantity": "ba"},
    "MASS_NOT_POSITIVE": {"net_mass": "0"},
    "MASS_OVER_GROSS": {"net_mass": "6.5", "net_mass_unit": "TNE"},
    "MASS_UNIT": {"net_mass_unit": "TẠ"},
    "INCOTERM_UNKNOWN": {"incoterm": "GIAO"},
    "CHARGES": {"freight": "100", "freight_currency": "EUR"},
    "LINE_OVER_INVOICE": {"invoice_total": "1499.99"},
    "ORIGIN_UNKNOWN": {"origin": "XX"},
    "ON_SPOT_INCLUDED": {"loading": "VNZZZ"},
    "TRADER_MISSING": {"trader": None},
    "TRADER_CODE": {"trader": "0100038858"},
    "NOTE_CODE": {"note": "#&0"},
}


def test_a_line_that_cannot_be_placed_is_rejected_alone(tmp_path: Path) -> None:
    intake = taken(tmp_path, *(SOUND | changes for changes in REJECTED.values()), SOUND)
    assert intake.broken == {str(place): {rule} for place, rule in enumerate(REJECTED, 1)}
    assert intake.taken.accepted == 1


def test_a_doubtful_detail_is_reported_and_the_line_is_kept(tmp_path: Path) -> None:
    intake = taken(tmp_path, *(SOUND | changes for changes in KEPT.values()))
    assert (intake.taken.accepted, intake.taken.rules) == (len(KEPT), dict.fromkeys(KEPT, 1))


def test_an_export_without_destination_is_reported(tmp_path: Path) -> None:
    intake = taken(tmp_path, EXPORT | {"unloading": "VNCLI", "import_country": None})
    assert intake.taken.rules == {"DESTINATION_UNKNOWN": 1}


def test_every_rule_has_an_example_here() -> None:
    assert {*REJECTED, *KEPT, "DESTINATION_UNKNOWN"} == {rule.code for rule in CUSTOMS.source.rules}
    assert set(REJECTED) == {rule.code for rule in CUSTOMS.source.rules if rule.severity == "reject"}


def test_no_rule_is_called_like_a_column() -> None:
    assert not {rule.code.lower() for rule in CUSTOMS.source.rules} & set(CUSTOMS.source.fields)


def check_digit(nine: str) -> int:
    """The rule of the tax authority, written a second time."""
    return 10 - sum(weight * int(digit) for weight, digit in zip((31, 29, 23, 19, 17, 13, 7, 5, 3), nine, strict=True)) % 11


@settings(max_examples=40, deadline=None)
@given(st.lists(st.from_regex(r"[0-9]{9}", fullmatch=True), min_size=1, max_size=50), st.integers(0, 9))
def test_a_tax_code_holds_with_its_check_digit_and_no_other(nines: list[str], last: int) -> None:
    found = enterprises([f"{nine}{last}" for nine in nines])
    assert found == [f"{nine}{last}" if check_digit(nine) == last else None for nine in nines]


def test_branches_count_with_their_parent_and_lost_zeros_come_back() -> None:
    given_ = [HOA_SEN, f"{HOA_SEN}-001", f"{HOA_SEN}001", HOA_SEN[1:], f"{HOA_SEN[1:]}001", "001190000017", "", "ABC", None]
    assert enterprises(given_) == [*[HOA_SEN] * 5, "001190000017", None, None, None]


@cache
def words() -> duckdb.DuckDBPyConnection:
    """A connection that knows the macros."""
    connection = duckdb.connect()
    connection.execute(CUSTOMS.source.macros_sql)
    return connection


def enterprises(codes: Sequence[str | None]) -> list[str | None]:
    rows = words().execute("SELECT enterprise(code) FROM (SELECT unnest($1::VARCHAR[]) AS code)", [list(codes)]).fetchall()
    return [row[0] for row in rows]


# --- values, partners, masses ----------------------------------------------------------------------------------------

CHARGES: Row = {"freight": "100", "freight_currency": "USD", "insurance": "250000", "insurance_currency": "VND"}
CIF = {"CIF": 37_500_000, "DAP": 37_500_000, "CFR": 37_750_000, "C&I": 40_000_000, "FOB": 40_250_000, "EXW": 40_250_000}
FOB = {"FOB": 37_500_000, "EXW": 37_500_000, "C&I": 37_250_000, "CFR": 35_000_000, "CIF": 34_750_000, "DAP": 34_750_000}


@pytest.mark.parametrize(("sound", "dong"), [(SOUND, CIF), (EXPORT, FOB)], ids=["imports CIF", "exports FOB"])
def test_imports_are_valued_cif_and_exports_fob(tmp_path: Path, sound: Row, dong: dict[str, int]) -> None:
    rows = each(tmp_path, sound, (CHARGES | {"incoterm": term} for term in dong))
    assert dict(zip(dong, (row["value_vnd"] for row in rows), strict=True)) == dong


def test_a_line_bears_its_share_of_the_freight(tmp_path: Path) -> None:
    change: Row = {"incoterm": "FOB", "freight": "100", "freight_currency": "USD", "invoice_total": "6000"}
    assert each(tmp_path, SOUND, [change])[0]["value_vnd"] == 37_500_000 + 25 * 25_000


def test_the_customs_value_stands_where_it_is_declared(tmp_path: Path) -> None:
    (row,) = each(tmp_path, SOUND, [CHARGES | {"customs_value": "38700001", "incoterm": "FOB"}])
    assert (row["value_vnd"], row["value_usd"]) == (38_700_001, Decimal("1548.00"))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 10**12), st.integers(1, 10**11)), min_size=1, max_size=20))
def test_dollars_are_rounded_half_up_without_floating_point(pairs: list[tuple[int, int]]) -> None:
    values = ", ".join(f"({dong}::DECIMAL(24, 0), {micro} * 0.000001::DECIMAL(7, 6))" for dong, micro in pairs)
    found = (
        words()
        .execute(f"SELECT in_usd(dong, CAST(rate AS DECIMAL(12, 6))) FROM (VALUES {values}) AS t (dong, rate)")
        .fetchall()
    )
    assert [row[0] for row in found] == [Decimal((dong * 200_000_000 + micro) // (2 * micro)) / 100 for dong, micro in pairs]


def test_imports_are_by_country_of_origin(tmp_path: Path) -> None:
    rows = each(tmp_path, SOUND, [{}, {"origin": None}, {"origin": "VN"}, {"origin": "W1"}])
    assert [row["partner"] for row in rows] == ["JP", "_X", "VN", "_X"]
    assert {row["consignment"] for row in rows} == {"SG"}


def test_exports_are_by_last_known_destination_not_by_buyer(tmp_path: Path) -> None:
    nowhere: Row = {"unloading": None, "import_country": None}
    rows = each(tmp_path, EXPORT, [{}, {"unloading": None}, {"unloading": "VNCLI"}, nowhere])
    assert [row["partner"] for row in rows] == ["US", "SG", "SG", "_X"]


def test_mass_is_in_kilograms_from_the_best_source(tmp_path: Path) -> None:
    cases: list[tuple[Row, str | None, str | None]] = [
        ({}, "6.500", "declared"),
        ({"net_mass": "0.004", "net_mass_unit": "TNE"}, "4.000", "declared"),
        ({"net_mass": "10", "net_mass_unit": "LBR"}, "4.536", "declared"),
        ({"net_mass": None, "quantity2": "0.005", "unit2": "TNE"}, "5.000", "quantity"),
        ({"net_mass": "-1", "invoice_total": "6000"}, "2.500", "gross_share"),
        ({"net_mass": "11"}, "10.000", "gross_share"),
        ({"net_mass": None, "gross_weight": None}, None, None),
    ]
    rows = each(tmp_path, SOUND, (changes for changes, _, _ in cases))
    found = [(row["net_mass"] and str(row["net_mass"]), row["net_mass_basis"]) for row in rows]
    assert found == [(kilograms, basis) for _, kilograms, basis in cases]


def test_what_is_not_trade_is_left_out_with_its_reason(tmp_path: Path) -> None:
    cases: list[tuple[Row, str, str | None]] = [
        ({}, "include", None),
        ({"type_code": "E15"}, "type_code", "DOMESTIC"),
        ({"type_code": "A42"}, "type_code", "CHANGE_OF_PURPOSE"),
        ({"type_code": "G12"}, "type_code", "TEMPORARY"),
        ({"type_code": "E21"}, "include", "PROCESSING"),
        ({"type_code": "A31"}, "include", "RM"),
        ({"loading": "VNZZZ"}, "on_spot", None),
        ({"unloading": "ZZZZZ"}, "on_spot", None),
        ({"transport_mode": "9"}, "on_spot", None),
        ({"transport_mode": "9", "hs": "27160000"}, "include", None),
        ({"hs": "71082000"}, "monetary_gold", None),
        ({"note": "hàng #&2"}, "note", "DIPLOMATIC"),
        ({"note": "#&5"}, "note", "SAMPLE"),
        ({"note": "#&3"}, "include", "AID"),
    ]
    rows = each(tmp_path, SOUND, (changes for changes, _, _ in cases))
    assert [(row["treatment"], row["mark"]) for row in rows] == [(treatment, mark) for _, treatment, mark in cases]


def test_what_is_left_out_is_in_no_figure(tmp_path: Path) -> None:
    assert figures(taken(tmp_path, SOUND | {"type_code": "E15"}, EXPORT | {"unloading": "VNZZZ"})) == {}


def test_declarations_split_over_fifty_lines_are_one_group(tmp_path: Path) -> None:
    first = SOUND | {"first_declaration": "F"}
    second = SOUND | {"declaration": "100000000021", "first_declaration": "100000000010"}
    rows = taken(tmp_path, first, second).microdata()
    assert len({row["declaration"] for row in rows}) == 2
    assert len({row["declaration_group"] for row in rows}) == 1


# --- figures ---------------------------------------------------------------------------------------------------------


def test_from_two_lines_to_figures(tmp_path: Path) -> None:
    found = figures(taken(tmp_path, SOUND, SOUND | {"line": "2", "hs": "84733090", "origin": "CN", "net_mass": None}))
    assert {key: value for key, value in found.items() if ".JP." in key} == {
        f"M.{product}.JP.{indicator}": value
        for product in ("84", "847130", "_T")
        for indicator, value in {"NET_MASS": "6.500", "TRADERS": "1", "VALUE_USD": "1500.00", "VALUE_VND": "37500000"}.items()
    }
    assert found["M._T.W1.VALUE_USD"] == found["M.84.W1.VALUE_USD"] == "3000.00"
    assert found["M._T.W1.NET_MASS"] == "16.500"


def test_traders_are_counted_anew_at_every_level(tmp_path: Path) -> None:
    lines = [
        SOUND | {"declaration": f"1000000000{number}0", "trader": trader, "hs": hs + "20"}
        for number, (trader, hs) in enumerate(
            [
                (HOA_SEN, "847130"),
                (HOA_SEN, "847330"),
                (f"{HOA_SEN}-001", "847130"),
                (SAO_MAI, "847130"),
                ("sai", "847130"),
            ]
        )
    ]
    found = figures(taken(tmp_path, *lines))
    assert [found[f"M.{product}.W1.TRADERS"] for product in ("847130", "847330", "84", "_T")] == ["2", "1", "2", "2"]


def test_who_is_unknown_never_makes_a_cell_look_safe(tmp_path: Path) -> None:
    lines = [SOUND | {"declaration": f"1000000000{n}0", "trader": trader} for n, trader in enumerate([HOA_SEN, None, "12"])]
    rows = compiled([taken(tmp_path, *lines)], "TRADE")
    assert {row["CONTRIBUTORS"] for row in rows} == {1}


def test_an_amended_declaration_replaces_the_earlier_one_whole(tmp_path: Path) -> None:
    original = taken(tmp_path, SOUND, SOUND | {"line": "2"})
    amended = taken(tmp_path, SOUND | {"declaration": "100000000011", "line_value": "1499.00", "unit_price": None})
    assert figures(original)["M._T.W1.VALUE_USD"] == "3000.00"
    assert figures(original, amended)["M._T.W1.VALUE_USD"] == "1499.00"
    assert figures(amended, original) == figures(original, amended)


def test_of_equal_amendments_the_later_delivery_stands(tmp_path: Path) -> None:
    first, second = taken(tmp_path, SOUND), taken(tmp_path, SOUND | {"line_value": "1501", "unit_price": None})
    assert figures(first, second)["M._T.W1.VALUE_USD"] == "1501.00"
    assert figures(second, first)["M._T.W1.VALUE_USD"] == "1500.00"


@pytest.mark.parametrize("damage", [(b"<v>", b"<v>zz"), (b'<c r="', b'<c r="@@')], ids=["number", "place"])
def test_a_workbook_damaged_inside_is_refused_without_quoting_it(tmp_path: Path, damage: tuple[bytes, bytes]) -> None:
    path = spoilt(tmp_path, lambda sheet: sheet.replace(*damage))
    with pytest.raises(Invalid, match="cannot be opened as XLSX") as refusal:
        records(tmp_path, path)
    assert "1500" not in str(refusal.value)


def test_a_row_of_a_workbook_may_not_take_all_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "BOUNDS", Bounds(record_bytes=1 << 16))
    path = spoilt(
        tmp_path, lambda sheet: sheet.replace(b"</sheetData>", b"<row>" + b"<c><v>1</v></c>" * 10_000 + b"</row></sheetData>")
    )
    with pytest.raises(TooLarge, match="takes more than"):
        records(tmp_path, path)


def spoilt(folder: Path, change: Callable[[bytes], bytes]) -> Path:
    """A workbook with one line, its sheet changed."""
    book = Workbook()
    assert book.active is not None
    for line in (VIETNAMESE, [*LAPTOPS[:5], 1500, *LAPTOPS[6:]]):
        book.active.append(line)
    book.save(folder / "whole.xlsx")
    with zipfile.ZipFile(folder / "whole.xlsx") as whole, zipfile.ZipFile(folder / "spoilt.xlsx", "w") as made:
        for name in whole.namelist():
            content = whole.read(name)
            made.writestr(name, change(content) if name.startswith("xl/worksheets/") else content)
    return folder / "spoilt.xlsx"


def test_of_a_line_in_two_files_the_same_one_stands_whatever_the_order(tmp_path: Path) -> None:
    """Both are row 1 of their file, so that nothing tells which is later."""
    rows = [
        {FILE: name, PLACE: "1"} | SOUND | {"customs_value": value} for name, value in (("a", "30000000"), ("b", "40000000"))
    ]
    one, other = (
        deliver(Batches(CUSTOMS.source, [RawBatch(raw_table(CUSTOMS.source, order))]), [], tmp_path)
        for order in (rows, rows[::-1])
    )
    assert figures(one) == figures(other)


def test_reimports_are_part_of_imports_and_shown_beside_them(tmp_path: Path) -> None:
    found = figures(taken(tmp_path, SOUND, SOUND | {"declaration": "100000000020", "type_code": "A31"}))
    assert (found["M._T.W1.VALUE_VND"], found["RM._T.W1.VALUE_VND"]) == ("75000000", "37500000")


def test_unclassified_goods_stay_in_the_totals(tmp_path: Path) -> None:
    found = figures(taken(tmp_path, SOUND, SOUND | {"line": "2", "hs": "85171200"}))
    assert (found["M.999999.JP.VALUE_VND"], found["M._T.W1.VALUE_VND"]) == ("37500000", "75000000")


def test_other_currencies_become_dollars_at_the_rate_of_the_month(tmp_path: Path) -> None:
    euro = SOUND | {"declaration": "100000000020", "currency": "EUR", "exchange_rate": "27500", "origin": "DE"}
    found = figures(taken(tmp_path, SOUND, euro))
    assert (found["M._T.DE.VALUE_VND"], found["M._T.DE.VALUE_USD"]) == ("41250000", "1650.00")


def test_without_any_dollar_rate_there_is_no_dollar_figure(tmp_path: Path) -> None:
    found = figures(taken(tmp_path, SOUND | {"currency": "EUR"}))
    assert "M._T.W1.VALUE_USD" not in found
    assert found["M._T.W1.VALUE_VND"] == "37500000"


def test_a_wrong_rate_on_one_declaration_does_not_make_millions(tmp_path: Path) -> None:
    wrong = SOUND | {"declaration": "100000000020", "exchange_rate": "1", "customs_value": "37500000"}
    more = SOUND | {"declaration": "100000000030"}
    assert figures(taken(tmp_path, SOUND, wrong, more))["M._T.W1.VALUE_USD"] == "4500.00"


# --- synthetic deliveries, documents ---------------------------------------------------------------------------------


def test_a_sample_workbook_does_not_tell_when_it_was_made(tmp_path: Path) -> None:
    """Else the same seed would give another delivery a second later."""
    files = CUSTOMS.sample(100, 5, tmp_path, lambda count: None)
    (workbook,) = (path for path in files if path.suffix == ".xlsx")
    with zipfile.ZipFile(workbook) as made:
        assert re.findall(rb">([^<]+)</dcterms", made.read("docProps/core.xml")) == [b"2025-01-01T00:00:00Z"] * 2


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[RawBatch]]:
    folder = tmp_path_factory.mktemp("sample")
    CUSTOMS.sample(20_000, 5, folder / "out", lambda count: None)
    return folder / "out", read(folder, folder / "out")


def test_levels_add_up_but_traders_do_not(sample: tuple[Path, list[RawBatch]], tmp_path: Path) -> None:
    rows = compiled([deliver(Batches(CUSTOMS.source, sample[1][:2]), [], tmp_path)], "TRADE")
    totals: dict[tuple[str, str, str], dict[str, Decimal]] = {}
    for row in rows:
        level = f"{len(row['PRODUCT']) if row['PRODUCT'] != '_T' else 0}{'W' if row['PARTNER'] == 'W1' else 'P'}"
        cell = totals.setdefault((row["FLOW"], row["TIME_PERIOD"], row["INDICATOR"]), {})
        cell[level] = cell.get(level, Decimal(0)) + Decimal(row["OBS_VALUE"])
    assert {key[2] for key in totals} == {"VALUE_USD", "VALUE_VND", "NET_MASS", "TRADERS"}
    for (_, _, indicator), levels in totals.items():
        if indicator == "TRADERS":
            assert all(levels[level] >= levels["0W"] for level in levels)
        else:
            assert len(set(levels.values())) == 1


def test_the_sample_has_the_shape_of_the_real_thing(sample: tuple[Path, list[RawBatch]]) -> None:
    folder, batches = sample
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    by_digit = manifest["lines_by_amendment_digit"]
    assert sum(by_digit.values()) == 20_000
    assert 0.03 < by_digit["1"] / 20_000 < 0.08
    assert 0 < by_digit["2"] < by_digit["1"]
    assert all(manifest["defects"].values())
    origins = [code for batch in batches for code in batch.table["origin"].to_pylist() if code]
    assert set(origins) <= {*mix().partners.tolist(), "VN"}
    assert origins.count("CN") > 3 * origins.count("FR") > 0
    files = {file.split("/")[0] for batch in batches for file in batch.table[FILE].to_pylist()}
    assert files == {"to-khai.csv", "to-khai-vnaccs.txt", "to-khai.xlsx"}


def test_the_treatment_of_every_type_code_is_published() -> None:
    page = (Path(__file__).parents[1] / "docs" / "customs.md").read_text(encoding="utf-8")
    with (CUSTOMS.source.folder / "treatment.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [sum(row["flow"] == flow for row in rows) for flow in "MX"] == [24, 16]
    for row in rows:
        assert "proposal" in row["status"]
        assert f"| {row['code']} | {row['flow']} | {row['treatment']} | {row['mark'] or '-'} |" in page
        assert f"{row['reason_vi']} / {row['reason_en']}" in page
