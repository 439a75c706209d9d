"""What a draft takes out: observations, or some of their measures and attributes, by codes and periods (SDMX action Delete)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from hub import labels
from hub.attachments import remove_attributes
from hub.batches import batched
from hub.cells import SERIES, Cells, Range, emptied, inside
from hub.staging import Draft, current, left, place_of, stands, write
from hub.tables import tile
from registry.columns import Coded
from registry.model import DataStructure, Level
from registry.period import NO_TIME, PeriodRange
from registry.staging import Removal


def take_out(connection: Connection, draft: Draft, removal: Removal) -> None:
    """Take observations, or some of their components, out of what stands."""
    columns = draft.register.columns(connection)
    series = _named(draft.dsd, columns, removal.codes)
    observed = {each.id for each in (*draft.dsd.measures, *draft.dsd.attributes_at(Level.OBSERVATION))}
    if not removal.components or removal.components & observed:
        _take_cells(connection, draft, removal, series)
    if not removal.components.issubset(observed) or removal.periods == PeriodRange():
        _take_attributes(connection, draft, removal, series, observed)


def take_descriptions(connection: Connection, draft: Draft) -> None:
    """Take away every attribute of series, groups and the data set: where everything is replaced, only what is stated stays."""
    everything = _named(draft.dsd, draft.register.columns(connection), {})
    _take_attributes(connection, draft, Removal(), everything, set())


def _named(dsd: DataStructure, columns: tuple[Coded, ...], codes: Mapping[str, str]) -> NDArray[np.int64]:
    """The numbers of the series with these codes."""
    fits = np.ones(len(columns[0]) if columns else 1, dtype=bool)
    for name, code in codes.items():
        column = columns[dsd.key.index(name)]
        fits &= column.codes == (column.texts.index(code) if code in column.texts else -2)
    return np.flatnonzero(fits)


def _take_cells(connection: Connection, draft: Draft, removal: Removal, series: NDArray[np.int64]) -> None:
    chunks = np.unique(series // SERIES).tolist()
    for some in batched(chunks, 20):
        query = select(tile).where(tile.c.cube == draft.cube, tile.c.chunk.in_(some), current(draft)).order_by(tile.c.from_)
        rows = connection.execute(query).mappings()
        standing = {place_of(row): stands(draft, row) for row in rows}
        made = {}
        for place, each in standing.items():
            slots = series[series // SERIES == place[1]] % SERIES
            cells = left(draft, place, each)
            assert cells is not None
            where = inside(cells, _range(removal.periods, place[0]), slots)
            made[place] = emptied(cells, where, removal.components) if removal.components else _others(cells, where)
            draft.touched.add(place)
        write(connection, draft, made, standing)


def _range(periods: PeriodRange, frequency: str) -> Range:
    return (None, None) if frequency == NO_TIME else periods.whole(frequency)


def _others(cells: Cells, where: NDArray[np.bool_]) -> Cells:
    return cells.take(np.flatnonzero(~where))


def _take_attributes(
    connection: Connection, draft: Draft, removal: Removal, series: NDArray[np.int64], observed: set[str]
) -> None:
    """Attributes above the observation: those named, or all where whole series are removed."""
    if removal.components:
        names: frozenset[str] | None = removal.components - observed
    elif removal.periods == PeriodRange():
        names = None
    else:
        return
    chunks = np.unique(series // SERIES).tolist()
    standing = labels.Standing(connection, draft.cube, draft.ordinal, draft.base, chunks)
    made = {}
    for chunk in chunks:
        slots = series[series // SERIES == chunk] % SERIES
        made[chunk] = labels.unsaid(standing.of(chunk), slots, names)
    standing.write(made)
    codes = [removal.codes.get(name, "") for name in draft.dsd.key]
    remove_attributes(connection, draft.cube, draft.ordinal, draft.base, codes, names)
