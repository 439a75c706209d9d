"""Names in several languages, and search without regard to Vietnamese diacritics."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

Names = Mapping[str, str]
"""Language tag -> text."""

FALLBACK = ("vi", "en")


def pick(names: Names, lang: str | None = None) -> str:
    """The text in the language wanted, else Vietnamese, else English, else any; empty when there is none."""
    wanted = (lang, (lang or "").split("-")[0], *FALLBACK)
    for tag in wanted:
        if tag and tag in names:
            return names[tag]
    return next(iter(names.values()), "")


def fold(text: str) -> str:
    """Lower case without diacritics, so that ``ha noi`` finds ``Hà Nội`` and ``da nang`` finds ``Đà Nẵng``."""
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(char for char in bare if not unicodedata.combining(char))


def matches(query: str, *texts: str) -> bool:
    """Whether every word of the query stands somewhere in the texts."""
    haystack = fold(" ".join(texts))
    return all(word in haystack for word in fold(query).split())
