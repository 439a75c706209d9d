"""Which series become one: the key side of recoding and aggregation, decided before any observation is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.columns import Coded, occurring, spread
from registry.correspondence import State
from registry.ranking import alphabetical

_LARGEST = 2**62

STATES = (*State,)
"""The surest first."""


class Share(NamedTuple):
    """How much of a series a part is, a decimal fraction, and how sure that is; 0 where nobody knows."""

    amount: Fraction
    state: State

    def of(self, other: Share) -> Share:
        """The share of a share."""
        return Share(self.amount * other.amount, max(self.state, other.state, key=STATES.index))


WHOLE = Share(Fraction(1), State.EXACT)
UNKNOWN = Share(Fraction(0), State.BROKEN)


@dataclass(frozen=True)
class Parts:
    """p parts, each a series or a share of one.

    rows     int64[p]: the series of the source
    keys     p codes per dimension that is left
    shares   int32[p] into ``portions``: how much of the series
    """

    rows: NDArray[np.int64]
    keys: dict[str, Coded]
    shares: NDArray[np.int32]
    portions: tuple[Share, ...] = (WHOLE,)

    @classmethod
    def of(cls, names: tuple[str, ...], keys: tuple[Coded, ...]) -> Parts:
        """Every series as a whole."""
        count = len(keys[0]) if keys else 0
        return cls(np.arange(count), dict(zip(names, keys, strict=True)), np.zeros(count, np.int32))

    def take(self, places: NDArray[np.int64] | NDArray[np.bool_]) -> Parts:
        keys = {name: column.take(np.arange(len(self.rows))[places]) for name, column in self.keys.items()}
        return Parts(self.rows[places], keys, self.shares[places], self.portions)

    def replaced(self, name: str, column: Coded) -> Parts:
        """The same with other codes of a dimension."""
        return Parts(self.rows, {**self.keys, name: column}, self.shares, self.portions)

    def without(self, name: str) -> Parts:
        """The same with one dimension less."""
        return Parts(self.rows, {each: kept for each, kept in self.keys.items() if each != name}, self.shares, self.portions)

    def numbered(self, frequencies: NDArray[np.str_], but: Collection[str] = ()) -> NDArray[np.int64]:
        """int64[p]: the same number for parts that share frequency and all codes but those of some dimensions."""
        letters = occurring(frequencies)
        numbers, size = np.zeros(len(self.rows), np.int64), max(len(letters), 1)
        if len(letters) > 1:
            numbers += np.searchsorted(letters, frequencies[self.rows])
        for name, column in self.keys.items():
            if name not in but:
                if size * (len(column.texts) + 1) >= _LARGEST:
                    _, numbers = np.unique(numbers, return_inverse=True)
                    size = len(self.rows)
                numbers, size = numbers * (len(column.texts) + 1) + column.codes, size * (len(column.texts) + 1)
        _, numbers = np.unique(numbers, return_inverse=True)
        return numbers.astype(np.int64)


def recoded(parts: Parts, name: str, links: Mapping[str, tuple[tuple[str, Share], ...]]) -> Parts:
    """Codes of a dimension exchanged: each part becomes as many as its code has links."""
    column = parts.keys[name]
    texts = tuple(dict.fromkeys(target for ways in links.values() for target, _ in ways))
    place = {text: number for number, text in enumerate(texts)}
    ways = [links.get(text, ()) for text in column.texts]
    starts = np.concatenate([[0], np.cumsum([len(each) for each in ways])]).astype(np.int64)
    counts = np.diff(starts)[column.codes]
    from_ = np.repeat(np.arange(len(parts.rows)), counts)
    which = spread(starts[column.codes], counts)
    targets = np.array([place[target] for each in ways for target, _ in each], dtype=np.int32)
    given = [share for each in ways for _, share in each]
    portions = {share: number for number, share in enumerate(dict.fromkeys([WHOLE, *given]))}
    shares = np.array([portions[share] for share in given], dtype=np.int32)
    kept = parts.take(from_).replaced(name, Coded(texts, targets[which]))
    return _shared(kept, shares[which], tuple(portions))


def _shared(parts: Parts, shares: NDArray[np.int32], portions: tuple[Share, ...]) -> Parts:
    """The parts with their shares multiplied by others."""
    products = [mine.of(other) for mine in parts.portions for other in portions]
    place = {share: number for number, share in enumerate(dict.fromkeys(products))}
    table = np.array([place[share] for share in products], dtype=np.int32)
    return Parts(parts.rows, parts.keys, table[parts.shares * np.int32(len(portions)) + shares], tuple(place))


def kinds_of(portions: Iterable[Share]) -> NDArray[np.int8]:
    """For each share the place of its state in ``STATES``."""
    return np.array([STATES.index(share.state) for share in portions], dtype=np.int8)


@dataclass(frozen=True)
class Groups:
    """g groups of parts, in key order.

    keys         g codes per dimension, in key order
    frequencies  str[g]
    parts        in the order of their groups
    starts       int64[g + 1]: the parts of group i are ``starts[i]:starts[i + 1]``
    """

    names: tuple[str, ...]
    keys: tuple[Coded, ...]
    frequencies: NDArray[np.str_]
    parts: Parts
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def of_parts(self) -> NDArray[np.int64]:
        """int64[p]: the group of each part."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    @property
    def merging(self) -> NDArray[np.bool_]:
        """bool[g]: where more than one part comes together, or a share of one."""
        whole = np.array([share.amount == 1 for share in self.parts.portions], dtype=bool)
        split = np.zeros(len(self), dtype=bool)
        split[self.of_parts[~whole[self.parts.shares]]] = True
        return split | (np.diff(self.starts) > 1)


def grouped(parts: Parts, frequencies: NDArray[np.str_]) -> Groups:
    """The parts by what is left of their keys."""
    names = tuple(parts.keys)
    numbers = parts.numbered(frequencies)
    _, first = np.unique(numbers, return_index=True)
    heads = parts.take(first)
    places = in_key_order(tuple(heads.keys.values()), frequencies[heads.rows])
    rank = np.empty(len(first), np.int64)
    rank[places] = np.arange(len(first))
    mine = rank[numbers]
    order = np.lexsort((parts.rows, mine))
    starts = np.searchsorted(mine[order], np.arange(len(first) + 1))
    keys = tuple(column.take(places) for column in heads.keys.values())
    return Groups(names, keys, frequencies[heads.rows][places], parts.take(order), starts)


def in_key_order(keys: tuple[Coded, ...], frequencies: NDArray[np.str_]) -> NDArray[np.int64]:
    """The places of series in the order of their codes, as texts, dimension by dimension."""
    return np.lexsort((frequencies, *(alphabetical(column) for column in reversed(keys))))
