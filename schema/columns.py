"""What a resolver hands to the fast path: objects of one type as columns of JSON texts, and how columns are put together.

A :class:`Table` is n objects of one GraphQL type. Each of its fields is one of

- :class:`Leaf`    scalars,
- :class:`Spoken`  scalars that depend on the arguments of the field and on who asks, such as names in the reader's language,
- :class:`Many`    a list for each object, of scalars, of the rows of another table or of :class:`Coded` objects,
- :class:`One`     an object for each object, the row of another table.

A table is a sequence of ordinary objects too, so that whatever does not fit goes the ordinary way. The JSON is made by
:mod:`registry.rendering`; an absence in one of its columns is null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, Generic, TypeAlias, TypeVar

import numpy as np
import orjson
from numpy.typing import NDArray

from registry import columns, rendering

NULL = b"null"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Leaf:
    """n scalars as JSON."""

    texts: rendering.Column


@dataclass(frozen=True, slots=True)
class Spoken:
    """n scalars as JSON, made for the context of the request and the arguments of the field, by their names in GraphQL."""

    texts: Callable[..., rendering.Column]


@dataclass(frozen=True, slots=True)
class Coded:
    """n objects of which few are distinct: each is written once. ``members`` makes the table of those that occur.

    codes  int32[n], below ``size``
    """

    codes: NDArray[np.int32]
    members: Callable[[list[int]], Table[Any]]
    size: int


@dataclass(frozen=True, slots=True)
class Many:
    """A list for each row: the n-th holds what stands inside at ``starts[n]:starts[n + 1]`` (int64[rows + 1])."""

    starts: NDArray[np.int64]
    inside: Leaf | Coded | Table[Any]


@dataclass(frozen=True, slots=True)
class One:
    """An object for each row: the row of another table of the same length."""

    inside: Table[Any]


Field: TypeAlias = Leaf | Spoken | Many | One


@dataclass(frozen=True, slots=True)
class Table(Generic[T]):
    """``count`` objects of one type: the makers of ``columns`` by GraphQL field name, and of one object by itself."""

    count: int
    make: Callable[[int], T]
    columns: Mapping[str, Callable[[], Field]]

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[T]:
        return map(self.make, range(self.count))


@dataclass(frozen=True, slots=True)
class Tables(Generic[T]):
    """The objects of several tables, one table after another."""

    parts: Sequence[Table[T]]

    def __iter__(self) -> Iterator[T]:
        return (item for part in self.parts for item in part)


@dataclass(frozen=True, slots=True)
class Streamed(Generic[T]):
    """The same where there are many: only the first table is there, the rest are made while the list is sent, once."""

    first: Table[T]
    rest: Iterator[Table[T]]

    def __iter__(self) -> Iterator[T]:
        return (item for part in chain((self.first,), self.rest) for item in part)


@dataclass(frozen=True, slots=True)
class Leaves(Generic[T]):
    """Scalars by themselves, as JSON and, for the ordinary way, as values."""

    texts: rendering.Column
    values: Callable[[], Iterable[T]]

    def __iter__(self) -> Iterator[T]:
        return iter(self.values())


def with_null(column: rendering.Column) -> bool:
    """Whether a text of the column may be null."""
    if isinstance(column, rendering.Codes):
        return bool(len(column)) and bool(column.codes.min() < 0)
    if isinstance(column, rendering.Floats):
        absent = int(np.isnan(column.floats).sum())
        return absent > len(column.exceptions) or NULL in column.exceptions.values()
    return False


def distinct(codes: NDArray[np.int32], size: int) -> tuple[list[int], NDArray[np.int32]]:
    """The codes below ``size`` that occur, ascending, and for each place its number among them; -1 stays."""
    if size > 4 * len(codes):
        found = np.unique(codes)
        found = found[found >= 0]
        return found.tolist(), np.where(codes < 0, -1, np.searchsorted(found, codes)).astype(np.int32)
    seen = np.zeros(size + 1, bool)
    seen[codes] = True  # -1 marks the last
    present = np.flatnonzero(seen[:-1])
    numbers = np.full(size + 1, -1, np.int32)
    numbers[present] = np.arange(len(present), dtype=np.int32)
    return present.tolist(), numbers[codes]


def texts(column: columns.Coded) -> rendering.Codes:
    """JSON strings; each distinct text is escaped once."""
    codes, used = occurring(column)
    return rendering.Codes(codes, strings(used), NULL)


def inner(column: columns.Coded) -> rendering.Codes:
    """The same without their quotes: parts of longer strings."""
    codes, used = occurring(column)
    return rendering.Codes(codes, _known_inner(used) if len(used) < 1000 else _unquoted(used))


def occurring(column: columns.Coded) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """The codes and their texts; where few of very many texts occur, only those."""
    if len(column.texts) <= 4 * len(column) or len(column.texts) < 1000:
        return column.codes, column.texts
    used, codes = distinct(column.codes, len(column.texts))
    return codes, tuple(column.texts[code] for code in used)


def strings(texts: tuple[str, ...]) -> Sequence[bytes]:
    """JSON strings of a dictionary; short ones, such as the periods of a calendar, come again and again."""
    return _known(texts) if len(texts) < 1000 else _written(texts)


def _unquoted(texts: tuple[str, ...]) -> Sequence[bytes]:
    return [text[1:-1] for text in _written(texts)]


def _written(texts: tuple[str, ...]) -> Sequence[bytes]:
    return [*map(orjson.dumps, texts)]


_known, _known_inner = lru_cache(maxsize=256)(_written), lru_cache(maxsize=256)(_unquoted)


def each(texts: Iterable[str]) -> rendering.Codes:
    """JSON strings, one by one."""
    fragments = [*map(orjson.dumps, texts)]
    return rendering.Codes(np.arange(len(fragments), dtype=np.int32), fragments, NULL)


def edges(counts: NDArray[np.integer] | NDArray[np.bool_]) -> NDArray[np.int64]:
    """Where each of the lists of these lengths starts, and where the last ends."""
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def lists(column: rendering.Column, starts: NDArray[np.int64]) -> rendering.Rendered:
    """JSON arrays."""
    return rendering.lists(rendering.rows((b"", b""), (column,), len(column)), starts, b"[", b",", b"]")
