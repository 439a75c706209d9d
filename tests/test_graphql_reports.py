"""Reference metadata in GraphQL: reports beside the data, field by field in both languages, proposed as all else is."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from hub.wiring import Hub
from registry.actions import put
from registry.document import to_document
from registry.model import Annotation, MetadataSet, ReportedAttribute
from registry.ref import Kind, Ref
from registry.reported import RELEASE
from tests import world
from tests.asking import Asker
from tests.conftest import Hands
from tests.metadata import REPORT, STRUCTURES
from tests.test_sdmx_metadata import message

FIELDS = "fields { path depth name value text texts { lang value } }"


@pytest.fixture
def asker(hub: Hub, clock: Hands) -> Asker:
    """Lotus Country, its harvest released, with a structure for reports and none yet."""
    with hub.engine.begin() as connection:
        put(connection, STRUCTURES, world.act(clock.now()))
    return Asker(hub.ports)


def store(asker: Asker, *reports: MetadataSet) -> None:
    known: Any = asker.ports.catalogue
    with known.engine.begin() as connection:
        put(connection, reports, world.act(asker.ports.clock.now()))


def of_release(asker: Asker, id: str) -> MetadataSet:
    """The report about one release."""
    note = Annotation(type=RELEASE, title=id)
    return replace(REPORT, ref=Ref(Kind.METADATA_SET, "SEN", "BAO_CAO_LAN", "1.0"), annotations=(note,))


def test_a_report_stands_beside_the_data_with_the_names_of_its_fields(asker: Asker) -> None:
    store(asker, REPORT)
    question = (
        f'{{ dataflow(ref: "SEN:MUA") {{ metadataSets {{ ref name publicationYear targets {{ resolved }} {FIELDS} }} }} }}'
    )
    (report,) = asker.data(question, lang="en")["dataflow"]["metadataSets"]
    assert (report["ref"], report["name"], report["publicationYear"]) == ("SEN:BAO_CAO(1.0)", "Quality report", "2025")
    assert report["targets"] == [{"resolved": "SEN:MUA(1.0)"}]
    assert [(one["path"], one["depth"], one["name"], one["text"]) for one in report["fields"]] == [
        ("CONTACT", 1, "Contact", None),
        ("CONTACT.EMAIL", 2, "Email", "so-lieu@sen.example"),
        ("CONTACT.EMAIL", 2, "Email", "hoi@sen.example"),
        ("ACCURACY", 1, "Accuracy", 'Good; "complete"'),
        ("CROPS", 1, "Crops", "Rice"),
        ("TIMELINESS", 1, "Timeliness", "45"),
    ]
    assert report["fields"][3]["texts"] == [{"lang": "vi", "value": "Tốt; đủ"}, {"lang": "en", "value": 'Good; "complete"'}]
    assert report["fields"][4]["value"] == "LUA"


def test_any_artefact_tells_the_reports_about_it(asker: Asker) -> None:
    store(asker, REPORT)
    both = '{ registry { one: artefact(ref: "SEN:MUA", kind: "Dataflow") { metadataSets { id } }'
    both += ' other: artefact(ref: "SEN:CHAT_LUONG", kind: "Metadataflow") { metadataSets { id } } } }'
    found = asker.data(both)["registry"]
    assert found == {"one": {"metadataSets": [{"id": "BAO_CAO"}]}, "other": {"metadataSets": []}}, "to be of is not to be about"


def test_a_report_may_be_about_one_release(asker: Asker) -> None:
    question = '{ dataflow(ref: "SEN:MUA") { metadataSets { id release } releases { id metadataSets { id } } } }'
    (release,) = asker.data(question)["dataflow"]["releases"]
    store(asker, REPORT, of_release(asker, release["id"]))
    found = asker.data(question)["dataflow"]
    assert {one["id"]: one["release"] for one in found["metadataSets"]} == {"BAO_CAO": None, "BAO_CAO_LAN": release["id"]}
    assert [one["id"] for one in found["releases"][0]["metadataSets"]] == ["BAO_CAO", "BAO_CAO_LAN"]
    narrow = asker.data('{ dataflow(ref: "SEN:MUA") { metadataSets(release: "another") { id } } }')
    assert narrow["dataflow"]["metadataSets"] == [{"id": "BAO_CAO"}]


def test_fields_of_a_structure_have_the_names_of_their_concepts(asker: Asker) -> None:
    asked = "... on MetadataStructure { attributes { path concept { name urn } } }"
    question = '{ registry { artefact(ref: "SEN:CHAT_LUONG", kind: "MetadataStructure") {' + asked + "} } }"
    fields = asker.data(question)["registry"]["artefact"]["attributes"]
    named = [(one["path"], one["concept"]["name"]) for one in fields]
    assert named[:3] == [("CONTACT", "Liên hệ"), ("CONTACT.NAME", "Tên"), ("CONTACT.EMAIL", "Thư điện tử")]
    assert fields[0]["concept"]["urn"].endswith("SEN:TRUONG(1.0).CONTACT")


PROPOSE = 'mutation ($content: String!) { propose(content: $content, why: "đủ") { id artefacts { kind ref } } }'


@pytest.mark.parametrize("how", ["document", "json 2.1.0", "xml 3.1.0", "csv 2.1.0"])
def test_a_report_is_proposed_in_any_form_and_shown_once_it_is_approved(asker: Asker, how: str) -> None:
    content = json.dumps(to_document(REPORT)) if how == "document" else message(how, REPORT)
    made = asker.data(PROPOSE, content=content, token="publisher")["propose"]
    assert made["artefacts"] == [{"kind": "MetadataSet", "ref": "SEN:BAO_CAO(1.0)"}]
    none = asker.data('{ dataflow(ref: "SEN:MUA") { metadataSets { id } } }')["dataflow"]["metadataSets"]
    assert none == []
    approve = f'mutation {{ approveProposal(proposal: "{made["id"]}") {{ state }} }}'
    assert asker.data(approve, token="publisher")["approveProposal"]["state"] == "approved"
    question = '{ dataflow(ref: "SEN:MUA") { metadataSets { log { by why } } } }'
    (report,) = asker.data(question, token="publisher")["dataflow"]["metadataSets"]
    assert report["log"] == [{"by": "a publisher", "why": "đủ"}]


def test_every_fault_of_a_proposed_report_is_told_with_its_place(asker: Asker) -> None:
    wrong = replace(REPORT, attributes=(ReportedAttribute(id="TIMELINESS", value="soon"),))
    error = asker.error(PROPOSE, content=json.dumps(to_document(wrong)), token="publisher")
    assert error["code"] == "REPORT_UNFIT"
    assert [(one["place"], one["code"]) for one in error["faults"]] == [
        ("TIMELINESS", "REPORT_BAD_TYPE"),
        ("ACCURACY", "REPORT_FIELD_MISSING"),
    ]


def test_a_report_about_a_release_that_is_not_public_is_refused(asker: Asker) -> None:
    content = json.dumps(to_document(of_release(asker, "0123456789abcdef")))
    assert asker.error(PROPOSE, content=content, token="publisher")["code"] == "REPORT_NO_RELEASE"
