"""The table of proposed changes of the registry."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text

from registry.tables import Moment, metadata

BigId = BigInteger().with_variant(Integer, "sqlite")

# `documents` are the artefacts as they will be stored, `message` what they came in where that was an SDMX message; both packed.
# `base` is the revision of the registry that the proposal was made on, `revision` the one that approving it made.
proposal = Table(
    "proposal",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("public_id", String(32), nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", String(255), nullable=False),
    Column("why", Text, nullable=False),
    Column("base", Integer, nullable=False),
    Column("documents", LargeBinary, nullable=False),
    Column("gone", Text, nullable=False),
    Column("message", LargeBinary),
    Column("media_type", String(255)),
    Column("decided_at", Moment),
    Column("decided_by", String(255)),
    Column("revision", Integer),
    Index("proposal_state", "state"),
)
