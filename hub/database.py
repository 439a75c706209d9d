"""The database engine: the same transactions on SQLite and PostgreSQL.

SQLite needs two things said by events, or two SELECTs of one connection are not one snapshot: no implicit transactions of the
driver, and an explicit BEGIN. WAL with ``synchronous=FULL``, or an acknowledged commit may be lost at power failure.
Reference: sqlite.org/isolation.html; PostgreSQL documentation 13.2.2, "Repeatable Read".
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, NoSuchModuleError, OperationalError

from registry.errors import Invalid, Unavailable
from registry.passing import asks

BUSY_SECONDS = 60

log = logging.getLogger("hub")


def connect(url: str) -> Engine:
    """An engine for the URL; creates the folder of an SQLite file. :class:`Invalid` BAD_DATABASE_URL else.

    Whatever is done with it raises :class:`Unavailable` DATABASE_UNREACHABLE when the server or the file does not answer.
    """
    engine = _engine(url)
    event.listen(engine, "handle_error", _unreachable)
    return engine


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(url, parsed.database)
        if parsed.get_backend_name() == "postgresql":
            return create_engine(url, isolation_level="REPEATABLE READ", pool_pre_ping=True, pool_size=10)
    except (ArgumentError, NoSuchModuleError, ValueError):
        pass
    raise Invalid("BAD_DATABASE_URL", found=url.split(":", maxsplit=1)[0][:30])


def _unreachable(context: ExceptionContext) -> None:
    """A server that is gone, a disk that is full, a file that is none: no fault of the question, so no door may call it one."""
    # Their subclasses are about statements and values, and would be faults of ours.
    if not context.is_pre_ping and type(context.sqlalchemy_exception) in (OperationalError, InterfaceError, DatabaseError):
        log.error("database: %s", context.original_exception)
        reason = type(context.original_exception).__name__
        raise Unavailable("DATABASE_UNREACHABLE", kind=context.dialect.name, reason=reason) from context.original_exception


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
    asks(engine)
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def trying(engine: Engine, dry: bool) -> Iterator[Connection]:
    """The same as :func:`writing`; with ``dry`` everything is done and checked, and nothing stays."""
    with suppress(_Undo), writing(engine) as connection:
        yield connection
        if dry:
            raise _Undo


class _Undo(Exception):
    """Leaves a transaction without committing it."""


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
