"""Observations put in an order of their own, in columns: while they are read where series stay whole, else held together.

Of a page no more is held than what can still be in it. An answer is never held whose order would need more than
``MOST_ORDERED`` observations: who wants them all sorts them faster than they travel.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from adapters.sdmx.holding import Place, Room
from adapters.sdmx.window import Page
from adapters.sdmx.writing.frames import PIECE
from registry.calculation import Sort
from registry.columns import Batch, joined
from registry.errors import TooLarge
from registry.model import DataStructure
from registry.ranking import Ranks, alphabetical, chronological, directed, of_attribute, of_measure

MOST_ORDERED = 1_000_000
"""Observations of an answer, or up to the end of a page, that are ordered together: about 100 bytes each."""

ROOM = Room(4 * MOST_ORDERED)
"""What all answers of this process hold of it at once."""

PILED = 262_144
"""Observations that wait before those that cannot be in the page are left out."""


class Packing(Enum):
    """How a message holds observations: each by itself, in series, or in sections."""

    ROWS = "rows"
    SERIES = "series"
    SECTIONS = "sections"


@dataclass(frozen=True, kw_only=True)
class Arrangement:
    """The order of an answer; without ``sort`` and ``inner`` the one it comes in.

    at      the dimension at the observation
    sort    the order of observations that has to be made of all of them together
    outer   what of it orders series or sections
    inner   what of it orders the observations inside each
    cube    the order of series in which the cube is asked for them
    series  whether only series are shown
    most    see :data:`MOST_ORDERED`
    """

    dsd: DataStructure
    packing: Packing
    at: str = ""
    sort: tuple[Sort, ...] = ()
    outer: tuple[Sort, ...] = ()
    inner: tuple[Sort, ...] = ()
    cube: tuple[Sort, ...] = ()
    series: bool = False
    most: int = MOST_ORDERED

    def streaming(self, cube: tuple[Sort, ...]) -> Arrangement:
        """The same where the cube puts series in order, and with them the periods where nothing else orders observations."""
        time = self.dsd.time.id if self.dsd.time else ""
        late = tuple(one for one in self.sort if one not in cube)
        simple = all(one.by == time for one in late)
        return replace(self, sort=(), cube=(*cube, *late) if simple else cube, inner=() if simple else late)

    @property
    def gathers(self) -> bool:
        """Whether everything has to be looked at before anything is given."""
        return bool(self.sort)

    @property
    def components(self) -> tuple[str, ...]:
        """What must be read to decide."""
        return tuple(one.by for one in (*self.sort, *self.cube, *self.inner))

    def arranged(self, batches: Iterator[Batch], page: Page) -> Iterator[Batch]:
        """The part of an answer that lies in the page, in order."""
        if self.gathers:
            return self._together(batches, page)
        ordered = (self._inside(batch) for batch in batches) if self.inner else batches
        return page.cut(ordered)

    def affords(self, batches: Iterator[Batch], end: int | None) -> None:
        """:class:`TooLarge` SDMX_TOO_MUCH_TO_ORDER where the order of these cannot be made."""
        if end is not None and end <= self.most:
            return
        found = 0
        for batch in batches:
            found += self._weight(batch)
            self._afford(found, end)

    def _together(self, batches: Iterator[Batch], page: Page) -> Iterator[Batch]:
        with ROOM.place(begun=page.seen > 0) as place:
            yield from self._ordered(*self._held(batches, page.end, place), page)

    def _ordered(self, held: Batch | None, count: int, page: Page) -> Iterator[Batch]:
        part = page.part(count)
        if held is None or part.start >= part.stop:
            return
        if self.series:
            yield held.take_series(self._series_order(held)[part])
        elif self.packing is Packing.ROWS:
            places = self._order(held, self.sort)[part]
            yield from (held.alone(places[start : start + PIECE]) for start in range(0, len(places), PIECE))
        else:
            yield self._packed(held if page.whole else self._these(held, self._order(held, self.sort)[part]))

    def _held(self, batches: Iterator[Batch], end: int | None, place: Place) -> tuple[Batch | None, int]:
        """What may be among the first ``end``, and how many there are of all."""
        piled, waiting, count = list[Batch](), 0, 0
        for batch in batches:
            piled.append(_bare(batch) if self.series else batch)
            waiting, count = waiting + self._weight(batch), count + self._weight(batch)
            if end is not None and waiting > max(2 * end, PILED):
                whole = joined(piled)
                piled = [self._first(whole, end)]
                waiting = self._weight(piled[0])
            self._afford(waiting, end)
            place.hold(waiting)
        return (joined(piled) if piled else None), count

    def _afford(self, found: int, end: int | None) -> None:
        if found > self.most and (end is None or end > self.most):
            raise TooLarge("SDMX_TOO_MUCH_TO_ORDER", most=self.most)

    def _weight(self, batch: Batch) -> int:
        return batch.series_count if self.series else batch.observations

    def _first(self, batch: Batch, end: int) -> Batch:
        if self.series:
            return batch.take_series(np.sort(self._series_order(batch)[:end]))
        return self._these(batch, self._order(batch, self.sort)[:end])

    @staticmethod
    def _these(batch: Batch, places: NDArray[np.int64]) -> Batch:
        wanted = np.zeros(batch.observations, np.bool_)
        wanted[places] = True
        return batch.keep(wanted).without_empty()

    def _packed(self, batch: Batch) -> Batch:
        """In series or sections: these in their order, and in each the observations in theirs."""
        if self.packing is Packing.SERIES:
            return self._inside(batch.take_series(self._series_order(batch)))
        heads = tuple(Sort(part.id) for part in self.dsd.dimensions if part.id != self.at)
        return batch.alone(self._order(batch, (*self.outer, *heads, *self.inner, Sort(self.at))))

    def _series_order(self, batch: Batch) -> NDArray[np.int64]:
        columns = [self._of_series(batch, one) for one in self.outer]
        return _by(columns, batch.series_count)

    def _inside(self, batch: Batch) -> Batch:
        places = _by([batch.series_of, *(self._of_observations(batch, one) for one in self.inner)], batch.observations)
        return batch.take_observations(places, batch.starts)

    def _order(self, batch: Batch, sort: Sequence[Sort]) -> NDArray[np.int64]:
        return _by([self._of_observations(batch, one) for one in sort], batch.observations)

    def _of_observations(self, batch: Batch, sort: Sort) -> Ranks:
        """int64[n]: the rank of each observation by one word."""
        if self.dsd.time is not None and sort.by == self.dsd.time.id:
            return directed(chronological(batch), sort.descending)
        if (measured := batch.measures.get(sort.by)) is not None:
            coded = any(one.id == sort.by and one.codelist is not None for one in self.dsd.measures)
            return directed(of_measure(measured, coded), sort.descending)
        if (said := batch.attributes.get(sort.by)) is not None:
            return directed(of_attribute(self.dsd, sort.by, said), sort.descending)
        return self._of_series(batch, sort)[batch.series_of]

    def _of_series(self, batch: Batch, sort: Sort) -> Ranks:
        """int64[m]: the rank of each series by one word; that of the data set is the same for all."""
        if sort.by in self.dsd.key:
            return directed(alphabetical(batch.key[self.dsd.key.index(sort.by)]), sort.descending)
        if (said := batch.series_attributes.get(sort.by)) is not None:
            return directed(of_attribute(self.dsd, sort.by, said), sort.descending)
        return np.zeros(batch.series_count, np.int64)


def _by(columns: Sequence[Ranks], count: int) -> NDArray[np.int64]:
    """The places in the order of the columns, the first of them first; what is equal stays as it is."""
    return np.lexsort(columns[::-1]) if columns else np.arange(count)


def _bare(batch: Batch) -> Batch:
    return batch.take_observations(slice(0, 0), np.zeros(batch.series_count + 1, np.int64))
