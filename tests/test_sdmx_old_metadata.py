"""Reports of SDMX 2.1: generic messages go out and come in, structure-specific ones of others come in.

The yearly report of Lotus Country's harvest is of a structure with two reports; it is about a category, a year and a key.

    structure SEN:THEO_NAM(1.0)   target THEO_MUA: CHU_DE (a category), REPORT_PERIOD_TARGET, KHOA (a key)
                                  report NGUON  about THEO_MUA: LIEN_HE, with EMAIL below it
                                  report SUA    about THEO_MUA: NGAY
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pytest
import sdmx
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.sdmx.reading import StructureMessage, structures_of
from adapters.sdmx.writing.markup_structures import ML_STRUCTURES
from adapters.sdmx.writing.markupmetadata import ML_METADATA
from adapters.sdmx.writing.shown import Form, Shown
from registry.errors import Unfit
from registry.model import (
    MemberSelection,
    MetadataAttribute,
    MetadataSet,
    MetadataStructure,
    MetadataTarget,
    Region,
    ReportedAttribute,
    ReportStructure,
    SelectedValue,
    SetRef,
    TargetObject,
    TargetType,
    typed,
)
from registry.ref import ItemRef, Kind, Ref
from registry.reporting import check_report
from tests import metadata, world
from tests.drawn_sayable import sayable
from tests.official import assert_valid, is_back
from tests.proper import proper
from tests.test_sdmx_json_structures import HEADER

OLD = ML_METADATA["2.1"]
TOPIC = Ref(Kind.CATEGORY_SCHEME, "SEN", "CHU_DE").item("NONG.LUA")
PROVIDER = Ref(Kind.DATA_PROVIDER_SCHEME, "SEN", "DATA_PROVIDERS").item("BNN")
CONSTRAINT = Ref(Kind.ATTACHMENT_CONSTRAINT, "SEN", "VUNG")


def part(id: str, **said: object) -> MemberSelection:
    return MemberSelection(id=id, **said)  # type: ignore[arg-type]


PERIOD = part("REPORT_PERIOD_TARGET", values=(SelectedValue("2025"),))
KEY = part("KHOA", data_keys=(Region(key_values=(part("CROP", values=(SelectedValue("LUA"),)),)),))
REPORT = MetadataSet(
    ref=Ref(Kind.METADATA_SET, "SEN.BNN", "NAM_2025", "1.2.0"),
    names={"vi": "Báo cáo năm", "en": "Yearly report"},
    is_final=True,
    structure=Ref(Kind.METADATA_STRUCTURE, "SEN", "THEO_NAM"),
    key=Region(report="NGUON", metadata_target="THEO_MUA", key_values=(PERIOD, part("CHU_DE"), KEY)),
    targets=(TOPIC,),
    attributes=(ReportedAttribute(id="LIEN_HE", children=(ReportedAttribute(id="EMAIL", value="so-lieu@sen.example"),)),),
)


def written(*reports: MetadataSet) -> bytes:
    content = b"".join(OLD.write(HEADER, [Shown(one) for one in reports]))
    assert_valid(OLD, content, "metadata")
    return content


def test_what_a_report_is_about_comes_back_part_by_part() -> None:
    assert OLD.unheld(Shown(REPORT)) == []
    told = written(REPORT, metadata.REPORT)
    assert b'<md:Report id="NGUON"><md:Target id="THEO_MUA">' in told
    assert b'<com:StructureUsage><Ref id="CHAT_LUONG"' in told
    assert structures_of(told).artefacts == (REPORT, metadata.REPORT)


@settings(max_examples=60, deadline=None)
@given(sayable(Kind.METADATA_SET), st.lists(st.sampled_from(["object", "period", "key", "set", "constraint"]), max_size=4))
def test_any_report_of_such_a_structure_comes_back_or_what_is_lost_is_named(made: MetadataSet, sorts: list[str]) -> None:
    named: dict[str, Ref | ItemRef] = {"object": TOPIC, "constraint": CONSTRAINT}
    said = {"period": PERIOD, "key": KEY, "set": part("BO", data_sets=(SetRef("D", PROVIDER),))}
    parts = tuple(replace(said.get(sort, part("")), id=f"P{number}") for number, sort in enumerate(sorts))
    targets = tuple(named[sort] for sort in sorts if sort in named)
    key = Region(report="R", metadata_target="T", key_values=parts)
    one = Shown(proper(replace(made, key=key, targets=targets)))
    if OLD.unheld(one) and not OLD.unheld(one)[0].place:
        return  # a message without any report has no header that the schema allows
    (found,) = structures_of(written(one.artefact)).artefacts  # type: ignore[arg-type]
    assert is_back(OLD, one, found)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(REPORT, targets=()),
        replace(REPORT, targets=(TOPIC, TOPIC)),
        replace(REPORT, structure=None),
        replace(REPORT, attributes=()),
        replace(metadata.REPORT, targets=(TOPIC, world.DATAFLOW.ref)),
    ],
)
def test_what_the_version_cannot_say_is_refused_whole(wrong: MetadataSet) -> None:
    """A part of a target about nothing, something that no part is about, no fields; of structures of 3.x two objects."""
    assert [one.place for one in OLD.unheld(Shown(wrong))] == [""]


def test_there_are_no_stubs() -> None:
    assert [one.place for one in OLD.unheld(Shown(REPORT, Form.STUB))] == [""]


def test_sdmx1_understands_what_a_report_is_about_and_what_it_says() -> None:
    """Its reader knows neither names nor annotations of sets."""
    objects = (TargetObject(id="REPORT_PERIOD_TARGET", type=TargetType.REPORT_PERIOD, representation=PERIODS), *TARGET.objects)
    structure = replace(STRUCTURE, targets=(replace(TARGET, objects=objects),))
    structures = ML_STRUCTURES["2.1"].write(HEADER, [Shown(metadata.FIELDS), Shown(structure)])
    read: Any = sdmx.read_sdmx
    known = read(io.BytesIO(b"".join(structures))).metadatastructure["THEO_NAM"]
    report = replace(REPORT, key=Region(report="NGUON", metadata_target="THEO_MUA", key_values=(PERIOD, part("CHU_DE"))))
    bare = re.sub(rb"<com:(Annotations|Name).*?</com:\1>", b"", written(report))
    (found,) = read(io.BytesIO(bare), structure=known).data[0].report
    about = found.attaches_to.key_values
    assert about["REPORT_PERIOD_TARGET"].report_period == "2025" and about["CHU_DE"].obj.id == "NONG.LUA"
    assert [(one.value_for, [(below.value_for, below.value) for below in one.child]) for one in found.metadata] == [
        ("LIEN_HE", [("EMAIL", "so-lieu@sen.example")])
    ]


# Messages of others

HEAD = """<mes:{root} xmlns:mes="{v}/message" xmlns:com="{v}/common" xmlns:md="{v}/metadata/{kind}" xmlns:s="urn:sen"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<mes:Header><mes:ID>TIN_7</mes:ID><mes:Test>false</mes:Test><mes:Prepared>2025-07-01</mes:Prepared><mes:Sender id="IMF"/>
<mes:Structure structureID="S"><com:Structure><Ref agencyID="SEN" id="THEO_NAM" version="1.0"/></com:Structure></mes:Structure>
</mes:Header>"""
TWO = """<mes:MetadataSet structureRef="S">
<md:DataProvider><Ref agencyID="SEN" id="BNN"/></md:DataProvider>
<md:Report id="NGUON"><md:Target id="THEO_MUA">
  <md:ReferenceValue id="REPORT_PERIOD_TARGET"><md:ReportPeriod>2025</md:ReportPeriod></md:ReferenceValue>
  <md:ReferenceValue id="CHU_DE"><md:ObjectReference><URN>{topic}</URN></md:ObjectReference></md:ReferenceValue></md:Target>
  <md:AttributeSet><md:ReportedAttribute id="LIEN_HE"><md:AttributeSet>
    <md:ReportedAttribute id="EMAIL" value="so-lieu@sen.example"/>
    <md:ReportedAttribute id="GHI_CHU"><com:Text xml:lang="vi">Độ chính xác</com:Text></md:ReportedAttribute>
  </md:AttributeSet></md:ReportedAttribute></md:AttributeSet></md:Report>
<md:Report id="SUA"><md:Target id="THEO_MUA">
  <md:ReferenceValue id="CHU_DE"><md:ObjectReference><URN>{topic}</URN></md:ObjectReference></md:ReferenceValue></md:Target>
  <md:AttributeSet><md:ReportedAttribute id="NGAY" value="2025-07-01"/></md:AttributeSet></md:Report>
</mes:MetadataSet>"""
SPECIFIC = """<mes:MetadataSet md:structureRef="S" xsi:type="s:MetadataSetType">
<DataProvider><Ref agencyID="SEN" id="BNN"/></DataProvider>
<Report xsi:type="s:NGUON"><Target xsi:type="s:NGUON.THEO_MUA">
  <ReferenceValue xsi:type="s:THEO_MUA.ReportPeriodTarget"><ReportPeriod>2025</ReportPeriod></ReferenceValue>
  <ReferenceValue xsi:type="s:THEO_MUA.CHU_DE"><ObjectReference><URN>{topic}</URN></ObjectReference></ReferenceValue></Target>
  <AttributeSet><LIEN_HE><AttributeSet>
    <EMAIL value="so-lieu@sen.example"/>
    <GHI_CHU><com:Text xml:lang="vi">Độ chính xác</com:Text></GHI_CHU>
  </AttributeSet></LIEN_HE></AttributeSet></Report>
<Report xsi:type="s:SUA"><Target xsi:type="s:SUA.THEO_MUA">
  <ReferenceValue xsi:type="s:THEO_MUA.CHU_DE"><ObjectReference><URN>{topic}</URN></ObjectReference></ReferenceValue></Target>
  <AttributeSet><NGAY value="2025-07-01"/></AttributeSet></Report>
</mes:MetadataSet>"""
BASE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"


def told(body: str, specific: bool = False) -> StructureMessage:
    root, kind = ("StructureSpecificMetadata", "structurespecific") if specific else ("GenericMetadata", "generic")
    head = HEAD.format(root=root, v=BASE, kind=kind)
    return structures_of(f"{head}{body.format(topic=TOPIC.urn)}</mes:{root}>".encode())


def test_each_report_of_a_set_is_one_by_itself_known_by_provider_and_message() -> None:
    message = told(TWO)
    assert message.faults == ()
    assert [str(one.ref) for one in message.artefacts] == ["SEN.BNN:TIN_7_1(1.0)", "SEN.BNN:TIN_7_2(1.0)"]
    first = message.artefacts[0]
    assert isinstance(first, MetadataSet)
    assert (first.structure, first.targets) == (REPORT.structure, (TOPIC,))
    assert first.key == Region(report="NGUON", metadata_target="THEO_MUA", key_values=(PERIOD, part("CHU_DE")))
    (contact,) = first.attributes
    assert [one.value or one.texts for one in contact.children] == ["so-lieu@sen.example", {"vi": "Độ chính xác"}]


def test_elements_named_by_the_structure_say_the_same() -> None:
    assert told(SPECIFIC, specific=True) == told(TWO)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ('structureRef="S"', 'structureRef="T"'),
        ("<md:ReportPeriod>2025</md:ReportPeriod>", ""),
        ('id="EMAIL"', 'x="EMAIL"'),
        ('Ref agencyID="SEN" id="BNN"', 'Ref agencyID="SEN"'),
        ("md:Report", "md:Bericht"),
    ],
)
def test_a_set_that_cannot_be_read_is_a_fault_with_its_line(said: str, wrong: str) -> None:
    (fault,) = told(TWO.replace(said, wrong)).faults
    assert fault.place == "MetadataSet[0]" and "Line" in fault.error.detail()


# Structures


def field(id: str, *below: MetadataAttribute) -> MetadataAttribute:
    return MetadataAttribute(id=id, concept_identity=metadata.FIELDS.ref.item("CONTACT"), children=below)


PERIODS = typed("ObservationalTimePeriod")
CATEGORY = TargetObject(
    id="CHU_DE",
    type=TargetType.IDENTIFIABLE_OBJECT,
    object_type="Category",
    representation=typed("IdentifiableReference"),
)
TARGET = MetadataTarget(id="THEO_MUA", objects=(CATEGORY,))
STRUCTURE = MetadataStructure(
    ref=Ref(Kind.METADATA_STRUCTURE, "SEN", "THEO_NAM"),
    names={"vi": "Theo năm"},
    targets=(TARGET,),
    reports=(
        ReportStructure(id="NGUON", targets=("THEO_MUA",), attributes=(field("LIEN_HE", field("EMAIL")),)),
        ReportStructure(id="SUA", targets=("THEO_MUA",), attributes=(field("NGAY"),)),
    ),
)


def named(ref: Ref | ItemRef | None) -> MetadataStructure | None:
    return STRUCTURE if ref == STRUCTURE.ref else None


def test_a_report_is_held_against_the_report_of_its_structure_and_no_other() -> None:
    check_report(replace(REPORT, targets=(world.DATAFLOW.ref,)), named)
    with pytest.raises(Unfit) as caught:
        check_report(replace(REPORT, key=Region(report="KHAC"), targets=(world.DATAFLOW.ref,)), named)
    assert caught.value.parts[0][0] == "key.report" and "NGUON, SUA" in caught.value.parts[0][1].detail()
    with pytest.raises(Unfit) as caught:
        check_report(replace(REPORT, key=Region(report="SUA"), targets=(world.DATAFLOW.ref,)), named)
    assert {place for place, _ in caught.value.parts} == {"LIEN_HE", "NGAY"}


def test_2_1_tells_the_fields_of_a_structure_of_3_x_as_those_of_one_report_and_says_so() -> None:
    format = ML_STRUCTURES["2.1"]
    content = b"".join(format.write(HEADER, [Shown(metadata.STRUCTURE)]))
    assert_valid(format, content)
    (found,) = structures_of(content).artefacts
    assert isinstance(found, MetadataStructure)
    assert [(one.id, one.targets, one.attributes) for one in found.reports] == [
        ("REPORT", ("TARGET",), metadata.STRUCTURE.attributes)
    ]
    assert [one.place for one in format.unheld(Shown(metadata.STRUCTURE))] == ["attributes"]
    assert b"Said in the way of this version" in content
    assert is_back(format, Shown(metadata.STRUCTURE), found)
