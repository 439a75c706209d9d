"""The registry's tables, and the one MetaData that the roof adds its own to.

Documents are kept as JSON text, not as the database's JSON type, so that they come out as they went in on every engine.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
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


# One row for each act that changed the registry. Artefacts stand in intervals of these ordinals, and only this table knows
# times, so that any past state is one look-up.
registry_revision = Table(
    "registry_revision",
    metadata,
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("who", String(255), nullable=False),
    Column("what", Text, nullable=False),
    Column("why", Text, nullable=False),
)

# A message as it came in, once however many artefacts came in it.
message = Table(
    "message",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("media_type", String(255), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

# An artefact as it stood from revision `since` until before `until`; nothing but `until` ever changes. `head` is what every
# artefact has, all that a listing needs, `body` what its type has besides, without items. `trees` are the names of the
# hierarchies that a code list gives (registry/classification/deriving.py), so that a listing need not read its codes.
artefact = Table(
    "artefact",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(64), nullable=False),
    Column("agency", String(255), nullable=False),
    Column("id", String(255), nullable=False),
    Column("version", String(64), nullable=False),
    Column("since", ForeignKey("registry_revision.ordinal"), nullable=False, index=True),
    Column("until", ForeignKey("registry_revision.ordinal"), index=True),
    Column("head", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("search", Text, nullable=False),
    Column("trees", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("message", ForeignKey("message.digest")),
    UniqueConstraint("kind", "agency", "id", "version", "since"),
)

# Items lie in slices that lists share: the versions of a classification have most of their codes in common. `sorts` says which
# of its items are alike (registry/alike.py), so that what a format loses of a long list is known without reading it.
item_slice = Table(
    "item_slice",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("search", Text, nullable=False),
    Column("sorts", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

artefact_slice = Table(
    "artefact_slice",
    metadata,
    Column("artefact", ForeignKey("artefact.key"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("slice", ForeignKey("item_slice.digest"), nullable=False, index=True),
)

# What an artefact names, as it names it: the version may be a wildcard, which is resolved for the state that is asked about.
artefact_reference = Table(
    "artefact_reference",
    metadata,
    Column("artefact", ForeignKey("artefact.key"), primary_key=True),
    Column("kind", String(64), primary_key=True),
    Column("agency", String(255), primary_key=True),
    Column("id", String(255), primary_key=True),
    Column("version", String(64), primary_key=True),
    Index(None, "kind", "agency", "id"),
)
