"""Correcting and withdrawing what was published in Đất Nước Sen: releases like any other, with a reason that readers see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from hub.access import LOCAL_ADMINISTRATOR
from hub.wiring import Hub
from registry.errors import Conflict, Denied, Invalid
from registry.ports import PUBLIC, Role, Viewer
from registry.selection import select as question
from tests import world
from tests.asking import Asker
from tests.conftest import Hands, publish
from tests.noticed import FORMATS, release_of, told_by
from tests.test_releases import values
from tests.test_releases_calendar import get
from tests.test_releases_preview import ML_21
from tests.world import series

WHY = {"vi": "Sai đơn vị tính ở Đồng Sen", "en": "Wrong unit in Lotus Field"}
PUBLISHER = Viewer(Role.PUBLISHER, "SEN", "minh")


def seen(hub: Hub) -> tuple[dict[str, Any], dict[str, str]]:
    """Figures and data set attributes as everybody sees them."""
    answer = hub.cube.ask(question(world.STRUCTURE), PUBLIC)
    return values(hub), dict(answer.dataset_attributes)


def list_of(hub: Hub) -> list[tuple[int | None, str, bool]]:
    """Number, kind and whether it was withdrawn, oldest first."""
    found = hub.cube.releases(world.DATAFLOW.ref, PUBLIC)
    return [(each.number, each.kind, each.withdrawn_by is not None) for each in reversed(found)]


def newest(hub: Hub) -> str:
    return hub.cube.releases(world.DATAFLOW.ref, PUBLIC)[0].id


def test_a_correction_says_why(hub: Hub) -> None:
    draft = hub.drafts.draft(world.STRUCTURE, [series("Q.01.LUA", {"2023-Q1": "12.05"})], LOCAL_ADMINISTRATOR)
    assert draft is not None
    hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    with pytest.raises(Invalid, match="text is missing"):
        hub.releases.release(draft.id, PUBLISHER, correction={"vi": "Sai", "en": ""})
    found = hub.releases.release(draft.id, PUBLISHER, correction=WHY)
    assert (found.kind, found.reasons) == ("correction", WHY)
    told = hub.cube.ask(question(world.STRUCTURE), PUBLIC).release
    assert told is not None and (told.kind, told.reasons) == ("correction", WHY)


def test_withdrawing_gives_back_what_stood_before(hub: Hub, clock: Hands) -> None:
    before, moment = seen(hub), clock.now()
    clock.pass_by(days=1)
    wrong = [series("Q.01.LUA", {"2023-Q1": "1", "2025-Q1": "9"}), series("Q.03.NGO", {"2024-Q1": "7"})]
    id = publish(hub, wrong, replace_all=True, dataset_attributes={"COMMENT_DSET": "sai"})
    withdrawn, between = seen(hub), clock.now()
    clock.pass_by(days=1)
    done = hub.ports.desk.withdraw(id, PUBLISHER, WHY)
    assert seen(hub) == before != withdrawn
    assert (done.kind, done.reasons, done.series, done.observations) == ("withdrawal", WHY, 4, 9)
    assert list_of(hub) == [(1, "release", False), (2, "release", True), (3, "withdrawal", False)]
    assert values(hub, as_of=between) == withdrawn[0], "what was published can still be asked for"
    assert values(hub, as_of=moment) == before[0]
    told = hub.cube.ask(question(world.STRUCTURE, as_of=between), PUBLIC).release
    assert told is not None and told.withdrawn_by == done.id, "and says that it was withdrawn, however early it was read"


def test_a_withdrawal_that_cannot_be_seen_yet_is_not_told_of(hub: Hub, clock: Hands) -> None:
    """Of two servers the clock of one is a little behind: it neither shows the withdrawal nor marks what it takes back."""
    clock.pass_by(days=1)
    publish(hub, [series("Q.01.LUA", {"2023-Q1": "7"})])
    before, shown, moment = list_of(hub), seen(hub), clock.now()
    clock.pass_by(seconds=1)
    hub.ports.desk.withdraw(newest(hub), PUBLISHER, WHY)
    clock.time = moment
    assert (list_of(hub), seen(hub)) == (before, shown)
    told = hub.cube.ask(question(world.STRUCTURE, as_of=moment), PUBLIC).release
    assert told is not None and told.withdrawn_by is None
    clock.pass_by(seconds=1)
    assert list_of(hub) == [(1, "release", False), (2, "release", True), (3, "withdrawal", False)]


def test_withdrawing_the_first_leaves_nothing(hub: Hub) -> None:
    done = hub.ports.desk.withdraw(newest(hub), PUBLISHER, WHY)
    assert seen(hub) == ({}, {}) and (done.series, done.observations) == (0, 0)
    found = hub.cube.availability(question(world.STRUCTURE), PUBLIC)
    assert found.series == 0 and set(found.codes.values()) == {()}
    publish(hub, world.harvest())
    assert len(values(hub)) == 4


def test_releases_are_withdrawn_one_below_the_other(hub: Hub) -> None:
    first, ids, states = newest(hub), [], [seen(hub)]
    for value in ("1", "2", "3"):
        ids.append(publish(hub, [series("Q.01.LUA", {"2023-Q1": value}), series("Q.03.LUA", {f"202{value}": value})]))
        states.append(seen(hub))
    for at in (2, 1, 0):
        hub.ports.desk.withdraw(ids[at], PUBLISHER, WHY)
        assert seen(hub) == states[at]
    hub.ports.desk.withdraw(first, PUBLISHER, WHY)
    assert seen(hub) == ({}, {})


def test_what_may_not_be_withdrawn(hub: Hub, clock: Hands) -> None:
    first = newest(hub)
    second = publish(hub, [series("Q.01.LUA", {"2023-Q1": "1"})])
    with pytest.raises(Conflict, match="figures that stand"):
        hub.ports.desk.withdraw(first, PUBLISHER, WHY)
    with pytest.raises(Denied):
        hub.ports.desk.withdraw(second, Viewer(Role.STATISTICIAN, "SEN", "lan"), WHY)
    with pytest.raises(Invalid, match="text is missing"):
        hub.ports.desk.withdraw(second, PUBLISHER, {"vi": "Sai"})
    waits = publish(hub, [series("Q.01.LUA", {"2023-Q1": "2"})], clock.now() + timedelta(days=1))
    for id in (second, waits):
        with pytest.raises(Conflict, match="made on this one"):
            hub.ports.desk.withdraw(id, PUBLISHER, WHY)
    hub.releases.discard(waits, PUBLISHER)
    done = hub.ports.desk.withdraw(second, PUBLISHER, WHY)
    for id in (second, done.id):
        with pytest.raises(Conflict, match="figures that stand"):
            hub.ports.desk.withdraw(id, PUBLISHER, WHY)


def test_drafts_made_on_what_is_withdrawn_are_overtaken(hub: Hub) -> None:
    draft = hub.drafts.draft(world.STRUCTURE, [series("Q.03.LUA", {"2024-Q1": "7"})], LOCAL_ADMINISTRATOR)
    assert draft is not None
    hub.ports.desk.withdraw(newest(hub), PUBLISHER, WHY)
    with pytest.raises(Conflict, match="overtaken"):
        hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    assert seen(hub) == ({}, {})


def test_readers_over_graphql_see_kind_and_reason(hub: Hub) -> None:
    asker = Asker(hub.ports)
    id = publish(hub, [series("Q.01.LUA", {"2023-Q1": "1"})])
    step = (
        'mutation ($id: String!) { withdraw(release: $id, reasonVi: "Sai", reasonEn: "Wrong") { id kind reason(lang: "en") } }'
    )
    assert asker.error(step, id=id)["code"] == "TOKEN_NEEDED"
    done = asker.data(step, id=id, token="publisher")["withdraw"]
    assert (done["kind"], done["reason"]) == ("withdrawal", "Wrong")
    fields = 'kind state reason(lang: "vi") withdrawnBy embargoedUntil'
    shown = f"releases {{ {fields} }} data {{ release {{ {fields} }} }}"
    found = asker.data(f'{{ dataflow(ref: "SEN:MUA") {{ {shown} }} }}')["dataflow"]
    told = {"kind": "withdrawal", "state": "released", "reason": "Sai", "withdrawnBy": None, "embargoedUntil": None}
    assert found["data"]["release"] == found["releases"][0] == told
    assert found["releases"][1] == {**told, "kind": "release", "reason": None, "withdrawnBy": done["id"]}


def test_a_message_says_why_its_figures_were_corrected(hub: Hub) -> None:
    hub.ports.desk.withdraw(
        publish(hub, [series("Q.01.LUA", {"2023-Q1": "1"})]), PUBLISHER, {"vi": "Sai & lệch", "en": "Wrong"}
    )
    for accept in ("application/vnd.sdmx.genericdata+xml;version=2.1", "application/vnd.sdmx.data+json;version=2.0.0"):
        got = get(hub, "/sdmx/v2/data/dataflow/SEN/MUA/1.0/*", Accept=accept)
        assert got.status_code == 200, got.text
        if "json" in accept:
            assert got.json()["meta"]["names"] == {"vi": "Sai & lệch", "en": "Wrong"}
        else:
            message = etree.fromstring(got.content)
            assert ML_21.validate(message), ML_21.error_log
            assert [each.text for each in message.iterfind("{*}Header/{*}Name")] == ["Sai & lệch", "Wrong"]


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_says_why_figures_were_withdrawn(hub: Hub, format: str) -> None:
    """In the file where it has a place for it, and in a header of HTTP."""
    ordinary = get(hub, f"/sdmx/v1/data/SEN,MUA?format={format}&lang=vi")
    assert release_of(ordinary)[0]["kind"] == "release" and told_by(ordinary, format) == ""
    hub.ports.desk.withdraw(publish(hub, [series("Q.01.LUA", {"2023-Q1": "1"})]), PUBLISHER, WHY)
    got = get(hub, f"/sdmx/v1/data/SEN,MUA?format={format}&lang=vi")
    assert release_of(got) == ({**release_of(got)[0], "number": "3", "kind": "withdrawal", "state": "released"}, WHY)
    assert WHY["vi"] in told_by(got, format) or format == "csv"
    assert (
        get(hub, f"/sdmx/v1/data/SEN,MUA?format={format}&lang=vi", **{"If-None-Match": got.headers["etag"]}).status_code == 304
    )


@pytest.mark.parametrize("format", FORMATS)
def test_a_vintage_that_was_withdrawn_says_so_and_is_no_longer_what_a_client_holds(hub: Hub, clock: Hands, format: str) -> None:
    clock.pass_by(hours=1)
    id, moment = publish(hub, [series("Q.01.LUA", {"2023-Q1": "1"})]), clock.now().isoformat().replace("+00:00", "Z")
    address = f"/sdmx/v2/data/dataflow/SEN/MUA/1.0/*?format={format}&lang=en&asOf={moment}"
    before = get(hub, address)
    assert "withdrawn" not in release_of(before)[0]
    clock.pass_by(hours=1)
    hub.ports.desk.withdraw(id, PUBLISHER, WHY)
    after = get(hub, address, **{"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200 and "withdrawn" in release_of(after)[0]
    assert "withdrawn" in told_by(after, format) or format == "csv"


CELLS = st.dictionaries(st.sampled_from(["Q.01.LUA", "Q.03.NGO", "M.02.LUA"]), st.integers(0, 3), min_size=1)
STEPS = st.lists(st.just("withdraw") | st.tuples(st.booleans(), CELLS), max_size=7)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_each_vintage_is_what_readers_saw_whatever_was_withdrawn(empty_hub: Hub, clock: Hands, steps: list[Any]) -> None:
    """A model beside the database: a stack of states. Every moment asked for later gives what was seen then."""
    while values(empty_hub):
        standing = next(each for each in empty_hub.cube.releases(world.DATAFLOW.ref, PUBLIC) if _stands(each))
        empty_hub.ports.desk.withdraw(standing.id, PUBLISHER, WHY)
    stack: list[tuple[str, Any]] = []
    moments = []
    for step in steps:
        clock.pass_by(hours=1)
        if step == "withdraw" and stack:
            empty_hub.ports.desk.withdraw(stack.pop()[0], PUBLISHER, WHY)
        elif step != "withdraw":
            period = {"Q": "2024-Q1", "M": "2030-01"}
            batch = [series(key, {period[key[0]]: str(value)}) for key, value in sorted(step[1].items())]
            draft = empty_hub.drafts.draft(world.STRUCTURE, batch, LOCAL_ADMINISTRATOR, replace_all=step[0])
            if draft is not None:
                empty_hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
                empty_hub.releases.release(draft.id, LOCAL_ADMINISTRATOR)
                stack.append((draft.id, values(empty_hub)))
        expected = stack[-1][1] if stack else {}
        assert values(empty_hub) == expected
        moments.append((clock.now(), expected))
    for moment, expected in moments:
        assert values(empty_hub, as_of=moment) == expected
    clock.pass_by(hours=1)


def _stands(each: Any) -> bool:
    return each.kind != "withdrawal" and each.withdrawn_by is None
