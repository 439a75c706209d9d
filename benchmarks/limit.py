"""The limits: the hub's bytes from the thinnest ASGI handler over a store. No GraphQL, no access check, no release.

python -m benchmarks.serve benchmarks.limit:app PORT
LIMIT = store (the hub's own SQLite file), memory (the same, with what was read kept), duckdb; PRODUCTS; FILE
"""

from __future__ import annotations

import os
from typing import Any, Protocol

import orjson

from benchmarks.limit_text import Status, Text, Values
from benchmarks.world import World

JSON, CSV = b"application/json", b"text/csv"


class Source(Protocol):
    """Where the numbers come from. Series are numbered in key order."""

    def series(self, numbers: list[int]) -> tuple[Values, Status]:
        """144 of each for every number."""
        ...

    def sums(self, indicator: int, without: list[int]) -> Values:
        """float64[regions x months], of all products but those."""
        ...

    def section(self, month: int) -> tuple[Values, Status]:
        """One of each for every series."""
        ...


def opened(world: World) -> Source:
    if os.environ["LIMIT"] == "duckdb":
        from benchmarks.limit_duckdb import Duck

        return Duck(os.environ["FILE"], world.products)
    from benchmarks.limit_store import Tiles

    return Tiles(os.environ["FILE"], world.products, keep=os.environ["LIMIT"] == "memory")


class Limit:
    """Body: ``{"kind", "numbers" | "indicator" and "without" | "month"}``."""

    def __init__(self) -> None:
        world = World(int(os.environ["PRODUCTS"]))
        self._source, self._text = opened(world), Text(world)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        message = await receive()
        body = self.answer(orjson.loads(message["body"]))
        kind = CSV if body[:1] == b"S" else JSON
        head = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": body})

    def answer(self, asked: Any) -> bytes:
        kind = asked["kind"]
        if kind == "sum":
            return self._text.sums(asked["indicator"], self._source.sums(asked["indicator"], asked["without"]))
        if kind == "period":
            return self._text.section(asked["month"], *self._source.section(asked["month"]))
        return self._text.series(asked["numbers"], *self._source.series(asked["numbers"]), kind == "labels")


app = Limit()
