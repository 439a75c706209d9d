"""One sequence of migrations for the whole house: plain functions, applied once each, in order, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Container
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


LISTED = 5
"""How much of what a database lacks is named."""

MIGRATIONS: tuple[Callable[[Connection], None], ...] = (_first_tables,)


def upgrade(engine: Engine, at: datetime) -> int:
    """Bring the database to the newest shape; how many migrations were applied.

    :class:`Conflict` DATABASE_OUTDATED, and nothing is changed, where it would lack something afterwards.
    """
    with writing(engine) as connection:
        done = _applied(connection)
        if not done:
            _check_shape(connection, _columns(connection).keys())
        for number, step in enumerate(MIGRATIONS[done:], start=done + 1):
            step(connection)
            connection.execute(migration.insert().values(number=number, at=at))
        _check_shape(connection, metadata.tables)
    return len(MIGRATIONS) - done


def check(engine: Engine) -> None:
    """Refuse to work on a database that is not set up, newer than this program, or lacks what it needs."""
    with reading(engine) as connection:
        done = _applied(connection)
        if done == len(MIGRATIONS):
            _check_shape(connection, metadata.tables)
    if done < len(MIGRATIONS):
        raise Conflict("DATABASE_NOT_READY", found=done, expected=len(MIGRATIONS))


def _check_shape(connection: Connection, wanted: Container[str]) -> None:
    """Versions before the first release have no numbers of their own: what they lack would be met in the middle."""
    there = _columns(connection)
    tables = {name: table.columns.keys() for name, table in sorted(metadata.tables.items()) if name in wanted}
    lacking = [name for name in tables if name not in there]
    lacking += [f"{name}.{key}" for name, keys in tables.items() if name in there for key in keys if key not in there[name]]
    if lacking:
        raise Conflict("DATABASE_OUTDATED", found=", ".join(lacking[:LISTED]))


def _columns(connection: Connection) -> dict[str, set[str]]:
    """The columns of each table that is there."""
    found = inspect(connection).get_multi_columns()
    return {name: {column["name"] for column in columns} for (_, name), columns in found.items()}


def _applied(connection: Connection) -> int:
    if not inspect(connection).has_table(migration.name):
        return 0
    done = len(connection.execute(select(migration.c.number)).all())
    if done > len(MIGRATIONS):
        raise Conflict("DATABASE_NEWER", found=done, expected=len(MIGRATIONS))
    return done
