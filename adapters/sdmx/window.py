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

    @property
    def stop(self) -> int | None:
        """Where it ends."""
        return None if self.limit is None else self.offset + self.limit

    def opened(self, observations: bool) -> Page:
        """The page before anything of the answer was seen."""
        return Page(self, observations)


@dataclass
class Page:
    """A window over the data sets of an answer, one after another: ``seen`` observations, or series, have gone by."""

    window: Window
    observations: bool
    seen: int = 0

    @property
    def whole(self) -> bool:
        return self.window.whole

    @property
    def end(self) -> int | None:
        """How many of those that follow can be in it; None: all."""
        return None if self.window.stop is None else max(self.window.stop - self.seen, 0)

    def part(self, count: int) -> slice:
        """Which of the next so many lie inside."""
        stop = self.end
        found = slice(max(self.window.offset - self.seen, 0), count if stop is None else min(stop, count))
        self.seen += count
        return found

    def cut(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """The series, or parts of series, inside the window."""
        return batches if self.whole else self._inside(batches)

    def _inside(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        for batch in batches:
            part = self.part(batch.observations if self.observations else batch.series_count)
            if part.start < part.stop:
                yield _observations(batch, part) if self.observations else batch.take_series(part)
            if self.end == 0:
                return


def _observations(batch: Batch, part: slice) -> Batch:
    starts = np.clip(batch.starts, part.start, part.stop) - part.start
    return batch.take_observations(part, starts).without_empty()
