"""The lines of a table of codes or of links, before anything is made of them.

Whatever the layout of a file, its reader gives lines in the columns of :mod:`registry.content`: ``id``, ``parent``, ``level``,
``name_vi`` ... or ``source``, ``target``, ``share`` ...; so one set of checks and one way of assembling serve all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, or of none (``row`` 0). ``cells`` that are empty are left out; ``numbers`` are the columns that the
    file keeps as numbers."""

    row: int
    cells: Mapping[str, str]
    numbers: frozenset[str] = frozenset()

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def without(self, columns: Iterable[str]) -> Line:
        """The line without some columns."""
        left = set(columns)
        return replace(self, cells={name: text for name, text in self.cells.items() if name not in left})

    def written(self, cells: Mapping[str, str]) -> Line:
        """The line with other texts in some cells."""
        return replace(self, cells={**self.cells, **cells}) if cells else self
