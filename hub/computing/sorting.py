"""The order of an answer: series by their codes, by what is said of them or by their last value, periods inside each series.

Observations stay with their series. The words of a sort count from the first; what they leave open is in key order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hub.computing import telling, units
from hub.computing.exactly import exact
from hub.computing.source import Finder, Source, joined, placed
from registry.calculation import Sort
from registry.columns import Batch, Places
from registry.model import Structure
from registry.ranking import alphabetical, directed, of_attribute


def ordered(source: Source, sort: tuple[Sort, ...]) -> Source:
    """The source in this order. What is no dimension it looks up in every series, because the order depends on all of them."""
    structure = source.structure
    time = structure.dsd.time.id if structure.dsd.time else ""
    found = source
    if any(key.by not in (*source.structure.dsd.key, time) for key in sort):
        found = _looked_up(source, tuple(key for key in sort if key.by != time))
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


def _looked_up(source: Source, sort: tuple[Sort, ...]) -> Source:
    """Looks through everything once, keeping one number a series; what is wanted of it is read again."""
    finder, found = Finder(source), list[Batch]()
    for batch in source.read(np.arange(len(source))):
        full = batch.without_empty()
        found.append(full.take_observations(full.starts[1:] - 1, np.arange(full.series_count + 1)))
    ends = joined(found, len(source.keys))
    kept = placed(source, finder.places(ends))
    others = [each for each in sort if each.by not in source.structure.dsd.key]
    return placed(kept, _order(kept, {each.by: _ranks(kept.structure, ends, each) for each in others}, sort))


def _ranks(structure: Structure, ends: Batch, sort: Sort) -> NDArray[np.int64]:
    """int64[m]: the rank of each series by its last value, or by what is said of it; those without come last."""
    if said := ends.series_attributes.get(sort.by):
        return directed(of_attribute(structure.dsd, sort.by, said), sort.descending)
    if sort.by not in ends.measures:
        return np.zeros(ends.series_count, np.int64)
    values = units.shifted(exact(ends.measures[sort.by], sort.by), units.multipliers(ends))
    distinct, ranks = np.unique(values.values, return_inverse=True)
    ranks = -ranks if sort.descending else ranks
    return np.where(values.present, ranks, len(distinct) + 1)


def _latest_first(source: Source) -> Source:
    def read(places: Places) -> Iterator[Batch]:
        for batch in source.read(places):
            each = np.repeat(batch.starts[:-1] + batch.starts[1:] - 1, batch.counts)
            yield batch.take_observations(each - np.arange(batch.observations), batch.starts)

    return replace(source, read=read)
