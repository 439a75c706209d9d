"""A selection through all its releases, asked in GraphQL: what each release did to the one before it. On both databases.

Released at 01:00 (the harvest of tests/world.py), 03:00 (a revision, a new period, maize gone) and 05:00 (a flag).
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any, cast

import httpx
import pytest

from hub.access import LOCAL_ADMINISTRATOR
from hub.app import application
from hub.wiring import Hub
from registry.staging import Removal
from tests import world
from tests.asking import Asker
from tests.conftest import Hands, publish
from tests.world import series

STEPS = "nodes { release { number kind } validFrom validTo series { %s } deleted { %s } }"
BRIEF = STEPS % (("key columns { periods valueTexts statuses }",) * 2)


@pytest.fixture
def revised(hub: Hub, clock: Hands) -> Hub:
    clock.pass_by(hours=1)
    publish(
        hub,
        [
            Removal(codes={"FREQ": "Q", "PROVINCE": "01", "CROP": "NGO"}),
            series("Q.01.LUA", {"2024-Q1": "141", "2024-Q2": "111"}),
        ],
    )
    clock.pass_by(hours=2)
    publish(hub, [series("Q.02.LUA", {"2023-Q1": "80"}, status="P")])
    return hub


@pytest.fixture
def asker(revised: Hub) -> Asker:
    return Asker(revised.ports)


def query(fields: str = BRIEF, arguments: str = "") -> str:
    return '{ dataflow(ref: "SEN:MUA") { history' + (arguments and f"({arguments})") + " { totalCount " + fields + " } } }"


def history(asker: Asker, fields: str = BRIEF, arguments: str = "") -> dict[str, Any]:
    return cast(dict[str, Any], asker.data(query(fields, arguments))["dataflow"]["history"])


def test_each_release_says_from_when_it_stood_and_what_it_did(asker: Asker) -> None:
    found = history(asker)
    first, second, third = found["nodes"]
    assert found["totalCount"] == 3
    times = [(each["validFrom"], each["validTo"]) for each in found["nodes"]]
    hours = [f"2025-07-01T{hour:02}:00:00+00:00" for hour in (1, 3, 5)]
    assert times == [(hours[0], hours[1]), (hours[1], hours[2]), (hours[2], None)]
    assert [each["key"] for each in first["series"]] == ["A.01.LUA", "Q.01.LUA", "Q.01.NGO", "Q.02.LUA"]
    assert first["deleted"] == []
    revision = {"periods": ["2024-Q1", "2024-Q2"], "valueTexts": ["141", "111"], "statuses": [None, None]}
    assert second["series"] == [{"key": "Q.01.LUA", "columns": revision}]
    maize = {"periods": ["2023-Q1"], "valueTexts": ["15.1"], "statuses": ["P"]}
    assert second["deleted"] == [{"key": "Q.01.NGO", "columns": maize}]
    flag = {"periods": ["2023-Q1"], "valueTexts": ["80"], "statuses": ["P"]}
    assert (third["series"], third["deleted"]) == ([{"key": "Q.02.LUA", "columns": flag}], [])


def test_following_the_steps_gives_what_is_there_now(asker: Asker) -> None:
    held: dict[tuple[str, str], str | None] = {}
    for step in history(asker)["nodes"]:
        for cell, _ in _cells(step["deleted"]):
            del held[cell]
        held.update(_cells(step["series"]))
    now = asker.data('{ dataflow(ref: "SEN:MUA") { data { series { key columns { periods valueTexts } } } } }')
    assert held == dict(_cells(now["dataflow"]["data"]["series"]))


def _cells(told: list[dict[str, Any]]) -> list[tuple[tuple[str, str], str | None]]:
    return [
        ((one["key"], period), value)
        for one in told
        for period, value in zip(one["columns"]["periods"], one["columns"]["valueTexts"], strict=True)
    ]


def test_a_history_may_begin_later_and_end_earlier_and_be_of_some_codes_only(asker: Asker) -> None:
    numbers = "nodes { release { number } series { key } deleted { key } }"
    since = history(asker, numbers, 'selection: {updatedAfter: "2025-07-01T02:00:00Z"}')
    assert [step["release"]["number"] for step in since["nodes"]] == [2, 3]
    upto = history(asker, numbers, 'selection: {asOf: "2025-07-01T04:00:00Z"}')
    assert [step["release"]["number"] for step in upto["nodes"]] == [1, 2]
    maize = history(asker, numbers, 'selection: {dimensions: [{id: "CROP", codes: ["NGO"]}]}')
    keys = [({one["key"] for one in step["series"]}, {one["key"] for one in step["deleted"]}) for step in maize["nodes"]]
    assert keys == [({"Q.01.NGO"}, set()), (set(), {"Q.01.NGO"}), (set(), set())]
    assert history(asker, numbers, 'selection: {asOf: "2025-06-01T00:00:00Z"}') == {"totalCount": 0, "nodes": []}
    refused = asker.error(query(numbers, "selection: {lastN: 1}"))
    assert refused["code"] == "NOT_WHEN_COMPARING"


SINCE = """{ dataflow(ref: "SEN:MUA") {
    data(selection: {updatedAfter: "2025-07-01T02:00:00Z"%s}, first: 1%s) {
        totalCount series { key } pageInfo { hasNextPage endCursor } }
    availability(selection: {updatedAfter: "2025-07-01T02:00:00Z"%s}) {
        series observations start end dimensions { id codes { id } } } } }"""


def test_what_is_new_since_a_moment_is_counted_and_paged_by_itself(asker: Asker) -> None:
    first = asker.data(SINCE % ("", "", ""))["dataflow"]
    data, held = first["data"], first["availability"]
    assert (data["totalCount"], data["series"], data["pageInfo"]["hasNextPage"]) == (2, [{"key": "Q.01.LUA"}], True)
    rest = asker.data(SINCE % ("", f', after: "{data["pageInfo"]["endCursor"]}"', ""))["dataflow"]["data"]
    assert (rest["totalCount"], rest["series"]) == (2, [{"key": "Q.02.LUA"}])
    assert rest["pageInfo"] == {"hasNextPage": False, "endCursor": None}
    assert (held["series"], held["observations"], held["start"], held["end"]) == (2, 3, "2023-Q1", "2024-Q2")
    assert _codes(held) == {"FREQ": ["Q"], "PROVINCE": ["01", "02"], "CROP": ["LUA"]}
    quay = ', dimensions: [{id: "PROVINCE", codes: ["02"]}]'
    narrowed = asker.data(SINCE % (quay, "", quay))["dataflow"]
    assert narrowed["data"]["totalCount"] == narrowed["availability"]["series"] == 1
    assert _codes(narrowed["availability"]) == {"FREQ": ["Q"], "PROVINCE": ["02"], "CROP": ["LUA"]}


def _codes(held: dict[str, Any]) -> dict[str, list[str]]:
    return {one["id"]: [code["id"] for code in one["codes"]] for one in held["dimensions"]}


def test_its_pages_end_with_the_same_release_whatever_is_published_meanwhile(revised: Hub, asker: Asker, clock: Hands) -> None:
    fields = "nodes { release { number } validTo } pageInfo { hasNextPage hasPreviousPage endCursor }"
    first = history(asker, fields, "first: 2")
    assert [step["release"]["number"] for step in first["nodes"]] == [1, 2]
    clock.pass_by(hours=1)
    publish(revised, [series("A.01.NGO", {"2023": "1"})])
    rest = history(asker, fields, f'first: 2, after: "{first["pageInfo"]["endCursor"]}"')
    assert (rest["totalCount"], rest["nodes"]) == (3, [{"release": {"number": 3}, "validTo": None}])
    assert rest["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": True, "endCursor": None}
    other = f'selection: {{startPeriod: "2024"}}, after: "{first["pageInfo"]["endCursor"]}"'
    assert asker.error(query(fields, other))["code"] == "BAD_CURSOR"


def test_a_release_under_embargo_is_no_step_before_its_moment(revised: Hub, asker: Asker, clock: Hands) -> None:
    before = history(asker)
    moment = clock.now() + timedelta(days=1)
    _embargoed(revised, [series("Q.01.LUA", {"2024-Q1": "424242"})], moment)
    assert history(asker) == before
    assert history(asker, BRIEF, 'selection: {asOf: "2030-01-01T00:00:00Z"}') == before
    clock.pass_by(days=1)
    steps = history(asker)["nodes"]
    assert len(steps) == 4
    assert (steps[2]["validTo"], steps[3]["validFrom"]) == (moment.isoformat(),) * 2


def _embargoed(hub: Hub, content: Any, until: datetime) -> None:
    draft = hub.drafts.draft(world.STRUCTURE, content, LOCAL_ADMINISTRATOR)
    assert draft is not None
    hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    hub.releases.release(draft.id, LOCAL_ADMINISTRATOR, embargo=until)


def test_a_history_is_as_long_as_an_answer_may_be(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cast(dict[str, int], asker.ports.service.limits), "cells", 20)
    error = Asker(asker.ports).error(query())
    assert error["code"] == "TOO_LARGE"
    assert "includeHistory=true" in error["help"]


def test_the_same_history_is_a_file_at_the_sdmx_door(revised: Hub, asker: Asker) -> None:
    address = history(asker, "links { csv }")["links"]["csv"]

    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app=application(revised))
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.get(address)

    answer = asyncio.run(go())
    assert answer.status_code == 200
    assert answer.text.count("VALID_FROM") == 1
