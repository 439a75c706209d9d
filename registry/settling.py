"""From the accepted observations of a file to what goes into a draft: repeats settled, in key order, in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from registry.columns import Batch, Coded, Numbers
from registry.exact import decimal_texts
from registry.gathered import Integers, Rows
from registry.raw import Action
from registry.rules import Fault
from registry.staging import Delta
from registry.verdicts import FREQUENCY_CODES, Mask

LARGEST = 65_536
"""Observations of a batch, unless one series alone has more."""

ACTIONS = (Action.MERGE, Action.REPLACE)
"""What is done with observations, by number."""

Refuse = Callable[[int, Fault], None]
"""Called with the place of a refused observation among the rows."""


def settle(rows: Rows, ranks: NDArray[np.int64], place: str, refuse: Refuse) -> Rows:
    """The observations that stay, by key, frequency and time; the others are refused.

    An equal repeat is refused and the first stays; where repeats differ all are refused. ``ranks``: place of each key among the
    sorted keys; ``place``: see :class:`registry.raw.RawDataSet`.
    """
    series = ranks[rows.keys] * len(FREQUENCY_CODES) + rows.frequencies
    ordinals = rows.ordinals
    if _ascends(series, ordinals):
        return rows
    order = np.lexsort((ordinals, series))
    series, ordinals = series[order], ordinals[order]
    if _ascends(series, ordinals):
        return rows.take(order)
    same = (series[1:] == series[:-1]) & (ordinals[1:] == ordinals[:-1])
    stays = np.ones(len(order), np.bool_)
    for group in _repeats(same):
        stays[group] = False
        stays[group[: _settle_group(rows, order[group].tolist(), place, refuse)]] = True
    return rows.take(order[stays])


def _ascends(series: NDArray[np.int64], ordinals: Integers) -> bool:
    step = series[1:] > series[:-1]
    return bool((step | ((series[1:] == series[:-1]) & (ordinals[1:] > ordinals[:-1]))).all())


def _repeats(same: Mask) -> Iterator[NDArray[np.int64]]:
    """The places of each run of equal neighbours."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield np.arange(start, end + 1)


def _settle_group(rows: Rows, group: list[int], place: str, refuse: Refuse) -> int:
    """How many of the repeats stay, one or none."""
    first, *repeats = (_said(rows, row) for row in group)
    if all(other == first for other in repeats):
        for row in group[1:]:
            refuse(row, Fault("DUPLICATE", "", {"first": place.format(rows.numbers[group[0]])}))
        return 1
    for row in group:
        refuse(row, Fault("DUPLICATE_CONFLICT", "", {"count": str(len(group))}))
    return 0


def _said(rows: Rows, row: int) -> tuple[object, ...]:
    values = (value_of(column, row) for column in rows.measures.values())
    return (*values, *(int(column[row]) for column in rows.attributes.values()), int(rows.actions[row]))


def value_of(numbers: Numbers, row: int) -> str | None:
    """One value as plain text."""
    return decimal_texts(numbers.take(np.array([row])))[0]


@dataclass(frozen=True)
class Described:
    """The keys of a file by number, with what they state of themselves.

    key         a column of codes for each dimension
    stated      a column for each series attribute
    attributes  observation attribute -> its texts
    """

    key: Sequence[Coded]
    stated: Mapping[str, Coded]
    attributes: Mapping[str, tuple[str, ...]]

    def batch(self, keys: Integers, frequencies: Sequence[str], starts: NDArray[np.int64], rows: Rows | None) -> Batch:
        """The series with these key numbers, and their observations."""
        places = keys.astype(np.int64)
        described = {name: column.take(places) for name, column in self.stated.items()}
        return Batch(
            key=tuple(column.take(places) for column in self.key),
            frequencies=np.array(frequencies, dtype="U1"),
            starts=starts,
            ordinals=np.zeros(0, np.int64) if rows is None else rows.ordinals.astype(np.int64),
            measures={} if rows is None else rows.measures,
            attributes={} if rows is None else self._attributes(rows),
            series_attributes={name: column for name, column in described.items() if (column.codes >= 0).any()},
        )

    def _attributes(self, rows: Rows) -> dict[str, Coded]:
        stated = {name: column for name, column in rows.attributes.items() if (column >= 0).any()}
        return {name: _compact(self.attributes[name], column) for name, column in stated.items()}


def _compact(texts: tuple[str, ...], column: Integers) -> Coded:
    """A column without the texts it has no use for, where they are many."""
    if len(texts) <= len(column):
        return Coded(texts, column.astype(np.int32))
    used, codes = np.unique(column[column >= 0], return_inverse=True)
    found = np.full(len(column), -1, np.int32)
    found[column >= 0] = codes
    return Coded(tuple(texts[code] for code in used.tolist()), found)


def deltas(rows: Rows | None, described: Described, bare: Sequence[int]) -> Iterator[Delta]:
    """First the series of ``bare``, that only state attributes, then the settled rows in batches, an action after the other."""
    if bare:
        starts = np.zeros(len(bare) + 1, np.int64)
        yield Delta(Action.MERGE, described.batch(np.array(bare), ["A"] * len(bare), starts, None))
    for number, action in enumerate(ACTIONS if rows is not None else ()):
        mine = rows.actions == number  # type: ignore[union-attr]
        if mine.any():
            some = rows if mine.all() else rows.take(mine)  # type: ignore[union-attr]
            yield from (Delta(action, batch) for batch in _batches(some, described))  # type: ignore[arg-type]


def _batches(rows: Rows, described: Described) -> Iterator[Batch]:
    changed = (np.diff(rows.keys) != 0) | (np.diff(rows.frequencies) != 0)
    starts = np.concatenate([[0], np.flatnonzero(changed) + 1, [len(rows)]]).astype(np.int64)
    first = 0
    while first < len(starts) - 1:
        last = max(first + 1, int(np.searchsorted(starts, starts[first] + LARGEST, side="right")) - 1)
        edges = starts[first : last + 1]
        some = rows.take(slice(int(edges[0]), int(edges[-1])))
        heads = edges[:-1] - edges[0]
        frequencies = [FREQUENCY_CODES[number] for number in some.frequencies[heads].tolist()]
        yield described.batch(some.keys[heads], frequencies, edges - edges[0], some)
        first = last
