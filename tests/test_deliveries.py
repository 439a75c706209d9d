"""A delivery's way: untouched copy, digest, checks, microdata, compilation, release (the source: tests/small_source.py).

The farms of Đất Nước Sen hand in, in tonnes:

    2024-Q1   province 01, rice: farms a 10, b 20, c 30                  2024-Q2   province 01, rice: a 11, b 22, c 33
              province 02, rice: farms d 40, e 50  (only two: confidential)
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import httpx
import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from adapters import sources
from hub import uploads
from hub.access import LOCAL_ADMINISTRATOR
from hub.disclosure import protect
from hub.tables import audit, delivery, tile
from hub.web import on_hub_error
from hub.wiring import Hub
from registry.errors import Conflict, Denied, HubError, Invalid, NotFound, Unauthenticated
from registry.ports import PUBLIC, Role, Viewer
from registry.selection import select as question
from tests import small_source, world

HEAD = "nong_trai,tinh,cay,quy,tan\n"
Q1 = (
    "trai-a,01,LUA,2024-Q1,10\ntrai-b,01,LUA,2024-Q1,20\ntrai-c,01,LUA,2024-Q1,30\n"
    "trai-d,02,LUA,2024-Q1,40\ntrai-e,02,LUA,2024-Q1,50\n"
)
Q2 = "trai-a,01,LUA,2024-Q2,11\ntrai-b,01,LUA,2024-Q2,22\ntrai-c,01,LUA,2024-Q2,33\n"
BAD = "trai-x,09,LUA,2024-Q1,7\ntrai-y,01,LUA,2024-Q1,bảy\ntrai-z,09,NGO,2024-Q1,x\ntrai-w,01\ntrai-v,03,NGO,2024-Q1,5000\n"
NONG = Viewer(Role.MINISTRY, "NONG", "máy chủ nông nghiệp")
OTHER = Viewer(Role.MINISTRY, "KHAC", "bộ khác")


@pytest.fixture(autouse=True)
def farms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    adapter = small_source.write_source(tmp_path / "farms")
    monkeypatch.setattr(sources, "ADAPTERS", {"farms": "tests.small_source"})
    monkeypatch.setattr(small_source, "adapter", lambda: adapter, raising=False)
    sources.adapter_for.cache_clear()


def csv(folder: Path, *lines: str, name: str = "mùa.csv") -> Path:
    path = folder / name
    path.write_text(HEAD + "".join(lines), encoding="utf-8")
    return path


def figures(hub: Hub) -> dict[str, dict[str, str | None]]:
    answer = hub.cube.ask(question(world.STRUCTURE), PUBLIC)
    return {".".join(each.key): dict(zip(each.periods(), each.values, strict=True)) for each in answer.series}


def publish(hub: Hub, period: str | None = None) -> None:
    draft = hub.compiler.compile(world.DATAFLOW.ref, period, LOCAL_ADMINISTRATOR)
    assert draft is not None
    hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    hub.releases.release(draft.id, LOCAL_ADMINISTRATOR)


def test_from_file_to_figures(empty_hub: Hub, tmp_path: Path) -> None:
    receipt = empty_hub.deliveries.deliver("farms", [csv(tmp_path, Q1, Q2)], NONG)
    assert (receipt.records, receipt.accepted, receipt.rejected, receipt.state) == (8, 8, 0, "accepted")
    publish(empty_hub)
    assert figures(empty_hub) == {
        "Q.01.LUA": {"2024-Q1": "60", "2024-Q2": "66"},
        "Q.02.LUA": {"2024-Q1": None},
        "Q._T.LUA": {"2024-Q1": "150", "2024-Q2": "66"},
    }


@pytest.mark.parametrize(("contributors", "shown"), [(None, ("5", None)), (0, (None, "C")), (2, (None, "C")), (3, ("5", "F"))])
def test_a_value_with_too_few_behind_it_is_hidden_and_says_so(contributors: int | None, shown: tuple[str | None, str]) -> None:
    assert protect("5", contributors) == shown


def test_the_copy_is_untouched_and_the_digest_is_of_the_content(empty_hub: Hub, tmp_path: Path) -> None:
    path = csv(tmp_path, Q1)
    receipt = empty_hub.deliveries.deliver("farms", [path], NONG)
    (copy,) = (empty_hub.settings.deliveries / "farms" / receipt.id).rglob("*.csv")
    assert copy.read_bytes() == path.read_bytes()
    again = empty_hub.deliveries.deliver("farms", [csv(tmp_path, Q1, name="other-name.csv")], NONG)
    assert again.repeated and again.id == receipt.id
    with empty_hub.engine.connect() as connection:
        assert len(connection.execute(select(delivery)).all()) == 1


def test_a_wrong_record_is_refused_alone_with_its_place_and_rule(empty_hub: Hub, tmp_path: Path) -> None:
    receipt = empty_hub.deliveries.deliver("farms", [csv(tmp_path, Q1, BAD)], NONG)
    assert (receipt.records, receipt.accepted, receipt.rejected) == (10, 6, 4)
    assert receipt.rules == {"BROKEN_LINE": 1, "NOT_A_NUMBER": 2, "UNKNOWN_PROVINCE": 2, "VERY_LARGE": 1}
    found = {(each.place, each.rule) for each in empty_hub.deliveries.rejects(receipt.id, NONG)}
    assert found == {
        ("7", "UNKNOWN_PROVINCE"),
        ("8", "NOT_A_NUMBER"),
        ("9", "UNKNOWN_PROVINCE"),
        ("9", "NOT_A_NUMBER"),
        ("10", "BROKEN_LINE"),
    }


def test_values_stand_in_the_rejects_file_only(empty_hub: Hub, tmp_path: Path) -> None:
    receipt = empty_hub.deliveries.deliver("farms", [csv(tmp_path, Q1, BAD)], NONG)
    assert all(each.value == "" for each in empty_hub.deliveries.rejects(receipt.id, NONG))
    kept = empty_hub.settings.deliveries / "farms" / f"{receipt.id}.rejects.parquet"
    values = duckdb.execute(f"SELECT value FROM '{kept}' WHERE rule = 'NOT_A_NUMBER'").fetchall()
    assert sorted(value for (value,) in values) == ["bảy", "x"]


def test_identifiers_are_nowhere_but_in_the_copy_and_the_rejects(empty_hub: Hub, tmp_path: Path) -> None:
    receipt = empty_hub.deliveries.deliver("farms", [csv(tmp_path, Q1, BAD)], NONG)
    publish(empty_hub)
    microdata = str(empty_hub.settings.microdata / "**" / "*.parquet")
    farms = duckdb.execute(f"SELECT farm FROM '{microdata}'").fetchall()
    assert len({farm for (farm,) in farms}) == 6 and not any("trai" in farm for (farm,) in farms)
    with empty_hub.engine.connect() as connection:
        everything = [repr(connection.execute(select(table)).all()) for table in (audit, delivery, tile)]
    assert "trai-" not in "".join(everything) + repr(receipt)


def test_a_file_that_is_not_of_this_source_is_refused_whole(empty_hub: Hub, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(Invalid, match="no column nong_trai"):
        empty_hub.deliveries.deliver("farms", [wrong], NONG)
    (listed,) = empty_hub.deliveries.seen_by(NONG)
    assert listed.state == "refused"
    with pytest.raises(Conflict, match="Nothing to compile"):
        empty_hub.compiler.compile(world.DATAFLOW.ref, None, LOCAL_ADMINISTRATOR)


def test_a_delivery_broken_off_is_taken_in_anew(empty_hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("hub.intake.take_in", dies)
        with pytest.raises(KeyboardInterrupt):
            empty_hub.deliveries.deliver("farms", [csv(tmp_path, Q1)], NONG)
    assert empty_hub.deliveries.seen_by(NONG)[0].state == "received"
    receipt = empty_hub.deliveries.deliver("farms", [csv(tmp_path, Q1)], NONG)
    assert (receipt.state, receipt.accepted, receipt.repeated) == ("accepted", 5, False)
    assert list(empty_hub.settings.spill.iterdir()) == [], "nothing temporary stays"


def test_two_hand_in_the_same_at_once(empty_hub: Hub, tmp_path: Path) -> None:
    paths = [csv(tmp_path, Q1, Q2, name=f"{number}.csv") for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        receipts = list(pool.map(lambda path: empty_hub.deliveries.deliver("farms", [path], NONG), paths))
    assert len({each.id for each in receipts}) == 1 and {each.accepted for each in receipts} == {8}
    publish(empty_hub)
    assert figures(empty_hub)["Q.01.LUA"] == {"2024-Q1": "60", "2024-Q2": "66"}


def test_compiling_one_period_leaves_the_others(empty_hub: Hub, tmp_path: Path) -> None:
    empty_hub.deliveries.deliver("farms", [csv(tmp_path, Q1)], NONG)
    publish(empty_hub)
    empty_hub.deliveries.deliver("farms", [csv(tmp_path, Q2)], NONG)
    publish(empty_hub, period="2024-Q2")
    assert figures(empty_hub)["Q.01.LUA"] == {"2024-Q1": "60", "2024-Q2": "66"}
    assert empty_hub.compiler.compile(world.DATAFLOW.ref, None, LOCAL_ADMINISTRATOR) is None, "all of it says the same"


def test_compiling_waits_for_a_person(empty_hub: Hub, tmp_path: Path) -> None:
    empty_hub.deliveries.deliver("farms", [csv(tmp_path, Q1)], NONG)
    draft = empty_hub.compiler.compile(world.DATAFLOW.ref, None, LOCAL_ADMINISTRATOR)
    assert draft is not None and draft.state == "draft" and figures(empty_hub) == {}


def test_only_the_office_compiles(empty_hub: Hub) -> None:
    with pytest.raises(Denied):
        empty_hub.compiler.compile(world.DATAFLOW.ref, None, NONG)


def test_a_ministry_sees_its_own_deliveries_only(empty_hub: Hub, tmp_path: Path) -> None:
    receipt = empty_hub.deliveries.deliver("farms", [csv(tmp_path, Q1)], NONG)
    assert [each.id for each in empty_hub.deliveries.seen_by(NONG)] == [receipt.id]
    assert empty_hub.deliveries.seen_by(OTHER) == []
    with pytest.raises(NotFound):
        empty_hub.deliveries.get(receipt.id, OTHER)
    with pytest.raises(Unauthenticated):
        empty_hub.deliveries.get(receipt.id, PUBLIC)
    assert empty_hub.deliveries.get(receipt.id, LOCAL_ADMINISTRATOR).id == receipt.id


@pytest.mark.parametrize("name", ["../../etc/passwd", "/absolute", "..", ".hidden", "a" * 300, "tệp có dấu.csv"])
def test_a_file_name_never_leaves_its_folder(empty_hub: Hub, tmp_path: Path, name: str) -> None:
    from hub.deliveries import place

    made = place(tmp_path, 1, name)
    assert made.parent == tmp_path / "0001" and not made.name.startswith(".") and len(made.name) <= 100


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def client(hub: Hub, role: str | None, organisation: str = "NONG") -> httpx.AsyncClient:
    headers = {"Accept-Language": "en"}
    if role:
        headers["Authorization"] = f"Bearer {hub.tokens.create(role, organisation, '', None, LOCAL_ADMINISTRATOR)[1]}"
    doors = uploads.routes(hub.ports, lambda request: hub.tokens.viewer(request.headers.get("authorization")))
    app = Starlette(routes=doors, exception_handlers={HubError: on_hub_error})
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="http://hub", headers=headers)


@pytest.mark.anyio
async def test_a_ministry_hands_in_over_http_and_gets_a_receipt(empty_hub: Hub) -> None:
    content = (HEAD + Q1 + BAD).encode()
    async with client(empty_hub, "ministry") as http:
        first = await http.post("/deliveries/farms", files={"file": ("mùa.csv", content)})
        raw = await http.post("/deliveries/farms?name=m.csv", content=content)
        listed = await http.get("/deliveries")
        one = await http.get(f"/deliveries/{first.json()['id']}")
    receipt = first.json()
    assert first.status_code == 201 and (receipt["records"], receipt["accepted"], receipt["rejected"]) == (10, 6, 4)
    assert len(receipt["digest"]) == 64
    first_line = receipt["rejects"][0]
    assert (first_line["place"], first_line["rule"], first_line["column"]) == ("7", "UNKNOWN_PROVINCE", "tinh")
    assert receipt["rules"]["UNKNOWN_PROVINCE"]["help"] == "Use a code from 01 to 03."
    assert raw.status_code == 200 and raw.json()["repeated"] and raw.json()["id"] == receipt["id"]
    assert [each["id"] for each in listed.json()["deliveries"]] == [receipt["id"]]
    assert one.json()["rejected"] == 4
    assert "bảy" not in first.text + one.text and "trai-" not in first.text + one.text


@pytest.mark.anyio
async def test_without_the_right_token_nothing_is_taken(empty_hub: Hub) -> None:
    async with client(empty_hub, None) as http:
        nobody = await http.post("/deliveries/farms", content=b"x")
        listing = await http.get("/deliveries")
    async with client(empty_hub, "ministry", "KHAC") as http:
        others = await http.get("/deliveries/unknown")
        nul = await http.get("/deliveries/%00")
        source = await http.post("/deliveries/farm", content=b"x")
        foreign = await http.post("/deliveries/farms", content=b"x")
    async with client(empty_hub, "ministry") as http:
        broken = await http.post("/deliveries/farms?name=x.csv", content=b"a,b\n1,2\n")
        empty = await http.post("/deliveries/farms", files={})
    assert (nobody.status_code, listing.status_code) == (401, 401)
    assert "Bearer" in nobody.headers["WWW-Authenticate"]
    assert (others.status_code, nul.status_code) == (404, 404)
    assert source.status_code == 404 and "farms" in source.json()["error"]["help"]
    assert (foreign.status_code, foreign.json()["error"]["code"]) == (403, "OTHER_ORGANISATION")
    assert "NONG" in foreign.json()["error"]["help"], "a ministry hands in for its own sources only"
    assert broken.status_code == 400 and broken.json()["error"]["code"] == "DELIVERED_FILE_UNREADABLE"
    assert empty.status_code == 400
    assert not list((empty_hub.settings.deliveries / ".incoming").iterdir())
