"""Who did what, when: written in the same transaction as the act, so that neither exists without the other."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from hub.database import writing
from hub.tables import audit
from registry.ports import Viewer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_noted: ContextVar[set[tuple[str, ...]] | None] = ContextVar("noted", default=None)


def record(connection: Connection, at: datetime, viewer: Viewer, action: str, subject: str, detail: str = "") -> None:
    """Add an entry. ``detail`` holds counts and codes, never values of microdata."""
    connection.execute(audit.insert().values(at=at, actor=viewer.name, action=action, subject=subject, detail=detail))


def record_once(engine: Engine, at: datetime, viewer: Viewer, action: str, subject: str, detail: str = "") -> None:
    """Add an entry in a transaction of its own, unless this request has made it already; for what is read, not changed."""
    entry, seen = (action, subject, detail), _noted.get()
    if seen is not None and entry in seen:
        return
    with writing(engine) as connection:
        record(connection, at, viewer, action, subject, detail)
    if seen is not None:
        seen.add(entry)


class OneRequest:
    """Middleware: what one request reads in many pieces is noted once. Worker threads share the set with their request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = _noted.set(set())
        try:
            await self._app(scope, receive, send)
        finally:
            _noted.reset(token)
