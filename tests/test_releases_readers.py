"""Readers while others publish: every answer is of one release, wherever it is read in pieces, on both databases.

Two publishers write one number everywhere (every series and the data set's comment), each in its own order; a reader who finds
two numbers in one answer has seen half a release.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hub.access import LOCAL_ADMINISTRATOR
from hub.history import RELEASED
from hub.intervals import reopen, restore
from hub.releases import _close
from hub.tables import release
from hub.wiring import Hub
from registry.errors import Conflict, Invalid
from registry.ports import PUBLIC
from registry.selection import select as question
from tests import world
from tests.asking import Asker
from tests.conftest import Hands
from tests.world import series

KEYS = [f"{frequency}.{province}.{crop}" for frequency in "MQ" for province in ("01", "02", "03") for crop in ("LUA", "NGO")]
ROUNDS = 8
WHY = {"vi": "Thử", "en": "Trial"}


class Ticking(Hands):
    """A clock that never says the same twice, whoever asks."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            self.time += timedelta(microseconds=1)
            return self.time


@pytest.fixture
def clock() -> Hands:
    return Ticking()


def publish(hub: Hub, number: int, embargo: datetime | None = None) -> bool:
    """One number everywhere; False when another publisher was first."""
    cells = {"M": ("2024-01", "2024-02"), "Q": ("2024-Q1",)}
    batch = [series(key, {period: str(number) for period in cells[key[0]]}) for key in KEYS]
    note = {"COMMENT_DSET": str(number)}
    try:
        draft = hub.drafts.draft(world.STRUCTURE, batch, LOCAL_ADMINISTRATOR, dataset_attributes=note)
        assert draft is not None
        hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
        hub.releases.release(draft.id, LOCAL_ADMINISTRATOR, embargo)
    except Conflict as error:
        assert error.code in ("WRONG_STATE", "DRAFT_OVERTAKEN"), error
        return False
    return True


@contextmanager
def readers(*tasks: Callable[[], None]) -> Iterator[None]:
    """Each task again and again while the body runs; what one finds wrong fails the test."""
    stop = threading.Event()

    def repeat(task: Callable[[], None]) -> int:
        rounds = 0
        while not stop.is_set() or not rounds:
            task()
            rounds += 1
        return rounds

    with ThreadPoolExecutor(len(tasks)) as threads:
        running: list[Future[int]] = [threads.submit(repeat, task) for task in tasks]
        try:
            yield
        finally:
            stop.set()
        assert all(each.result() for each in running)


def test_no_answer_mixes_two_releases_while_two_publish(empty_hub: Hub) -> None:
    hub, seen = empty_hub, [0]
    assert publish(hub, 0)

    def whole() -> None:
        answer = hub.cube.ask(question(world.STRUCTURE), PUBLIC)
        told = {value for each in answer.series for value in each.values}
        assert told == {answer.dataset_attributes["COMMENT_DSET"]}, told
        assert answer.release is not None and answer.release.number is not None
        assert answer.release.number >= seen[0], "what was released does not become unreleased"
        seen[0] = answer.release.number

    def counted() -> None:
        found = hub.cube.availability(question(world.STRUCTURE), PUBLIC)
        assert (found.series, found.observations) == (len(KEYS), 18)
        listed = hub.cube.releases(world.DATAFLOW.ref, PUBLIC)
        assert [each.number for each in listed] == list(range(len(listed), 0, -1))

    with readers(whole, counted), ThreadPoolExecutor(2) as publishers:
        tries = list(publishers.map(lambda number: publish(hub, number), range(1, 2 * ROUNDS + 1)))
    done = [0, *(number for number, success in enumerate(tries, start=1) if success)]
    history = hub.cube.releases(world.DATAFLOW.ref, PUBLIC)
    assert len(history) == len(done) and len(done) > ROUNDS / 2
    read = {_number(hub, as_of=each.released_at) for each in history}
    assert read == {str(number) for number in done}, "what was released is in the history, and nothing else"


def _number(hub: Hub, **how: Any) -> str | None:
    """The number that stands everywhere; None before the first release."""
    found = {value for each in hub.cube.ask(question(world.STRUCTURE, **how), PUBLIC).series for value in each.values}
    assert len(found) < 2
    return next(iter(found), None)


def test_the_moments_stand_in_the_order_of_the_releases(empty_hub: Hub) -> None:
    with ThreadPoolExecutor(3) as publishers:
        list(publishers.map(lambda number: publish(empty_hub, number), range(3 * ROUNDS // 2)))
    with empty_hub.engine.connect() as connection:
        query = select(release.c.visible_from).where(release.c.state == RELEASED).order_by(release.c.ordinal)
        moments = list(connection.scalars(query))
    assert moments == sorted(set(moments))


PAGE = """query ($after: String) { dataflow(ref: "SEN:MUA") { data(first: 5, after: $after) {
  datasetAttributes { value } release { number } pageInfo { hasNextPage endCursor } series { key observations { valueText } }
} } }"""


def test_all_pages_after_a_cursor_are_of_one_release(empty_hub: Hub) -> None:
    hub = empty_hub
    asker = Asker(hub.ports)
    assert publish(hub, 0)

    def leaf_through() -> None:
        keys, told, after = [], set(), None
        while True:
            data = asker.data(PAGE, after=after)["dataflow"]["data"]
            keys += [each["key"] for each in data["series"]]
            told |= {each["valueText"] for one in data["series"] for each in one["observations"]}
            told |= {data["datasetAttributes"][0]["value"]}
            if not data["pageInfo"]["hasNextPage"]:
                break
            after = data["pageInfo"]["endCursor"]
        assert keys == sorted(KEYS) and len(told) == 1, told

    with readers(leaf_through):
        for number in range(1, ROUNDS + 1):
            assert publish(hub, number)


def test_what_was_answered_while_a_release_was_being_made_can_be_had_again(
    empty_hub: Hub, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Publishing much takes seconds, in which readers see what was before; who asks for those moments later must see it too."""
    hub, answered = empty_hub, slowly(empty_hub, clock, monkeypatch)
    assert publish(hub, 1) and publish(hub, 2)
    hub.ports.desk.withdraw(hub.cube.releases(world.DATAFLOW.ref, PUBLIC)[0].id, LOCAL_ADMINISTRATOR, WHY)
    assert [told for _, told in answered] == [None, None, "1", "1", "2", "2"]
    assert [_number(hub, as_of=moment) for moment, _ in answered] == [told for _, told in answered]
    assert _number(hub) == "1"


def test_what_became_visible_while_it_was_being_thrown_away_stays(
    empty_hub: Hub, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = empty_hub
    assert publish(hub, 1) and publish(hub, 2, clock.now() + timedelta(seconds=1))
    answered = slowly(hub, clock, monkeypatch)
    (waiting,) = hub.releases.drafts(LOCAL_ADMINISTRATOR)
    with pytest.raises(Conflict):
        hub.releases.discard(waiting.id, LOCAL_ADMINISTRATOR)
    assert [told for _, told in answered] == ["2", "2"] and _number(hub) == "2"
    assert [_number(hub, as_of=moment) for moment, _ in answered] == ["2", "2"]


def test_a_moment_that_passed_while_a_release_was_being_made_is_none_to_wait_for(
    empty_hub: Hub, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = empty_hub
    assert publish(hub, 1)
    answered = slowly(hub, clock, monkeypatch)
    with pytest.raises(Invalid, match="in the past"):
        publish(hub, 2, clock.now() + timedelta(seconds=1))
    assert [_number(hub, as_of=moment) for moment, _ in answered] == ["1", "1"]


def slowly(hub: Hub, clock: Hands, monkeypatch: pytest.MonkeyPatch) -> list[tuple[datetime, str | None]]:
    """What writes much takes two seconds more, and in each of them somebody asks: the moments, and what they were told."""
    answered: list[tuple[datetime, str | None]] = []

    def slow(work: Callable[..., None]) -> Callable[..., None]:
        def done(*how: Any) -> None:
            work(*how)
            for _ in range(2):
                answered.append((clock.pass_by(seconds=1), _number(hub)))

        return done

    for place, work in (("releases._close", _close), ("releases.reopen", reopen), ("withdrawing.restore", restore)):
        monkeypatch.setattr(f"hub.{place}", slow(work))
    return answered


BESIDE = """{ dataflow(ref: "SEN:MUA") { latestRelease { number } releases { number } availability { observations }
  a: data { release { number } datasetAttributes { value } series { key observations { valueText } } }
  b: data(first: 1) { release { number } series { observations { valueText } } } changes { to { number } }
} }"""


def numbers(told: Any) -> set[int]:
    """Which releases the fields of one answer are of."""
    found = [told["latestRelease"], told["releases"][0], told["a"]["release"], told["b"]["release"], told["changes"]["to"]]
    return {each["number"] for each in found}


@pytest.mark.parametrize("before", ["ask", "availability", "releases", "changes"])
def test_all_fields_of_one_answer_are_of_one_release(empty_hub: Hub, monkeypatch: pytest.MonkeyPatch, before: str) -> None:
    """Another is published right before or right after one of them is read, each time somewhere else."""
    hub, asker = empty_hub, Asker(empty_hub.ports)
    assert publish(hub, 0)
    reading, calls, at = getattr(hub.cube, before), [0], [0, 0]

    def read(*how: Any) -> Any:
        calls[0] += 1
        if calls[0] == at[0]:
            publish(hub, at[0] * 10 + at[1])
        found = reading(*how)
        if -calls[0] == at[0]:
            publish(hub, calls[0] * 10 + at[1])
        return found

    monkeypatch.setattr(hub.cube, before, read)
    for round_, place in enumerate((1, 2, 3, -1, -2, -3)):
        calls[0], at[:] = 0, [place, round_]
        told = asker.data(BESIDE)["dataflow"]
        assert len(numbers(told)) == 1, (place, told)
        shown = [*told["a"]["series"], *told["b"]["series"]]
        values = {each["valueText"] for one in shown for each in one["observations"]}
        assert values == {told["a"]["datasetAttributes"][0]["value"]}


def test_fields_beside_each_other_agree_while_two_publish(empty_hub: Hub) -> None:
    hub, asker = empty_hub, Asker(empty_hub.ports)
    assert publish(hub, 0)

    def beside() -> None:
        assert len(numbers(asker.data(BESIDE)["dataflow"])) == 1

    with readers(beside), ThreadPoolExecutor(2) as publishers:
        list(publishers.map(lambda number: publish(hub, number), range(1, 2 * ROUNDS + 1)))


def test_withdrawing_and_thinning_disturb_no_reader(empty_hub: Hub, clock: Hands) -> None:
    from hub.retention import Keep

    hub = empty_hub
    assert publish(hub, 0)

    def whole() -> None:
        answer = hub.cube.ask(question(world.STRUCTURE), PUBLIC)
        assert len({value for each in answer.series for value in each.values}) == 1

    def earlier() -> None:
        for each in hub.cube.releases(world.DATAFLOW.ref, PUBLIC):
            if each.thinned_at is None:
                try:
                    _number(hub, as_of=each.released_at)
                except Conflict as error:
                    assert error.code == "VINTAGE_THINNED"

    with readers(whole, earlier):
        for number in range(1, ROUNDS):
            assert publish(hub, number)
            newest = hub.cube.releases(world.DATAFLOW.ref, PUBLIC)[0].id
            if number % 3 == 0:
                hub.ports.desk.withdraw(newest, LOCAL_ADMINISTRATOR, WHY)
            hub.retention.thin(world.DATAFLOW.ref, Keep("newest"), LOCAL_ADMINISTRATOR)
    assert hub.cube.ask(question(world.STRUCTURE), PUBLIC).release is not None
