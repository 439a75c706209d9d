"""``timeFormat=normalized`` of SDMX-CSV: periods as the first day of the period of the highest frequency of the message in
which the figure was collected, so that a figure of a year collected at its end stands beside its December.

A message of one frequency needs nothing else. Of a lower frequency its figures must say whether they were collected at the
beginning, in the middle or at the end of their periods; where they do not, the period stays as it is and is counted: nothing
is guessed. A period belongs to another where it begins in it; the middle lies in the period that holds the moment half-way.

Source: SDMX-CSV field guides 1.0, 2.0 and 2.1, "Optional parameters"; SDMX cross-domain concept "Time period - collection",
code list CL_COLLECTION; SDMX 3.0 section 6 for reporting years, whose first day the attribute REPORTING_YEAR_START_DAY tells.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import lru_cache

import numpy as np

from adapters.sdmx.reporting_years import CALENDAR_YEAR, REPORTING, START_DAY, days, start_day
from registry.collecting import COLLECTION
from registry.columns import Batch
from registry.errors import Invalid
from registry.model import DataStructure
from registry.period import FREQUENCIES, INSTANT, containing, period_start, period_text

BEGINNING, MIDDLE, END = "B", "M", "E"
_MOMENTS = (BEGINNING, MIDDLE, END)
_WRITTEN_ALIKE = ("A", "M")
"""Years and months are kept in one spelling: where years do not begin on 1 January nobody knows which were meant."""

_BY_THE_CALENDAR = ("D", INSTANT)
_SEVERAL = "*"
"""What stands for a code where the observations of a series have different ones, or nothing is said of what is gone."""

_REACH = timedelta(days=800)
"""No reporting period begins further from the period of the calendar with its name."""

_EARLIEST, _LATEST = datetime.min + _REACH, datetime.max - _REACH


@dataclass(frozen=True, slots=True)
class Kind:
    """What series have in common whose periods are treated alike: their frequency, when their figures were collected, and the
    first day of their years as it is said."""

    frequency: str
    collected: str
    start: str


def telling(dsd: DataStructure) -> tuple[str, ...]:
    """The components that must be read to know."""
    return tuple(name for name in (*COLLECTION, START_DAY) if name in dsd.components)


@dataclass
class Kinds:
    """How many observations there are of each kind, in one message."""

    found: Counter[Kind] = field(default_factory=Counter)

    @classmethod
    def together(cls, several: Iterable[Kinds]) -> Kinds:
        """Those of several dataflows."""
        return cls(sum((one.found for one in several), Counter[Kind]()))

    def add(self, dsd: DataStructure, batch: Batch, said: Mapping[str, str] | None) -> None:
        """``said`` of the data set; None where nothing is said because all is gone."""
        for kind, count in zip(kinds(dsd, batch, said), batch.counts.tolist(), strict=True):
            self.found[kind] += count

    @property
    def finest(self) -> str:
        """The highest frequency."""
        return max((kind.frequency for kind in self.found), key=_rank, default=FREQUENCIES[0])

    @property
    def unplaced(self) -> int:
        """The observations whose periods stay as they are."""
        return sum(count for kind, count in self.found.items() if not placed(kind, self.finest))


def kinds(dsd: DataStructure, batch: Batch, said: Mapping[str, str] | None) -> list[Kind]:
    """The kind of each series."""
    collected = [_told(dsd, batch, name, said) for name in COLLECTION if name in dsd.components]
    words = [next(filter(None, of_one), "") for of_one in zip(*collected, strict=True)] if collected else None
    starts = _told(dsd, batch, START_DAY, said) if START_DAY in dsd.components else [""] * batch.series_count
    return list(map(Kind, batch.frequencies.tolist(), words or [""] * batch.series_count, starts))


def _told(dsd: DataStructure, batch: Batch, name: str, said: Mapping[str, str] | None) -> list[str]:
    """What a component says of each series, empty where it says nothing."""
    if name in dsd.key:
        return [text or "" for text in batch.key[dsd.key.index(name)].decoded()]
    if said is None:
        return [_SEVERAL] * batch.series_count
    if name in batch.series_attributes:
        return [text or "" for text in batch.series_attributes[name].decoded()]
    if name in batch.attributes:
        return list(_of_observations(batch, name))
    return [said.get(name, "")] * batch.series_count


def _of_observations(batch: Batch, name: str) -> Iterator[str]:
    column = batch.attributes[name]
    for start, end in zip(batch.starts[:-1].tolist(), batch.starts[1:].tolist(), strict=True):
        codes = column.codes[start:end]
        alike = len(codes) > 0 and bool((codes == codes[0]).all())
        yield (column.texts[codes[0]] if codes[0] >= 0 else "") if alike else _SEVERAL


def placed(kind: Kind, finest: str) -> bool:
    """Whether it is known where the periods of a kind belong."""
    begin = _year(kind)
    if kind.frequency not in FREQUENCIES or (begin is None and kind.frequency not in _BY_THE_CALENDAR):
        return False
    if begin != CALENDAR_YEAR and kind.frequency in _WRITTEN_ALIKE:
        return False
    return kind.frequency == finest or kind.collected in _MOMENTS


def _year(kind: Kind) -> tuple[int, int] | None:
    """On which month and day years begin; None where that is not known."""
    try:
        return start_day(kind.start) if kind.start else CALENDAR_YEAR
    except Invalid:
        return None


@dataclass(frozen=True)
class Normal:
    """The periods of a message whose highest frequency is ``finest``."""

    dsd: DataStructure
    finest: str

    def of(self, batches: Iterator[Batch], said: Mapping[str, str] | None) -> Iterator[Batch]:
        """The same observations, their periods days, or moments where the message has moments."""
        return (self._one(batch, kinds(self.dsd, batch, said)) for batch in batches)

    def _one(self, batch: Batch, found: list[Kind]) -> Batch:
        frequencies, ordinals = batch.frequencies.copy(), batch.ordinals.copy()
        target = INSTANT if self.finest == INSTANT else "D"
        distinct = list(dict.fromkeys(found))
        each = np.array([distinct.index(kind) for kind in found] if len(distinct) > 1 else [0] * len(found), np.int64)
        for number, kind in enumerate(distinct):
            if placed(kind, self.finest):
                mine = each == number
                inside = np.repeat(mine, batch.counts)
                periods, places = np.unique(ordinals[inside], return_inverse=True)
                moved = [containing(target, moment(kind, ordinal, self.finest)) for ordinal in periods.tolist()]
                ordinals[inside] = np.array(moved, np.int64)[places]
                frequencies[mine] = target
        return replace(batch, frequencies=frequencies, ordinals=ordinals, each=None)


@lru_cache(maxsize=65_536)
def moment(kind: Kind, ordinal: int, finest: str) -> datetime:
    """The first moment of the period of the highest frequency in which a figure of a period of this kind was collected."""
    year = _year(kind) or CALENDAR_YEAR
    begin, end = _begin(kind.frequency, ordinal, year), _begin(kind.frequency, ordinal + 1, year)
    if kind.frequency == finest:
        return begin
    around = range(containing(finest, max(begin, _EARLIEST) - _REACH), containing(finest, min(end, _LATEST) + _REACH))
    first = bisect_left(around, begin, key=lambda one: _begin(finest, one, year))
    last = bisect_left(around, end, key=lambda one: _begin(finest, one, year)) - 1
    middle = bisect_right(around, begin + (end - begin) / 2, key=lambda one: _begin(finest, one, year)) - 1
    place = {BEGINNING: first, MIDDLE: max(first, middle), END: last}[kind.collected]
    return _begin(finest, around[place], year)


def _begin(frequency: str, ordinal: int, year: tuple[int, int]) -> datetime:
    """The first moment of a period, counted in years that begin on this day where it is written as a reporting period."""
    if year == CALENDAR_YEAR or frequency in (*_WRITTEN_ALIKE, *_BY_THE_CALENDAR):
        return period_start(frequency, ordinal)
    match = REPORTING.fullmatch(period_text(frequency, ordinal))
    assert match is not None
    named, indicator, number = match.groups()
    return datetime.combine(days(int(named), indicator, int(number), year)[0], time.min)


def _rank(frequency: str) -> int:
    return FREQUENCIES.index(frequency) if frequency in FREQUENCIES else -1
