"""The value side of recoding and aggregation: the observations of the parts of each group put together.

In a period a group has a value when each of its parts that is there has one. A part without an observation is nothing that
happened; a part that is there without a value (missing or suppressed) leaves the whole without one, because a sum of the rest
would pass for the whole, and a difference would uncover what was suppressed. Counting counts the values that are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count

import numpy as np
from numpy.typing import NDArray

from hub.computing.filled import Filled, Part
from hub.computing.groups import WHOLE, Groups, kinds_of
from hub.computing.rules import Methods
from hub.computing.source import Finder, Source, joined
from hub.computing.weights import Weighing
from registry.calculation import Method, Weight
from registry.columns import Batch, Places, spread
from registry.correspondence import State
from registry.model import Structure

FEWEST, MOST_CELLS = 512, 2_000_000
"""Groups that are filled at once: as many as fit into so many cells."""


@dataclass(frozen=True)
class Gathering:
    """Reads the groups of a source. ``structure`` is that of the groups; means by the weight ``guessed`` are estimates."""

    source: Source
    structure: Structure
    groups: Groups
    methods: Methods
    guessed: Weight | None = None

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
        filled = Filled(self.structure, self.groups, places, method, stated)
        parts = _PartsOf(self, places)
        weighing = Weighing(self.source, weight, self._finder) if weight else None
        for batch in self._batches(_distinct(parts.rows), weighing):
            rows = self._finder.places(batch)
            chosen, mine = parts.of(rows)
            for some, part in self._kinds(parts.shares[mine], weight is not None and weight == self.guessed):
                taken = _taken(batch, chosen if some is None else chosen[some])
                weights = weighing.of(taken) if weighing else None
                filled.add(taken, parts.groups[mine if some is None else mine[some]], part, weights)
        return filled

    def _kinds(self, shares: NDArray[np.int32], guessed: bool) -> Iterator[tuple[NDArray[np.bool_] | None, Part]]:
        """Parts that are whole, parts that are shares, parts of which nobody knows how much they are: where there are such
        (None: all), and what they are multiplied by."""
        whole = State.ESTIMATED if guessed else State.EXACT
        if self._decimals is None:
            yield None, Part(whole)
            return
        kinds = self._kind_of[shares]
        for kind, state in enumerate(State):
            some = kinds == kind
            if some.any():
                factors = self._table[shares[some]] if state == State.ESTIMATED else None
                yield (None if some.all() else some), Part(whole if state == State.EXACT else state, factors, self._decimals)

    def _batches(self, rows: Places, weighing: Weighing | None) -> Iterator[Batch]:
        if weighing is None or weighing.weight.code is None:
            yield from self.source.read(rows)
            return
        for start in range(0, len(rows), FEWEST):
            some = rows[start : start + FEWEST]
            weighing.load(some)
            yield from self.source.read(some)

    @cached_property
    def _decimals(self) -> int | None:
        """Decimals that are enough for every share; None where each part is a whole."""
        portions = self.groups.parts.portions
        if set(portions) == {WHOLE}:
            return None
        return next(power for power in count() if all(10**power % share.amount.denominator == 0 for share in portions))

    @cached_property
    def _table(self) -> NDArray[np.int64] | NDArray[np.object_]:
        """The shares without the point."""
        whole = [int(share.amount * 10 ** (self._decimals or 0)) for share in self.groups.parts.portions]
        return np.array(whole, dtype=np.int64 if max(whole) < 2**62 else object)

    @cached_property
    def _kind_of(self) -> NDArray[np.int8]:
        return kinds_of(self.groups.parts.portions)

    @cached_property
    def _finder(self) -> Finder:
        return Finder(self.source)


def _taken(batch: Batch, chosen: Places) -> Batch:
    every = len(chosen) == batch.series_count and bool((chosen == np.arange(len(chosen))).all())
    return batch if every else batch.take_series(chosen)


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
