"""Drafts that are being made just now, told from those whose making was broken off.

Each is held by a lock that ends with its process, however that ends: a session's advisory lock on PostgreSQL, a held folder
beside the file on SQLite. A draft in the state ``staging`` that nobody holds is removed by the next one.
Reference: PostgreSQL documentation 13.3.5, "Advisory Locks".
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, RowMapping, bindparam, delete, func, select, text

from hub import audit
from hub.database import reading
from hub.intervals import erase
from hub.tables import release
from hub.workplace import held_in, workplace
from registry.ports import Viewer

STAGING = "staging"
INTERRUPTED = "interrupted"
"""How a draft is shown whose making was broken off; in the table it is still being staged."""

_HELD = text(
    "SELECT classid::bigint, objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@contextmanager
def being_made(engine: Engine) -> Iterator[str]:
    """The id of a draft to be made, held until the end; to be held before anybody can find the draft."""
    if engine.dialect.name != "postgresql":
        with workplace(_folder(engine)) as folder:
            yield folder.name
        return
    id = secrets.token_hex(8)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(select(func.pg_advisory_lock(bindparam("key", _key(id)))))
        try:
            yield id
        finally:
            connection.execute(select(func.pg_advisory_unlock(bindparam("key", _key(id)))))


def _folder(engine: Engine) -> Path:
    return Path(f"{engine.url.database}-drafts")


def _key(id: str) -> int:
    return int.from_bytes(bytes.fromhex(id), "big", signed=True)


def _held(connection: Connection) -> set[str]:
    if connection.dialect.name != "postgresql":
        return held_in(_folder(connection.engine))
    return {f"{high:08x}{low:08x}" for high, low in connection.execute(_HELD)}


def interrupted(engine: Engine) -> set[str]:
    """The ids of the drafts whose making was broken off."""
    with reading(engine) as connection:
        left = {row["public_id"] for row in _broken_off(connection)}
    # One that was done meanwhile is not staged any more.
    with reading(engine) as connection:
        return left & {row["public_id"] for row in _staged(connection)} if left else left


def clear(connection: Connection, viewer: Viewer, now: datetime) -> None:
    """Remove the drafts whose making was broken off as if they had failed, in a transaction that writes."""
    for row in _broken_off(connection):
        connection.execute(delete(release).where(release.c.id == row["id"]))
        erase(connection, row["cube"], row["ordinal"])
        audit.record(connection, now, viewer, INTERRUPTED, row["public_id"], f"by {row['created_by']}")


def _broken_off(connection: Connection) -> list[RowMapping]:
    staged = _staged(connection)
    held = _held(connection) if staged else set()
    return [row for row in staged if row["public_id"] not in held]


def _staged(connection: Connection) -> list[RowMapping]:
    return list(connection.execute(select(release).where(release.c.state == STAGING)).mappings())
