"""Official tables as they are published, in the same layouts but about an invented country: read, checked, imported.

Đất Nước Sen counts its crops by a classification of two levels; version 2 merges fish, splits rice and takes code 03 for
something else.
"""

from __future__ import annotations

import csv
import json
import re
import threading
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from adapters import workbooks
from adapters.classifications import LAYOUTS, Part, Table, read_tables, sheets
from hub.access import LOCAL_ADMINISTRATOR
from hub.classification_heads import Facts, Heads, listed_levels
from hub.classifying import TablesReport, import_tables
from hub.imports import registry_writer
from hub.wiring import Hub
from registry.classification.check_links import check_links
from registry.classification.checks import check_items
from registry.classification.findings import RULES, Severity
from registry.classification.lines import Line
from registry.correspondence import Correspondence, State, state_of
from registry.errors import LANGUAGES, HubError, Invalid, TooLarge, catalogue, message
from registry.model import Codelist, RepresentationMap, fact
from registry.ref import Kind, Ref

CROPS = Ref(Kind.CODELIST, "SEN", "CL_CROPS", "1.0")
NEW_CROPS = Ref(Kind.CODELIST, "SEN", "CL_CROPS", "2.0")
TABLE = Ref(Kind.REPRESENTATION_MAP, "SEN", "COR_CROPS", "1.0")
MAIN_TABLE = Ref(Kind.REPRESENTATION_MAP, "SEN", "COR_CROPS_MAIN", "1.0")

OWN = "id,parent,level,name_vi,name_en\n0,,0,Tất cả,All\n01,0,1,Lúa,Rice\n02,0,1,Ngô,Maize\n03,0,1,Cá,Fish\n"
NEW = "id,name_en\n01,Early rice\n02,Late rice\n03,Maize\n04,Fish\n"


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def workbook(path: Path, **sheets: Iterable[Sequence[Any]]) -> Path:
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def taken(hub: Hub, path: Path, dry: bool = False, **facts: Any) -> TablesReport:
    write = registry_writer(hub.catalogue, hub.engine, hub.clock, LOCAL_ADMINISTRATOR, dry)
    return import_tables(path, Facts(**facts), hub.catalogue, write)


def listed(hub: Hub, path: Path, ref: Ref = CROPS, **facts: Any) -> TablesReport:
    return taken(hub, path, refs={Part.LIST: ref}, **facts)


def linked(hub: Hub, path: Path, **facts: Any) -> TablesReport:
    ends = {Part.FROM: CROPS, Part.TO: NEW_CROPS, Part.MAP: TABLE, Part.CONVERSION: MAIN_TABLE}
    return taken(hub, path, refs=ends, **facts)


def codes(hub: Hub, ref: Ref = CROPS) -> Codelist:
    return cast(Codelist, hub.catalogue.get(ref))


def table(hub: Hub, ref: Ref = TABLE) -> Correspondence:
    made = Correspondence.of(cast(RepresentationMap, hub.catalogue.get(ref)))
    assert made is not None
    return made


def rules(report: TablesReport) -> list[tuple[int | None, str, str]]:
    return [(each.row, each.rule, each.code) for _, each in report.findings]


def errors(report: TablesReport) -> list[str]:
    return [each.rule for _, each in report.findings if each.severity is Severity.ERROR]


@pytest.fixture
def both(empty_hub: Hub, tmp_path: Path) -> Hub:
    """With the crops of version 1 and of version 2."""
    listed(empty_hub, written(tmp_path, "1.csv", OWN))
    listed(empty_hub, written(tmp_path, "2.csv", NEW), NEW_CROPS)
    return empty_hub


# Each layout, one command


def test_a_workbook_of_correlations_and_conversions(both: Hub, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "unsd.xlsx",
        Conversions=[("From Crops1", "To Crops2"), ("01", "01"), ("02", "03"), ("03", "04")],
        Correlations=[
            *(("Between", None, None), ("Crops1", " Crops2", "Relationship")),
            *(("01", "01", "1:n"), ("01", "02", "1:n"), ("02", "03", "1:1"), (3, 4, "1:1")),
        ],
    )
    report = linked(both, path)
    assert report.layout == "unsd-workbook"
    assert [(each.ref, dict(each.kinds)) for each in report.tables] == [
        (str(TABLE), {"1:n": 1, "1:1": 2}),
        (str(MAIN_TABLE), {"1:1": 3}),
    ]
    assert rules(report) == [
        *((6, "ZERO_MENDED", "03"), (6, "ZERO_MENDED", "04")),
        *((None, "TARGET_WITHOUT_LINK", "02"),),
    ], "numbers lost their zeros, and the lists have them; the conversion never says 02"
    assert {code: state_of(table(both), code) for code in ("01", "02")} == {"01": State.BROKEN, "02": State.EXACT}
    assert state_of(table(both, MAIN_TABLE), "01") is State.ESTIMATED, "all of it under the main one, by convention"


def test_lists_that_the_registry_does_not_have_are_made_only_when_asked(empty_hub: Hub, tmp_path: Path) -> None:
    rows = [("Between", None, None), ("A", "B", "Relationship"), ("01", "1", "1:1"), ("02", "2", "1:1")]
    path = workbook(tmp_path / "unsd.xlsx", Correlations=rows)
    with pytest.raises(Invalid) as refused:
        linked(empty_hub, path)
    assert refused.value.code == "CLASSIFICATION_ELSEWHERE" and "--make-lists" in refused.value.help()
    family = {"annotations": [{"type": "CLASSIFICATION", "title": "CROP"}]}
    report = linked(empty_hub, path, make_lists=True, said=family)
    assert [each.outcome for each in report.tables] == ["added"] * 3
    assert [fact(made, "CLASSIFICATION") for made in (codes(empty_hub), codes(empty_hub, NEW_CROPS))] == ["CROP", "CROP"]
    assert list(codes(empty_hub).by_id) == ["01", "02"] and list(codes(empty_hub, NEW_CROPS).by_id) == ["1", "2"]


def test_comtrade_json(empty_hub: Hub, tmp_path: Path) -> None:
    entries = [
        {"id": "ALL", "text": "All crops", "parent": "#"},
        {"id": "TOTAL", "text": "Total of all crops", "parent": "#"},
        {"id": "AG2", "text": "AG2 - All 2-digit crops", "parent": "#"},
        {"id": "01", "text": "01 - Rice;  live", "parent": "TOTAL"},
        {"id": "0101", "text": "0101 - Early rice", "parent": "01"},
    ]
    path = written(tmp_path, "classificationXX.json", "\ufeff" + json.dumps({"className": "Crops 1", "results": entries}))
    report = listed(empty_hub, path)
    assert report.layout == "comtrade" and rules(report) == [(1, "NOT_A_CODE", "ALL"), (3, "NOT_A_CODE", "AG2")]
    made = codes(empty_hub)
    assert [(item.id, item.parent, fact(item, "level"), item.names["en"]) for item in made.items] == [
        ("TOTAL", None, "0", "Total of all crops"),
        ("01", "TOTAL", "2", "Rice; live"),
        ("0101", "01", "4", "Early rice"),
    ]
    assert made.names["en"] == "Crops 1"


def test_an_isic_structure_puts_divisions_under_the_letter_above_them(empty_hub: Hub, tmp_path: Path) -> None:
    content = (
        '"Code","Description"\n"A","Farming"\n"01","Crops"\n"011","Rice"\n"0111","Early rice"\n"B","Mining"\n"05","Salt"\n'
    )
    report = listed(empty_hub, written(tmp_path, "ISIC.txt", content))
    assert report.layout == "isic-structure" and rules(report) == []
    parents = {item.id: (item.parent, fact(item, "level")) for item in codes(empty_hub).items}
    assert parents == {
        **{"A": (None, "1"), "01": ("A", "2"), "011": ("01", "3"), "0111": ("011", "4")},
        **{"B": (None, "1"), "05": ("B", "2")},
    }


def test_an_isic_correspondence_says_by_flags_what_kind_its_links_are(both: Hub, tmp_path: Path) -> None:
    head = '"CROP1code","partialCROP1","CROP2code","partialCROP2","Detail"\n'
    content = head + '"01",1,"01",0,"the early one"\n"01",1,"02",0,""\n"02",0,"03",0,""\n"03",0,"04",1,""\n'
    report = linked(both, written(tmp_path, "link.txt", content))
    assert report.layout == "isic-correspondence"
    assert rules(report) == [(5, "KIND_OTHERWISE", "03")], "the file says that 04 has more than 03 in it"
    made = cast(RepresentationMap, both.catalogue.get(TABLE))
    assert fact(made.mappings[0], "detail") == "the early one"


def test_provinces_come_with_both_lists_and_leave_out_what_only_a_part_of_goes(empty_hub: Hub, tmp_path: Path) -> None:
    head = "old_code,old_name,old_valid_to,new_code,new_name,new_valid_from,relation,note\n"
    content = head + (
        "01,Đồng Sen,2025-06-30,01,Đồng Sen,2025-07-01,1:1,\n"
        "02,Bến Đá,2025-06-30,03,Ấp Mới,2025-07-01,n:1,\n"
        "03,Ấp Cũ,2025-06-30,03,Ấp Mới,2025-07-01,n:1,CODE REUSED\n"
        "02,Bến Đá,2025-06-30,01,Đồng Sen,2025-07-01,partial,one hamlet\n"
    )
    report = linked(empty_hub, written(tmp_path, "p.csv", content), make_lists=True)
    assert report.layout == "provinces" and rules(report) == [(5, "LINK_PARTIAL", "02")]
    before, after = codes(empty_hub), codes(empty_hub, NEW_CROPS)
    assert str(before.valid_to) == "2025-06-30" and str(after.valid_from) == "2025-07-01"
    assert (before.by_id["03"].names["vi"], after.by_id["03"].names["vi"]) == ("Ấp Cũ", "Ấp Mới")
    assert all(state_of(table(empty_hub), code) is State.EXACT for code in ("01", "02", "03"))


AHTN = """level,code,description_vi,description_en
0,0101,Ngựa,Horses
1,,- Ngựa sống:,- Live horses:
2,01010100,- - Thuần chủng,- - Pure-bred
2,01010900,- - Loại khác,- - Other
1,010190,- Loại khác:,- Other:
2,01019010,- - Ngựa đá,- - Stone horses
0,98010000,Giống,
0,98010000,Giống,
0,98020000,Khuôn,
1,98020000,- Khuôn đúc,
0,9803,Đèn,
3,98040010,- - - Bóng đèn,
1,9803001,- Chao đèn,
"""


def test_ahtn_hangs_by_dashes_and_keeps_the_words_of_lines_without_code(empty_hub: Hub, tmp_path: Path) -> None:
    report = listed(empty_hub, written(tmp_path, "ahtn.csv", AHTN))
    assert report.layout == "ahtn" and not report.refused
    assert rules(report) == [
        (3, "LINE_NO_CODE", ""),
        (5, "NAME_SAYS_NOTHING", "01010900"),
        (6, "NAME_SAYS_NOTHING", "010190"),
        (9, "CODE_REPEATED", "98010000"),
        (11, "CODE_IN_SEVERAL_LINES", "98020000"),
        (13, "CODE_OUTSIDE_PARENT", "98040010"),
        (14, "CODE_LENGTH", "9803001"),
    ]
    items = codes(empty_hub).by_id
    assert [items[code].parent for code in ("01010900", "01019010", "98040010", "9803001")] == ["0101", "010190", None, "9803"]
    assert items["01010900"].names == {"vi": "Ngựa sống: Loại khác", "en": "Live horses: Other"}
    assert items["01010900"].descriptions["vi"] == "Ngựa – Ngựa sống – Loại khác"
    assert items["98020000"].annotations[-1].texts == {"vi": "Khuôn đúc"}


STAIRS = [
    ("Phụ lục: Hệ thống ngành", None, None, None, None),
    ("Cấp 1", "Cấp 2", "Cấp 3", "Cấp 4", "Tên ngành"),
    ("A", None, None, None, "Nông nghiệp"),
    (None, "02", None, None, "Lâm nghiệp"),
    (None, None, "021", "0210", "Trồng rừng"),
    (None, None, "022", None, "Khai thác gỗ"),
    (None, None, None, "0220", "Khai thác gỗ"),
    ("B", None, None, None, "Khai khoáng"),
    (None, "05", None, None, "Khai thác than"),
]


def test_a_national_list_as_its_decree_prints_it(empty_hub: Hub, tmp_path: Path) -> None:
    report = listed(empty_hub, workbook(tmp_path / "vsic.xlsx", annex=STAIRS))
    assert report.layout == "stairs" and rules(report) == []
    assert {item.id: (item.parent, fact(item, "level"), item.names["vi"]) for item in codes(empty_hub).items} == {
        "A": (None, "1", "Nông nghiệp"),
        "02": ("A", "2", "Lâm nghiệp"),
        "021": ("02", "3", "Trồng rừng"),
        "0210": ("021", "4", "Trồng rừng"),
        "022": ("02", "3", "Khai thác gỗ"),
        "0220": ("022", "4", "Khai thác gỗ"),
        "B": (None, "1", "Khai khoáng"),
        "05": ("B", "2", "Khai thác than"),
    }


def test_digits_that_mean_two_codes_without_their_zeros_find_their_own_level_and_parent(empty_hub: Hub, tmp_path: Path) -> None:
    rows = [STAIRS[1], (None, 1, None, None, "Trồng trọt"), (None, None, 11, 111, "Lúa"), (None, 11, None, None, "Đồ uống")]
    path = workbook(tmp_path / "vsic.xlsx", annex=[*rows, (None, None, 111, None, "Rượu")])
    report = listed(empty_hub, path, lengths={"2": (2,), "3": (3,), "4": (4,)})
    assert [code for _, rule, code in rules(report) if rule == "ZERO_MENDED"] == ["01", "011", "0111"]
    parents = {item.id: item.parent for item in codes(empty_hub).items}
    assert parents == {"01": None, "011": "01", "0111": "011", "11": None, "111": "11"}


def test_headings_in_other_words_and_under_a_title_are_told_by_an_option(empty_hub: Hub, tmp_path: Path) -> None:
    rows = [
        ("Danh mục cây trồng", None, None),
        ("Mã", "Tên gọi", "Từ ngày"),
        ("01", "Lúa", datetime(2025, 7, 1)),
        ("02", "Ngô", None),
    ]
    path = workbook(tmp_path / "dm.xlsx", crops=rows)
    report = listed(empty_hub, path, columns={"mã": "id", "Tên gọi": "name_vi", "Từ ngày": "valid_from"})
    assert report.layout == "own" and rules(report) == []
    assert str(codes(empty_hub).by_id["01"].valid_from) == "2025-07-01", "a day, though a spreadsheet keeps a midnight"


BEC = """id,level,name_en
1,1,"Agriculture, forestry, fishing, food, beverages, tobacco"
2,1,"Mining, quarrying, refinery, fuels, chemicals, electricity, water, waste treatment"
3,1,"Construction, wood, glass, stone, basic metals, housing, electrical appliances, furniture"
4,1,"Textile, apparel, shoes"
5,1,"Transport equipment and services, travel, postal services"
6,1,"ICT, media, computers, business and financial services"
7,1,"Health, pharmaceuticals, education, cultural, sport"
8,1,"Government, military and other"
"""


def test_bec_comes_in_our_own_layout_and_is_reached_through_another_list(both: Hub, tmp_path: Path) -> None:
    bec = Ref(Kind.CODELIST, "SEN", "CL_BEC5", "1.0")
    listed(both, written(tmp_path, "bec.csv", BEC), bec)
    onward = Ref(Kind.REPRESENTATION_MAP, "SEN", "COR_BEC", "1.0")
    linked(both, written(tmp_path, "links.csv", "source,target\n01,01\n01,02\n02,03\n03,04\n"))
    path = written(tmp_path, "bec_links.csv", "source,target\n01,1\n02,1\n03,1\n04,1\n")
    report = taken(both, path, refs={Part.MAP: onward, Part.FROM: NEW_CROPS, Part.TO: bec})
    assert [code for _, rule, code in rules(report) if rule == "TARGET_WITHOUT_LINK"] == list("2345678")
    through = both.catalogue.correspondence(CROPS, bec)
    assert {code: state_of(through, code) for code in ("02", "03")} == {"02": State.EXACT, "03": State.EXACT}


def test_a_layout_that_nobody_knows_names_those_there_are(tmp_path: Path) -> None:
    path = written(tmp_path, "x.csv", "ma,ten\n01,Lúa\n")
    with pytest.raises(Invalid) as refused:
        read_tables(path)
    assert refused.value.code == "LAYOUT_NOT_FOUND" and "ma, ten" in refused.value.detail("vi")
    assert all(layout in refused.value.help() for layout in LAYOUTS)
    with pytest.raises(Invalid) as refused:
        read_tables(path, "provnces")
    assert refused.value.code == "LAYOUT_UNKNOWN" and "provinces" in refused.value.help()


@pytest.mark.parametrize(
    "name, content, code",
    [
        ("two.csv", "id,id\n1,2\n", "TABLE_COLUMN_TWICE"),
        ("wide.csv", "id,name_vi\n1,Lúa,more\n", "TABLE_ROW_WIDE"),
        ("quote.csv", 'id,name_vi\n1,"Lúa\n', "TABLE_BROKEN"),
        ("json.json", '{"results": [{"id": 1}]}', "TABLE_NO_JSON"),
        ("text.json", "{not json", "TABLE_NO_JSON"),
    ],
)
def test_a_broken_table_is_refused_as_a_whole(tmp_path: Path, name: str, content: str, code: str) -> None:
    with pytest.raises(HubError) as refused:
        read_tables(written(tmp_path, name, content))
    assert refused.value.code == code
    assert not {"line", "row", "column", "Error"} & set(re.findall("[A-Za-z]+", refused.value.detail("vi")))


def repacked(path: Path, old: str, new: str) -> Path:
    """A workbook with another text in its first sheet."""
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    sheet = "xl/worksheets/sheet1.xml"
    members[sheet] = members[sheet].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_small_workbook_cannot_say_that_it_has_rows_without_end(tmp_path: Path) -> None:
    path = workbook(tmp_path / "far.xlsx", codes=[["id"], ["01"], ["02"]])
    with pytest.raises(TooLarge) as refused:
        read_tables(repacked(path, '<row r="3"', '<row r="99999999999999999999"'))
    assert refused.value.code == "TABLE_TOO_LONG"


def test_blank_rows_of_many_sheets_count_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "ROWS", 3)
    path = workbook(tmp_path / "blanks.xlsx", codes=[["id"], [], []], more=[[], [], ["01"]])
    with pytest.raises(TooLarge, match="too long"):
        read_tables(path)


def test_rows_of_which_one_cell_stands_far_to_the_right_are_no_flood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "CELLS", 8)
    narrow = written(tmp_path, "narrow.csv", "id,name_vi\n01,Lúa\n02,Ngô\n03,Cá\n")
    assert read_tables(narrow)
    with pytest.raises(TooLarge) as refused:
        read_tables(workbook(tmp_path / "wide.xlsx", codes=[["id"], ["01", *[None] * 6, "x"]]))
    assert refused.value.code == "TABLE_TOO_WIDE"


def test_tables_in_the_old_vietnamese_encoding_and_with_semicolons_are_read(empty_hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / "cu.csv"
    path.write_bytes("id;name_vi\n01;Cà\n".encode("cp1258"))
    listed(empty_hub, path)
    assert codes(empty_hub).by_id["01"].names["vi"] == "Cà"


# Checks


def checked(hub: Hub, folder: Path, content: str, **facts: Any) -> list[tuple[int | None, str, str]]:
    report = listed(hub, written(folder, "list.csv", content), dry=True, **facts)
    return rules(report)


def test_every_finding_is_told_with_its_row_and_nothing_of_a_wrong_table_is_taken(empty_hub: Hub, tmp_path: Path) -> None:
    content = (
        "id,parent,level,name_en\n0,,0,All\n01,0,1,Rice\n01,0,1,Maize\n,0,1,Fish\n02,9,1,Salt\n"
        "03,0,0,Tea\n04,0,,Tea\n05,0,1,\n05,0,1,\nX,Y,1,A\nY,X,1,B\n"
    )
    report = listed(empty_hub, written(tmp_path, "list.csv", content))
    assert rules(report) == [
        (4, "CODE_TWICE", "01"),
        (5, "CODE_MISSING", ""),
        (6, "PARENT_UNKNOWN", "02"),
        (7, "LEVEL_NOT_BELOW", "03"),
        (8, "LEVEL_MISSING", "04"),
        (8, "NAME_TWICE", "04"),
        (9, "NAME_MISSING", "05"),
        (10, "CODE_REPEATED", "05"),
        (11, "PARENTS_IN_CIRCLE", "X"),
        (11, "LEVEL_NOT_BELOW", "X"),
        (12, "PARENTS_IN_CIRCLE", "Y"),
        (12, "LEVEL_NOT_BELOW", "Y"),
    ]
    assert report.refused and not empty_hub.catalogue.find(Kind.CODELIST, "SEN", "CL_CROPS")


def test_a_list_where_each_line_stands_under_the_one_before_is_told_where_it_is_too_deep(
    empty_hub: Hub, tmp_path: Path
) -> None:
    """At once, however long it is: thirty thousand lines took most of a minute."""
    lines = "".join(f"C{at},C{at - 1},Code {at}\n" for at in range(2, 30_001))
    found = checked(empty_hub, tmp_path, f"id,parent,name_en\nC1,,Code 1\n{lines}")
    assert found == [(26, "CODE_TOO_DEEP", "C25")]


def test_a_heading_alone_is_no_list(empty_hub: Hub, tmp_path: Path) -> None:
    assert checked(empty_hub, tmp_path, "id,name_en\n") == [(None, "TABLE_EMPTY", "")]
    assert [each.rule for each in check_links([], {}).findings] == ["TABLE_EMPTY"]


def test_codes_that_sdmx_has_no_place_for_are_noticed_once(empty_hub: Hub, tmp_path: Path) -> None:
    content = "id,name_en\n01,Crops\n01.1,Rice\na/b,Maize\n"
    assert checked(empty_hub, tmp_path, content) == [(3, "CODE_NO_IDENTIFIER", "01.1")]


def test_a_level_that_few_skip_is_noticed(empty_hub: Hub, tmp_path: Path) -> None:
    regular = "".join(f"01{at:02},01,3,Rice {at}\n" for at in range(25))
    content = f"id,parent,level,name_en\nA,,1,Crops\n01,A,2,Rice\n{regular}99,A,3,Odd\n"
    assert checked(empty_hub, tmp_path, content) == [(29, "LEVEL_SKIPPED", "99")]


def test_levels_that_the_head_lists_are_the_only_ones(empty_hub: Hub, tmp_path: Path) -> None:
    written(tmp_path, "list.yml", "kind: Codelist\nannotations: [{type: LEVEL, title: top}, {type: LEVEL, title: leaf}]\n")
    content = "id,parent,level,name_en\nA,,top,Crops\nB,A,leaf,Rice\nC,B,top,Maize\nD,A,twig,Salt\n"
    assert checked(empty_hub, tmp_path, content) == [(4, "LEVEL_NOT_BELOW", "C"), (5, "LEVEL_UNLISTED", "D")]


def test_days_that_are_none_and_codes_that_nobody_can_see_are_told_with_their_rows(empty_hub: Hub, tmp_path: Path) -> None:
    content = (
        "id,name_en,valid_from,valid_to\nA,Rice,2025-13-01,\nB,Maize,2025-05-01,2024-01-01\nC,Tea,,hôm qua\n"
        f'D,Salt,2025-01-01,2025-01-01\n"E\nF",Fish,,\n\u202eG,Cocoa,,\n{"H" * 256},Pepper,,\n'
    )
    assert [(row, rule, code[:2]) for row, rule, code in checked(empty_hub, tmp_path, content) if "IDENTIFIER" not in rule] == [
        *((2, "DAY_UNREADABLE", "A"), (3, "DAYS_REVERSED", "B"), (4, "DAY_UNREADABLE", "C")),
        *((6, "CODE_NOT_VISIBLE", "E\n"), (7, "CODE_NOT_VISIBLE", "\u202eG"), (8, "CODE_NOT_VISIBLE", "HH")),
    ]


def test_lost_zeros_are_put_back_only_where_there_is_no_doubt(empty_hub: Hub, tmp_path: Path) -> None:
    doubtful = "id,level,name_en\n1,1,Rice\n2,1,Maize\n10,1,Fish\n"
    assert checked(empty_hub, tmp_path, doubtful) == [(2, "ZERO_SUSPECTED", "1"), (3, "ZERO_SUSPECTED", "2")]
    assert checked(empty_hub, tmp_path, doubtful, lengths={"": (1, 2)}) == [], "somebody knows that both lengths are right"
    assert [rule for _, rule, _ in checked(empty_hub, tmp_path, doubtful, lengths={"": (2,)})] == ["ZERO_MENDED"] * 2
    others = "id,level,name_en\n1,1,Rice\n02,1,Maize\n10,1,Fish\n"
    assert checked(empty_hub, tmp_path, others) == [(2, "ZERO_MENDED", "01")], "02 shows how codes of this level look"
    taken_already = "id,level,name_en\n1,1,Rice\n01,1,Maize\n10,1,Fish\n"
    assert checked(empty_hub, tmp_path, taken_already) == [(2, "ZERO_SUSPECTED", "1")]


@given(st.sets(st.text("0123456789", min_size=6, max_size=6), min_size=1, max_size=12))
def test_where_lengths_are_stated_every_lost_zero_comes_back_in_codes_and_parents(leaves: set[str]) -> None:
    whole = sorted({leaf[:size] for leaf in leaves for size in (2, 4, 6)})
    eaten = [{"id": str(int(code)), "parent": str(int(code[:-2] or "0")), "level": str(len(code))} for code in whole]
    cells = [each | ({"parent": ""} if each["level"] == "2" else {}) for each in eaten]
    lines = [Line(row, each, frozenset({"id", "parent"})) for row, each in enumerate(cells, 2)]
    found = check_items(lines, {"2": (2,), "4": (4,), "6": (6,)})
    assert [(line["id"], line["parent"]) for line in found.lines] == [(code, code[:-2]) for code in whole]
    assert not found.refused


def test_zeros_lost_in_a_spreadsheet_come_back_in_codes_and_in_parents(empty_hub: Hub, tmp_path: Path) -> None:
    rows = [
        ("id", "parent", "name_en"),
        (1, None, "Rice"),
        (101, 1, "Early rice"),
        (1001, 10, "Tea"),
        (10, None, "Plants"),
        (5, 7, ""),
    ]
    report = listed(empty_hub, workbook(tmp_path / "lost.xlsx", crops=rows[:5]), lengths={"": (2, 4)})
    assert [(row, rule) for row, rule, _ in rules(report)] == [
        *((2, "ZERO_MENDED"), (3, "ZERO_MENDED")),
        *((4, "CODE_AS_NUMBER"), (5, "CODE_AS_NUMBER")),
    ]
    assert {item.id: item.parent for item in codes(empty_hub).items} == {"01": None, "0101": "01", "1001": "10", "10": None}
    report = listed(
        empty_hub, workbook(tmp_path / "odd.xlsx", crops=[rows[0], rows[5], (123456, None, "x")]), lengths={"": (2, 4)}
    )
    assert errors(report) == ["PARENT_UNKNOWN"] and (3, "CODE_LENGTH", "123456") in rules(report)


def test_links_are_held_against_both_lists(both: Hub, tmp_path: Path) -> None:
    content = "source,target,share\n01,01,0.5\n01,02,0.4\n02,03,\n02,03,\n9,04,\n03,77,\n03,,2\n,04,\n01,01,0.6\n"
    report = linked(both, written(tmp_path, "links.csv", content))
    assert rules(report) == [
        (3, "SHARES_NOT_WHOLE", "01"),
        (5, "LINK_REPEATED", "02"),
        (6, "SOURCE_UNKNOWN", "9"),
        (7, "TARGET_UNKNOWN", "77"),
        (8, "SHARE_NO_NUMBER", "03"),
        (9, "CODE_MISSING", ""),
        (10, "LINK_TWICE", "01"),
    ]
    assert not both.catalogue.find(Kind.REPRESENTATION_MAP, "SEN", "COR_CROPS")


def test_codes_on_only_one_side_are_named(both: Hub, tmp_path: Path) -> None:
    report = linked(both, written(tmp_path, "links.csv", "source,target,basis\n01,01,area\n02,,\n"))
    assert rules(report) == [
        (None, "SOURCE_WITHOUT_LINK", "03"),
        *((None, "TARGET_WITHOUT_LINK", code) for code in ("02", "03", "04")),
    ]
    assert not report.refused and table(both).ended == ("02",) and table(both).links[0].basis == "area"


def test_a_link_of_a_code_higher_up_covers_those_below(both: Hub, tmp_path: Path) -> None:
    report = linked(both, written(tmp_path, "links.csv", "source,target\n0,01\n0,02\n0,03\n0,04\n"))
    assert rules(report) == []


# One transaction, told to whom it belongs


def test_what_is_only_checked_leaves_nothing(empty_hub: Hub, tmp_path: Path) -> None:
    path = written(tmp_path, "1.csv", OWN)
    assert listed(empty_hub, path, dry=True).tables[0].outcome == "added"
    assert not empty_hub.catalogue.find(Kind.CODELIST, "SEN", "CL_CROPS")


def test_an_import_is_a_revision_that_says_who_and_by_which_file(empty_hub: Hub, tmp_path: Path) -> None:
    path = written(tmp_path, "1.csv", OWN)
    assert listed(empty_hub, path).tables[0].outcome == "added"
    assert listed(empty_hub, path).tables[0].outcome == "unchanged"
    written(tmp_path, "1.csv", OWN.replace("Maize", "Corn"))
    assert listed(empty_hub, path).tables[0].outcome == "changed"
    history = empty_hub.catalogue.history(CROPS)
    assert len(history) == 2 and all(each.who == LOCAL_ADMINISTRATOR.name for each in history)
    assert all(each.what.startswith("classification import 1.csv sha256 ") for each in history)


def test_a_table_that_nobody_names_is_refused(empty_hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        taken(empty_hub, written(tmp_path, "1.csv", OWN))
    assert refused.value.code == "CLASSIFICATION_NOT_NAMED" and "--list" in refused.value.help()


def test_a_head_beside_the_table_says_what_it_is_and_options_say_more(empty_hub: Hub, tmp_path: Path) -> None:
    written(
        tmp_path,
        "vsic.yml",
        'kind: Codelist\nref: "SEN:CL_CROPS(1.0)"\nnames: {vi: "Cây trồng"}\nvalid_from: 2025-11-15\n'
        'annotations: [{type: LEVEL, title: "1", texts: {vi: Ngành, en: Section}}]\n',
    )
    said = {"valid_to": "2030-12-31", "annotations": [{"type": "CLASSIFICATION", "title": "CROPS"}]}
    taken(empty_hub, written(tmp_path, "vsic.csv", "id,name_vi,level\nA,Lúa,1\n"), said=said)
    made = codes(empty_hub)
    assert made.names == {"vi": "Cây trồng"} and str(made.valid_from) == "2025-11-15" and str(made.valid_to) == "2030-12-31"
    assert [(note.type, note.title) for note in made.annotations] == [("LEVEL", "1"), ("CLASSIFICATION", "CROPS")]


# Several at once


def test_of_two_who_bring_a_list_at_once_the_later_one_is_told_that_it_stands(empty_hub: Hub, tmp_path: Path) -> None:
    """Both have worked out that the list is new before either writes; one says that it was added, the other that it changed."""
    both_ready = threading.Barrier(2)
    write = registry_writer(empty_hub.catalogue, empty_hub.engine, empty_hub.clock, LOCAL_ADMINISTRATOR)
    outcomes: list[str] = []

    def bring(name: str) -> None:
        waited: list[str] = []

        def together(*given: Any) -> list[Ref]:
            if not waited:
                waited.append(name)
                both_ready.wait(30)
            return write(*given)

        path = written(tmp_path, f"{name}.csv", f"id,name_en\n01,{name}\n")
        report = import_tables(path, Facts(refs={Part.LIST: CROPS}), empty_hub.catalogue, together)
        outcomes.extend(one.outcome for one in report.tables)

    threads = [threading.Thread(target=bring, args=[name]) for name in ("Rice", "Maize")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["added", "changed"]


# Words


WRONG_HEADS = (
    *("names: hello", "names: [x]", "names: {vi: 1}", "annotations: 5", "annotations: [5]", "annotations: [{title: 1}]"),
    *("ref: 5", "ref: x", "valid_from: 2025-13-45", "colour: red", "1: 2", "items: 7", "items: []", "mappings: 1"),
    *("kind: Codelst", "kind: [Codelist]", "kind: ", "names: {vi: x", "[" * 3000),
)


@pytest.mark.parametrize("line", WRONG_HEADS)
def test_a_head_that_cannot_be_understood_is_refused(empty_hub: Hub, tmp_path: Path, line: str) -> None:
    path = written(tmp_path, "crops.csv", OWN)
    kind = "" if line.startswith("kind") else "kind: Codelist\n"
    written(tmp_path, "crops.yml", kind + line + "\n")
    with pytest.raises(Invalid) as refused:
        listed(empty_hub, path)
    assert refused.value.code in ("BAD_DOCUMENT", "YAML_BROKEN", "BAD_REFERENCE", "HEAD_WITH_TABLE")


def test_a_head_may_leave_words_empty(empty_hub: Hub, tmp_path: Path) -> None:
    path = written(tmp_path, "crops.csv", OWN)
    written(tmp_path, "crops.yml", "kind: Codelist\nref:\nnames:\nannotations:\n")
    assert listed(empty_hub, path).tables[0].outcome == "added"


def test_a_word_of_the_sheet_head_is_not_a_text_and_a_mapping(tmp_path: Path) -> None:
    path = workbook(tmp_path / "crops.xlsx", codes=[["id"], ["01"]], head=[["names", "Lúa"], ["names.vi", "Lúa"]])
    with pytest.raises(Invalid) as refused:
        read_tables(path)
    assert refused.value.code == "BAD_DOCUMENT"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("ab. 1", max_size=3) | st.dates(),
    lambda part: (
        st.lists(part, max_size=2)
        | st.dictionaries(st.sampled_from(["vi", "type", "title", "enumeration", "1"]), part, max_size=2)
    ),
    max_leaves=4,
)
WORDS = ("kind", "ref", "names", "annotations", "valid_from", "source", "sources", "targets", "items", "is_final", "x")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.dictionaries(st.sampled_from(WORDS), ANYTHING, max_size=4),
    kind=st.sampled_from(["Codelist", "RepresentationMap", 7]),
)
def test_whatever_a_head_says_it_is_understood_or_refused(tmp_path: Path, head: dict[str, Any], kind: object) -> None:
    written(tmp_path, "any.yml", yaml.safe_dump({"kind": kind, **head}))
    table = Table(Part.MAP if kind == "RepresentationMap" else Part.LIST, ())
    try:
        heads = Heads.of(tmp_path / "any.csv", Facts())
        found = heads.head(table)
        assert listed_levels(found) is not None
        if table.part is Part.MAP:
            heads.end(found, Part.FROM)
    except HubError as error:
        assert error.help("vi") and error.help("en")


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_words_in_both_languages(rule: str) -> None:
    assert rule in catalogue()
    facts = dict.fromkeys(
        ("name", "first", "parent", "level", "valid", "above", "length", "list", "target", "share", "was"), "x"
    )
    more = dict.fromkeys(
        ("note", "stated", "found", "total", "other", "most", *("column", "text", "start", "end", "shown", "longest")), "y"
    )
    assert all(all(message(rule, lang, item="z", **facts, **more).values()) for lang in LANGUAGES)


def test_the_rows_of_a_table_are_those_of_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "blank.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([["id", "name_vi"], ["01", "Lúa\nnước"], [], ["02", "Ngô"]])
    _, tables = read_tables(path)
    assert isinstance(tables[0], Table) and [line.row for line in tables[0].lines] == [2, 4], "a cell of two lines is one row"


HEADINGS = (
    *("id,parent,level", "source,target,share", "level,code,description_vi,description_en"),
    *("Code,Description", "Cấp 1,Cấp 2,Tên"),
)
CONTENT = st.text('01AB,;"\n-.é', max_size=80)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200) | st.builds("{}\n{}".format, st.sampled_from(HEADINGS), CONTENT).map(str.encode))
def test_whatever_a_file_holds_it_becomes_lines_or_an_error_with_help(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(content)
    try:
        _, tables = read_tables(path)
    except HubError as error:
        assert error.help("vi") and error.help("en")
        return
    for each in tables:
        check = check_links if each.part.is_map else check_items
        assert all(found.texts("vi") for found in (*each.findings, *check(each.lines, {}).findings))
