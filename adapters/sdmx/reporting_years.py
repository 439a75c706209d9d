"""Filters on time by reporting periods of years that do not begin on 1 January: ``reportingYearStartDay`` of SDMX REST 2.2.

A reporting year is called by the year in which it begins, so that 2010-Q3 of years from 1 July on begins on 2011-01-01. Source:
SDMX 3.0 section 6, "Time and Time Format", which computes the days, and the type ReportingTimePeriodType of SDMXCommon.xsd. The
text of SDMX REST names 2010-01-01 in its example of the same question, which is read as a slip of the year.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from adapters.sdmx.filters import Expression
from adapters.sdmx.time_ranges import Ends, by_ends
from registry.errors import Invalid
from registry.period import PER_YEAR, parse_period

START_DAY = "REPORTING_YEAR_START_DAY"
"""The attribute that tells on which day the years of data begin."""

CALENDAR_YEAR = (1, 1)
"""Month and day on which years begin of which nothing else is said."""

_START = re.compile(r"--\d{2}-\d{2}", re.ASCII)
REPORTING = re.compile(r"(\d{4})-([ASTQMWD])(\d{1,3})", re.ASCII)
"""A reporting period: its year, what it is a part of, its number."""

_LEAP_YEAR = 2000
_DAYS = {"W": 7, "D": 1}


def start_day(text: str) -> tuple[int, int]:
    """Month and day of ``--07-01``; else :class:`Invalid` SDMX_BAD_PARAMETER."""
    try:
        found = date.fromisoformat(f"{_LEAP_YEAR}{text[1:]}" if _START.fullmatch(text) else "")
    except ValueError:
        raise Invalid("SDMX_BAD_PARAMETER", name="reportingYearStartDay", found=text[:60], valid="--07-01") from None
    return found.month, found.day


def by_days(wanted: Expression, start: tuple[int, int]) -> Expression:
    """A filter on time with the days of its reporting periods instead of them; other periods stay as they are.

    :class:`Invalid` BAD_PERIOD of a reporting period that no year has.
    """

    def ends(value: str) -> Ends | None:
        if not (match := REPORTING.fullmatch(value)):
            return None
        parse_period(value)
        year, indicator, number = match.groups()
        first, last = days(int(year), indicator, int(number), start)
        return str(first), str(last)

    return by_ends(wanted, ends)


def days(year: int, indicator: str, number: int, start: tuple[int, int]) -> tuple[date, date]:
    """The first and the last day of the period with this number in a reporting year that begins on month and day ``start``."""
    if indicator in _DAYS:
        begin, length = _base(_later(year, start, 0), indicator), _DAYS[indicator]
        return begin + timedelta(days=(number - 1) * length), begin + timedelta(days=number * length - 1)
    months = 12 // PER_YEAR[indicator]
    return _later(year, start, (number - 1) * months), _later(year, start, number * months) - timedelta(days=1)


def _base(begin: date, indicator: str) -> date:
    """Weeks are counted from the Monday nearest to the first day of the year."""
    if indicator != "W":
        return begin
    weekday = begin.weekday()
    return begin + timedelta(days=7 - weekday if weekday >= 4 else -weekday)


def _later(year: int, start: tuple[int, int], months: int) -> date:
    """The start of a year and so many months; the last day of a month that is too short, as XML Schema adds durations."""
    month = start[0] - 1 + months
    year, month = year + month // 12, month % 12 + 1
    return date(year, month, min(start[1], monthrange(year, month)[1]))
