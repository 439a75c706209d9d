"""A file of texts, coded: CSV in, the same CSV out with suggestions, for somebody to look through.

Every line keeps its columns and gets five for each suggestion, the likeliest first: ``code_1``, ``name_1``, ``score_1``,
``why_1`` (see :class:`registry.coding.phrases.Why`) and ``phrase_1``, then ``code_2`` and so on; empty where there is none.
Columns of these names that the file had are replaced, so that a file can be coded anew. Commas, semicolons and tabulators are
read, as spreadsheets write them; what is written has commas, and texts like formulas are shielded
(:mod:`registry.spreadsheets`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from registry.coding.index import Index, Match
from registry.errors import Invalid, TooLarge
from registry.passing import still_wanted
from registry.spreadsheets import shielded, unshielded
from registry.text import pick

MOST_TEXTS = 20_000
"""Lines of a file that are coded at once."""

MOST_SUGGESTED = 60_000
"""Suggestions of a file in all: three for each of the most texts. Making one takes about a millisecond."""

LONGEST_TEXT = 1000
"""Characters of a text: a description of goods has some two hundred, and every word costs."""

TEXT = "text"
"""The column that is coded where none is named; in a file without it, the first one."""

_OURS = re.compile(r"(code|name|score|why|phrase)_\d+")


MOST_SUGGESTIONS = 20
"""Suggestions for one text."""


@dataclass(frozen=True)
class Wish:
    """How to code: the column of the texts, the level of the codes, the language of their names, how many suggestions.

    :class:`Invalid` BAD_SUGGESTION_COUNT for none or more than :data:`MOST_SUGGESTIONS`.
    """

    column: str = ""
    level: str | None = None
    lang: str = "vi"
    limit: int = 3

    def __post_init__(self) -> None:
        check_count(self.limit)


def check_count(limit: int) -> int:
    """How many suggestions are wanted, or :class:`Invalid` BAD_SUGGESTION_COUNT."""
    if not 1 <= limit <= MOST_SUGGESTIONS:
        raise Invalid("BAD_SUGGESTION_COUNT", found=limit, most=MOST_SUGGESTIONS)
    return limit


@dataclass(frozen=True)
class Sheet:
    """A table of texts, read."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]

    def column(self, wanted: str) -> str:
        """The column of the texts; :class:`Invalid` NO_SUCH_COLUMN."""
        if wanted and wanted not in self.columns:
            raise Invalid("NO_SUCH_COLUMN", found=wanted[:60], valid=", ".join(self.columns))
        return wanted or (TEXT if TEXT in self.columns else self.columns[0])

    def check(self, wish: Wish) -> None:
        """Whether it can be coded so; NO_SUCH_COLUMN, :class:`TooLarge` TOO_MANY_SUGGESTIONS or CODED_TEXT_TOO_LONG."""
        column = self.column(wish.column)
        if len(self.rows) * wish.limit > MOST_SUGGESTED:
            raise TooLarge("TOO_MANY_SUGGESTIONS", texts=len(self.rows), limit=wish.limit, most=MOST_SUGGESTED)
        for line, row in enumerate(self.rows, 1):
            if len(row[column]) > LONGEST_TEXT:
                raise TooLarge("CODED_TEXT_TOO_LONG", row=line, found=len(row[column]), most=LONGEST_TEXT)


def read(content: bytes) -> Sheet:
    """A CSV file with titles, in UTF-8.

    :class:`Invalid` TEXTS_UNREADABLE, TABLE_COLUMN_TWICE, :class:`TooLarge` TOO_MANY_TEXTS.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("TEXTS_UNREADABLE", line=content[: error.start].count(b"\n") + 1, expected="UTF-8") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        columns = tuple(unshielded(name.strip()) for name in reader.fieldnames or ())
        reader.fieldnames = list(columns)
        rows = tuple(_row(reader, row) for row in reader)
    except csv.Error:
        raise Invalid("TEXTS_UNREADABLE", line=reader.line_num, expected="CSV") from None
    if not any(columns):
        raise Invalid("TEXTS_UNREADABLE", line=1, expected="CSV")
    if twice := next((name for name in columns if name and columns.count(name) > 1), ""):
        raise Invalid("TABLE_COLUMN_TWICE", file="CSV", column=twice[:60])  # one of them would be lost
    if len(rows) > MOST_TEXTS:
        raise TooLarge("TOO_MANY_TEXTS", found=len(rows), most=MOST_TEXTS)
    return Sheet(tuple(name for name in columns if not _OURS.fullmatch(name)), rows)


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _row(reader: csv.DictReader[str], row: dict[str | None, str | list[str] | None]) -> dict[str, str]:
    if None in row or None in row.values():
        expected = ", ".join(reader.fieldnames or ())[:100]
        raise Invalid("TEXTS_UNREADABLE", line=reader.line_num, expected=expected)
    return {str(name): unshielded(str(cell)) for name, cell in row.items()}


def coded(sheet: Sheet, index: Index, wish: Wish, done: Callable[[int], None] = lambda _: None) -> Iterator[str]:
    """The lines of the file with suggestions, as they are made; ``done`` is told of each text."""
    sheet.check(wish)
    column = sheet.column(wish.column)
    yield _line([*sheet.columns, *(f"{part}_{n}" for n in range(1, wish.limit + 1) for part in PARTS)])
    for row in sheet.rows:
        still_wanted()
        matches = index.find(row[column], wish.level, wish.limit)
        given = [cell for match in matches for cell in _cells(index, match, wish.lang)]
        missing = [""] * (len(PARTS) * (wish.limit - len(matches)))
        yield _line([*(row[name] for name in sheet.columns), *given, *missing])
        done(1)


PARTS = ("code", "name", "score", "why", "phrase")


def _cells(index: Index, match: Match, lang: str) -> Sequence[str]:
    name = pick(index.codelist.by_id[match.code].names, lang)
    return match.code, name, f"{match.score:.3f}", match.why.value, match.phrase


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(map(shielded, cells))
    return out.getvalue()
