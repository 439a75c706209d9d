"""The terms of phrases, what each is worth, and how much of a text and of each phrase agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from registry.coding.phrases import Phrase
from registry.coding.spelling import Spelling
from registry.coding.words import Words, words

PAIR, MARKED = 0.5, 0.4
"""What a pair of words and a marked word are worth besides the words themselves."""

ABOVE = 0.5
"""How much of a term counts that only the codes above have."""

LATER = 0.15
"""By how much each word is worth less of a phrase than the one before: names begin with what they name."""

REMEMBERED = 20_000
"""Words whose phrases are remembered."""

_MARK = "="
"""What stands before marked words, so that they are other terms than the plain ones."""

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

_NOWHERE: Places = np.zeros(0, np.int64)
_NOTHING: Floats = np.zeros(0)


@dataclass(frozen=True, slots=True)
class Found:
    """The phrases that have a word or something like it: ``value`` how much of it, ``own`` what it is worth in them."""

    phrases: Places
    value: Floats
    own: Floats
    worth: float


@dataclass(frozen=True, eq=False)
class Terms:
    """Terms by number. Of each the phrases from ``starts`` to the next start, in ``phrases``; ``values`` are 1 or ABOVE,
    ``said`` what it is worth of the phrase. ``own`` is what the plain words and pairs of each phrase are worth of it together,
    ``marks`` its marked words.
    """

    numbers: dict[str, int]
    starts: Places
    phrases: Places
    values: Floats
    said: Floats
    worth: Floats
    own: Floats
    marks: Floats
    remembered: dict[str, Found | None] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, given: Sequence[Phrase]) -> Terms:
        """The terms of some phrases."""
        numbers: dict[str, int] = {}
        texts: dict[str, tuple[Places, Floats]] = {}

        def read(text: str) -> tuple[Places, Floats]:
            if text not in texts:
                texts[text] = _weighed(numbers, words(text))
            return texts[text]

        own = [read(phrase.text) for phrase in given]
        above = [np.setdiff1d(read(phrase.above)[0], mine, True) for phrase, (mine, _) in zip(given, own, strict=True)]
        weights = np.concatenate([_NOTHING, *(each for _, each in own)])
        return cls._ordered(numbers, [each for each, _ in own], above, weights)

    @classmethod
    def _ordered(cls, numbers: dict[str, int], held: list[Places], above: list[Places], weights: Floats) -> Terms:
        count = len(held)
        terms = np.concatenate([_NOWHERE, *held, *above])
        phrases = np.concatenate([np.repeat(np.arange(count), list(map(len, part))) for part in (held, above)])
        values = np.where(np.arange(len(terms)) < len(weights), 1.0, ABOVE)
        kinds = np.array([_kind(term) for term in numbers])
        worth = np.log1p(count / np.maximum(np.bincount(terms, minlength=len(numbers)), 1)) * kinds
        said = np.concatenate([weights, np.zeros(len(terms) - len(weights))]) * worth[terms]
        marked = (kinds == MARKED)[terms]
        own, marks = (np.bincount(phrases[one], weights=said[one], minlength=count) for one in (~marked, marked))
        order = np.argsort(terms, kind="stable")
        starts = np.cumsum([0, *np.bincount(terms, minlength=len(numbers))])
        return cls(
            numbers, starts, phrases[order], values[order], said[order], worth, own.astype(np.float64), marks.astype(np.float64)
        )

    def compared(self, text: str) -> tuple[Floats, Floats]:
        """Of each phrase, the share of the text that it has and the share of it that the text has."""
        spoken = words(text)
        asked, said, total = np.zeros(len(self.own)), np.zeros(len(self.own)), 0.0
        for found in self._asked(spoken):
            asked[found.phrases] += found.worth * found.value
            said[found.phrases] += found.own
            total += found.worth
        whole = self.own + self.marks if spoken.has_marks else self.own
        return asked / (total or 1.0), np.minimum(said / np.maximum(whole, 1e-9), 1.0)

    def _asked(self, spoken: Words) -> Iterator[Found]:
        plain = self._mended(spoken.plain)
        read = [(word, self._word(word)) for word in plain]
        for found in dict(read).values():
            yield found or Found(_NOWHERE, _NOTHING, _NOTHING, self._usual)
        nearest = tuple(self._nearest(word) for word in plain)
        for term in dict.fromkeys([*_paired(nearest), *(_MARK + word for word in spoken.marked if word)]):
            if term in self.numbers:
                yield self._exact(self.numbers[term])

    def _mended(self, plain: Sequence[str]) -> list[str]:
        """The words with those parted that were written as one (``caphe``), and those joined that the list has as one."""
        mended: list[str] = []
        for word in plain:
            if word not in self.numbers and word in self._joined_pairs:
                mended.extend(self._joined_pairs[word])
            elif mended and f"{mended[-1]} {word}" not in self.numbers and mended[-1] + word in self.numbers:
                mended[-1] += word
            else:
                mended.append(word)
        return mended

    def _word(self, word: str) -> Found | None:
        """The phrases with a word, with another form of it, or, where it is none of the list, with those it may stand for."""
        if word not in self.remembered:
            if len(self.remembered) >= REMEMBERED:
                self.remembered.clear()
            self.remembered[word] = _merged([(self._exact(number), likeness) for number, likeness in self._standing_for(word)])
        return self.remembered[word]

    def _standing_for(self, word: str) -> list[tuple[int, float]]:
        number = self.numbers.get(word)
        forms = [(self.numbers[self._plain[place]], likeness) for place, likeness in self._spelling.inflected(word)]
        if number is not None:
            return [(number, 1.0), *forms]
        near = self._spelling.near(word) if not forms else []
        return forms or [(self.numbers[self._plain[place]], likeness) for place, likeness in near]

    def _nearest(self, word: str) -> str:
        """The word of the list that a word stands for in pairs."""
        if word in self.numbers:
            return word
        best = self._standing_for(word)[:1]
        return self._names[best[0][0]] if best else word

    def _exact(self, number: int) -> Found:
        part = slice(self.starts[number], self.starts[number + 1])
        return Found(self.phrases[part], self.values[part], self.said[part], float(self.worth[number]))

    @cached_property
    def _plain(self) -> list[str]:
        return [term for term in self.numbers if _kind(term) == 1]

    @cached_property
    def _names(self) -> list[str]:
        return list(self.numbers)

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self._plain)

    @cached_property
    def _joined_pairs(self) -> dict[str, list[str]]:
        return {term.replace(" ", ""): term.split(" ") for term in self.numbers if " " in term}

    @cached_property
    def _usual(self) -> float:
        """What a word is worth that is nowhere in the list."""
        known = self.worth[[self.numbers[word] for word in self._plain]]
        return float(np.median(known)) if len(known) else 1.0


def _weighed(numbers: dict[str, int], spoken: Words) -> tuple[Places, Floats]:
    """The numbers of the terms of a text, new ones too, and the weight that their first place in it gives them."""
    places: dict[int, int] = {}
    marked = ((place, _MARK + word) for place, word in enumerate(spoken.marked) if word)
    for place, term in (*enumerate(spoken.plain), *enumerate(_paired(spoken.plain)), *marked):
        places.setdefault(numbers.setdefault(term, len(numbers)), place)
    return np.array([*places], np.int64), 1 / (1 + LATER * np.array([*places.values()], np.float64))


def _paired(plain: Sequence[str]) -> list[str]:
    return [f"{one} {other}" for one, other in pairwise(plain)]


def _kind(term: str) -> float:
    if term.startswith(_MARK):
        return MARKED
    return PAIR if " " in term else 1.0


def _merged(given: list[tuple[Found, float]]) -> Found | None:
    """The phrases with any of some words: each with the word that is there most, by how like it is to the one asked for."""
    if not given:
        return None
    if len(given) == 1 and given[0][1] == 1:
        return given[0][0]
    phrases = np.concatenate([found.phrases for found, _ in given])
    value = np.concatenate([found.value * likeness for found, likeness in given])
    own = np.concatenate([found.own for found, _ in given])
    order = np.lexsort((-value, phrases))
    first = order[np.flatnonzero(np.diff(phrases[order], prepend=-1))]
    return Found(phrases[first], value[first], own[first], max(found.worth * likeness for found, likeness in given))
