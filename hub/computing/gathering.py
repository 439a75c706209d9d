"""The value side of recoding and aggregation: the observations of the parts of each group put together.

In a period a group has a value when each of its parts that is there has one. A part without an observation is nothing that
happened; a part that is there without a value (missing or suppressed) leaves the whole without one, because a sum of the rest
would pass for the whole, and a difference would uncover what was suppressed. Counting counts the values that are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import lcm

import numpy as np
from numpy.typing import NDArray

from hub.computing.filled import Filled
from hub.computing.groups import Groups
from hub.computing.rules import Methods
from hub.computing.source import Finder, Source, joined
from hub.computing.weights import Weighing
from registry.calculation import Method, Weight
from registry.columns import Batch, Places, spread
from registry.model import Structure

FEWEST, MOST_CELLS = 512, 2_000_000
"""Groups that are filled at once: as many as fit into so many cells."""


@dataclass(frozen=True)
class Gathering:
    """Reads the groups of a source. ``structure`` is that of the groups."""

    source: Source
    structure: Structure
    groups: Groups
    methods: Methods

    def read(self, places: Places) -> Iterator[Batch]:
        """The groups at these places, a grid at a time."""
        start, size = 0, FEWEST
        while start < len(places):
            some = np.asarray(places)[start : start + size]
            start += size
            filled = list(self._filled(some))
            size = max(FEWEST, MOST_CELLS // max(1, *(each.span for each, _ in filled)))
            batch = joined((each.batch() for each, _ in filled), len(self.groups.keys))
            where = np.concatenate([inside for _, inside in filled])
            yield (batch if (np.diff(where) > 0).all() else batch.take_series(np.argsort(where))).without_empty()

    def toll(self, places: Places) -> int:
        """What reading the parts of these groups costs; weights that are series are read too."""
        starts, rows = self.groups.starts, self.groups.parts.rows
        weighs = any(weight is not None and weight.code is not None for _, weight in self.methods.methods)
        counts = np.diff(starts)[places]
        return self.source.toll(_distinct(rows[spread(starts[places], counts)])) * (1 + weighs)

    def _filled(self, places: Places) -> Iterator[tuple[Filled, NDArray[np.int64]]]:
        """The grids of groups that share a frequency and a method, each with the places of its groups among those asked for."""
        _, letters = np.unique(self.groups.frequencies[places], return_inverse=True)
        kinds = letters * len(self.methods.methods) + self.methods.codes[places]
        for kind in np.unique(kinds).tolist():
            inside = np.flatnonzero(kinds == kind)
            method, weight = self.methods.methods[kind % len(self.methods.methods)]
            yield self._fill(places[inside], method, weight), inside

    def _fill(self, places: Places, method: Method, weight: Weight | None) -> Filled:
        stated = self.methods.stated[places]
        filled = Filled(self.structure, self.groups, places, method, stated, self._denominator)
        parts = _PartsOf(self, places)
        weighing = Weighing(self.source, weight, self._finder) if weight else None
        for batch in self._batches(_distinct(parts.rows), weighing):
            rows = self._finder.places(batch)
            chosen, mine = parts.of(rows)
            every = len(chosen) == batch.series_count and bool((chosen == np.arange(len(chosen))).all())
            taken = batch if every else batch.take_series(chosen)
            weights = weighing.of(taken) if weighing else None
            filled.add(taken, parts.groups[mine], self._factors(parts.shares[mine]), weights)
        return filled

    def _batches(self, rows: Places, weighing: Weighing | None) -> Iterator[Batch]:
        if weighing is None or weighing.weight.code is None:
            yield from self.source.read(rows)
            return
        for start in range(0, len(rows), FEWEST):
            some = rows[start : start + FEWEST]
            weighing.load(some)
            yield from self.source.read(some)

    def _factors(self, shares: NDArray[np.int32]) -> NDArray[np.int64] | NDArray[np.object_] | None:
        """What each part is multiplied by; None where each is a whole."""
        return self._table[shares] if len(self._table) > 1 else None

    @cached_property
    def _table(self) -> NDArray[np.int64] | NDArray[np.object_]:
        whole = [int(share * self._denominator) for share in self.groups.parts.portions]
        return np.array(whole, dtype=np.int64 if max(whole) < 2**31 else object)

    @cached_property
    def _denominator(self) -> int:
        return lcm(*(share.denominator for share in self.groups.parts.portions))

    @cached_property
    def _finder(self) -> Finder:
        return Finder(self.source)


def _distinct(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each row once, ascending; much faster than ``np.unique``, which hashes."""
    ordered = np.sort(rows)
    return ordered[np.diff(ordered, prepend=-1) > 0]


class _PartsOf:
    """The parts of some groups by the row of their series."""

    def __init__(self, gathering: Gathering, places: Places) -> None:
        starts, parts = gathering.groups.starts, gathering.groups.parts
        counts = np.diff(starts)[places]
        mine = spread(starts[places], counts)
        order = np.argsort(parts.rows[mine], kind="stable")
        self.rows = parts.rows[mine][order]
        self.groups = np.repeat(np.arange(len(places)), counts)[order]
        self.shares = parts.shares[mine][order]

    def of(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For the series of these rows: each repeated for every part it has, and these parts."""
        low = np.searchsorted(self.rows, rows, "left")
        counts = np.searchsorted(self.rows, rows, "right") - low
        return np.repeat(np.arange(len(rows)), counts), spread(low, counts)
