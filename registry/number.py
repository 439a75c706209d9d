"""Numbers as plain decimal text: no exponent, no plus sign, every digit kept.

Source: the lexical forms of ``xs:decimal`` and ``xs:double`` (XML Schema part 2), without INF and NaN, which are no numbers.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal

LONGEST = 400
"""Digits a number may have when written out; the largest double has 309."""

DIGITS = 12
"""Significant digits of what does not come out exactly: a mean, a percentage, a rebased index."""

ROUNDING = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, Emax=10**6, Emin=-(10**6))

_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_NEGATIVE_ZERO = re.compile(r"-0(?:\.0+)?")


def plain_number(text: str) -> str | None:
    """The same number as plain decimal text, trailing zeros kept; None for what is not a number or longer than ``LONGEST``.

    ``Decimal(plain_number(text)) == Decimal(text)`` always holds; a text that is plain already comes back unchanged.
    """
    if len(text) > LONGEST:
        return None
    if not _PLAIN.fullmatch(text):
        return _written_out(text.strip(" \t\r\n"))
    return text[1:] if text[0] == "-" and _NEGATIVE_ZERO.fullmatch(text) else text


def _written_out(text: str) -> str | None:
    if not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    _, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or len(digits) + abs(exponent) > LONGEST:
        return None
    return f"{abs(number) if number.is_zero() else number:f}"


def plain(text: str) -> str:
    """The one way a number is written here: no exponent, no needless zero, no plus, no minus before zero."""
    if text.isdecimal() and text.isascii() and (text[0] != "0" or text == "0"):
        return text
    spelled = plain_number(text) or text
    if "." in spelled:
        spelled = spelled.rstrip("0").rstrip(".")
    return spelled


def plain_float(number: float) -> str:
    """The shortest text of a float, written as :func:`plain` does."""
    text = repr(number)
    if "e" in text:
        return plain(text)
    return text[:-2].replace("-0", "0") if text.endswith(".0") and abs(number) < 1 else text.removesuffix(".0")
