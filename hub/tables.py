"""Every table above the registry's: observations, releases, deliveries, access. One MetaData for the whole house.

Times are stored as UTC without zone. One set of tables serves all dataflows; none is created at run time.
"""

from __future__ import annotations

from sqlalchemy import (
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
)

from registry.tables import Moment, metadata

__all__ = (
    "approval",
    "attachment",
    "audit",
    "block",
    "cube",
    "delivery",
    "metadata",
    "migration",
    "release",
    "series",
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

series = Table(
    "series",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("cube", ForeignKey("cube.id"), nullable=False),
    Column("key", Text, nullable=False),
    UniqueConstraint("cube", "key"),
)

# One row: a series, a span of periods, a release interval [from_, to_). See hub/packing.py for the blobs.
block = Table(
    "block",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("cube", Integer, nullable=False),
    Column("series", BigId, nullable=False),
    Column("frequency", String(1), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("from_", Integer, nullable=False),
    Column("to_", Integer, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("count", Integer, nullable=False),
    Column("encoding", Integer, nullable=False),
    Column("scale", Integer, nullable=False),
    Column("offsets", LargeBinary),
    Column("missing", LargeBinary),
    Column("content", LargeBinary, nullable=False),
    Column("attributes", LargeBinary),
    Index("block_series", "series", "frequency", "number", "from_", unique=True),
    Index("block_cube_from", "cube", "from_"),
    Index("block_cube_to", "cube", "to_"),
)

# Attributes above the observation, at the key their DSD says: a full series key, or one with empty places; "" = the data set.
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
