"""The observations of one tile, and what a draft may do with them. Pure.

A tile is a number of series (slots) over a span of periods (a block); see :mod:`hub.tiles` for why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from registry.columns import Coded, Numbers, Places, concatenated, concatenated_numbers
from registry.errors import Conflict
from registry.period import INSTANT, NO_TIME
from registry.raw import Action

SERIES = 256
"""Series in a chunk."""

SPANS = {"A": 16, "S": 16, "T": 18, "Q": 16, "M": 12, "W": 52, "D": 31, INSTANT: 2**18, NO_TIME: 1}
"""Periods in a block: few enough that an append at the end rewrites little and one period can be read across all series. Of
instants three days: every hour or every minute of 256 series."""

Range = tuple[int | None, int | None]
"""First and last ordinal; None is open."""


@dataclass(frozen=True, slots=True)
class Cells:
    """n observations, by slot and then by time, each (slot, ordinal) once.

    slots, ordinals  int64[n]
    measures         measure -> n values           attributes  observation attribute -> n texts
    """

    slots: NDArray[np.int64]
    ordinals: NDArray[np.int64]
    measures: Mapping[str, Numbers] = field(default_factory=dict)
    attributes: Mapping[str, Coded] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.slots)

    def take(self, places: Places | slice) -> Cells:
        return Cells(
            self.slots[places],
            self.ordinals[places],
            {name: column.take(places) for name, column in self.measures.items()},
            {name: column.take(places) for name, column in self.attributes.items()},
        )


def tidy(cells: Cells) -> Cells:
    """By slot and time; of repeats the last counts."""
    order = np.lexsort((cells.ordinals, cells.slots))
    last = np.append(~_again(cells.slots[order], cells.ordinals[order]), True)[: len(order)]
    return cells.take(order[last])


def _again(slots: NDArray[np.int64], ordinals: NDArray[np.int64]) -> NDArray[np.bool_]:
    """bool[n - 1]: whether the next cell is the same one."""
    same: NDArray[np.bool_] = (slots[1:] == slots[:-1]) & (ordinals[1:] == ordinals[:-1])
    return same


def put(old: Cells | None, new: Cells, action: Action) -> Cells:
    """What was there with the new observations on top; both tidy.

    REPLACE puts whole observations in the place of old ones; MERGE only what they state; APPEND raises :class:`Conflict`
    ALREADY_THERE where there is an old one.
    """
    if old is None or not len(old):
        return new
    joined = _joined(old, new)
    order = np.lexsort((joined.ordinals, joined.slots))
    again = _again(joined.slots[order], joined.ordinals[order])
    if action is Action.APPEND and again.any():
        raise Conflict("ALREADY_THERE", found=int(again.sum()))
    last = np.flatnonzero(np.append(~again, True))
    chosen = order[last]
    if action is not Action.MERGE:
        return joined.take(chosen)
    # The sort is stable, so that of two equal cells the old one stands right before the new one.
    before = np.where(np.insert(again, 0, False)[last], order[last - 1], chosen)
    return _stated(joined, chosen, before)


def put_in_turn(old: Cells | None, new: Cells, action: Action) -> Cells:
    """The same with observations in any order: of repeats the last replaces, but each is merged or appended."""
    first, *others = _turns(new, action)
    found = put(old, first, action)
    for again in others:
        found = put(found, again, action)
    return found


def _turns(cells: Cells, action: Action) -> list[Cells]:
    """The cells, and those that are repeats once more, twice more ...; each tidy."""
    if action is Action.REPLACE:
        return [tidy(cells)]
    order = np.lexsort((cells.ordinals, cells.slots))
    again = np.insert(_again(cells.slots[order], cells.ordinals[order]), 0, False)[: len(order)]
    places = np.arange(len(order))
    turn = places - np.maximum.accumulate(np.where(again, 0, places)) if len(order) else places
    return [cells.take(order[turn == number]) for number in range(int(turn.max(initial=0)) + 1)]


def _joined(old: Cells, new: Cells) -> Cells:
    measures = dict.fromkeys((*old.measures, *new.measures))
    attributes = dict.fromkeys((*old.attributes, *new.attributes))
    return Cells(
        np.concatenate([old.slots, new.slots]),
        np.concatenate([old.ordinals, new.ordinals]),
        {name: concatenated_numbers([measure_of(old, name), measure_of(new, name)]) for name in measures},
        {name: concatenated([attribute_of(old, name), attribute_of(new, name)]) for name in attributes},
    )


def measure_of(cells: Cells, name: str) -> Numbers:
    """n values of a measure, none where the cells do not have it."""
    return cells.measures.get(name) or Numbers(np.full(len(cells), np.nan))


def attribute_of(cells: Cells, name: str) -> Coded:
    """n texts of an attribute, none where the cells do not have it."""
    return cells.attributes.get(name) or Coded.constant(None, len(cells))


def _stated(joined: Cells, chosen: Places, before: Places) -> Cells:
    """Each component of the cells at ``chosen``, or at ``before`` where it is not stated there."""
    return replace(
        joined.take(chosen),
        measures={
            name: column.take(np.where(column.present[chosen], chosen, before)) for name, column in joined.measures.items()
        },
        attributes={
            name: column.take(np.where(column.codes[chosen] >= 0, chosen, before)) for name, column in joined.attributes.items()
        },
    )


def inside(cells: Cells, periods: Range, slots: NDArray[np.int64] | None = None) -> NDArray[np.bool_]:
    """bool[n]: the cells in a range of periods, and of some slots."""
    low, high = periods
    found = np.ones(len(cells), dtype=bool)
    if low is not None:
        found &= cells.ordinals >= low
    if high is not None:
        found &= cells.ordinals <= high
    return found if slots is None else found & np.isin(cells.slots, slots)


def without(cells: Cells, periods: Range, slots: NDArray[np.int64] | None = None) -> Cells:
    """The cells outside a range of periods, or of other slots."""
    return cells.take(np.flatnonzero(~inside(cells, periods, slots)))


def emptied(cells: Cells, where: NDArray[np.bool_], components: frozenset[str]) -> Cells:
    """The cells with some measures and attributes taken away at some places."""
    return replace(
        cells,
        measures={name: _unsaid(column, where) if name in components else column for name, column in cells.measures.items()},
        attributes={
            name: Coded(column.texts, np.where(where, -1, column.codes).astype(np.int32)) if name in components else column
            for name, column in cells.attributes.items()
        },
    )


def _unsaid(column: Numbers, where: NDArray[np.bool_]) -> Numbers:
    texts = column.texts
    if texts is not None:
        texts = texts.copy()
        texts[where] = None
    return Numbers(np.where(where, np.nan, column.floats), texts)
