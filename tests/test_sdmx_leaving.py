"""Readers of the SDMX doors who leave before their answer begins: nothing more is made for them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect

from adapters.sdmx.reply import WHOLE, body
from adapters.sdmx.rest import routes
from hub.web import on_gone
from hub.wiring import Hub
from registry.answers import Answer
from registry.columns import Batch
from registry.ports import PUBLIC, Viewer
from registry.selection import Selection
from registry.series import batch_of
from tests import world


@dataclass
class Endless:
    """A cube whose answers never end."""

    hub: Hub
    read: int = field(default=0)

    def ask(self, selection: Selection, viewer: Viewer, series: slice | None = None) -> Answer:
        return replace(self.hub.cube.ask(selection, viewer, series), batches=self._batches())

    def _batches(self) -> Iterator[Batch]:
        for batch in repeat(batch_of(list(world.harvest())[1:2], "OBS_VALUE")):
            self.read += 1
            yield batch


def test_a_cross_section_nobody_waits_for_any_more_is_not_made_to_its_end(hub: Hub) -> None:
    cube = Endless(hub)
    doors = routes(replace(hub.ports, cube=cube), lambda _: PUBLIC)  # type: ignore[arg-type]
    app = Starlette(routes=doors, exception_handlers={ClientDisconnect: on_gone})
    path, query = "/sdmx/v2/data/dataflow/SEN/MUA/1.0/*", b"dimensionAtObservation=CROP&format=jsondata"
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query, "headers": []}

    async def receive() -> dict[str, Any]:
        while cube.read < 3:
            await asyncio.sleep(0.001)
        return {"type": "http.disconnect"}

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(asyncio.wait_for(app(scope, receive, send), 20))
    assert sent[0]["status"] == 400, "what nobody reads is no fault of ours"


def test_no_more_of_a_long_answer_is_held_than_tells_that_it_is_long() -> None:
    pieces = iter([b"x" * WHOLE] * 3)
    assert not isinstance(body(pieces), bytes)
    assert len(list(pieces)) == 2
    assert body(iter([b"short", b"er"])) == b"shorter"
