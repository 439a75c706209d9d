"""The classifications of UN Comtrade as JSON: one entry a code, with its parent, its code before its text.

``ALL``, ``AG2`` ... are words of Comtrade's questions and no codes. ``TOTAL`` is the total over all codes. ``7649X`` is
Comtrade's own code for what was not reported more finely under ``7649``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from adapters.classifications.sheets import text_in
from adapters.classifications.tables import Part, Table
from registry.classification.findings import Finding, found
from registry.classification.lines import Line
from registry.errors import Invalid

TOTAL = "TOTAL"
_WORD = re.compile(r"ALL|AG[0-9]+")


def read(path: Path) -> list[Table]:
    """The list of a file; :class:`Invalid` TABLE_NO_JSON where it is none of these. The row is the number of the entry."""
    content = _content(path)
    lines: list[Line] = []
    findings: list[Finding] = []
    for row, entry in enumerate(content["results"], 1):
        code = str(entry["id"]).strip()
        if _WORD.fullmatch(code):
            findings.append(found(row, "NOT_A_CODE", code))
        else:
            lines.append(_line(row, code, entry))
    title = str(content.get("className", path.stem))
    return [Table(Part.LIST, tuple(lines), tuple(findings), {"vi": title, "en": title})]


def _content(path: Path) -> Mapping[str, Any]:
    row = 0
    try:
        content: dict[str, Any] = orjson.loads(text_in(path).lstrip("\ufeff"))
        for row, entry in enumerate(content["results"], 1):  # noqa: B007
            entry["id"], entry["text"], entry["parent"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise Invalid("TABLE_NO_JSON", file=path.name, row=row) from None
    return content


def _line(row: int, code: str, entry: Mapping[str, Any]) -> Line:
    name = " ".join(str(entry["text"]).removeprefix(f"{code} - ").split())
    parent = "" if entry["parent"] == "#" else str(entry["parent"]).strip()
    cells = {"id": code, "parent": parent, "name_en": name, "level": str(0 if code == TOTAL else len(code))}
    return Line(row, {column: text for column, text in cells.items() if text})
