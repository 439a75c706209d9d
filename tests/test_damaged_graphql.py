"""One artefact that no longer reads, and lists in GraphQL: it is left out and named, also where its very name is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hub.access import LOCAL_ADMINISTRATOR
from hub.wiring import Hub
from registry.actions import put
from registry.document import to_document
from tests import world
from tests.asking import Asker
from tests.conftest import Hands
from tests.every_kind import REPORT, REPORTS, SAID, USED
from tests.test_registry_damaged import damage, damage_items
from tests.test_registry_store import MERGED
from tests.test_sdmx_structures import THEMES, TREE, UNDER_FARMING, UNDER_SOCIETY


@pytest.fixture
def asker(empty_hub: Hub) -> Asker:
    with empty_hub.engine.begin() as connection:
        more = (MERGED, THEMES, UNDER_FARMING, UNDER_SOCIETY, TREE, USED, REPORT, REPORTS, SAID)
        put(connection, more, world.act(empty_hub.clock.now()))
    return Asker(empty_hub.ports, {"Accept-Language": "en"})


def missing(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """Where something is left out, and what."""
    assert {one["extensions"]["code"] for one in answer["errors"]} == {"MEMBER_LEFT_OUT"}, answer["errors"]
    said = [(".".join(map(str, one["path"])), one["extensions"]["detail"]) for one in answer["errors"]]
    return [(path, detail.removeprefix("What is stored of the ").partition(" makes")[0]) for path, detail in said]


def test_a_list_names_what_has_lost_its_name(empty_hub: Hub, asker: Asker) -> None:
    damage(empty_hub, "CL_CROP", head="[]")
    answer = asker.ask('{ codelists(agency: "SEN") { totalCount nodes { id name } edges { node { id } } } }')
    assert missing(answer) == [
        ("codelists.nodes", "Codelist SEN:CL_CROP(1.0)"),
        ("codelists.edges", "Codelist SEN:CL_CROP(1.0)"),
    ]
    found = answer["data"]["codelists"]
    assert len(found["nodes"]) == len(found["edges"]) == 5 and "CL_CROP" not in str(found)


def test_the_edges_of_a_page_are_no_different(empty_hub: Hub, asker: Asker) -> None:
    damage(empty_hub, "CL_CROP", body="{")
    answer = asker.ask('{ codelists(agency: "SEN") { edges { node { id codes(first: 1) { totalCount } } } } }')
    assert missing(answer) == [("codelists.edges", "Codelist SEN:CL_CROP(1.0)")]
    assert len(answer["data"]["codelists"]["edges"]) == 5


def test_who_names_it_tells_that_it_does(empty_hub: Hub, asker: Asker) -> None:
    damage(empty_hub, "CL_CROP", head="[]")
    below = asker.ask('{ dataStructure(ref: "SEN:MUA(1.0)") { name references { urn artefact { name } } } }')
    (error,) = below["errors"]
    assert error["path"][-1] == "artefact" and error["extensions"]["code"] == "MEMBER_LEFT_OUT"
    lost = [one["urn"] for one in below["data"]["dataStructure"]["references"] if one["artefact"] is None]
    assert len(lost) == 1 and lost[0].endswith("CL_CROP(1.0)")


def test_among_those_that_name_something_it_is_missing(empty_hub: Hub, asker: Asker) -> None:
    damage(empty_hub, "MUA", "DataStructure", head="[]")
    above = asker.ask('{ codelist(ref: "SEN:CL_FREQ(1.0)") { referencedBy { nodes { ref } } } }')
    assert missing(above) == [("codelist.referencedBy.nodes", "DataStructure SEN:MUA(1.0)")]


def test_a_classification_lacks_the_version(empty_hub: Hub, asker: Asker) -> None:
    damage(empty_hub, "CL_PROVINCE", head="[]")
    answer = asker.ask("{ classifications { nodes { id versions { ref } } } }")
    assert missing(answer) == [("classifications.nodes.3.versions", "Codelist SEN:CL_PROVINCE(1.0)")]
    later = '{ codelist(ref: "SEN:CL_PROVINCE(2.0)") { classification { id versions { ref } } } }'
    assert asker.ask(later)["data"]["codelist"]["classification"]["versions"] == [{"ref": "SEN:CL_PROVINCE(2.0)"}]


@pytest.mark.parametrize(
    "question",
    [
        'classification(id: "CL_PROVINCE") { versionAt(date: "2024-01-01") { ref } }',
        'codelist(ref: "SEN:CL_PROVINCE(2.0)") { biography(code: "02") { kind } }',
        'codelist(ref: "SEN:CL_PROVINCE(1.0)") { classification { id } }',
        'classification(id: "CL_CROP") { id }',
    ],
)
def test_what_would_be_told_wrongly_without_it_is_an_error(empty_hub: Hub, asker: Asker, question: str) -> None:
    damage(empty_hub, "CL_PROVINCE", head="[]")
    damage(empty_hub, "CL_CROP", head="[]")
    (error,) = asker.ask("{" + question + "}")["errors"]
    assert error["extensions"]["code"] == "ARTEFACT_UNREADABLE"


def test_a_classification_of_one_version_is_named_in_their_list(empty_hub: Hub, asker: Asker) -> None:
    damage(empty_hub, "CL_CROP", head="[]")
    for search in ("", '(search: "crop")'):
        answer = asker.ask("{ classifications" + search + " { nodes { id } } }")
        assert missing(answer) == [("classifications.nodes", "Codelist SEN:CL_CROP(1.0)")]


def test_items_found_in_it_are_missing(empty_hub: Hub, asker: Asker) -> None:
    damage(empty_hub, "CL_CROP", head="[]")
    answer = asker.ask('{ registry { findItems(kind: "Codelist", search: "a") { scheme { ref name } item { id } } } }')
    assert {what for _, what in missing(answer)} == {"Codelist SEN:CL_CROP(1.0)"}
    assert answer["data"]["registry"]["findItems"]


def test_a_report_about_something_is_missing_there(empty_hub: Hub, asker: Asker) -> None:
    damage(empty_hub, "METADATASET", "MetadataSet", body="{")
    answer = asker.ask('{ dataflow(ref: "SEN:MUA(1.0)") { metadataSets { id fields { id } } } }')
    assert missing(answer) == [("dataflow.metadataSets", "MetadataSet SEN:METADATASET(1.0)")]


def test_what_a_hierarchy_is_for_is_missing_there(empty_hub: Hub, asker: Asker) -> None:
    damage(empty_hub, "HIERARCHYASSOCIATION", "HierarchyAssociation", body="{")
    asked = "... on Hierarchy { associations { linkedObject { urn } } }"
    answer = asker.ask('{ registry { artefact(kind: "Hierarchy", ref: "SEN:CAY_TINH(1.0)") {' + asked + "} } }")
    assert [what for _, what in missing(answer)] == ["HierarchyAssociation SEN:HIERARCHYASSOCIATION(1.0)"]


def test_what_is_under_a_subject_lacks_a_categorisation(empty_hub: Hub, asker: Asker) -> None:
    damage(empty_hub, "XEP_MUA", "Categorisation", body="{")
    urn = THEMES.ref.item_urn("KT.NN")
    asked = "query ($urn: String!) { registry { item(urn: $urn) { ... on Category { categorised { nodes { urn } } } } } }"
    answer = asker.ask(asked, urn=urn)
    assert [what for _, what in missing(answer)] == ["Categorisation SEN:XEP_MUA(1.0)"]


def test_agencies_of_one_scheme_are_missing_alone(empty_hub: Hub, asker: Asker) -> None:
    damage(empty_hub, "AGENCIES", "AgencyScheme", body="{")
    answer = asker.ask("{ agencies { id } }")
    assert missing(answer) == [("agencies", "AgencyScheme SDMX:AGENCIES(1.0)")] and answer["data"]["agencies"] == []


def test_what_is_planned_for_others_is_told(hub: Hub, clock: Hands) -> None:
    other = replace(world.DATAFLOW, ref=replace(world.DATAFLOW.ref, id="GIA"))
    with hub.engine.begin() as connection:
        put(connection, [other], world.act(hub.clock.now()))
    for flow in (world.DATAFLOW, other):
        law = {"vi": "Luật Thống kê", "en": "Statistics Law"}
        hub.ports.calendar.plan(flow.ref, clock.now() + timedelta(days=9), ["2024-Q2"], law, LOCAL_ADMINISTRATOR)
    damage(hub, "MUA", "Dataflow", head="[]")
    asker = Asker(Hub.build(hub.settings, clock).ports, {"Accept-Language": "en"})
    names = asker.data("{ calendar { nodes { name } } }")
    assert len(names["calendar"]["nodes"]) == 2
    answer = asker.ask("{ calendar { nodes { name dataflow { ref name } } } }")
    assert missing(answer) == [("calendar.nodes", "Dataflow SEN:MUA(1.0)")]
    assert [one["dataflow"]["ref"] for one in answer["data"]["calendar"]["nodes"]] == ["SEN:GIA(1.0)"]


def test_what_is_proposed_is_told_though_it_cannot_be_advised_on(hub: Hub, clock: Hands) -> None:
    office = Hub.build(hub.settings, clock)
    for made in (world.PROVINCE, world.CROP):
        later = replace(made, ref=replace(made.ref, version="1.1"), is_final=False)
        office.ports.proposals.propose(json.dumps([to_document(later)]), [], "vì thử", LOCAL_ADMINISTRATOR)
    damage(hub, "CL_CROP", body="{")
    asker = Asker(Hub.build(hub.settings, clock).ports, {"Accept-Language": "en"})
    assert len(asker.data("{ proposals { id why } }", token="publisher")["proposals"]) == 2
    answer = asker.ask("{ proposals { id artefacts { ref } advice { ref } } }", token="publisher")
    assert missing(answer) == [("proposals", "Codelist SEN:CL_CROP(1.0)")]
    assert [one["artefacts"][0]["ref"] for one in answer["data"]["proposals"]] == ["SEN:CL_PROVINCE(1.1)"]


def test_items_that_no_longer_read_are_no_fault_of_the_hub(empty_hub: Hub, asker: Asker) -> None:
    damage_items(empty_hub, "CL_CROP")
    answer = asker.ask(
        '{ codelists(agency: "SEN", version: "1.0") { nodes { id codes(first: 1) { totalCount } levels { id } } } }'
    )
    assert missing(answer) == [("codelists.nodes", "Codelist SEN:CL_CROP(1.0)")]
    found = asker.ask('{ registry { findItems(kind: "Codelist", search: "a") { scheme { id } item { id } } } }')
    assert missing(found) == [("registry.findItems", "Codelist SEN:CL_CROP(1.0)")]
    assert {one["scheme"]["id"] for one in found["data"]["registry"]["findItems"]} >= {"CL_FREQ", "CL_UNIT"}
    for field in ("codes { nodes { id } }", 'code(id: "LUA") { id }', "levels { id }"):
        (error,) = asker.ask('{ codelist(ref: "SEN:CL_CROP(1.0)") {' + field + "} }")["errors"]
        assert error["extensions"]["code"] == "ARTEFACT_UNREADABLE", field


def test_a_list_without_names_may_be_a_version_of_any_classification(empty_hub: Hub, asker: Asker) -> None:
    damage(empty_hub, "CL_CROP", head="[]")
    (error,) = asker.ask('{ classification(id: "CL_PROVINCE") { versionAt(date: "2024-01-01") { ref } } }')["errors"]
    assert error["extensions"]["code"] == "ARTEFACT_UNREADABLE" and "SEN:CL_CROP(1.0)" in error["message"]
