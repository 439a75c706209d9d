"""Readers who leave: long questions of theirs are not worked on to their end, and nobody waits behind them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from threading import Event
from typing import Any

import orjson
import pytest

from hub.wiring import Hub
from registry.answers import Answer
from registry.columns import Batch
from registry.passing import still_wanted
from registry.ports import Viewer
from registry.pulse import moment
from registry.selection import Selection
from schema.door import Door, Manner
from tests.asking import Asker

QUESTION = '{ dataflow(ref: "SEN:MUA") { data { series { key observations { value } } } } }'


class Endless:
    """A database whose answers go on until nobody wants them."""

    def __init__(self, cube: Any) -> None:
        self.cube = cube
        self.begun, self.ended = Event(), Event()

    def ask(self, selection: Selection, viewer: Viewer, series: slice | None = None) -> Answer:
        answer: Answer = self.cube.ask(selection, viewer, series)
        return replace(answer, batches=self._for_ever(list(answer.batches)), most=None)

    def _for_ever(self, batches: list[Batch]) -> Iterator[Batch]:
        self.begun.set()
        try:
            while True:
                still_wanted()
                time.sleep(0.01)
                yield batches[0].take_series(slice(0, 0))
        finally:
            self.ended.set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cube, name)


def door_of(asker: Asker) -> Door:
    routes: list[Any] = list(asker.app.routes)
    door = next(route.app for route in routes if route.path == "/graphql")
    assert isinstance(door, Door)
    return door


@pytest.mark.parametrize("here", [True, False])
def test_a_question_ends_when_its_reader_has_left(hub: Hub, here: bool) -> None:
    endless = Endless(hub.cube)
    door = door_of(Asker(replace(hub.ports, cube=endless), manner=Manner(moment=partial(moment, hub.engine) if here else None)))
    asyncio.run(_asked_and_left(door, endless))
    assert endless.ended.wait(5)


async def _asked_and_left(door: Door, endless: Endless) -> None:
    body = orjson.dumps({"query": QUESTION})
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        if messages:
            return messages.pop()
        # The reader leaves as soon as the work has begun.
        while not endless.begun.is_set():
            await asyncio.sleep(0.01)
        return {"type": "http.disconnect"}

    async def send(_message: Any) -> None:
        pass

    headers = [(b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}
    await asyncio.wait_for(door(scope, receive, send), 10)


def test_more_than_can_be_waited_for_is_sent_away(hub: Hub) -> None:
    asker = Asker(hub.ports, manner=Manner())
    door = door_of(asker)
    door.waiting = 10_000
    short = asker.send("POST", json={"query": "{ service { version } }"})
    assert short.status_code == 200, "what is short does not wait behind what is long"
    long = asker.send("POST", json={"query": '{ dataflow(ref: "SEN:MUA") { availability { series } } }'})
    assert long.status_code == 503 and long.json()["errors"][0]["extensions"]["code"] == "TOO_BUSY"
