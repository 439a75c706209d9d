"""What was accepted of a file so far, in narrow columns: some 20 bytes an observation, until the whole file is read.

A later statement can make an earlier one a contradiction, so nothing is handed on before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from registry.columns import Numbers
from registry.verdicts import Codings, Mask

Integers = NDArray[np.integer[Any]]

_WIDTHS = (np.int8, np.int16, np.int32)


class Keys:
    """Series keys by number, and for each what was said of it. Codes are numbers of :class:`registry.verdicts.Terms`.

    frequencies   int8: number of the frequency its periods must have, -1 for any
    observed      bool: some observation was stated for it, accepted or not
    stated        attribute -> int32, -1 where it is not stated

    The columns have room for more keys than there are.
    """

    def __init__(self, attributes: Sequence[str]) -> None:
        self._known: dict[tuple[int, ...], int] = {}
        self.frequencies: NDArray[np.int8] = np.zeros(0, np.int8)
        self.observed: Mask = np.zeros(0, np.bool_)
        self.stated: dict[str, Codings] = {name: np.zeros(0, np.int32) for name in attributes}

    def __len__(self) -> int:
        return len(self._known)

    @property
    def codes(self) -> list[tuple[int, ...]]:
        return list(self._known)

    def numbered(self, columns: Sequence[Codings], count: int) -> Codings:
        """The key of each of ``count`` rows, from its code in every dimension."""
        changed = np.zeros(count, np.bool_)
        changed[:1] = True
        for column in columns:
            changed[1:] |= column[1:] != column[:-1]
        heads = np.flatnonzero(changed)
        codes = zip(*(each[heads].tolist() for each in columns), strict=True) if columns else [()] * len(heads)
        found = [self._known.setdefault(key, len(self._known)) for key in codes]
        self._grow()
        numbers: Codings = np.repeat(np.array(found, dtype=np.int32), np.diff(np.append(heads, count)))
        return numbers

    def _grow(self) -> None:
        more = max(len(self) * 2, 1024) - len(self.observed)
        if len(self.observed) < len(self):
            self.observed = np.append(self.observed, np.zeros(more, np.bool_))
            self.frequencies = np.append(self.frequencies, np.full(more, -1, np.int8))
            self.stated = {name: np.append(each, np.full(more, -1, np.int32)) for name, each in self.stated.items()}

    def state(self, attribute: str, keys: Codings, codes: Codings) -> Mask:
        """Take over an attribute of some series; the first statement stays. Gives where the same was said."""
        stated, given = self.stated[attribute], codes >= 0
        fresh = given & (stated[keys] < 0)
        if fresh.any():  # written backwards, so that the first one stays
            stated[keys[fresh][::-1]] = codes[fresh][::-1]
        same: Mask = ~given | (stated[keys] == codes)
        return same


@dataclass(slots=True)
class Rows:
    """Observations in columns: key numbers, numbers of frequencies, ordinals, numbers in the file, measures, attributes."""

    keys: Integers
    frequencies: Integers
    ordinals: Integers
    numbers: Integers
    actions: Integers
    measures: Mapping[str, Numbers]
    attributes: Mapping[str, Integers]

    def __len__(self) -> int:
        return len(self.keys)

    def take(self, places: NDArray[np.int64] | Mask | slice) -> Rows:
        """Some of the observations."""
        return Rows(
            self.keys[places],
            self.frequencies[places],
            self.ordinals[places],
            self.numbers[places],
            self.actions[places],
            {name: column.take(places) for name, column in self.measures.items()},  # type: ignore[arg-type]
            {name: column[places] for name, column in self.attributes.items()},
        )

    def narrowed(self) -> Rows:
        """The same in as few bytes as its numbers need."""
        return Rows(
            narrow(self.keys),
            narrow(self.frequencies),
            narrow(self.ordinals),
            narrow(self.numbers),
            narrow(self.actions),
            self.measures,
            {name: narrow(column) for name, column in self.attributes.items()},
        )


def narrow(column: Integers) -> Integers:
    """The narrowest signed integers that hold the column."""
    low, high = (int(column.min()), int(column.max())) if len(column) else (0, 0)
    for width in _WIDTHS:
        if np.iinfo(width).min <= low and high <= np.iinfo(width).max:
            return column.astype(width)
    return column


def together(parts: list[Rows]) -> Rows:
    """Pieces one after another."""
    first = parts[0]
    return Rows(
        np.concatenate([part.keys for part in parts]),
        np.concatenate([part.frequencies for part in parts]),
        np.concatenate([part.ordinals for part in parts]),
        np.concatenate([part.numbers for part in parts]),
        np.concatenate([part.actions for part in parts]),
        {name: _numbers([part.measures[name] for part in parts]) for name in first.measures},
        {name: np.concatenate([part.attributes[name] for part in parts]) for name in first.attributes},
    )


def _numbers(parts: list[Numbers]) -> Numbers:
    floats = np.concatenate([part.floats for part in parts])
    if all(part.texts is None for part in parts):
        return Numbers(floats)
    texts = np.full(len(floats), None, object)
    start = 0
    for part in parts:
        if part.texts is not None:
            texts[start : start + len(part)] = part.texts
        start += len(part)
    return Numbers(floats, texts)
