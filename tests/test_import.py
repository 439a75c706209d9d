"""Files in, through the real hub: structures first, drafts per dataflow, refused observations kept."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from adapters.sdmx.writing.csvmetadata import Called, labelled
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.jsonstructures import JSON_STRUCTURES
from adapters.sdmx.writing.shown import Shown
from adapters.sdmx.writing.table import Labels
from hub.access import LOCAL_ADMINISTRATOR
from hub.import_report import ImportReport, Problem, Rejects
from hub.imports import Hands, import_files, registry_writer
from hub.wiring import Hub
from registry.errors import LANGUAGES, Invalid, message
from registry.model import Agency, Artefact, Code, Codelist, ConceptScheme, Dataflow, DataStructure, ItemScheme, MetadataSet
from registry.ports import Reject
from registry.ref import Kind, Ref
from registry.selection import select
from tests import metadata, world
from tests.messages import HARVEST, USE_DATAFLOW, Statement, csv_1, csv_2, generic, json_data, specific, structure
from tests.test_sdmx_metadata_formats import FORMATS as METADATA

GOOD = Statement("Q.03.LUA", "2024-Q2", "7.50")


def hands(hub: Hub, dry: bool = False) -> Hands:
    return Hands(
        hub.catalogue,
        registry_writer(hub.catalogue, hub.engine, hub.clock, LOCAL_ADMINISTRATOR, dry),
        hub.drafts,
        hub.cube,
        dry,
    )


def run(hub: Hub, folder: Path, *contents: bytes, dry: bool = False, dataflow: Ref | None = None) -> ImportReport:
    """Import the contents as files ``1``, ``2``, ... in this order."""
    paths = [folder / f"{number}" for number in range(1, len(contents) + 1)]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return import_files(paths, hands(hub, dry), LOCAL_ADMINISTRATOR, dataflow=dataflow, rejects=folder / "bi-tu-choi")


def publish(hub: Hub, report: ImportReport) -> None:
    for draft in report.drafts.values():
        hub.releases.approve(draft, LOCAL_ADMINISTRATOR)
        hub.releases.release(draft, LOCAL_ADMINISTRATOR)


def published(hub: Hub, dataflow: Ref = world.DATAFLOW.ref) -> dict[tuple[str, str], Decimal | None]:
    """Key and period -> value, as everybody sees it."""
    selection = select(hub.catalogue.structure(dataflow))
    answer = hub.cube.ask(selection, LOCAL_ADMINISTRATOR)
    return {
        (".".join(series.key), period): None if value is None else Decimal(value)
        for series in answer.series
        for period, value in zip(series.periods(), series.values, strict=True)
    }


def codes(report: ImportReport) -> list[str]:
    return [file.error.code if file.error else "" for file in report.files]


def renamed(made: Sequence[Artefact], id: str) -> list[Artefact]:
    """The structures of the harvest under another id: what is new to the hub and needs what it has."""
    dsd = replace(world.DSD, ref=replace(world.DSD.ref, id=id))
    flow = replace(world.DATAFLOW, ref=replace(world.DATAFLOW.ref, id=id), structure=dsd.ref)
    return [*(one for one in made if not isinstance(one, DataStructure | Dataflow)), dsd, flow]


def about(id: str, content: bytes) -> bytes:
    """A data message about that structure."""
    return content.replace(b'id="MUA"', f'id="{id}"'.encode())


def test_data_go_to_a_draft_and_are_published_at_once(hub: Hub, tmp_path: Path) -> None:
    before = published(hub)
    report = run(hub, tmp_path, specific([GOOD]))
    assert report.exit_code == 0
    assert published(hub) == before
    publish(hub, report)
    assert published(hub) == before | {("Q.03.LUA", "2024-Q2"): Decimal("7.50")}


def test_the_same_file_again_changes_nothing(hub: Hub, tmp_path: Path) -> None:
    publish(hub, run(hub, tmp_path, specific([GOOD])))
    again = run(hub, tmp_path, specific([GOOD]))
    assert again.drafts == {}
    assert again.files[0].drafts == ["unchanged"]


def test_structures_go_first_whatever_the_order_of_the_files(empty_hub: Hub, tmp_path: Path) -> None:
    flows = [made for made in renamed([], "CA") if isinstance(made, Dataflow)]
    rest = [made for made in renamed([], "CA") if not isinstance(made, Dataflow)]
    report = run(empty_hub, tmp_path, about("CA", specific([GOOD])), structure(flows), structure(rest))
    assert codes(report) == ["", "", ""]
    assert report.files[1].added == ["Dataflow SEN:CA(1.0)"]
    assert report.files[0].dataflows == ["SEN:CA(1.0)"]
    publish(empty_hub, report)
    assert published(empty_hub, Ref(Kind.DATAFLOW, "SEN", "CA")) == {("Q.03.LUA", "2024-Q2"): Decimal("7.50")}


@pytest.mark.parametrize("version", ["2.0.0", "2.1.0"])
def test_structures_come_in_as_json_too(empty_hub: Hub, tmp_path: Path, version: str) -> None:
    """New ones, in a message that only SDMX-JSON could be; and what the hub has already is the same in it."""
    given = renamed(world.ARTEFACTS, "VU_XUAN")
    header = Header("SEN", empty_hub.clock.now())
    content = b"".join(JSON_STRUCTURES[version].write(header, [Shown(made) for made in given]))
    report = run(empty_hub, tmp_path, content)
    assert codes(report) == [""] and report.files[0].format == "SDMX-JSON structure"
    assert empty_hub.catalogue.get(given[-1].ref).names == world.DATAFLOW.names


@pytest.mark.parametrize("name", ["json 2.1.0", "xml 3.1.0", "csv 2.1.0"])
def test_reports_come_in_as_structures_do(empty_hub: Hub, tmp_path: Path, name: str) -> None:
    header = Header("SEN", empty_hub.clock.now())
    structures = b"".join(JSON_STRUCTURES["2.1.0"].write(header, list(map(Shown, metadata.STRUCTURES))))
    told = b"".join(METADATA[name].write(header, [Shown(metadata.REPORT)]))
    wrong = told.replace(b"LUA", b"LUB")
    report = run(empty_hub, tmp_path, structures, told, wrong)
    assert codes(report) == ["", "", "REPORT_UNFIT"]
    assert report.files[1].added == ["MetadataSet SEN:BAO_CAO(1.0)"]


def test_a_table_of_reports_may_have_names_behind_its_codes(empty_hub: Hub, tmp_path: Path) -> None:
    header = Header("SEN", empty_hub.clock.now())
    structures = b"".join(JSON_STRUCTURES["2.1.0"].write(header, list(map(Shown, metadata.STRUCTURES))))
    called = Called(Labels.BOTH, fields={("CROPS",): "Crops"}, codes={(("CROPS",), "LUA"): "Rice"})
    table = b"".join(labelled("2.1.0", called)(header, [Shown(metadata.REPORT)]))
    assert b"LUA: Rice" in table
    assert codes(run(empty_hub, tmp_path, structures, table)) == ["", ""]
    stored = empty_hub.catalogue.get(metadata.REPORT.ref)
    assert isinstance(stored, MetadataSet) and stored.attributes == metadata.REPORT.attributes


def test_messages_that_need_each_other_go_in_together(empty_hub: Hub, tmp_path: Path) -> None:
    one, other = renamed([], "CA"), renamed([], "TOM")
    crossed = [one[0], other[1]], [other[0], one[1]]
    report = run(empty_hub, tmp_path, *(structure(made) for made in crossed))
    assert codes(report) == ["", ""]
    assert all(len(file.added) == 2 for file in report.files)


def test_a_missing_codelist_is_an_error_of_that_file_only(empty_hub: Hub, tmp_path: Path) -> None:
    lacking = renamed([], "CA")
    text = structure(lacking).replace(b'id="CL_CROP"', b'id="CL_LOAI_CA"')
    report = run(empty_hub, tmp_path, text, specific([GOOD]), about("CA", specific([GOOD])))
    assert codes(report) == ["REFERENCE_MISSING", "", "STRUCTURE_UNKNOWN"]
    problem = report.files[0].error
    assert problem is not None
    assert "CL_LOAI_CA" in problem.text("vi")
    assert empty_hub.catalogue.find(Kind.DATAFLOW, id="CA") == []
    assert report.exit_code == Invalid.exit_code
    publish(empty_hub, report)
    assert published(empty_hub) == {("Q.03.LUA", "2024-Q2"): Decimal("7.50")}


def test_a_broken_file_leaves_nothing_and_the_others_go_through(hub: Hub, tmp_path: Path) -> None:
    bad = replace(GOOD, value="na")
    cut = specific([bad, replace(GOOD, period="2024-Q3")])[:-30]
    report = run(hub, tmp_path, cut, b"", specific([GOOD, replace(bad, period="2024-Q3")]), specific([GOOD], action="Vứt"))
    assert codes(report) == ["XML_BROKEN", "FORMAT_UNKNOWN", "", "ACTION_UNKNOWN"]
    assert [file.observations for file in report.files] == [0, 0, 2, 0]
    assert [reject.file for reject in report.rejects] == [str(tmp_path / "3")]
    publish(hub, report)
    assert ("Q.03.LUA", "2024-Q3") not in published(hub)


def test_a_missing_file_is_reported(hub: Hub, tmp_path: Path) -> None:
    report = import_files([tmp_path / "khong-co"], hands(hub), LOCAL_ADMINISTRATOR)
    assert codes(report) == ["FILE_UNREADABLE"]
    assert report.files[0].error is not None
    assert report.files[0].error.text("vi")


def test_a_message_without_data_is_said_to_have_none(hub: Hub, tmp_path: Path) -> None:
    text = specific([])
    nothing = text[: text.index(b"<m:DataSet ")] + b"</m:StructureSpecificData>"
    assert codes(run(hub, tmp_path, nothing)) == ["DATA_SET_MISSING"]


def test_refused_observations_are_kept_with_rule_and_advice(hub: Hub, tmp_path: Path) -> None:
    said = [GOOD, replace(GOOD, period="2024-Q3", value="=1+1"), replace(GOOD, key="Q.44.LUA", value="-5,0")]
    report = run(hub, tmp_path, specific(said))
    (file,) = report.files
    assert (file.observations, file.accepted, file.refused) == (3, 1, 2)
    assert file.rules == {"NOT_A_NUMBER": 1, "UNKNOWN_CODE": 1}
    with Path(report.rejects_file).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["series_key"], row["period"], row["rule"]) for row in rows] == [
        ("Q.03.LUA", "2024-Q3", "NOT_A_NUMBER"),
        ("Q.44.LUA", "2024-Q2", "UNKNOWN_CODE"),
    ]
    assert all(row["advice_vi"] and row["advice_en"] and row["file"] for row in rows)
    assert [row["value"] for row in rows] == ["'=1+1", "-5,0"]


def test_several_files_of_a_dataflow_make_one_draft_and_later_files_revise(hub: Hub, tmp_path: Path) -> None:
    later = [replace(GOOD, value="8"), replace(GOOD, period="2024-Q3", value="9")]
    report = run(hub, tmp_path, specific([GOOD]), csv_1(later), generic([replace(GOOD, period="2024-Q3", value="10")]))
    assert len({draft for file in report.files for draft in file.drafts}) == 1
    assert [file.accepted for file in report.files] == [1, 2, 1]
    publish(hub, report)
    now = published(hub)
    assert (now["Q.03.LUA", "2024-Q2"], now["Q.03.LUA", "2024-Q3"]) == (Decimal(8), Decimal(10))


def test_every_format_publishes_the_same(empty_hub: Hub, tmp_path: Path) -> None:
    report = run(empty_hub, tmp_path, json_data(HARVEST))
    publish(empty_hub, report)
    first = published(empty_hub)
    assert len(first) == len(HARVEST)
    for content in (specific(HARVEST), specific(HARVEST, version="3_0"), generic(HARVEST), csv_1(HARVEST), csv_2(HARVEST)):
        assert run(empty_hub, tmp_path, content).drafts == {}


def test_a_dry_run_checks_everything_and_changes_nothing(empty_hub: Hub, tmp_path: Path) -> None:
    files = structure(renamed([], "CA")), about("CA", specific([GOOD, replace(GOOD, value="na")]))
    report = run(empty_hub, tmp_path, *files, dry=True)
    assert set(report.files[0].added) == {"DataStructure SEN:CA(1.0)", "Dataflow SEN:CA(1.0)"}
    assert (report.files[1].accepted, report.files[1].refused) == (1, 1)
    assert report.drafts == {}
    assert empty_hub.catalogue.find(Kind.DATAFLOW, id="CA") == []
    assert empty_hub.releases.drafts(LOCAL_ADMINISTRATOR) == []


def test_data_that_name_only_a_structure_need_one_dataflow(empty_hub: Hub, tmp_path: Path) -> None:
    dsd, flow = renamed([], "CA")
    assert isinstance(flow, Dataflow)
    two = [replace(flow, ref=replace(flow.ref, id=id)) for id in ("CA_BIEN", "CA_SONG")]
    data = about("CA", specific([GOOD]))
    assert codes(run(empty_hub, tmp_path, structure([dsd]), data)) == ["", "DATAFLOW_MISSING"]
    assert run(empty_hub, tmp_path, structure(two[:1]), data).files[1].dataflows == ["SEN:CA_BIEN(1.0)"]
    assert codes(run(empty_hub, tmp_path, structure(two), data)) == ["", "DATAFLOW_AMBIGUOUS"]
    assert run(empty_hub, tmp_path, data, dataflow=two[1].ref).files[0].dataflows == ["SEN:CA_SONG(1.0)"]
    assert run(empty_hub, tmp_path, structure([flow]), data).files[1].dataflows == ["SEN:CA(1.0)"]


def test_data_that_name_a_dataflow_go_nowhere_else(empty_hub: Hub, tmp_path: Path) -> None:
    run(empty_hub, tmp_path, structure(renamed([], "CA")))
    other = Ref(Kind.DATAFLOW, "SEN", "CA", "1.0")
    data = specific([GOOD], use=USE_DATAFLOW)
    assert codes(run(empty_hub, tmp_path, data, dataflow=other)) == ["DATAFLOW_DIFFERS"]
    assert codes(run(empty_hub, tmp_path, specific([GOOD]), dataflow=other)) == ["DATAFLOW_DIFFERS"]
    assert codes(run(empty_hub, tmp_path, data, dataflow=world.DATAFLOW.ref)) == [""]


def test_a_provision_agreement_needs_the_dataflow_named(hub: Hub, tmp_path: Path) -> None:
    data = csv_2([GOOD], what="dataprovision")
    assert codes(run(hub, tmp_path, data)) == ["STRUCTURE_UNKNOWN"]
    assert run(hub, tmp_path, data, dataflow=world.DATAFLOW.ref).files[0].accepted == 1


def test_what_two_imports_add_to_one_list_at_once_is_all_there(empty_hub: Hub, tmp_path: Path) -> None:
    """The second has put its agency to those that it found when the first one writes."""
    sea, land = (structure([replace(world.AGENCIES, items=(Agency(id, {"vi": id, "en": id}),))]) for id in ("BIEN", "DAT"))
    other = hands(empty_hub)
    paths = [tmp_path / name for name in ("bien.xml", "dat.xml")]
    for path, content in zip(paths, (sea, land), strict=True):
        path.write_bytes(content)
    first: list[ImportReport] = []

    def late(*given: Any) -> list[Ref]:
        if not first:
            first.append(import_files(paths[:1], other, LOCAL_ADMINISTRATOR))
        return other.write(*given)

    assert import_files(paths[1:], replace(other, write=late), LOCAL_ADMINISTRATOR).exit_code == 0 == first[0].exit_code
    stored = empty_hub.catalogue.get(world.AGENCIES.ref)
    assert isinstance(stored, ItemScheme) and list(stored.by_id) == ["SEN", "BIEN", "DAT"]


def test_a_partial_list_adds_to_the_one_in_the_registry(empty_hub: Hub, tmp_path: Path) -> None:
    agencies = replace(world.AGENCIES, items=(Agency("BIEN", {"vi": "Cục Biển", "en": "Sea Office"}),))
    names = {"vi": "Nghề", "en": "Trade"}
    trades = Codelist(ref=Ref(Kind.CODELIST, "SEN", "CL_NGHE", "1.0"), names=names, items=(Code("A", names), Code("B", names)))
    more = structure([replace(trades, items=(Code("C", names),))])
    partial = more.replace(b'<s:Codelist id="CL_NGHE"', b'<s:Codelist isPartial="true" id="CL_NGHE"')
    report = run(empty_hub, tmp_path, structure([agencies, trades]))
    assert run(empty_hub, tmp_path, partial).files[0].changed == ["Codelist SEN:CL_NGHE(1.0)"]
    assert report.exit_code == 0
    stored = empty_hub.catalogue.get(world.AGENCIES.ref), empty_hub.catalogue.get(trades.ref)
    assert [list(made.by_id) for made in stored if isinstance(made, Codelist | type(agencies))] == [
        ["SEN", "BIEN"],
        ["A", "B", "C"],
    ]


def test_another_agencys_final_list_stays_and_the_rest_goes_in(empty_hub: Hub, tmp_path: Path) -> None:
    worded = replace(world.FREQ, names={"vi": "Nhịp", "en": "Rhythm"})
    dsd = replace(world.DSD, ref=replace(world.DSD.ref, agency="BIEN", id="CA"))
    flow = replace(world.DATAFLOW, ref=replace(world.DATAFLOW.ref, agency="BIEN", id="CA"), structure=dsd.ref)
    report = run(empty_hub, tmp_path, structure([worded, dsd, flow]))
    assert codes(report) == [""]
    assert report.files[0].kept == ["Codelist SEN:CL_FREQ(1.0)"]
    assert len(report.files[0].added) == 2
    assert empty_hub.catalogue.get(world.FREQ.ref) == world.FREQ
    assert codes(run(empty_hub, tmp_path, structure([worded]))) == ["ARTEFACT_FINAL"]


def test_a_structure_without_its_concepts_takes_their_codelists_from_the_registry(empty_hub: Hub, tmp_path: Path) -> None:
    concepts = replace(world.CONCEPTS, ref=replace(world.CONCEPTS.ref, id="KHAI_NIEM"))
    text = structure([concepts]).decode()
    core = '<s:CoreRepresentation><s:Enumeration><Ref id="CL_CROP" agencyID="SEN" version="1.0" class="Codelist"/>'
    at = text.index("</s:Concept>", text.index('<s:Concept id="CROP"'))
    text = f"{text[:at]}{core}</s:Enumeration></s:CoreRepresentation>{text[at:]}"
    dsd = structure(renamed([], "CA")).decode().replace('maintainableParentID="CONCEPTS"', 'maintainableParentID="KHAI_NIEM"')
    start = dsd.index("<s:LocalRepresentation>", dsd.index('<s:Dimension id="CROP"'))
    dsd = dsd[:start] + dsd[dsd.index("</s:LocalRepresentation>", start) + len("</s:LocalRepresentation>") :]
    data = about("CA", specific([GOOD, replace(GOOD, key="Q.03.MIA")]))
    report = run(empty_hub, tmp_path, dsd.encode(), data, text.encode())
    assert codes(report) == ["", "", ""]
    assert isinstance(empty_hub.catalogue.get(concepts.ref), ConceptScheme)
    assert report.files[1].rules == {"UNKNOWN_CODE": 1}


def test_a_folder_is_imported_file_by_file(hub: Hub, tmp_path: Path) -> None:
    folder = tmp_path / "vao"
    folder.mkdir()
    (folder / "b").write_bytes(specific([GOOD]))
    (folder / "a").write_bytes(csv_1([replace(GOOD, period="2024-Q3")]))
    report = import_files([folder], hands(hub), LOCAL_ADMINISTRATOR)
    assert [Path(file.file).name for file in report.files] == ["a", "b"]
    assert report.rejects_file == ""
    assert len(report.drafts) == 1


def test_progress_counts_every_observation(hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / "1"
    path.write_bytes(specific(HARVEST))
    counts: list[int] = []
    import_files([path], hands(hub), LOCAL_ADMINISTRATOR, progress=counts.append)
    assert sum(counts) == len(HARVEST)


def test_rejects_of_a_file_that_fails_later_are_taken_back(tmp_path: Path) -> None:
    reject = Reject("a", "Obs[1]", "NOT_A_NUMBER", facts={"found": "na"})
    rejects = Rejects(tmp_path / "r.csv")
    with pytest.raises(ValueError, match="hỏng"), rejects.of_file():
        rejects.add(reject)
        raise ValueError("hỏng")
    assert not (tmp_path / "r.csv").exists()
    rejects.add(reject)
    with pytest.raises(ValueError, match="hỏng"), rejects.of_file():
        rejects.add(replace(reject, file="b"))
        raise ValueError("hỏng")
    assert len(Path(rejects.close()).read_text(encoding="utf-8").splitlines()) == 2
    assert [one.file for one in rejects.listed] == ["a"]


MESSAGES: dict[str, dict[str, object]] = {
    "FORMAT_UNKNOWN": {"found": "x", "read": "y"},
    "MESSAGE_TOO_LARGE": {"found": 2, "most": 1},
    "ACTION_UNKNOWN": {"found": "x"},
    "STRUCTURE_UNREADABLE": {"reason": "x"},
    "DATAFLOW_DIFFERS": {"found": "x", "given": "y"},
}


@pytest.mark.parametrize("code", MESSAGES)
def test_problems_speak_both_languages(code: str) -> None:
    problem = Problem.of(Invalid(code, **MESSAGES[code]))
    texts = [problem.text(lang) for lang in LANGUAGES]
    assert all(message(code, lang, **MESSAGES[code])["title"] in text for lang, text in zip(LANGUAGES, texts, strict=True))
    assert len(set(texts)) == len(LANGUAGES)
