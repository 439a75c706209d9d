"""Provinces before and after: old code and name, new code and name, how they relate, from when to when.

A line whose relation is ``partial`` says that some of a province went elsewhere than the rest: no figure of a province can be
parted by it, and it is left out with a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from adapters.classifications.sheets import Sheet
from adapters.classifications.tables import Part, Table
from registry.classification.findings import found
from registry.classification.lines import Line

HEADINGS = ("old_code", "old_name", "old_valid_to", "new_code", "new_name", "new_valid_from", "relation", "note")
PARTIAL = "partial"


def fits(sheets: Sequence[Sheet]) -> bool:
    """Whether the headings are these."""
    return sheets[0].headed() == HEADINGS


def read(sheets: Sequence[Sheet]) -> list[Table]:
    """The links, and both lists as the file tells them."""
    lines = [*sheets[0].lines(HEADINGS)]
    whole = [line for line in lines if line["relation"] != PARTIAL]
    findings = tuple(
        found(line.row, "LINK_PARTIAL", line["old_code"], target=line["new_code"], note=line["note"] or "-")
        for line in lines
        if line["relation"] == PARTIAL
    )
    links = tuple(_link(line) for line in whole)
    names = {"vi": "Chuyển đổi mã tỉnh", "en": "Correspondence of provinces"}
    return [Table(Part.MAP, links, findings, names), _ends(whole, Part.FROM, "old"), _ends(whole, Part.TO, "new")]


def _link(line: Line) -> Line:
    return Line(line.row, {"source": line["old_code"], "target": line["new_code"], "kind": line["relation"]})


def _ends(lines: Iterable[Line], part: Part, side: str) -> Table:
    """One list, each code once; valid until or since the day that all its lines say."""
    once = {line[f"{side}_code"]: line for line in lines}
    items = tuple(Line(line.row, {"id": code, "name_vi": line[f"{side}_name"]}) for code, line in sorted(once.items()))
    word = "valid_to" if part is Part.FROM else "valid_from"
    days = {line[f"{side}_{word}"] for line in once.values()}
    return Table(part, items, head={word: days.pop()} if len(days) == 1 else {})
