"""Numbers and units as a reader of the language writes them. Where a number is rounded, its cell keeps the full text."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from clients.portal.texts import Words

MARKS = {"vi": ".,", "en": ",."}
"""Language -> mark between thousands, decimal mark."""

LARGEST_SHOWN = 25
"""Digits beyond which a number is shown as it came."""


def number(text: str, lang: str, decimals: int | None = None) -> str:
    """A decimal text with the marks of the language, shown with ``decimals`` places where given; other texts unchanged."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite() or abs(value.adjusted()) > LARGEST_SHOWN:
        return text
    if decimals is not None:
        value = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    return f"{value:,f}".translate(str.maketrans(",.", MARKS[lang]))


def count(value: int, lang: str) -> str:
    """A whole number with the marks of the language."""
    return number(str(value), lang)


def unit(words: Words, measure: str | None, exponent: int) -> str:
    """A unit with its power of ten in words: ``nghìn tấn``, ``million US dollars``; empty where nothing is known."""
    times = "" if exponent == 0 else words.known(f"times_{exponent}") or words("times_other", exponent=exponent)
    return " ".join(part for part in (times, _lowered(measure, words.lang) if times and measure else measure or "") if part)


def _lowered(name: str, lang: str) -> str:
    """The name inside a phrase. Abbreviations keep their capitals, and so do English names of several words."""
    keeps = name[1:2].isupper() or (lang == "en" and " " in name)
    return name if keeps else name[:1].lower() + name[1:]
