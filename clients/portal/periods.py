"""Periods as a reader of the language writes them, and as moments for a chart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from clients.portal.texts import Words

OFFICE = ZoneInfo("Asia/Ho_Chi_Minh")
"""Days are told as they are in the statistical office."""

_PATTERNS = {
    "D": re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"),
    "M": re.compile(r"(?P<year>\d{4})-M?(?P<n>\d\d)"),
    "Q": re.compile(r"(?P<year>\d{4})-Q(?P<n>[1-4])"),
    "S": re.compile(r"(?P<year>\d{4})-S(?P<n>[12])"),
    "W": re.compile(r"(?P<year>\d{4})-W(?P<n>\d\d)"),
    "A": re.compile(r"(?P<year>\d{4})(-A1)?"),
}
_MONTHS = {"A": 12, "S": 6, "Q": 3, "M": 1}


@dataclass(frozen=True)
class Period:
    """A period as the hub spells it. ``start``: its first day; None where the spelling is none of those known here."""

    text: str
    frequency: str = ""
    start: date | None = None
    year: int = 0
    n: int = 1

    @property
    def order(self) -> tuple[str, str, str]:
        """By time; a year stands before its quarters and months."""
        coarse = list(_PATTERNS)[::-1].index(self.frequency) if self.frequency else 9
        return (self.start.isoformat() if self.start else self.text, str(coarse), self.text)

    def label(self, words: Words) -> str:
        """As a column heading: ``01/2025``, ``Quý 1/2025``, ``Jan 2025``, ``2025``."""
        if self.start is None or self.frequency == "A":
            return str(self.year) if self.start else self.text
        if self.frequency == "D":
            return day(self.start, words)
        month = words(f"month_{self.n}") if self.frequency == "M" else ""
        return words(f"period_{self.frequency}", n=self.n, year=self.year, month=month)


def read(text: str) -> Period:
    """A period from its SDMX spelling."""
    for frequency, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(text):
            year, n = int(found["year"]), int(found.groupdict().get("n") or 1)
            try:
                return Period(text, frequency, _start(frequency, year, n, found), year, n)
            except ValueError:
                break
    return Period(text)


def _start(frequency: str, year: int, n: int, found: re.Match[str]) -> date:
    if frequency == "D":
        return date(year, int(found["month"]), int(found["day"]))
    if frequency == "W":
        return date.fromisocalendar(year, n, 1)
    return date(year, (n - 1) * _MONTHS[frequency] + 1, 1)


def suggested(start: Period, end: Period, frequency: str, most: int = 600) -> list[str]:
    """The periods of a frequency from one to another, newest first, for a reader to pick from."""
    months = _MONTHS.get(frequency)
    if months is None or start.start is None or end.start is None:
        return []
    places = 12 // months
    last_month = end.start.month + _MONTHS.get(end.frequency, 1) - 1
    first, last = start.year * places + (start.start.month - 1) // months, end.year * places + (last_month - 1) // months
    return [_spelled(frequency, *divmod(at, places)) for at in range(last, first - 1, -1)][:most]


def _spelled(frequency: str, year: int, place: int) -> str:
    if frequency == "A":
        return f"{year:04}"
    return f"{year:04}-{place + 1:02}" if frequency == "M" else f"{year:04}-{frequency}{place + 1}"


def day(moment: date | datetime, words: Words) -> str:
    """A day: ``01/07/2025`` or ``1 July 2025``; moments as they are in the office."""
    local = moment.astimezone(OFFICE) if isinstance(moment, datetime) else moment
    return words(
        "day",
        day=f"{local.day:02}",
        d=local.day,
        month=f"{local.month:02}",
        name=words(f"month_name_{local.month}"),
        year=local.year,
    )


def moment(value: datetime, words: Words) -> str:
    """A day with the time of day, as it is in the office."""
    local = value.astimezone(OFFICE)
    return f"{day(value, words)}, {local:%H:%M}"
