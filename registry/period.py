"""Time periods as a frequency and a whole number, so that a series can be packed and periods compared.

The ordinal counts periods of that frequency: years since 0 for A, year*4+quarter for Q, and so on; days and weeks count from
0001-01-01. Source: SDMX 3.0 section 6, "Time and Time Format", including Gregorian (``2024-03``) and reporting
(``2024-M03``) spellings, which mean the same period and are written the Gregorian way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from registry.errors import Invalid

PER_YEAR = {"A": 1, "S": 2, "T": 3, "Q": 4, "M": 12}
"""Frequencies that divide the year evenly."""

NO_TIME = "_"
"""Frequency of the single observation of a structure without time."""

INSTANT = "I"
"""A date-time; its ordinal counts seconds since 0001-01-01T00:00:00."""

FREQUENCIES = (*PER_YEAR, "W", "D", INSTANT)

NESTED = {
    "A": ("S", "T", "Q", "M", "D"),
    "S": ("Q", "M", "D"),
    "T": ("M", "D"),
    "Q": ("M", "D"),
    "M": ("D",),
    "W": ("D",),
}
"""Frequencies whose periods lie each in one period of a longer one."""

LAST_YEAR = 9998
"""So that the moment after every period is still a date."""

_LONGEST = {"A": 1, "S": 2, "T": 3, "Q": 4, "M": 12, "W": 53, "D": 366}
_SHAPES = (
    (re.compile(r"(\d{4})", re.ASCII), "A"),
    (re.compile(r"(\d{4})-(\d{2})", re.ASCII), "M"),
    (re.compile(r"(\d{4})-([ASTQMWD])(\d{1,3})", re.ASCII), "REPORTING"),
    (re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII), "D"),
    (re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", re.ASCII), INSTANT),
)
_DAY_FREQUENCIES = {"B": "D", "N": "I", "H": "I"}
"""FREQ codes whose periods are written as days or instants: business days, minutes, hours."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One period: compare only periods of one frequency by their ordinal."""

    frequency: str
    ordinal: int

    def __str__(self) -> str:
        return period_text(self.frequency, self.ordinal)

    @property
    def start(self) -> datetime:
        return period_start(self.frequency, self.ordinal)

    @property
    def end(self) -> datetime:
        """The first moment after the period."""
        return period_start(self.frequency, self.ordinal + 1)


@lru_cache(maxsize=65_536)
def parse_period(text: str) -> Period:
    """Read a period in any SDMX spelling; else :class:`Invalid` BAD_PERIOD."""
    for shape, name in _SHAPES:
        if match := shape.fullmatch(text):
            try:
                return _build(name, match, text)
            except ValueError:
                break
    raise Invalid("BAD_PERIOD", found=text[:40])


def _build(name: str, match: re.Match[str], text: str) -> Period:
    if int(text[:4]) > LAST_YEAR:
        raise ValueError(text)
    if name == INSTANT:
        return Period(INSTANT, int((datetime.fromisoformat(text) - datetime.min).total_seconds()))
    if name == "D":
        return Period("D", date.fromisoformat(text).toordinal())
    year = int(match.group(1))
    if year < 1:
        raise ValueError(text)
    if name == "REPORTING":
        return _reporting(year, match.group(2), int(match.group(3)))
    return _reporting(year, name, int(match.group(2)) if name == "M" else 1)


def _reporting(year: int, frequency: str, number: int) -> Period:
    if not 1 <= number <= _LONGEST[frequency]:
        raise ValueError(number)
    if frequency == "W":
        return Period("W", (date.fromisocalendar(year, number, 1).toordinal() - 1) // 7)
    if frequency == "D":
        day = date(year, 1, 1) + timedelta(days=number - 1)
        if day.year != year:
            raise ValueError(number)
        return Period("D", day.toordinal())
    return Period(frequency, year * PER_YEAR[frequency] + number - 1)


def period_text(frequency: str, ordinal: int) -> str:
    """The period as SDMX writes it; empty for a structure without time."""
    if frequency == "M":
        return f"{ordinal // 12:04d}-{ordinal % 12 + 1:02d}"
    if frequency == "A":
        return f"{ordinal:04d}"
    if frequency in PER_YEAR:
        count = PER_YEAR[frequency]
        return f"{ordinal // count:04d}-{frequency}{ordinal % count + 1}"
    if frequency == "W":
        year, week, _ = date.fromordinal(ordinal * 7 + 1).isocalendar()
        return f"{year:04d}-W{week:02d}"
    if frequency == "D":
        return date.fromordinal(ordinal).isoformat()
    return "" if frequency == NO_TIME else period_start(frequency, ordinal).isoformat()


def period_start(frequency: str, ordinal: int) -> datetime:
    """The first moment of a period."""
    if frequency in PER_YEAR:
        count = PER_YEAR[frequency]
        return datetime(ordinal // count, (ordinal % count) * (12 // count) + 1, 1)
    if frequency == "W":
        return datetime.fromordinal(ordinal * 7 + 1)
    if frequency == "D":
        return datetime.fromordinal(ordinal)
    return datetime.min + timedelta(seconds=ordinal)


def frequency_of_code(code: str) -> str:
    """The period frequency a FREQ code asks for: ``B`` (business days) is written as days, ``H`` as instants."""
    return _DAY_FREQUENCIES.get(code, code[:1])


@dataclass(frozen=True, slots=True)
class PeriodRange:
    """Periods that begin in ``start``, in ``end`` or between; compared by the calendar so that any frequency fits."""

    start: Period | None = None
    end: Period | None = None

    def ordinals(self, frequency: str) -> tuple[int | None, int | None]:
        """The first and last ordinal of that frequency that lie inside, each None when open."""
        low = first_from(frequency, self.start.start) if self.start else None
        high = first_from(frequency, self.end.end) - 1 if self.end else None
        return low, high

    def whole(self, frequency: str) -> tuple[int | None, int | None]:
        """The first and last ordinal of the periods that lie inside from beginning to end: what replacing a range replaces."""
        low, _ = self.ordinals(frequency)
        high = containing(frequency, self.end.end) - 1 if self.end else None
        return low, high


def first_from(frequency: str, moment: datetime) -> int:
    """The ordinal of the first period of that frequency that starts at or after the moment."""
    ordinal = containing(frequency, moment)
    return ordinal if period_start(frequency, ordinal) >= moment else ordinal + 1


def containing(frequency: str, moment: datetime) -> int:
    """The ordinal of the period of that frequency which holds the moment."""
    if frequency in PER_YEAR:
        count = PER_YEAR[frequency]
        return moment.year * count + (moment.month - 1) * count // 12
    if frequency == "W":
        return (moment.toordinal() - 1) // 7
    if frequency == "D":
        return moment.toordinal()
    return int((moment - datetime.min).total_seconds())
