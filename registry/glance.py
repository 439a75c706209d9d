"""A few values from the database at the least cost: the look-ups that every question makes before it is answered from memory.

A statement through SQLAlchemy's engine costs several times what SQLite needs to run it. Here it is compiled once and run on a
pooled connection of the driver; a single statement is its own snapshot. If anything goes wrong, it is asked again the ordinary
way, which tells what.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect, Engine, Select, create_engine, event
from sqlalchemy.sql.compiler import SQLCompiler

from registry.passing import asks


class Glance:
    """A statement with bind parameters by name."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._prepared: dict[str, _Prepared] = {}

    def at(self, engine: Engine, **values: Any) -> Any:
        """The first value of the first row, or None where there is no row."""
        rows = self.rows(engine, **values)
        return rows[0][0] if rows else None

    def rows(self, engine: Engine, **values: Any) -> Sequence[Sequence[Any]]:
        """The rows as the driver gives them."""
        asks(engine)
        prepared = self._prepared.get(engine.dialect.name)
        if prepared is None:
            prepared = self._prepared[engine.dialect.name] = _Prepared(self._statement, engine.dialect)
        try:
            return prepared.run(engine, values)
        except Exception:  # whatever it was, the ordinary way raises it as what it is
            with engine.connect() as connection:
                return connection.execute(self._statement, values).all()


class _Prepared:
    """A statement for one kind of database."""

    def __init__(self, statement: Select[Any], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        self._text = str(compiled)
        self._order = compiled.positiontup
        self._constants = {name: value for name, value in compiled.params.items() if value is not None}
        processors = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect) for bind, name in compiled.bind_names.items()
        }
        self._processors = {name: process for name, process in processors.items() if process is not None}

    def run(self, engine: Engine, values: dict[str, Any]) -> Sequence[Sequence[Any]]:
        given = {**self._constants, **values}
        for name, process in self._processors.items():
            given[name] = process(given[name])
        raw = _straight(engine).raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute(self._text, given if self._order is None else [given[name] for name in self._order])
            rows: Sequence[Sequence[Any]] = cursor.fetchall()
            cursor.close()
        except BaseException:
            raw.invalidate()
            raise
        finally:
            raw.close()
        return rows


_STRAIGHT: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


def _straight(engine: Engine) -> Engine:
    """Where a look-up costs one journey to the server: no transaction around it, no question beforehand whether it is there.

    SQLite is in this process, and its engine will do.
    """
    if engine.dialect.name == "sqlite":
        return engine
    found = _STRAIGHT.get(engine)
    if found is None:
        found = create_engine(engine.url, isolation_level="AUTOCOMMIT", pool_size=16, pool_reset_on_return=None)
        found = _STRAIGHT.setdefault(engine, found)
        event.listen(engine, "engine_disposed", lambda _engine: found.dispose())
    return found
