"""Numbers and units as a reader of the language writes them. Digits are never lost: rounding for display keeps the full text."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from clients.portal.texts import Words

MARKS = {"vi": (".", ","), "en": (",", ".")}
"""Language -> mark between thousands, decimal mark."""

LARGEST_SHOWN = 60
"""Digits beyond which a number is shown as it came."""


def number(text: str, lang: str, decimals: int | None = None) -> str:
    """A decimal text with the marks of the language, rounded to ``decimals`` where it has more; other texts unchanged."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite() or abs(value.adjusted()) > LARGEST_SHOWN or len(text) > LARGEST_SHOWN:
        return text
    if decimals is not None and _places(value) > decimals:
        value = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    thousands, point = MARKS[lang]
    return f"{value:,f}".translate(str.maketrans({",": thousands, ".": point}))


def count(value: int, lang: str) -> str:
    """A whole number with the marks of the language."""
    return number(str(value), lang)


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def unit(words: Words, measure: str | None, exponent: int) -> str:
    """A unit with its power of ten in words: ``nghìn tấn``, ``million US dollars``; empty where nothing is known."""
    times = "" if exponent == 0 else words.known(f"times_{exponent}") or words("times_other", exponent=exponent)
    return " ".join(part for part in (times, _lowered(measure) if times and measure else measure or "") if part)


def _lowered(name: str) -> str:
    """The name inside a phrase: an abbreviation keeps its capitals."""
    return name if name[1:2].isupper() or name[:2].upper() == "US" else name[:1].lower() + name[1:]
