"""What a layout makes of a file: tables of lines in our own columns, and what it found while it read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from registry.classification.findings import Finding
from registry.classification.lines import Line
from registry.text import Names


class Part(StrEnum):
    """What a table is: a list of codes or links; which of several, where a file has more than one.

    ``FROM`` and ``TO`` are the two lists of a correspondence as its file tells them, for a registry that does not have them.
    ``CONVERSION`` gives each source code one target, by convention where the correspondence has several.
    """

    LIST = "list"
    MAP = "map"
    CONVERSION = "conversion"
    FROM = "from"
    TO = "to"

    @property
    def is_map(self) -> bool:
        return self in (Part.MAP, Part.CONVERSION)


@dataclass(frozen=True)
class Table:
    """One table. ``head``: what the file says of it, in the words of :mod:`registry.document`; ``names`` are what it calls
    it."""

    part: Part
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...] = ()
    names: Names = field(default_factory=dict)
    head: Mapping[str, Any] = field(default_factory=dict)


def ends_of(lines: Iterable[Line]) -> list[Table]:
    """The two lists of a correspondence of which nothing is known but the codes that it names; their names are their codes."""
    pairs = [(line["source"], line["target"]) for line in lines]
    return [_codes(part, sorted({pair[end] for pair in pairs} - {""})) for end, part in enumerate((Part.FROM, Part.TO))]


def _codes(part: Part, codes: Iterable[str]) -> Table:
    return Table(part, tuple(Line(0, {"id": code, "name_vi": code, "name_en": code}) for code in codes))
