"""Which codes of a list some words may mean, the likeliest first.

How it ranks. Every code is called by *phrases* (its names, index terms, notes: :mod:`registry.coding.phrases`). The *terms* of
a text are its words, the pairs of words next to each other and, for who writes diacritics, its marked words
(:mod:`registry.coding.words`). A term is worth its rarity, ``log(1 + phrases / phrases that hold it)``, times what its kind
is worth. What is asked is compared with each phrase:

- ``asked``: the share of what is asked, by worth, that the phrase has. A term that only the codes above have counts a part
  (:data:`ABOVE`); a word that is not in the list counts by how like the nearest one is (:mod:`registry.coding.spelling`).
- ``said``: the share of the phrase, by worth, that is asked for: so that of two codes with the words the shorter name wins.

The score of a phrase is ``asked * (1 - SAID + SAID * said)`` times what its kind is worth, that of a code its best phrase's,
and where a level is wanted that of the best code below. It lies between 0 and 1 and compares the suggestions for one text; it
is no probability. A text that is itself a code, with or without dots and blanks, means that code: score 1. Of equals the one
that stands first in the list comes first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from registry.coding.phrases import WORTH, Phrase, Why, languages, phrases
from registry.coding.terms import Terms
from registry.errors import Invalid
from registry.hierarchy import check_level, tree
from registry.model import Codelist

SAID = 0.3
"""How much of the score says that the phrase says nothing else."""

LEAST = 0.1
"""Scores below are no suggestions."""

LONGEST_TEXT = 1000
"""Characters of a text that are looked at."""

_BETWEEN = re.compile(r"[\s.\-/]+")

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Match:
    """A code that a text may mean. ``phrase`` is what it was found by, perhaps of a code below it."""

    code: str
    score: float
    why: Why
    phrase: str


@dataclass(frozen=True, eq=False)
class Index:
    """The phrases of a list, by the place of their code, made ready to be compared."""

    codelist: Codelist
    phrases: tuple[Phrase, ...]
    levels: dict[str, Places] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, codelist: Codelist, langs: Sequence[str] = ()) -> Index:
        """The index of a list in some languages, or in all its names have; :class:`Invalid` NO_TEXTS_IN_LANGUAGE."""
        found = tuple(phrases(codelist, langs))
        if langs and codelist.items and not found:
            raise Invalid(
                "NO_TEXTS_IN_LANGUAGE", codelist=str(codelist.ref), found=langs[0][:20], valid=", ".join(languages(codelist))
            )
        return cls(codelist, found)

    def find(self, text: str, level: str | None = None, limit: int = 10) -> tuple[Match, ...]:
        """The codes that a text may mean, at most ``limit``; of one level of the list where one is wanted.

        :class:`registry.errors.Invalid` UNKNOWN_LEVEL for a level that the list does not have.
        """
        shown, text = self._shown(level), text[:LONGEST_TEXT]
        named = self._named(text, shown)
        found = [one for one in self._likely(text, shown, limit) if all(one.code != first.code for first in named)]
        return (*named, *found)[:limit]

    def _named(self, text: str, shown: Places) -> tuple[Match, ...]:
        """The code that the text is."""
        place = self._by_code.get(_BETWEEN.sub("", text).casefold())
        target = -1 if place is None else int(shown[place])
        return () if target < 0 else (Match(self.codelist.items[target].id, 1.0, Why.CODE, text.strip()),)

    def _likely(self, text: str, shown: Places, limit: int) -> list[Match]:
        """The codes with the best phrases."""
        asked, said = self._terms.compared(text)
        scores, targets = asked * (1 - SAID + SAID * said) * self._worth, shown[self._codes]
        scores[targets < 0] = 0.0
        best = np.zeros(len(self.codelist.items))
        np.maximum.at(best, targets, scores)
        order = np.argsort(-best, kind="stable")[:limit]
        return [self._match(int(place), targets, scores) for place in order if best[place] >= LEAST]

    def _match(self, place: int, targets: Places, scores: Floats) -> Match:
        mine = np.flatnonzero(targets == place)
        best = int(mine[np.argmax(scores[mine])])
        phrase = self.phrases[best]
        return Match(self.codelist.items[place].id, round(float(scores[best]), 3), phrase.why, phrase.text)

    def _shown(self, level: str | None) -> Places:
        """By the place of a code that of the one it is shown as; -1 for a code above the level wanted."""
        if level is None:
            return np.arange(len(self.codelist.items))
        if level not in self.levels:
            self.levels[level] = self._on_level(level)
        return self.levels[level]

    def _on_level(self, level: str) -> Places:
        wood = tree(self.codelist)
        check_level(wood, level)
        places = {item.id: place for place, item in enumerate(self.codelist.items)}
        found = (wood.at(item.id, level) for item in self.codelist.items)
        return np.array([-1 if code is None else places[code] for code in found], np.int64)

    @cached_property
    def _terms(self) -> Terms:
        return Terms.of(self.phrases)

    @cached_property
    def _codes(self) -> Places:
        return np.array([phrase.place for phrase in self.phrases], np.int64)

    @cached_property
    def _worth(self) -> Floats:
        return np.array([WORTH[phrase.why] for phrase in self.phrases])

    @cached_property
    def _by_code(self) -> dict[str, int]:
        return {_BETWEEN.sub("", item.id).casefold(): place for place, item in enumerate(self.codelist.items)}
