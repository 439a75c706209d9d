"""Attributes above the observation: staged with a draft, read with an answer; the same intervals as blocks."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from sqlalchemy import Connection, bindparam, or_, select, update

from hub.batches import batched
from hub.tables import OPEN, attachment

Attached = Mapping[str, Mapping[str, str]]
"""Key -> attribute -> text. A key may have empty places (group); the empty key is the data set."""


# Every question asks this: building a statement costs more than running it, so it is built once.
_AT_KEYS = select(attachment.c.key, attachment.c.content).where(
    attachment.c.cube == bindparam("cube"),
    attachment.c.key.in_(bindparam("keys", expanding=True)),
    attachment.c.from_ <= bindparam("ordinal"),
    attachment.c.to_ > bindparam("ordinal"),
)


def stage_attributes(connection: Connection, cube: int, ordinal: int, base: int, wanted: Attached) -> None:
    """Merge attributes into what stands at each key; only keys that change get a row."""
    keys = [key for key, values in wanted.items() if values]
    for some in batched(keys, 500):
        standing = _standing(connection, cube, ordinal, base, some)
        fresh = []
        for key in some:
            old, own = standing.get(key, ({}, None))
            new = {**old, **wanted[key]}
            if own is not None:
                connection.execute(update(attachment).where(attachment.c.id == own).values(content=_text(new)))
            elif new != old:
                fresh.append({"cube": cube, "key": key, "from_": ordinal, "to_": OPEN, "content": _text(new)})
        if fresh:
            connection.execute(attachment.insert(), fresh)


def _standing(
    connection: Connection, cube: int, ordinal: int, base: int, keys: list[str]
) -> dict[str, tuple[dict[str, str], int | None]]:
    current = (attachment.c.from_ <= base) & (attachment.c.to_ > base) | (attachment.c.from_ == ordinal)
    query = select(attachment).where(attachment.c.cube == cube, attachment.c.key.in_(keys), current)
    rows = connection.execute(query.order_by(attachment.c.from_)).mappings()
    return {row["key"]: (orjson.loads(row["content"]), row["id"] if row["from_"] == ordinal else None) for row in rows}


def read_attributes(connection: Connection, cube: int, ordinal: int, keys: list[str]) -> dict[str, dict[str, str]]:
    """What is attached to these exact keys in a vintage."""
    found: dict[str, dict[str, str]] = {}
    for some in batched(keys, 500):
        rows = connection.execute(_AT_KEYS, {"cube": cube, "ordinal": ordinal, "keys": some})
        found |= {row[0]: orjson.loads(row[1]) for row in rows}
    return found


def group_patterns(connection: Connection, cube: int, ordinal: int, places: int) -> dict[tuple[str, ...], dict[str, str]]:
    """Group attributes of a vintage by their key with empty places, for a key of that many places."""
    partial = or_(*(attachment.c.key.like(shape) for shape in (".%", "%.", "%..%")))
    query = select(attachment.c.key, attachment.c.content).where(
        attachment.c.cube == cube, attachment.c.from_ <= ordinal, attachment.c.to_ > ordinal, partial
    )
    rows = ((tuple(row[0].split(".")), orjson.loads(row[1])) for row in connection.execute(query))
    return {key: values for key, values in rows if len(key) == places}


def _text(values: Mapping[str, str]) -> str:
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode()
