"""Tables about the registry's traffic: registered sources, who wants to be told what, and what is still to be told."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, text

from registry.tables import Moment, metadata

BigId = BigInteger().with_variant(Integer, "sqlite")

# A registration as it stood from `updated_at` until before `until`; nothing but `until` ever changes. What stands has none.
registration = Table(
    "registration",
    metadata,
    Column("key", BigId, primary_key=True),
    Column("id", String(64), nullable=False),
    Column("agreement", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("updated_at", Moment, nullable=False, index=True),
    Column("until", Moment),
    Column("by", String(255), nullable=False),
    Index(
        "registration_standing", "id", unique=True, sqlite_where=text("until IS NULL"), postgresql_where=text("until IS NULL")
    ),
)

STANDING = registration.c.until.is_(None)
"""What is registered now; the rest is kept for who asks how it was."""

# `cursor` is the revision of the registry up to which the subscriber has been told, or is about to be: see `notice`.
subscription = Table(
    "subscription",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("organisation", String(255), nullable=False),
    Column("name", String(255), nullable=False),
    Column("url", Text, nullable=False),
    Column("secret", String(64), nullable=False),
    Column("kinds", Text, nullable=False),
    Column("agency", String(255), nullable=False),
    Column("artefact", String(255), nullable=False),
    Column("cursor", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
)

# What is to be told to a subscriber, in order; kept until it got there or nobody will try again.
notice = Table(
    "notice",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("subscription", ForeignKey("subscription.id"), nullable=False),
    Column("content", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment),
    Column("told_at", Moment),
    Column("reason", Text, nullable=False),
    Index("notice_next", "next_at"),
)
