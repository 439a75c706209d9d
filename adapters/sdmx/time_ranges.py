"""Time ranges in filters on time: ``2025-01-01/P3M`` is what begins from 1 January on and before 1 April.

A range is compared as section 6 compares periods: ``gt`` is what begins after its last moment, ``ge`` on or after its first,
``le`` on or before its last, ``lt`` before its first. ``startPeriod`` and ``endPeriod`` of 1.x are of the type
StandardTimePeriodType, which has no ranges.

Source: SDMX 3.1 SDMXCommon.xsd, TimeRangeType (the type ObservationalTimePeriodType of TIME_PERIOD has it); SDMX 3.0 section 6,
"Distinct Range"; XML Schema part 2, appendix E, for the sum of a moment and a duration.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import product
from math import ceil

from adapters.sdmx.filters import Expression, Term, without_zone
from registry.errors import Invalid
from registry.period import LAST_YEAR

Ends = tuple[str, str]
"""The first and the last period inside."""

_RANGE = re.compile(
    r"([^/]+)/P(?=.)(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})D)?(?:T(?=.)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?",
    re.ASCII,
)
_LAST = datetime(LAST_YEAR, 12, 31, 23, 59, 59)


def by_ends(wanted: Expression, ends: Callable[[str], Ends | None]) -> Expression:
    """A filter on time with the first and last periods of some of its values instead of them; other values stay as they are."""
    return tuple(
        tuple(term for part in parts for term in part)
        for group in wanted
        for parts in product(*(_alternatives(term, ends) for term in group))
    )


def _alternatives(term: Term, ends: Callable[[str], Ends | None]) -> list[tuple[Term, ...]]:
    operator, value = term
    if operator not in _ORDERED or (found := ends(value)) is None:
        return [(term,)]
    first, last = found
    if operator == "eq":
        return [(("ge", first), ("le", last))]
    if operator == "ne":
        return [(("lt", first),), (("gt", last),)]
    return [((operator, first if operator in ("ge", "lt") else last),)]


_ORDERED = ("eq", "ne", "lt", "le", "gt", "ge")


def range_ends(text: str) -> Ends | None:
    """The first and the last second of a range; None of what is none. :class:`Invalid` BAD_PERIOD of one that is never."""
    if "/" not in text:
        return None
    try:
        start, end = _read(text)
    except (ValueError, OverflowError):
        raise Invalid("BAD_PERIOD", found=text[:40]) from None
    return start.isoformat(), end.isoformat()


def _read(text: str) -> tuple[datetime, datetime]:
    match = _RANGE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    begin, *parts = match.groups()
    years, months, days, hours, minutes = (int(part or 0) for part in parts[:-1])
    start = _moment(without_zone(begin))
    seconds = timedelta(days=days, hours=hours, minutes=minutes, seconds=ceil(Fraction(parts[-1] or 0)))
    if start.year > LAST_YEAR:
        raise ValueError(text)
    return start, _sum(start, years * 12 + months, seconds) - timedelta(seconds=1)


def _moment(text: str) -> datetime:
    """A date or a date-time."""
    return datetime.fromisoformat(text) if "T" in text else datetime.combine(date.fromisoformat(text), datetime.min.time())


def _sum(start: datetime, months: int, rest: timedelta) -> datetime:
    """A moment and a duration: its months first, to the last day of a month that is too short; what has no end ends last."""
    place = start.month - 1 + months
    year, month = start.year + place // 12, place % 12 + 1
    if year > LAST_YEAR:
        return _LAST + timedelta(seconds=1)
    moved = start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))
    return moved + min(rest, _LAST + timedelta(seconds=1) - moved)
