"""Groups by periods, filled batch by batch: memory is bounded by what comes out, not by what goes in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hub.computing.exactly import ROOM, Exact, Whole
from registry.calculation import Method

Cells = NDArray[np.int64]
"""Places in a grid of g groups by ``span`` periods."""

_EXACT_FLOAT = 2**53


@dataclass
class Tally:
    """One number a cell, exactly: the sum, least or greatest of what was added, in whole numbers of one scale."""

    method: Method
    values: Whole
    scale: int = 0
    peak: int = 0
    seen: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.seen = np.zeros(len(self.values), dtype=bool)

    def add(self, cells: Cells, given: Exact) -> None:
        """Numbers of cells; those not present are not added."""
        if not given.present.all():
            places = np.flatnonzero(given.present)
            cells, given = cells[places], given.take(places)
        if not len(cells):
            return
        given = self._meet(given)
        if self.method in (Method.MIN, Method.MAX):
            self._extremes(cells, given)
        else:
            self._sum(cells, given)

    def _meet(self, given: Exact) -> Exact:
        """Bring both to one scale and to one kind of whole number."""
        if given.scale > self.scale:
            grown = Exact(self.values, self.scale, self.seen, self.peak).at(given.scale)
            self.values, self.scale, self.peak = grown.values, given.scale, grown.peak
        given = given.at(self.scale)
        peak = (
            max(self.peak, given.peak)
            if self.method in (Method.MIN, Method.MAX)
            else self.peak + given.peak * len(given.values)
        )
        if (peak >= ROOM or given.values.dtype == object) and self.values.dtype != object:
            self.values = self.values.astype(object)
        self.peak = peak
        return given

    def _sum(self, cells: Cells, given: Exact) -> None:
        if self.values.dtype == object:
            np.add.at(self.values, cells, given.values.astype(object))
        elif given.peak * len(cells) < _EXACT_FLOAT:
            # Sums of whole numbers below 2**53 are exact in floats, and this is the fastest way to them.
            self.values += np.bincount(cells, given.values, len(self.values)).astype(np.int64)
        else:
            np.add.at(self.values, cells, given.values)

    def _extremes(self, cells: Cells, given: Exact) -> None:
        chosen = np.minimum if self.method == Method.MIN else np.maximum
        if self.values.dtype != object:
            worst = np.iinfo(np.int64).max if self.method == Method.MIN else np.iinfo(np.int64).min
            fresh = np.full(len(self.values), worst)
            chosen.at(fresh, cells, given.values)
            places = np.flatnonzero(fresh != worst)
            self._better(places, fresh[places])
            return
        order = np.lexsort((given.values if self.method == Method.MIN else -given.values, cells))
        ordered = cells[order]
        first = order[np.concatenate([[True], ordered[1:] != ordered[:-1]])]
        self._better(cells[first], given.values[first])

    def _better(self, places: Cells, best: Whole) -> None:
        chosen = np.minimum if self.method == Method.MIN else np.maximum
        self.values[places] = np.where(self.seen[places], chosen(self.values[places], best), best)
        self.seen[places] = True


class Grid:
    """What becomes of the observations of one measure. ``parts``: observations that went into a cell; ``valued``: those of
    them that have a value; ``below``: the weights."""

    def __init__(self, cells: int, method: Method) -> None:
        self.tally = Tally(method, np.zeros(cells, np.int64))
        self.below = Tally(Method.SUM, np.zeros(cells, np.int64)) if method == Method.WEIGHTED_MEAN else None
        self.parts = np.zeros(cells, np.int64)
        self.valued = np.zeros(cells, np.int64)

    def count(self, cells: Cells, present: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Observations of cells, and which of them have a value; how many observations came to each cell."""
        seen = np.bincount(cells, minlength=len(self.parts))
        self.parts += seen
        self.valued += seen if present.all() else np.bincount(cells[present], minlength=len(self.parts))
        return seen

    def move(self, to: Move) -> None:
        """Into a wider window."""
        for tally in (self.tally, self.below):
            if tally is not None:
                tally.values, tally.seen = to(tally.values), to(tally.seen)
        self.parts, self.valued = to(self.parts), to(self.valued)


@dataclass
class Window:
    """The periods that a grid has room for, from ``low`` on."""

    groups: int
    low: int = 0
    span: int = 0

    def reach(self, low: int, high: int) -> Move | None:
        """Make room for these periods; what is to be done with columns of the grid, None where nothing."""
        before = (self.low, self.span)
        if self.span == 0:
            self.low, self.span = low, high - low + 1
        elif low < self.low or high >= self.low + self.span:
            # Some more than needed, so that a period more in each batch does not move everything each time.
            spare, end = self.span // 4 + 1, self.low + self.span
            start = low - spare if low < self.low else self.low
            self.low, self.span = start, (high + spare + 1 if high >= end else end) - start
        return Move(self.groups, before[1], self.span, before[0] - self.low) if (self.low, self.span) != before else None


@dataclass(frozen=True)
class Move:
    """Lays a column of cells into wider rows."""

    groups: int
    before: int
    after: int
    offset: int

    def __call__(self, column: NDArray[Any]) -> NDArray[Any]:
        wider = np.zeros((self.groups, self.after), column.dtype)
        if self.before:
            wider[:, self.offset : self.offset + self.before] = column.reshape(self.groups, self.before)
        return wider.reshape(-1)
