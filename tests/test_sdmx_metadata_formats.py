"""Metadata messages in SDMX-JSON, SDMX-ML and SDMX-CSV: reports come back as they were, or what is lost is named.

The report is that of :mod:`tests.metadata`; the official schemas come with the test requirements.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.sdmx.jsonshape.artefacts import is_stable
from adapters.sdmx.reading import Format, StructureMessage, detect, structures_of
from adapters.sdmx.writing.csvmetadata import CSV_METADATA, gathered
from adapters.sdmx.writing.jsonmetadata import JSON_METADATA
from adapters.sdmx.writing.markupmetadata import ML_METADATA
from adapters.sdmx.writing.shown import Form, Lost, Shown, StructureFormat
from registry.errors import HubError, Invalid
from registry.model import MetadataSet, ReportedAttribute
from registry.ref import Kind, Ref
from tests.drawn_sayable import sayable
from tests.lost import without
from tests.metadata import AGREEMENT, REPORT
from tests.official import assert_valid
from tests.proper import proper
from tests.test_sdmx_json_structures import HEADER

FORMATS: Mapping[str, StructureFormat] = {
    **{f"json {version}": one for version, one in JSON_METADATA.items()},
    **{f"xml {version}": one for version, one in ML_METADATA.items()},
    **{f"csv {version}": one for version, one in CSV_METADATA.items()},
}
SPEAKING = [name for name in FORMATS if not name.startswith("csv")]
"""Those that say names."""


def written(name: str, *shown: Shown) -> bytes:
    """The message, which the official schema allows."""
    message = b"".join(FORMATS[name].write(HEADER, shown))
    assert_valid(FORMATS[name], message, "metadata")
    return message


def read(name: str, *reports: MetadataSet) -> StructureMessage:
    return structures_of(written(name, *map(Shown, reports)))


@pytest.mark.parametrize("name", SPEAKING)
def test_a_quality_report_comes_back(name: str) -> None:
    assert FORMATS[name].unheld(Shown(REPORT)) == []
    found = read(name, REPORT)
    assert (found.artefacts, found.faults) == ((REPORT,), ())


def left(made: MetadataSet, lost: list[Lost]) -> MetadataSet | None:
    """What is left of a report; whether it is final its version says by itself."""
    kept = without(made, [one for one in lost if one.place not in ("is_final", "names")])
    return replace(kept, is_final=is_stable(made.ref.version)) if kept is not None else None


@pytest.mark.parametrize("name", FORMATS)
def test_any_report_comes_back_or_what_is_lost_is_named(name: str) -> None:
    @settings(max_examples=25, deadline=None)
    @given(sayable(Kind.METADATA_SET))
    def journey(made: MetadataSet) -> None:
        report = proper(made)
        if name.startswith("csv"):
            report = replace(report, names={"en": report.ref.id}, attributes=gathered(report.attributes))
        kept = left(report, FORMATS[name].unheld(Shown(report)))
        if kept is None and name.startswith("xml"):
            return  # a message without any report has no header that the schema allows
        found = read(name, report)
        assert not found.faults
        assert found.artefacts == (() if kept is None else (kept,))

    journey()


@pytest.mark.parametrize("name", [name for name in FORMATS if name.startswith("csv")])
def test_a_table_says_all_but_the_names(name: str) -> None:
    assert [one.place for one in FORMATS[name].unheld(Shown(REPORT))] == ["names"]
    other = replace(REPORT, ref=Ref(Kind.METADATA_SET, "SEN", "KHAC", "2.0.0"), attributes=REPORT.attributes[1:2])
    unnamed = (replace(REPORT, names={"en": "BAO_CAO"}), replace(other, names={"en": "KHAC"}, is_final=True))
    assert read(name, REPORT, other).artefacts == unnamed


def test_a_table_as_the_field_guide_draws_it() -> None:
    text = written("csv 2.1.0", Shown(REPORT)).decode()
    head, row = text.splitlines()
    assert head == (
        "MDSTRUCTURE[;],MDSTRUCTURE_ID,METADATASET_ID,IS_PARTIAL_LANGUAGE,TARGET_TYPES,TARGET_IDS,publicationYear,"
        "CONTACT.EMAIL[],ACCURACY[vi;en],CROPS,TIMELINESS"
    )
    assert row == (
        "metadataflow,SEN:CHAT_LUONG(1.0),SEN:BAO_CAO(1.0),0,dataflow,SEN:MUA(1.0),2025,so-lieu@sen.example;hoi@sen.example,"
        '"vi:""Tốt; đủ"";en:""Good; """"complete""""""",LUA,45'
    )


HEAD = "MDSTRUCTURE[|];MDSTRUCTURE_ID;MDSTRUCTURE_NAME;METADATASET_ID;ACTION;TARGET_TYPES;TARGET_IDS;A: Attr;A.B[][en|fr];C[]"
ROW = "metadataprovision;OECD:MDP;P;OECD:MDS: Ensemble;I;dataflow|codelist;OECD:DF(1.0.0): Flux|OECD:CL(1.0.0).X;x"


def test_labels_other_separators_and_several_targets_are_read() -> None:
    cells = ['"""en:Value1|fr:Valeur1""|""en:Value2"""', '"""a|b""|c"']
    found = structures_of("\n".join([HEAD, ";".join([ROW, *cells])]).encode())
    assert not found.faults
    (one,) = found.artefacts
    assert isinstance(one, MetadataSet)
    assert (one.provision, one.metadataflow) == (Ref(Kind.METADATA_PROVISION_AGREEMENT, "OECD", "MDP", "1.0"), None)
    assert [str(target) for target in one.targets] == ["OECD:DF(1.0.0)", "OECD:CL(1.0.0).X"]
    texts = ({"en": "Value1", "fr": "Valeur1"}, {"en": "Value2"})
    inside = tuple(ReportedAttribute(id="B", texts=each) for each in texts)
    assert one.attributes[0] == ReportedAttribute(id="A", value="x", children=inside)
    assert [each.value for each in one.attributes[1:]] == ["a|b", "c"]


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "xml 2.1"])
def test_a_stub_says_who_it_is_and_nothing_of_what_it_reports(name: str) -> None:
    message = written(name, Shown(REPORT, Form.STUB, address="https://sen.example/bao-cao"))
    (stub,) = structures_of(message).artefacts
    assert isinstance(stub, MetadataSet)
    assert stub.ref == REPORT.ref
    assert not any(one.value or one.texts or one.children for one in stub.attributes)


def test_an_agreement_has_no_place_beside_the_flow_and_none_in_the_header_of_markup() -> None:
    agreed = replace(REPORT, provision=AGREEMENT.ref)
    assert [one.place for one in ML_METADATA["3.1.0"].unheld(Shown(agreed))] == ["provision"]
    assert [one.place for one in ML_METADATA["3.1.0"].unheld(Shown(replace(agreed, metadataflow=None)))] == [""]
    assert read("json 2.1.0", agreed).artefacts == (agreed,)


def test_a_field_with_several_values_comes_several_times() -> None:
    told = written("xml 3.1.0", Shown(REPORT)).replace(b"<md:Value>LUA<", b"<md:Value>LUA</md:Value><md:Value>NGO<")
    (one,) = structures_of(told).artefacts
    assert isinstance(one, MetadataSet)
    assert [each.value for each in one.attributes if each.id == "CROPS"] == ["LUA", "NGO"]


def test_markup_in_a_text_stays_text() -> None:
    told = written("xml 3.1.0", Shown(REPORT)).replace(b'<com:Text xml:lang="vi">', b'<com:StructuredText xml:lang="vi">')
    told = told.replace("Tốt; đủ</com:Text>".encode(), b"<p>T</p></com:StructuredText>")
    (one,) = structures_of(told).artefacts
    assert isinstance(one, MetadataSet)
    assert one.attributes[1].texts["vi"] == "<p>T</p>"


def test_numbers_and_truth_are_read_as_their_texts() -> None:
    message = json.loads(written("json 2.1.0", Shown(REPORT)))
    told = message["data"]["metadataSets"][0]["attributes"]
    told[2]["value"], told[3]["value"] = 12.5, True
    (one,) = structures_of(json.dumps(message).encode()).artefacts
    assert isinstance(one, MetadataSet)
    assert [each.value for each in one.attributes[2:]] == ["12.5", "true"]


@pytest.mark.parametrize("name", FORMATS)
def test_the_format_is_found_from_the_content(name: str, tmp_path: Path) -> None:
    path = tmp_path / "message"
    path.write_bytes(written(name, Shown(REPORT)))
    expected = {"json": Format.JSON_METADATA, "xml": Format.ML_METADATA, "csv": Format.CSV_METADATA}
    assert detect(path) is {"xml 2.1": Format.ML_21_GENERIC_METADATA}.get(name, expected[name.split()[0]])
    assert detect(path).is_structure


ODD = [b"[]", b"{}", b'"', b";", b"<", b"7"]
WRONG = {
    "json": ('"targets":[', '"targets":7,"x":['),
    "xml": ('id="ACCURACY"', 'was="ACCURACY"'),
    "csv": ("dataflow,SEN:MUA(1.0)", "dataflow;dataflow,SEN:MUA(1.0)"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_wrong_report_does_not_hide_the_others(name: str) -> None:
    other = replace(REPORT, ref=Ref(Kind.METADATA_SET, "SEN", "KHAC", "1.0"))
    said, wrong = WRONG[name.split()[0]]
    message = structures_of(written(name, Shown(REPORT), Shown(other)).decode().replace(said, wrong, 1).encode())
    assert [one.ref.id for one in message.artefacts] == ["KHAC"]
    assert len(message.faults) == 1
    assert message.faults[0].place


@pytest.mark.parametrize("name", FORMATS)
def test_whatever_is_broken_in_a_message_is_said_and_nothing_worse(name: str) -> None:
    whole = written(name, Shown(REPORT))

    @settings(max_examples=60, deadline=None)
    @given(
        st.integers(0, len(whole) - 1),
        st.integers(0, 12),
        st.binary(max_size=6) | st.sampled_from(ODD),
    )
    def journey(place: int, gone: int, come: bytes) -> None:
        try:
            structures_of(whole[:place] + come + whole[place + gone :])
        except HubError as error:
            assert error.detail()

    journey()


@pytest.mark.parametrize("nothing", [None, "", 0, [], {}])
@pytest.mark.parametrize("kind", ["metadataSets", "codelists"])
def test_what_has_no_name_is_said_to_have_none(kind: str, nothing: object) -> None:
    message = {"data": {kind: [{"id": "A", "agencyID": nothing, "name": "A"}]}}
    (fault,) = structures_of(json.dumps(message).encode()).faults
    assert "agencyID" in fault.error.detail()


def test_a_document_type_is_refused() -> None:
    with pytest.raises(Invalid):
        structures_of(b"<!DOCTYPE x><x/>")
