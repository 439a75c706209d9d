"""Tables about the act of publishing: the calendar, what kind of release one is and why, who may look before the others.

The rows of observations know none of this; see hub/tables.py.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from registry.tables import Moment, metadata

BigId = BigInteger().with_variant(Integer, "sqlite")

# A planned release as it stands now. How it came to stand so is in `planned_change`, whose newest row says the same.
planned = Table(
    "planned",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("public_id", String(32), nullable=False, unique=True),
    Column("cube", ForeignKey("cube.id"), nullable=False),
    Column("periods", Text, nullable=False),
    Column("names", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("moment", Moment, nullable=False),
    Index("planned_moment", "moment"),
    Index("planned_cube", "cube"),
)

# Rows are added, never changed: a date that was announced stays readable.
planned_change = Table(
    "planned_change",
    metadata,
    Column("planned", ForeignKey("planned.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("by", String(255), nullable=False),
    Column("state", String(16), nullable=False),
    Column("moment", Moment, nullable=False),
    Column("reasons", Text, nullable=False),
)

# One row for each release that was published or waits. `withdraws`: the release whose figures it takes back; `restores`: the
# ordinal whose content it has again, 0 for none.
publication = Table(
    "publication",
    metadata,
    Column("release", ForeignKey("release.id"), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("reasons", Text, nullable=False, default="{}"),
    Column("planned", ForeignKey("planned.id")),
    Column("withdraws", ForeignKey("release.id")),
    Column("restores", Integer),
    Column("thinned_at", Moment),
    UniqueConstraint("planned"),
    UniqueConstraint("withdraws"),
)

preview_grant = Table(
    "preview_grant",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("release", ForeignKey("release.id"), nullable=False),
    Column("organisation", String(255), nullable=False),
    Column("name", String(255), nullable=False),
    Column("granted_at", Moment, nullable=False),
    Column("granted_by", String(255), nullable=False),
    Column("revoked_at", Moment),
    Index("preview_grant_holder", "organisation", "name"),
    Index("preview_grant_release", "release"),
)
