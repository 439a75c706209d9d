"""The registry's tables, and the one MetaData that the roof adds its own to.

Documents are kept as JSON text, not as the database's JSON type, so that they come out as they went in on every engine.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Column, Date, DateTime, Dialect, ForeignKey, Integer, MetaData, String, Table, Text, UniqueConstraint
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware time, kept as UTC without zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


artefact = Table(
    "artefact",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(64), nullable=False),
    Column("agency", String(255), nullable=False),
    Column("id", String(255), nullable=False),
    Column("version", String(64), nullable=False),
    Column("document", Text, nullable=False),
    Column("search", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("valid_from", Date),
    Column("valid_to", Date),
    UniqueConstraint("kind", "agency", "id", "version"),
)

item = Table(
    "item",
    metadata,
    Column("artefact", ForeignKey("artefact.key"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("id", String(255), nullable=False),
    Column("parent", String(255)),
    Column("document", Text, nullable=False),
    UniqueConstraint("artefact", "id"),
)

# What an artefact names, as it names it: the version may be a wildcard that is resolved when asked.
artefact_reference = Table(
    "artefact_reference",
    metadata,
    Column("artefact", ForeignKey("artefact.key"), primary_key=True),
    Column("kind", String(64), primary_key=True),
    Column("agency", String(255), primary_key=True),
    Column("id", String(255), primary_key=True),
    Column("version", String(64), primary_key=True),
)

# One row. The revision grows with every change, so that every process knows when what it remembers is old.
registry_state = Table(
    "registry_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
)
