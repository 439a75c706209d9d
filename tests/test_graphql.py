"""Asking the hub in GraphQL: the registry, the harvest of Đất Nước Sen, and the work on deliveries and drafts.

What is asked here was released at 2025-07-01 01:00 UTC; see tests/world.py for the country and its figures.
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.database import writing
from hub.wiring import Hub
from registry.actions import put
from registry.model import Group, Level
from registry.ports import Reject, Service, Viewer
from registry.receipt import Delivery
from schema.context import languages
from schema.scalars import number
from tests import world
from tests.asking import TOKENS, Asker
from tests.conftest import Hands, publish
from tests.world import series

RICE_01 = {
    "dimensions": [{"id": "PROVINCE", "codes": ["01"]}, {"id": "CROP", "codes": ["LUA"]}, {"id": "FREQ", "codes": ["Q"]}]
}

PAGE = """query ($selection: SelectionInput, $first: Int! = 50, $after: String) {
  dataflow(ref: "SEN:MUA") {
    data(selection: $selection, first: $first, after: $after) {
      totalCount release { id number } series { key observations { period valueText } }
      pageInfo { hasNextPage hasPreviousPage endCursor }
    }
  }
}"""


@pytest.fixture
def asker(hub: Hub) -> Asker:
    return Asker(hub.ports)


def page(asker: Asker, **variables: Any) -> dict[str, Any]:
    found: dict[str, Any] = asker.data(PAGE, **variables)["dataflow"]["data"]
    return found


# The service and the languages


def test_the_service_tells_its_version_licence_citation_and_limits(asker: Asker, hub: Hub) -> None:
    service = asker.data("{ service { version license citation limits { name value } } }")["service"]
    assert service["version"] == hub.ports.service.version
    assert service["citation"] == hub.ports.service.citation["vi"]
    limits = {limit["name"]: limit["value"] for limit in service["limits"]}
    assert limits["pageSize"] == 1000
    assert limits["cells"] > 0


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("", "Mùa màng"),
        ("en", "Harvest"),
        ("en-GB,vi;q=0.5", "Harvest"),
        ("fr, en;q=0.4, vi;q=0.6", "Mùa màng"),
        ("fr", "Mùa màng"),
    ],
)
def test_a_name_comes_in_the_language_of_the_reader(asker: Asker, header: str, name: str) -> None:
    assert asker.data('{ dataflow(ref: "SEN:MUA") { name } }', lang=header)["dataflow"] == {"name": name}


def test_a_language_named_in_the_question_wins_and_all_can_be_had(asker: Asker) -> None:
    found = asker.data('{ dataflow(ref: "SEN:MUA") { name(lang: "en") names { lang value } description } }')["dataflow"]
    assert found["name"] == "Harvest"
    assert {name["lang"]: name["value"] for name in found["names"]} == {"vi": "Mùa màng", "en": "Harvest"}
    assert found["description"] == "Sản lượng theo tỉnh và cây trồng."


@given(st.text(max_size=60))
def test_no_accept_language_header_is_too_strange(header: str) -> None:
    assert languages(header)


# The registry


def test_an_artefact_is_found_by_its_reference_or_urn(asker: Asker) -> None:
    urn = world.PROVINCE.ref.urn
    for ref in ("SEN:CL_PROVINCE", "SEN:CL_PROVINCE(1.0)", urn):
        found = asker.data(
            "query ($ref: String!) { codelist(ref: $ref) { urn ref agency id version isFinal validFrom } }", ref=ref
        )
        assert found["codelist"] == {
            "urn": urn,
            "ref": "SEN:CL_PROVINCE(1.0)",
            "agency": "SEN",
            "id": "CL_PROVINCE",
            "version": "1.0",
            "isFinal": True,
            "validFrom": None,
        }


def test_a_draft_of_the_next_version_takes_nothing_away(hub: Hub, asker: Asker, clock: Hands) -> None:
    """Whoever named no version had been given the draft, which has no figures; so had the portal."""
    drafts = [replace(one, ref=replace(one.ref, version="2.0.0-draft"), is_final=False) for one in (world.CROP, world.DATAFLOW)]
    with writing(hub.engine) as connection:
        put(connection, drafts, world.act(clock.now()))
    found = asker.data('{ dataflow(ref: "SEN:MUA") { ref latestRelease { number } } dataflows { nodes { ref } } }')
    assert found["dataflow"] == {"ref": "SEN:MUA(1.0)", "latestRelease": {"number": 1}}
    assert [one["ref"] for one in found["dataflows"]["nodes"]] == ["SEN:MUA(1.0)"]
    newest = asker.data('{ codelists(version: "~", search: "CROP") { nodes { ref } } }')["codelists"]["nodes"]
    assert [one["ref"] for one in newest] == ["SEN:CL_CROP(2.0.0-draft)"]


def test_an_artefact_that_is_not_there_is_an_error_that_names_the_nearest(asker: Asker) -> None:
    error = asker.error('{ codelist(ref: "SEN:CL_PROVINCES") { id } }', lang="en")
    assert error["code"] == "ARTEFACT_NOT_FOUND"
    assert error["path"] == ["codelist"]
    assert any("CL_PROVINCE" in word for word in error["suggestions"])


@pytest.mark.parametrize("search", ["mua mang", "Mùa", "HARVEST", "MUA"])
def test_search_does_not_ask_for_diacritics(asker: Asker, search: str) -> None:
    found = asker.data("query ($s: String) { dataflows(search: $s) { totalCount nodes { id } } }", s=search)["dataflows"]
    assert found == {"totalCount": 1, "nodes": [{"id": "MUA"}]}


def test_lists_are_narrowed_by_agency(asker: Asker) -> None:
    assert asker.data('{ codelists(agency: "SEN") { totalCount } }')["codelists"]["totalCount"] == 6
    assert asker.data('{ codelists(agency: "NOBODY") { totalCount } }')["codelists"]["totalCount"] == 0


@pytest.mark.parametrize("size", [1, 4, 1000])
def test_following_the_cursors_shows_every_codelist_once(asker: Asker, size: int) -> None:
    seen: list[str] = []
    after = None
    while True:
        found = asker.data(
            """query ($first: Int!, $after: String) { codelists(first: $first, after: $after) {
                 totalCount edges { cursor node { ref } } pageInfo { hasNextPage endCursor } } }""",
            first=size,
            after=after,
        )["codelists"]
        seen += [edge["node"]["ref"] for edge in found["edges"]]
        assert found["pageInfo"]["endCursor"] == found["edges"][-1]["cursor"]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert seen == sorted(str(artefact.ref) for artefact in world.ARTEFACTS if artefact.ref.kind == "Codelist")
    assert len(seen) == found["totalCount"]


def test_codes_can_be_searched_and_walked_down_the_hierarchy(asker: Asker) -> None:
    found = asker.data(
        """{ codelist(ref: "SEN:CL_PROVINCE") {
          roots: codes(roots: true) { nodes { id hasChildren } }
          children: codes(parent: "_T", first: 2) { totalCount nodes { id parent { id } } pageInfo { endCursor hasNextPage } }
          found: codes(search: "ap moi") { nodes { id name } }
          code(id: "02") { name(lang: "en") urn }
        } }"""
    )["codelist"]
    assert found["roots"]["nodes"] == [{"id": "_T", "hasChildren": True}]
    assert found["children"]["nodes"] == [{"id": "01", "parent": {"id": "_T"}}, {"id": "02", "parent": {"id": "_T"}}]
    assert found["children"]["totalCount"] == 3
    assert found["found"]["nodes"] == [{"id": "03", "name": "Ấp Mới"}]
    assert found["code"] == {"name": "Stone Quay", "urn": world.PROVINCE.ref.item_urn("02")}


def test_a_code_that_is_not_there_is_an_error_that_names_the_nearest(asker: Asker) -> None:
    error = asker.error('{ codelist(ref: "SEN:CL_CROP") { code(id: "LUAA") { id } } }')
    assert (error["code"], error["suggestions"]) == ("ITEM_NOT_FOUND", ["LUA"])


def test_a_cursor_of_something_else_is_refused(asker: Asker) -> None:
    for cursor in ("", "x", "WyJ4Il0", "é", "=" * 50):
        error = asker.error('query ($a: String) { codelist(ref: "SEN:CL_CROP") { codes(after: $a) { totalCount } } }', a=cursor)
        assert error["code"] == "BAD_CURSOR"


def test_a_structure_shows_what_its_key_is_and_what_describes_it(asker: Asker) -> None:
    found = asker.data(
        """{ dataflow(ref: "SEN:MUA") { structure { ref
          dimensions { id position isTime name codelist { id } concept { id } }
          attributes { id level mandatory codelist { id } } measures { id name(lang: "en") } } } }"""
    )["dataflow"]["structure"]
    assert [(part["id"], part["position"], part["isTime"]) for part in found["dimensions"]] == [
        ("FREQ", 1, False),
        ("PROVINCE", 2, False),
        ("CROP", 3, False),
        ("TIME_PERIOD", 4, True),
    ]
    province = found["dimensions"][1]
    assert (province["name"], province["codelist"], province["concept"]) == ("Tỉnh", {"id": "CL_PROVINCE"}, {"id": "PROVINCE"})
    levels = {part["id"]: (part["level"], part["mandatory"]) for part in found["attributes"]}
    assert levels["UNIT_MEASURE"] == ("SERIES", True)
    assert levels["COMMENT_DSET"] == ("DATA_SET", False)
    assert found["measures"] == [{"id": "OBS_VALUE", "name": "Value"}]


def test_components_tell_their_roles_and_attributes_what_they_are_attached_to(asker: Asker, hub: Hub) -> None:
    role = world.CONCEPTS.ref.item("FREQ")
    freq, *others = world.DSD.dimensions
    unit = replace(world.DSD.attributes[0], level=Level.GROUP, group="THEO_CAY", dimensions=("CROP",))
    note = replace(world.DSD.attributes[3], measures=("OBS_VALUE",))
    prices = replace(
        world.DSD,
        ref=replace(world.DSD.ref, id="GIA"),
        dimensions=(replace(freq, concept_roles=(role,)), *others),
        attributes=(unit, note),
        groups=(Group(id="THEO_CAY", dimensions=("CROP",)),),
    )
    with writing(hub.engine) as connection:
        put(connection, [prices], world.act(hub.clock.now()))
    asked = "dimensions { roles { urn item } } attributes { id group dimensions measures } groups { id dimensions }"
    found = asker.data('{ dataStructure(ref: "SEN:GIA") {' + asked + "} }")["dataStructure"]
    assert [part["roles"] for part in found["dimensions"]] == [[{"urn": role.urn, "item": "FREQ"}], [], [], []]
    assert found["attributes"] == [
        {"id": "UNIT_MEASURE", "group": "THEO_CAY", "dimensions": ["CROP"], "measures": []},
        {"id": "NOTE", "group": None, "dimensions": [], "measures": ["OBS_VALUE"]},
    ]
    assert found["groups"] == [{"id": "THEO_CAY", "dimensions": ["CROP"]}]


def test_agencies_and_concepts_have_names(asker: Asker) -> None:
    found = asker.data(
        '{ agencies(search: "thong ke lotus") { id name } '
        'conceptSchemes { nodes { ref concepts(search: "kỳ") { nodes { id } } } } }'
    )
    assert found["agencies"] == [{"id": "SEN", "name": "Cục Thống kê Đất Nước Sen"}]
    assert {"id": "TIME_PERIOD"} in found["conceptSchemes"]["nodes"][0]["concepts"]["nodes"]


# Data


def test_what_can_be_selected_is_told_before_it_is_asked_for(asker: Asker) -> None:
    found = asker.data(
        """query ($s: SelectionInput) { dataflow(ref: "SEN:MUA") { availability(selection: $s) {
             start end series observations dimensions { id codes { id name } openCodes { id parentId } } } } }""",
        s={"dimensions": [{"id": "PROVINCE", "codes": ["02"]}]},
    )["dataflow"]["availability"]
    assert (found["start"], found["end"], found["series"], found["observations"]) == ("2023-Q1", "2023-Q3", 1, 2)
    province = next(part for part in found["dimensions"] if part["id"] == "PROVINCE")
    assert province["codes"] == [{"id": "02", "name": "Bến Đá"}]
    assert province["openCodes"] == [{"id": "01", "parentId": "_T"}, {"id": "02", "parentId": "_T"}]


def test_a_long_list_of_codes_is_narrowed_by_depth_words_and_number(asker: Asker) -> None:
    found = asker.data(
        """{ dataflow(ref: "SEN:MUA") { availability { dimensions { id openCount top: openCodes(depth: 1) { id }
             found: openCodes(search: "ben da") { id } one: openCodes(most: 1) { id } } } } }"""
    )["dataflow"]["availability"]["dimensions"]
    province = next(part for part in found if part["id"] == "PROVINCE")
    assert province["openCount"] == 2
    assert (province["top"], province["found"], province["one"]) == ([], [{"id": "02"}], [{"id": "01"}])


def test_observations_and_columns_say_the_same(asker: Asker) -> None:
    (found,) = asker.data(
        """query ($s: SelectionInput) { dataflow(ref: "SEN:MUA") { data(selection: $s) { series { key
             codes { dimension id name } attributes { id value name valueName } observationCount
             observations { period value valueText status } columns { periods values valueTexts statuses } } } } }""",
        s=RICE_01,
    )["dataflow"]["data"]["series"]
    rows = found["observations"]
    assert [row["period"] for row in rows] == ["2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4", "2024-Q1"]
    assert rows[0]["value"] == Decimal("120.5")
    assert rows[3] == {"period": "2023-Q4", "value": None, "valueText": None, "status": None}
    columns = found["columns"]
    assert [[row[name] for row in rows] for name in ("period", "value", "valueText", "status")] == [
        columns[name] for name in ("periods", "values", "valueTexts", "statuses")
    ]
    assert found["codes"][1] == {"dimension": "PROVINCE", "id": "01", "name": "Đồng Sen"}
    assert {"id": "UNIT_MEASURE", "value": "TAN", "name": "Đơn vị tính", "valueName": "Tấn"} in found["attributes"]
    assert found["observationCount"] == 5


def test_what_is_said_of_an_observation_comes_with_it(asker: Asker) -> None:
    (maize,) = asker.data(
        """{ dataflow(ref: "SEN:MUA") { data(selection: { dimensions: [{ id: "CROP", codes: ["NGO"] }] }) {
             datasetAttributes { id value } series { observations { status attributes { id value valueName(lang: "en") } }
             columns { attributes { id values } } } } } }"""
    )["dataflow"]["data"]["series"]
    assert maize["observations"] == [
        {"status": "P", "attributes": [{"id": "OBS_STATUS", "value": "P", "valueName": "Provisional"}]}
    ]
    assert maize["columns"]["attributes"] == [{"id": "OBS_STATUS", "values": ["P"]}]


def test_every_digit_of_a_number_comes_back(hub: Hub, asker: Asker) -> None:
    long = "12345678901234567890.123456789"
    publish(hub, [series("Q.03.LUA", {"2023-Q1": long, "2023-Q2": "-0.0001", "2023-Q3": "1E+3"})])
    question = """{ dataflow(ref: "SEN:MUA") { data(selection: { dimensions: [{ id: "PROVINCE", codes: ["03"] }] }) {
      series { columns { values valueTexts } } } } }"""
    raw = asker.send("POST", json={"query": question}).text
    assert long in raw
    columns = json.loads(raw, parse_float=Decimal, parse_int=Decimal)["data"]["dataflow"]["data"]["series"][0]["columns"]
    assert columns["values"] == [Decimal(long), Decimal("-0.0001"), Decimal("1000")]
    assert [Decimal(text) for text in columns["valueTexts"]] == columns["values"]


@given(
    st.decimals(allow_nan=False, allow_infinity=False).map(str) | st.from_regex(r"[+-]?0*\d{1,30}(\.\d{0,9})?", fullmatch=True)
)
def test_a_number_is_json_of_the_same_value(text: str) -> None:
    written = number(text)
    assert written is not None
    assert json.loads(written, parse_float=Decimal, parse_int=Decimal) == Decimal(text)


@given(st.text(max_size=20))
def test_what_is_no_number_never_becomes_one(text: str) -> None:
    written = number(text)
    assert written is None or json.loads(written, parse_float=Decimal, parse_int=Decimal) == Decimal(text)


def test_periods_and_counts_narrow_the_observations(asker: Asker) -> None:
    def periods(**more: Any) -> list[str]:
        (only,) = page(asker, selection={**RICE_01, **more})["series"]
        return [row["period"] for row in only["observations"]]

    assert periods(startPeriod="2023-Q3", endPeriod="2023") == ["2023-Q3", "2023-Q4"]
    assert periods(lastN=2) == ["2023-Q4", "2024-Q1"]
    assert periods(firstN=1) == ["2023-Q1"]


@pytest.mark.parametrize(
    ("selection", "code", "suggested"),
    [
        ({"dimensions": [{"id": "PROVINCES", "codes": []}]}, "UNKNOWN_DIMENSION", "PROVINCE"),
        ({"dimensions": [{"id": "CROP", "codes": ["LUAA"]}]}, "UNKNOWN_CODE", "LUA"),
        ({"dimensions": [{"id": "CROP", "codes": []}, {"id": "CROP", "codes": ["LUA"]}]}, "DIMENSION_TWICE", None),
        ({"startPeriod": "last year"}, "BAD_PERIOD", None),
        ({"startPeriod": "2024", "endPeriod": "2023"}, "PERIODS_REVERSED", None),
        ({"lastN": 0}, "BAD_COUNT", None),
        ({"asOf": "2025-07-01T00:00:00"}, "TIME_WITHOUT_ZONE", None),
        ({"asOf": "0001-01-01T00:00:00+14:00"}, "TIME_OUT_OF_RANGE", None),
    ],
)
def test_a_wrong_question_is_an_error_that_helps(
    asker: Asker, selection: dict[str, Any], code: str, suggested: str | None
) -> None:
    english = asker.error(PAGE, selection=selection, lang="en")
    vietnamese = asker.error(PAGE, selection=selection)
    assert english["code"] == vietnamese["code"] == code
    assert english["title"] != vietnamese["title"]
    assert all(english[part] for part in ("message", "title", "detail", "help"))
    assert suggested is None or suggested in english["suggestions"]


def test_the_same_question_has_an_address_at_the_other_doors(asker: Asker) -> None:
    links = asker.data(
        'query ($s: SelectionInput) { dataflow(ref: "SEN:MUA") { data(selection: $s) { links { sdmx csv } } } }', s=RICE_01
    )["dataflow"]["data"]["links"]
    for address in links.values():
        assert address.startswith("https://so-lieu.example/sdmx/")
        assert "Q.01.LUA" in address


def test_series_come_in_pages(asker: Asker) -> None:
    first = page(asker, first=3)
    assert [each["key"] for each in first["series"]] == ["A.01.LUA", "Q.01.LUA", "Q.01.NGO"]
    assert first["totalCount"] == 4
    second = page(asker, first=3, after=first["pageInfo"]["endCursor"])
    assert [each["key"] for each in second["series"]] == ["Q.02.LUA"]
    assert second["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": True, "endCursor": None}


def test_pages_stay_with_their_release_while_another_is_published(hub: Hub, asker: Asker, clock: Hands) -> None:
    first = page(asker, first=3)
    publish(hub, [series("Q.02.LUA", {"2023-Q1": "99"}), series("Q.02.NGO", {"2023-Q1": "1"})])
    clock.pass_by(hours=1)
    second = page(asker, first=3, after=first["pageInfo"]["endCursor"])
    assert second["release"] == first["release"]
    assert second["totalCount"] == 4
    assert second["series"][0]["observations"][0] == {"period": "2023-Q1", "valueText": "80"}
    assert page(asker)["totalCount"] == 5


def test_a_cursor_belongs_to_its_question(asker: Asker) -> None:
    cursor = page(asker, first=1)["pageInfo"]["endCursor"]
    assert asker.error(PAGE, selection=RICE_01, after=cursor)["code"] == "BAD_CURSOR"


def test_the_past_can_be_asked_for(hub: Hub, asker: Asker, clock: Hands) -> None:
    before = clock.now()
    clock.pass_by(hours=1)
    publish(hub, [series("Q.02.LUA", {"2023-Q1": "99"})])
    rice = {"dimensions": [{"id": "PROVINCE", "codes": ["02"]}]}
    now = page(asker, selection=rice)
    then = page(asker, selection={**rice, "asOf": before.isoformat()})
    assert (now["release"]["number"], now["series"][0]["observations"][0]["valueText"]) == (2, "99")
    assert (then["release"]["number"], then["series"][0]["observations"][0]["valueText"]) == (1, "80")


def test_before_the_first_release_there_is_a_structure_but_no_data(empty_hub: Hub) -> None:
    found = Asker(empty_hub.ports).data(
        """{ dataflow(ref: "SEN:MUA") { name latestRelease { id } releases { id }
             data { release { id } totalCount series { key } pageInfo { hasNextPage } } } }"""
    )["dataflow"]
    assert found["latestRelease"] is None
    assert found["releases"] == []
    assert found["data"] == {"release": None, "totalCount": 0, "series": [], "pageInfo": {"hasNextPage": False}}


def test_an_embargoed_release_is_not_there_until_its_time(empty_hub: Hub, clock: Hands) -> None:
    asker = Asker(empty_hub.ports)
    publish(empty_hub, world.harvest(), embargo=datetime.fromisoformat("2025-07-01T12:00:00+07:00"))
    question = '{ dataflow(ref: "SEN:MUA") { latestRelease { number releasedAt } data { totalCount } } }'
    assert asker.data(question)["dataflow"] == {"latestRelease": None, "data": {"totalCount": 0}}
    clock.pass_by(hours=4)
    assert asker.data(question)["dataflow"]["data"] == {"totalCount": 4}


def test_more_values_than_an_answer_may_hold_is_an_error_with_the_way_out(hub: Hub) -> None:
    service = replace(hub.ports.service, limits={"cells": 17})
    asker = Asker(replace(hub.ports, service=service))
    two_fields = '{ dataflow(ref: "SEN:MUA") { data { series { observations { period value } } } } }'
    error = asker.error(two_fields, lang="en")
    assert error["code"] == "TOO_LARGE"
    assert "18 values" in error["detail"]
    assert "17" in error["detail"]
    assert "https://so-lieu.example/sdmx/" in error["help"]
    assert asker.data('{ dataflow(ref: "SEN:MUA") { data { series { observations { value } } } } }')
    twice = (
        '{ dataflow(ref: "SEN:MUA") { a: data { series { columns { values } } } b: data { series { columns { values } } } } }'
    )
    assert asker.error(twice)["code"] == "TOO_LARGE"


# Deliveries, drafts and releases


DRAFTS = "{ drafts { id state series observations createdBy dataflow { ref } } }"


def draft(hub: Hub) -> str:
    made = hub.drafts.draft(world.STRUCTURE, [series("Q.03.NGO", {"2024-Q1": "7"})], TOKENS["publisher"])
    assert made is not None
    return made.id


def test_who_asks_is_told(asker: Asker) -> None:
    assert asker.data("{ viewer { role organisation } }")["viewer"] == {"role": "public", "organisation": ""}
    assert asker.data("{ viewer { role organisation } }", token="ministry")["viewer"] == {
        "role": "ministry",
        "organisation": "BNN",
    }


@pytest.mark.parametrize("question", ["{ deliveries { id } }", '{ delivery(id: "x") { id } }', DRAFTS])
def test_what_is_not_open_needs_a_token(asker: Asker, question: str) -> None:
    assert asker.error(question)["code"] == "TOKEN_NEEDED"


@pytest.mark.parametrize("change", ["approve", "release", "discard"])
def test_only_those_who_may_change_anything(hub: Hub, asker: Asker, change: str) -> None:
    question = f"mutation ($id: String!) {{ {change}(draft: $id) {{ id }} }}"
    id_ = draft(hub)
    assert asker.error(question, id=id_)["code"] == "TOKEN_NEEDED"
    assert asker.error(question, id=id_, token="ministry")["code"] == "NOT_ALLOWED"


def test_a_draft_is_approved_and_released(hub: Hub, asker: Asker) -> None:
    id_ = draft(hub)
    (waiting,) = asker.data(DRAFTS, token="publisher")["drafts"]
    assert (waiting["id"], waiting["state"], waiting["dataflow"]) == (id_, "draft", {"ref": "SEN:MUA(1.0)"})
    step = "mutation ($id: String!) { approve(draft: $id) { state approvedBy } }"
    assert asker.data(step, id=id_, token="publisher")["approve"] == {"state": "approved", "approvedBy": "a publisher"}
    step = "mutation ($id: String!) { release(draft: $id) { state } }"
    assert asker.data(step, id=id_, token="publisher")["release"] == {"state": "released"}
    assert page(asker)["totalCount"] == 5


def test_a_draft_can_be_thrown_away(hub: Hub, asker: Asker) -> None:
    step = "mutation ($id: String!) { discard(draft: $id) { state } }"
    assert asker.data(step, id=draft(hub), token="publisher")["discard"] == {"state": "discarded"}
    assert asker.data(DRAFTS, token="publisher")["drafts"] == []


def test_a_delivery_that_is_not_there_looks_like_one_that_is_not_yours(asker: Asker) -> None:
    assert asker.error('{ delivery(id: "x") { id } }', token="ministry")["code"] == "DELIVERY_NOT_FOUND"


class OneDelivery:
    """A desk with one delivery on it, of which two kinds of records were refused."""

    held = Delivery(
        id="d1",
        source="rice",
        organisation="BNN",
        received_at=datetime.fromisoformat("2025-07-01T08:00:00+07:00"),
        files=("rice.csv",),
        digest="00",
        state="accepted",
        records=10,
        accepted=8,
        rejected=2,
        rules={"RICE_NEGATIVE": 1, "BAD_PERIOD": 1},
    )

    def deliveries(self, viewer: Viewer) -> list[Delivery]:
        return [self.held]

    def delivery(self, id: str, viewer: Viewer) -> Delivery:
        return self.held

    def rejects(self, id: str, viewer: Viewer, limit: int) -> list[Reject]:
        words = {"advice_vi": "Sản lượng âm. Hãy sửa dấu.", "advice_en": "Negative output. Correct the sign."}
        return [
            Reject("rice.csv", "3", "RICE_NEGATIVE", "output", facts=words),
            Reject("rice.csv", "7", "BAD_PERIOD", "period"),
            Reject("rice.csv", "8", "RICE_UNHEARD_OF"),
        ][:limit]


def test_a_delivery_tells_what_was_refused_and_what_to_do(hub: Hub) -> None:
    desk: Any = OneDelivery()
    asker = Asker(replace(hub.ports, desk=desk))
    question = """{ delivery(id: "d1") { source records accepted rejected receivedAt rules { code count }
      rejects(limit: 3) { file place rule column advice english: advice(lang: "en") } one: rejects(limit: 1) { place } } }"""
    found = asker.data(question)["delivery"]
    assert found["rules"] == [{"code": "RICE_NEGATIVE", "count": 1}, {"code": "BAD_PERIOD", "count": 1}]
    negative, period, unheard_of = found["rejects"]
    assert (negative["advice"], negative["english"]) == ("Sản lượng âm. Hãy sửa dấu.", "Negative output. Correct the sign.")
    assert period["english"] == "Not a time period"
    assert unheard_of["advice"] == "RICE_UNHEARD_OF"
    assert found["one"] == [{"place": "3"}]
    assert asker.error('{ delivery(id: "d1") { rejects(limit: 0) { place } } }')["code"] == "PAGE_SIZE"


# When something goes wrong


class Broken:
    """A cube that fails in a way nobody planned for."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("password=lotus")


def test_what_nobody_planned_for_is_logged_under_a_number_and_not_shown(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    broken: Any = Broken()
    asker = Asker(replace(hub.ports, cube=broken))
    with caplog.at_level(logging.ERROR, "hub.graphql"):
        error = asker.error('{ dataflow(ref: "SEN:MUA") { latestRelease { id } } }', lang="en")
    assert error["code"] == "INTERNAL_ERROR"
    assert "lotus" not in str(error)
    (record,) = caplog.records
    assert str(record.args[0] if isinstance(record.args, tuple) else "") in error["detail"]
    assert "password=lotus" in caplog.text


def test_one_part_that_fails_leaves_the_others(asker: Asker) -> None:
    answer = asker.ask('{ service { license } codelist(ref: "SEN:NONE") { id } }')
    assert answer["data"]["service"]["license"]
    assert answer["data"]["codelist"] is None


def test_a_service_may_set_its_own_limits(hub: Hub) -> None:
    service: Service = replace(hub.ports.service, limits={"depth": 2})
    asker = Asker(replace(hub.ports, service=service))
    assert asker.error("{ service { limits { name } } }")["code"] == "QUERY_TOO_LARGE"
