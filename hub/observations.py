"""The central statistical database, for reading: a selection in, batches out; every answer from one pinned vintage.

Tiles of a vintage never change, so an answer may be read in pieces and still be of one release.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, and_

from hub import computing
from hub.changes import compared, touched, united
from hub.computing.source import Source, held
from hub.database import reading
from hub.gathering import Rows, gather, limited
from hub.history import RELEASED, cube_id, list_releases
from hub.keyindex import KeyIndex
from hub.pages import page
from hub.releases import Releases
from hub.runs import Runs
from hub.standing import standing
from hub.tables import release
from hub.vintages import Vintage, Vintages, emptied
from hub.visibility import newest_ordinal, ordinal_before, ordinal_for, ordinal_of
from registry.answers import Answer, Availability, Changes, Difference, Differences, Release
from registry.columns import Batch
from registry.model import Structure
from registry.period import Period, PeriodRange
from registry.ports import Catalogue, Clock, Viewer
from registry.ref import Ref
from registry.selection import Selection

FIRST, BATCH = 5_000, 65_536
"""Observations in the first batch of an answer, so that it begins soon, and in the others."""

SERIES_COMPARED = 1024
"""Series compared at once."""


class Observed:
    """Implements :class:`registry.ports.Cube`."""

    def __init__(self, engine: Engine, clock: Clock, catalogue: Catalogue, releases: Releases) -> None:
        self._engine = engine
        self._clock = clock
        self._catalogue = catalogue
        self._releases = releases
        self._vintages = Vintages()
        self._cubes: dict[Ref, int] = {}
        self._runs = Runs(engine)

    def ask(self, selection: Selection, viewer: Viewer, series: slice | None = None) -> Answer:
        structure = self._catalogue.structure(selection.dataflow)
        vintage, before = self._newest(selection, structure), None
        if vintage is None:
            with reading(self._engine) as connection:
                vintage = self._vintage(connection, selection, structure, viewer)
                before = self._before(connection, vintage, selection, structure) if vintage else None
        if vintage is None:
            return Answer(selection, structure, None, {}, 0, iter(()))
        stored = computing.needed(selection, structure)
        rows = vintage.index.match(structure.dsd.key, stored.codes, stored.periods)
        if computing.arranges(selection):
            return self._arranged(selection, structure, vintage, self._source(structure, before, vintage, stored, rows), series)
        keys = vintage.index.key, vintage.index.frequencies
        places, following = page(keys, rows, selection.after, series)
        batches = self._read(before, vintage, stored, rows[places])
        shown = (computing.shown(selection, batch) for batch in batches)
        return Answer(selection, structure, vintage.release, vintage.attributes, len(rows), shown, following=following)

    def _read(self, before: Vintage | None, vintage: Vintage, stored: Selection, rows: NDArray[np.int64]) -> Iterator[Batch]:
        """The observations of rows of the index, or of those that are new since the vintage before."""
        index = vintage.index
        wanted = Rows(index.series[rows], index.frequencies[rows])
        if before is not None:
            return self._since(before, vintage, stored, wanted)
        return self._walk(vintage, stored, wanted, _most_each(index, rows, stored.periods))

    def _source(
        self, structure: Structure, before: Vintage | None, vintage: Vintage, stored: Selection, rows: NDArray[np.int64]
    ) -> Source:
        """What a calculation or another order begins with."""
        if before is not None:
            return held(structure, self._read(before, vintage, stored, rows))
        index = vintage.index
        keys = tuple(column.take(rows) for column in index.key)
        read = partial(self._read, None, vintage, stored)
        return Source(structure, keys, index.frequencies[rows], lambda places: read(rows[places]))

    def _arranged(
        self, selection: Selection, structure: Structure, vintage: Vintage, source: Source, series: slice | None
    ) -> Answer:
        found = computing.compute(selection, source, self._catalogue)
        places, following = page((found.keys, found.frequencies), np.arange(len(found)), selection.after, series)
        shown = (computing.shown(selection, batch) for batch in found.read(places))
        said, count = vintage.attributes, len(found)
        return Answer(selection, found.structure, vintage.release, said, count, shown, found.steps, following)

    def availability(self, selection: Selection, viewer: Viewer) -> Availability:
        structure = self._catalogue.structure(selection.dataflow)
        with reading(self._engine) as connection:
            vintage = self._vintage(connection, selection, structure, viewer)
        key = structure.dsd.key
        if vintage is None:
            return Availability(dict.fromkeys(key, ()), dict.fromkeys(key, ()), None, None, 0, 0)
        index = vintage.index
        rows = index.match(key, selection.codes, selection.periods)
        start, end, observations = _span(index, rows, selection)
        return Availability(
            codes={name: _ordered(structure, name, index.codes_of(place, rows)) for place, name in enumerate(key)},
            open_codes={name: self._open(structure, index, selection, name) for name in key},
            start=start,
            end=end,
            series=len(np.unique(index.series[rows])),
            observations=observations,
        )

    def changes(self, selection: Selection, viewer: Viewer, before: str | None, now: str) -> Changes:
        structure = self._catalogue.structure(selection.dataflow)
        with reading(self._engine) as connection:
            newer = self._released(connection, structure, viewer, selection, now)
            older = self._released(connection, structure, viewer, selection, before) if before is not None else None
        since = older or emptied(newer)
        key, periods = structure.dsd.key, selection.periods
        old, new = (each.index.match(key, selection.codes, periods) for each in (since, newer))
        found = self._compared(since, newer, united(since, newer, old, new), periods)
        said = (since.attributes, newer.attributes)
        return Changes(selection, structure, older.release if older else None, newer.release, found, *said)

    def releases(self, dataflow: Ref, viewer: Viewer, preview: bool = False) -> list[Release]:
        return self._releases.visible(self._catalogue.structure(dataflow).dataflow.ref, viewer, preview)

    def standing(self, dataflow: Ref | None) -> str:
        return standing(self._engine, dataflow, self._clock.now())

    def _newest(self, selection: Selection, structure: Structure) -> Vintage | None:
        """The newest vintage everybody sees, if that is what is asked for and it is in use: most questions go this way."""
        if selection.as_of or selection.updated_after or selection.preview:
            return None
        cube = self._cubes.get(structure.dataflow.ref)
        ordinal = newest_ordinal(self._engine, cube, self._clock.now()) if cube else 0
        found = self._vintages.known(cube, ordinal) if cube else None
        return found if found and found.release.state == RELEASED else None

    def _vintage(self, connection: Connection, selection: Selection, structure: Structure, viewer: Viewer) -> Vintage | None:
        """What the viewer may see at the moment asked for."""
        cube, now = cube_id(connection, structure.dataflow.ref), self._clock.now()
        ordinal = ordinal_for(connection, cube, viewer, selection, now)
        if cube is None or not ordinal:
            return None
        self._cubes[structure.dataflow.ref] = cube
        vintage = self._vintages.get(connection, cube, ordinal, len(structure.dsd.key), now)
        newest = selection.as_of is None and not selection.preview
        return vintage if newest and vintage.release.state == RELEASED else self._told_anew(connection, vintage, now)

    def _told_anew(self, connection: Connection, vintage: Vintage, now: datetime) -> Vintage:
        """Until when a release waits, and whether it was withdrawn, changes after its vintage was read."""
        same = and_(release.c.cube == vintage.cube, release.c.ordinal == vintage.ordinal)
        return replace(vintage, release=list_releases(connection, same, now=now)[0])

    def _before(self, connection: Connection, vintage: Vintage, selection: Selection, structure: Structure) -> Vintage | None:
        """For ``updatedAfter``: the vintage that was visible then."""
        after = selection.updated_after
        if after is None:
            return None
        now = self._clock.now()
        ordinal = ordinal_before(connection, vintage.cube, after, now)
        return self._vintages.get(connection, vintage.cube, ordinal, len(structure.dsd.key), now) if ordinal else None

    def _released(self, connection: Connection, structure: Structure, viewer: Viewer, selection: Selection, id: str) -> Vintage:
        """The vintage of a release that the viewer sees."""
        cube, now = cube_id(connection, structure.dataflow.ref), self._clock.now()
        ordinal = ordinal_of(connection, cube, id, viewer, selection, now)
        assert cube is not None
        return self._told_anew(connection, self._vintages.get(connection, cube, ordinal, len(structure.dsd.key), now), now)

    def _open(self, structure: Structure, index: KeyIndex, selection: Selection, name: str) -> tuple[str, ...]:
        others = {each: codes for each, codes in selection.codes.items() if each != name}
        rows = index.match(structure.dsd.key, others, selection.periods)
        return _ordered(structure, name, index.codes_of(structure.dsd.key.index(name), rows))

    def _walk(self, vintage: Vintage, selection: Selection, rows: Rows, counts: NDArray[np.int64]) -> Iterator[Batch]:
        for some in pieces(counts):
            batch = gather(vintage, self._runs, rows.take(some), selection.periods).without_empty()
            if batch.observations:
                yield limited(batch, selection.first_n, selection.last_n)

    def _since(self, before: Vintage, now: Vintage, selection: Selection, rows: Rows) -> Iterator[Batch]:
        """Only what is new or otherwise than it was."""
        for found in self._compared(before, now, rows, selection.periods):
            batch = found.now.keep(found.kinds != Difference.DELETED).without_empty()
            if batch.observations:
                yield limited(batch, selection.first_n, selection.last_n)

    def _compared(self, before: Vintage, now: Vintage, rows: Rows, periods: PeriodRange) -> Iterator[Differences]:
        suspects = touched(before, now, rows)
        for start in range(0, len(suspects), SERIES_COMPARED):
            some = suspects.take(slice(start, start + SERIES_COMPARED))
            old, new = (gather(vintage, self._runs, some, periods) for vintage in (before, now))
            if (found := compared(old, new)) is not None:
                yield found


def _most_each(index: KeyIndex, rows: NDArray[np.int64], periods: PeriodRange) -> NDArray[np.int64]:
    """How many observations each row has at most in these periods."""
    counts = index.count[rows]
    if periods.start is None or periods.end is None:
        return counts
    mine = index.frequencies[rows]
    for frequency in np.unique(mine).tolist():
        low, high = periods.ordinals(frequency)
        assert low is not None and high is not None
        counts[mine == frequency] = np.minimum(counts[mine == frequency], max(high - low + 1, 1))
    return counts


def pieces(counts: NDArray[np.int64]) -> Iterator[slice]:
    """Cuts rows with so many observations each into batches."""
    ends = np.cumsum(counts)
    start, most = 0, FIRST
    while start < len(counts):
        before = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + most, "right")))
        yield slice(start, stop)
        start, most = stop, BATCH


def _ordered(structure: Structure, dimension: str, codes: set[str]) -> tuple[str, ...]:
    codelist = structure.codelists.get(dimension)
    if codelist is None:
        return tuple(sorted(codes))
    return tuple(item.id for item in codelist.items if item.id in codes)


def _span(index: KeyIndex, rows: NDArray[np.int64], selection: Selection) -> tuple[str | None, str | None, int]:
    """First and last period by the calendar, and how many observations; where the periods cut a series that has gaps,
    the number is the most there can be."""
    firsts, lasts, total = [], [], 0
    mine = index.frequencies[rows]
    for frequency in np.unique(mine).tolist():
        own = rows[mine == frequency]
        low, high = selection.periods.ordinals(frequency)
        first = np.maximum(index.first[own], low) if low is not None else index.first[own]
        last = np.minimum(index.last[own], high) if high is not None else index.last[own]
        total += int(np.minimum(index.count[own], last - first + 1).sum())
        firsts.append(Period(frequency, int(first.min())))
        lasts.append(Period(frequency, int(last.max())))
    if not firsts:
        return None, None, 0
    return str(min(firsts, key=lambda period: period.start)), str(max(lasts, key=lambda period: period.end)), total
