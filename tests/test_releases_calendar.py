"""The release calendar of Đất Nước Sen: dates announced ahead, moved with a reason, kept for everybody to read.

"Now" of every test is 2025-07-01 02:00 UTC (09:00 in the office); the harvest of world.py is published.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from hub.access import LOCAL_ADMINISTRATOR
from hub.app import application
from hub.ical import escaped, folded
from hub.tables import audit
from hub.wiring import Hub
from registry.errors import Conflict, Denied, HubError, Invalid, NotFound, Unauthenticated
from registry.ports import PUBLIC, Role, Viewer
from registry.publishing import Planned
from registry.series import Series
from tests import world
from tests.asking import Asker
from tests.conftest import Hands, publish
from tests.test_releases import values
from tests.world import series

LAW = {"vi": "Điều 48 Luật Thống kê", "en": "Statistics Law, article 48"}
WHY = {"vi": "Nguồn số liệu đến muộn", "en": "The source came late"}
FLOW = world.DATAFLOW.ref
STATISTICIAN = Viewer(Role.STATISTICIAN, "SEN", "lan")
PUBLISHER = Viewer(Role.PUBLISHER, "SEN", "minh")


def in_days(hub: Hub, days: float) -> datetime:
    return hub.clock.now() + timedelta(days=days)


def plan(hub: Hub, days: float, *periods: str) -> Planned:
    return hub.ports.calendar.plan(FLOW, in_days(hub, days), periods or ("2025-Q2",), LAW, STATISTICIAN)


def rice(value: str) -> list[Series]:
    return [series("Q.03.LUA", {"2025-Q2": value})]


def waiting(hub: Hub, value: str, entry: Planned) -> str:
    """A release that waits for the moment of a calendar entry."""
    draft = hub.drafts.draft(world.STRUCTURE, rice(value), LOCAL_ADMINISTRATOR)
    assert draft is not None
    hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    return hub.releases.release(draft.id, PUBLISHER, plan=entry.id).id


def shown(hub: Hub) -> str | None:
    return values(hub).get("Q.03.LUA", {}).get("2025-Q2")


# --- the calendar itself -----------------------------------------------------------------------------------------------


def test_a_date_is_announced_in_the_time_of_the_office(hub: Hub) -> None:
    made = hub.ports.calendar.plan(FLOW, datetime(2025, 7, 6, 2, tzinfo=UTC), ["2025-06", "2025-Q2"], LAW, STATISTICIAN)
    (found,) = hub.ports.calendar.entries(PUBLIC)
    assert found.moment.isoformat() == "2025-07-06T09:00:00+07:00"
    assert (found.id, found.state, found.periods, found.legal_basis) == (made.id, "planned", ("2025-06", "2025-Q2"), LAW)
    assert found.names == world.DATAFLOW.names, "the dataflow's, where none were given"


def test_a_moved_date_stays_readable_with_its_reason(hub: Hub, clock: Hands) -> None:
    entry = plan(hub, 5)
    clock.pass_by(days=1)
    hub.ports.calendar.move(entry.id, in_days(hub, 9), WHY, STATISTICIAN)
    clock.pass_by(days=1)
    hub.ports.calendar.cancel(entry.id, {"vi": "Không thu thập nữa", "en": "No longer collected"}, STATISTICIAN)
    (found,) = hub.ports.calendar.entries(PUBLIC)
    assert [(each.state, each.reasons.get("en")) for each in found.changes] == [
        ("planned", None),
        ("moved", "The source came late"),
        ("cancelled", "No longer collected"),
    ]
    assert found.changes[0].moment == entry.moment and found.changes[1].moment == found.moment
    assert found.state == "cancelled"
    with hub.engine.connect() as connection:
        trail = connection.execute(select(audit.c.actor, audit.c.action).where(audit.c.subject == entry.id)).all()
    assert [tuple(row) for row in trail] == [("lan", "plan"), ("lan", "move-plan"), ("lan", "cancel-plan")]


def test_who_of_the_staff_changed_it_is_not_for_everybody(hub: Hub) -> None:
    plan(hub, 5)
    for viewer, told in ((PUBLIC, None), (Viewer(Role.MINISTRY, "BNN", "ai"), None), (STATISTICIAN, "lan")):
        (found,) = hub.ports.calendar.entries(viewer)
        assert found.changes[0].by == told


def test_the_calendar_is_asked_by_dataflow_and_time(hub: Hub) -> None:
    late, soon = plan(hub, 20), plan(hub, 5)
    assert [each.id for each in hub.ports.calendar.entries(PUBLIC)] == [soon.id, late.id]
    assert [each.id for each in hub.ports.calendar.entries(PUBLIC, FLOW, start=in_days(hub, 6))] == [late.id]
    assert [each.id for each in hub.ports.calendar.entries(PUBLIC, FLOW, end=late.moment)] == [soon.id]
    assert hub.ports.calendar.entries(PUBLIC, replace(FLOW, version="2.0")) == []


def test_planning_needs_the_right(hub: Hub) -> None:
    entry = plan(hub, 5)
    for viewer, refusal in ((PUBLIC, Unauthenticated), (Viewer(Role.MINISTRY, "BNN", "ai"), Denied)):
        with pytest.raises(refusal):
            hub.ports.calendar.plan(FLOW, in_days(hub, 1), ["2025-06"], LAW, viewer)
        with pytest.raises(refusal):
            hub.ports.calendar.move(entry.id, in_days(hub, 1), WHY, viewer)
        with pytest.raises(refusal):
            hub.ports.calendar.cancel(entry.id, WHY, viewer)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"moment": datetime(2025, 7, 1, 2, tzinfo=UTC)}, "EMBARGO_PASSED"),
        ({"moment": datetime(2125, 7, 1, tzinfo=UTC)}, "EMBARGO_FAR"),
        ({"moment": datetime(2025, 8, 1)}, "TIME_WITHOUT_ZONE"),
        ({"periods": []}, "PLAN_PERIODS"),
        ({"periods": ["sometime"]}, "BAD_PERIOD"),
        ({"legal_basis": {"vi": "Luật", "en": " "}}, "TEXT_NEEDED"),
        ({"legal_basis": {"vi": "Luật", "en": "a\x07"}}, "TEXT_UNFIT"),
        ({"names": {"vi": "x" * 1001, "en": "x"}}, "TEXT_UNFIT"),
        ({"dataflow": replace(FLOW, id="NONE")}, "ARTEFACT_NOT_FOUND"),
    ],
)
def test_a_slip_is_told(hub: Hub, wrong: dict[str, object], code: str) -> None:
    right = {"dataflow": FLOW, "moment": in_days(hub, 3), "periods": ["2025-06"], "legal_basis": LAW}
    with pytest.raises(HubError) as told:
        hub.ports.calendar.plan(**{**right, **wrong}, viewer=STATISTICIAN)  # type: ignore[arg-type]
    assert told.value.code == code


def test_what_is_closed_cannot_change(hub: Hub, clock: Hands) -> None:
    cancelled, done = plan(hub, 5), plan(hub, 6)
    hub.ports.calendar.cancel(cancelled.id, WHY, STATISTICIAN)
    waiting(hub, "7", done)
    clock.pass_by(days=6)
    for entry in (cancelled, done):
        with pytest.raises(Conflict, match="can no longer change"):
            hub.ports.calendar.move(entry.id, in_days(hub, 9), WHY, PUBLISHER)
        with pytest.raises(Conflict, match="can no longer change"):
            hub.ports.calendar.cancel(entry.id, WHY, PUBLISHER)
    with pytest.raises(NotFound):
        hub.ports.calendar.cancel("nothing", WHY, PUBLISHER)


# --- releases that wait for it -----------------------------------------------------------------------------------------


def test_a_release_waits_for_the_date_and_then_the_entry_is_done(hub: Hub, clock: Hands) -> None:
    entry = plan(hub, 5)
    id = waiting(hub, "7", entry)
    clock.time = entry.moment - timedelta(microseconds=1)
    assert shown(hub) is None
    (before,) = hub.ports.calendar.entries(PUBLIC)
    assert (before.state, before.release) == ("planned", None), "what waits is not told"
    clock.time = entry.moment
    assert shown(hub) == "7"
    (after,) = hub.ports.calendar.entries(PUBLIC)
    assert (after.state, after.release) == ("done", id)


def test_a_moved_date_moves_the_release_that_waits(hub: Hub, clock: Hands) -> None:
    entry = plan(hub, 5)
    waiting(hub, "7", entry)
    hub.ports.calendar.move(entry.id, in_days(hub, 8), WHY, PUBLISHER)
    clock.time = entry.moment
    assert shown(hub) is None
    clock.pass_by(days=3)
    assert shown(hub) == "7"


def test_only_who_releases_may_move_what_waits(hub: Hub) -> None:
    entry = plan(hub, 5)
    waiting(hub, "7", entry)
    with pytest.raises(Denied):
        hub.ports.calendar.move(entry.id, in_days(hub, 1), WHY, STATISTICIAN)
    with pytest.raises(Conflict, match="waits for this entry"):
        hub.ports.calendar.cancel(entry.id, WHY, PUBLISHER)


def test_several_wait_in_order_and_stay_in_order(hub: Hub, clock: Hands) -> None:
    first, second, third = (plan(hub, days) for days in (5, 10, 15))
    for value, entry in (("5", first), ("10", second), ("15", third)):
        waiting(hub, value, entry)
    with pytest.raises(Conflict, match="after what is based on it"):
        hub.ports.calendar.move(second.id, in_days(hub, 16), WHY, PUBLISHER)
    with pytest.raises(Conflict, match="before what it is based on"):
        hub.ports.calendar.move(second.id, in_days(hub, 4), WHY, PUBLISHER)
    hub.ports.calendar.move(second.id, in_days(hub, 14), WHY, PUBLISHER)
    seen = []
    for _ in range(16):
        seen.append(shown(hub))
        clock.pass_by(days=1)
    assert seen == [None] * 5 + ["5"] * 9 + ["10"] + ["15"]


def test_a_late_release_of_a_passed_date_is_public_at_once(hub: Hub, clock: Hands) -> None:
    entry = plan(hub, 1)
    clock.pass_by(days=2)
    waiting(hub, "7", entry)
    assert shown(hub) == "7"
    (found,) = hub.ports.calendar.entries(PUBLIC)
    assert found.state == "done" and found.moment == entry.moment, "the announced date is not made fit afterwards"


def test_one_entry_has_one_release_of_its_own_dataflow(hub: Hub) -> None:
    entry = plan(hub, 5)
    waiting(hub, "7", entry)
    with pytest.raises(Conflict, match="waits for this entry"):
        waiting(hub, "8", entry)
    (draft,) = [each for each in hub.releases.drafts(PUBLISHER) if each.state == "approved"]
    with pytest.raises(Invalid, match="Two moments"):
        hub.releases.release(draft.id, PUBLISHER, in_days(hub, 9), plan=entry.id)


def test_what_waits_can_be_thrown_away_from_the_top(hub: Hub, clock: Hands) -> None:
    first, second = plan(hub, 5), plan(hub, 10)
    below, above = waiting(hub, "5", first), waiting(hub, "10", second)
    with pytest.raises(Conflict, match="made on this one"):
        hub.releases.discard(below, PUBLISHER)
    with pytest.raises(Denied):
        hub.releases.discard(above, STATISTICIAN)
    assert hub.releases.discard(above, PUBLISHER).state == "discarded"
    waiting(hub, "11", second)
    clock.pass_by(days=10)
    assert shown(hub) == "11"
    with pytest.raises(Conflict, match="released"):
        hub.releases.discard(below, PUBLISHER)


def test_throwing_away_what_waits_gives_back_what_it_replaced(hub: Hub, clock: Hands) -> None:
    before = values(hub)
    id = publish(hub, [series("Q.01.LUA", {"2023-Q1": "1"})], in_days(hub, 1), replace_all=True)
    hub.releases.discard(id, PUBLISHER)
    clock.pass_by(days=2)
    assert values(hub) == before
    publish(hub, [series("Q.01.LUA", {"2023-Q1": "2"})])
    assert values(hub)["Q.02.LUA"] == before["Q.02.LUA"]


# --- at the doors ------------------------------------------------------------------------------------------------------

ENTRIES = """query ($dataflow: String, $start: DateTime) { calendar(dataflow: $dataflow, start: $start) { totalCount nodes {
  id name(lang: "en") moment periods state releaseId legalBasis(lang: "vi") dataflow { ref }
  changes { state moment reason(lang: "en") by } } } }"""


def test_planning_over_graphql(hub: Hub) -> None:
    asker = Asker(hub.ports)
    how = 'moment: $at, periods: ["2025-06"], legalBasisVi: "Luật", legalBasisEn: "Law"'
    step = f'mutation ($at: DateTime!) {{ plan(dataflow: "SEN:MUA", {how}) {{ id moment state }} }}'
    assert asker.error(step, at="2025-07-10T09:00:00+07:00")["code"] == "TOKEN_NEEDED"
    made = asker.data(step, at="2025-07-10T02:00:00Z", token="publisher")["plan"]
    assert (made["moment"], made["state"]) == ("2025-07-10T09:00:00+07:00", "planned")
    step = """mutation ($id: String!) { movePlan(entry: $id, moment: "2025-07-12T09:00:00+07:00",
      reasonVi: "Muộn", reasonEn: "Late") { state } }"""
    assert asker.data(step, id=made["id"], token="publisher")["movePlan"] == {"state": "moved"}
    found = asker.data(ENTRIES, dataflow="SEN:MUA")["calendar"]
    (entry,) = found["nodes"]
    assert entry["changes"] == [
        {"state": "planned", "moment": "2025-07-10T09:00:00+07:00", "reason": None, "by": None},
        {"state": "moved", "moment": "2025-07-12T09:00:00+07:00", "reason": "Late", "by": None},
    ]
    assert (entry["name"], entry["legalBasis"], entry["dataflow"]) == ("Harvest", "Luật", {"ref": "SEN:MUA(1.0)"})
    assert asker.error(ENTRIES, start="2025-07-10T09:00:00")["code"] == "TIME_WITHOUT_ZONE"
    step = 'mutation ($id: String!) { cancelPlan(entry: $id, reasonVi: "Thôi", reasonEn: "") { state } }'
    assert asker.error(step, id=made["id"], token="publisher")["code"] == "TEXT_NEEDED"


def get(hub: Hub, path: str, **headers: str) -> httpx.Response:
    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app=application(hub))
        async with httpx.AsyncClient(transport=transport, base_url="https://so-lieu.example") as http:
            return await http.get(path, headers=headers)

    return asyncio.run(go())


def test_the_calendar_file(hub: Hub, clock: Hands) -> None:
    entry = plan(hub, 5)
    clock.pass_by(hours=1)
    hub.ports.calendar.move(
        entry.id, datetime(2025, 7, 9, 1, 30, tzinfo=UTC), {"vi": "Muộn; do lũ, bão", "en": "Late"}, STATISTICIAN
    )
    found = get(hub, "/calendar.ics?lang=vi")
    assert found.headers["content-type"] == "text/calendar; charset=utf-8"
    text = found.text.replace("\r\n ", "")
    for line in (
        f"UID:{entry.id}@release-calendar",
        "DTSTAMP:20250701T030000Z",
        "DTSTART:20250709T013000Z",
        "SEQUENCE:1",
        "SUMMARY;LANGUAGE=vi:Mùa màng (2025-Q2)",
        "URL:https://so-lieu.example/vi/data/SEN/MUA",
        "STATUS:CONFIRMED",
    ):
        assert f"\r\n{line}\r\n" in text, line
    assert "Dời sang 2025-07-09 08:30: Muộn\\; do lũ\\, bão" in text and "Công bố lịch 2025-07-06 09:00" in text
    assert all(len(line) <= 75 for line in found.content.split(b"\r\n"))
    assert get(hub, "/calendar.ics?lang=vi", **{"If-None-Match": found.headers["etag"]}).status_code == 304
    assert get(hub, "/calendar.ics?dataflow=SEN:NONE").status_code == 404
    hub.ports.calendar.cancel(entry.id, WHY, STATISTICIAN)
    assert "STATUS:CANCELLED" in get(hub, "/calendar.ics").text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_folding_loses_nothing_and_cuts_no_character(text: str) -> None:
    line = f"SUMMARY:{text}"
    whole = folded(line)
    assert whole.endswith(b"\r\n") and all(len(part) <= 75 for part in whole.split(b"\r\n"))
    assert [part.decode() for part in whole.split(b"\r\n")]
    assert whole.decode().removesuffix("\r\n").replace("\r\n ", "") == line


@given(st.text(alphabet="ab\\;,\n", max_size=40))
def test_an_escaped_text_can_be_read_again(text: str) -> None:
    read, rest = "", iter(escaped(text))
    for char in rest:
        following = next(rest) if char == "\\" else char
        read += "\n" if char == "\\" and following == "n" else following
    assert read == text and "\n" not in escaped(text)
