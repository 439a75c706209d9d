"""How the columns of a spreadsheet are recognised: by the words of ``columns.yml``, whatever their case, accents or spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from registry.errors import Invalid
from registry.text import fold

HEADER_WITHIN = 30
"""The heading is looked for in this many first lines; titles may stand above it."""

LEAST = 3
"""A line with fewer known words is no heading."""

SYNTHETIC = "SYNTHETIC"
"""Stands above the heading of files that are made up."""


@dataclass(frozen=True)
class Column:
    """One field and the words it goes by. ``one_of``: at least one column of that group must be there."""

    field: str
    aliases: tuple[str, ...]
    required: bool = False
    one_of: str = ""
    number: bool = False
    code: bool = False


@dataclass(frozen=True)
class Heading:
    """Where the heading stands (lines above it) and the position of each field."""

    above: int
    positions: dict[str, int]
    width: int
    synthetic: bool


@cache
def columns() -> tuple[Column, ...]:
    page = yaml.safe_load((Path(__file__).parent / "columns.yml").read_text(encoding="utf-8"))
    return tuple(Column(field, **(facts | {"aliases": tuple(facts["aliases"])})) for field, facts in page.items())


@cache
def _fields_by_word() -> dict[str, str]:
    return {bare(alias): column.field for column in columns() for alias in column.aliases}


def bare(text: str) -> str:
    """Letters and digits only, lower case, without accents: ``Số tờ khai`` and ``SO_TO_KHAI`` are one word."""
    return re.sub(r"[^a-z0-9]", "", fold(text))


def numbers() -> frozenset[str]:
    """The fields that hold numbers."""
    return frozenset(column.field for column in columns() if column.number)


def known(cells: Sequence[str | None]) -> int:
    """How many cells of a line are words of the table."""
    return sum(bare(cell or "") in _fields_by_word() for cell in cells)


def find_heading(lines: Sequence[Sequence[str | None]], file: str) -> Heading:
    """The line with the most known words.

    Raises Invalid HEADING_NOT_FOUND, COLUMN_TWICE, COLUMN_MISSING (which names the aliases accepted and what was found).
    """
    best = max(range(len(lines)), key=lambda index: known(lines[index]), default=0)
    if not lines or known(lines[best]) < LEAST:
        raise Invalid("HEADING_NOT_FOUND", file=file, within=HEADER_WITHIN, required=", ".join(_required()))
    cells = lines[best]
    above = " ".join(cell or "" for line in lines[:best] for cell in line)
    return Heading(best, _positions(cells, file), len(cells), SYNTHETIC in above.upper())


def _positions(cells: Sequence[str | None], file: str) -> dict[str, int]:
    positions: dict[str, int] = {}
    for index, cell in enumerate(cells):
        field = _fields_by_word().get(bare(cell or ""))
        if field in positions:
            raise Invalid("COLUMN_TWICE", file=file, field=field, first=_shown(cells[positions[field]]), second=_shown(cell))
        if field:
            positions[field] = index
    _check_complete(positions, cells, file)
    return positions


def _check_complete(positions: dict[str, int], cells: Sequence[str | None], file: str) -> None:
    groups = {column.one_of for column in columns() if column.field in positions}
    missing = [
        column
        for column in columns()
        if column.field not in positions and (column.required or (column.one_of and column.one_of not in groups))
    ]
    if missing:
        found = ", ".join(_shown(cell) for cell in cells[:60] if cell)
        fields = ", ".join(column.field for column in missing)
        aliases = "; ".join(f"{column.field}: {', '.join(column.aliases)}" for column in missing)
        raise Invalid("COLUMN_MISSING", file=file, fields=fields, aliases=aliases, found=found)


def _required() -> list[str]:
    return [column.aliases[0] for column in columns() if column.required]


def _shown(cell: str | None) -> str:
    return " ".join((cell or "").split())[:40]
