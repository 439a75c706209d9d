"""Observations handed in at the SDMX doors: a draft that waits, refused rows with their reasons, nothing lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
import orjson
import pytest

from hub.access import LOCAL_ADMINISTRATOR
from hub.wiring import Hub
from registry.errors import Unavailable
from tests.doors import Door

CSV_TYPE = "application/vnd.sdmx.data+csv;version=1.0.0"
HEAD = "DATAFLOW,FREQ,PROVINCE,CROP,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT\n"
GOOD = "SEN:MUA(1.0),Q,03,LUA,2024-Q1,77.5,TAN,3\n"
BAD = "SEN:MUA(1.0),Q,03,LUA,2024-Q2,nhiều,TAN,3\n"
SHORT = "DATAFLOW,FREQ,PROVINCE,CROP,TIME_PERIOD,OBS_VALUE\nSEN:MUA(1.0),Q,03,LUA,2024-Q2,78.5\n"
KNOWN = "SEN:MUA(1.0),Q,02,LUA,2023-Q1,80,TAN,3\n"


def send(hub: Hub, body: str, path: str = "/sdmx/v2/data", **headers: str) -> httpx.Response:
    known = {"Authorization": "Bearer publisher", "Content-Type": CSV_TYPE}
    return Door(hub.ports).send("POST", path, body, **(known | headers))


def test_what_is_good_becomes_a_draft_that_waits_for_approval(hub: Hub) -> None:
    answer = send(hub, HEAD + GOOD)
    told = orjson.loads(answer.content)["data"]
    assert (answer.status_code, told["accepted"], told["refused"]) == (201, 1, 0)
    draft = told["drafts"]["SEN:MUA(1.0)"]
    assert [one.id for one in hub.releases.drafts(LOCAL_ADMINISTRATOR)] == [draft]
    assert Door(hub.ports).get("/v1/data/SEN,MUA/Q.03.LUA").status_code == 404, "nothing is published"


@pytest.mark.parametrize("role", ["statistician", "publisher"])
def test_all_who_may_import_may_hand_in(hub: Hub, role: str) -> None:
    """Also those who may not look at what is under embargo: that a unit need not be said again depends on what waits."""
    who = f"Bearer {role}"
    draft = orjson.loads(send(hub, HEAD + GOOD, Authorization=who).content)["data"]["drafts"]["SEN:MUA(1.0)"]
    assert send(hub, SHORT, Authorization=who).status_code == 422, "nobody has said its unit"
    hub.releases.approve(draft, LOCAL_ADMINISTRATOR)
    hub.releases.release(draft, LOCAL_ADMINISTRATOR, hub.clock.now() + timedelta(days=1))
    assert send(hub, SHORT, "/sdmx/v2/data?dryRun=true", Authorization=who).status_code == 200
    assert send(hub, SHORT, Authorization=who).status_code == 201


def test_refused_rows_are_told_one_by_one_in_both_languages(hub: Hub) -> None:
    answer = send(hub, HEAD + GOOD + BAD)
    told = orjson.loads(answer.content)["data"]
    assert (answer.status_code, told["accepted"], told["refused"]) == (207, 1, 1)
    (reject,) = told["rejects"]
    assert (reject["place"], reject["series"], reject["period"], reject["rule"]) == ("3", "Q.03.LUA", "2024-Q2", "NOT_A_NUMBER")
    assert set(reject["messages"]) == {"vi", "en"} and "nhiều" in reject["messages"]["en"]
    assert send(hub, HEAD + BAD).status_code == 422


def test_what_is_published_already_makes_no_draft_and_a_dry_run_none_either(hub: Hub) -> None:
    assert send(hub, HEAD + KNOWN).status_code == 200
    assert send(hub, HEAD + GOOD, "/sdmx/v1/data/SEN,MUA,1.0?dryRun=true").status_code == 200
    assert hub.releases.drafts(LOCAL_ADMINISTRATOR) == []


def test_who_may_and_what_is_no_data(hub: Hub) -> None:
    assert send(hub, HEAD + GOOD, Authorization="Bearer ministry").status_code == 403
    assert Door(hub.ports).send("POST", "/sdmx/v2/data", HEAD, Content_Type=CSV_TYPE).status_code == 401
    assert send(hub, "what").status_code == 400
    assert send(hub, HEAD + GOOD, Content_Encoding="gzip").status_code == 415
    assert send(hub, "").status_code == 400
    for path in ("/v2/data/dataflow/SEN/KHONG/1.0", "/v2/data/dataflow", "/v1/data/,", "/v1/data/SEN"):
        assert send(hub, HEAD + GOOD, f"/sdmx{path}").status_code == 404


def test_a_form_is_still_a_question(hub: Hub) -> None:
    form = "application/x-www-form-urlencoded"
    found = send(hub, "key=Q.02.LUA", "/sdmx/v2/data/dataflow/SEN/MUA/1.0", Content_Type=form, Accept="text/csv")
    assert (found.status_code, "2023-Q1" in found.text) == (200, True)


def test_a_reader_that_is_killed_loses_nothing(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(_self: object, _path: Path) -> None:
        raise Unavailable("PARSER_DIED", found="SIGKILL")

    monkeypatch.setattr("adapters.sdmx.reading.apart.Apart.data", killed)
    assert send(hub, HEAD + GOOD).status_code == 503
    assert hub.releases.drafts(LOCAL_ADMINISTRATOR) == []
