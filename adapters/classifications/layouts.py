"""The layouts that are read, and which one a file has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from adapters.classifications import ahtn, comtrade, isic, own, provinces, stairs, unsd
from adapters.classifications.sheets import Sheet, sheets_of
from adapters.classifications.tables import Table
from registry.errors import Invalid, suggest


@dataclass(frozen=True)
class Layout:
    """How files of one sort are known and read."""

    fits: Callable[[Sequence[Sheet]], bool]
    read: Callable[[Sequence[Sheet]], list[Table]]


COMTRADE = "comtrade"

LAYOUTS: Mapping[str, Layout | None] = {
    "unsd-workbook": Layout(unsd.fits, unsd.read),
    COMTRADE: None,
    "isic-structure": Layout(isic.fits_structure, isic.read_structure),
    "isic-correspondence": Layout(isic.fits_links, isic.read_links),
    "ahtn": Layout(ahtn.fits, ahtn.read),
    "provinces": Layout(provinces.fits, provinces.read),
    "own": Layout(own.fits, own.read),
    "stairs": Layout(stairs.fits, stairs.read),
}
"""Layouts by name; Comtrade's is JSON and has no sheets."""


AS_THEY_ARE: Mapping[str, str] = MappingProxyType({})
"""Headings without other words."""


def read_tables(path: Path, layout: str = "", columns: Mapping[str, str] = AS_THEY_ARE) -> tuple[str, list[Table]]:
    """The name of the layout and the tables of a file; without ``layout`` the first that fits.

    ``columns`` gives headings of the file the names that they have here.

    Raises Invalid LAYOUT_UNKNOWN, LAYOUT_NOT_FOUND, TABLE_COLUMN_TWICE, TABLE_CELL_UNNAMED, TABLE_NO_JSON; and as
    :func:`sheets_of`.
    """
    if layout and layout not in LAYOUTS:
        near = suggest(layout[:60], LAYOUTS) or list(LAYOUTS)
        raise Invalid("LAYOUT_UNKNOWN", found=layout[:60], near=", ".join(near))
    if layout == COMTRADE or (not layout and _is_json(path)):
        return COMTRADE, comtrade.read(path)
    sheets = [sheet.renamed(columns) for sheet in sheets_of(path) if sheet.rows]
    for name, known in LAYOUTS.items():
        if known and sheets and layout in ("", name) and known.fits(sheets):
            return name, known.read(sheets)
    head = " | ".join(", ".join(sheet.rows[0].cells)[:100] for sheet in sheets[:3])
    raise Invalid("LAYOUT_NOT_FOUND", file=path.name, found=head[:300] or "-", known=", ".join(LAYOUTS))


def _is_json(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
