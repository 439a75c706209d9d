"""A classification version or a correspondence as a file: our own layout as CSV, its head as YAML, both as a workbook, and
JSON-LD."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import yaml
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from adapters.classifications.jsonld import json_ld
from adapters.classifications.own import HEAD, words_of
from adapters.classifications.rows import Rows
from registry.errors import Invalid
from registry.model import Codelist, RepresentationMap
from registry.ref import Ref
from registry.spreadsheets import shielded

TEXT = "@"
"""The number format of text: a spreadsheet then leaves the zero of ``01`` alone."""

LONGEST_TITLE = 31


@dataclass(frozen=True)
class Wish:
    """What is to be written. ``follows``: the version before it, if the registry has one."""

    made: Codelist | RepresentationMap
    follows: Ref | None = None


@dataclass(frozen=True)
class Format:
    """A format by the ending of its files."""

    media_type: str
    write: Callable[[Wish], bytes]


def as_csv(wish: Wish) -> bytes:
    """The rows, in UTF-8 with byte order mark: without it spreadsheet programs take Vietnamese letters for something else.
    Texts like formulas are shielded."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(shielded, cells) for cells in Rows.of(wish.made).table())
    return text.getvalue().encode("utf-8-sig", errors="replace")


def as_yaml(wish: Wish) -> bytes:
    """The head that belongs beside the CSV."""
    head = dict(Rows.of(wish.made).head)
    return yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=120).encode(errors="replace")


def as_xlsx(wish: Wish) -> bytes:
    """Two sheets: the rows and the head; every cell is text."""
    rows = Rows.of(wish.made)
    book = Workbook(write_only=True)
    for title, table in ((rows.head["ref"], rows.table()), (HEAD, map(list, words_of(rows.head)))):
        sheet = book.create_sheet(_title(title))
        for cells in table:
            sheet.append([_cell(sheet, text) for text in cells])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_json_ld(wish: Wish) -> bytes:
    """SKOS with XKOS."""
    return json_ld(wish.made, wish.follows)


def _title(text: str) -> str:
    """A sheet's title has 31 characters and none of ``[]:*?/\\``."""
    return "".join("_" if char in r"[]:*?/\'" else char for char in text)[:LONGEST_TITLE]


def _cell(sheet: object, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text)
    # A text that begins with = is a text, and no formula.
    cell.data_type = "s"
    cell.number_format = TEXT
    return cell


FORMATS: Mapping[str, Format] = {
    "csv": Format("text/csv; charset=utf-8", as_csv),
    "yml": Format("application/yaml", as_yaml),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "jsonld": Format("application/ld+json", as_json_ld),
}


def format_of(ending: str) -> Format:
    """A format by its name; :class:`Invalid` EXPORT_FORMAT_UNKNOWN."""
    if ending not in FORMATS:
        raise Invalid("EXPORT_FORMAT_UNKNOWN", found=ending[:60], known=", ".join(FORMATS))
    return FORMATS[ending]
