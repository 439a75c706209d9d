"""Codes used outside their time: a code means nothing but in its version, and a version only while it holds.

A code is valid in a period when at least one day of the period lies in its own validity, and where the code has none in that of
its version. An annual figure of the year in which a version was replaced may stand under either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from registry.classification.versions import version_at
from registry.model import Item, ItemScheme, day
from registry.period import Period
from registry.ref import Ref

Span = tuple[date, date]
"""First and last day."""

ALWAYS: Span = (date.min, date.max)


@dataclass(frozen=True, slots=True)
class Outside:
    """A code used in a period in which it was not valid. ``instead``: the version that held then, where one is known."""

    code: str
    period: Period
    span: Span
    instead: Ref | None


def span(version: ItemScheme, item: Item) -> Span:
    """The days on which a code of a version may be used, as far as either says."""
    start = day(item.valid_from) or day(version.valid_from) or date.min
    return start, day(item.valid_to) or day(version.valid_to) or date.max


def spans(version: ItemScheme) -> Mapping[str, Span]:
    """The days of every code that may not be used always: empty for a list without any validity."""
    found = {item.id: span(version, item) for item in version.items}
    return {code: days for code, days in found.items() if days != ALWAYS}


def outside(version: ItemScheme, used: Iterable[tuple[str, Period]], members: Iterable[ItemScheme] = ()) -> Iterator[Outside]:
    """The uses that lie outside of the time of their codes, in the order given. ``members``: the versions of the family, to
    tell which one held. A code that the version does not have is another matter and passed over."""
    days, others = spans(version), tuple(members)
    for code, period in used:
        first, last = days.get(code, ALWAYS)
        start, end = period.start.date(), (period.end - timedelta(microseconds=1)).date()
        if end < first or last < start:
            other = version_at(others, start)
            known = other is not None and other.ref != version.ref
            yield Outside(code, period, (first, last), other.ref if other and known else None)
