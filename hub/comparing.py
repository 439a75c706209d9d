"""Vintages beside each other: what changed from one release to another, and series through all their releases."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sqlalchemy import Connection

from hub.changes import compared, touched, united
from hub.cutting import Rows
from hub.gathering import gather
from hub.history import find_release
from hub.pages import page
from hub.runs import Runs
from hub.triangles import through
from hub.vintages import Vintage, emptied, knowing
from registry.answers import Changes, Differences, Release
from registry.columns import Coded
from registry.model import Structure
from registry.passing import still_wanted
from registry.period import PeriodRange, period_text
from registry.revisions import Triangle
from registry.selection import Selection

SERIES_COMPARED = 1024
"""Series compared at once."""

MOST_RELEASES = 120
"""Releases in a revision triangle: ten years of monthly ones."""


def changes(
    runs: Runs, selection: Selection, structure: Structure, between: tuple[Vintage | None, Vintage], whole: bool = False
) -> Changes:
    """What changed between two vintages, or since before the first; ``whole``: see :meth:`registry.ports.Cube.changes`."""
    older, newer = between
    since = older or emptied(newer)
    key, periods = structure.dsd.key, selection.periods
    old, new = (each.index.match(key, selection.codes, periods) for each in (since, newer))
    rows = _following(max((since.key, newer.key), key=_length), united(since, newer, old, new), selection.after)
    found = differences(runs, since, newer, rows, periods, whole)
    said = (since.attributes, newer.attributes)
    return Changes(selection, structure, older.release if older else None, newer.release, found, *said)


def _length(key: tuple[Coded, ...]) -> int:
    return len(key[0]) if key else 0


def _following(key: tuple[Coded, ...], rows: Rows, after: tuple[str, ...] | None) -> Rows:
    """The series after the one of a cursor."""
    if after is None:
        return rows
    columns = tuple(column.take(rows.series) for column in key)
    places, _ = page((columns, rows.frequencies), np.arange(len(rows)), after, None)
    return rows.take(places)


def differences(
    runs: Runs, before: Vintage, now: Vintage, rows: Rows, periods: PeriodRange, whole: bool = False
) -> Iterator[Differences]:
    """What differs in these series, in their order."""
    suspects = touched(before, now, rows)
    # The one that was read first does not know the series that came since.
    series = max((before.key, now.key), key=_length)
    vintages = [knowing(vintage, series) for vintage in (before, now)]
    for start in range(0, len(suspects), SERIES_COMPARED):
        still_wanted()
        some = suspects.take(slice(start, start + SERIES_COMPARED))
        old, new = (gather(vintage, runs, some, periods) for vintage in vintages)
        if (found := compared(old, new, whole)) is not None:
            yield found


def triangles(
    connection: Connection,
    runs: Runs,
    selection: Selection,
    structure: Structure,
    vintage: Vintage,
    seen: list[Release],
    series: slice,
) -> list[Triangle]:
    """Some series of the selection through the newest kept ones of the releases ``seen`` (newest first) up to the vintage."""
    kept = [each for each in seen if each.thinned_at is None][:MOST_RELEASES]
    numbered = [(each, find_release(connection, each.id)["ordinal"]) for each in reversed(kept)]
    upto = [(each, ordinal) for each, ordinal in numbered if ordinal <= vintage.ordinal]
    measure = structure.dsd.measures[0].id
    rows = vintage.index.match(structure.dsd.key, selection.codes, selection.periods)
    places, _ = page((vintage.index.key, vintage.index.frequencies), rows, selection.after, series)
    return [_triangle(connection, runs, vintage, row, measure, upto, selection.periods) for row in rows[places].tolist()]


def _triangle(
    connection: Connection,
    runs: Runs,
    vintage: Vintage,
    row: int,
    measure: str,
    releases: list[tuple[Release, int]],
    periods: PeriodRange,
) -> Triangle:
    index = vintage.index
    frequency = str(index.frequencies[row])
    place = vintage.cube, frequency, int(index.series[row])
    found = through(connection, runs, place, measure, [ordinal for _, ordinal in releases], periods.ordinals(frequency))
    span = sorted({ordinal for figures in found for ordinal in figures})
    return Triangle(
        key=tuple(column.texts[column.codes[row]] for column in index.key),
        frequency=frequency,
        releases=tuple(release for release, _ in releases),
        periods=tuple(period_text(frequency, ordinal) for ordinal in span),
        values=tuple(tuple(figures.get(ordinal) for ordinal in span) for figures in found),
    )
