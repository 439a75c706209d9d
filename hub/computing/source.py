"""What a step of a calculation reads from and is read by: series keys, known at once, and a way to their observations.

A step turns one source into another without reading anything, so a page of the answer reads no more than its own series need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from registry.columns import Batch, Coded, Numbers, Places, concatenated, concatenated_numbers, occurring
from registry.errors import TooLarge
from registry.model import Structure
from registry.recoding import Crossing
from registry.text import Names

Reader = Callable[[Places], Iterator[Batch]]
"""The series at these places (ascending or not), in their order; a series without observations may be left out."""

Toll = Callable[[Places], int]
"""How many observations have to be read for the series at these places, at most."""


def _free(places: Places) -> int:
    return 0


@dataclass(frozen=True)
class Source:
    """``keys``: n codes per dimension, in key order; ``frequencies`` str[n]; ``steps``: what was done; ``toll``: what reading
    costs, known before; nothing for what is in memory; ``crossings``: what was recoded."""

    structure: Structure
    keys: tuple[Coded, ...]
    frequencies: NDArray[np.str_]
    read: Reader
    steps: tuple[Names, ...] = field(default=())
    toll: Toll = _free
    crossings: tuple[Crossing, ...] = ()

    def __len__(self) -> int:
        return len(self.frequencies)


def afford(source: Source, places: Places, most: int | None) -> None:
    """:class:`TooLarge` COMPUTED_OF_TOO_MUCH before anything is read, where more observations would have to be."""
    if most is not None and (found := source.toll(places)) > most:
        raise TooLarge("COMPUTED_OF_TOO_MUCH", found=found, most=most)


class Finder:
    """Tells which series of a source those of a batch are."""

    def __init__(self, source: Source) -> None:
        self._tables = [{text: code for code, text in enumerate(column.texts)} for column in source.keys]
        self._known: dict[tuple[int, int], tuple[tuple[str, ...], NDArray[np.int64]]] = {}
        letters = sorted(set(source.frequencies.tolist()))
        self._letters = {letter: number for number, letter in enumerate(letters)}
        sizes = [len(letters), *(len(column.texts) for column in source.keys)]
        self._radix = sizes if _product(sizes) < 2**62 else None
        codes = [column.codes.astype(np.int64) for column in source.keys]
        numbers = self._numbers(source.frequencies, codes)
        self._order = np.argsort(numbers, kind="stable")
        self._sorted = numbers[self._order]

    def places(self, batch: Batch) -> NDArray[np.int64]:
        """int64[m]: the place in the source of each series of the batch."""
        codes = [self._table(place, column.texts)[column.codes] for place, column in enumerate(batch.key)]
        found: NDArray[np.int64] = self._order[np.searchsorted(self._sorted, self._numbers(batch.frequencies, codes))]
        return found

    def _table(self, place: int, texts: tuple[str, ...]) -> NDArray[np.int64]:
        # Batches of one answer share their dictionaries: each is translated once. It is kept, so that its id stays its own.
        held = self._known.get((place, id(texts)))
        if held is None or held[0] is not texts:
            table = np.array([self._tables[place].get(text, 0) for text in texts], dtype=np.int64)
            held = self._known[place, id(texts)] = (texts, table)
        return held[1]

    def _numbers(self, frequencies: NDArray[np.str_], codes: list[NDArray[np.int64]]) -> NDArray[np.int64 | np.object_]:
        """One number a series: its codes as digits."""
        first = np.zeros(len(frequencies), np.int64)
        for letter in occurring(frequencies) if len(self._letters) > 1 else ():
            first[frequencies == letter] = self._letters[letter]
        numbers = first if self._radix is not None else first.astype(object)
        for column, size in zip(codes, self._sizes(), strict=True):
            numbers = numbers * size + column
        return numbers

    def _sizes(self) -> list[int]:
        return [max(len(table), 1) for table in self._tables]


def renewed(source: Source, batches: Iterable[Batch]) -> Places:
    """The places of the series that the batches hold observations of, ascending."""
    finder = Finder(source)
    found = [finder.places(batch) for batch in batches]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)


def _product(sizes: Iterable[int]) -> int:
    product = 1
    for size in sizes:
        product *= max(size, 1)
    return product


def joined(batches: Iterable[Batch], width: int) -> Batch:
    """Batches one after another as one. ``width``: dimensions of the key, for when there is none."""
    parts = list(batches)
    if len(parts) == 1:
        return parts[0]
    if not parts:
        nothing = Coded((), np.zeros(0, np.int32))
        return Batch((nothing,) * width, np.zeros(0, "U1"), np.zeros(1, np.int64), np.zeros(0, np.int64), {})
    counts = np.concatenate([part.counts for part in parts])
    return Batch(
        key=tuple(concatenated(part.key[place] for part in parts) for place in range(width)),
        frequencies=np.concatenate([part.frequencies for part in parts]),
        starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        ordinals=np.concatenate([part.ordinals for part in parts]),
        measures={name: concatenated_numbers(_measure(part, name) for part in parts) for name in _all(parts, "measures")},
        attributes={
            name: concatenated(part.attributes.get(name, Coded.constant(None, part.observations)) for part in parts)
            for name in _all(parts, "attributes")
        },
        series_attributes={
            name: concatenated(part.series_attributes.get(name, Coded.constant(None, part.series_count)) for part in parts)
            for name in _all(parts, "series_attributes")
        },
    )


def _all(parts: list[Batch], kind: str) -> dict[str, None]:
    return dict.fromkeys(name for part in parts for name in getattr(part, kind))


def _measure(part: Batch, name: str) -> Numbers:
    return part.measures.get(name) or Numbers(np.full(part.observations, np.nan))


def placed(source: Source, places: Places) -> Source:
    """The series at these places, in this order."""
    keys = tuple(column.take(places) for column in source.keys)
    return replace(
        source,
        keys=keys,
        frequencies=source.frequencies[places],
        read=lambda some: source.read(places[some]),
        toll=lambda some: source.toll(places[some]),
    )


def chosen(source: Source, codes: Mapping[str, tuple[str, ...]]) -> NDArray[np.bool_]:
    """bool[n]: the series with these codes; a dimension left out means all."""
    fits = np.ones(len(source), dtype=bool)
    for name, some in codes.items():
        column, wanted = source.keys[source.structure.dsd.key.index(name)], frozenset(some)
        fits &= np.array([text in wanted for text in column.texts], dtype=bool)[column.codes]
    return fits


def only(source: Source, codes: Mapping[str, tuple[str, ...]]) -> Source:
    """The series with these codes; a dimension left out means all."""
    return placed(source, np.flatnonzero(chosen(source, codes)))


def held(structure: Structure, batches: Iterable[Batch]) -> Source:
    """A source over batches in memory."""
    whole = joined(batches, len(structure.dsd.key))
    return Source(structure, whole.key, whole.frequencies, lambda places: iter([whole.take_series(places)]))
