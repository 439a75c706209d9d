"""The longer periods that observations lie in, and the observations of each put together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hub.computing import flags
from hub.computing.exactly import Exact, exact, numbers
from hub.computing.rounding import quotients
from registry.calculation import TimeMethod
from registry.columns import Batch, Coded, Numbers, occurring
from registry.model import Structure
from registry.period import Period, PeriodRange, containing, period_start


@dataclass(frozen=True)
class Spans:
    """int64[n] for the observations of a batch: the longer period of each, and the first and last of its own periods there."""

    goals: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    @classmethod
    def of(cls, batch: Batch, frequency: str) -> Spans:
        """``frequency``: of the longer periods, in which those of the batch lie as a whole."""
        found = tuple(np.zeros(batch.observations, np.int64) for _ in range(3))
        each = np.repeat(batch.frequencies, batch.counts)
        for own in occurring(batch.frequencies):
            mine = np.flatnonzero(each == own)
            distinct, places = np.unique(batch.ordinals[mine], return_inverse=True)
            spans = np.array([_span(own, ordinal, frequency) for ordinal in distinct.tolist()], dtype=np.int64).reshape(-1, 3)
            for column, values in zip(found, spans.T, strict=True):
                column[mine] = values[places]
        return cls(*found)

    def ends(self, batch: Batch, first: bool) -> Batch:
        """Of each period what is at its beginning or at its end."""
        kept = batch.ordinals == (self.first if first else self.last)
        return replace(batch.keep(kept), ordinals=self.goals[kept])

    def folded(self, structure: Structure, batch: Batch, method: TimeMethod, weights: Exact | None) -> Batch:
        """The observations of each period as one; without a value, but for counts, where not all of them have one."""
        series = batch.series_of
        starts = np.flatnonzero((np.diff(series, prepend=-1) != 0) | (np.diff(self.goals, prepend=-1) != 0))
        needed = (self.last - self.first + 1)[starts]
        measures = {
            name: _folded(column, name, starts, needed, method, weights)
            for name, column in batch.measures.items()
            if len(starts)
        }
        words = {name: flags.order(structure, name) for name in flags.FLAGS}
        found = {name: _strongest(batch.attributes.get(name), words[name], starts) for name in flags.FLAGS}
        there = next(iter(measures.values())).present if measures else np.zeros(len(starts), dtype=bool)
        return replace(
            batch,
            starts=np.searchsorted(series[starts], np.arange(batch.series_count + 1)),
            ordinals=self.goals[starts],
            measures=measures,
            attributes=flags.spoken(structure, found, words, there),
        )


def _span(own: str, ordinal: int, frequency: str) -> tuple[int, int, int]:
    goal = containing(frequency, period_start(own, ordinal))
    low, high = PeriodRange(Period(frequency, goal), Period(frequency, goal)).whole(own)
    assert low is not None and high is not None
    return goal, low, high


def _folded(
    column: Numbers,
    name: str,
    starts: NDArray[np.int64],
    needed: NDArray[np.int64],
    method: TimeMethod,
    weights: Exact | None,
) -> Numbers:
    present = column.present if weights is None else column.present & weights.present
    valued = np.add.reduceat(present.astype(np.int64), starts)
    if method == TimeMethod.COUNT:
        return Numbers(valued.astype(float))
    complete, values = valued == needed, exact(column, name)
    if method in (TimeMethod.MIN, TimeMethod.MAX):
        how = np.minimum if method == TimeMethod.MIN else np.maximum
        return numbers(Exact(how.reduceat(values.values, starts), values.scale, complete, values.peak))
    if weights is not None:
        below = _summed(weights, present, starts)
        above = _summed(values.times(weights.values, values.scale + weights.scale), present, starts)
        some = complete & np.asarray(below.values != 0, dtype=bool)
        return quotients(above.values, below.values, below.scale - above.scale, some)
    above = _summed(values, present, starts)
    if method == TimeMethod.MEAN:
        return quotients(above.values, valued, -above.scale, complete)
    return numbers(replace(above, present=complete))


def _summed(values: Exact, present: NDArray[np.bool_], starts: NDArray[np.int64]) -> Exact:
    peak = values.peak * len(present)
    wide = values.values if peak < 2**62 else values.values.astype(object)
    return Exact(np.add.reduceat(np.where(present, wide, 0), starts), values.scale, present[starts], peak)


def _strongest(column: Coded | None, ordered: tuple[str, ...], starts: NDArray[np.int64]) -> NDArray[np.int8]:
    if column is None or not ordered or not len(starts):
        return np.zeros(len(starts), np.int8)
    found: NDArray[np.int8] = np.maximum.reduceat(flags.ranks(column, ordered), starts)
    return found
