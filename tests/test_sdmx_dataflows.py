"""Several dataflows in one answer: a data set of each, whatever their structures.

SEN:MUA(1.0)      FREQ . PROVINCE . CROP      the harvest of tests/world.py
SEN:GIA(1.0)      FREQ . CROP                 prices: Q.LUA 2023-Q1 5
SEN:MUA_2(1.0)    FREQ . PROVINCE . CROP      another harvest under the same structure: Q.03.LUA 2023-Q1 7
SEN:TRONG(1.0)    nothing is published
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest
from lxml import etree

from hub.access import LOCAL_ADMINISTRATOR
from hub.settings import Settings
from hub.wiring import Hub
from registry.actions import put
from registry.model import Artefact, Dataflow
from registry.period import parse_period
from registry.ref import Kind, Ref
from registry.series import Series
from tests import world
from tests.conftest import Hands, publish
from tests.doors import Door, valid
from tests.test_sdmx_structures import AGREEMENT, PROVIDERS

PRICES = replace(
    world.DSD,
    ref=Ref(Kind.DATA_STRUCTURE, "SEN", "GIA", "1.0"),
    dimensions=tuple(one for one in world.DSD.dimensions if one.id != "PROVINCE"),
)


def flow(id: str, of: Ref) -> Dataflow:
    return replace(world.DATAFLOW, ref=Ref(Kind.DATAFLOW, "SEN", id, "1.0"), structure=of)


FLOWS = (flow("GIA", PRICES.ref), flow("MUA_2", world.DSD.ref), flow("TRONG", world.DSD.ref))


def release(hub: Hub, dataflow: Dataflow, key: tuple[str, ...], value: str) -> None:
    period = parse_period("2023-Q1")
    series = Series(key, "Q", np.array([period.ordinal], np.int64), [value], attributes=world.TONNES, observation_attributes={})
    draft = hub.drafts.draft(hub.ports.catalogue.structure(dataflow.ref), [series], LOCAL_ADMINISTRATOR)
    assert draft is not None
    hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    hub.releases.release(draft.id, LOCAL_ADMINISTRATOR)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder: Path = tmp_path_factory.mktemp("dataflows")
    clock = Hands()
    chosen = {"HUB_DATA_DIR": str(folder), "HUB_DATABASE_URL": f"sqlite:///{folder / 'hub.sqlite'}", "HUB_FOUR_EYES": "0"}
    hub = Hub.build(Settings.load(chosen), clock)
    hub.initialise(content=False)
    with hub.engine.begin() as connection:
        put(connection, (*world.ARTEFACTS, PRICES, *FLOWS), world.act(clock.now()))
    publish(hub, world.harvest())
    release(hub, FLOWS[0], ("Q", "LUA"), "5")
    release(hub, FLOWS[1], ("Q", "03", "LUA"), "7")
    clock.pass_by(hours=1)
    yield Door(hub.ports)
    hub.engine.dispose()


@pytest.mark.parametrize(
    "path", ["/v1/data/SEN,MUA+GIA,1.0", "/v2/data/dataflow/SEN/MUA,GIA/1.0", "/v2/data/dataflow/SEN/GIA,MUA"]
)
@pytest.mark.parametrize("format", ["genericdata", "structurespecificdata"])
def test_in_xml_each_data_set_says_whose_it_is(door: Door, path: str, format: str) -> None:
    answer = door.get(f"{path}?format={format}&formatVersion=2.1")
    assert answer.status_code == 200, answer.text
    root = valid(answer) if format == "genericdata" else etree.fromstring(answer.content)
    ids = [str(one.get("structureID")) for one in root.iterfind("{*}Header/{*}Structure")]
    assert sorted(ids) == ["DF_SEN_GIA_1_0", "DF_SEN_MUA_1_0"]
    sets = root.findall("{*}DataSet")
    named = [next(str(value) for name, value in one.attrib.items() if str(name).endswith("structureRef")) for one in sets]
    assert named == ids
    assert [len(one.findall("{*}Series")) for one in sets] == [4 if "MUA" in name else 1 for name in named]


def test_in_json_each_has_its_structure(door: Door) -> None:
    message = orjson.loads(door.get("/v2/data/dataflow/SEN/MUA,GIA/1.0").content)["data"]
    assert [one["structure"] for one in message["dataSets"]] == [0, 1]
    keys = [[part["id"] for part in one["dimensions"]["series"]] for one in message["structures"]]
    assert keys == [["FREQ", "CROP"], ["FREQ", "PROVINCE", "CROP"]]


def test_in_csv_only_with_the_same_columns(door: Door) -> None:
    for path in ("/v2/data/datastructure/SEN/MUA/1.0/Q.*.LUA", "/v2/data/dataflow/SEN/MUA,MUA_2,TRONG/1.0/Q.*.LUA"):
        rows = list(csv.DictReader(io.StringIO(door.get(f"{path}?format=csv").text)))
        assert {row["STRUCTURE_ID"] for row in rows} == {"SEN:MUA(1.0)", "SEN:MUA_2(1.0)"}
        assert [row["OBS_VALUE"] for row in rows][-1] == "7"
    status, _, text = door.error("/v2/data/dataflow/SEN/MUA,GIA?format=csv")
    assert status == 406
    assert "jsondata" in text


def test_a_question_that_does_not_fit_one_of_several_finds_nothing_of_that(door: Door) -> None:
    answer = door.get("/v2/data/*/*/*/*/Q.01.LUA?format=genericdata")
    assert [one.get("structureRef") for one in valid(answer).iterfind("{*}DataSet")] == ["MUA"]
    assert door.error("/v2/data/dataflow/SEN/MUA,GIA/1.0/A.B.C.D.E")[0] == 400
    assert door.get("/v2/data/dataflow/SEN/MUA,GIA/1.0/M").status_code == 204
    assert door.error("/v2/data/dataflow/SEN/MUA,GIA/1.0?limt=3")[0] == 400


def test_an_unchanged_answer_of_several_costs_a_304(door: Door) -> None:
    first = door.get("/v1/data/SEN,MUA+GIA,1.0")
    assert door.get("/v1/data/SEN,MUA+GIA,1.0", If_None_Match=first.headers["etag"]).status_code == 304


JSON_STRUCTURES = [f"application/vnd.sdmx.structure+json;version={one}" for one in ("2.1.0", "2.0.0", "1.0.0")]
ML_STRUCTURES = [f"application/vnd.sdmx.structure+xml;version={one}" for one in ("3.1.0", "3.0.0", "2.1")]


@pytest.mark.parametrize("media", [*JSON_STRUCTURES, *ML_STRUCTURES])
def test_what_is_there_of_several_is_a_constraint_of_each(door: Door, media: str) -> None:
    answer = door.get("/v2/availability/dataflow/SEN/MUA,GIA,TRONG/1.0/Q/CROP?references=codelist,dataflow", Accept=media)
    assert answer.status_code == 200, answer.text
    if "json" in media:
        data = orjson.loads(answer.content)["data"]
        (told,) = (data[name] for name in data if name.endswith("Constraints"))
        codelists = data["codelists"]
    else:
        root = valid(answer) if "2.1" in media else etree.fromstring(answer.content)
        told = [*root.iter("{*}AvailabilityConstraint", "{*}DataConstraint", "{*}ContentConstraint")]
        codelists = root.findall(".//{*}Codelist")
    assert len(told) == 2
    assert len(codelists) == 1
    assert b"TRONG" not in answer.content
    nothing = door.get("/v2/availability/dataflow/SEN/MUA,GIA/1.0/M")
    assert nothing.status_code == 204
    assert door.error("/v2/availability/dataflow/SEN/MUA,GIA/1.0/A.B.C.D.E")[0] == 400


def test_what_is_there_is_told_of_some_dimensions(door: Door) -> None:
    path = "/v2/availability/dataflow/SEN/MUA/1.0/*/"

    def told(components: str) -> list[str]:
        (one,) = orjson.loads(door.get(path + components).content)["data"]["availabilityConstraints"]
        return [part["id"] for part in one["cubeRegion"]["keyValues"]]

    assert told("CROP,FREQ") == ["FREQ", "CROP"]
    assert told("CROP,TIME_PERIOD") == ["CROP", "TIME_PERIOD"]
    assert told("*") == told("CROP,*") == told("")
    assert door.error(f"{path}CROP,NOTE")[:2] == (422, "150")
    first = valid(door.get("/v1/availableconstraint/MUA/all/all/CROP+FREQ"))
    assert [one.get("id") for one in first.iter("{*}KeyValue")] == ["FREQ", "CROP"]
    assert door.error("/v1/availableconstraint/MUA/all/all/CROP,FREQ")[:2] == (403, "150")


@pytest.mark.parametrize("shown", ["", "&attributes=none&measures=none", "&sort=OBS_VALUE:desc", "&sort=TIME_PERIOD+CROP"])
def test_pages_go_on_from_one_dataflow_to_the_next(door: Door, shown: str) -> None:
    path = f"/v2/data/dataflow/SEN/MUA,TRONG,MUA_2/1.0?format=csv{shown}"

    def rows(page: str = "") -> list[str]:
        answer = door.get(path + page)
        return answer.text.splitlines()[1:] if answer.status_code == 200 else []

    whole = rows()
    assert len(whole) == (5 if "none" in shown else 10)
    for limit in (1, 2, 3, len(whole), 50):
        pages = [rows(f"&offset={start}&limit={limit}") for start in range(0, len(whole) + limit, limit)]
        assert [row for page in pages for row in page] == whole, limit
    assert rows("&offset=2") == whole[2:]
    assert door.get(f"{path}&offset=50").status_code == 204


def test_figures_are_those_of_a_provision_agreement_where_there_is_no_other(hub: Hub) -> None:
    other = replace(AGREEMENT, ref=replace(AGREEMENT.ref, id="BTC_MUA"), provider=PROVIDERS.ref.item("BTC"))
    newer = replace(AGREEMENT, ref=replace(AGREEMENT.ref, version="2.0"))
    door, path = Door(hub.ports), "/v2/data/provisionagreement/SEN/"

    def stored(*made: Artefact) -> None:
        with hub.engine.begin() as connection:
            put(connection, made, world.act(hub.clock.now()))

    def givers() -> list[str]:
        answer = door.get("/v2/availability/dataflow/SEN/MUA?references=dataproviderscheme,valuelist")
        schemes = orjson.loads(answer.content)["data"].get("dataProviderSchemes", [])
        return [one["id"] for scheme in schemes for one in scheme["dataProviders"]]

    stored(PROVIDERS, AGREEMENT, newer)
    assert door.cells(f"{path}BNN_MUA/*") == door.cells("/v2/data/dataflow/SEN/MUA")
    assert door.get("/v2/availability/provisionagreement/SEN/BNN_MUA").status_code == 200
    assert givers() == ["BNN"]
    stored(other)
    assert givers() == []
    assert [door.get(f"{path}{id}").status_code for id in ("BNN_MUA", "BTC_MUA", "NOPE")] == [204, 204, 204]


def test_the_provider_of_1_is_that_of_the_only_agreement_else_the_agency(hub: Hub) -> None:
    other = replace(AGREEMENT, ref=replace(AGREEMENT.ref, id="BTC_MUA"), provider=PROVIDERS.ref.item("BTC"))
    door = Door(hub.ports)

    def given(*providers: str) -> list[int]:
        return [door.get(f"/v1/data/MUA/all/{provider}").status_code for provider in providers]

    assert given("SEN", "SEN,SEN", "all,SEN", "X+SEN", "all", "X+all") == [200] * 6
    assert given("BNN", "X", "X,SEN") == [404] * 3
    with hub.engine.begin() as connection:
        put(connection, (PROVIDERS, AGREEMENT), world.act(hub.clock.now()))
    assert given("BNN", "SEN,BNN", "SEN,all", "BTC+BNN", "all") == [200] * 5
    assert given("SEN", "X,BNN", "BTC") == [404] * 3
    with hub.engine.begin() as connection:
        put(connection, (other,), world.act(hub.clock.now()))
    assert given("BNN", "BTC", "SEN", "all") == [404, 404, 404, 200], "nobody knows which figures are whose"
    assert given("A,B,C") == [400]


def test_the_latest_of_1_is_in_production_and_no_draft(hub: Hub) -> None:
    """Who prepares the next version takes nothing away from readers of the one that is used."""
    drafts = [replace(one, ref=replace(one.ref, version="2.0.0-draft"), is_final=False) for one in (world.CROP, world.DATAFLOW)]
    with hub.engine.begin() as connection:
        put(connection, drafts, world.act(hub.clock.now()))
    door = Door(hub.ports)
    assert (
        door.refs("/v1/codelist/SEN/CL_CROP") == door.refs("/v1/codelist/SEN/CL_CROP/latest") == ["Codelist SEN:CL_CROP(1.0)"]
    )
    for path in ("data/MUA", "data/SEN,MUA,latest", "availableconstraint/MUA", "schema/dataflow/SEN/MUA", "dataflow/SEN/MUA"):
        assert door.get(f"/v1/{path}").status_code == 200, path
    newest = door.get("/v2/structure/codelist/SEN/CL_CROP").json()["data"]["codelists"]
    assert [one["version"] for one in newest] == ["2.0.0-draft"], "2.x asks for the latest, whether stable or draft"
