"""The weights of a weighted mean: another measure of the same observation, or the series with another code in one dimension."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hub.computing import units
from hub.computing.exactly import Exact, exact
from hub.computing.source import Finder, Source, joined
from registry.calculation import Weight
from registry.columns import Batch
from registry.errors import Invalid


class Weighing:
    """Finds the weight of every observation of the batches that are read. ``load`` before each reading when it is a code."""

    def __init__(self, source: Source, weight: Weight, finder: Finder) -> None:
        self.weight = weight
        self._source = source
        self._finder = finder
        self._of_row = _weight_rows(source, weight) if weight.code is not None else np.zeros(0, np.int64)
        self._held: Batch | None = None
        self._order = self._rows = np.zeros(0, np.int64)

    def load(self, rows: NDArray[np.int64]) -> None:
        """Read the weights of these series."""
        needed = np.unique(self._of_row[rows])
        needed = needed[needed >= 0]
        self._held = joined(self._source.read(needed), len(self._source.keys))
        found = self._finder.places(self._held)
        self._order = np.argsort(found)
        self._rows = found[self._order]

    def of(self, batch: Batch) -> Exact:
        """The weight of each observation of the batch; :class:`Invalid` BAD_WEIGHT where one is negative."""
        found = self._measured(batch) if self.weight.code is None else self._looked_up(batch)
        if bool((found.values[found.present] < 0).any()):
            raise Invalid("BAD_WEIGHT", found=self.weight.code or self.weight.component)
        return found

    def _measured(self, batch: Batch) -> Exact:
        column = batch.measures.get(self.weight.component)
        if column is None:
            nothing = np.zeros(batch.observations, np.int64)
            return Exact(nothing, 0, nothing.astype(bool), 0)
        return exact(column, self.weight.component)

    def _looked_up(self, batch: Batch) -> Exact:
        assert self._held is not None
        series = self._series_of(batch)
        places = find(self._held, np.repeat(series, batch.counts), batch.ordinals)
        measure = self._source.structure.dsd.measures[0].id
        if measure not in self._held.measures or not len(self._held.ordinals):
            nothing = np.zeros(batch.observations, np.int64)
            return Exact(nothing, 0, nothing.astype(bool), 0)
        values = exact(self._held.measures[measure], measure)
        values = units.shifted(values, np.repeat(units.multipliers(self._held), self._held.counts)) if self._mixed() else values
        taken = values.take(np.maximum(places, 0))
        return Exact(taken.values, taken.scale, taken.present & (places >= 0), taken.peak)

    def _mixed(self) -> bool:
        assert self._held is not None
        return len(np.unique(units.multipliers(self._held))) > 1

    def _series_of(self, batch: Batch) -> NDArray[np.int64]:
        """int64[m]: where the weight of each series stands among those held, -1 for none."""
        wanted = self._of_row[self._finder.places(batch)]
        if not len(self._rows):
            return np.full(len(wanted), -1)
        spots = np.minimum(np.searchsorted(self._rows, wanted), len(self._rows) - 1)
        return np.where(self._rows[spots] == wanted, self._order[spots], -1)


def find(held: Batch, series: NDArray[np.int64], ordinals: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64[n]: where the observation of a series (its place in the batch, -1 for none) in a period stands, -1 for none."""
    if not held.observations or not len(ordinals):
        return np.full(len(ordinals), -1)
    low, high = int(held.ordinals.min()), int(held.ordinals.max())
    found = _guessed(held, series, ordinals)
    left = np.flatnonzero((found < 0) & (series >= 0) & (ordinals >= low) & (ordinals <= high))
    if not len(left):
        return found
    span = high - low + 1
    known = held.series_of * span + (held.ordinals - low)
    wanted = series[left] * span + (ordinals[left] - low)
    spots = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    found[left] = np.where(known[spots] == wanted, spots, -1)
    return found


def _guessed(held: Batch, series: NDArray[np.int64], ordinals: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where it stands if its series has no gap before it, -1 where that is not so; most series have none."""
    mine = np.maximum(series, 0)
    starts, ends = held.starts[:-1][mine], held.starts[1:][mine]
    first = held.ordinals[np.minimum(starts, held.observations - 1)]
    spots = starts + (ordinals - first)
    inside = (series >= 0) & (spots >= starts) & (spots < ends)
    spots = np.where(inside, spots, 0)
    return np.where(inside & (held.ordinals[spots] == ordinals), spots, -1)


def _weight_rows(source: Source, weight: Weight) -> NDArray[np.int64]:
    """int64[n]: the row whose key is the same but for the code of the weight, -1 for none."""
    place = source.structure.dsd.key.index(weight.component)
    column = source.keys[place]
    if weight.code not in column.texts:
        return np.full(len(source), -1)
    _, numbers = np.unique(source.frequencies, return_inverse=True)
    for other, each in enumerate(source.keys):
        if other != place:
            _, numbers = np.unique(numbers.astype(np.int64) * (len(each.texts) + 1) + each.codes, return_inverse=True)
    mine = np.flatnonzero(column.codes == column.texts.index(weight.code))
    table = np.full(int(numbers.max(initial=0)) + 1, -1)
    table[numbers[mine]] = mine
    return table[numbers]
