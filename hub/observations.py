"""The central statistical database, for reading: a selection in, batches out; every answer from one pinned vintage.

Tiles of a vintage never change, so an answer may be read in pieces and still be of one release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from hub import computing
from hub.availability import available, newly, nothing
from hub.comparing import changes, differences, triangles
from hub.computing import MOST_COMPUTED
from hub.computing.source import Source, afford, held, renewed
from hub.cutting import Rows
from hub.database import reading
from hub.gathering import gather, limited
from hub.history import cube_id
from hub.keyindex import KeyIndex
from hub.outdated import outdated
from hub.pages import page
from hub.releases import Releases
from hub.runs import Runs
from hub.seen import Seen
from hub.splices import Splicing
from hub.timeline import standing
from hub.usage import by_code, everything
from hub.vintages import Vintage
from hub.visibility import releases_for
from registry import pulse
from registry.answers import Answer, Availability, Changes, Difference, Release
from registry.columns import Batch, occurring
from registry.dated import Outdated
from registry.model import Structure
from registry.passing import still_wanted
from registry.period import PeriodRange
from registry.ports import Catalogue, Clock, Role, Viewer
from registry.ref import Ref
from registry.revisions import Triangle
from registry.selection import Selection
from registry.usage import Use

FIRST, BATCH = 5_000, 65_536
"""Observations in the first batch of an answer, so that it begins soon, and in the others."""

COUNTED = 131_072
"""Observations in a batch for a calculation, of which nothing is seen before all are there."""


class Observed:
    """Implements :class:`registry.ports.Cube` and :class:`registry.usage.Usage`."""

    def __init__(self, engine: Engine, clock: Clock, catalogue: Catalogue, releases: Releases) -> None:
        self._engine = engine
        self._clock = clock
        self._catalogue = catalogue
        self._releases = releases
        self._seen = Seen(engine, clock)
        self._runs = Runs(engine)

    def ask(self, selection: Selection, viewer: Viewer, series: slice | None = None) -> Answer:
        structure = self._catalogue.structure(selection.dataflow)
        if selection.splice is not None:
            return self._spliced(selection, structure, viewer, series)
        vintage, before = self._seen.newest(selection, structure), None
        if vintage is None:
            with reading(self._engine) as connection:
                vintage = self._seen.at(connection, selection, structure, viewer)
                before = self._seen.before(connection, vintage, selection, structure) if vintage else None
        if vintage is None:
            return Answer(selection, structure, None, {}, 0, iter(()))
        stored = computing.needed(selection, structure)
        rows = self._rows(structure, before, vintage, stored)
        if computing.arranges(selection):
            source = self._source(structure, before, vintage, stored, rows)
            answer = self._arranged(selection, (vintage.release, vintage.attributes), source, series, _most_computed(viewer))
            return replace(answer, outdated=partial(outdated, structure, vintage.index, rows, selection.periods))
        keys = vintage.index.key, vintage.index.frequencies
        places, following = page(keys, rows, selection.after, series)
        counts = _most_each(vintage.index, rows[places], stored.periods)
        batches = self._read(before, vintage, stored, rows[places], counts)
        shown = (computing.shown(selection, batch) for batch in batches)
        answer = Answer(selection, structure, vintage.release, vintage.attributes, len(rows), shown, following=following)
        answer.most = _most(counts, selection) if before is None else None
        answer.outdated = partial(outdated, structure, vintage.index, rows, selection.periods)
        return answer

    def _rows(self, structure: Structure, before: Vintage | None, vintage: Vintage, stored: Selection) -> NDArray[np.int64]:
        """The rows of the index that a selection means: since an earlier vintage only those with something new, which are
        counted and paged by themselves."""
        rows = vintage.index.match(structure.dsd.key, stored.codes, stored.periods)
        if before is None or computing.arranges(stored):
            return rows
        source = self._source(structure, None, vintage, stored, rows)
        return rows[renewed(source, self._since(before, vintage, stored, _named(vintage.index, rows)))]

    def _read(
        self,
        before: Vintage | None,
        vintage: Vintage,
        stored: Selection,
        rows: NDArray[np.int64],
        counts: NDArray[np.int64],
        counting: bool = False,
    ) -> Iterator[Batch]:
        """The observations of rows of the index, so many each at most, or of those that are new since the vintage before.
        ``counting``: for a calculation."""
        wanted = _named(vintage.index, rows)
        if before is not None:
            return self._since(before, vintage, stored, wanted)
        return self._walk(vintage, stored, wanted, counts, counting)

    def _source(
        self, structure: Structure, before: Vintage | None, vintage: Vintage, stored: Selection, rows: NDArray[np.int64]
    ) -> Source:
        """What a calculation or another order begins with."""
        index = vintage.index
        counts = _most_each(index, rows, stored.periods)
        if before is not None:
            return held(structure, self._read(before, vintage, stored, rows, counts))
        keys = tuple(column.take(rows) for column in index.key)
        read = partial(self._read, None, vintage, stored, counting=True)
        return Source(
            structure,
            keys,
            index.frequencies[rows],
            read=lambda places: read(rows=rows[places], counts=counts[places]),
            toll=lambda places: int(counts[places].sum()),
        )

    def _arranged(
        self,
        selection: Selection,
        said: tuple[Release | None, Mapping[str, str]],
        source: Source,
        series: slice | None,
        most: int | None,
    ) -> Answer:
        """``said``: the release, and what it says of the data set."""
        found = computing.compute(selection, source, self._catalogue, most)
        places, following = page((found.keys, found.frequencies), np.arange(len(found)), selection.after, series)
        afford(found, places, most)
        shown = (computing.shown(selection, batch) for batch in found.read(places))
        answer = Answer(selection, found.structure, *said, len(found), shown, found.steps, following)
        return replace(answer, crossings=found.crossings)

    def _spliced(self, selection: Selection, structure: Structure, viewer: Viewer, series: slice | None) -> Answer:
        """A long series of several dataflows; each as the viewer sees it."""
        said, late = dict[Ref, Mapping[str, str]](), list[Callable[[], tuple[Outdated, ...]]]()

        def read(wanted: Selection, of: Structure) -> tuple[Source | None, Release | None]:
            with reading(self._engine) as connection:
                vintage = self._seen.at(connection, wanted, of, viewer)
            if vintage is None:
                return None, None
            said[wanted.dataflow] = vintage.attributes
            stored = computing.needed(wanted, of)
            rows = vintage.index.match(of.dsd.key, stored.codes, stored.periods)
            late.append(partial(outdated, of, vintage.index, rows, wanted.periods))
            return self._source(of, None, vintage, stored, rows), vintage.release

        source, releases = Splicing(self._catalogue, read, _most_computed(viewer)).of(selection)
        if source is None:
            return Answer(selection, structure, None, {}, 0, iter(()), spliced=releases)
        of_asked = releases[0][1], said.get(selection.dataflow, {})
        answer = self._arranged(selection, of_asked, source, series, _most_computed(viewer))
        return replace(answer, spliced=releases, outdated=lambda: tuple(found for each in late for found in each()))

    def availability(self, selection: Selection, viewer: Viewer) -> Availability:
        structure = self._catalogue.structure(selection.dataflow)
        vintage, before = self._seen.newest(selection, structure), None
        if vintage is None:
            with reading(self._engine) as connection:
                vintage = self._seen.at(connection, selection, structure, viewer)
                before = self._seen.before(connection, vintage, selection, structure) if vintage else None
        if vintage is None:
            return nothing(structure)
        if before is None:
            return available(structure, vintage.index, selection)
        return newly(structure, selection, partial(self._new, structure.dsd.key, before, vintage, selection))

    def _new(
        self,
        key: tuple[str, ...],
        before: Vintage,
        vintage: Vintage,
        selection: Selection,
        codes: Mapping[str, tuple[str, ...]],
    ) -> Iterator[Batch]:
        rows = vintage.index.match(key, codes, selection.periods)
        return self._since(before, vintage, selection, _named(vintage.index, rows))

    def changes(self, selection: Selection, viewer: Viewer, before: str | None, now: str, whole: bool = False) -> Changes:
        structure = self._catalogue.structure(selection.dataflow)
        with reading(self._engine) as connection:
            newer = self._seen.released(connection, structure, viewer, selection, now)
            older = self._seen.released(connection, structure, viewer, selection, before) if before is not None else None
        return changes(self._runs, selection, structure, (older, newer), whole)

    def triangles(self, selection: Selection, viewer: Viewer, series: slice) -> list[Triangle]:
        structure = self._catalogue.structure(selection.dataflow)
        with reading(self._engine) as connection:
            vintage = self._seen.at(connection, selection, structure, viewer)
            if vintage is None:
                return []
            seen = releases_for(connection, vintage.cube, viewer, selection.preview, self._clock.now())
            return triangles(connection, self._runs, selection, structure, vintage, seen, series)

    def releases(self, dataflow: Ref, viewer: Viewer, preview: bool = False) -> list[Release]:
        return self._releases.visible(self._catalogue.structure(dataflow).dataflow.ref, viewer, preview)

    def used(self, dataflow: Ref, component: str | None, viewer: Viewer) -> Mapping[str, Use]:
        with reading(self._engine) as connection:
            if cube_id(connection, dataflow) is None:
                return {}
            structure = self._catalogue.structure(dataflow)
            vintage = self._seen.at(connection, Selection(dataflow=dataflow), structure, viewer)
        if vintage is None:
            return {}
        return everything(vintage) if component is None else by_code(vintage, structure.dsd.key, component)

    def standing(self, dataflow: Ref | None, afresh: bool = False) -> str:
        with pulse.afresh() if afresh else nullcontext():
            return standing(self._engine, dataflow, self._clock.now())

    def _walk(
        self, vintage: Vintage, selection: Selection, rows: Rows, counts: NDArray[np.int64], counting: bool
    ) -> Iterator[Batch]:
        for some in pieces(counts, COUNTED, COUNTED) if counting else pieces(counts):
            still_wanted()
            batch = gather(vintage, self._runs, rows.take(some), selection.periods, counting).without_empty()
            if batch.observations:
                yield limited(batch, selection.first_n, selection.last_n)

    def _since(self, before: Vintage, now: Vintage, selection: Selection, rows: Rows) -> Iterator[Batch]:
        """Only what is new or otherwise than it was."""
        for found in differences(self._runs, before, now, rows, selection.periods):
            batch = found.now.keep(found.kinds != Difference.DELETED).without_empty()
            if batch.observations:
                yield limited(batch, selection.first_n, selection.last_n)


def _named(index: KeyIndex, rows: NDArray[np.int64]) -> Rows:
    return Rows(index.series[rows], index.frequencies[rows])


def _most_computed(viewer: Viewer) -> int | None:
    return MOST_COMPUTED if viewer.role is Role.PUBLIC else None


def _most_each(index: KeyIndex, rows: NDArray[np.int64], periods: PeriodRange) -> NDArray[np.int64]:
    """How many observations each row has at most in these periods."""
    counts = index.count[rows]
    if periods.start is None or periods.end is None:
        return counts
    mine = index.frequencies[rows]
    for frequency in (frequencies := occurring(mine)):
        low, high = periods.ordinals(frequency)
        assert low is not None and high is not None
        these = slice(None) if len(frequencies) == 1 else mine == frequency
        counts[these] = np.minimum(counts[these], max(high - low + 1, 1))
    return counts


def _most(counts: NDArray[np.int64], selection: Selection) -> int:
    """How many observations an answer has at most whose series have so many."""
    for limit in (selection.first_n, selection.last_n):
        counts = counts if limit is None else np.minimum(counts, limit)
    return 0 if selection.series_only else int(counts.sum())


def pieces(counts: NDArray[np.int64], first: int = FIRST, others: int = BATCH) -> Iterator[slice]:
    """Cuts rows with so many observations each into batches."""
    ends = np.cumsum(counts)
    start, most = 0, first
    while start < len(counts):
        before = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + most, "right")))
        yield slice(start, stop)
        start, most = stop, others
