"""Nobody sees a release under embargo, at no door: a world with one answers like a world without, byte for byte.

Both worlds publish the harvest on 2025-07-01 and an addition a day later, and announce a third release. Only in one of them
does that release wait, and another above it, with drafts beside and a preview granted. Everybody asks both the same.
"""

from __future__ import annotations

import asyncio
import re
import secrets as random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from sqlalchemy import create_engine, text

from adapters.formats import OUTLETS
from hub.access import LOCAL_ADMINISTRATOR
from hub.app import application
from hub.settings import Settings
from hub.wiring import Hub
from registry.actions import put
from registry.errors import HubError
from registry.model import Structure
from registry.ports import PUBLIC
from registry.raw import Action
from registry.selection import select as question
from tests import model, world
from tests.conftest import Hands
from tests.world import series

LAW = {"vi": "Luật", "en": "Law"}
SECRETS = ("424242", "535353", "646464", "BÍ MẬT")
FUTURE, BETWEEN, EARLY = "2030-01-01T00:00:00Z", "2025-07-01T12:00:00Z", "2025-06-01T00:00:00Z"
WAITS = timedelta(days=9)


class World(NamedTuple):
    """``waiting``: the ids of the releases under embargo; ``ministry``: a token that gives no right to them."""

    hub: Hub
    clock: Hands
    waiting: tuple[str, ...]
    ministry: str


def published(hub: Hub, content: Any, structure: Structure = world.STRUCTURE, **how: Any) -> str:
    note = how.pop("dataset_attributes", None)
    draft = hub.drafts.draft(structure, content, LOCAL_ADMINISTRATOR, dataset_attributes=note)
    assert draft is not None
    hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    return hub.releases.release(draft.id, LOCAL_ADMINISTRATOR, **how).id


def of_any_text(text: str, value: str) -> Any:
    """A series whose codes and attributes are in no codelist, so that only the data know them."""
    said = {"UNIT": text, "TITLE": text, "REGION": text}
    return model.Said(
        Action.MERGE, [((("01", text), "A"), {2000: {"AREA": value, "STATUS": text, "REMARK": text}}, said)]
    ).staged()


def a_world(address: str, folder: Path, secret: bool, monkeypatch: pytest.MonkeyPatch) -> World:
    numbers = iter(range(1, 10_000))
    monkeypatch.setattr("secrets.token_hex", lambda size=8: f"{next(numbers):0{2 * size}x}")
    clock = Hands()
    environment = {"HUB_DATA_DIR": str(folder), "HUB_PUBLIC_URL": "https://so-lieu.example", "HUB_FOUR_EYES": "0"}
    hub = Hub.build(Settings.load(environment | {"HUB_DATABASE_URL": address}), clock)
    hub.initialise(content=False)
    with hub.engine.begin() as connection:
        put(connection, world.ARTEFACTS, world.act(clock.now()))
    _, ministry = hub.tokens.create("ministry", "BNN", "người khác", None, LOCAL_ADMINISTRATOR)
    hub.tokens.create("ministry", "BTC", "người xem", None, LOCAL_ADMINISTRATOR)
    published(hub, world.harvest(), dataset_attributes={"COMMENT_DSET": "ai cũng thấy"})
    clock.pass_by(days=1)
    published(hub, [series("Q.01.LUA", {"2024-Q2": "150"})])
    free = model.structure(True)
    with hub.engine.begin() as connection:
        put(connection, [free.dsd, free.dataflow], world.act(clock.now()))
    published(hub, [of_any_text("đồng", "5")], structure=free)
    entry = hub.ports.calendar.plan(world.DATAFLOW.ref, clock.now() + WAITS, ["2025-Q2"], LAW, LOCAL_ADMINISTRATOR)
    waiting = _secrets(hub, clock.now() + 2 * WAITS, entry.id) if secret else ()
    clock.pass_by(hours=1)
    return World(hub, clock, waiting, ministry)


def _secrets(hub: Hub, later: datetime, plan: str) -> tuple[str, ...]:
    note = {"COMMENT_DSET": "BÍ MẬT"}
    hub.drafts.draft(world.STRUCTURE, [series("Q.03.NGO", {"2024-Q1": "424242"})], LOCAL_ADMINISTRATOR)
    news = [series("Q.03.LUA", {"2024-Q1": "535353"}), series("Q.01.LUA", {"2023-Q1": "646464", "2025-Q1": "535353"})]
    first = published(hub, news, dataset_attributes=note, plan=plan)
    why = {"vi": "BÍ MẬT", "en": "BÍ MẬT"}
    second = published(hub, [series("Q.02.LUA", {"2023-Q1": "535353"})], embargo=later, correction=why)
    hub.ports.desk.grant_preview(first, "BTC", "người xem", LOCAL_ADMINISTRATOR)
    free = model.structure(True)
    hub.drafts.draft(free, [of_any_text("BÍ MẬT 1", "535353")], LOCAL_ADMINISTRATOR)
    published(hub, [of_any_text("BÍ MẬT 2", "535353")], structure=free, embargo=later)
    hub.drafts.draft(world.STRUCTURE, [], LOCAL_ADMINISTRATOR, replace_all=True, dataset_attributes=note)
    return first, second


class Asked(NamedTuple):
    address: str
    document: str = ""
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()


TIMES = (
    "",
    f"asOf={FUTURE}",
    f"asOf={BETWEEN}",
    f"asOf={EARLY}",
    f"updatedAfter={BETWEEN}",
    f"updatedAfter={FUTURE}",
    "lastNObservations=1",
    "firstNObservations=1",
    "startPeriod=2025",
    "includeHistory=true",
    "detail=serieskeysonly",
    "preview=true",
)
KEYS = (
    "v1/data/SEN,MUA,1.0/all",
    "v1/data/SEN,MUA,1.0/Q.03.",
    "v2/data/dataflow/SEN/MUA/1.0/*",
    "v2/data/dataflow/SEN/MUA/~/Q.*.LUA",
)
FORMATS = ("", "format=csv", "format=genericdata")
PAGES = (
    "/vi/",
    "/en/data/SEN/MUA",
    "/vi/data/SEN/MUA",
    "/deliveries",
    "/calendar.ics",
    "/calendar.ics?lang=en&dataflow=SEN:MUA",
    "/sdmx/v2/structure/dataflow/SEN/MUA?references=all",
    "/sdmx/v1/dataflow/SEN/MUA",
    "/sdmx/v1/contentconstraint/SEN",
)


def sdmx() -> Iterator[Asked]:
    for how in TIMES:
        for key in KEYS:
            yield from (Asked(f"/sdmx/{key}?{format}&{how}".rstrip("&?")) for format in FORMATS)
        for mode in ("exact", "available"):
            yield Asked(f"/sdmx/v1/availableconstraint/SEN,MUA,1.0/all/all/all?mode={mode}&{how}")
            yield Asked(f"/sdmx/v2/availability/dataflow/SEN/MUA/1.0/*/*?mode={mode}&{how}")
    for since in ("Tue, 01 Jul 2025 01:00:00 GMT", "Wed, 02 Jul 2025 01:00:00 GMT", "Sat, 12 Jul 2025 00:00:00 GMT"):
        yield from (Asked(f"/sdmx/{key}", "", "GET", (("If-Modified-Since", since),)) for key in KEYS)
    yield from (Asked(f"/sdmx/{key}", "", "HEAD") for key in KEYS)


OFFERED = "dimensions { codes { id } openCount }"
RELEASE = "{ id number state kind reason releasedAt embargoedUntil withdrawnBy series observations }"


def graphql(waiting: tuple[str, ...]) -> Iterator[Asked]:
    for selection in (
        "{}",
        f'{{asOf: "{FUTURE}"}}',
        f'{{asOf: "{BETWEEN}"}}',
        f'{{updatedAfter: "{BETWEEN}"}}',
        f'{{updatedAfter: "{FUTURE}"}}',
        '{startPeriod: "2025"}',
        "{lastN: 1}",
        "{preview: true}",
        f'{{preview: true, asOf: "{FUTURE}"}}',
    ):
        page = (
            f"totalCount release {RELEASE} datasetAttributes {{ value }} series {{ key observations {{ period valueText }} }}"
        )
        for fields in (
            f"data(selection: {selection}) {{ {page} }}",
            f"data(selection: {selection}, first: 1) {{ totalCount pageInfo {{ endCursor }} }}",
            f"availability(selection: {selection}) {{ series observations start end {OFFERED} }}",
            f"history(selection: {selection}) {{ totalCount nodes {{ release {RELEASE} validTo series {{ key }} }} }}",
        ):
            yield Asked("/graphql", f'{{ dataflow(ref: "SEN:MUA(1.0)") {{ {fields} }} }}', "POST")
    for fields in (f"latestRelease {RELEASE}", f"releases {RELEASE}", f"releases(preview: true) {RELEASE}"):
        yield Asked("/graphql", f'{{ dataflow(ref: "SEN:MUA(1.0)") {{ {fields} }} }}', "POST")
    yield Asked("/graphql", "{ calendar { nodes { id state moment releaseId changes { state moment by } } } }", "POST")
    yield from (
        Asked("/graphql", f"{{ {field} }}", "POST") for field in ("drafts { id }", "deliveries { id }", "previews { name }")
    )
    for id in (*waiting, "nothing"):
        for change in ("approve(draft: {})", "release(draft: {})", "discard(draft: {})"):
            yield Asked("/graphql", f"mutation {{ {change.format(_quoted(id))} {{ id }} }}", "POST")
        yield Asked(
            "/graphql", f'mutation {{ withdraw(release: {_quoted(id)}, reasonVi: "a", reasonEn: "b") {{ id }} }}', "POST"
        )


def formats() -> Iterator[Asked]:
    """Every format, of a structure with codelists and of one without; what a format says of codes must be of this release."""
    of_measure = "v2/data/dataflow/SEN/MO_HINH/1.0/*?measures=AREA"
    for name in (*(outlet.name for outlet in OUTLETS), "csv", "json", "sdmx-ml"):
        for key in ("v1/data/SEN,MUA,1.0/all?", "v2/data/dataflow/SEN/MO_HINH/1.0/*?", f"{of_measure}&"):
            yield Asked(f"/sdmx/{key}format={name}")
    yield Asked("/sdmx/v2/availability/dataflow/SEN/MO_HINH/1.0/*/*?mode=available")
    yield Asked("/sdmx/v2/data/dataflow/SEN/MO_HINH/1.0/*?c[CROP]=co:M")
    yield Asked("/dataflows/SEN/MO_HINH/1.0/changes.csv?from=0")
    for codes in ("BÍ MẬT 2", "BÍ MẬT 3", "đồng"):
        chosen = f'(selection: {{dimensions: [{{id: "CROP", codes: ["{codes}"]}}]}})'
        offered = f"availability{chosen} {{ series {OFFERED} }} data{chosen} {{ totalCount series {{ key }} }}"
        yield Asked("/graphql", f'{{ dataflow(ref: "SEN:MO_HINH") {{ {offered} }} }}', "POST")
    chosen = '(selection: {dimensions: [{id: "CROP", prefix: "B"}]})'
    yield Asked("/graphql", f'{{ dataflow(ref: "SEN:MO_HINH") {{ data{chosen} {{ totalCount }} }} }}', "POST")


def _quoted(text: str) -> str:
    return f'"{text}"'


def matrix(waiting: tuple[str, ...]) -> list[Asked]:
    return [*sdmx(), *formats(), *(Asked(page) for page in PAGES), *graphql(waiting)]


async def answers(place: World, asked: list[Asked], token: str | None) -> list[tuple[int, str, dict[str, str]]]:
    found = []
    transport = httpx.ASGITransport(app=application(place.hub))
    async with httpx.AsyncClient(transport=transport, base_url="https://so-lieu.example") as http:
        http.headers["Accept-Encoding"] = "identity"
        if token:
            http.headers["Authorization"] = f"Bearer {token}"
        for one in asked:
            content = {"json": {"query": one.document}} if one.document else {}
            got = await http.request(one.method, one.address, headers=dict(one.headers), **content)  # type: ignore[arg-type]
            assert got.status_code < 500, (one, got.text)
            found.append((got.status_code, _lasting(got), {k: v for k, v in got.headers.items() if k != "content-length"}))
    return found


def _lasting(got: httpx.Response) -> str:
    """Without what differs between two answers of one world: the message's own id and time of preparation."""
    return re.sub(r"MSG[0-9a-f]{32}|(<mes:Prepared>|\"prepared\":\")[^<\"]*", "-", got.text)


Make = Callable[[bool], World]


@pytest.fixture(params=["sqlite", "postgresql"])
def make(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes worlds, each with a database of its own."""
    made: list[World] = []

    def one(secret: bool) -> World:
        folder = tmp_path / str(len(made))
        address = f"sqlite:///{folder}/hub.sqlite" if request.param == "sqlite" else _database(request)
        made.append(a_world(address, folder, secret, monkeypatch))
        return made[-1]

    yield one
    for each in made:
        each.hub.engine.dispose()


def _database(request: pytest.FixtureRequest) -> str:
    server: str = request.getfixturevalue("postgresql")
    name = f"t{random.token_urlsafe(8).lower().replace('-', 'x').replace('_', 'x')}"
    admin = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    admin.dispose()
    return server.replace("/postgres?", f"/{name}?")


@pytest.mark.parametrize("who", ["public", "ministry"])
def test_a_world_with_a_release_under_embargo_looks_like_one_without(make: Make, who: str) -> None:
    """Status, every header and every byte, of every question at every door, until the microsecond before the moment."""
    plain, secret = make(False), make(True)
    # PostgreSQL gets a part of them: the doors are the same, and what differs below them is asked of either.
    asked = matrix(secret.waiting)[:: 1 if secret.hub.engine.dialect.name == "sqlite" else 4]
    plain.clock.time = secret.clock.time = secret.clock.now() + WAITS - timedelta(hours=1, microseconds=1)
    token = who == "ministry"
    with_, without = (asyncio.run(answers(place, asked, place.ministry if token else None)) for place in (secret, plain))
    for one, here, there in zip(asked, with_, without, strict=True):
        assert here == there, one
    assert not [word for word in SECRETS if any(word in body for _, body, _ in with_)]
    assert sum(status == 200 for status, _, _ in without) > len(asked) / 3, "the matrix asks for something"
    assert plain.hub.catalogue.revision == secret.hub.catalogue.revision


def test_at_the_moment_the_matrix_tells_the_worlds_apart(make: Make) -> None:
    """The comparison can fail: once the moment has come nearly every answer differs."""
    plain, secret = make(False), make(True)
    plain.clock.time = secret.clock.time = secret.clock.now() + WAITS
    asked = [*(Asked(f"/sdmx/{key}") for key in KEYS), *(Asked(page) for page in PAGES[1:3]), *list(graphql(()))[:3]]
    with_, without = (asyncio.run(answers(place, asked, None)) for place in (secret, plain))
    assert [one for one, here, there in zip(asked, with_, without, strict=True) if here == there] == []


def test_an_id_that_waits_is_an_id_that_does_not_exist(make: Make) -> None:
    plain, secret = make(False), make(True)
    (first, *_), known = secret.waiting, secret.hub.cube.releases(world.DATAFLOW.ref, PUBLIC)[0].id
    for before, now in ((None, first), (known, first), (first, known)):
        told = []
        for place in (plain, secret):
            with pytest.raises(HubError) as error:
                place.hub.cube.changes(question(world.STRUCTURE), PUBLIC, before, now)
            told.append(str(error.value))
        assert told[0] == told[1]


def test_a_cursor_into_what_waits_is_out_of_date_for_everybody_else(make: Make) -> None:
    plain, secret = make(False), make(True)
    _, publisher = secret.hub.tokens.create("publisher", "SEN", "minh", None, LOCAL_ADMINISTRATOR)
    asks = "selection: {{preview: {}}}, first: 1{}) {{ pageInfo {{ endCursor }} series {{ key }} }} }} }}"
    head = '{ dataflow(ref: "SEN:MUA") { data('
    document = head + asks.format("true", "")
    (status, body, headers) = asyncio.run(answers(secret, [Asked("/graphql", document, "POST")], publisher))[0]
    cursor = body.split('"endCursor":"')[1].split('"')[0]
    assert status == 200 and "no-store" in headers["cache-control"]
    following = Asked("/graphql", head + asks.format("true", f', after: "{cursor}"'), "POST")
    assert '"series":[{' in asyncio.run(answers(secret, [following], publisher))[0][1], "those who may go on"
    for wished in ("true", "false"):
        again = Asked("/graphql", head + asks.format(wished, f', after: "{cursor}"'), "POST")
        here, there = (asyncio.run(answers(place, [again], None))[0] for place in (secret, plain))
        assert here == there and '"errors"' in here[1]
