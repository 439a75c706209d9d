"""Words of a vocabulary that a misspelt or inflected word may stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

LEAST = 0.7
"""How like a word must be, from 0 to 1, to be taken for another."""

LOOKED_AT = 16
"""Words that share the most pairs of letters, which are then compared letter by letter."""

TAKEN = 3
"""Words that one misspelt word may stand for."""

INFLECTED = 0.9
"""How like a word is to another form of it."""

ENDINGS = ("", "s", "es", "ies", "i", "e", "ed", "ing", "er", "ers", "or", "ion", "al", "ure")
"""Of English words, folded as in :mod:`registry.coding.words`; Vietnamese ones have none."""

SHORTEST_STEM = 4
SHORTEST_WORD, LONGEST_WORD = 4, 40
"""Letters of a word that are compared: of two or three letters every other syllable of Vietnamese is but one away."""


@dataclass(frozen=True)
class Spelling:
    """The words of a vocabulary by their letters; a word is its place."""

    words: Sequence[str]

    def inflected(self, word: str) -> list[tuple[int, float]]:
        """Other forms of an English word, with how like they are."""
        stems = {word[: len(word) - len(ending)] for ending in ENDINGS if word.endswith(ending)}
        forms = {stem + ending for stem in stems if len(stem) >= SHORTEST_STEM for ending in ENDINGS} - {word}
        return [(place, INFLECTED) for form in forms if (place := self._places.get(form)) is not None]

    def near(self, word: str) -> list[tuple[int, float]]:
        """Words that one that is none of the vocabulary may stand for, the most like first, with how like they are."""
        if len(word) < SHORTEST_WORD:
            return []
        word = word[:LONGEST_WORD]
        liked = [(place, likeness(word, self.words[place])) for place in self._sharing(word)]
        return sorted((one for one in liked if one[1] >= LEAST), key=lambda one: -one[1])[:TAKEN]

    def _sharing(self, word: str) -> list[int]:
        """The words that share the most pairs of letters with one, for their length."""
        lists = [self._holding[pair] for pair in _pairs(word) if pair in self._holding]
        if not lists:
            return []
        shared = np.bincount(np.concatenate(lists), minlength=len(self.words))
        share = shared / (self._lengths + len(word) + 1)
        best = np.argsort(-share, kind="stable")[:LOOKED_AT]
        return [int(place) for place in best if shared[place]]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {word: place for place, word in enumerate(self.words)}

    @cached_property
    def _lengths(self) -> NDArray[np.int64]:
        return np.array([len(word) + 1 for word in self.words], np.int64)

    @cached_property
    def _holding(self) -> dict[str, NDArray[np.int64]]:
        holding: dict[str, list[int]] = {}
        for place, word in enumerate(self.words):
            for pair in set(_pairs(word)):
                holding.setdefault(pair, []).append(place)
        return {pair: np.array(places, np.int64) for pair, places in holding.items()}


def likeness(one: str, other: str) -> float:
    """1 for equal words, less by each letter that is left out, added, changed, or exchanged with its neighbour."""
    longer = max(len(one), len(other))
    return 1 - _distance(one, other) / longer if longer else 1.0


def _distance(one: str, other: str) -> int:
    """Optimal string alignment: the edits between two words."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _pairs(word: str) -> list[str]:
    padded = f"^{word}$"
    return [padded[start : start + 2] for start in range(len(padded) - 1)]
