"""One bad artefact: it is named wherever it is missed, everything else is served, and it can be put right."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import httpx
import pytest
from lxml import etree
from sqlalchemy import select, update

from hub.wiring import Hub
from registry.actions import put
from registry.errors import Unavailable
from registry.model import Code, Codelist, CodelistExtension
from registry.ref import Kind, Ref
from registry.tables import artefact, artefact_slice, item_slice
from tests import world
from tests.asking import Asker
from tests.browsing import Reader
from tests.doors import LANG, Door, valid
from tests.test_sdmx_structures import TREE
from tests.test_sdmx_submitting import SOIL, Office, message, told

ML = "application/vnd.sdmx.structure+xml;version=2.1"
NEW = "application/vnd.sdmx.structure+json;version=2.1.0"


def damage(hub: Hub, id: str, kind: str = "Codelist", version: str = "1.0", **content: str) -> None:
    """``content``: what the row has instead."""
    row = (artefact.c.id == id, artefact.c.kind == kind, artefact.c.version == version)
    with hub.engine.begin() as connection:
        assert connection.execute(update(artefact).where(*row).values(**content)).rowcount == 1


def damage_items(hub: Hub, id: str, kind: str = "Codelist") -> None:
    """Of a scheme the items only."""
    own = select(artefact.c.key).where(artefact.c.id == id, artefact.c.kind == kind).scalar_subquery()
    slices = select(artefact_slice.c.slice).where(artefact_slice.c.artefact == own)
    with hub.engine.begin() as connection:
        connection.execute(update(item_slice).where(item_slice.c.digest.in_(slices)).values(content=b"\x78\x01damaged"))


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


def test_a_part_of_it_has_nothing_to_be_a_part_of_and_holds_nothing_else_up(empty_hub: Hub) -> None:
    damage(empty_hub, "CL_CROP", body="{")
    office, part = Office(empty_hub), replace(world.CROP, is_partial=True)
    assert office.post(part, SOIL, at="/sdmx/v2/structure?partial=true") == (207, {"CL_CROP": 503, "CL_SOIL": 201})
    assert office.post(world.CROP, Action="Merge") == (503, {"CL_CROP": 503})
    assert office.post(world.CROP) == (200, {"CL_CROP": 200})


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


HEIR = Codelist(
    ref=Ref(Kind.CODELIST, "SEN", "CL_HEIR", "1.0"),
    names={"vi": "Kế thừa"},
    items=(Code("HOA", {"vi": "Hoa"}),),
    extensions=(CodelistExtension(world.CROP.ref),),
)


def left_out(answer: httpx.Response) -> set[str]:
    """The lists that the footer of a valid message says are missing, where the answer is one."""
    assert answer.status_code == 200, answer.text
    said = [one.text or "" for one in valid(answer).iterfind(".//{*}Footer//{*}Text") if one.get(LANG) == "en"]
    missing = [text for text in said if not text.startswith("Hierarchy ")]
    return {name for text in missing for name in re.findall(r"CL_\w+", text)}


def test_a_list_that_inherits_from_it_is_left_out_too_and_the_rest_is_served(empty_hub: Hub) -> None:
    office = Office(empty_hub)
    with empty_hub.engine.begin() as connection:
        put(connection, [HEIR], world.act(empty_hub.clock.now()))
    damage(empty_hub, "CL_CROP", body="{")
    for question in ("", "?references=all", "?detail=referencepartial&references=all"):
        answer = office.send("GET", f"/sdmx/v1/codelist/SEN{question}", Accept=ML)
        assert left_out(answer) == {"CL_CROP", "CL_HEIR"}, question
        assert b'id="CL_FREQ"' in answer.content


def test_its_trees_are_missing_with_it_and_no_other_hierarchy_is(empty_hub: Hub) -> None:
    office = Office(empty_hub)
    with empty_hub.engine.begin() as connection:
        put(connection, [HEIR, TREE], world.act(empty_hub.clock.now()))
    damage(empty_hub, "CL_CROP", body="{")
    damage(empty_hub, "CL_PROVINCE", body="{")
    for kind, detail in itertools.product(("hierarchy", "*"), ("full", "allstubs")):
        answer = office.send("GET", f"/sdmx/v2/structure/{kind}/SEN/*/*?detail={detail}", Accept=NEW)
        assert answer.status_code == 200 and "CAY_TINH" in answer.text, (kind, detail)


def test_whatever_is_asked_beside_it_is_answered(empty_hub: Hub) -> None:
    office = Office(empty_hub)
    damage(empty_hub, "CL_CROP", body="{")
    damage(empty_hub, "CONCEPTS", "ConceptScheme", head="[]")
    for path in ("dataflow/SEN/MUA/1.0", "datastructure/SEN/MUA/1.0", "codelist/SEN/CL_FREQ/1.0/A"):
        for detail in ("full", "referencepartial", "allstubs", "referencestubs", "raw"):
            answer = office.send("GET", f"/sdmx/v2/structure/{path}?references=all&detail={detail}", Accept=ML)
            assert (answer.status_code, int(answer.headers["sdmx-lost"]) > 0) == (200, True), (path, detail)
            valid(answer)


def test_nor_does_a_long_one_end_a_listing(empty_hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.classification.deriving.SHORT", 0)
    with empty_hub.engine.begin() as connection:
        put(connection, [replace(HEIR, extensions=())], world.act(empty_hub.clock.now()))
    damage(empty_hub, "CL_HEIR", body="{")
    answer = Office(empty_hub).send("GET", "/sdmx/v1/codelist/SEN", Accept=ML)
    assert left_out(answer) == {"CL_HEIR"} and b'id="CL_FREQ"' in answer.content
    assert Office(empty_hub).send("GET", "/sdmx/v1/codelist/SEN/CL_HEIR/1.0", Accept=ML).status_code == 503


def test_lists_in_graphql_leave_it_out_and_name_it(empty_hub: Hub) -> None:
    damage(empty_hub, "CL_CROP", body="{")
    asker = Asker(empty_hub.ports, {"Accept-Language": "en"})
    answer = asker.ask('{ codelists(agency: "SEN") { totalCount nodes { id codes(first: 1) { totalCount } } } }')
    assert [one["id"] for one in answer["data"]["codelists"]["nodes"]] == [
        "CL_FREQ",
        "CL_OBS_STATUS",
        "CL_PROVINCE",
        "CL_UNIT",
        "CL_UNIT_MULT",
    ]
    (error,) = answer["errors"]
    assert error["path"] == ["codelists", "nodes"] and error["extensions"]["code"] == "MEMBER_LEFT_OUT"
    assert "SEN:CL_CROP(1.0)" in error["message"]
    names = asker.ask('{ codelists(agency: "SEN") { nodes { id name } } }')
    assert "errors" not in names and len(names["data"]["codelists"]["nodes"]) == 6, "whose names can be read is listed"


def test_alone_or_as_a_part_of_something_it_is_an_error_there_too(empty_hub: Hub) -> None:
    damage(empty_hub, "CL_CROP", body="{")
    asker = Asker(empty_hub.ports)
    alone = asker.ask('{ codelist(ref: "SEN:CL_CROP(1.0)") { codes(first: 1) { totalCount } } }')
    assert alone["errors"][0]["extensions"]["code"] == "ARTEFACT_UNREADABLE"
    damage(empty_hub, "MUA", "DataStructure", body="{")
    parts = asker.ask("{ dataStructures { nodes { id dimensions { id } } } }")
    assert parts["data"]["dataStructures"]["nodes"] == [] and len(parts["errors"]) == 1


def test_pages_of_the_portal_say_what_they_leave_out(empty_hub: Hub) -> None:
    damage(empty_hub, "CL_CROP", body="{")
    page = Reader(empty_hub).look("/en/codelists")
    assert page.one("//*[@role='note']/ul/li") == (
        "What is stored of the Codelist SEN:CL_CROP(1.0) makes no sense to this program (JSONDecodeError)."
    )
    assert "Province" in page.all("//h3")
    assert not Reader(empty_hub).look("/en/codelists/SEN/CL_PROVINCE/1.0").all("//*[@role='note']")
    Reader(empty_hub).look("/en/codelists/SEN/CL_CROP/1.0", status=503)


def test_a_long_list_with_a_damaged_part_is_left_out_before_it_is_begun(
    empty_hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its codes are read while they are written, when it is too late to say that some no longer read."""
    monkeypatch.setattr("registry.classification.deriving.SHORT", 1000)
    codes = tuple(Code(f"X{n}", {"vi": f"Xã {n}"}) for n in range(2500))
    with empty_hub.engine.begin() as connection:
        put(connection, [Codelist(ref=HEIR.ref, names=HEIR.names, items=codes)], world.act(empty_hub.clock.now()))
        last = select(artefact_slice.c.slice).where(artefact_slice.c.number == 2)
        connection.execute(update(item_slice).where(item_slice.c.digest.in_(last)).values(content=b"\x78\x01damaged"))
    office = Office(empty_hub)
    for accept in (ML, NEW):
        answer = office.send("GET", "/sdmx/v2/structure/codelist/SEN", Accept=accept)
        assert (answer.status_code, int(answer.headers["sdmx-lost"]) > 0) == (200, True), accept
        assert "CL_FREQ" in answer.text and "Codelist SEN:CL_HEIR(1.0)" in answer.text and "Xã 7" not in answer.text, accept
    assert office.send("GET", "/sdmx/v2/structure/codelist/SEN/CL_HEIR/1.0", Accept=ML).status_code == 503
