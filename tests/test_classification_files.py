"""Classifications and correspondences out: our own layout, workbooks, JSON-LD; and what comes out goes in again."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from adapters.classifications import read_tables
from adapters.classifications.jsonld import json_ld
from adapters.classifications.rows import Rows, lost
from adapters.classifications.writing import FORMATS, Wish
from hub import classification_files
from hub.classification_heads import Facts, Heads
from hub.cli_common import open_hub
from hub.wiring import Hub
from registry.actions import put
from registry.content import assembled
from registry.correspondence import MAIN, Correspondence, Link
from registry.model import Annotation, Artefact, Code, Codelist, RepresentationMap, notes
from registry.model import Link as Address
from registry.ref import Kind, Ref
from registry.spreadsheets import shielded, unshielded
from tests import world
from tests.browsing import Reader
from tests.test_cli import Shell, shell

__all__ = ["shell"]

CROPS = Codelist(
    ref=Ref(Kind.CODELIST, "SEN", "CL_CROPS", "2.0"),
    names={"vi": "Cây trồng", "en": "Crops"},
    source="Luật 1 / Act 1",
    valid_from=date(2025, 7, 1),
    annotations=(
        Annotation(type="CLASSIFICATION", title="CROPS", texts={"vi": "Cây trồng"}),
        Annotation(type="LEVEL", title="1", texts={"vi": "Nhóm", "en": "Group"}),
        Annotation(type="LEVEL", title="2", texts={"vi": "Loại", "en": "Kind"}),
    ),
    items=(
        Code("0", {"vi": "Lương thực", "en": "Staples"}, annotations=notes({"level": "1"})),
        Code(
            "01",
            {"vi": "Lúa", "en": "Rice"},
            parent="0",
            descriptions={"vi": "Cả lúa nếp"},
            annotations=(
                *notes({"level": "2"}),
                Annotation(type="INCLUDES", texts={"vi": "lúa nương", "en": "upland rice"}),
                Annotation(type="EXCLUDES", texts={"en": "wild rice"}),
                Annotation(type="RULING", texts={"vi": "=Công văn 5", "en": "Letter 5"}),
                Annotation(type="RULING", texts={"vi": "Công văn 6"}),
                Annotation(type="INDEX", texts={"vi": "thóc; gạo"}),
            ),
            valid_to=date(2030, 1, 1),
        ),
    ),
)
TABLE = Correspondence(
    ref=Ref(Kind.REPRESENTATION_MAP, "SEN", "COR_CROPS", "1.0"),
    names={"vi": "Chuyển đổi", "en": "Correspondence"},
    from_list=CROPS.ref,
    to_list=world.CROP.ref,
    links=(Link("0", "LUA", "0.4", period="2024"), Link("0", "NGO", "0.6"), Link("01", "LUA", basis=MAIN)),
    basis="area",
)


def back(made: Codelist | RepresentationMap, ending: str) -> Artefact:
    """Written and read again."""
    with tempfile.TemporaryDirectory() as folder:
        for each in (ending, "yml") if ending == "csv" else (ending,):
            (Path(folder) / f"table.{each}").write_bytes(FORMATS[each].write(Wish(made)))
        path = Path(folder) / f"table.{ending}"
        _, (table,) = read_tables(path)
        head = Heads.of(path, Facts()).head(table)
        return assembled(head, [line.cells for line in table.lines])


# There and back


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_comes_out_goes_in_again(ending: str) -> None:
    assert back(CROPS, ending) == CROPS
    assert back(TABLE.map, ending) == TABLE.map
    gone = Correspondence(ref=TABLE.ref, names=TABLE.names, from_list=CROPS.ref, to_list=world.CROP.ref, ended=("0",)).map
    assert back(gone, ending) == gone


TEXTS = st.text("aăâbcđêghLÚaẨ'\",;|=+-@01.\n–", min_size=1, max_size=12).map(str.strip).filter(bool)
NAMES = st.dictionaries(st.sampled_from(["vi", "en", "fr"]), TEXTS, min_size=1)
IDS = st.lists(st.text("0123AB", min_size=1, max_size=6), unique=True, max_size=8)
DAYS = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))
NOTED = ("INCLUDES", "EXCLUDES", "INDEX")


@st.composite
def codelists(draw: st.DrawFn) -> Codelist:
    ids = draw(IDS)
    items = []
    for place, id in enumerate(ids):
        facts = draw(st.dictionaries(st.sampled_from(["level", "unit", "parent:REGION"]), TEXTS))
        noted = draw(st.dictionaries(st.sampled_from(NOTED), NAMES))
        annotations = (*notes(facts), *(Annotation(type=type, texts=texts) for type, texts in noted.items()))
        parent = draw(st.sampled_from([None, *ids[:place]]))
        items.append(Code(id, draw(NAMES), parent, draw(NAMES | st.just({})), annotations, (), "", draw(DAYS), draw(DAYS)))
    levels = tuple(Annotation(type="LEVEL", title=title, texts=draw(NAMES)) for title in draw(IDS))
    start = draw(DAYS)
    return Codelist(
        ref=CROPS.ref, names=draw(NAMES), items=tuple(items), annotations=levels, valid_from=start, is_final=draw(st.booleans())
    )


def ordered(made: Codelist) -> Codelist:
    """With annotations in one order: columns have theirs."""
    items = tuple(_sorted(item) for item in made.items)
    return Codelist(**{**vars(made), "items": items})


def _sorted(item: Code) -> Code:
    parts = {name: getattr(item, name) for name in Code.__dataclass_fields__}
    return Code(**{**parts, "annotations": tuple(sorted(item.annotations, key=lambda note: note.type))})


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@settings(max_examples=40, deadline=None)
@given(made=codelists())
def test_any_codelist_of_our_columns_comes_back_equal(ending: str, made: Codelist) -> None:
    assert ordered(cast(Codelist, back(made, ending))) == ordered(made)


def test_texts_like_formulas_are_texts_to_a_spreadsheet() -> None:
    made = Codelist(ref=CROPS.ref, names=CROPS.names, items=(Code("-1", {"vi": '=HYPERLINK("http://x")', "en": "'@x"}),))
    text = FORMATS["csv"].write(Wish(made)).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline="")))[1] == ["-1", "", '\'=HYPERLINK("http://x")', "''@x"]
    assert back(made, "csv") == made


@given(st.text("'=+-@\t\r1a.,"))
def test_a_guarded_cell_comes_back_and_begins_like_no_formula(text: str) -> None:
    assert unshielded(shielded(text)) == text
    assert shielded(text)[:1] not in set("=+-@\t\r") or set(text[1:]) <= set("1.,")


def test_what_the_columns_cannot_hold_is_named() -> None:
    linked = Code("02", {"en": "Maize"}, links=(Address("rel", "https://so-lieu.example"),))
    more = Codelist(**{**vars(CROPS), "items": (*CROPS.items, linked)})
    assert lost(CROPS, Rows.of(CROPS)) == [] and lost(TABLE.map, Rows.of(TABLE.map)) == []
    assert lost(more, Rows.of(more)) == ["02"]


def test_a_workbook_keeps_codes_and_texts_as_texts() -> None:
    book = load_workbook(io.BytesIO(FORMATS["xlsx"].write(Wish(CROPS))))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"} and {cell.number_format for cell in cells} == {"@"}
    assert "=Công văn 5\nCông văn 6" in {cell.value for cell in cells}, "a text and no formula"
    assert book.sheetnames == ["SEN_CL_CROPS(2.0)", "head"]


# JSON-LD


def graph(made: Codelist | RepresentationMap, follows: Ref | None = None) -> dict[str, dict[str, Any]]:
    content = json.loads(json_ld(made, follows))
    assert {"skos", "xkos"} <= content["@context"].keys(), "the context stands in the file"
    return {node["@id"]: node for node in content["@graph"]}


def test_a_version_is_a_concept_scheme_with_levels_and_notes() -> None:
    before = Ref(Kind.CODELIST, "SEN", "CL_CROPS", "1.0")
    nodes = graph(CROPS, before)
    scheme, rice = nodes[CROPS.ref.urn], nodes[CROPS.ref.item("01").urn]
    assert scheme["@type"] == "skos:ConceptScheme" and scheme["xkos:follows"] == {"@id": before.urn}
    assert scheme["schema:validFrom"] == "2025-07-01" and scheme["xkos:numberOfLevels"] == 2
    level = nodes[scheme["xkos:levels"][1]["@id"]]
    assert level["xkos:depth"] == 2 and level["skos:member"] == [{"@id": rice["@id"]}]
    assert {"@value": "Kind", "@language": "en"} in level["skos:prefLabel"]
    assert rice["skos:broader"] == {"@id": CROPS.ref.item("0").urn} and rice["skos:notation"] == "01"
    assert rice["xkos:coreContentNote"][0] == {"@value": "lúa nương", "@language": "vi"}
    assert rice["xkos:exclusionNote"] and rice["xkos:caseLaw"]
    assert [label["@value"] for label in rice["skos:altLabel"]] == ["thóc", "gạo"]
    assert nodes[scheme["xkos:belongs"]["@id"]]["skos:prefLabel"]


def test_a_correspondence_is_made_of_associations() -> None:
    nodes = graph(TABLE.map)
    whole = nodes[TABLE.ref.urn]
    assert whole["xkos:compares"] == [{"@id": CROPS.ref.urn}, {"@id": world.CROP.ref.urn}]
    first = nodes[whole["xkos:madeOf"][0]["@id"]]
    assert first["xkos:sourceConcept"] == {"@id": CROPS.ref.item("0").urn}
    assert first["xkos:targetConcept"] == {"@id": world.CROP.ref.item("LUA").urn}
    assert first["hub:share"] == "0.4" and first["hub:kind"] == "n:m" and first["hub:period"] == "2024"


def test_every_thing_that_is_named_in_a_file_is_in_it_or_belongs_to_another_list() -> None:
    nodes = graph(CROPS)
    named = {
        end["@id"] for node in nodes.values() for word in ("skos:narrower", "skos:hasTopConcept") for end in node.get(word, ())
    }
    assert named == {CROPS.ref.item(item.id).urn for item in CROPS.items}


# Over HTTP and from the command line


def test_everybody_can_take_a_version_and_a_correspondence_away(hub: Hub) -> None:
    browser = Reader(hub)
    for ending, format in FORMATS.items():
        answer = browser.get(f"/codelists/SEN/CL_PROVINCE/1.0/codes.{ending}")
        assert answer.status_code == 200 and answer.headers["Content-Type"] == format.media_type
        assert f'filename="SEN_CL_PROVINCE_1.0.{ending}"' in answer.headers["Content-Disposition"]
        again = browser.get(f"/codelists/SEN/CL_PROVINCE/latest/codes.{ending}", **{"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    text = browser.get("/codelists/SEN/CL_PROVINCE/1.0/codes.csv").content.decode("utf-8-sig")
    assert text.splitlines()[:3] == ["id,parent,name_vi,name_en", "_T,,Cả nước,Whole country", "01,_T,Đồng Sen,Lotus Field"]


def test_the_way_between_two_lists_is_a_file_too_also_turned_round(hub: Hub) -> None:
    newer = Codelist(ref=replace(world.PROVINCE.ref, version="2.0"), names={"en": "New"}, items=(Code("A", {"en": "East"}),))
    links = tuple(Link(code, "A") for code in ("01", "02"))
    table = Correspondence(ref=TABLE.ref, names=TABLE.names, from_list=world.PROVINCE.ref, to_list=newer.ref, links=links)
    with hub.engine.begin() as connection:
        put(connection, [newer, table.map], world.act(hub.clock.now()))
    reader = Reader(hub)
    answer = reader.get("/codelists/SEN/CL_PROVINCE/2.0/to/SEN/CL_PROVINCE/1.0/links.csv")
    assert answer.content.decode("utf-8-sig").splitlines() == ["source,target,share", "A,01,", "A,02,"], "shares nobody knows"
    assert 'filename="SEN_CL_PROVINCE_2.0_to_SEN_CL_PROVINCE_1.0.csv"' in answer.headers["Content-Disposition"]
    nowhere = reader.get("/codelists/SEN/CL_PROVINCE/1.0/to/SEN/CL_CROP/1.0/links.csv")
    assert nowhere.status_code == 404 and nowhere.json()["error"]["code"] == "CORRESPONDENCE_NOT_FOUND"


def test_a_variant_that_groups_codes_is_a_file_like_a_table(shell: Shell, tmp_path: Path) -> None:
    shell.type("init")
    words = ("classification", "export", "NSO:CL_PROVINCE(2.0)", "--to")
    found = [ref for ref in open_hub().catalogue.find(Kind.CODELIST, "NSO") if "REGION" in ref.id]
    assert found, "regions are shipped"
    (csv, _) = shell.json(*words, str(found[-1]), "--out", tmp_path)["files"]
    assert Path(csv).read_text("utf-8-sig").startswith("source,target,share")
    stored = shell.json("classification", "export", "NSO:CL_PROVINCE(1.0)", "--to", "NSO:CL_PROVINCE(2.0)", "--out", tmp_path)
    assert Path(stored["files"][1]).name == "NSO_COR_PROVINCE_63_34_1.0.yml", "as it is stored, with all that its head says"
    assert "unchanged" in shell.type("classification", "import", stored["files"][0])


def test_an_option_that_means_nothing_is_refused(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "crops.csv"
    path.write_text("id\n01\n", encoding="utf-8")
    for option, text in (("--lengths", "two"), ("--lengths", "2=x"), ("--columns", "Mã"), ("--columns", "=id")):
        error = shell.json("classification", "check", path, option, text, code=2)["error"]
        assert error["code"] == "OPTION_UNREADABLE" and option in error["detail"]


def test_a_list_that_is_too_long_for_a_file_is_to_be_had_in_sdmx(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classification_files, "LONGEST", 3)
    answer = Reader(hub).get("/codelists/SEN/CL_PROVINCE/1.0/codes.xlsx")
    assert answer.status_code == 413 and "/sdmx/v2" in answer.json()["error"]["help"]


def test_the_version_before_is_that_of_the_same_classification(hub: Hub) -> None:
    family = (Annotation(type="CLASSIFICATION", title="CROPS"),)
    older, newer = (
        Codelist(ref=Ref(Kind.CODELIST, "SEN", id, "1.0"), names={"en": id}, annotations=family, valid_from=date(year, 1, 1))
        for id, year in (("CL_Z", 2017), ("CL_A", 2022))
    )
    with hub.engine.begin() as connection:
        put(connection, [older, newer], world.act(hub.clock.now()))
    assert classification_files.wish_of(hub.catalogue, newer.ref).follows == older.ref
    assert classification_files.wish_of(hub.catalogue, older.ref).follows is None


def test_what_is_not_there_or_in_no_format_is_said(hub: Hub) -> None:
    browser = Reader(hub)
    missing = browser.get("/correspondences/SEN/NOTHING/1.0/links.csv")
    assert missing.status_code == 404 and missing.json()["error"]["code"] == "ARTEFACT_NOT_FOUND"
    strange = browser.get("/codelists/SEN/CL_PROVINCE/1.0/codes.pdf")
    assert strange.status_code == 400 and "xlsx" in strange.json()["error"]["help"]


def test_from_a_table_to_a_file_by_commands(shell: Shell, tmp_path: Path) -> None:
    shell.type("init")
    path = tmp_path / "crops.csv"
    path.write_text("id,name_vi,name_en,level\n01,Lúa,Rice,1\n02,Ngô,Maize,1\n", encoding="utf-8")
    words = (path, "--list", "NSO:CL_CROPS(1.0)", "--family", "CROPS", "--name-vi", "Cây", "--name-en", "Crops")
    assert "checked only" in shell.type("classification", "check", *words)
    report = shell.json("classification", "import", *words, "--valid-from", "2025-07-01")
    assert report["layout"] == "own" and report["tables"][0]["outcome"] == "added" and report["findings"] == []
    out = tmp_path / "out"
    written = shell.json("classification", "export", "NSO:CL_CROPS(1.0)", "--out", out)
    assert [Path(file).name for file in written["files"]] == ["NSO_CL_CROPS_1.0.csv", "NSO_CL_CROPS_1.0.yml"]
    assert "unchanged" in shell.type("classification", "import", written["files"][0]), "its head lies beside it"
    links = out / "NSO_COR_PROVINCE_63_34_1.0.xlsx"
    shell.type("classification", "export", "NSO:COR_PROVINCE_63_34(1.0)", "--format", "xlsx", "--out", out)
    back = shell.json("classification", "export", "NSO:CL_PROVINCE(2.0)", "--to", "NSO:CL_PROVINCE(1.0)", "--out", out)
    assert "\n24,27," in Path(back["files"][0]).read_text("utf-8-sig"), "Bắc Ninh of today was 27 and 24"
    assert links.exists() and "unchanged" in shell.type("classification", "import", links)


def test_a_refused_table_ends_with_the_code_of_wrong_input_and_every_finding(shell: Shell, tmp_path: Path) -> None:
    shell.type("init")
    path = tmp_path / "crops.csv"
    rows = "".join(f"{at},,\n" for at in range(40))
    path.write_text(f"id,parent,name_vi\n{rows}1,9999,Lúa\n", encoding="utf-8")
    told = shell.type("classification", "check", path, "--list", "NSO:CL_CROPS(1.0)", "--lengths", "1,2", code=2)
    assert "CODE_TWICE" in told and "refused" in told and "more lines" in told
    report = shell.json("classification", "import", path, "--list", "NSO:CL_CROPS(1.0)", "--lengths", "1,2", code=2)
    assert report["refused"] and {"row": 42, "rule": "CODE_TWICE", "code": "1"}.items() <= report["findings"][-1].items()
    assert report["findings"][-1]["vi"]["title"] == "Mã ghi hai lần"
    shell.speak("vi")
    assert "không lưu gì" in shell.type("classification", "check", path, "--list", "NSO:CL_CROPS(1.0)", code=2)
