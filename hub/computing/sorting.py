"""The order of an answer: series by their codes or by their last value, periods inside each series.

Observations stay with their series. The words of a sort count from the first; what they leave open is in key order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hub.computing import telling, units
from hub.computing.exactly import exact
from hub.computing.groups import alphabetical
from hub.computing.source import Reader, Source, joined, placed
from registry.calculation import Sort
from registry.columns import Batch, Places

BATCH = 65_536
"""Observations of a batch of an answer that had to be read as a whole to be sorted."""


def ordered(source: Source, sort: tuple[Sort, ...]) -> Source:
    """The source in this order. By value it reads every series once, because the order depends on all of them."""
    structure = source.structure
    measures = {measure.id for measure in structure.dsd.measures}
    time = structure.dsd.time.id if structure.dsd.time else ""
    found = source
    if any(key.by in measures for key in sort):
        found = _by_values(source, tuple(key for key in sort if key.by != time))
    elif any(key.by != time for key in sort):
        found = placed(source, _order(source, {}, tuple(key for key in sort if key.by != time)))
    if any(key.by == time and key.descending for key in sort):
        found = _latest_first(found)
    return replace(found, steps=(*found.steps, *telling.ordered(structure, sort)))


def _order(source: Source, columns: dict[str, NDArray[np.int64]], sort: tuple[Sort, ...]) -> Places:
    """The places in order. ``columns``: numbers to sort by, for what is no dimension."""
    numbers = [columns[each.by] if each.by in columns else _codes(source, each) for each in reversed(sort)]
    rest = [alphabetical(column) for column in reversed(source.keys)]
    return np.lexsort((source.frequencies, *rest, *numbers))


def _codes(source: Source, sort: Sort) -> NDArray[np.int64]:
    ranks = alphabetical(source.keys[source.structure.dsd.key.index(sort.by)])
    return -ranks if sort.descending else ranks


def _by_values(source: Source, sort: tuple[Sort, ...]) -> Source:
    width = len(source.keys)
    whole = joined(source.read(np.arange(len(source))), width).without_empty()
    held = Source(source.structure, whole.key, whole.frequencies, _slices(whole), source.steps)
    measures = [each for each in sort if each.by not in source.structure.dsd.key]
    return placed(held, _order(held, {each.by: _ranks(whole, each) for each in measures}, sort))


def _slices(whole: Batch) -> Reader:
    def read(places: Places) -> Iterator[Batch]:
        counts = np.cumsum(whole.counts[places])
        start = 0
        while start < len(places):
            before = int(counts[start - 1]) if start else 0
            stop = max(start + 1, int(np.searchsorted(counts, before + BATCH, "right")))
            yield whole.take_series(places[start:stop])
            start = stop

    return read


def _ranks(whole: Batch, sort: Sort) -> NDArray[np.int64]:
    """int64[m]: the rank of each series by its last value; those without come last."""
    last = whole.starts[1:] - 1
    if sort.by not in whole.measures:
        return np.zeros(len(last), np.int64)
    values = units.shifted(exact(whole.measures[sort.by].take(last), sort.by), units.multipliers(whole))
    distinct, ranks = np.unique(values.values, return_inverse=True)
    ranks = -ranks if sort.descending else ranks
    return np.where(values.present, ranks, len(distinct) + 1)


def _latest_first(source: Source) -> Source:
    def read(places: Places) -> Iterator[Batch]:
        for batch in source.read(places):
            each = np.repeat(batch.starts[:-1] + batch.starts[1:] - 1, batch.counts)
            yield batch.take_observations(each - np.arange(batch.observations), batch.starts)

    return replace(source, read=read)
