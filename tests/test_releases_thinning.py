"""Thinning old vintages: what a rule keeps, what everybody still sees of the others, and the room they made.

The story: the harvest is published on 1 July 2025 and then every tenth day until the end of September, each time with one
new value for Ấp Mới ("03").
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from hub import intervals
from hub.access import LOCAL_ADMINISTRATOR
from hub.retention import GRACE, Keep
from hub.tables import INTERVALS, audit, release
from hub.wiring import Hub
from registry.answers import Release
from registry.errors import Conflict, Denied, Invalid, NotFound
from registry.ports import PUBLIC, Role, Viewer
from registry.selection import select as question
from tests import world
from tests.conftest import Hands, publish
from tests.test_releases import values
from tests.world import series

FLOW = world.DATAFLOW.ref
MONTHS = Keep("month-ends")


@pytest.fixture
def story(hub: Hub, clock: Hands) -> list[Release]:
    """The releases, oldest first."""
    for number in range(1, 9):
        clock.pass_by(days=10)
        publish(hub, [series("Q.03.LUA", {"2024-Q1": str(number)})])
    clock.pass_by(hours=1)
    return list(reversed(hub.cube.releases(FLOW, PUBLIC)))


def thin(hub: Hub, keep: Keep = MONTHS, **how: Any) -> Any:
    return hub.retention.thin(FLOW, keep, LOCAL_ADMINISTRATOR, **how)


def thinned(hub: Hub) -> list[int | None]:
    """The numbers of the releases that are gone, oldest first."""
    return [each.number for each in reversed(hub.cube.releases(FLOW, PUBLIC)) if each.thinned_at]


def seen(hub: Hub, moment: datetime) -> str | None:
    return values(hub, as_of=moment).get("Q.03.LUA", {}).get("2024-Q1")


def rows(hub: Hub) -> int:
    with hub.engine.connect() as connection:
        return sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table, _ in INTERVALS)


def at(each: Release) -> datetime:
    assert each.released_at is not None
    return each.released_at


def test_of_each_month_the_last_release_is_kept(hub: Hub, story: list[Release]) -> None:
    """1, 11, 21, 31 July; 10, 20, 30 August; 9, 19 September: the first, the ends of months and the two newest stay."""
    assert thin(hub).kept == 5
    assert thinned(hub) == [2, 3, 5, 6]
    for number, each in enumerate(story):
        if number + 1 not in (2, 3, 5, 6):
            assert seen(hub, at(each)) == (str(number) if number else None)


def test_asking_for_a_thinned_vintage_names_the_nearest_kept_ones(hub: Hub, story: list[Release]) -> None:
    thin(hub)
    for moment in (at(story[4]), at(story[5]) + timedelta(days=3)):
        with pytest.raises(Conflict) as told:
            values(hub, as_of=moment)
        assert told.value.code == "VINTAGE_THINNED"
        assert at(story[3]).isoformat() in str(told.value) and at(story[6]).isoformat() in str(told.value)
    with pytest.raises(Conflict):
        hub.cube.availability(question(world.STRUCTURE, as_of=at(story[4])), PUBLIC)
    with pytest.raises(Conflict):
        hub.cube.changes(question(world.STRUCTURE), PUBLIC, story[3].id, story[4].id)
    hub.cube.changes(question(world.STRUCTURE), PUBLIC, story[3].id, story[6].id)


def test_what_changed_since_a_thinned_vintage_says_more_rather_than_less(hub: Hub, story: list[Release]) -> None:
    thin(hub)
    since = values(hub, updated_after=at(story[5]))
    assert since == {"Q.03.LUA": {"2024-Q1": "8"}}


def test_a_dry_run_only_says_what_would_go(hub: Hub, story: list[Release]) -> None:
    would = thin(hub, dry_run=True)
    assert [each.number for each in would.releases] == [6, 5, 3, 2] and (would.kept, would.rows) == (5, 0)
    assert thinned(hub) == []
    assert [each.id for each in thin(hub).releases] == [each.id for each in would.releases]


def test_it_is_never_silent(hub: Hub, story: list[Release]) -> None:
    thin(hub)
    with hub.engine.connect() as connection:
        trail = connection.execute(select(audit.c.subject, audit.c.detail).where(audit.c.action == "thin")).all()
    assert {row[0] for row in trail} == {story[number].id for number in (1, 2, 4, 5)}
    assert {row[1] for row in trail} == {"SEN:MUA(1.0) month-ends 0"}
    listed = {each.id: each for each in hub.cube.releases(FLOW, PUBLIC)}
    for each in story:
        now = listed[each.id]
        assert (now.number, now.released_at, now.series, now.observations) == (
            each.number,
            each.released_at,
            each.series,
            each.observations,
        )


def test_rows_go_an_hour_later_so_that_answers_being_read_end_whole(hub: Hub, story: list[Release], clock: Hands) -> None:
    answer = hub.cube.ask(question(world.STRUCTURE, as_of=at(story[4])), PUBLIC)
    before = rows(hub)
    assert thin(hub).rows == 0 and rows(hub) == before
    assert [each.values[0] for each in answer.series if each.key[1] == "03"] == ["4"]
    clock.pass_by(hours=GRACE.total_seconds() / 3600)
    again = thin(hub)
    assert again.rows == before - rows(hub) > 0 and again.releases == ()
    assert thin(hub).rows == 0
    for number in (0, 3, 6, 7, 8):
        assert seen(hub, at(story[number])) == (str(number) if number else None)


def test_many_rows_go_in_short_transactions(
    hub: Hub, story: list[Release], clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intervals, "BATCH", 1)
    thin(hub)
    clock.pass_by(days=1)
    assert thin(hub).rows >= 4
    assert thin(hub).rows == 0 and seen(hub, at(story[6])) == "6"


def test_the_last_days_and_named_releases_are_kept(hub: Hub, story: list[Release]) -> None:
    thin(hub, Keep("newest", days=35, named=frozenset({story[1].id})))
    assert thinned(hub) == [3, 4, 5]


def test_corrections_withdrawals_and_what_they_speak_of_are_kept(hub: Hub, story: list[Release], clock: Hands) -> None:
    why = {"vi": "Sai", "en": "Wrong"}
    hub.ports.desk.withdraw(story[-1].id, LOCAL_ADMINISTRATOR, why)
    clock.pass_by(days=1)
    draft = hub.drafts.draft(world.STRUCTURE, [series("Q.03.LUA", {"2024-Q1": "99"})], LOCAL_ADMINISTRATOR)
    assert draft is not None
    hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    hub.releases.release(draft.id, LOCAL_ADMINISTRATOR, correction=why)
    for value in ("100", "101", "102"):
        clock.pass_by(days=1)
        publish(hub, [series("Q.03.LUA", {"2024-Q1": value})])
    thin(hub, Keep("newest"))
    assert thinned(hub) == [2, 3, 4, 5, 6, 12], "the eighth stood again, so its base is kept too"
    clock.pass_by(days=1)
    thin(hub, Keep("newest"))
    newest = hub.cube.releases(FLOW, PUBLIC)[0]
    assert seen(hub, clock.now()) == "102"
    hub.ports.desk.withdraw(newest.id, LOCAL_ADMINISTRATOR, why)
    assert seen(hub, clock.now()) == "101"


def test_what_the_next_withdrawals_go_back_to_is_kept(hub: Hub, story: list[Release], clock: Hands) -> None:
    """The newest is withdrawn, so that the eighth stands again: taking that back too needs the seventh."""
    why = {"vi": "Sai", "en": "Wrong"}
    hub.ports.desk.withdraw(story[8].id, LOCAL_ADMINISTRATOR, why)
    publish(hub, [series("Q.03.LUA", {"2024-Q1": "9"})])
    for _ in range(2):
        clock.pass_by(days=1)
        thin(hub, Keep("newest"))
    assert thinned(hub) == [2, 3, 4, 5, 6]
    hub.ports.desk.withdraw(hub.cube.releases(FLOW, PUBLIC)[0].id, LOCAL_ADMINISTRATOR, why)
    assert seen(hub, clock.now()) == "7"
    for _ in range(2):
        clock.pass_by(days=1)
        thin(hub, Keep("newest"))
    hub.ports.desk.withdraw(story[7].id, LOCAL_ADMINISTRATOR, why)
    assert seen(hub, clock.now()) == "6"


def test_what_waits_and_drafts_are_not_touched(hub: Hub, story: list[Release], clock: Hands) -> None:
    publish(hub, [series("Q.03.LUA", {"2024-Q1": "9"})], clock.now() + timedelta(days=3))
    draft = hub.drafts.draft(world.STRUCTURE, [series("Q.03.LUA", {"2024-Q1": "10"})], LOCAL_ADMINISTRATOR)
    assert draft is not None
    thin(hub, Keep("newest"))
    clock.pass_by(days=1)
    thin(hub, Keep("newest"))
    hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    hub.releases.release(draft.id, LOCAL_ADMINISTRATOR, clock.now() + timedelta(days=3))
    assert seen(hub, clock.now()) == "8"
    clock.pass_by(days=2)
    assert seen(hub, clock.now()) == "9"
    clock.pass_by(days=1)
    assert seen(hub, clock.now()) == "10"


def test_who_may_and_what_is_a_rule(hub: Hub) -> None:
    with pytest.raises(Denied):
        hub.retention.thin(FLOW, MONTHS, Viewer(Role.PUBLISHER, "SEN", "minh"))
    with pytest.raises(Invalid, match="Unknown rule"):
        Keep("nothing")
    with pytest.raises(Invalid, match="days"):
        Keep("newest", days=-1)
    with pytest.raises(NotFound):
        thin(hub, Keep("newest", named=frozenset({"unknown"})))
    assert thin(hub).releases == (), "the only release is the first and the newest"


EVENTS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(["Q.01.LUA", "Q.03.NGO", "M.02.LUA"]), st.integers(0, 9)), max_size=8
)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(EVENTS, st.sampled_from(["month-ends", "quarter-ends", "newest"]))
def test_every_kept_vintage_reads_as_before(empty_hub: Hub, clock: Hands, events: list[Any], rule: str) -> None:
    """Whatever was published when, and however it was thinned."""
    states = {}
    for days, key, value in events:
        clock.pass_by(days=days, minutes=1)
        batch = [series(key, {"2030-01" if key[0] == "M" else "2024-Q1": f"{value}.5"})]
        draft = empty_hub.drafts.draft(world.STRUCTURE, batch, LOCAL_ADMINISTRATOR)
        if draft is not None:
            empty_hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
            id = empty_hub.releases.release(draft.id, LOCAL_ADMINISTRATOR).id
            states[id] = clock.now(), values(empty_hub)
    for _ in range(2):
        thin(empty_hub, Keep(rule))
        clock.pass_by(days=1)
    kept = {each.id for each in empty_hub.cube.releases(FLOW, PUBLIC) if each.thinned_at is None}
    for id, (moment, expected) in states.items():
        if id in kept:
            assert values(empty_hub, as_of=moment) == expected
        else:
            with pytest.raises(Conflict):
                values(empty_hub, as_of=moment)
    with empty_hub.engine.connect() as connection:
        used = set(connection.scalars(select(release.c.ordinal).where(release.c.public_id.in_(kept))))
        for table, _ in INTERVALS:
            held = connection.execute(select(table.c.from_, table.c.to_)).all()
            assert all(any(low <= ordinal < high for ordinal in used) for low, high in held), "no row is kept for nothing"
