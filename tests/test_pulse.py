"""What is remembered of a database is true: it is read again as soon as anything was committed, by whomever."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.database import connect, writing
from hub.timeline import standing, timeline
from hub.wiring import Hub
from registry.actions import put
from registry.errors import Unavailable
from registry.passing import by_itself
from registry.pulse import held, moment, remembered
from registry.shelf import begin
from registry.store import revision
from registry.together import Together
from tests import world
from tests.conftest import Hands

FLOW = world.DATAFLOW.ref

OTHER = """
import sys
from datetime import UTC, datetime
from hub.database import connect, writing
from registry.shelf import begin
from tests.world import act
with writing(connect(sys.argv[1])) as connection:
    begin(connection, act(datetime.now(UTC)))
"""


class Counting:
    """Something to read, and how often it was."""

    def __init__(self) -> None:
        self.read = 0

    def __call__(self) -> int:
        self.read += 1
        return self.read


def _commit(hub: Hub) -> None:
    with writing(hub.engine) as connection:
        begin(connection, world.act(hub.clock.now()))


def test_what_was_read_is_remembered_until_something_is_committed(hub: Hub) -> None:
    something = Counting()
    assert [remembered(hub.engine, "x", something) for _ in range(3)] == [1, 1, 1]
    _commit(hub)
    assert [remembered(hub.engine, "x", something) for _ in range(3)] == [2, 2, 2]


def test_what_is_rolled_back_is_no_reason_to_see_anything_else(hub: Hub) -> None:
    before = revision(hub.engine)
    with pytest.raises(ZeroDivisionError), writing(hub.engine) as connection:
        begin(connection, world.act(hub.clock.now()))
        raise ZeroDivisionError
    assert revision(hub.engine) == before


def test_a_commit_of_another_process_is_seen(hub: Hub) -> None:
    something = Counting()
    assert remembered(hub.engine, "x", something) == 1
    url = hub.engine.url.render_as_string(hide_password=False)
    subprocess.run([sys.executable, "-c", OTHER, url], check=True)
    assert remembered(hub.engine, "x", something) == 2


def test_inside_one_answer_nothing_changes(hub: Hub) -> None:
    """And outside of it everything does, at once."""
    before = revision(hub.engine)
    with held(hub.engine):
        with writing(hub.engine) as connection:
            put(connection, [replace(world.CROP, ref=replace(world.CROP.ref, version="2.0"))], world.act(hub.clock.now()))
        assert revision(hub.engine) == before
    assert revision(hub.engine) == before + 1


def test_a_moment_comes_without_a_commit(hub: Hub, clock: Hands) -> None:
    """Time is no part of what is remembered: the moment of a release comes, and everybody sees it."""
    ordinals = timeline(hub.engine, FLOW)
    later = clock.now() + timedelta(days=1)
    waiting = type(ordinals)(
        ordinals.cube, (*ordinals.moments, later), (*ordinals.seen, ordinals.seen[-1]._replace(ordinal=99))
    )
    assert waiting.ordinal(later - timedelta(microseconds=1)) == ordinals.ordinal(clock.now())
    assert waiting.standing(later - timedelta(microseconds=1)) == ordinals.standing(clock.now())
    assert waiting.ordinal(later) == 99
    assert waiting.standing(later) != ordinals.standing(clock.now())


def test_a_disposed_engine_is_asked_anew(hub: Hub) -> None:
    something = Counting()
    remembered(hub.engine, "x", something)
    hub.engine.dispose()
    _commit(hub)
    assert remembered(hub.engine, "x", something) == 2


def test_a_database_in_memory_is_never_remembered() -> None:
    engine, something = connect("sqlite://"), Counting()
    assert [remembered(engine, "x", something) for _ in range(2)] == [1, 2]


def test_a_database_that_does_not_answer_is_called_so() -> None:
    engine = connect("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable):
        standing(engine, FLOW, Hands().now())


def test_who_comes_while_the_server_is_asked_waits_for_the_next_answer(postgresql: str) -> None:
    """One answer for all who wait, and none that is older than who gets it."""
    asked = list[str]()

    class Slow(Together):
        async def _ask(self) -> object:
            asked.append("begun")
            await asyncio.sleep(0.05)
            return len(asked)

    async def run() -> list[object]:
        together = Slow(postgresql)
        first = asyncio.ensure_future(together.answer())
        await asyncio.sleep(0.01)
        return await asyncio.gather(first, *(together.answer() for _ in range(5)))

    assert asyncio.run(run()) == [1, 2, 2, 2, 2, 2]


def test_a_loop_sees_a_commit_at_once(hub: Hub) -> None:
    async def revisions() -> list[int]:
        found = []
        for _ in range(3):
            with await moment(hub.engine):
                found.append(revision(hub.engine))
            _commit(hub)
        return found

    first, *rest = asyncio.run(revisions())
    assert rest == [first + 1, first + 2]


def test_threads_and_loops_remember_together(hub: Hub) -> None:
    """What one of them read the other need not read again."""
    something = Counting()

    async def in_loop() -> int:
        with await moment(hub.engine):
            return remembered(hub.engine, "x", something)

    assert remembered(hub.engine, "x", something) == asyncio.run(in_loop()) == remembered(hub.engine, "x", something) == 1


def test_a_loop_waits_for_no_server(hub: Hub) -> None:
    """What is not known is not asked for there; SQLite is no server."""

    def refuse() -> None:
        raise ZeroDivisionError

    _commit(hub)
    with by_itself(refuse):
        if hub.engine.dialect.name == "sqlite":
            assert revision(hub.engine) > 0
        else:
            with pytest.raises(ZeroDivisionError):
                revision(hub.engine)


def test_a_server_that_is_gone_keeps_nobody_waiting() -> None:
    """Two questions in turn, so that the first leaves nothing behind: each gets an answer that equals none."""

    async def answers() -> list[object]:
        together = Together("postgresql://nobody@127.0.0.1:1/nothing")
        return [await together.answer(), await together.answer()]

    one, other = asyncio.run(answers())
    assert one != other
