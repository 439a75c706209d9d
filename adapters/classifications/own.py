"""Our own layout, for any national list: one table of codes or of links, as CSV or as a sheet of a workbook.

    id, parent, level, name_vi, name_en, description_*, includes_*, excludes_*, ruling_*, index_*, valid_from, valid_to, ...
    source, target, share, basis, period, kind

What the table is (its reference, names, validity, levels) is said in a YAML file of the same name beside it, as with what is
shipped (:mod:`registry.content`); in a workbook on a sheet ``head``, two columns: the word, with dots between what YAML would
indent (``names.vi``, ``annotations.0.type``), and what it says; or by options.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.classifications.sheets import Sheet
from adapters.classifications.tables import Part, Table
from registry.errors import Invalid

HEAD = "head"
"""The title of the sheet that holds the head."""

Words = tuple[str, str]
"""A word of a head and what it says."""


def fits(sheets: Sequence[Sheet]) -> bool:
    """Whether a sheet has the column of codes, or those of links; there may be a title above."""
    return any(_heading(sheet) is not None for sheet in sheets)


def read(sheets: Sequence[Sheet]) -> list[Table]:
    """The table of the first such sheet; :class:`Invalid` TABLE_COLUMN_TWICE, TABLE_CELL_UNNAMED."""
    sheet, at = next((sheet, at) for sheet in sheets if (at := _heading(sheet)) is not None)
    columns = sheet.rows[at].cells
    _check(sheet, at)
    head = next((each for each in sheets if each.title == HEAD), None)
    said = head_of((row.cells[0], row.cells[1]) for row in head.rows if len(row.cells) > 1) if head else {}
    part = Part.LIST if "id" in columns else Part.MAP
    return [Table(part, tuple(sheet.lines(columns, at + 1)), head=said)]


def _heading(sheet: Sheet) -> int | None:
    return sheet.heading(lambda cells: "id" in cells or {"source", "target"} <= set(cells))


def _check(sheet: Sheet, at: int) -> None:
    named = [name for name in sheet.rows[at].cells if name]
    if twice := next((name for name in named if named.count(name) > 1), ""):
        raise Invalid("TABLE_COLUMN_TWICE", file=sheet.title, column=twice[:60])
    places = {place for place, name in enumerate(sheet.rows[at].cells) if name}
    for row in sheet.rows[at + 1 :]:
        if any(cell and place not in places for place, cell in enumerate(row.cells)):
            raise Invalid("TABLE_CELL_UNNAMED", file=sheet.title, line=row.number)


def words_of(document: Any, path: str = "") -> Iterator[Words]:
    """A head in two columns."""
    parts = document.items() if isinstance(document, Mapping) else enumerate(document) if isinstance(document, list) else None
    if parts is None:
        yield path, document if isinstance(document, str) else str(document).lower()
        return
    for name, part in parts:
        yield from words_of(part, f"{path}.{name}" if path else str(name))


def head_of(words: Iterator[Words]) -> dict[str, Any]:
    """The head that two columns say."""
    head: dict[str, Any] = {}
    for path, text in words:
        *above, last = path.split(".")
        inside = head
        for place, name in enumerate(above, 1):
            inside = inside.setdefault(name, {})
            if not isinstance(inside, dict):
                raise Invalid("BAD_DOCUMENT", place=".".join(above[:place]), expected="{…: …}", found=inside[:60])
        inside[last] = text == "true" if last.startswith("is_") else text
    return {name: _listed(part) for name, part in head.items()}


def _listed(part: Any) -> Any:
    """Mappings whose words are numbers are the lists they were."""
    if not isinstance(part, dict):
        return part
    found = {name: _listed(inside) for name, inside in part.items()}
    return list(found.values()) if found and all(name.isdecimal() for name in found) else found
