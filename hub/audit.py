"""Who did what, when: written in the same transaction as the act, so that neither exists without the other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from hub.tables import audit
from registry.ports import Viewer


def record(connection: Connection, at: datetime, viewer: Viewer, action: str, subject: str, detail: str = "") -> None:
    """Add an entry. ``detail`` holds counts and codes, never values of microdata."""
    connection.execute(audit.insert().values(at=at, actor=viewer.name, action=action, subject=subject, detail=detail))
