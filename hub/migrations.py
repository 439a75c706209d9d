"""One sequence of migrations for the whole house: plain functions, applied once each, in order, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, Engine, inspect, select

from hub import proposal_tables as _proposal_tables  # noqa: F401  create_all makes the tables that were imported
from hub import registry_tables as _registry_tables  # noqa: F401  create_all makes the tables that were imported
from hub import release_tables as _release_tables  # noqa: F401
from hub.database import reading, writing
from hub.tables import metadata, migration
from registry.errors import Conflict


def _first_tables(connection: Connection) -> None:
    metadata.create_all(connection)


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (_first_tables,)


def upgrade(engine: Engine, at: datetime) -> int:
    """Bring the database to the newest shape; how many migrations were applied."""
    with writing(engine) as connection:
        done = _applied(connection)
        for number, step in enumerate(MIGRATIONS[done:], start=done + 1):
            step(connection)
            connection.execute(migration.insert().values(number=number, at=at))
    return len(MIGRATIONS) - done


def check(engine: Engine) -> None:
    """Refuse to work on a database that is not set up, or newer than this program."""
    with reading(engine) as connection:
        done = _applied(connection)
    if done < len(MIGRATIONS):
        raise Conflict("DATABASE_NOT_READY", found=done, expected=len(MIGRATIONS))


def _applied(connection: Connection) -> int:
    tables = inspect(connection)
    if not tables.has_table(migration.name):
        return 0
    for table in ("block", "registry_state"):
        # Before the first release of this program observations lay in rows of one series, and the registry had no past.
        if tables.has_table(table):
            raise Conflict("DATABASE_OUTDATED", found=table)
    if tables.has_table("artefact") and "trees" not in {column["name"] for column in tables.get_columns("artefact")}:
        raise Conflict("DATABASE_OUTDATED", found="artefact")
    done = len(connection.execute(select(migration.c.number)).all())
    if done > len(MIGRATIONS):
        raise Conflict("DATABASE_NEWER", found=done, expected=len(MIGRATIONS))
    return done
