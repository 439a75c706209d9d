"""Labels: the series attributes of a chunk of series, in the same release intervals as its tiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, select, update

from hub.cells import SERIES
from hub.packing import pack, smallest, unpack
from hub.tables import OPEN, label
from registry.columns import Coded, concatenated

Labels = Mapping[str, Coded]
"""Attribute -> a text for each slot."""


def encode(labels: Labels) -> bytes:
    """As bytes; equal labels give equal bytes, so a column ends with the last slot that says something."""
    ends = {name: int(np.flatnonzero(column.codes >= 0).max(initial=-1)) + 1 for name, column in sorted(labels.items())}
    said = {name: Coded.of(labels[name].take(slice(end)).decoded()) for name, end in ends.items() if end}
    arrays = {name: smallest(column.codes.astype(np.int64) + 1) for name, column in said.items()}
    return pack({name: column.texts for name, column in said.items()}, arrays)


def decode(content: bytes) -> Labels:
    """What :func:`encode` was given; 0 is absent."""
    facts, arrays = unpack(content)
    return {name: Coded(tuple(texts), arrays[name].astype(np.int32) - 1) for name, texts in facts.items()}


def stated(old: Labels, slots: NDArray[np.int64], new: Labels) -> Labels:
    """``old`` with what is said anew of some slots; what is not said stays."""
    size = max(int(slots.max()) + 1, *(len(column) for column in old.values()), 0) if len(slots) else 0
    found = dict(old)
    for name, column in new.items():
        before = old.get(name) or Coded.constant(None, 0)
        padded = Coded(before.texts, np.append(before.codes, np.full(size - len(before), -1, np.int32)))
        both = concatenated([padded, column])
        codes, given = both.codes[:size].copy(), both.codes[size:]
        codes[slots[given >= 0]] = given[given >= 0]
        found[name] = Coded(both.texts, codes)
    return found


def unsaid(old: Labels, slots: NDArray[np.int64], names: frozenset[str] | None) -> Labels:
    """``old`` with some attributes (None: all) of some slots taken away."""
    found = {}
    for name, column in old.items():
        gone = names is None or name in names
        away = np.isin(np.arange(len(column)), slots) if gone else np.zeros(len(column), bool)
        found[name] = Coded(column.texts, np.where(away, -1, column.codes).astype(np.int32))
    return found


class Standing:
    """The labels of chunks as a draft finds and leaves them: its base's, or its own where it has said something."""

    def __init__(self, connection: Connection, cube: int, ordinal: int, base: int, chunks: Sequence[int]) -> None:
        self._connection, self._cube, self._ordinal = connection, cube, ordinal
        current = (label.c.from_ <= base) & (label.c.to_ > base) | (label.c.from_ == ordinal)
        query = select(label).where(label.c.cube == cube, label.c.chunk.in_(list(chunks)), current).order_by(label.c.from_)
        self._rows = {row["chunk"]: row for row in connection.execute(query).mappings()}

    def of(self, chunk: int) -> Labels:
        row = self._rows.get(chunk)
        return decode(row["content"]) if row else {}

    def write(self, wanted: Mapping[int, Labels]) -> None:
        """Write what differs."""
        fresh = []
        for chunk, labels in wanted.items():
            row, content = self._rows.get(chunk), encode(labels)
            if row is not None and row["from_"] == self._ordinal:
                self._connection.execute(update(label).where(label.c.id == row["id"]).values(content=content))
            elif content != (row["content"] if row is not None else encode({})):
                fresh.append({"cube": self._cube, "chunk": chunk, "from_": self._ordinal, "to_": OPEN, "content": content})
        if fresh:
            self._connection.execute(label.insert(), fresh)


_AT = select(label.c.chunk, label.c.content).where(
    label.c.cube == bindparam("cube"),
    label.c.from_ <= bindparam("ordinal"),
    label.c.to_ > bindparam("ordinal"),
)


def read_labels(connection: Connection, cube: int, ordinal: int, series: int) -> Labels:
    """The series attributes of a vintage: a text for each series number below ``series``."""
    parts = [(number, decode(content)) for number, content in connection.execute(_AT, {"cube": cube, "ordinal": ordinal})]
    names = dict.fromkeys(name for _, labels in parts for name in labels)
    found = {}
    for name in names:
        said = [(number, labels[name]) for number, labels in parts if name in labels]
        joined = concatenated(column for _, column in said)
        codes, at = np.full(series, -1, np.int32), 0
        for number, column in said:
            codes[number * SERIES : number * SERIES + len(column)] = joined.codes[at : at + len(column)]
            at += len(column)
        found[name] = Coded(joined.texts, codes)
    return found
