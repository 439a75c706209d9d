"""Columns of a frame as the text engine takes them: each distinct text is written once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

import numpy as np

from registry.columns import Coded, Numbers
from registry.rendering import Codes, Column, Floats, Rendered, rows

Make = Callable[[str], bytes]
"""How a text of a component is written."""


KEPT = 16_384
"""Written texts of a component that are kept for batches with other dictionaries."""


class Template:
    """What a row looks like: texts and columns one after another."""

    def __init__(self, start: bytes = b"") -> None:
        self._pieces = [start]
        self._columns: list[Column] = []

    def text(self, text: bytes) -> Template:
        self._pieces[-1] += text
        return self

    def add(self, columns: Iterable[Column]) -> Template:
        for column in columns:
            self._columns.append(column)
            self._pieces.append(b"")
        return self

    def between(self, columns: Iterable[Column], separator: bytes) -> Template:
        """Columns with a separator between them."""
        for number, column in enumerate(columns):
            self.text(separator if number else b"").add([column])
        return self

    @property
    def fixed(self) -> bytes | None:
        """The text of every row, where no column stands in it."""
        return None if self._columns else self._pieces[0]

    def rows(self, count: int) -> Rendered:
        return rows(self._pieces, self._columns, count)


class Dictionary:
    """The written texts of one component, kept as a whole as long as batches share their dictionary, and the latest singly."""

    def __init__(self, make: Make) -> None:
        self._make = lru_cache(KEPT)(make)
        self._texts: tuple[str, ...] = ()
        self._made: list[bytes] = []

    def column(self, column: Coded, absent: bytes = b"") -> Codes:
        if column.texts is self._texts:
            return Codes(column.codes, self._made, absent)
        if len(column.texts) > 2 * len(column):
            return self._few(column, absent)
        self._texts, self._made = column.texts, [self._make(text) for text in column.texts]
        return Codes(column.codes, self._made, absent)

    def _few(self, column: Coded, absent: bytes) -> Codes:
        """A short column with a large dictionary: only what stands in it is written."""
        used, places = np.unique(column.codes, return_inverse=True)
        gap = int(len(used) > 0 and used[0] < 0)
        made = [self._make(column.texts[code]) for code in used[gap:].tolist()]
        return Codes((places - gap).astype(np.int32), made, absent)


def number_column(numbers: Numbers, before: bytes, after: bytes, absent: bytes, make: Make) -> Floats:
    """A measure. ``make`` writes the exact text of what no float carries, with ``before`` and ``after``."""
    exceptions = {}
    if numbers.texts is not None:
        places = np.flatnonzero(numbers.texts != None)  # noqa: E711 - elementwise on purpose
        exceptions = {place: make(str(numbers.texts[place])) for place in places.tolist()}
    return Floats(numbers.floats, before, after, absent, exceptions)
