"""The central statistical database, for reading: a selection in, series out; every answer from one pinned vintage.

Blocks of a vintage never change, so an answer may be read in pieces and still be of one release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, bindparam, select

from hub.attachments import read_attributes
from hub.batches import batched
from hub.database import reading
from hub.history import cube_id, visible_ordinal
from hub.keyindex import KeyIndex
from hub.merging import changed, join, within
from hub.packing import Observations, unpack
from hub.releases import Releases
from hub.tables import block
from hub.vintages import Vintage, Vintages
from registry.answers import Answer, Availability, Release
from registry.columns import Batch
from registry.model import Structure
from registry.period import Period
from registry.ports import Catalogue, Clock, Viewer
from registry.ref import Ref
from registry.selection import Selection
from registry.series import Series, batch_of

CHUNK = 500
"""Series read with one query."""


# Building a statement costs more than running it, so it is built once.
_BLOCKS = (
    select(block)
    .where(
        block.c.series.in_(bindparam("series", expanding=True)),
        block.c.from_ <= bindparam("ordinal"),
        block.c.to_ > bindparam("ordinal"),
        block.c.from_ > bindparam("newer_than"),
        block.c.count > 0,
    )
    .order_by(block.c.series, block.c.frequency, block.c.number)
)


class Observed:
    """Implements :class:`registry.ports.Cube`."""

    def __init__(self, engine: Engine, clock: Clock, catalogue: Catalogue, releases: Releases) -> None:
        self._engine = engine
        self._clock = clock
        self._catalogue = catalogue
        self._releases = releases
        self._vintages = Vintages()

    def ask(self, selection: Selection, viewer: Viewer, series: slice | None = None) -> Answer:
        structure = self._catalogue.structure(selection.dataflow)
        with reading(self._engine) as connection:
            vintage = self._vintage(connection, selection, structure)
            if vintage is None:
                return Answer(selection, structure, None, {}, 0, iter(()))
            before = self._before(connection, vintage, selection)
        rows = vintage.index.match(structure.dsd.key, selection.codes, selection.periods)
        chosen = rows[series] if series is not None else rows
        walk = self._batches(structure, self._walk(vintage, before, selection, chosen))
        return Answer(selection, structure, vintage.release, vintage.attributes, len(rows), walk)

    def availability(self, selection: Selection, viewer: Viewer) -> Availability:
        structure = self._catalogue.structure(selection.dataflow)
        with reading(self._engine) as connection:
            vintage = self._vintage(connection, selection, structure)
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
            series=len(set(index.series[rows].tolist())),
            observations=observations,
        )

    def releases(self, dataflow: Ref, viewer: Viewer) -> list[Release]:
        return self._releases.visible(self._catalogue.structure(dataflow).dataflow.ref)

    def _vintage(self, connection: Connection, selection: Selection, structure: Structure) -> Vintage | None:
        """What the viewer may see at the moment asked for; the one place where that is decided."""
        cube = cube_id(connection, structure.dataflow.ref)
        if cube is None:
            return None
        now = self._clock.now()
        ordinal = visible_ordinal(connection, cube, _earlier(now, selection.as_of))
        return self._vintages.get(connection, cube, ordinal, len(structure.dsd.key), now) if ordinal else None

    def _before(self, connection: Connection, vintage: Vintage, selection: Selection) -> int | None:
        """For ``updatedAfter``: the ordinal that was visible then."""
        after = selection.updated_after
        return visible_ordinal(connection, vintage.cube, _earlier(self._clock.now(), after)) if after else None

    def _open(self, structure: Structure, index: KeyIndex, selection: Selection, name: str) -> tuple[str, ...]:
        others = {each: codes for each, codes in selection.codes.items() if each != name}
        rows = index.match(structure.dsd.key, others, selection.periods)
        return _ordered(structure, name, index.codes_of(structure.dsd.key.index(name), rows))

    def _batches(self, structure: Structure, walk: Iterator[Series]) -> Iterator[Batch]:
        return (batch_of(some, structure.dsd.measures[0].id) for some in batched(walk, CHUNK))

    def _walk(self, vintage: Vintage, before: int | None, selection: Selection, rows: NDArray[np.int64]) -> Iterator[Series]:
        for some in batched(rows.tolist(), CHUNK):
            keys = [vintage.index.keys[row] for row in some]
            with reading(self._engine) as connection:
                blocks = _blocks(connection, vintage, before, selection, some)
                attributes = read_attributes(connection, vintage.cube, vintage.ordinal, keys)
            for row, key in zip(some, keys, strict=True):
                frequency = str(vintage.index.frequencies[row])
                found = blocks.get((int(vintage.index.series[row]), frequency))
                if found is None or not len(found := _limit(found, selection)):
                    continue
                code = tuple(key.split("."))
                folded = {**_group_attributes(vintage.groups, code), **attributes.get(key, {})}
                yield Series(code, frequency, found.ordinals, found.values, folded, found.attributes)


def _blocks(
    connection: Connection, vintage: Vintage, before: int | None, selection: Selection, rows: list[int]
) -> dict[tuple[int, str], Observations]:
    series = sorted({int(vintage.index.series[row]) for row in rows})
    found = _read(connection, series, vintage.ordinal, selection, before)
    if before is None:
        return found
    old = _read(connection, series, before, selection)
    return {place: changed(old.get(place), part) for place, part in found.items()}


def _read(
    connection: Connection, series: list[int], ordinal: int, selection: Selection, newer_than: int | None = None
) -> dict[tuple[int, str], Observations]:
    """The observations of these series in a vintage, inside the selection's periods, by series and frequency."""
    rows = connection.execute(_BLOCKS, {"series": series, "ordinal": ordinal, "newer_than": newer_than or 0}).mappings()
    found = {}
    for (row, frequency), parts in groupby(rows, key=lambda each: (each["series"], each["frequency"])):
        low, high = selection.periods.ordinals(frequency)
        inside = [unpack(part) for part in parts if _meets(part["first"], part["last"], low, high)]
        if inside:
            found[row, frequency] = within(join(inside), low, high)
    return found


def _meets(first: int, last: int, low: int | None, high: int | None) -> bool:
    return (low is None or last >= low) and (high is None or first <= high)


def _limit(found: Observations, selection: Selection) -> Observations:
    first, last = selection.first_n, selection.last_n
    count = len(found)
    if not (first or last) or (first or 0) + (last or 0) >= count:
        return found
    head = list(range(first or 0)) + list(range(count - (last or 0), count))
    columns = {name: [texts[at] for at in head] for name, texts in found.attributes.items()}
    return Observations(found.ordinals[head], [found.values[at] for at in head], columns)


def _group_attributes(groups: Mapping[tuple[str, ...], Mapping[str, str]], key: tuple[str, ...]) -> dict[str, str]:
    fits = (values for pattern, values in groups.items() if all(p in ("", k) for p, k in zip(pattern, key, strict=True)))
    return {name: text for values in fits for name, text in values.items()}


def _earlier(now: datetime, wanted: datetime | None) -> datetime:
    return min(now, wanted) if wanted else now


def _ordered(structure: Structure, dimension: str, codes: set[str]) -> tuple[str, ...]:
    codelist = structure.codelists.get(dimension)
    if codelist is None:
        return tuple(sorted(codes))
    return tuple(item.id for item in codelist.items if item.id in codes)


def _span(index: KeyIndex, rows: NDArray[np.int64], selection: Selection) -> tuple[str | None, str | None, int]:
    """First and last period by the calendar, and how many observations; where the periods cut a series that has gaps,
    the number is the most there can be."""
    firsts, lasts, total = [], [], 0
    for frequency in np.unique(index.frequencies[rows]).tolist():
        own = rows[index.frequencies[rows] == frequency]
        low, high = selection.periods.ordinals(frequency)
        first = np.maximum(index.first[own], low) if low is not None else index.first[own]
        last = np.minimum(index.last[own], high) if high is not None else index.last[own]
        total += int(np.minimum(index.count[own], last - first + 1).sum())
        firsts.append(Period(frequency, int(first.min())))
        lasts.append(Period(frequency, int(last.max())))
    if not firsts:
        return None, None, 0
    return str(min(firsts, key=lambda period: period.start)), str(max(lasts, key=lambda period: period.end)), total
