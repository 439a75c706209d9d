"""Comparing releases: which two are meant, what may be asked of what changed, and what changed line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from registry.answers import Difference, Differences, Release
from registry.columns import Batch, Coded, Numbers, concatenated, or_none
from registry.errors import Invalid, NotFound
from registry.selection import Selection

START = "0"
"""The number of no release: what there was before the first one."""


def two(releases: Sequence[Release], before: str | None, now: str | None) -> tuple[Release | None, Release] | None:
    """The two releases meant, by id or number, among those a viewer sees, newest first. None where there is none at all.

    Without ``now`` the newest, without ``before`` the nearest kept one below it, or nothing below the first.
    :class:`NotFound` COMPARED_RELEASE_NOT_FOUND for what is not among them.
    """
    if not releases and before is None and now is None:
        return None
    newer = _named(releases, now) if now is not None else next(iter(releases), None)
    if newer is None:
        raise _missing(releases, now if now is not None else before or "")
    if before is not None:
        return (None if before == START else _named(releases, before)), newer
    older = releases[[each.id for each in releases].index(newer.id) + 1 :]
    return next((each for each in older if each.thinned_at is None), None), newer


def _named(releases: Sequence[Release], name: str) -> Release:
    for each in releases:
        if name == each.id or (each.number is not None and name == str(each.number)):
            return each
    raise _missing(releases, name)


def _missing(releases: Sequence[Release], name: str) -> NotFound:
    numbers = sorted(each.number for each in releases if each.number is not None)
    near = ", ".join(map(str, numbers[-5:])) or "-"
    return NotFound("COMPARED_RELEASE_NOT_FOUND", found=name[:40], near=near)


def only_released(selection: Selection, *also: str) -> Selection:
    """The selection, if it chooses codes and periods only, and perhaps ``also`` a moment (``as_of``).

    :class:`Invalid` NOT_WHEN_COMPARING names what else it wants.
    """
    asked = {
        "firstN": selection.first_n,
        "lastN": selection.last_n,
        "asOf": selection.as_of,
        "updatedAfter": selection.updated_after,
        "includeHistory": selection.history,
        "seriesOnly": selection.series_only,
        "measures": selection.measures,
        "attributes": selection.attributes,
        "sort": selection.sort,
        "splice": selection.splice,
        "recode": selection.recode,
        "aggregate": selection.aggregate,
        "overTime": selection.over_time,
        "rebase": selection.rebase,
        "change": selection.change,
    }
    for word, wanted in asked.items():
        if wanted and word not in also:
            raise Invalid("NOT_WHEN_COMPARING", word=word)
    return selection


@dataclass(frozen=True)
class Tally:
    """How many observations were added, revised, deleted, or described otherwise; of how many series the attributes changed."""

    added: int = 0
    revised: int = 0
    deleted: int = 0
    described: int = 0
    series: int = 0

    @property
    def total(self) -> int:
        """Lines of what changed."""
        return self.added + self.revised + self.deleted + self.described + self.series


def tally(differences: Iterable[Differences]) -> Tally:
    """Counts everything that changed."""
    kinds, series = np.zeros(len(Difference) + 1, np.int64), 0
    for found in differences:
        kinds += np.bincount(found.kinds, minlength=len(kinds))
        series += int((_series_kinds(found) > 0).sum())
    added, revised, deleted, described = (int(kinds[kind]) for kind in Difference)
    return Tally(added, revised, deleted, described, series)


@dataclass(frozen=True)
class Lines:
    """What changed, a line for each difference: first of the attributes of a whole series, then of its observations by time.

    series  int64[n]  the series of each line
    places  int64[n]  its observation, -1 for the series itself
    kinds   int8[n]   see :class:`registry.answers.Difference`
    """

    differences: Differences
    series: NDArray[np.int64]
    places: NDArray[np.int64]
    kinds: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.series)

    def take(self, places: slice) -> Lines:
        return Lines(self.differences, self.series[places], self.places[places], self.kinds[places])

    def periods(self) -> Coded:
        """The period of each line, absent where the whole series is meant."""
        found = self.differences.now.periods()
        return Coded(found.texts, np.append(found.codes, np.int32(-1))[self.places])

    def measured(self, batch: Batch, measure: str) -> Numbers:
        """The values in one of the two states."""
        column = batch.measures.get(measure)
        if column is None:
            return Numbers(np.full(len(self), np.nan))
        texts = None if column.texts is None else or_none(np.append(column.texts, [None])[self.places])
        return Numbers(np.append(column.floats, np.nan)[self.places], texts)

    def described(self, batch: Batch, attribute: str) -> Coded:
        """The texts of an attribute in one of the two states: of an observation, or of a series on the lines of series."""
        if attribute in batch.attributes:
            column = batch.attributes[attribute]
            return Coded(column.texts, np.append(column.codes, np.int32(-1))[self.places])
        if attribute in batch.series_attributes:
            column = batch.series_attributes[attribute]
            return Coded(column.texts, np.where(self.places < 0, column.codes[self.series], np.int32(-1)).astype(np.int32))
        return Coded.constant(None, len(self))

    def attributes(self) -> list[str]:
        """The attributes that one of the lines may have."""
        both = (self.differences.before, self.differences.now)
        held = [columns for batch in both for columns in (batch.series_attributes, batch.attributes)]
        return list(dict.fromkeys(name for columns in held for name in columns))


def lines(found: Differences) -> Lines:
    """The lines of these differences, in key order."""
    of_series = _series_kinds(found)
    heads = (of_series > 0).astype(np.int64)
    counts = found.now.counts + heads
    series = np.repeat(np.arange(len(counts)), counts)
    inside = np.arange(len(series)) - (np.cumsum(counts) - counts)[series] - heads[series]
    places = np.where(inside < 0, -1, inside + found.now.starts[:-1][series])
    kinds = np.where(inside < 0, of_series[series], np.append(found.kinds, np.int8(0))[places])
    return Lines(found, series, places, kinds.astype(np.int8))


def _series_kinds(found: Differences) -> NDArray[np.int8]:
    """What happened to the attributes of each series: all new, all gone, or otherwise; 0 where they are the same."""
    count = found.now.series_count
    other, had, has = (np.zeros(count, dtype=bool) for _ in range(3))
    for name in {*found.before.series_attributes, *found.now.series_attributes}:
        old, new = (_column(batch.series_attributes, name, count) for batch in (found.before, found.now))
        other |= unequal(old, new)
        had |= old.codes >= 0
        has |= new.codes >= 0
    kinds = np.where(had & has, Difference.DESCRIBED, np.where(has, Difference.ADDED, Difference.DELETED))
    return np.where(other, kinds, 0).astype(np.int8)


def kind_of(had: bool, has: bool) -> Difference:
    """What happened to attributes that are not the same, by whether there were any before and are any now."""
    return Difference.DESCRIBED if had and has else Difference.ADDED if has else Difference.DELETED


def _column(columns: Mapping[str, Coded], name: str, count: int) -> Coded:
    return columns[name] if name in columns else Coded.constant(None, count)


def unequal(one: Coded, two: Coded) -> NDArray[np.bool_]:
    """bool[n]: where two columns of n texts differ."""
    both = concatenated([one, two]).codes
    differs: NDArray[np.bool_] = both[: len(one)] != both[len(one) :]
    return differs


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[tuple[str, str | None, str | None]]:
    """The attributes that are not the same in two states: id, old and new text."""
    names = dict.fromkeys((*before, *now))
    return [(name, before.get(name), now.get(name)) for name in names if before.get(name) != now.get(name)]
