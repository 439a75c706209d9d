"""What every resolver is given: the ports, the viewer, and the languages wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

import strawberry

from registry.errors import LANGUAGES, TooLarge
from registry.ports import Ports, Viewer
from registry.text import Names, pick
from schema.streaming import Streams

DEFAULT_LANGUAGE = "vi"

MOST_HEADERS = 500
"""Spellings of Accept-Language that are kept read."""

_MOST_LANGUAGES = 10


@dataclass
class Context:
    """One request.

    ``cells`` counts the values of data asked for so far, over all fields of the request; ``cells_each`` is from
    :class:`schema.limits.Measured`. ``texts`` counts those that codes were asked for.
    """

    ports: Ports
    viewer: Viewer
    languages: tuple[str, ...]
    cell_limit: int
    cells_each: Mapping[int, int]
    cells: int = 0
    texts: int = 0
    streams: Streams = field(default_factory=Streams)

    def text(self, names: Names, lang: str | None = None) -> str:
        """The text in the language of the argument, else in the first language of the request that it has."""
        for tag in (lang,) if lang else self.languages:
            for name in (tag, tag.split("-")[0]):
                if name in names:
                    return names[name]
        return pick(names)

    def spend(self, cells: int, csv: Callable[[], str]) -> None:
        """Count values that will stand in the answer; :class:`TooLarge` over the published limit.

        Where some were counted by what there can be at most, they have to be counted exactly first.
        """
        self.cells += cells
        if self.cells > self.cell_limit:
            if self.streams.promised:
                self.streams.ask_again()
            raise TooLarge("TOO_LARGE", found=self.cells, most=self.cell_limit, csv=csv())


Info: TypeAlias = strawberry.Info[Context, None]


@lru_cache(MOST_HEADERS)
def languages(header: str | None) -> tuple[str, ...]:
    """The languages of an ``Accept-Language`` header, best first; Vietnamese when there is none (RFC 9110, 12.5.4)."""
    ranked: list[tuple[float, str]] = []
    for part in (header or "").split(",")[:_MOST_LANGUAGES]:
        tag, _, weight = part.partition(";")
        quality = _quality(weight)
        if tag.strip() not in ("", "*") and quality > 0:
            ranked.append((-quality, tag.strip()))
    return tuple(tag for _, tag in sorted(ranked, key=lambda entry: entry[0])) or (DEFAULT_LANGUAGE,)


def _quality(weight: str) -> float:
    try:
        return float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0


def message_language(wanted: tuple[str, ...]) -> str:
    """The language messages are written in: the first wanted one that there are messages in."""
    spoken = (tag.split("-")[0].lower() for tag in wanted)
    return next((tag for tag in spoken if tag in LANGUAGES), DEFAULT_LANGUAGE)
