"""National lists as their decrees print them: a column for each level ("Cấp 1", "Cấp 2" ...), and the name.

A code stands in the column of its level, under the nearest code above of a higher level. A row may hold several: a class that
has only one subclass is printed in one line with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from adapters.classifications.sheets import Row, Sheet
from adapters.classifications.tables import Part, Table
from registry.classification.lines import Line

_LEVEL = re.compile(r"(?:cấp|bậc|level)\s*(\d+)", re.IGNORECASE)
_NAMES = {"tên": "name_vi", "tên ngành": "name_vi", "tên gọi": "name_vi", "name": "name_en", "description": "name_en"}
LEAST = 2
"""So many levels make stairs."""


def fits(sheets: Sequence[Sheet]) -> bool:
    """Whether a sheet has columns of levels."""
    return any(_heading(sheet) is not None for sheet in sheets)


def read(sheets: Sequence[Sheet]) -> list[Table]:
    """The list of the first such sheet."""
    sheet, at = next((sheet, at) for sheet in sheets if (at := _heading(sheet)) is not None)
    head = sheet.rows[at].cells
    steps = {place: found[1] for place, cell in enumerate(head) if (found := _LEVEL.fullmatch(cell))}
    texts = {place: _NAMES.get(cell.casefold(), cell) for place, cell in enumerate(head) if cell and place not in steps}
    return [Table(Part.LIST, tuple(_lines(sheet.rows[at + 1 :], steps, texts)))]


def _heading(sheet: Sheet) -> int | None:
    return sheet.heading(lambda cells: sum(bool(_LEVEL.fullmatch(cell)) for cell in cells) >= LEAST)


def _lines(rows: Sequence[Row], steps: Mapping[int, str], texts: Mapping[int, str]) -> Iterator[Line]:
    above: dict[int, str] = {}
    for row in rows:
        said = {name: row.cells[place] for place, name in texts.items() if place < len(row.cells) and row.cells[place]}
        codes = {place: row.cells[place] for place in steps if place < len(row.cells) and row.cells[place]}
        for place, code in codes.items():
            above = {level: other for level, other in above.items() if level < place}
            parent = above[max(above)] if above else ""
            above[place] = code
            cells = {"id": code, "parent": parent, "level": steps[place], **said}
            numbers = frozenset({"id"}) if place in row.numbers else frozenset[str]()
            yield Line(row.number, {column: text for column, text in cells.items() if text}, numbers)
        if not codes and said:
            yield Line(row.number, said)
