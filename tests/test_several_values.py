"""Attributes with several values at once, from a message through a release and out again, in every format that can hold them.

SEN:NHIEU(1.0) is the harvest of tests/world.py with three more attributes: SOURCE, any number of codes of CL_CROP, on
observations; REMARK, up to three texts, on series; AUTHOR, any number of texts, on the data set.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from lxml import etree

from hub.access import LOCAL_ADMINISTRATOR
from hub.wiring import Hub
from registry.actions import put
from registry.model import UNBOUNDED, Attribute, Level, Representation
from registry.ref import Kind, Ref
from tests import world
from tests.asking import Asker
from tests.browsing import Reader
from tests.doors import Door
from tests.test_sdmx_schemas import compiled, official

DATA = "/v2/data/dataflow/SEN/NHIEU/1.0/"
FORMATS = [
    *(f"application/vnd.sdmx.data+json;version={version}" for version in ("2.0.0", "2.1.0")),
    *(f"application/vnd.sdmx.data+xml;version={version}" for version in ("3.0.0", "3.1.0")),
    *(f"application/vnd.sdmx.data+csv;version={version}" for version in ("2.0.0", "2.1.0")),
]
PACKINGS = ["TIME_PERIOD", "AllDimensions", "CROP"]
HEAD = "STRUCTURE[;],STRUCTURE_ID,ACTION,FREQ,PROVINCE,CROP,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT"
HEAD += ",SOURCE[],REMARK[],AUTHOR[]\n"
ROW = "dataflow,SEN:NHIEU(1.0),M,Q,{key},{period},{value},TAN,3,{source},{remark},An;Bình\n"
ROWS = (
    ROW.format(key="01,LUA", period="2023-Q1", value="1.5", source="LUA;NGO", remark='"""a;b"";c & <d>"'),
    ROW.format(key="01,LUA", period="2023-Q2", value="2", source="NGO", remark='"""a;b"";c & <d>"'),
    ROW.format(key="02,NGO", period="2023-Q1", value="3", source="", remark=""),
)
SAID = {
    ("01.LUA", "2023-Q1"): (("LUA", "NGO"), ("a;b", "c & <d>")),
    ("01.LUA", "2023-Q2"): (("NGO",), ("a;b", "c & <d>")),
    ("02.NGO", "2023-Q1"): ((), ()),
}


def several(id: str, level: Level, most: int, codelist: Ref | None = None) -> Attribute:
    of = Representation(enumeration=codelist, max_occurs=most)
    return Attribute(id=id, concept_identity=world.CONCEPTS.ref.item("NOTE"), representation=of, level=level)


DSD = replace(
    world.DSD,
    ref=Ref(Kind.DATA_STRUCTURE, "SEN", "NHIEU", "1.0"),
    attributes=(
        *world.DSD.attributes[:2],
        several("SOURCE", Level.OBSERVATION, UNBOUNDED, world.CROP.ref),
        several("REMARK", Level.SERIES, 3),
        several("AUTHOR", Level.DATA_SET, UNBOUNDED),
    ),
)
FLOW = replace(world.DATAFLOW, ref=Ref(Kind.DATAFLOW, "SEN", "NHIEU", "1.0"), structure=DSD.ref)


@pytest.fixture
def door(empty_hub: Hub) -> Door:
    with empty_hub.engine.begin() as connection:
        put(connection, [DSD, FLOW], world.act(empty_hub.clock.now()))
    answer = send(Door(empty_hub.ports), HEAD + "".join(ROWS))
    assert answer["refused"] == 0, answer
    (draft,) = answer["drafts"].values()
    empty_hub.releases.approve(draft, LOCAL_ADMINISTRATOR)
    empty_hub.releases.release(draft, LOCAL_ADMINISTRATOR)
    return Door(empty_hub.ports)


def send(door: Door, body: str, media: str = FORMATS[-1]) -> dict[str, Any]:
    """What becomes of a message: counts, drafts, what was refused."""
    answer = door.send("POST", "/sdmx/v2/data", body, Content_Type=media, Authorization="Bearer publisher")
    found: dict[str, Any] = orjson.loads(answer.content)["data"]
    return found


def test_what_came_in_goes_out(door: Door) -> None:
    rows = list(csv.DictReader(io.StringIO(door.get(DATA, Accept=FORMATS[-1]).text, newline="")))
    told = {(f"{row['PROVINCE']}.{row['CROP']}", row["TIME_PERIOD"]): row for row in rows}
    assert {key: (inner(row["SOURCE[]"]), inner(row["REMARK[]"])) for key, row in told.items()} == SAID
    assert {inner(row["AUTHOR[]"]) for row in rows} == {("An", "Bình")}


def inner(cell: str) -> tuple[str, ...]:
    return tuple(next(csv.reader([cell], delimiter=";"), []))


@pytest.mark.parametrize("at", PACKINGS)
@pytest.mark.parametrize("media", FORMATS)
def test_what_goes_out_comes_in_as_the_same(door: Door, media: str, at: str) -> None:
    answer = door.get(f"{DATA}?dimensionAtObservation={at}", Accept=media)
    assert answer.status_code == 200, answer.text
    told = send(door, answer.text, media)
    assert (told["accepted"], told["refused"], told["drafts"]) == (3, 0, {"SEN:NHIEU(1.0)": ""}), told
    other = send(door, answer.text.replace("An", "Ân"), media)
    assert other["refused"] == 0 and other["drafts"]["SEN:NHIEU(1.0)"], "another author makes one"


@pytest.mark.parametrize("version", ["3.0", "3.1"])
@pytest.mark.parametrize("at", PACKINGS)
def test_markup_is_valid(door: Door, tmp_path: Path, version: str, at: str) -> None:
    path = f"/v2/schema/dataflow/SEN/NHIEU/1.0?dimensionAtObservation={at}"
    schema = door.get(path, Accept=f"application/vnd.sdmx.schema+xml;version={version}.0").content
    answer = door.get(f"{DATA}?dimensionAtObservation={at}", Accept=f"application/vnd.sdmx.data+xml;version={version}.0")
    compiled(schema, version, tmp_path).assertValid(etree.fromstring(answer.content))


@pytest.mark.parametrize("version", ["2.0", "2.1"])
@pytest.mark.parametrize("at", PACKINGS)
def test_json_is_valid(door: Door, version: str, at: str) -> None:
    answer = door.get(f"{DATA}?dimensionAtObservation={at}", Accept=f"application/vnd.sdmx.data+json;version={version}.0")
    official(version).validate(answer.json())


def test_other_formats_are_refused_unless_these_attributes_are_left_out(door: Door) -> None:
    for wanted in ("genericdata", "csv&formatVersion=1.0.0", "jsondata&formatVersion=1.0.0", "px", "parquet"):
        assert door.get(f"{DATA}?format={wanted}").status_code == 406, wanted
        assert door.get(f"{DATA}?format={wanted}&attributes=UNIT_MEASURE").status_code == 200, wanted
    assert door.get("/v1/data/NHIEU").headers["content-type"].startswith("application/vnd.sdmx.data+json;version=2.1")
    assert door.get("/v1/data/NHIEU?detail=dataonly").headers["content-type"].startswith("application/vnd.sdmx.genericdata")


def test_too_many_values_and_wrong_codes_are_refused(door: Door) -> None:
    many = ROW.format(key="03,LUA", period="2023-Q1", value="1", source="LUA", remark="a;b;c;d")
    wrong = ROW.format(key="03,NGO", period="2023-Q1", value="1", source="LUA;KHOAI", remark="a")
    told = send(door, HEAD + many + wrong)
    assert {one["rule"] for one in told["rejects"]} == {"MULTIPLE_VALUES", "UNKNOWN_ATTRIBUTE_CODE"}


def test_a_filter_fits_where_one_of_the_values_does(door: Door) -> None:
    def found(query: str) -> set[str]:
        answer = door.get(f"{DATA}?{query}", Accept=FORMATS[-1])
        return {row["OBS_VALUE"] for row in csv.DictReader(io.StringIO(answer.text, newline=""))}

    assert found("c[SOURCE]=LUA") == {"1.5"}
    assert found("c[SOURCE]=NGO") == {"1.5", "2"}
    assert found("c[SOURCE]=ne:LUA") == {"2", "3"}
    assert found("c[REMARK]=sw:c") == {"1.5", "2"}


def test_names_stand_beside_each_value(door: Door) -> None:
    both = door.get(DATA, Accept=f"{FORMATS[-1]};labels=both", Accept_Language="en").text
    assert "SOURCE[]: Note" in both and "LUA: Rice;NGO: Maize" in both
    named = list(csv.reader(io.StringIO(door.get(DATA, Accept=f"{FORMATS[-1]};labels=name", Accept_Language="en").text)))
    place = named[0].index("SOURCE[]")
    assert named[1][place : place + 2] == ["LUA;NGO", "Rice;Maize"]


def test_elsewhere_the_values_stand_in_one_text(door: Door) -> None:
    query = '{ dataflow(ref: "SEN:NHIEU") { data { datasetAttributes { value } series { key attributes { id value }'
    query += " observations { attributes { id value } } columns { attributes { id values } } } } } }"
    found = Asker(door.ports).data(query)["dataflow"]["data"]
    first = found["series"][0]
    assert found["datasetAttributes"] == [{"value": "An; Bình"}]
    assert {"id": "REMARK", "value": "a;b; c & <d>"} in first["attributes"]
    assert first["observations"][0]["attributes"] == [{"id": "SOURCE", "value": "LUA; NGO"}]
    assert first["columns"]["attributes"] == [{"id": "SOURCE", "values": ["LUA; NGO", "NGO"]}]


def test_what_changed_tells_them_in_one_text_too(door: Door, empty_hub: Hub) -> None:
    """GraphQL's lines and the file of what changed between the first release and a second one."""
    told = send(door, HEAD + ROW.format(key="01,LUA", period="2023-Q2", value="2", source="NGO;LUA", remark="x"))
    (draft,) = told["drafts"].values()
    empty_hub.releases.approve(draft, LOCAL_ADMINISTRATOR)
    empty_hub.releases.release(draft, LOCAL_ADMINISTRATOR)
    query = '{ dataflow(ref: "SEN:NHIEU") { changes { nodes { attributes { id old new } } } } }'
    found = [each for one in Asker(door.ports).data(query)["dataflow"]["changes"]["nodes"] for each in one["attributes"]]
    assert {"id": "SOURCE", "old": "NGO", "new": "NGO; LUA"} in found
    assert {"id": "REMARK", "old": "a;b; c & <d>", "new": "x"} in found
    file = Reader(empty_hub).get("/dataflows/SEN/NHIEU/1.0/changes.csv?lang=en").text
    assert "NGO; LUA,Maize; Rice" in file and "\x1f" not in file
