"""Attributes of groups of series and of the data set: staged with a draft, read with an answer, in intervals as tiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson
from sqlalchemy import Connection, bindparam, select, update

from hub.batches import batched
from hub.tables import OPEN, attachment

Attached = Mapping[str, Mapping[str, str]]
"""Key, see :func:`key_of` -> attribute -> text."""


def key_of(codes: Sequence[str]) -> str:
    """The key of a group: its codes, with empty places for the dimensions it does not depend on; of no codes the data set's.

    Written as JSON, because a dimension without a codelist may have any text for a code.
    """
    return orjson.dumps(codes).decode() if codes else ""


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


def remove_attributes(
    connection: Connection, cube: int, ordinal: int, base: int, codes: Sequence[str], names: frozenset[str] | None
) -> None:
    """Take attributes (None: all) away from the keys that have these codes; an empty code means any, none at all also the
    data set."""
    current = (attachment.c.from_ <= base) & (attachment.c.to_ > base) | (attachment.c.from_ == ordinal)
    keys = connection.scalars(select(attachment.c.key).where(attachment.c.cube == cube, current).distinct()).all()
    for some in batched((key for key in keys if _named(key, codes)), 500):
        for key, (old, own) in _standing(connection, cube, ordinal, base, some).items():
            new = {} if names is None else {name: text for name, text in old.items() if name not in names}
            if own is not None:
                connection.execute(update(attachment).where(attachment.c.id == own).values(content=_text(new)))
            elif new != old:
                row = {"cube": cube, "key": key, "from_": ordinal, "to_": OPEN, "content": _text(new)}
                connection.execute(attachment.insert().values(row))


def _named(key: str, codes: Sequence[str]) -> bool:
    if not key:
        return not any(codes)
    return all(not code or code == found for code, found in zip(codes, orjson.loads(key), strict=True))


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


Groups = Mapping[tuple[int, ...], Mapping[tuple[str, ...], Mapping[str, str]]]
"""Places of the key that a group states -> their codes -> attributes."""


def read_groups(connection: Connection, cube: int, ordinal: int, places: int) -> Groups:
    """Group attributes of a vintage, for keys of that many places."""
    query = select(attachment.c.key, attachment.c.content).where(
        attachment.c.cube == cube, attachment.c.from_ <= ordinal, attachment.c.to_ > ordinal, attachment.c.key != ""
    )
    found: dict[tuple[int, ...], dict[tuple[str, ...], dict[str, str]]] = {}
    for text, content in connection.execute(query):
        key = orjson.loads(text)
        if len(key) == places:
            stated = tuple(place for place, code in enumerate(key) if code)
            found.setdefault(stated, {})[tuple(key[place] for place in stated)] = orjson.loads(content)
    return found


def _text(values: Mapping[str, str]) -> str:
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode()
