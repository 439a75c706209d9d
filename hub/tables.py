"""Every table above the registry's: observations, releases, deliveries, access. One MetaData for the whole house.

Times are stored as UTC without zone. One set of tables serves all dataflows; none is created at run time.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
)

from registry.tables import Moment, metadata

__all__ = (
    "approval",
    "attachment",
    "audit",
    "chunk",
    "cube",
    "delivery",
    "label",
    "metadata",
    "migration",
    "release",
    "tile",
    "token",
)

OPEN = 2**31 - 1
"""``to`` of an interval that no release has closed."""

BigId = BigInteger().with_variant(Integer, "sqlite")

migration = Table("migration", metadata, Column("number", Integer, primary_key=True), Column("at", Moment, nullable=False))

cube = Table(
    "cube",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("agency", String(255), nullable=False),
    Column("flow", String(255), nullable=False),
    Column("version", String(64), nullable=False),
    UniqueConstraint("agency", "flow", "version"),
)

# An ordinal is the position of a release in its dataflow's history. Only this table knows times: `as of` is one look-up here.
release = Table(
    "release",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(32), nullable=False, unique=True),
    Column("cube", ForeignKey("cube.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("base", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(255), nullable=False),
    Column("released_at", Moment),
    Column("visible_from", Moment),
    Column("series", Integer, nullable=False, default=0),
    Column("observations", BigInteger, nullable=False, default=0),
    Column("note", Text, nullable=False, default=""),
    UniqueConstraint("cube", "ordinal"),
)

approval = Table(
    "approval",
    metadata,
    Column("release", ForeignKey("release.id"), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", String(255), nullable=False),
)

# The series a dataflow ever had, in the order they came: chunk number * cells.SERIES + place in the chunk names a series for
# good. Which of them a release has, its tiles tell. See hub/chunks.py.
chunk = Table(
    "chunk",
    metadata,
    Column("cube", ForeignKey("cube.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

# One row: a chunk of series, a block of periods, a release interval [from_, to_). See hub/tiles.py. The content comes last,
# so that SQLite reads the rest without it.
tile = Table(
    "tile",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("cube", Integer, nullable=False),
    Column("frequency", String(1), nullable=False),
    Column("chunk", Integer, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("from_", Integer, nullable=False),
    Column("to_", Integer, nullable=False),
    Column("count", Integer, nullable=False),
    Column("spans", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("tile_place", "cube", "frequency", "chunk", "number", "from_", unique=True),
    Index("tile_to", "cube", "to_"),
    Index("tile_from", "cube", "from_"),
    # Tiles are remembered by their ids: one that was removed must not lend its id to another.
    sqlite_autoincrement=True,
)

# Floats do not get smaller by packing, and unpacking them takes longer than reading them.
event.listen(
    tile,
    "after_create",
    DDL("ALTER TABLE tile ALTER COLUMN content SET STORAGE EXTERNAL").execute_if(dialect="postgresql"),  # type: ignore[no-untyped-call]
)

# Series attributes of a chunk, dictionary-coded.
label = Table(
    "label",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("cube", Integer, nullable=False),
    Column("chunk", Integer, nullable=False),
    Column("from_", Integer, nullable=False),
    Column("to_", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("label_place", "cube", "chunk", "from_", unique=True),
    Index("label_to", "cube", "to_"),
)

# Attributes of groups, at a series key with empty places, and of the data set, at ""; see hub/attachments.py.
attachment = Table(
    "attachment",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("cube", Integer, nullable=False),
    Column("key", Text, nullable=False),
    Column("from_", Integer, nullable=False),
    Column("to_", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Index("attachment_key", "cube", "key", "from_", unique=True),
    Index("attachment_to", "cube", "to_"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("source", String(64), nullable=False),
    Column("organisation", String(255), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("received_by", String(255), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("files", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("records", BigInteger, nullable=False, default=0),
    Column("accepted", BigInteger, nullable=False, default=0),
    Column("rejected", BigInteger, nullable=False, default=0),
    Column("rules", Text, nullable=False, default="{}"),
    Column("synthetic", Boolean, nullable=False, default=False),
    Column("message", Text, nullable=False, default=""),
    UniqueConstraint("source", "organisation", "digest"),
)

token = Table(
    "token",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("role", String(32), nullable=False),
    Column("organisation", String(255), nullable=False),
    Column("name", String(255), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("revoked_at", Moment),
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(255), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("detail", Text, nullable=False, default=""),
)

INTERVALS: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (tile, ("frequency", "chunk", "number")),
    (label, ("chunk",)),
    (attachment, ("key",)),
)
"""The tables whose rows hold for an interval of releases ``[from_, to_)`` of a ``cube``, and what else identifies a row."""
