"""The axes of a cube: which codes and periods there are, in the order of their codelists, and where an observation stands.

A cube names its codes and periods before its first figure. Usually the availability index tells them; where it does not (the
last two values of each series, computed figures, irregular periods) the answer is walked once before it is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adapters.formats.spool import Batches
from adapters.outlets import Wish
from registry.answers import Answer, Availability
from registry.columns import Batch, Coded, occurring
from registry.errors import Invalid, TooLarge, Unavailable
from registry.model import Structure
from registry.period import FREQUENCIES, INSTANT, NO_TIME, PeriodRange, frequency_of_code, parse_period, period_text

LARGE = 10_000_000
"""Cells from which on a cube must not be mostly empty."""

FILLED = 10
"""One cell in so many must be filled in a large cube."""

MOST_CELLS = 2**53 - 1
"""JSON numbers count no further."""


@dataclass(frozen=True)
class Times:
    """The time axis: frequency -> its ordinals (int64, ascending); frequency after frequency."""

    ordinals: Mapping[str, NDArray[np.int64]]

    def __len__(self) -> int:
        return sum(len(some) for some in self.ordinals.values())

    @property
    def timed(self) -> bool:
        return NO_TIME not in self.ordinals

    def texts(self) -> list[str]:
        """The periods as SDMX texts."""
        return [period_text(frequency, one) for frequency, some in self.ordinals.items() for one in some.tolist()]

    def places(self, frequencies: NDArray[np.str_], ordinals: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where periods stand on the axis; both arrays are of one length."""
        found = np.full(len(ordinals), -1, np.int64)
        before = 0
        for frequency, known in self.ordinals.items():
            mine = np.flatnonzero(frequencies == frequency)
            place = np.minimum(np.searchsorted(known, ordinals[mine]), len(known) - 1)
            found[mine] = np.where(known[place] == ordinals[mine], place + before, -1)
            before += len(known)
        return _known(found)


@dataclass(frozen=True)
class Axes:
    """``codes``: dimension -> its codes; ``measures``; ``times``; ``observations``: how many cells are filled.

    ``straight``: whether the series of the answer come in the order of the cube.
    """

    codes: Mapping[str, tuple[str, ...]]
    measures: tuple[str, ...]
    times: Times
    observations: int
    straight: bool

    @property
    def rows(self) -> int:
        """Rows of the cube: combinations of codes, times measures."""
        return int(np.prod([len(codes) for codes in self.codes.values()], dtype=object)) * len(self.measures)

    @property
    def cells(self) -> int:
        return self.rows * len(self.times)

    def row_places(self, batch: Batch) -> NDArray[np.int64]:
        """int64[m]: the row of the first measure of each series; the other measures follow."""
        places = np.zeros(batch.series_count, np.int64)
        for codes, column in zip(self.codes.values(), batch.key, strict=True):
            known = {code: place for place, code in enumerate(codes)}
            table = np.array([*(known.get(text, -1) for text in column.texts), -1], np.int64)
            places = places * len(codes) + _known(table[column.codes])
        return places * len(self.measures)

    def time_places(self, batch: Batch) -> NDArray[np.int64]:
        """int64[n]: where each observation stands in its row."""
        return self.times.places(np.repeat(batch.frequencies, batch.counts), batch.ordinals)


def _known(places: NDArray[np.int64]) -> NDArray[np.int64]:
    if (places < 0).any():
        raise Unavailable("FORMAT_CUBE_MOVED")
    return places


def cube(answer: Answer, wish: Wish) -> tuple[Axes, Iterator[Batch]]:
    """The axes of an answer and its batches; :class:`TooLarge` for a cube that would be large and nearly empty."""
    axes, batches = axes_of(answer, wish)
    if axes.cells > MOST_CELLS or (axes.cells > LARGE and axes.observations * FILLED < axes.cells):
        sizes = ", ".join(f"{name} {len(codes)}" for name, codes in axes.codes.items())
        raise TooLarge("FORMAT_CUBE_EMPTY", cells=axes.cells, filled=axes.observations, limit=LARGE, share=FILLED, sizes=sizes)
    return axes, batches


def axes_of(answer: Answer, wish: Wish) -> tuple[Axes, Iterator[Batch]]:
    """The axes and the batches, however empty the cube."""
    if answer.selection.history:
        raise Invalid("FORMAT_NO_HISTORY")
    if not wish.observations or not wish.measures:
        raise Invalid("FORMAT_NO_FIGURES")
    axes, batches = _told(answer, wish) or _seen(answer, wish)
    return axes, batches


def _told(answer: Answer, wish: Wish) -> tuple[Axes, Iterator[Batch]] | None:
    """By the availability index, where it tells enough."""
    selection, available = answer.selection, wish.available
    partial = selection.first_n or selection.last_n or selection.updated_after
    if available is None or partial or selection.computes or answer.computed or available.start is None:
        return None
    times = _told_times(answer, available)
    if not times:
        return None
    codes = {name: available.codes[name] for name in answer.structure.dsd.key}
    return _axes(answer, wish, codes, times, available.observations), answer.batches


def _told_times(answer: Answer, available: Availability) -> Times | None:
    dsd = answer.structure.dsd
    if dsd.time is None:
        return Times({NO_TIME: np.zeros(1, np.int64)})
    place = answer.structure.frequency_index
    if place is None or available.start is None or available.end is None:
        return None
    frequencies = list(dict.fromkeys(frequency_of_code(code) for code in available.codes[dsd.key[place]]))
    if INSTANT in frequencies or not set(frequencies) <= set(FREQUENCIES):
        return None
    spans = (PeriodRange(parse_period(available.start), parse_period(available.end)), answer.selection.periods)
    return Times({each: some for each in frequencies if len(some := _between(each, *spans))})


def _between(frequency: str, *spans: PeriodRange) -> NDArray[np.int64]:
    ends = [span.ordinals(frequency) for span in spans]
    low = max(first for first, _ in ends if first is not None)
    high = min(last for _, last in ends if last is not None)
    return np.arange(low, high + 1)


def _seen(answer: Answer, wish: Wish) -> tuple[Axes, Iterator[Batch]]:
    """By walking the answer."""
    key = answer.structure.dsd.key
    codes: list[set[str]] = [set() for _ in key]
    ordinals: dict[str, NDArray[np.int64]] = {}
    kept, observations, spoken = Batches(answer.batches), 0, dict[str, str]()
    for batch in kept.first():
        _one_frequency(answer.structure, batch, spoken)
        observations += batch.observations
        for known, column in zip(codes, batch.key, strict=True):
            known.update(column.texts[code] for code in np.unique(column.codes).tolist())
        each = np.repeat(batch.frequencies, batch.counts)
        for frequency in np.unique(each).tolist():
            some = ordinals.get(frequency, np.zeros(0, np.int64))
            ordinals[frequency] = np.union1d(some, batch.ordinals[each == frequency])
    if not ordinals:
        raise Invalid("FORMAT_NO_FIGURES")
    found = {name: _ordered(answer.structure, name, some) for name, some in zip(key, codes, strict=True)}
    times = Times({each: ordinals[each] for each in (*FREQUENCIES, NO_TIME) if each in ordinals})
    return _axes(answer, wish, found, times, observations), kept.again()


def _one_frequency(structure: Structure, batch: Batch, spoken: dict[str, str]) -> None:
    """A row of a cube is a series of one frequency: the code of FREQ must decide it. ``spoken``: what it decided until now."""
    place = structure.frequency_index
    codes = Coded.constant("", batch.series_count) if place is None else batch.key[place]
    for frequency in occurring(batch.frequencies):
        for code in np.unique(codes.codes[batch.frequencies == frequency]).tolist():
            known = spoken.setdefault(codes.texts[code], frequency)
            if known != frequency:
                raise Invalid("FORMAT_FREQUENCIES", found=f"{known}, {frequency}")


def _axes(answer: Answer, wish: Wish, codes: Mapping[str, tuple[str, ...]], times: Times, observations: int) -> Axes:
    ordered = {name: _ordered(answer.structure, name, some) for name, some in codes.items()}
    straight = not answer.selection.sort and all(list(some) == sorted(some) for some in ordered.values())
    return Axes(ordered, wish.measures, times, observations, straight)


def _ordered(structure: Structure, dimension: str, codes: Iterable[str]) -> tuple[str, ...]:
    """In the order of the codelist; what it does not have comes last."""
    codelist = structure.codelists.get(dimension)
    known = {item.id: place for place, item in enumerate(codelist.items)} if codelist else {}
    return tuple(sorted(codes, key=lambda code: (known.get(code, len(known)), code)))


def sliced(batch: Batch, width: int, most: int = 200_000) -> Iterator[Batch]:
    """The batch in parts whose rows have at most so many cells together."""
    step = max(1, most // max(width, 1))
    if batch.series_count <= step:
        yield batch
        return
    for start in range(0, batch.series_count, step):
        yield batch.take_series(slice(start, start + step))
