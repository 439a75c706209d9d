"""Errors in the message that was asked for: SDMX-ML of each version, SDMX-JSON of each version and resource, in the language of
the address before that of the browser."""

from __future__ import annotations

import pytest
from lxml import etree

from adapters.sdmx.call import COMPRESSIONS
from adapters.sdmx.telling import Telling, telling
from tests.doors import Door
from tests.official import json_schema, ml_schema
from tests.test_sdmx_conditions import door as door

WRONG = "/v2/data/dataflow/SEN/MUA/1.0/Q?c[CORP]=LUA"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.mark.parametrize(
    ("accept", "version"),
    [
        ("*/*", "2.1"),
        ("application/xml", "2.1"),
        ("application/vnd.sdmx.data+csv;version=2.1.0", "2.1"),
        ("application/vnd.sdmx.genericdata+xml;version=2.1", "2.1"),
        ("application/vnd.sdmx.data+xml;version=3.0.0", "3.0"),
        ("application/vnd.sdmx.data+xml;version=3.1.0, */*;q=0.1", "3.1"),
        ("application/vnd.sdmx.data+xml;version=3+.0.0", "3.1"),
        ("application/vnd.sdmx.structure+xml;version=3.0.0", "3.0"),
    ],
)
def test_markup_is_of_the_version_asked_for(door: Door, accept: str, version: str) -> None:
    answer = door.get(WRONG, Accept=accept)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/xml")
    root = etree.fromstring(answer.content)
    ml_schema(version).assertValid(root)
    assert root.tag == f"{{http://www.sdmx.org/resources/sdmxml/schemas/v{version.replace('.', '_')}/message}}Error"


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0", "2.1.0"])
@pytest.mark.parametrize("message", ["data", "metadata", "structure"])
def test_json_names_the_schema_of_its_resource(door: Door, message: str, version: str) -> None:
    answer = door.get(WRONG, Accept=f"application/vnd.sdmx.{message}+json;version={version}").json()
    named = answer.get("$schema") or answer["meta"]["schema"]
    assert named.endswith(f"/sdmx-json-{message}-schema.json")
    json_schema(version, message).validate(answer)


@pytest.mark.parametrize(
    ("format", "version", "expected"),
    [
        ("jsondata", "1.0.0", Telling("json", "1.0.0", "data", "application/json")),
        ("jsonmetadata", None, Telling("json", "2.1.0", "metadata", "application/json")),
        ("jsonstructure", "9", Telling("json", "2.1.0", "structure", "application/json")),
        ("sdmx-ml", "3.0.0", Telling(version="3.0")),
        ("csv", "2.1.0", Telling()),
    ],
)
def test_the_address_says_it_too(format: str, version: str | None, expected: Telling) -> None:
    assert telling(format, version, "application/vnd.sdmx.data+xml;version=3.1.0") == expected


def test_the_language_of_the_address_goes_before_that_of_the_browser(door: Door) -> None:
    first = [etree.fromstring(door.get(f"{WRONG}{lang}", Accept_Language="vi").content)[0][0] for lang in ("", "&lang=en")]
    assert [one.get(LANG) for one in first] == ["vi", "en"]
    assert door.error(f"{WRONG}&lang=?")[0] == 400


def test_a_parameter_that_means_nothing_is_told_with_each_that_does_once(door: Door) -> None:
    _, _, said = door.error("/v2/data/dataflow/SEN/MUA?zzz=1")
    assert said.count("formatVersion") == 1 and "compression" in said


def test_words_are_taken_as_the_examples_of_the_text_write_them(door: Door) -> None:
    assert door.get("/v2/structure/codelist/SEN?detail=allStubs").status_code == 200
    assert door.get("/v2/data/dataflow/SEN/MUA?includeHistory=True").status_code == 200


def test_the_working_draft_of_json_is_what_became_of_it(door: Door) -> None:
    answer = door.get("/v2/data/dataflow/SEN/MUA", Accept="application/vnd.sdmx.data+json;version=1.0.0-wd")
    assert answer.headers["content-type"] == "application/vnd.sdmx.data+json;version=1.0.0"


def test_what_cannot_be_packed_so_is_refused(door: Door) -> None:
    for name in COMPRESSIONS:
        assert door.get(f"/v2/data/dataflow/SEN/MUA?compression={name}").status_code == 200
    status, _, said = door.error("/v2/data/dataflow/SEN/MUA?compression=br")
    assert status == 406 and "gzip" in said


def test_caches_are_told_all_that_decides(door: Door) -> None:
    for path in ("/v2/data/dataflow/SEN/MUA", "/v2/availability/dataflow/SEN/MUA", "/v2/structure/codelist", WRONG):
        assert door.get(path).headers["vary"] == "Accept, Accept-Language, Authorization, Prefer"


def test_an_unchanged_availability_costs_a_304(door: Door) -> None:
    path = "/v2/availability/dataflow/SEN/MUA?references=all"
    answer = door.get(path)
    tag, moment = answer.headers["etag"], answer.headers["last-modified"]
    assert door.get(path, If_None_Match=tag).status_code == 304
    assert door.get(path, If_Modified_Since=moment).status_code == 304
    assert door.get(path, If_Modified_Since="Sun, 01 Jan 2023 00:00:00 GMT").status_code == 200
    assert door.get(f"{path}&mode=available", If_None_Match=tag).status_code == 200
