"""Observations in columns: how data travel through the whole house, into drafts and out of answers.

A :class:`Batch` holds many series at once as numpy arrays, so that reading, computing and writing cost nanoseconds an
observation instead of microseconds. Texts are dictionary-coded (:class:`Coded`), numbers are float64 wherever the shortest
decimal text of the float has the value received, and exact text beside it where it has not (:class:`Numbers`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from registry.period import period_text

Places = NDArray[np.int64]
"""Positions to take, in the order wanted."""


@dataclass(frozen=True, slots=True)
class Coded:
    """``codes`` (int32[n]) point into ``texts``; -1 is absent. Texts are distinct."""

    texts: tuple[str, ...]
    codes: NDArray[np.int32]

    @classmethod
    def of(cls, values: Sequence[str | None]) -> Coded:
        """Encode texts, in the order of their first occurrence."""
        texts = tuple(dict.fromkeys(text for text in values if text is not None))
        place: dict[str | None, int] = {text: number for number, text in enumerate(texts)}
        return cls(texts, np.array([place.get(text, -1) for text in values], dtype=np.int32))

    @classmethod
    def constant(cls, text: str | None, count: int) -> Coded:
        """The same text, or absence, ``count`` times."""
        return cls((), np.full(count, -1, np.int32)) if text is None else cls((text,), np.zeros(count, np.int32))

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, places: Places | slice) -> Coded:
        return Coded(self.texts, self.codes[places])

    def decoded(self) -> list[str | None]:
        """n texts or None."""
        known: tuple[str | None, ...] = (*self.texts, None)
        return [known[code] for code in self.codes.tolist()]


@dataclass(frozen=True, slots=True)
class Numbers:
    """n values of a measure, exactly as received.

    floats  float64[n]; NaN where there is no value, or none that a float carries
    texts   object[n] or None: the exact text where ``floats`` is NaN but there is a value (a number float64 would change, or
            the text of a measure that is no number); None at the other places
    scale   where it is known: so many decimals are enough for all ``floats``, which without the point have at most 15 digits
            (see :func:`registry.exact.decimals_of`), and none of them is further from 0 than this
    """

    floats: NDArray[np.float64]
    texts: NDArray[np.object_] | None = None
    scale: tuple[int, float] | None = None

    def __len__(self) -> int:
        return len(self.floats)

    @property
    def present(self) -> NDArray[np.bool_]:
        """bool[n]: where there is a value."""
        given = ~np.isnan(self.floats)
        return given if self.texts is None else given | (self.texts != None)  # noqa: E711 - elementwise on purpose

    def take(self, places: Places | slice) -> Numbers:
        return Numbers(self.floats[places], None if self.texts is None else or_none(self.texts[places]), self.scale)


def or_none(texts: NDArray[np.object_]) -> NDArray[np.object_] | None:
    return texts if texts.tolist().count(None) < len(texts) else None


@dataclass(frozen=True, slots=True)
class Batch:
    """m series with n observations, series by series, ascending in time inside a series.

    key                m codes per dimension of the series key, in the order of ``DataStructure.key``
    frequencies        str[m]: period frequency of each series, see :mod:`registry.period`
    starts             int64[m + 1]: the observations of series i stand at ``starts[i]:starts[i + 1]``
    ordinals           int64[n]: periods
    measures           measure id -> n values; a measure that is not there has no values
    attributes         observation attribute -> n texts
    series_attributes  series attribute -> m texts, group attributes folded in
    each               the periods of every series, where it is known that all have the same: what is looked for in them need
                       not be looked for in all ``ordinals``; None where it is not known
    """

    key: tuple[Coded, ...]
    frequencies: NDArray[np.str_]
    starts: NDArray[np.int64]
    ordinals: NDArray[np.int64]
    measures: Mapping[str, Numbers]
    attributes: Mapping[str, Coded] = field(default_factory=dict)
    series_attributes: Mapping[str, Coded] = field(default_factory=dict)
    each: NDArray[np.int64] | None = None

    @property
    def series_count(self) -> int:
        return len(self.starts) - 1

    @property
    def observations(self) -> int:
        return len(self.ordinals)

    @property
    def counts(self) -> NDArray[np.int64]:
        """int64[m]: observations of each series."""
        return np.diff(self.starts)

    @property
    def series_of(self) -> NDArray[np.int64]:
        """int64[n]: the series of each observation."""
        return np.repeat(np.arange(self.series_count), self.counts)

    def keys(self) -> list[tuple[str, ...]]:
        """m series keys."""
        columns = [[column.texts[code] for code in column.codes.tolist()] for column in self.key]
        return list(zip(*columns, strict=True)) if columns else [()] * self.series_count

    def periods(self) -> Coded:
        """n periods as SDMX texts; each distinct one is written once."""
        frequencies = occurring(self.frequencies)
        if len(frequencies) <= 1 and self.each is not None:
            of_one = _period_texts(frequencies[0] if frequencies else "A", self.each)
            return Coded(of_one.texts, np.tile(of_one.codes, self.series_count))
        if len(frequencies) <= 1:
            return _period_texts(frequencies[0] if frequencies else "A", self.ordinals)
        codes, texts = np.zeros(self.observations, np.int32), list[str]()
        each = np.repeat(self.frequencies, self.counts)
        for frequency in frequencies:
            mine = each == frequency
            some = _period_texts(frequency, self.ordinals[mine])
            codes[mine] = some.codes + len(texts)
            texts += some.texts
        return Coded(tuple(texts), codes)

    def take_series(self, places: Places | slice) -> Batch:
        """Some of the series, in the order given, with all their observations."""
        rows = np.arange(self.series_count)[places]
        counts = self.counts[rows]
        inside = spread(self.starts[rows], counts)
        return replace(
            self.take_observations(inside, np.concatenate([[0], np.cumsum(counts)])),
            key=tuple(column.take(rows) for column in self.key),
            frequencies=self.frequencies[rows],
            series_attributes={name: column.take(rows) for name, column in self.series_attributes.items()},
            each=self.each,
        )

    def take_observations(self, places: Places | slice, starts: NDArray[np.int64]) -> Batch:
        """Other observations of the same series; ``starts`` tells whose they are."""
        return replace(
            self,
            starts=np.asarray(starts, np.int64),
            ordinals=self.ordinals[places],
            measures={name: column.take(places) for name, column in self.measures.items()},
            attributes={name: column.take(places) for name, column in self.attributes.items()},
            each=None,
        )

    def alone(self, places: Places | slice) -> Batch:
        """These observations in the order given, each as a series of its own."""
        owners = self.series_of[places]
        return replace(
            self.take_observations(places, np.arange(len(owners) + 1)),
            key=tuple(column.take(owners) for column in self.key),
            frequencies=self.frequencies[owners],
            series_attributes={name: column.take(owners) for name, column in self.series_attributes.items()},
        )

    def keep(self, wanted: NDArray[np.bool_]) -> Batch:
        """The observations where ``wanted`` (bool[n]) holds; a series may be left without any."""
        before = np.concatenate([[0], np.cumsum(wanted)])
        return self.take_observations(np.flatnonzero(wanted), before[self.starts])

    def without_empty(self) -> Batch:
        """The series that have observations."""
        full = np.flatnonzero(self.counts)
        return self if len(full) == self.series_count else self.take_series(full)


def spread(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places ``starts[i] .. starts[i] + counts[i]`` of all i, one after another."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    places: NDArray[np.int64] = np.arange(total) + np.repeat(starts - (ends - counts), counts)
    return places


def occurring(frequencies: NDArray[np.str_]) -> list[str]:
    """The frequencies that occur, sorted. Nearly always it is one; numbers compare faster than texts."""
    if not len(frequencies):
        return []
    first = frequencies[:1]
    letters = (frequencies.view(np.uint32), first.view(np.uint32)) if frequencies.dtype == _LETTER else (frequencies, first)
    found: list[str] = first.tolist() if (letters[0] == letters[1]).all() else np.unique(frequencies).tolist()
    return found


_LETTER = np.dtype("U1")


def _period_texts(frequency: str, ordinals: NDArray[np.int64]) -> Coded:
    if not len(ordinals):
        return Coded((), np.zeros(0, np.int32))
    low, high = int(ordinals.min()), int(ordinals.max())
    if high - low <= 4 * len(ordinals) + 1000:
        calendar = _known_calendar if high - low < 1000 else _calendar
        return Coded(calendar(frequency, low, high), (ordinals - low).astype(np.int32))
    distinct, codes = np.unique(ordinals, return_inverse=True)
    return Coded(tuple(period_text(frequency, each) for each in distinct.tolist()), codes.astype(np.int32))


def _calendar(frequency: str, low: int, high: int) -> tuple[str, ...]:
    return tuple(period_text(frequency, each) for each in range(low, high + 1))


# The same spans of periods are asked for again and again.
_known_calendar = lru_cache(maxsize=256)(_calendar)


def concatenated(columns: Iterable[Coded]) -> Coded:
    """Columns one after another, with one dictionary."""
    parts = list(columns)
    first = parts[0] if parts else Coded((), np.zeros(0, np.int32))
    if all(part.texts == first.texts for part in parts):
        return Coded(first.texts, np.concatenate([part.codes for part in parts]) if parts else first.codes)
    place: dict[str, int] = {}
    codes = []
    for part in parts:
        table = np.array([*(place.setdefault(text, len(place)) for text in part.texts), -1], dtype=np.int32)
        codes.append(table[part.codes])
    return Coded(tuple(place), np.concatenate(codes))


def concatenated_numbers(columns: Iterable[Numbers]) -> Numbers:
    """Columns one after another."""
    parts = list(columns)
    floats = np.concatenate([part.floats for part in parts]) if parts else np.zeros(0)
    if all(part.texts is None for part in parts):
        return Numbers(floats)
    texts = [np.full(len(part), None, object) if part.texts is None else part.texts for part in parts]
    return Numbers(floats, np.concatenate(texts))


def joined(batches: Sequence[Batch]) -> Batch:
    """Batches of one structure as one, in their order; at least one."""
    if len(batches) == 1:
        return batches[0]
    names = dict.fromkeys(name for batch in batches for name in batch.measures)
    observed = dict.fromkeys(name for batch in batches for name in batch.attributes)
    described = dict.fromkeys(name for batch in batches for name in batch.series_attributes)
    return Batch(
        key=tuple(concatenated(parts) for parts in zip(*(batch.key for batch in batches), strict=True)),
        frequencies=np.concatenate([batch.frequencies for batch in batches]),
        starts=np.concatenate([[0], np.cumsum(np.concatenate([batch.counts for batch in batches]))]).astype(np.int64),
        ordinals=np.concatenate([batch.ordinals for batch in batches]),
        measures={
            name: concatenated_numbers(
                batch.measures.get(name) or Numbers(np.full(batch.observations, np.nan)) for batch in batches
            )
            for name in names
        },
        attributes={
            name: concatenated(batch.attributes.get(name) or Coded.constant(None, batch.observations) for batch in batches)
            for name in observed
        },
        series_attributes={
            name: concatenated(
                batch.series_attributes.get(name) or Coded.constant(None, batch.series_count) for batch in batches
            )
            for name in described
        },
    )
