"""The words of a text as they are compared: whatever spelling of Vietnamese or English somebody uses.

A *word* is folded: no case, no diacritics, ``y`` as ``i`` (``kỹ`` and ``kĩ`` are one word). A *pair* is two words that stand
next to each other: most Vietnamese words have two syllables, and ``cà phê`` is neither ``cà`` nor ``phê``. A *marked* word
keeps its diacritics, wherever in the syllable the tone is written (``hoà``, ``hòa``); it counts for who writes diacritics.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from registry.text import fold

TONES = "\u0300\u0301\u0303\u0309\u0323"
"""The five tone marks of Vietnamese; the other marks belong to its letters."""

REMEMBERED = 50_000
"""Words whose folded form is remembered: a classification has some thousands."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Words:
    """A text as words; ``marked`` holds a form for each of ``plain``, empty where that has no diacritics."""

    plain: tuple[str, ...]
    marked: tuple[str, ...]

    @property
    def has_marks(self) -> bool:
        """Whether who wrote it writes diacritics."""
        return any(self.marked)


def words(text: str) -> Words:
    """The words of a text in their order."""
    found = [_forms(word) for word in _WORD.findall(unicodedata.normalize("NFC", text).casefold())]
    return Words(tuple(plain for plain, _ in found), tuple(marked for _, marked in found))


@lru_cache(REMEMBERED)
def _forms(word: str) -> tuple[str, str]:
    plain = fold(word)
    return plain.replace("y", "i"), "" if plain == word else _marked(word)


def _marked(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    bare = "".join(letter for letter in letters if letter not in TONES)
    return unicodedata.normalize("NFC", bare) + "".join(letter for letter in letters if letter in TONES)
