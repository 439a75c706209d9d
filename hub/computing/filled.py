"""Some groups of one frequency, being filled with the observations of their parts, and the batch that comes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hub.computing import exactly, flags, units
from hub.computing.exactly import Exact, Whole
from hub.computing.grid import Cells, Grid, Window
from hub.computing.groups import Groups
from hub.computing.rounding import quotients
from hub.computing.rows import Rows, folded, rows
from registry.calculation import Method
from registry.columns import Batch, Coded, Numbers
from registry.correspondence import State
from registry.model import Structure
from registry.recoding import RECODING


@dataclass(frozen=True)
class Part:
    """How series belong to their groups: as a whole, by shares, or nobody knows by how much.

    factors  each share without its ``decimals``; None where each is a whole
    """

    state: State
    factors: Whole | None = None
    decimals: int = 0

    def each(self, counts: NDArray[np.int64]) -> Whole | None:
        """The factor of every observation."""
        return None if self.factors is None else np.repeat(self.factors, counts)  # type: ignore[return-value]


class Filled:
    """``places``: the groups; ``stated``: where the unit need not be asked whether it may be added."""

    def __init__(
        self,
        structure: Structure,
        groups: Groups,
        places: NDArray[np.int64],
        method: Method,
        stated: NDArray[np.bool_],
    ) -> None:
        self.structure, self.method = structure, method
        self._groups, self._places = groups, places
        self._added = groups.merging[places] & ~stated & (method == Method.SUM)
        self._grids: dict[str, Grid] = {}
        self._words = {name: flags.order(structure, name) for name in flags.FLAGS}
        self._flags = {name: np.zeros(0, np.int8) for name in flags.FLAGS}
        self._same: dict[str, units.Same] = {}
        self._first = np.full(len(places), units.UNSEEN)
        self._least = np.full(len(places), 9999)
        self._finer = np.full(len(places), method in (Method.MEAN, Method.WEIGHTED_MEAN))
        self._window = Window(len(places))

    @property
    def span(self) -> int:
        return self._window.span

    def add(self, batch: Batch, groups: NDArray[np.int64], part: Part, weights: Exact | None) -> None:
        """The observations of a batch, whose series belong to these groups."""
        if not batch.observations:
            return
        self._describe(batch, groups)
        self._reach(batch)
        shifts = self._shifts(batch, groups)
        if part.factors is not None:
            self._finer[groups] = True
        plain = part.factors is None and weights is None and shifts is None and part.state != State.BROKEN
        table = rows(batch, groups) if plain else None
        if table is not None:
            self._add_table(batch, table, part)
            return
        counts = batch.counts
        cells = np.repeat(groups * self.span - self._window.low, counts) + batch.ordinals
        touched = np.zeros(len(self._places) * self.span, dtype=bool)
        for name, column in batch.measures.items():
            grid = self._grid(name)
            seen = grid.count(cells, self._counted(column, part, weights))
            if self.method != Method.COUNT and part.state != State.BROKEN:
                values = exactly.exact(column, name)
                values = values if shifts is None else units.shifted(values, np.repeat(shifts, counts))
                self._tally(grid, cells, values, weights, part, counts)
            touched |= seen > 0
        self._flag(batch, cells, touched, part)

    def _counted(self, column: Numbers, part: Part, weights: Exact | None) -> NDArray[np.bool_]:
        """bool[n]: the values that can be put together. An unknown share of a value is as good as none."""
        if part.state == State.BROKEN:
            return np.zeros(len(column), dtype=bool)
        return column.present if weights is None else column.present & weights.present

    def _add_table(self, batch: Batch, table: Rows, part: Part) -> None:
        cells, each = table.cells(self._window.low, self.span), table.each(table.counts)
        for name, column in batch.measures.items():
            grid = self._grid(name)
            given, valued = folded(table, self.method, column, name)
            grid.parts[cells] += each
            grid.valued[cells] += valued
            if given is not None:
                grid.tally.add(cells, given)
        for name, ordered in self._words.items():
            if ordered and name in batch.attributes:
                strength = table.folded(np.maximum, flags.ranks(batch.attributes[name], ordered))
                self._flags[name][cells] = np.maximum(self._flags[name][cells], strength)
        if state := flags.strength(self._words[RECODING], part.state):
            self._flags[RECODING][cells] = np.maximum(self._flags[RECODING][cells], state)

    def _tally(
        self, grid: Grid, cells: Cells, values: Exact, weights: Exact | None, part: Part, counts: NDArray[np.int64]
    ) -> None:
        """A share parts amounts and weights; means and extremes it leaves as they are."""
        shares = part.each(counts)
        if weights is not None and grid.below is not None:
            weights = replace(weights, present=values.present & weights.present)
            weights = weights if shares is None else weights.times(shares, weights.scale + part.decimals)
            grid.below.add(cells, weights)
            values = replace(values, present=weights.present).times(weights.values, values.scale + weights.scale)
        elif shares is not None and self.method == Method.SUM:
            values = values.times(shares, values.scale + part.decimals)
        grid.tally.add(cells, values)

    def _grid(self, name: str) -> Grid:
        if name not in self._grids:
            self._grids[name] = Grid(len(self._places) * self.span, self.method)
        return self._grids[name]

    def _reach(self, batch: Batch) -> None:
        periods = batch.ordinals if batch.each is None else batch.each
        move = self._window.reach(int(periods.min()), int(periods.max()))
        if move is not None:
            for grid in self._grids.values():
                grid.move(move)
            self._flags = {name: move(column) for name, column in self._flags.items()}

    def _describe(self, batch: Batch, groups: NDArray[np.int64]) -> None:
        """What the series attributes of the parts have in common."""
        seen = np.flatnonzero(self._first != units.UNSEEN)
        for name in dict.fromkeys([*self._same, *batch.series_attributes]):
            if name not in self._same:
                self._same[name] = units.Same(len(self._places))
                self._same[name].add(seen, Coded.constant(None, len(seen)))
            column = batch.series_attributes.get(name)
            self._same[name].add(groups, Coded.constant(None, batch.series_count) if column is None else column)
        if self.method != Method.COUNT and units.UNIT in self._same:
            units.refuse_mixed(self._same[units.UNIT])

    def _shifts(self, batch: Batch, groups: NDArray[np.int64]) -> NDArray[np.int64] | None:
        """What brings each series to the multiplier its group began with; None where all have it."""
        mine = units.multipliers(batch)
        fresh = self._first[groups] == units.UNSEEN
        self._first[groups[fresh][::-1]] = mine[fresh][::-1]
        np.minimum.at(self._least, groups, mine)
        shifts = mine - self._first[groups]
        self._finer[groups[shifts != 0]] = True
        return shifts if shifts.any() else None

    def _flag(self, batch: Batch, cells: Cells, touched: NDArray[np.bool_], part: Part) -> None:
        """The strongest word of each cell; mostly a batch says one word, and then marking is much faster."""
        for name, ordered in self._words.items():
            column = batch.attributes.get(name)
            if column is None or not ordered:
                continue
            if (column.codes == column.codes[0]).all():
                self._mark(name, int(flags.ranks(column.take(slice(0, 1)), ordered)[0]), touched)
            else:
                np.maximum.at(self._flags[name], cells, flags.ranks(column, ordered))
        if part.factors is not None and flags.ESTIMATED in (ordered := self._words[flags.STATUS]):
            self._mark(flags.STATUS, ordered.index(flags.ESTIMATED) + 1, touched)
        if state := flags.strength(self._words[RECODING], part.state):
            self._mark(RECODING, state, touched)

    def _mark(self, name: str, strength: int, touched: NDArray[np.bool_]) -> None:
        np.maximum(self._flags[name], np.int8(strength), out=self._flags[name], where=touched)

    def batch(self) -> Batch:
        """What has come together."""
        key = tuple(column.take(self._places) for column in self._groups.keys)
        frequencies, described = self._groups.frequencies[self._places], self._described()
        parts = [grid.parts for grid in self._grids.values()]
        if not parts:
            starts = np.zeros(len(self._places) + 1, np.int64)
            return Batch(key, frequencies, starts, np.zeros(0, np.int64), {}, {}, described)
        cells = np.flatnonzero(np.sum(parts, axis=0) if len(parts) > 1 else parts[0])
        starts = np.searchsorted(cells, np.arange(len(self._places) + 1) * self.span)
        measures = {name: self._values(each, cells) for name, each in self._grids.items()}
        observed = self._flagged(cells, next(iter(measures.values())))
        return Batch(key, frequencies, starts, self._window.low + cells % self.span, measures, observed, described)

    def _values(self, grid: Grid, cells: Cells) -> Numbers:
        valued = grid.valued[cells]
        if self.method == Method.COUNT:
            return Numbers(valued.astype(float))
        complete = (valued == grid.parts[cells]) & (valued > 0)
        above = units.scaled_by(grid.tally.values[cells], (self._first - self._least)[cells // self.span])
        scale = grid.tally.scale
        if grid.below is not None:
            below = grid.below.values[cells]
            return quotients(above, below, grid.below.scale - scale, complete & (below != 0))
        if self.method == Method.MEAN:
            return quotients(above, valued, -scale, complete)
        peak = max(abs(int(above.max())), abs(int(above.min()))) if len(above) else 0
        return exactly.numbers(Exact(above, scale, complete, peak))

    def _flagged(self, cells: Cells, values: Numbers) -> dict[str, Coded]:
        found = {name: self._flags[name][cells] for name in self._words}
        there = np.ones(len(cells), dtype=bool) if self.method == Method.COUNT else values.present
        return flags.spoken(self.structure, found, self._words, there)

    def _described(self) -> dict[str, Coded]:
        """Series attributes of the groups."""
        found = {name: same.agreed() for name, same in self._same.items()}
        if self.method == Method.COUNT:
            return units.counted(self.structure, found, len(self._places))
        if units.UNIT in found:
            units.refuse_ratios(self.structure, found[units.UNIT], self._added)
        if units.DECIMALS in found:
            # More than the parts say: of means, of shares, and of thousands beside single units.
            said = found[units.DECIMALS]
            found[units.DECIMALS] = Coded(said.texts, np.where(self._finer, -1, said.codes).astype(np.int32))
        if units.MULTIPLIER in found:
            seen = self._first != units.UNSEEN
            said = Coded.of([str(power) for power in self._least.tolist()])
            found[units.MULTIPLIER] = Coded(said.texts, np.where(seen, said.codes, -1).astype(np.int32))
        return found
