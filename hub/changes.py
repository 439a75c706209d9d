"""What differs between two vintages of a dataflow. Only series in tiles or with labels that differ are looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hub.cells import SERIES
from hub.cutting import Rows
from hub.keyindex import ranks
from hub.vintages import Place, Vintage
from registry.answers import Difference, Differences
from registry.columns import Batch, Coded, Numbers, concatenated, concatenated_numbers, occurring

Bools = NDArray[np.bool_]


def touched(before: Vintage, now: Vintage, rows: Rows) -> Rows:
    """Those of the rows (of either vintage) whose tiles or series attributes are not the same in both, by key."""
    chunks = rows.series // SERIES
    changed = _changed_places(before, now)
    other = np.zeros(len(rows), dtype=bool)
    for frequency in occurring(rows.frequencies):
        numbers = np.array([chunk for letter, chunk in changed if letter == frequency], np.int64)
        other |= (rows.frequencies == frequency) & np.isin(chunks, numbers)
    for name in {*before.labels, *now.labels}:
        other |= _labelled_otherwise(before.labels.get(name), now.labels.get(name), rows.series)
    if before.groups != now.groups:
        other[:] = True
    return rows.take(np.flatnonzero(other))


def _changed_places(before: Vintage, now: Vintage) -> set[Place]:
    ways = ((before.runs, now.runs), (now.runs, before.runs))
    return {place for one, two in ways for place, run in one.items() if place not in two or two[place].ids != run.ids}


def _labelled_otherwise(before: Coded | None, now: Coded | None, series: NDArray[np.int64]) -> Bools:
    count = int(series.max()) + 1 if len(series) else 0
    old, new = (_reaching(column, count).take(series) for column in (before, now))
    both = concatenated([old, new])
    other: Bools = both.codes[: len(series)] != both.codes[len(series) :]
    return other


def _reaching(column: Coded | None, count: int) -> Coded:
    known = column or Coded.constant(None, 0)
    return Coded(known.texts, np.append(known.codes, np.full(max(count - len(known), 0), -1, np.int32)))


def united(before: Vintage, now: Vintage, old: NDArray[np.int64], new: NDArray[np.int64]) -> Rows:
    """The series of rows ``old`` of one index and ``new`` of the other, each once, in key order."""
    series = np.concatenate([before.index.series[old], now.index.series[new]])
    frequencies = np.concatenate([before.index.frequencies[old], now.index.frequencies[new]])
    letters = frequencies.view(np.uint32).astype(np.int64) if len(frequencies) else np.zeros(0, np.int64)
    _, first = np.unique(series * 128 + letters, return_index=True)
    key = max((before.key, now.key), key=lambda columns: len(columns[0]) if columns else 0)
    columns = [ranks(column.texts)[column.codes[series[first]]] for column in key]
    order = np.lexsort((letters[first], *reversed(columns)))
    return Rows(series[first][order], frequencies[first][order])


def compared(before: Batch, now: Batch, whole: bool = False) -> Differences | None:
    """What differs between two states of the same series in the same order; None where nothing does.

    ``whole``: of a series of which something else is said all observations are described anew.
    """
    old, new = _aligned(before, now)
    starts, ordinals = _places(before, now, old, new)
    measures = list(dict.fromkeys((*before.measures, *now.measures)))
    one = _at(before, measures, old, starts, ordinals)
    two = _at(now, measures, new, starts, ordinals)
    kinds = _kinds(one, two, old, new)
    relabelled = _any_other(one.series_attributes, two.series_attributes, one.series_count)
    if whole:
        kinds[(kinds == 0) & np.repeat(relabelled, two.counts)] = Difference.DESCRIBED
    differ = kinds > 0
    if not differ.any() and not relabelled.any():
        return None
    one, two = one.keep(differ), two.keep(differ)
    shown = np.flatnonzero(relabelled | (two.counts > 0))
    return Differences(two.take_series(shown), one.take_series(shown), kinds[differ])


def _aligned(before: Batch, now: Batch) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each observation of either state: where it stands in the one and in the other; -1 where it does not."""
    count = before.observations
    series = np.concatenate([before.series_of, now.series_of])
    ordinals = np.concatenate([before.ordinals, now.ordinals])
    order = np.lexsort((ordinals, series))
    again = (np.diff(series[order]) == 0) & (np.diff(ordinals[order]) == 0)
    lead = np.flatnonzero(~np.insert(again, 0, False)[: len(order)])
    paired = np.append(again, False)[lead]
    old = np.where(order[lead] < count, order[lead], -1)
    follower = order[np.minimum(lead + 1, len(order) - 1)] - count
    new = np.where(paired, follower, np.where(old < 0, order[lead] - count, -1))
    return old, new


def _places(
    before: Batch, now: Batch, old: NDArray[np.int64], new: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    series = np.where(old >= 0, _padded(before.series_of)[old], _padded(now.series_of)[new])
    ordinals = np.where(old >= 0, _padded(before.ordinals)[old], _padded(now.ordinals)[new])
    counts = np.bincount(series, minlength=before.series_count)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), ordinals


def _padded(column: NDArray[np.int64]) -> NDArray[np.int64]:
    """With an entry at the end, which is what place -1 means."""
    return np.append(column, 0)


def _at(
    batch: Batch, measures: Sequence[str], places: NDArray[np.int64], starts: NDArray[np.int64], ordinals: NDArray[np.int64]
) -> Batch:
    """The observations at these places, nothing at -1; with all measures named."""
    nothing, absent = Numbers(np.array([np.nan])), Coded.constant(None, 1)
    unmeasured = Numbers(np.full(batch.observations, np.nan))
    columns = {name: batch.measures.get(name) or unmeasured for name in measures}
    return replace(
        batch,
        starts=starts,
        ordinals=ordinals,
        measures={name: concatenated_numbers([each, nothing]).take(places) for name, each in columns.items()},
        attributes={name: concatenated([each, absent]).take(places) for name, each in batch.attributes.items()},
    )


def _kinds(one: Batch, two: Batch, old: NDArray[np.int64], new: NDArray[np.int64]) -> NDArray[np.int8]:
    revised = np.zeros(len(old), dtype=bool)
    for name in one.measures:
        revised |= _other_numbers(one.measures[name], two.measures[name])
    described = _any_other(one.attributes, two.attributes, len(old))
    kinds = np.where(revised, Difference.REVISED, np.where(described, Difference.DESCRIBED, 0))
    kinds = np.where(old < 0, Difference.ADDED, np.where(new < 0, Difference.DELETED, kinds))
    return kinds.astype(np.int8)


def _other_numbers(one: Numbers, two: Numbers) -> Bools:
    other: Bools = ~((one.floats == two.floats) | (np.isnan(one.floats) & np.isnan(two.floats)))
    if one.texts is None and two.texts is None:
        return other
    nothing = np.full(len(one), None, object)
    old, new = (nothing if each.texts is None else each.texts for each in (one, two))
    different: Bools = other | (old != new)
    return different


def _any_other(one: Mapping[str, Coded], two: Mapping[str, Coded], count: int) -> Bools:
    found = np.zeros(count, dtype=bool)
    for name in _names((one, two)):
        absent = Coded.constant(None, count)
        both = concatenated([one.get(name, absent), two.get(name, absent)])
        found |= both.codes[:count] != both.codes[count:]
    return found


def _names(columns: Iterable[Mapping[str, Coded]]) -> set[str]:
    return {name for each in columns for name in each}
