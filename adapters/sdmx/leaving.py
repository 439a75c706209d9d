"""Readers who leave before their answer begins: nothing more is made for them.

A cross-section of everything takes half a minute before its first byte. Were it made to its end for readers who have gone, a
few of them would keep everybody else waiting. Once an answer is on its way, Starlette stops it itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from threading import Event

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from registry.columns import Batch


class Reader:
    """Who waits for an answer; asked from the thread that makes it."""

    def __init__(self) -> None:
        self._left = Event()

    def check(self) -> None:
        """:class:`starlette.requests.ClientDisconnect` once the reader has left."""
        if self._left.is_set():
            raise ClientDisconnect

    def awaited(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """The same batches, while the reader is there."""
        for batch in batches:
            self.check()
            yield batch

    @asynccontextmanager
    async def watched(self, receive: Receive) -> AsyncIterator[None]:
        """Notice meanwhile when the reader leaves."""
        watching = asyncio.ensure_future(self._watch(receive))
        try:
            yield
        finally:
            watching.cancel()

    async def _watch(self, receive: Receive) -> None:
        while (message := await receive()).get("more_body", False):
            pass
        # After the body there is nothing to receive until the reader leaves.
        if message["type"] == "http.disconnect" or (await receive())["type"] == "http.disconnect":
            self._left.set()
