"""A request's text: path segments and parameters, decoded once and never as a form (``+`` stays ``+``).

Source: SDMX REST 1.5.0 and 2.2; what is left over after all known parameters were taken is an error, because a mistyped
``startPeriods`` would silently give everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from registry.errors import Invalid, suggest

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
"""A time without offset is local time of the web service."""

MOST_DIGITS = 9
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})?", re.ASCII)


def segments(path: str) -> list[str]:
    """The segments of a raw path, decoded one by one so that an encoded slash stays inside; empty ones at the end go.

    The first, which names the resource, may have capitals: an example of the text of 1.x writes ``Data``.
    """
    first, *others = (unquote(part) for part in path.split("/"))
    parts = [first.lower(), *others]
    while parts and parts[-1] == "":
        parts.pop()
    return parts


@dataclass
class Parameters:
    """The parameters of an address. Take what you know, then :meth:`finish`."""

    left: dict[str, str]
    known: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, query: str) -> Parameters:
        """Split a raw query string; :class:`Invalid` SDMX_PARAMETER_TWICE for a repeated name."""
        found: dict[str, str] = {}
        for pair in filter(None, query.split("&")):
            name, _, value = (unquote(part) for part in pair.partition("="))
            if name in found:
                raise Invalid("SDMX_PARAMETER_TWICE", name=name[:60])
            found[name] = value
        return cls(found)

    def again(self) -> Parameters:
        """The same, to be read once more."""
        return Parameters(dict(self.left), list(self.known))

    def take(self, name: str) -> str | None:
        """The value of a parameter; None when absent or empty."""
        self.known.append(name)
        return self.left.pop(name, None) or None

    def choice(self, name: str, valid: tuple[str, ...], default: str) -> str:
        """One of the words; the texts themselves write ``allStubs`` for ``allstubs``."""
        value = self.take(name)
        if value is None:
            return default
        for word in valid:
            if word == value.lower():
                return word
        raise Invalid("SDMX_BAD_PARAMETER", name=name, found=value[:60], valid=", ".join(valid))

    def count(self, name: str, least: int = 1) -> int | None:
        """A whole number of at least ``least``."""
        value = self.take(name)
        if value is None:
            return None
        if not (value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS and int(value) >= least):
            raise Invalid("SDMX_BAD_PARAMETER", name=name, found=value[:60], valid=f"{least}, {least + 1}, {least + 2} ...")
        return int(value)

    def moment(self, name: str) -> datetime | None:
        """An ``xs:dateTime``, in UTC."""
        value = self.take(name)
        try:
            return _moment(value) if value else None
        except (ValueError, OverflowError):
            example = "2025-07-01T00:00:00Z, 2025-07-01T07:00:00%2B07:00"
            raise Invalid("SDMX_BAD_PARAMETER", name=name, found=(value or "")[:60], valid=example) from None

    def matching(self, test: Callable[[str], str | None]) -> dict[str, str]:
        """Take every parameter whose name the test turns into a key."""
        names = {name: key for name in self.left if (key := test(name)) is not None}
        return {key: self.left.pop(name) for name, key in names.items()}

    def finish(self) -> None:
        """:class:`Invalid` SDMX_UNKNOWN_PARAMETER when something is left over."""
        for name in self.left:
            near = suggest(name, self.known) or sorted(set(self.known))
            raise Invalid("SDMX_UNKNOWN_PARAMETER", found=name[:60], near=", ".join(near))


def _moment(text: str) -> datetime:
    if not _DATE_TIME.fullmatch(text):
        raise ValueError(text)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=HERE)).astimezone(UTC)
