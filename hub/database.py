"""The database engine: the same transactions on SQLite and PostgreSQL.

SQLite needs two things said by events, or two SELECTs of one connection are not one snapshot: no implicit transactions of the
driver, and an explicit BEGIN. WAL with ``synchronous=FULL``, or an acknowledged commit may be lost at power failure.
Reference: sqlite.org/isolation.html; PostgreSQL documentation 13.2.2, "Repeatable Read".
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from registry.errors import Invalid

BUSY_SECONDS = 60


def connect(url: str) -> Engine:
    """An engine for the URL; creates the folder of an SQLite file. :class:`Invalid` BAD_DATABASE_URL else."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(url, parsed.database)
        if parsed.get_backend_name() == "postgresql":
            return create_engine(url, isolation_level="REPEATABLE READ", pool_pre_ping=True, pool_size=10)
    except (ArgumentError, NoSuchModuleError):
        pass
    raise Invalid("BAD_DATABASE_URL", found=url.split(":", maxsplit=1)[0][:30])


def _sqlite(url: str, file: str | None) -> Engine:
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, pool_size=16)
    event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_connect(raw: Any, _record: Any) -> None:
    raw.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
        raw.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    # A writer that starts as a reader can be refused the upgrade in the middle: it must say so at the start.
    writing = connection.get_execution_options().get("hub_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One snapshot: every SELECT inside sees the same state."""
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that commits at the end or leaves no trace. Writers stand in line, so that none works on an old state."""
    options: dict[str, Any] = {"hub_writing": True}
    if engine.dialect.name == "postgresql":
        # A repeatable snapshot would be taken by the statement that waits, and so be older than what the writer before did.
        options["isolation_level"] = "READ COMMITTED"
    with engine.connect().execution_options(**options) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(7214001)"))
        yield connection
