"""Which figures count where a group holds totals beside their parts: nothing counts twice, over all dimensions at once.

A figure lies in another one when each of its codes is the other's or below it, in the codelist's own tree or a named one; a
total ``_T`` that no tree knows holds all other codes. Of such a sum takes the outer (the published total, not its parts again),
every other method the inner (parts, not totals of them).
Two figures may also overlap without one lying in the other: (whole country, rice) and (one province, all crops). No choice
between them is right, so what would add them up is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement, product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hub.computing.groups import Parts
from registry.calculation import Method
from registry.columns import Coded
from registry.errors import Invalid
from registry.hierarchy import Tree, hierarchies, tree
from registry.model import Codelist, Structure

Numbers = NDArray[np.int64] | NDArray[np.object_]
TOTAL = "_T"
NOT_APPLICABLE = "_Z"
"""Codes that mean the same in every list. Source: SDMX guidelines for the creation of code lists, generic codes."""

_ADDING = (Method.SUM, Method.MEAN, Method.WEIGHTED_MEAN)


def counted(
    structure: Structure, parts: Parts, frequencies: NDArray[np.str_], goals: Mapping[str, Coded | None], method: Method
) -> NDArray[np.bool_]:
    """bool[p]: the parts that count. ``goals``: the dimensions that are put together, and what becomes of the code of each
    part; None where the dimension is left out.

    :class:`Invalid` FIGURES_OVERLAP where parts that would be added overlap.
    """
    ways = [way for name, goal in goals.items() if (way := _way(structure, parts, name, goal)) is not None]
    if not ways:
        return np.ones(len(parts.rows), dtype=bool)
    lying = _Lying(parts, frequencies, ways)
    kept = lying.outer() if method == Method.SUM else lying.inner()
    if method in _ADDING:
        _Lying(parts.take(kept), frequencies, ways).refuse_overlaps()
    return kept


@dataclass(frozen=True)
class _Way:
    """A dimension whose codes lie in each other.

    above   int64[c, depth]: what each code lies in, -1 for no more
    shared  int64[c, pairs]: beyond the codes, a number for each two that have codes below them in common and do not lie in each
            other; both have it
    size    codes and numbers
    """

    name: str
    above: NDArray[np.int64]
    shared: NDArray[np.int64]
    size: int

    def steps(self, codes: NDArray[np.int32]) -> Iterator[tuple[bool, NDArray[np.int64]]]:
        """The codes themselves, what they lie in, and what they share; said first: whether that is further up."""
        yield False, codes.astype(np.int64)
        for column in self.above.T:
            yield True, column[codes]
        for column in self.shared.T:
            yield False, column[codes]


def _way(structure: Structure, parts: Parts, name: str, goal: Coded | None) -> _Way | None:
    codelist, column = structure.codelists.get(name), parts.keys[name]
    if codelist is None or not len(parts.rows):
        return None
    ends = np.full(len(column.texts), -1)
    ends[column.codes] = 0 if goal is None else goal.codes
    # Codes that become different ones do not meet, nor do codes that do not occur.
    groups = {text: end for text, end in zip(column.texts, ends.tolist(), strict=True) if end >= 0}
    woods = [tree(codelist), *(tree(codelist, each) for each in hierarchies(codelist))]
    above = _above(woods, groups)
    pairs = _crossing(codelist, woods, groups, above) if len(woods) > 1 else []
    if not pairs and not any(above.values()):
        return None
    place, count = {text: code for code, text in enumerate(column.texts)}, len(column.texts)
    shared: dict[str, list[int]] = {}
    for number, pair in enumerate(pairs, count):
        for text in pair:
            shared.setdefault(text, []).append(number)
    lying = {text: [place[upper] for upper in uppers] for text, uppers in above.items()}
    return _Way(name, _table(column.texts, lying), _table(column.texts, shared), count + len(pairs))


def _above(woods: Sequence[Tree], groups: Mapping[str, int]) -> dict[str, dict[str, None]]:
    """What each code lies in, in any of the trees; where two contradict each other the first counts."""
    found: dict[str, dict[str, None]] = {text: {} for text in groups}
    for wood in woods:
        for text, group in groups.items():
            for upper in wood.ancestors(text):
                if groups.get(upper, -1) == group and text not in found[upper]:
                    found[text][upper] = None
    for text in _in_bare_total(woods[0]):
        if TOTAL in groups and groups.get(text, -1) == groups[TOTAL] and text not in found[TOTAL]:
            found[text][TOTAL] = None
    return found


def _in_bare_total(wood: Tree) -> Iterator[str]:
    """The codes that the total of a list holds where nothing stands under it and it stands under nothing: all but what is not
    applicable. So are the lists of SDMX (``CL_SEX``) and many of ministries; without this men, women and all are added up."""
    if TOTAL in wood.parents and wood.parents[TOTAL] is None and not wood.children.get(TOTAL):
        yield from (code for code in wood.parents if code not in (TOTAL, NOT_APPLICABLE))


def _crossing(
    codelist: Codelist, woods: list[Tree], groups: Mapping[str, int], above: Mapping[str, Mapping[str, None]]
) -> list[tuple[str, str]]:
    """Codes that have a code below them in common, and do not lie in each other."""
    found: dict[tuple[str, str], None] = {}
    for item in codelist.items:
        uppers = dict.fromkeys(upper for wood in woods for upper in (item.id, *wood.ancestors(item.id)) if upper in groups)
        for one, other in combinations(sorted(uppers), 2):
            if groups[one] == groups[other] and one not in above[other] and other not in above[one]:
                found[one, other] = None
    return list(found)


def _table(texts: tuple[str, ...], lists: Mapping[str, list[int]]) -> NDArray[np.int64]:
    table = np.full((len(texts), max((len(each) for each in lists.values()), default=0)), -1)
    for code, text in enumerate(texts):
        mine = lists.get(text, [])
        table[code, : len(mine)] = mine
    return table


class _Lying:
    """Numbers for the parts, and for everything that each of them lies in: its codes with some of them further up."""

    def __init__(self, parts: Parts, frequencies: NDArray[np.str_], ways: list[_Way]) -> None:
        self._parts, self._ways = parts, ways
        numbers = parts.numbered(frequencies, but=[way.name for way in ways])
        room = int(numbers.max(initial=0)) + 1
        for way in ways:
            room *= way.size
        self._base: Numbers = numbers if room < 2**62 else numbers.astype(object)
        self._mine = self._number([parts.keys[way.name].codes.astype(np.int64) for way in ways])
        self._known = np.unique(self._mine)

    def outer(self) -> NDArray[np.bool_]:
        """bool[p]: those that lie in no other."""
        keeps = np.ones(len(self._mine), dtype=bool)
        for ups, places, numbers in self._steps():
            if any(ups):
                keeps[places[self._among(numbers)]] = False
        return keeps

    def inner(self) -> NDArray[np.bool_]:
        """bool[p]: those that no other lies in."""
        left = self._known
        for ups, _, numbers in self._steps():
            left = np.setdiff1d(left, numbers) if any(ups) else left
        return np.isin(self._mine, left)

    def refuse_overlaps(self) -> None:
        """Two parts overlap where they go up to the same, each in other dimensions than the other."""
        if len(self._ways) == 1 and not self._ways[0].shared.size:
            return
        found: dict[tuple[bool, ...], list[tuple[NDArray[np.int64], Numbers]]] = {}
        for ups, places, numbers in self._steps():
            found.setdefault(ups, []).append((places, numbers))
        reached = {ups: _Reached(*map(np.concatenate, zip(*each, strict=True))) for ups, each in found.items()}
        for ups, others in combinations_with_replacement(reached, 2):
            if not any(one and other for one, other in zip(ups, others, strict=True)):
                pair = reached[ups].twice() if ups == others else reached[ups].meeting(reached[others])
                if pair is not None:
                    raise Invalid("FIGURES_OVERLAP", first=self._said(pair[0]), second=self._said(pair[1]))

    def _steps(self) -> Iterator[tuple[tuple[bool, ...], NDArray[np.int64], Numbers]]:
        """In which dimensions it goes up, which parts do, and the numbers of what they come to."""
        columns = [way.steps(self._parts.keys[way.name].codes) for way in self._ways]
        for steps in product(*(list(column) for column in columns)):
            codes = [column for _, column in steps]
            places = np.flatnonzero(np.min(codes, axis=0) >= 0)
            yield tuple(up for up, _ in steps), places, self._number([column[places] for column in codes], places)

    def _number(self, codes: list[NDArray[np.int64]], places: NDArray[np.int64] | slice = slice(None)) -> Numbers:
        numbers = self._base[places]
        for way, column in zip(self._ways, codes, strict=True):
            numbers = numbers * way.size + column
        return numbers

    def _among(self, numbers: Numbers) -> NDArray[np.bool_]:
        spots = np.minimum(np.searchsorted(self._known, numbers), len(self._known) - 1)
        found: NDArray[np.bool_] = self._known[spots] == numbers
        return found

    def _said(self, place: int) -> str:
        columns = {way.name: self._parts.keys[way.name] for way in self._ways}
        return ", ".join(f"{name} {column.texts[column.codes[place]]}" for name, column in columns.items())


class _Reached(NamedTuple):
    """What parts go up to: the places of the parts, and numbers."""

    places: NDArray[np.int64]
    numbers: Numbers

    def twice(self) -> tuple[int, int] | None:
        """Two parts that go up to the same."""
        order = np.argsort(self.numbers, kind="stable")
        found = np.flatnonzero(self.numbers[order][1:] == self.numbers[order][:-1])
        return (int(self.places[order[found[0]]]), int(self.places[order[found[0] + 1]])) if len(found) else None

    def meeting(self, others: _Reached) -> tuple[int, int] | None:
        """A part of either that go up to the same."""
        _, mine, theirs = np.intersect1d(self.numbers, others.numbers, return_indices=True)
        return (int(self.places[mine[0]]), int(others.places[theirs[0]])) if len(mine) else None
