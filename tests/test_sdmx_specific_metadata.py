"""Structure-specific reports of SDMX-ML 2.1: they go out in the words of their structure, and the schema of that holds them.

The reports are those of test_sdmx_old_metadata.py and tests/metadata.py.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.sdmx.reading import structures_of
from adapters.sdmx.writing.shown import Shown
from adapters.sdmx.writing.specificmetadata import ML_SPECIFIC_METADATA
from registry.actions import put
from registry.model import Category, CategoryScheme, MetadataSet, Region, ReportedAttribute, TargetObject, TargetType, typed
from registry.ref import ItemRef, Kind, Ref
from tests import metadata, world
from tests.conftest import Hands
from tests.drawn_sayable import sayable
from tests.official import is_back
from tests.proper import proper
from tests.test_sdmx_json_structures import HEADER
from tests.test_sdmx_old_metadata import CONSTRAINT, KEY, PERIOD, REPORT, STRUCTURE, TOPIC, part
from tests.test_sdmx_schemas import compiled
from tests.test_sdmx_submitting import Office, told
from tests.test_sdmx_submitting import office as office

SPECIFIC = ML_SPECIFIC_METADATA["2.1"]
MEDIA = "application/vnd.sdmx.structurespecificmetadata+xml;version=2.1"
SCHEMA = "application/vnd.sdmx.schema+xml;version=2.1"


def written(*reports: MetadataSet) -> bytes:
    return b"".join(SPECIFIC.write(HEADER, [Shown(one) for one in reports]))


def test_ids_are_the_names_of_elements_and_types() -> None:
    assert SPECIFIC.unheld(Shown(REPORT)) == []
    message = written(REPORT, metadata.REPORT)
    assert b'<Report id="NGUON" xsi:type="S0:NGUON"><Target id="THEO_MUA" xsi:type="S0:NGUON.THEO_MUA">' in message
    assert b'<LIEN_HE><AttributeSet><EMAIL value="so-lieu@sen.example"/></AttributeSet></LIEN_HE>' in message
    assert b'md:structureRef="S1"' in message and f'namespace="{metadata.FLOW.ref.urn}"'.encode() in message
    assert structures_of(message).artefacts == (REPORT, metadata.REPORT)


@settings(max_examples=60, deadline=None)
@given(sayable(Kind.METADATA_SET), st.lists(st.sampled_from(["object", "period", "key", "constraint"]), max_size=4))
def test_any_report_comes_back_or_what_is_lost_is_named(made: MetadataSet, sorts: list[str]) -> None:
    named: dict[str, Ref | ItemRef] = {"object": TOPIC, "constraint": CONSTRAINT}
    said = {"period": PERIOD, "key": KEY}
    parts = tuple(replace(said.get(sort, part("")), id=f"P{number}") for number, sort in enumerate(sorts))
    targets = tuple(named[sort] for sort in sorts if sort in named)
    key = Region(report="NGUON", metadata_target="THEO_MUA", key_values=parts)
    one = Shown(proper(replace(made, key=key, targets=targets)))
    found = structures_of(written(one.artefact))  # type: ignore[arg-type]
    assert not found.faults
    assert is_back(SPECIFIC, one, found.artefacts[0] if found.artefacts else None)


def test_an_id_that_no_element_can_have_is_lost_and_named() -> None:
    odd = ReportedAttribute(id="1$", value="x")
    mixed = ReportedAttribute(id="LIEN_HE", children=(odd, ReportedAttribute(id="EMAIL", value="a")))
    assert [one.place for one in SPECIFIC.unheld(Shown(replace(REPORT, attributes=(mixed, odd))))] == [
        "attributes[0].children[0]",
        "attributes[1]",
    ]
    assert [one.place for one in SPECIFIC.unheld(Shown(replace(REPORT, attributes=(odd,))))] == [""]
    assert REPORT.key is not None
    assert [one.place for one in SPECIFIC.unheld(Shown(replace(REPORT, key=replace(REPORT.key, report="7"))))] == [""]


# At the doors

OTHERS = (
    TargetObject(id="REPORT_PERIOD_TARGET", type=TargetType.REPORT_PERIOD, representation=typed("ObservationalTimePeriod")),
    TargetObject(id="KHOA", type=TargetType.KEY_DESCRIPTOR_VALUES, representation=typed("KeyValues")),
)
TOPICS = CategoryScheme(
    ref=TOPIC.of,
    names={"vi": "Chủ đề"},
    items=(Category(id="NONG", names={"vi": "Nông"}), Category(id="NONG.LUA", names={"vi": "Lúa"}, parent="NONG")),
)
MIXED = replace(metadata.REPORT, attributes=metadata.REPORT.attributes[::-1])
"""Its fields stand in another order than in the structure."""
FLOW = "metadataflow/SEN/CHAT_LUONG"
YEARS = "metadatastructure/SEN/THEO_NAM"


@pytest.fixture
def country(office: Office) -> Office:
    target = replace(STRUCTURE.targets[0], objects=(*OTHERS, *STRUCTURE.targets[0].objects))
    given = (*metadata.STRUCTURES, TOPICS, replace(STRUCTURE, targets=(target,)), MIXED, REPORT)
    with office.hub.engine.begin() as connection:
        put(connection, given, world.act(Hands().now()))
    return office


def schema_of(country: Office, context: str, folder: Path, door: str = "v1") -> Any:
    answer = country.door.get(f"/{door}/schema/{context}", Accept=SCHEMA)
    assert answer.status_code == 200, answer.text
    folder.mkdir(exist_ok=True)
    return compiled(answer.content, "2.1", folder)


@pytest.mark.parametrize("path", ["/v1/metadata/CHAT_LUONG", f"/v2/metadata/{FLOW}"])
def test_what_is_given_is_valid_by_the_schema_of_its_flow_and_nothing_else(country: Office, tmp_path: Path, path: str) -> None:
    answer = country.door.get(path, Accept=MEDIA)
    assert answer.headers["content-type"] == MEDIA
    schema = schema_of(country, FLOW, tmp_path / "flow")
    schema.assertValid(etree.fromstring(answer.content))
    wrongs = (
        (b'value="LUA"', b'value="LUB"'),
        (b'value="45"', b'value="401"'),
        (b"<TIMELINESS", b"<TIME"),
        (b"<CONTACT", b'<CONTACT value="x"'),
        (b"S0:REPORT.TARGET", b"S0:REPORT.OTHER"),
        (b'id="OBJECT"', b'id="SUBJECT"'),
    )
    for said, wrong in wrongs:
        assert said in answer.content
        assert not schema.validate(etree.fromstring(answer.content.replace(said, wrong))), wrong
    lacking = re.sub(rb"<ACCURACY>.*</ACCURACY>", b"", answer.content)
    assert not schema.validate(etree.fromstring(lacking)), "accuracy must be there"


def test_parts_of_a_target_are_of_their_types(country: Office, tmp_path: Path) -> None:
    content = country.door.get("/v2/metadata/metadataset/SEN.BNN/NAM_2025/1.2.0", Accept=MEDIA).content
    schema = schema_of(country, YEARS, tmp_path / "years", "v2")
    schema.assertValid(etree.fromstring(content))
    for said, wrong in ((b"THEO_MUA.CHU_DE", b"THEO_MUA.KHOA"), (b"<ReportPeriod>2025<", b"<ReportPeriod>soon<")):
        assert not schema.validate(etree.fromstring(content.replace(said, wrong))), wrong


def test_fields_go_out_in_the_order_of_their_structure(country: Office) -> None:
    (found,) = structures_of(country.door.get("/v1/metadata/CHAT_LUONG", Accept=MEDIA).content).artefacts
    assert found == metadata.REPORT
    assert country.door.get("/v1/metadata/CHAT_LUONG?format=structurespecificmetadata").status_code == 200


def test_markup_is_what_1_5_gives_of_a_schema_unasked(country: Office) -> None:
    """ "By default, a schema query will return an XML schema"; at 2 JSON goes first, and there is no form for 3.x."""
    assert country.door.get(f"/v1/schema/{FLOW}").headers["content-type"] == SCHEMA
    assert country.door.get(f"/v2/schema/{FLOW}").headers["content-type"] == "application/vnd.sdmx.schema+json;version=2.1.0"
    assert country.door.get(f"/v2/schema/{FLOW}", Accept="application/vnd.sdmx.schema+xml;version=3.1.0").status_code == 406


def test_what_goes_out_is_handed_in_again(country: Office) -> None:
    whole = country.door.get("/v1/metadata/CHAT_LUONG", Accept=MEDIA).text
    assert country.send("DELETE", "/sdmx/v2/metadata/metadataset/SEN/BAO_CAO/1.0").status_code == 200
    assert told(country.send("POST", "/sdmx/v2/metadata", whole, Content_Type=MEDIA)) == (201, {"BAO_CAO": 201})
    assert country.hub.catalogue.get(metadata.REPORT.ref) == metadata.REPORT
