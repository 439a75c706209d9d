"""Messages are read whatever their format: structures as artefacts, data as a raw stream that says the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.sdmx.reading import Format, blocks, detect, read_data, read_structures
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.markup_structures import ML_STRUCTURES
from adapters.sdmx.writing.shown import Shown
from registry.content import shipped
from registry.errors import Invalid, TooLarge
from registry.model import Codelist, DataStructure, notes, typed
from registry.raw import Action, Described, RawDataSet, StructureUse
from tests import world
from tests.messages import HARVEST, Statement, csv_2, generic, json_data, specific, structure
from tests.reading import WAYS, check, contents, put, series_in


@pytest.mark.parametrize("way", WAYS)
def test_every_format_says_the_same(way: str, tmp_path: Path) -> None:
    format, write = WAYS[way]
    path = put(tmp_path, write(HARVEST))
    assert detect(path) is format
    checked, rejects = check(path)
    assert not rejects
    assert checked.accepted == checked.observations == len(HARVEST)
    assert contents(checked) == {(one.key, one.period): one.value for one in HARVEST}
    assert all(series.attributes == world.TONNES for series in series_in(checked))
    rice = next(series for series in series_in(checked) if series.key == ("Q", "01", "LUA"))
    assert rice.observation_attributes == {"OBS_STATUS": [None, "P", None], "NOTE": [None, 'lụt & "bão" <nhẹ>', None]}


@pytest.mark.parametrize("way", WAYS)
def test_the_message_names_its_structure(way: str, tmp_path: Path) -> None:
    format, write = WAYS[way]
    head = next(read_data(put(tmp_path, write(HARVEST)), format))
    what = Described.DATAFLOW if way == "CSV 1.0" else Described.DATA_STRUCTURE
    assert isinstance(head, RawDataSet)
    assert head.use == StructureUse(what, "SEN", "MUA", "1.0")
    assert head.action == Action.MERGE


def test_a_dataflow_or_a_provision_agreement_may_be_named_too(tmp_path: Path) -> None:
    flow = '<c:StructureUsage><Ref agencyID="SEN" id="MUA"/></c:StructureUsage>'
    agreement = (
        "<c:ProvisionAgreement>urn:sdmx:org.sdmx.infomodel.registry.ProvisionAgreement=SEN:TT(2.0)</c:ProvisionAgreement>"
    )
    for use, expected in (
        (flow, StructureUse(Described.DATAFLOW, "SEN", "MUA", "latest")),
        (agreement, StructureUse(Described.PROVISION_AGREEMENT, "SEN", "TT", "2.0")),
    ):
        head = next(read_data(put(tmp_path, specific(HARVEST, use=use)), Format.ML_21_SPECIFIC))
        assert isinstance(head, RawDataSet)
        assert head.use == expected


@pytest.mark.parametrize(("word", "action"), [("Append", Action.MERGE), ("Replace", Action.REPLACE), ("Delete", Action.DELETE)])
def test_the_action_is_read_from_the_header_and_from_the_rows(word: str, action: Action, tmp_path: Path) -> None:
    for content in (specific(HARVEST, action=word), generic(HARVEST, action=word), csv_2(HARVEST, action=word[0])):
        path = put(tmp_path, content)
        head = next(read_data(path, detect(path)))
        assert isinstance(head, RawDataSet)
        assert head.action == action


@pytest.mark.parametrize("version", ["2_1", "3_0"])
def test_structures_come_back_as_they_were_written(version: str, tmp_path: Path) -> None:
    path = put(tmp_path, structure(world.ARTEFACTS, version))
    found = read_structures(path)
    read = {made.ref: made for made in found.artefacts}
    assert not found.faults
    assert set(read) == {made.ref for made in world.ARTEFACTS}
    for made in world.ARTEFACTS:
        expected = replace(made, is_final=made.is_final and version == "2_1")
        if isinstance(expected, DataStructure):
            time = replace(expected.dimensions[-1], representation=typed("ObservationalTimePeriod"))
            expected = replace(expected, dimensions=(*expected.dimensions[:-1], time))
        assert read[made.ref] == expected


def test_what_the_hub_serves_can_be_corrected_and_brought_back(tmp_path: Path) -> None:
    """Nothing is lost on the way: not where a list is from, nor the level of a code, nor since when it holds."""
    wanted = ("CL_PROVINCE", "CL_VSIC", "CL_FREQ")
    lists = [made for made in shipped() if isinstance(made, Codelist) and made.ref.id in wanted]
    dated = replace(
        lists[0].items[1], valid_from=date(2025, 7, 1), valid_to=date(2030, 12, 31), annotations=notes({"level": "1"})
    )
    lists[0] = replace(lists[0], items=(lists[0].items[0], dated))
    message = ML_STRUCTURES["2.1"].write(Header("NSO", datetime(2025, 7, 1, tzinfo=UTC)), [Shown(made) for made in lists])
    path = put(tmp_path, b"".join(message))
    read = {made.ref: made for made in read_structures(path).artefacts}
    assert read == {made.ref: made for made in lists}


@pytest.mark.parametrize("version", ["2_1", "3_0"])
def test_groups_and_their_attributes_are_read(version: str, tmp_path: Path) -> None:
    def named(id: str) -> str:
        return f'<Ref id="{id}"/>' if version == "2_1" else id

    text = structure(world.ARTEFACTS, version).decode()
    whole = text[text.index(f"<s:AttributeRelationship><s:Dimension>{named('FREQ')}") :]
    whole = whole[: whole.index("</s:AttributeRelationship>")]
    text = text.replace(whole, f"<s:AttributeRelationship><s:Group>{named('NHOM')}</s:Group>")
    dimensions = "".join(
        f"<s:GroupDimension><s:DimensionReference>{named(id)}</s:DimensionReference></s:GroupDimension>"
        for id in ("PROVINCE", "CROP")
    )
    text = text.replace("</s:DimensionList>", f'</s:DimensionList><s:Group id="NHOM">{dimensions}</s:Group>')
    path = put(tmp_path, text.encode())
    dsd = next(made for made in read_structures(path).artefacts if isinstance(made, DataStructure))
    assert dsd.group_keys == {"NHOM": ("PROVINCE", "CROP")}
    unit = dsd.attributes[0]
    assert (unit.level, unit.dimensions) == ("Group", ("PROVINCE", "CROP"))


def test_an_artefact_that_cannot_be_read_is_a_fault_and_the_others_are_read(tmp_path: Path) -> None:
    text = structure([world.AGENCIES]).decode()
    nameless = (
        '<s:Codelists><s:Codelist agencyID="SEN" version="1.0"><c:Name xml:lang="vi">?</c:Name></s:Codelist></s:Codelists>'
    )
    found = read_structures(put(tmp_path, text.replace("<m:Structures>", f"<m:Structures>{nameless}").encode()))
    assert [made.ref for made in found.artefacts] == [world.AGENCIES.ref]
    (fault,) = found.faults
    assert fault.place == "Codelist SEN:-(1.0)" and "id" in fault.error.detail("vi")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "-"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"tinh,gia_tri\n01,5\n", "tinh,gia_tri"),
        (b"{}", "JSON"),
        (b"<html><body/></html>", "<html>"),
        (b'<m:MetadataQuery xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"/>', "<MetadataQuery>"),
        ("Số liệu".encode("utf-16"), "\\ufffd"),
    ],
)
def test_an_unknown_format_is_named_with_what_is_read(content: bytes, found: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        detect(put(tmp_path, content))
    assert refused.value.code == "FORMAT_UNKNOWN"
    assert found in refused.value.facts["found"]
    assert "SDMX-CSV 2.0" in refused.value.help("vi")


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]>'
HOSTILE = {
    "a DOCTYPE": BOMB + specific(HARVEST).split(b"?>", 1)[1],
    "an outside entity": b'<!DOCTYPE a SYSTEM "file:///etc/hostname">' + specific(HARVEST).split(b"?>", 1)[1],
    "depth": specific([]).replace(b"</m:DataSet>", b"<a>" * 40 + b"</a>" * 40 + b"</m:DataSet>"),
    "attributes": specific([]).replace(
        b"</m:DataSet>", b"<Obs " + b" ".join(b'A%d=""' % number for number in range(300)) + b"/></m:DataSet>"
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_xml_is_refused(what: str, tmp_path: Path) -> None:
    path = put(tmp_path, HOSTILE[what])
    with pytest.raises(Invalid) as refused:
        list(read_data(path, detect(path)))
    assert refused.value.code == "XML_UNSAFE"


def test_hostile_structures_are_refused_before_anything_else_reads_them(tmp_path: Path) -> None:
    path = put(tmp_path, BOMB + structure(world.ARTEFACTS).split(b"?>", 1)[1])
    with pytest.raises(Invalid) as refused:
        read_structures(path)
    assert refused.value.code == "XML_UNSAFE"


@pytest.mark.parametrize("way", WAYS)
def test_a_cut_off_message_says_where(way: str, tmp_path: Path) -> None:
    format, write = WAYS[way]
    path = put(tmp_path, write(HARVEST)[:-25] + (b'"' if "CSV" in way else b""))
    with pytest.raises(Invalid) as refused:
        list(read_data(path, format))
    assert refused.value.code in ("XML_BROKEN", "CSV_BROKEN", "JSON_BROKEN")
    assert refused.value.detail("vi")


@given(
    content=st.binary(max_size=300), start=st.sampled_from([b"", b"<a>", b"DATAFLOW,A\n", b"STRUCTURE,X\n", b'{"dataSets": '])
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_nothing_ends_in_a_traceback(content: bytes, start: bytes, tmp_path: Path) -> None:
    path = put(tmp_path, start + content)
    for format in Format:
        if format.is_structure and not content.startswith(b"<"):
            continue
        try:
            list(read_data(path, format)) if not format.is_structure else read_structures(path)
        except (Invalid, TooLarge) as error:
            assert error.detail("en")


def test_numbers_in_json_keep_their_digits(tmp_path: Path) -> None:
    said = Statement("Q.01.LUA", "2023-Q1", "12345678901234567890.12345678901234567890")
    checked, _ = check(put(tmp_path, json_data([said])))
    (value,) = contents(checked).values()
    assert Decimal(value or "") == Decimal(said.value or "")


def test_observations_repeated_in_json_are_not_lost_silently(tmp_path: Path) -> None:
    text = json_data(HARVEST[:1])
    path = put(tmp_path, text.replace(b'"observations": {', b'"observations": {"0:0:0:0": [1], '))
    with pytest.raises(Invalid) as refused:
        list(read_data(path, Format.JSON))
    assert "twice" in refused.value.facts["reason"]


def test_csv_labels_and_own_columns_are_left_aside(tmp_path: Path) -> None:
    text = (
        "STRUCTURE;STRUCTURE_ID;ACTION;SERIES_KEY;FREQ: Tần suất;PROVINCE: Tỉnh;CROP: Cây;TIME_PERIOD: Kỳ;OBS_VALUE: Giá trị;"
        "UNIT_MEASURE: Đơn vị;UNIT_MULT: Bội số;NOTE: Ghi chú;UPDATED\n"
        "dataflow;SEN:MUA(1.0): Mùa màng;I;Q.01.LUA;Q: Quý;01: Đồng Sen;LUA: Lúa;2023-Q1;12.5;"
        "TAN: Tấn;3: Nghìn;a: b;2025-01-01\n"
    )
    checked, rejects = check(put(tmp_path, text.encode()))
    assert not rejects
    assert contents(checked) == {("Q.01.LUA", "2023-Q1"): "12.5"}
    assert series_in(checked)[0].observation_attributes == {"NOTE": ["a: b"]}
    assert checked.ignored == {"UPDATED": 1}


def test_csv_names_stand_in_columns_of_their_own(tmp_path: Path) -> None:
    text = (
        "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,FREQ,Tần suất,PROVINCE,Tỉnh,CROP,Cây,TIME_PERIOD,Kỳ,OBS_VALUE,Giá trị,"
        "UNIT_MEASURE,Đơn vị,UNIT_MULT,Bội số\n"
        'dataflow,SEN:MUA(1.0),"Mùa, màng",M,Q,Quý,01,Đồng Sen,LUA,Lúa,2023-Q1,,12.5,,TAN,Tấn,3,Nghìn\n'
    )
    checked, rejects = check(put(tmp_path, text.encode()))
    assert not rejects
    assert contents(checked) == {("Q.01.LUA", "2023-Q1"): "12.5"}


def test_csv_rows_for_part_of_a_key_describe_its_series(tmp_path: Path) -> None:
    text = (
        "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,PROVINCE,CROP,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT,COMMENT_DSET\n"
        "dataflow,SEN:MUA(1.0),M,Q,01,LUA,2023-Q1,5,,,\n"
        "dataflow,SEN:MUA(1.0),M,,,LUA,,,TAN,3,\n"
        "dataflow,SEN:MUA(1.0),M,,,NGO,,,TAN,3,\n"
        "dataflow,SEN:MUA(1.0),M,,,,,,,,ghi chú\n"
    )
    checked, rejects = check(put(tmp_path, text.encode()))
    assert not rejects
    assert checked.observations == 1
    assert series_in(checked)[0].attributes == world.TONNES
    assert checked.dataset_attributes == {"COMMENT_DSET": "ghi chú"}
    assert checked.ignored == {"Group": 1}


@pytest.mark.parametrize("size", [120, 150, 333, 4096])
def test_csv_says_the_same_wherever_its_blocks_end(size: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Plain rows, quoted ones and a cell over several lines; rows are numbered by the line they end in."""
    said = [Statement("Q.01.LUA", f"{year}-Q1", f"{year}.5") for year in range(1990, 2020)]
    said[7] = replace(said[7], attributes={"NOTE": "dòng một\ndòng hai, và\n\nba"})
    said[20] = replace(said[20], value="na")
    monkeypatch.setattr(blocks, "BLOCK", size)
    checked, rejects = check(put(tmp_path, csv_2(said)))
    assert contents(checked) == {(one.key, one.period): one.value for one in said if one.value != "na"}
    assert [reject.place for reject in rejects] == ["25"]
    notes = series_in(checked)[0].observation_attributes["NOTE"]
    assert [text for text in notes if text] == [said[7].attributes["NOTE"]]


def test_an_observation_after_a_series_is_not_of_that_series(tmp_path: Path) -> None:
    text = specific(HARVEST[:1]).replace(b"</m:DataSet>", b'<Obs TIME_PERIOD="2023-Q2" OBS_VALUE="1"/></m:DataSet>')
    checked, rejects = check(put(tmp_path, text))
    assert checked.accepted == 1
    assert [(reject.rule, reject.place) for reject in rejects] == [("MISSING_DIMENSION", "Obs[2]")]
