"""One bad artefact: it is named wherever it is missed, everything else is served, and it can be put right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree
from sqlalchemy import update

from hub.wiring import Hub
from registry.errors import Unavailable
from registry.tables import artefact
from tests import world
from tests.doors import LANG, Door, valid
from tests.test_sdmx_submitting import SOIL, Office, message, told

ML = "application/vnd.sdmx.structure+xml;version=2.1"


def damage(hub: Hub, id: str, kind: str = "Codelist", **content: str) -> None:
    with hub.engine.begin() as connection:
        connection.execute(update(artefact).where(artefact.c.id == id, artefact.c.kind == kind).values(**content))


@pytest.mark.parametrize("content", [{"body": '{"nonsense": 1}'}, {"body": "{"}, {"head": "[]"}])
def test_the_rest_is_served_and_the_fault_named(empty_hub: Hub, content: dict[str, str]) -> None:
    damage(empty_hub, "CL_CROP", **content)
    answer = Door(empty_hub.ports).get("/v1/codelist/SEN", Accept=ML)
    root = valid(answer)
    assert (answer.status_code, answer.headers["sdmx-lost"]) == (200, "1")
    assert [one.get("id") for one in root.iterfind(".//{*}Codelist")] == [
        "CL_FREQ",
        "CL_OBS_STATUS",
        "CL_PROVINCE",
        "CL_UNIT",
        "CL_UNIT_MULT",
    ]
    said = [one.text for one in root.iterfind(".//{*}Footer//{*}Text") if one.get(LANG) == "en"]
    assert [" ".join((text or "").split()) for text in said] == [
        "Codelist SEN:CL_CROP(1.0) : Left out because it can no longer be read"
    ]


def test_it_alone_is_an_honest_error_and_can_be_replaced(empty_hub: Hub) -> None:
    damage(empty_hub, "CL_CROP", body="{")
    office, here = Office(empty_hub), "/sdmx/v2/structure/codelist/SEN/CL_CROP/1.0"
    alone = office.send("GET", here, Accept=ML)
    assert (alone.status_code, etree.fromstring(alone.content)[0].get("code")) == (503, "503")
    with pytest.raises(Unavailable):
        empty_hub.catalogue.get(world.CROP.ref)
    assert told(office.send("PUT", here, message(world.CROP))) == (200, {"CL_CROP": 200})
    assert empty_hub.catalogue.get(world.CROP.ref).names == world.CROP.names
    assert office.send("GET", here, Accept=ML).status_code == 200


def test_a_listing_of_stubs_is_no_different(empty_hub: Hub) -> None:
    damage(empty_hub, "CL_CROP", head="{")
    answer = Door(empty_hub.ports).get("/v2/structure/codelist/SEN/*/*?detail=allstubs", Accept=ML)
    assert (answer.headers["sdmx-lost"], b"CL_FREQ" in answer.content) == ("1", True)


@pytest.mark.parametrize(("kind", "id"), [("Codelist", "CL_CROP"), ("DataStructure", "MUA"), ("Dataflow", "MUA")])
def test_under_figures_it_holds_nothing_else_up_and_can_be_put_right(hub: Hub, kind: str, id: str) -> None:
    damage(hub, id, kind, body="{")
    office = Office(hub)
    assert office.post(SOIL) == (201, {"CL_SOIL": 201})
    assert told(office.send("DELETE", "/sdmx/v2/structure/codelist/SEN/CL_SOIL/1.0")) == (200, {"CL_SOIL": 200})
    right = next(one for one in world.ARTEFACTS if (one.ref.kind, one.ref.id) == (kind, id))
    assert office.post(right) == (200, {id: 200})
    assert hub.catalogue.get(right.ref).names == right.names


def test_the_figures_are_protected_all_the_same(hub: Hub) -> None:
    damage(hub, "CL_PROVINCE", body="{")
    office = Office(hub)
    assert told(office.send("DELETE", "/sdmx/v2/structure/codelist/SEN/CL_CROP/1.0")) == (409, {"CL_CROP": 409})
    assert office.post(replace(world.CROP, items=world.CROP.items[:1])) == (409, {"CL_CROP": 409})
