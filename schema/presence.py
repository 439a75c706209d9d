"""Whether the reader still waits, noticed while a thread makes the answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from threading import Event

from starlette.types import Receive


@asynccontextmanager
async def present(receive: Receive) -> AsyncIterator[Callable[[], bool]]:
    """Gives a function that tells whether the reader has left; it may be asked from any thread."""
    left = Event()
    watching = asyncio.ensure_future(_watch(receive, left))
    try:
        yield left.is_set
    finally:
        watching.cancel()


async def _watch(receive: Receive, left: Event) -> None:
    # After the body there is nothing to receive until the reader leaves; a question by address may still have an empty body.
    while (await receive())["type"] != "http.disconnect":
        pass
    left.set()
