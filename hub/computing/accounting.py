"""How much of what was recoded came through exactly, by estimates, or not at all: of source observations and of their values.

An observation counts where its figures went; where several figures were made of it, under the least sure of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hub.computing import units
from hub.computing.groups import STATES, Parts, Share, grouped, kinds_of, recoded
from hub.computing.rules import indicator_dimensions, unit_kind
from hub.computing.source import Finder, Source, afford
from registry.columns import Batch, spread
from registry.correspondence import State
from registry.recoding import Tally


def tally(source: Source, name: str, links: Mapping[str, tuple[tuple[str, Share], ...]], most: int | None = None) -> Tally:
    """Reads the source once. ``links``: what becomes of each code of the dimension in use.

    :class:`registry.errors.TooLarge` COMPUTED_OF_TOO_MUCH for more observations than ``most``.
    """
    afford(source, np.arange(len(source)), most)
    held = _Held.of(source)
    found = np.zeros(len(held.rows), np.int8)
    parts = recoded(Parts.of(source.structure.dsd.key, source.keys), name, links)
    if len(parts.rows):
        found = _least_sure(held, parts, source)
    linked = np.zeros(len(source), dtype=bool)
    linked[parts.rows] = True
    found = np.where(linked[held.rows], found, STATES.index(State.BROKEN))
    counts = np.bincount(found, minlength=len(STATES)).tolist()
    return Tally(dict(zip(STATES, counts, strict=True)), _amounts(source, held, found))


@dataclass(frozen=True)
class _Held:
    """Of every observation that was read its series, period, and value without sign and multiplier (NaN for none)."""

    rows: NDArray[np.int32]
    ordinals: NDArray[np.int64]
    values: NDArray[np.float64]
    units: frozenset[str | None]

    @classmethod
    def of(cls, source: Source) -> _Held:
        finder, measure = Finder(source), source.structure.dsd.measures[0].id
        rows, ordinals, values = [np.zeros(0, np.int32)], [np.zeros(0, np.int64)], [np.zeros(0)]
        said = set[str | None]()
        for batch in source.read(np.arange(len(source))):
            rows.append(np.repeat(finder.places(batch).astype(np.int32), batch.counts))
            ordinals.append(batch.ordinals)
            values.append(_sizes(batch, measure))
            column = batch.series_attributes.get(units.UNIT)
            said |= set(column.decoded()) if column is not None else {None}
        return cls(np.concatenate(rows), np.concatenate(ordinals), np.concatenate(values), frozenset(said))


def _sizes(batch: Batch, measure: str) -> NDArray[np.float64]:
    column = batch.measures.get(measure)
    if column is None:
        return np.full(batch.observations, np.nan)
    floats = column.floats
    if column.texts is not None:
        floats = floats.copy()
        for place in np.flatnonzero(column.texts != None).tolist():  # noqa: E711 - elementwise on purpose
            floats[place] = _float(column.texts[place])
    powers = units.multipliers(batch)
    return np.abs(floats) * np.repeat(10.0**powers, batch.counts) if powers.any() else np.abs(floats)


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


def _least_sure(held: _Held, parts: Parts, source: Source) -> NDArray[np.int8]:
    """int8[n]: the place in ``STATES`` of the least sure figure that each observation went into."""
    groups = grouped(parts, source.frequencies)
    order = np.argsort(groups.parts.rows, kind="stable")
    rows, mine = groups.parts.rows[order], groups.of_parts[order]
    kinds = kinds_of(parts.portions)
    low = np.searchsorted(rows, np.arange(len(source)), "left")
    counts = (np.searchsorted(rows, np.arange(len(source)), "right") - low)[held.rows]
    each, places = np.repeat(np.arange(len(held.rows)), counts), spread(low[held.rows], counts)
    _, cells = np.unique(held.ordinals, return_inverse=True)
    span = int(cells.max(initial=0)) + 1
    cells = mine[places] * span + cells[each]
    of_cells = np.zeros(len(groups) * span, np.int8)
    np.maximum.at(of_cells, cells, kinds[groups.parts.shares[order]][places])
    found = np.zeros(len(held.rows), np.int8)
    np.maximum.at(found, each, of_cells[cells])
    return found


def _amounts(source: Source, held: _Held, found: NDArray[np.int8]) -> dict[State, float] | None:
    kinds = [source.keys[source.structure.dsd.key.index(name)] for name in indicator_dimensions(source.structure)]
    mixed = len(held.units) > 1 or any(len(np.unique(column.codes)) > 1 for column in kinds)
    if mixed or any(unit and unit_kind(source.structure, unit) for unit in held.units):
        return None
    values = np.nan_to_num(held.values)
    total = float(values.sum())
    if not total or not np.isfinite(total):
        return None
    sums = np.bincount(found, values, len(STATES)) / total
    return dict(zip(STATES, sums.tolist(), strict=True))
