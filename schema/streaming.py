"""Large lists: written while they are sent, so that the first byte leaves early and memory stays the same.

The executor puts a placeholder where such a list stands in the answer. The door sends the text before it, then the list batch
by batch, then what follows. The answer is byte for byte the one it would be in one piece.

Whatever can be known is known before the first byte: the question has been executed then, the limit holds for as many
observations as the index says there can be at most, and the first batch has been written. What fails later (a database that
goes away) ends the connection without the end of the transfer, so that nobody takes the half for the whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import Executor
from contextvars import copy_context
from dataclasses import dataclass, field

from starlette.types import Receive, Send

LARGE = 50_000
"""Observations from which a list is written while it is sent."""

MARK = b"\xff"
"""Around the number of a list. UTF-8 has no such byte, so no text of an answer can be taken for it."""

SMALLEST_PIECE = 1000
"""Bytes below which a piece waits for the next: it fits a packet together with it."""


class AskAgain(Exception):
    """The question is to be asked again with its lists read, and counted, before they are sent."""


@dataclass
class Streams:
    """The lists of one answer that are written while it is sent.

    least   observations from which a list is one of them
    lazily  they are read then, too; what they may hold at most counts against the limit before
    again   raised :class:`AskAgain`
    """

    least: int = LARGE
    lazily: bool = True
    again: bool = False
    promised: bool = False
    lists: list[Iterator[bytes]] = field(default_factory=list)

    def add(self, pieces: Iterator[bytes]) -> bytes:
        """What stands in the answer where these pieces belong."""
        self.lists.append(pieces)
        return b"%b%d%b" % (MARK, len(self.lists) - 1, MARK)

    def ask_again(self) -> None:
        self.again = True
        raise AskAgain

    def pieces(self, body: bytes) -> Iterator[bytes]:
        """The answer with the lists in their places."""
        for place, part in enumerate(body.split(MARK)):
            if place % 2:
                yield from self.lists[int(part)]
            else:
                yield part


def gathered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same without very small pieces."""
    held = b""
    for piece in pieces:
        held += piece
        if len(held) >= SMALLEST_PIECE:
            yield held
            held = b""
    if held:
        yield held


async def pour(receive: Receive, send: Send, workers: Executor, pieces: Iterator[bytes]) -> None:
    """Send the pieces as the body of an answer; each is made in a thread, no thread waits for a slow reader.

    Nothing more is made once the reader has gone.
    """
    loop, gone = asyncio.get_running_loop(), asyncio.ensure_future(_gone(receive))
    try:
        while not gone.done():
            piece = await loop.run_in_executor(workers, copy_context().run, _next, pieces)
            await send({"type": "http.response.body", "body": piece or b"", "more_body": piece is not None})
            if piece is None:
                return
    finally:
        gone.cancel()


def _next(pieces: Iterator[bytes]) -> bytes | None:
    return next(pieces, None)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
