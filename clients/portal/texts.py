"""The portal's own words, from ``texts.yml``: everything else a page says comes from the hub."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import yaml

LANGUAGES = ("vi", "en")
"""The first one is spoken to visitors who ask for neither."""


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Key -> language -> text."""
    texts: dict[str, dict[str, str]] = yaml.safe_load((Path(__file__).parent / "texts.yml").read_text(encoding="utf-8"))
    return texts


def in_language(text: str, lang: str) -> str:
    """The half in this language of a text written in both, such as ``Sample data / Số liệu mẫu``; other texts whole."""
    halves = text.split(" / ")
    languages = [_language(half) for half in halves]
    return halves[languages.index(lang)] if sorted(languages) == ["en", "vi"] else text


def _language(text: str) -> str:
    """``vi`` with a letter that no language beside it here has (đ, ơ, ạ, ả), ``en`` without any accent, else nothing.

    Words with a digit, such as the numbers of Vietnamese laws, tell nothing.
    """
    words = " ".join(word for word in text.split() if not any(map(str.isdigit, word)))
    bare = unicodedata.normalize("NFD", words.casefold())
    if any(mark in bare for mark in ("đ", "\N{COMBINING HORN}", "\N{COMBINING DOT BELOW}", "\N{COMBINING HOOK ABOVE}")):
        return "vi"
    return "" if any(map(unicodedata.combining, bare)) else "en"


class Words:
    """The texts in one language. ``words(key, name=value)`` fills the placeholders."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def __call__(self, key: str, **facts: object) -> str:
        return catalogue()[key][self.lang].format_map(facts)

    def known(self, key: str) -> str | None:
        """The text, or None where there is none: for keys made from data."""
        return catalogue().get(key, {}).get(self.lang)


def preferred(accept_language: str) -> str:
    """The language of a visitor without one in the address (RFC 9110, 12.5.4); Vietnamese unless they prefer English."""
    weights = {"vi": 0.0, "en": 0.0}
    for part in accept_language.split(",")[:20]:
        tag, _, parameter = part.partition(";")
        primary = tag.strip().split("-")[0].lower()
        if primary in weights:
            weights[primary] = max(weights[primary], _weight(parameter))
    return "en" if weights["en"] > weights["vi"] else "vi"


def _weight(parameter: str) -> float:
    try:
        return float(parameter.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0
