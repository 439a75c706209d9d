"""Numbers and units as a reader of the language writes them. Where a number is rounded, its cell keeps the full text."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from clients.portal.texts import Words

MARKS = {"vi": ".,", "en": ",."}
"""Language -> mark between thousands, decimal mark."""

LARGEST_SHOWN = 25
"""Digits beyond which a number is shown as it came."""

TELLING, MOST_PLACES = 12, 8
"""Digits that tell something in a number with more decimals than MOST_PLACES: binary arithmetic left the others."""


def places(text: str) -> int | None:
    """How many decimals to show where nobody says: fewer than there are for ``136.63999999999999``; None for all."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    exponent = value.as_tuple().exponent
    if not value or not isinstance(exponent, int) or -exponent <= MOST_PLACES or value.adjusted() > LARGEST_SHOWN:
        return None
    rounded = round(value, max(TELLING - 1 - value.adjusted(), 0)).normalize()
    return max(-int(rounded.as_tuple().exponent), 0)


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


def percent(share: str, lang: str) -> str:
    """A share of 1 in percent with two places. What is not all is never shown as all, and not nothing never as nothing."""
    value = Decimal(share)
    shown = max(min(value, Decimal("0.9999")), Decimal("0.0001")) if 0 < value < 1 else value
    sign = "< " if shown > value else "> " if shown < value else ""
    return f"{sign}{number(str(shown * 100), lang, 2)}\N{NO-BREAK SPACE}%"


def signed(text: str, lang: str, decimals: int | None = None) -> str:
    """A number with a plus or a minus before it; nought has neither."""
    shown = number(text.removeprefix("-"), lang, places(text) if decimals is None else decimals)
    if not any(digit in shown for digit in "123456789"):
        return shown
    return ("\N{MINUS SIGN}" if text.startswith("-") else "+") + shown


class Count(str):
    """A whole number as text; in a text ``{count:code|codes}`` stands for the word that goes with it."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        one, mark, many = spec.partition("|")
        return (one if self == "1" else many) if mark else super().__format__(spec)


def count(value: int, lang: str) -> Count:
    """A whole number with the marks of the language."""
    return Count(number(str(value), lang))


def unit(words: Words, measure: str | None, exponent: int) -> str:
    """A unit with its power of ten in words: ``nghìn tấn``, ``million US dollars``; empty where nothing is known."""
    times = "" if exponent == 0 else words.known(f"times_{exponent}") or words("times_other", exponent=exponent)
    return " ".join(part for part in (times, _lowered(measure, words.lang) if times and measure else measure or "") if part)


def _lowered(name: str, lang: str) -> str:
    """The name inside a phrase. Abbreviations keep their capitals, and so do English names of several words."""
    keeps = name[1:2].isupper() or (lang == "en" and " " in name)
    return name if keeps else name[:1].lower() + name[1:]
