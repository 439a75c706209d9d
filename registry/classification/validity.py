"""Codes used outside their time: a code means nothing but in its version, and a version only while it holds.

A code is valid in a period when at least one day of the period lies in its own validity, and where the code has none in that of
its version. An annual figure of the year in which a version was replaced may stand under either.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from registry.model import Item, ItemScheme, day

Span = tuple[date, date]
"""First and last day."""

ALWAYS: Span = (date.min, date.max)


def span(version: ItemScheme, item: Item) -> Span:
    """The days on which a code of a version may be used, as far as either says."""
    start = day(item.valid_from) or day(version.valid_from) or date.min
    return start, day(item.valid_to) or day(version.valid_to) or date.max


def spans(version: ItemScheme) -> Mapping[str, Span]:
    """The days of every code that may not be used always: empty for a list without any validity."""
    found = {item.id: span(version, item) for item in version.items}
    return {code: days for code, days in found.items() if days != ALWAYS}
