"""Batches as a message packs them: groups of observations that share part of their key.

With time at the observation a group is a series and nothing has to move. With another dimension there, a group is a section:
all observations that share the other dimensions and the period. What belongs to one period stands in series far apart, so the
observations go through a spool with one drawer a period, which moves to disk; one period at a time is sorted in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from adapters.sdmx.writing.shape import Shape
from adapters.sdmx.writing.spool import Spool
from registry.columns import Batch, Coded, Numbers, concatenated, concatenated_numbers
from registry.model import DataStructure, Level
from registry.period import Period

PIECE = 32_768
"""Observations written at once, give or take a group: enough to be fast, few enough that their text is small."""

Columns = Mapping[str, Coded]


@dataclass(frozen=True)
class Frame:
    """m groups with n observations.

    head        m codes per dimension that a group shares, in DSD order
    facts       m texts per attribute that a group shares
    starts      int64[m + 1]: the observations of group i stand at ``starts[i]:starts[i + 1]``
    key         n codes per dimension at the observation; none for a structure without time packed as series
    measures    measure id -> n values
    attributes  n texts per attribute of the observation
    """

    head: Columns
    facts: Columns
    starts: NDArray[np.int64]
    key: Columns
    measures: Mapping[str, Numbers]
    attributes: Columns

    @property
    def groups(self) -> int:
        return len(self.starts) - 1

    @property
    def observations(self) -> int:
        return int(self.starts[-1] - self.starts[0])

    @property
    def one_each(self) -> bool:
        """Whether every group has one observation."""
        return self.groups == self.observations and bool((np.diff(self.starts) == 1).all())

    @property
    def owners(self) -> NDArray[np.int64]:
        """int64[n]: the group of each observation."""
        return np.repeat(np.arange(self.groups), np.diff(self.starts))

    def pieces(self) -> Iterator[Frame]:
        """Whole groups, so many that a piece has about ``PIECE`` observations."""
        start = 0
        while start < self.groups:
            reach = int(np.searchsorted(self.starts, self.starts[start] + PIECE, "right")) - 1
            end = min(max(reach, start + 1), start + PIECE, self.groups)
            yield self if end - start == self.groups else self._part(start, end)
            start = end

    def _part(self, start: int, end: int) -> Frame:
        groups, inside = slice(start, end), slice(int(self.starts[start]), int(self.starts[end]))
        return Frame(
            head=_taken(self.head, groups),
            facts=_taken(self.facts, groups),
            starts=self.starts[start : end + 1] - self.starts[start],
            key=_taken(self.key, inside),
            measures={name: column.take(inside) for name, column in self.measures.items()},
            attributes=_taken(self.attributes, inside),
        )


def _taken(columns: Columns, places: NDArray[np.int64] | slice) -> dict[str, Coded]:
    return {name: column.take(places) for name, column in columns.items()}


def frames(dsd: DataStructure, shape: Shape, batches: Iterator[Batch]) -> Iterator[Frame]:
    """The batches as the shape packs them, piece by piece."""
    whole: Iterator[Frame]
    if not (shape.observations and shape.at in dsd.key):
        whole = (_series(dsd, batch) for batch in batches)
    elif shape.arranged:
        whole = (_section(dsd, shape.at, batch, np.arange(batch.observations)) for batch in batches)
    else:
        whole = _sections(dsd, shape.at, batches)
    return (piece for frame in whole for piece in frame.pieces())


def _series(dsd: DataStructure, batch: Batch) -> Frame:
    return Frame(
        head=dict(zip(dsd.key, batch.key, strict=True)),
        facts=batch.series_attributes,
        starts=batch.starts,
        key={dsd.time.id: batch.periods()} if dsd.time else {},
        measures=batch.measures,
        attributes=batch.attributes,
    )


class _Common:
    """One dictionary for a dimension of all batches: its codes are put away without their texts, and compared by rank."""

    def __init__(self) -> None:
        self._place: dict[str, int] = {}

    def bare(self, column: Coded) -> Coded:
        table = np.array([*(self._place.setdefault(text, len(self._place)) for text in column.texts), -1], dtype=np.int32)
        return Coded((), table[column.codes])

    def sorted(self) -> tuple[tuple[str, ...], NDArray[np.int32]]:
        """The texts in alphabetical order, and the place of each code among them."""
        texts = sorted(self._place)
        ranks = np.empty(len(texts), np.int32)
        ranks[[self._place[text] for text in texts]] = np.arange(len(texts), dtype=np.int32)
        return tuple(texts), ranks


def _sections(dsd: DataStructure, at: str, batches: Iterator[Batch]) -> Iterator[Frame]:
    common = [_Common() for _ in dsd.key]
    with Spool() as spool:
        for batch in batches:
            bare = replace(batch, key=tuple(each.bare(column) for each, column in zip(common, batch.key, strict=True)))
            for period, part in _by_period(bare):
                spool.put((period.start, period.end, period.frequency), part)
        dictionaries = [each.sorted() for each in common]
        for parts in spool.drawers():
            whole = _together(parts)
            ranked = zip(dictionaries, whole.key, strict=True)
            key = tuple(Coded(texts, ranks[column.codes]) for (texts, ranks), column in ranked)
            ordered = replace(whole, key=key)
            yield _section(dsd, at, ordered, _by_codes(dsd, at, ordered))


def _by_period(batch: Batch) -> Iterator[tuple[Period, Batch]]:
    """The observations of each period, as series of one observation."""
    frequencies = np.repeat(batch.frequencies, batch.counts)
    order = np.lexsort((batch.ordinals, frequencies))
    ordinals, names = batch.ordinals[order], frequencies[order]
    changes = np.flatnonzero((ordinals[1:] != ordinals[:-1]) | (names[1:] != names[:-1])) + 1
    for places in np.split(order, changes) if len(order) else ():
        yield Period(str(frequencies[places[0]]), int(batch.ordinals[places[0]])), batch.alone(places)


def _together(parts: Sequence[Batch]) -> Batch:
    """Batches of series of one observation, as one batch."""
    counts = [part.observations for part in parts]
    return Batch(
        key=tuple(concatenated(columns) for columns in zip(*(part.key for part in parts), strict=True)),
        frequencies=np.concatenate([part.frequencies for part in parts]),
        starts=np.arange(sum(counts) + 1),
        ordinals=np.concatenate([part.ordinals for part in parts]),
        measures={
            name: concatenated_numbers(part.measures.get(name) or _nothing(part.observations) for part in parts)
            for name in dict.fromkeys(name for part in parts for name in part.measures)
        },
        attributes=_joined([part.attributes for part in parts], counts),
        series_attributes=_joined([part.series_attributes for part in parts], counts),
    )


def _nothing(count: int) -> Numbers:
    return Numbers(np.full(count, np.nan))


def _joined(parts: Sequence[Columns], counts: Sequence[int]) -> dict[str, Coded]:
    names = dict.fromkeys(name for part in parts for name in part)
    return {
        name: concatenated(part.get(name) or Coded.constant(None, count) for part, count in zip(parts, counts, strict=True))
        for name in names
    }


def _by_codes(dsd: DataStructure, at: str, batch: Batch) -> NDArray[np.int64]:
    """The order of the observations of one period, section by section; the key's dictionaries are sorted."""
    codes = {name: column.codes for name, column in zip(dsd.key, batch.key, strict=True)}
    return np.lexsort([codes[at], *(codes[name] for name in reversed(dsd.key) if name != at)])


def _section(dsd: DataStructure, at: str, batch: Batch, order: NDArray[np.int64]) -> Frame:
    """The sections of a batch whose series have one observation each; in this order those of a section stand together."""
    columns = dict(zip(dsd.key, batch.key, strict=True)) | ({dsd.time.id: batch.periods()} if dsd.time else {})
    heads = [part.id for part in dsd.dimensions if part.id != at]
    moved = np.zeros(max(len(order) - 1, 0), bool)
    for name in heads:
        codes = columns[name].codes[order]
        moved |= codes[1:] != codes[:-1]
    firsts = np.concatenate([[0], np.flatnonzero(moved) + 1])
    groups, shared = order[firsts], shared_by_sections(dsd, at)
    own = {name: column for name, column in batch.series_attributes.items() if name not in shared}
    return Frame(
        head={name: columns[name].take(groups) for name in heads},
        facts={name: column.take(groups) for name, column in batch.series_attributes.items() if name in shared},
        starts=np.concatenate([firsts, [len(order)]]).astype(np.int64),
        key={at: columns[at].take(order)},
        measures={name: column.take(order) for name, column in batch.measures.items()},
        attributes=_taken({**own, **batch.attributes}, order),
    )


def shared_by_sections(dsd: DataStructure, at: str) -> frozenset[str]:
    """The attributes that do not depend on the dimension at the observation, and so describe a section."""
    return frozenset(one.id for one in dsd.attributes if one.level is Level.GROUP and at not in one.dimensions)
