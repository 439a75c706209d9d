"""Batches whose series all have the same periods, as tables: the rows of a group become one row, in a few passes.

Cell by cell a sum costs ten times as much. What comes out goes to the grid like any other numbers, only much less of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hub.computing.exactly import Exact, Whole, exact, whole_peak
from hub.computing.grid import Cells
from registry.calculation import Method
from registry.columns import Batch, Numbers

_EXACT_FLOAT, _ROOM = 2**53, 2**51


@dataclass(frozen=True)
class Rows:
    """m rows of ``width`` periods, put together to g groups.

    order    the rows by group, None where they stand so      starts  int64[g]: where each group begins in that order
    groups   int64[g], ascending                              counts  int64[g]: its rows
    periods  int64[width]: ordinals
    """

    order: NDArray[np.int64] | None
    starts: NDArray[np.int64]
    groups: NDArray[np.int64]
    counts: NDArray[np.int64]
    periods: NDArray[np.int64]

    def cells(self, low: int, span: int) -> Cells:
        """The places of what comes out in a grid that begins with the period ``low``."""
        found: Cells = (self.groups[:, None] * span + (self.periods - low)).reshape(-1)
        return found

    def each(self, of_groups: NDArray[np.int64]) -> NDArray[np.int64]:
        """A number of each group for all its cells."""
        return np.repeat(of_groups, len(self.periods))

    def folded(self, how: np.ufunc, column: NDArray[Any]) -> NDArray[Any]:
        """One row a group: ``how`` over its rows."""
        table = column.reshape(-1, len(self.periods))
        table = table if self.order is None else table[self.order]
        found: NDArray[Any] = how.reduceat(table, self.starts, axis=0)
        return found.reshape(-1)


def rows(batch: Batch, groups: NDArray[np.int64]) -> Rows | None:
    """The table of a batch whose series belong to these groups; None where they have not all the same periods."""
    periods = batch.each if batch.each is not None else _of_each(batch)
    if periods is None:
        return None
    order = None if (groups[1:] >= groups[:-1]).all() else np.argsort(groups, kind="stable")
    sorted_ = groups if order is None else groups[order]
    starts = np.concatenate([[0], np.flatnonzero(sorted_[1:] != sorted_[:-1]) + 1])
    return Rows(order, starts, sorted_[starts], np.diff(starts, append=len(groups)), periods)


def _of_each(batch: Batch) -> NDArray[np.int64] | None:
    """The periods of every series; None where these differ."""
    width = int(batch.starts[1])
    same = (batch.counts == width).all() and (batch.ordinals.reshape(-1, width) == batch.ordinals[:width]).all()
    return batch.ordinals[:width] if same else None


def folded(table: Rows, method: Method, column: Numbers, name: str) -> tuple[Exact | None, NDArray[np.int64]]:
    """The sum, the least or the greatest of each cell, exactly (None where values are only counted), and how many of its
    observations have a value. Sums and means, which only ask whether all have one, are told 0 where one has none."""
    if method in (Method.SUM, Method.MEAN) and (quick := _summed(table, column)) is not None:
        return quick, np.where(quick.present, table.each(table.counts), 0)
    present = column.present
    valued = table.each(table.counts) if present.all() else table.folded(np.add, present.astype(np.int64))
    if method == Method.COUNT:
        return None, valued
    given, any_ = exact(column, name), valued > 0
    if method in (Method.MIN, Method.MAX):
        return _extreme(table, given, method == Method.MIN, any_), valued
    peak = given.peak * int(table.counts.max())
    values = given.values if peak < 2**62 else given.values.astype(object)
    return Exact(table.folded(np.add, np.where(given.present, values, 0)), given.scale, any_, peak), valued


def _extreme(table: Rows, given: Exact, least: bool, present: NDArray[np.bool_]) -> Exact:
    """What is not there is set where it cannot win."""
    beyond = given.peak + 1 if least else -given.peak - 1
    values: Whole = np.where(given.present, given.values, beyond)
    return Exact(table.folded(np.minimum if least else np.maximum, values), given.scale, present, given.peak)


def _summed(table: Rows, column: Numbers) -> Exact | None:
    """The sum by floats, where these are sure; there is none where a value is missing, which NaN tells by itself.

    Each float is the one nearest to a whole number over ``10**decimals``. The sum of n of them, none further from 0 than
    ``peak / 10**decimals``, is off by less than ``n * n * peak * 2**-53`` in units of the last decimal (Higham, Accuracy and
    Stability of Numerical Algorithms, 4.2, and n halves for the numbers themselves): below a quarter, rounding finds it.
    """
    if column.scale is None or column.texts is not None:
        return None
    decimals, peak, most = column.scale[0], whole_peak(*column.scale), int(table.counts.max())
    if peak * most >= _EXACT_FLOAT:
        return None
    floats, power = column.floats, 10.0**decimals
    if decimals and peak * most * most >= _ROOM:
        sums = table.folded(np.add, np.rint(floats * power))
    else:
        sums = np.rint(table.folded(np.add, floats) * power)
    present = ~np.isnan(sums)
    return Exact(np.where(present, sums, 0.0).astype(np.int64), decimals, present, peak * most)
