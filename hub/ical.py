"""The release calendar as an iCalendar file, for the calendars people have on their desks and phones.

Source: RFC 5545 (3.1 lines of at most 75 octets, 3.3.11 escaped texts, 3.6.1 events, 3.8.1.11 status, 3.8.7 change management);
RFC 7986 (NAME, SOURCE, REFRESH-INTERVAL).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from registry.publishing import Planned, PlannedChange
from registry.ref import Ref
from registry.text import pick

_WORDS = {
    "calendar": {"vi": "Lịch công bố số liệu thống kê", "en": "Statistical release calendar"},
    "periods": {"vi": "Kỳ số liệu", "en": "Periods"},
    "basis": {"vi": "Căn cứ", "en": "Legal basis"},
    "planned": {"vi": "Công bố lịch", "en": "Announced"},
    "moved": {"vi": "Dời sang", "en": "Moved to"},
    "cancelled": {"vi": "Hủy", "en": "Cancelled"},
}
_LONGEST = 75
"""Octets of a line, without its end."""


def calendar_file(entries: Iterable[Planned], lang: str, address: Callable[[Ref], str]) -> bytes:
    """The whole file; the same entries always give the same bytes. ``address`` leads to the page of a dataflow."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//National statistical data hub//Release calendar//EN"]
    lines += ["CALSCALE:GREGORIAN", "METHOD:PUBLISH", f"NAME:{escaped(_WORDS['calendar'][lang])}"]
    lines += ["REFRESH-INTERVAL;VALUE=DURATION:PT1H"]
    for entry in entries:
        lines += _event(entry, lang, address(entry.dataflow))
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event(entry: Planned, lang: str, url: str) -> Iterator[str]:
    changed = _utc(entry.changes[-1].at)
    yield from ("BEGIN:VEVENT", f"UID:{entry.id}@release-calendar", f"DTSTAMP:{changed}", f"LAST-MODIFIED:{changed}")
    # A client that has an older copy takes the new one by the number of changes made since.
    yield from (f"SEQUENCE:{len(entry.changes) - 1}", f"CREATED:{_utc(entry.changes[0].at)}")
    yield f"DTSTART:{_utc(entry.moment)}"
    yield f"SUMMARY;LANGUAGE={lang}:{escaped(pick(entry.names, lang))} ({escaped(', '.join(entry.periods))})"
    yield f"DESCRIPTION;LANGUAGE={lang}:{escaped(_description(entry, lang))}"
    yield f"URL:{url}"
    yield f"STATUS:{'CANCELLED' if entry.state == 'cancelled' else 'CONFIRMED'}"
    yield from ("TRANSP:TRANSPARENT", "END:VEVENT")


def _description(entry: Planned, lang: str) -> str:
    periods, basis = ", ".join(entry.periods), pick(entry.legal_basis, lang)
    said = [f"{_WORDS['periods'][lang]}: {periods}", f"{_WORDS['basis'][lang]}: {basis}"]
    return "\n".join([*said, *(_step(change, lang) for change in entry.changes)])


def _step(change: PlannedChange, lang: str) -> str:
    """One line of the entry's history: old dates stay readable."""
    moment = f"{change.moment:%Y-%m-%d %H:%M}"
    what = _WORDS[change.state][lang] if change.state == "cancelled" else f"{_WORDS[change.state][lang]} {moment}"
    return f"{what}: {pick(change.reasons, lang)}" if change.reasons else what


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A text as a value of type TEXT."""
    for char in "\\;,":
        text = text.replace(char, "\\" + char)
    return text.replace("\r\n", "\\n").replace("\n", "\\n")


def folded(line: str) -> bytes:
    """A line with its end, cut where it is longer than 75 octets; never inside a character."""
    parts, start, size = [], 0, 0
    for at, char in enumerate(line):
        octets = len(char.encode())
        if size + octets > _LONGEST:
            parts.append(line[start:at])
            start, size = at, 1
        size += octets
    return "\r\n ".join([*parts, line[start:]]).encode() + b"\r\n"
