"""One question to a PostgreSQL server for all who wait for its answer, without keeping an event loop waiting."""

from __future__ import annotations

import asyncio

import psycopg

SNAPSHOT = "SELECT pg_current_snapshot()::text"

PATIENCE = 5.0
"""Seconds after which the server counts as one that does not answer."""


class Together:
    """Those who come in while it is asked wait for the next answer: one that was on its way may be older than they are."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: psycopg.AsyncConnection[tuple[str]] | None = None
        self._asked: asyncio.Task[object] | None = None
        self._next: asyncio.Task[object] | None = None

    async def answer(self) -> object:
        """The snapshot of the server, asked after this was called; an object that equals nothing when it does not answer."""
        if self._next is None:
            self._next = asyncio.ensure_future(self._after(self._asked))
        return await asyncio.shield(self._next)

    async def _after(self, before: asyncio.Task[object] | None) -> object:
        if before is not None:
            await asyncio.wait([before])
        self._asked, self._next = self._next, None
        try:
            return await asyncio.wait_for(self._ask(), PATIENCE)
        except (psycopg.Error, OSError, TimeoutError):
            # What is read in earnest says what is the matter.
            await self._forget()
            return object()

    async def _ask(self) -> object:
        if self._connection is None:
            self._connection = await psycopg.AsyncConnection.connect(self._address, autocommit=True)
        cursor = await self._connection.execute(SNAPSHOT)
        row = await cursor.fetchone()
        return row[0] if row else object()

    async def _forget(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()
