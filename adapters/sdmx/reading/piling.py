"""Attribute lists of many observations piled up and turned into columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from adapters.sdmx.reading.header import Arrangement
from adapters.sdmx.reading.xml import guard_attributes
from registry.raw import RawColumn, RawTable, RawValue

PILED = 50_000
"""Observations handed on at once."""

XSI_TYPE = "http://www.w3.org/2001/XMLSchema-instance}type"

Attributes = list[str]
"""Name, text, name, text, ... of one element; qualified names are ``namespace}local``."""


def pairs(attributes: Attributes) -> Iterator[tuple[str, str]]:
    return zip(attributes[::2], attributes[1::2], strict=True)


def stated(attributes: Attributes) -> dict[str, RawValue]:
    """What an element states: its attributes without a namespace."""
    return {name: text for name, text in pairs(attributes) if "}" not in name}


class Pile:
    """Observations with the series they stand in. ``arrangement`` is that of the data set."""

    def __init__(self) -> None:
        self.arrangement = Arrangement()
        self._number = 0
        self._series = 0
        self._rows: list[Attributes] = []
        self._more: dict[int, dict[str, RawValue]] = {}
        self._heads: list[dict[str, RawValue]] = []
        self._begun: list[int] = []
        self._inside = False
        self._bare: list[dict[str, RawValue]] = []
        self._bare_numbers: list[int] = []
        self._observed = False

    def begin_series(self, parts: dict[str, RawValue]) -> None:
        self._series += 1
        self._head(parts)
        self._inside, self._observed = True, False

    def _head(self, parts: dict[str, RawValue]) -> None:
        self._heads.append(parts)
        self._begun.append(len(self._rows))

    def end_series(self) -> None:
        if self._inside and not self._observed:
            self._bare.append(self._heads[-1])
            self._bare_numbers.append(self._series)
        self._inside = False

    def observe(self, rows: Sequence[Attributes]) -> None:
        """Observations of the series that has begun, or of none."""
        if not self._inside and (self._heads and self._heads[-1]):
            self._head({})
        self._rows.extend(rows)
        self._observed = True

    def add(self, name: str, value: RawValue) -> None:
        """A part of the observation added last."""
        self._more.setdefault(len(self._rows) - 1, {})[name] = value

    def add_to_series(self, name: str, value: RawValue) -> None:
        """A part of the series that has begun."""
        self._heads[-1][name] = value

    def full(self) -> list[RawTable]:
        """The columns, when there are enough of them."""
        return self.taken() if len(self._rows) >= PILED else []

    def taken(self) -> list[RawTable]:
        """The columns of what is piled up; a series may go on in the next ones."""
        tables = [self._table()] if self._rows else []
        if self._bare:
            columns = {name: RawColumn([parts.get(name) for parts in self._bare]) for name in _names(self._bare)}
            tables.append(RawTable(columns, np.array(self._bare_numbers, np.int64), observed=False))
        last = self._heads[-1] if self._inside else None
        self._rows, self._more, self._heads, self._begun, self._bare, self._bare_numbers = [], {}, [], [], [], []
        if last is not None:
            self._head(last)
        return tables

    def _table(self) -> RawTable:
        count = len(self._rows)
        own = self._own()
        edges = np.array([0, *self._begun, count] if self._heads else [0, count])
        owner = np.repeat(np.arange(-1, len(edges) - 2), np.diff(edges)).astype(np.int32)
        names = _names(self._heads)
        above = {name: RawColumn([parts.get(name) for parts in self._heads], owner) for name in names}
        columns = {name: _nearer(own[name], above.get(name)) for name in own}
        numbers = np.arange(self._number + 1, self._number + count + 1)
        self._number += count
        return RawTable({**{name: above[name] for name in names}, **columns}, numbers, shared=frozenset(names) - own.keys())

    def _own(self) -> dict[str, RawColumn]:
        """What the observations themselves state, by component."""
        found = _columns(self._rows)
        guard_attributes(max(map(len, self._rows)) // 2)
        for row, parts in self._more.items():
            for name, value in parts.items():
                found.setdefault(name, [None] * len(self._rows))[row] = value
        if self.arrangement.explicit:
            named = found.pop(XSI_TYPE, None) or found.pop("type", None) or [None] * len(self._rows)
            found.pop("type", None)
            found[self.arrangement.at_observation] = [str(text or "").rpartition(":")[2] for text in named]
        return {name: RawColumn(texts) for name, texts in found.items() if "}" not in name}


def _names(parts: Sequence[dict[str, RawValue]]) -> list[str]:
    return list(dict.fromkeys(chain.from_iterable(parts)))


def _columns(rows: list[Attributes]) -> dict[str, list[RawValue | None]]:
    width = len(rows[0])
    if all(len(row) == width for row in rows):
        flat = list(chain.from_iterable(rows))
        names = flat[:width:2]
        if all(flat[2 * place :: width].count(name) == len(rows) for place, name in enumerate(names)):
            return {name: flat[2 * place + 1 :: width] for place, name in enumerate(names)}  # type: ignore[misc]
    return _of_several_shapes(rows)


def _of_several_shapes(rows: list[Attributes]) -> dict[str, list[RawValue | None]]:
    shapes: dict[tuple[str, ...], list[int]] = {}
    for number, row in enumerate(rows):
        shapes.setdefault(tuple(row[::2]), []).append(number)
    found: dict[str, np.ndarray[tuple[int], np.dtype[np.object_]]] = {}
    for names, numbers in shapes.items():
        flat = list(chain.from_iterable([rows[number] for number in numbers]))
        for place, name in enumerate(names):
            column = found.setdefault(name, np.full(len(rows), None, object))
            column[numbers] = flat[2 * place + 1 :: 2 * len(names)]
    return {name: column.tolist() for name, column in found.items()}


def _nearer(own: RawColumn, above: RawColumn | None) -> RawColumn:
    """What an observation states itself, else what its series does."""
    if above is None:
        return own
    return RawColumn([above[row] if text is None else text for row, text in enumerate(own.texts)])
