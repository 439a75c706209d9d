"""Parts of an answer that the database was not asked for: some keys, some observations of each series, a page of all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from registry.columns import Batch

Test = Callable[[tuple[str, ...]], bool]
"""Whether a series key is wanted."""


def kept(batches: Iterator[Batch], test: Test | None) -> Iterator[Batch]:
    """Only the series wanted."""
    if test is None:
        return batches
    found = (batch.take_series(np.flatnonzero(list(map(test, batch.keys())))) for batch in batches)
    return (batch for batch in found if batch.series_count)


def limited(batch: Batch, first: int | None, last: int | None) -> Batch:
    """The first and the last observations of each series."""
    if first is None and last is None:
        return batch
    owners, places = batch.series_of, np.arange(batch.observations)
    early = places - batch.starts[:-1][owners] < (first or 0)
    late = batch.starts[1:][owners] - places <= (last or 0)
    return batch.keep(early | late)


@dataclass(frozen=True, kw_only=True)
class Window:
    """A page of an answer, counted in observations, or in series where only series are shown."""

    offset: int = 0
    limit: int | None = None

    @property
    def whole(self) -> bool:
        return self.offset == 0 and self.limit is None

    def cut(self, batches: Iterator[Batch], observations: bool) -> Iterator[Batch]:
        """The series, or parts of series, inside the window."""
        if self.whole:
            return batches
        return self._inside(batches, observations)

    def _inside(self, batches: Iterator[Batch], observations: bool) -> Iterator[Batch]:
        stop = None if self.limit is None else self.offset + self.limit
        seen = 0
        for batch in batches:
            count = batch.observations if observations else batch.series_count
            low, high = max(self.offset - seen, 0), count if stop is None else min(stop - seen, count)
            seen += count
            if low < high:
                yield _observations(batch, low, high) if observations else batch.take_series(slice(low, high))
            if stop is not None and seen >= stop:
                return


def _observations(batch: Batch, low: int, high: int) -> Batch:
    starts = np.clip(batch.starts, low, high) - low
    return batch.take_observations(slice(low, high), starts).without_empty()
