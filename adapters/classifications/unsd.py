"""The workbooks of the United Nations Statistics Division between versions of HS, SITC and BEC.

One sheet, "Correlations", has every link and what kind it is; the other, "Conversions", gives each code of the source one code
of the target: where the correlation has several, all of it goes to the main one by convention.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from adapters.classifications.sheets import Sheet
from adapters.classifications.tables import Part, Table
from registry.classification.lines import Line
from registry.correspondence import MAIN

_COLUMNS = ("source", "target", "kind")


def fits(sheets: Sequence[Sheet]) -> bool:
    """Whether there is a sheet of correlations."""
    return any(_is_correlation(sheet) for sheet in sheets)


def read(sheets: Sequence[Sheet]) -> list[Table]:
    """The correlation, and the conversion if there is one."""
    correlation = next(sheet for sheet in sheets if _is_correlation(sheet))
    links = tuple(correlation.lines(_COLUMNS, 2))
    tables = [Table(Part.MAP, links, names=_names(correlation.rows[1].cells))]
    for sheet in sheets:
        if _is_conversion(sheet):
            lines = tuple(_conversion(sheet.lines(_COLUMNS[:2]), links))
            ends = [cell.removeprefix("From ").removeprefix("To ") for cell in sheet.rows[0].cells]
            tables.append(Table(Part.CONVERSION, lines, names=_names(ends)))
    return tables


def _is_correlation(sheet: Sheet) -> bool:
    return sheet.headed()[:1] == ("between",) and sheet.headed(1)[2:3] == ("relationship",)


def _is_conversion(sheet: Sheet) -> bool:
    head = sheet.headed()
    return len(head) > 1 and head[0].startswith("from ") and head[1].startswith("to ")


def _names(ends: Sequence[str]) -> dict[str, str]:
    title = " → ".join(ends[:2])
    return {"vi": title, "en": title}


def _conversion(lines: Iterator[Line], links: Sequence[Line]) -> Iterator[Line]:
    fan = Counter(link["source"] for link in links)
    for line in lines:
        yield line.written({"basis": MAIN}) if fan[line["source"]] > 1 else line
