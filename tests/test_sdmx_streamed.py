"""Large answers about structures: lists that are too long to be held are written while they are read, and what was made once is
sent again as long as the registry does not change."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import Connection

from adapters.sdmx.artefacts import Wanted
from adapters.sdmx.jsonshape import records as jsonshape
from adapters.sdmx.markup import grammar as markup
from adapters.sdmx.reading.structures import structures_of
from adapters.sdmx.resolving import Resolver
from adapters.sdmx.writing.shown import Shown
from hub.wiring import Hub
from registry.actions import put
from registry.model import Artefact, Code, Codelist
from registry.ref import Kind, Ref
from registry.state import State
from registry.store import Store
from tests import world
from tests.doors import STRUCTURE_TYPE, Door
from tests.work import at_most

LONG = Ref(Kind.CODELIST, "SEN", "CL_XA", "1.0")
PATH = "/v2/structure/codelist/SEN/CL_XA/1.0"
MEDIA = [f"application/vnd.sdmx.structure+{of}" for of in ("xml;version=2.1", "xml;version=3.1.0", "json;version=2.1.0")]


@pytest.fixture
def places(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Door:
    """A list of 2,500 places where no list of more than a thousand codes is held. The id of the last one is none in SDMX."""
    monkeypatch.setattr("registry.classification.deriving.SHORT", 1000)
    items = [Code(f"X{n}", {"vi": f"Xã {n}", "en": f"Commune {n}"}, parent=f"X{n // 10}" if n else None) for n in range(2500)]
    items[-1] = replace(items[-1], id="X 2499")
    with hub.engine.begin() as connection:
        put(connection, [Codelist(ref=LONG, names={"vi": "Xã"}, items=tuple(items))], world.act(hub.clock.now()))
    return Door(hub.ports)


@pytest.mark.parametrize("accept", MEDIA)
def test_a_long_list_is_written_while_it_is_read(places: Door, accept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = places.ports.catalogue.get(LONG)
    assert isinstance(whole, Codelist)

    def held(_state: State, refs: list[Ref]) -> list[Codelist]:
        assert LONG not in refs, "the list was read as a whole"
        return []

    monkeypatch.setattr(State, "get_all", held)
    answer = places.get(PATH, Accept=accept)
    assert answer.status_code == 200
    (read,) = structures_of(answer.content).artefacts
    assert isinstance(read, Codelist)
    assert read.items == whole.items[:-1]


def test_some_codes_of_a_long_list_are_found_by_themselves(places: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(State, "items", lambda *_: pytest.fail("all of the list was read"))
    (part,) = structures_of(places.get(f"{PATH}/X7,X2000,NOPE", Accept=STRUCTURE_TYPE).content).artefacts
    assert isinstance(part, Codelist) and part.is_partial
    assert {one.id: one.parent for one in part.items} == {"X7": "X0", "X2000": "X200"}
    assert places.get(f"{PATH}/NOPE").status_code == 204


def test_what_is_lost_of_a_long_list_is_told_before_it_is_written_and_at_its_end(places: Door) -> None:
    for accept in MEDIA:
        answer = places.get(PATH, Accept=accept)
        assert answer.headers["SDMX-Lost"] == "1" and answer.text.count("items[2499]") > 0, accept


def test_who_is_strict_is_refused_at_once_and_gets_a_list_of_which_nothing_is_lost(
    hub: Hub, places: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither is the list walked through to know it, but for the codes of a slice that are all of other sorts."""
    whole = places.ports.catalogue.get(LONG)
    assert isinstance(whole, Codelist)
    odd = [replace(one, names={f"_{n}": "Xã"}) for n, one in enumerate(whole.items[1000:1500])]
    held = replace(whole, ref=replace(LONG, id="CL_XB"), items=whole.items[:-1])
    mixed = replace(whole, ref=replace(LONG, id="CL_XC"), items=(*whole.items[:1000], *odd, *whole.items[1500:]))
    with hub.engine.begin() as connection:
        put(connection, [held, mixed], world.act(hub.clock.now()))
    monkeypatch.setattr(State, "items", lambda *_: pytest.fail("all of the list was read"))
    for accept in MEDIA:
        one = places.get(f"{PATH}?strict=true", Accept=accept)
        assert one.status_code == 406 and "items[2499]" in one.text, accept
        many = places.get(f"{PATH.replace('CL_XA', 'CL_XC')}?strict=true", Accept=accept)
        assert many.status_code == 406 and "501" in many.text and "items[1000]" in many.text, accept
    monkeypatch.undo()
    monkeypatch.setattr("registry.classification.deriving.SHORT", 1000)
    for accept in MEDIA:
        rest = places.get(PATH.replace("CL_XA", "CL_XC"), Accept=accept)
        assert rest.headers["SDMX-Lost"] == "501" and "And 401 more parts" in rest.text, accept
        answer = places.get(f"{PATH.replace('CL_XA', 'CL_XB')}?strict=true", Accept=accept)
        assert answer.status_code == 200 and "SDMX-Lost" not in answer.headers, accept


def test_an_answer_is_made_once_until_the_registry_changes(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    door, made = Door(hub.ports), list[str]()
    resolve = Resolver.resolve

    def counted(resolver: Resolver, wanted: Wanted) -> list[Shown]:
        made.append(wanted.detail)
        return resolve(resolver, wanted)

    monkeypatch.setattr(Resolver, "resolve", counted)
    path = "/v1/codelist/SEN?detail="
    first, again = (door.get(f"{path}allstubs", Accept=STRUCTURE_TYPE) for _ in range(2))
    assert (again.content, dict(again.headers), made) == (first.content, dict(first.headers), ["allstubs"])
    for other in ({"Accept": MEDIA[1]}, {"Accept": STRUCTURE_TYPE, "Accept-Language": "en"}):
        door.get(f"{path}allstubs", **other)
    assert len(made) == 3
    with hub.engine.begin() as connection:
        put(connection, [Codelist(ref=LONG, names={"vi": "Xã"})], world.act(hub.clock.now()))
    assert len(door.refs(f"{path}allstubs")) == len(door.refs("/v1/codelist/SEN")) and "CL_XA" in str(
        door.refs(f"{path}allstubs")
    )
    assert made.count("allstubs") == 4


@pytest.mark.parametrize("accept", MEDIA)
def test_of_a_listing_only_what_changed_is_written_again(hub: Hub, accept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    door, written = Door(hub.ports), list[Ref]()
    for grammar, method, place in ((markup.Record, "fill", 2), (jsonshape.Record, "write", 1)):
        monkeypatch.setattr(grammar, method, noting(getattr(grammar, method), place, written))
    path = "/v2/structure/codelist/SEN?detail=allstubs"
    door.get(path, Accept=accept)
    assert len(written) == len(set(written)) > 2, "each is written once, also where it is asked what the format cannot hold"
    written.clear()
    with hub.engine.begin() as connection:
        put(connection, [Codelist(ref=LONG, names={"vi": "Xã"})], world.act(hub.clock.now()))
    after = door.get(path, Accept=accept)
    assert written == [LONG]
    alone = Door(hub.ports).get(path, Accept=accept)
    assert structures_of(after.content).artefacts == structures_of(alone.content).artefacts


@pytest.mark.parametrize("accept", MEDIA)
def test_what_did_not_change_costs_next_to_nothing_in_a_listing(hub: Hub, accept: str) -> None:
    door, path, count = Door(hub.ports), "/v2/structure/codelist/SEN?detail=allstubs", 1000
    made = [Codelist(ref=replace(LONG, id=f"CL_{n}"), names={"vi": f"Danh mục {n}"}) for n in range(count)]
    for change in (made, [replace(made[7], names={"vi": "Danh mục khác"})], [Codelist(ref=LONG, names={"vi": "Xã"})]):
        with hub.engine.begin() as connection:
            put(connection, change, world.act(hub.clock.now()))
        with at_most(50 * count if len(change) == 1 else 2000 * count):
            answer = door.get(path, Accept=accept)
        found = {one.ref: one.names["vi"] for one in structures_of(answer.content).artefacts}
        assert {one.ref: one.names["vi"] for one in change}.items() <= found.items()


def test_of_two_who_ask_at_once_the_second_has_what_the_first_made(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    door, written, moved = Door(hub.ports), list[Ref](), list[int]()
    monkeypatch.setattr(markup.Record, "fill", noting(markup.Record.fill, 2, written))
    move = Store._moved

    def noted(store: Store, connection: Connection, here: State, revision: int) -> State:
        moved.append(revision)
        return move(store, connection, here, revision)

    monkeypatch.setattr(Store, "_moved", noted)
    both = Barrier(2)

    def asked(lang: str) -> bytes:
        both.wait()
        return door.get("/v1/codelist/SEN?detail=allstubs", Accept=STRUCTURE_TYPE, Accept_Language=lang).content

    with ThreadPoolExecutor(2) as pool:
        one, other = (structures_of(answer).artefacts for answer in pool.map(asked, ("vi", "en")))
    assert one == other and len(one) > 2
    assert len(written) == len(set(written)) and len(moved) == 1


def noting(write: Callable[..., object], place: int, written: list[Ref]) -> Callable[..., object]:
    """What writes by a grammar, noting the artefacts among what it is given at a place."""

    def noted(*given: object) -> object:
        value = given[place]
        if isinstance(value, Artefact):
            written.append(value.ref)
        return write(*given)

    return noted
