"""Attribute lists of many observations piled up and turned into columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, groupby

import numpy as np
from numpy.typing import NDArray

from adapters.sdmx.reading.header import Arrangement
from adapters.sdmx.reading.xml import guard_attributes
from registry.raw import RawColumn, RawTable, RawValue

PILED = 20_000
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
        self._rows = Rows()
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
        self._rows, self._more, self._heads, self._begun, self._bare, self._bare_numbers = Rows(), {}, [], [], [], []
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
        found = self._rows.columns()
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


class Rows:
    """Attribute lists end to end, by their length: a list of texts is all that is kept, so that nothing needs tracing."""

    def __init__(self) -> None:
        self._count = 0
        self._texts: dict[int, list[str]] = {}
        self._places: dict[int, list[range]] = {}

    def __len__(self) -> int:
        return self._count

    def extend(self, rows: Sequence[Attributes]) -> None:
        if len(set(map(len, rows))) == 1:
            self._add(len(rows[0]), rows)
            return
        for width, run in groupby(rows, len):
            self._add(width, list(run))

    def _add(self, width: int, rows: Sequence[Attributes]) -> None:
        if width not in self._texts:
            guard_attributes(width // 2)
            self._texts[width], self._places[width] = [], []
        self._texts[width].extend(chain.from_iterable(rows))
        self._places[width].append(range(self._count, self._count + len(rows)))
        self._count += len(rows)

    def columns(self) -> dict[str, list[RawValue | None]]:
        """The texts by name, one for each row."""
        shapes = [shape for width in self._texts for shape in self._shapes(width)]
        if len(shapes) == 1:
            return dict(shapes[0][1])
        found: dict[str, NDArray[np.object_]] = {}
        for places, columns in shapes:
            for name, texts in columns.items():
                column = found.setdefault(name, np.full(self._count, None, object))
                column[places] = texts
        return {name: column.tolist() for name, column in found.items()}

    def _shapes(self, width: int) -> list[tuple[NDArray[np.int64], dict[str, list[RawValue | None]]]]:
        """The rows of one length by the names they have: their places and columns."""
        texts = self._texts[width]
        places = np.concatenate([np.arange(run.start, run.stop) for run in self._places[width]])
        names = texts[:width:2]
        if all(texts[2 * place :: width].count(name) == len(places) for place, name in enumerate(names)):
            return [(places, _by_name(texts, names))]
        alike: dict[tuple[str, ...], list[int]] = {}
        for row in range(len(places)):
            alike.setdefault(tuple(texts[row * width : (row + 1) * width : 2]), []).append(row)
        return [
            (places[rows], _by_name([text for row in rows for text in texts[row * width : (row + 1) * width]], list(names)))
            for names, rows in alike.items()
        ]


def _by_name(texts: list[str], names: list[str]) -> dict[str, list[RawValue | None]]:
    columns: dict[str, list[RawValue | None]] = {}
    for place, name in enumerate(names):
        columns[name] = [*texts[2 * place + 1 :: 2 * len(names)]]
    return columns


def _nearer(own: RawColumn, above: RawColumn | None) -> RawColumn:
    """What an observation states itself, else what its series does."""
    if above is None:
        return own
    return RawColumn([above[row] if text is None else text for row, text in enumerate(own.texts)])
