"""ISIC as the United Nations publish it: structures as ``Code,Description``, correspondences with flags of partial links.

In a structure the divisions after a letter belong to its section; what is longer belongs to the code it begins with. In a
correspondence a flag of 1 says that the link takes only part of that code: so the flags say what kind the link is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adapters.classifications.sheets import Sheet
from adapters.classifications.tables import Part, Table
from registry.classification.lines import Line

_KINDS = {("0", "0"): "1:1", ("0", "1"): "n:1", ("1", "0"): "1:n", ("1", "1"): "n:m"}
_LINK_COLUMNS = ("source", "source_partial", "target", "target_partial", "detail")


def fits_structure(sheets: Sequence[Sheet]) -> bool:
    """Whether the headings are those of a structure."""
    return sheets[0].headed() == ("code", "description")


def read_structure(sheets: Sequence[Sheet]) -> list[Table]:
    """Sections, divisions, groups and classes."""
    return [Table(Part.LIST, tuple(_items(sheets[0].lines(("id", "name_en")))), names=_named(sheets[0].title))]


def fits_links(sheets: Sequence[Sheet]) -> bool:
    """Whether the headings are those of a correspondence with flags."""
    head = sheets[0].headed()
    return len(head) >= 4 and head[0].endswith("code") and head[1].startswith("partial") and head[3].startswith("partial")


def read_links(sheets: Sequence[Sheet]) -> list[Table]:
    """The links, with what the flags say of their kind; the detail of a partial link is kept."""
    return [Table(Part.MAP, tuple(_links(sheets[0].lines(_LINK_COLUMNS))), names=_named(sheets[0].title))]


def _items(lines: Iterator[Line]) -> Iterator[Line]:
    section = ""
    for line in lines:
        code = line["id"]
        if code.isalpha():
            section = code
        parent = "" if code.isalpha() else section if len(code) == 2 else code[:-1]
        yield line.written({"level": str(len(code)) if not code.isalpha() else "1"} | ({"parent": parent} if parent else {}))


def _links(lines: Iterator[Line]) -> Iterator[Line]:
    for line in lines:
        kind = _KINDS.get((line["source_partial"], line["target_partial"]), "")
        stated = line.written({"kind": kind}) if kind else line
        yield stated.without(["source_partial", "target_partial"])


def _named(title: str) -> dict[str, str]:
    name = title.replace("_", " ")
    return {"vi": name, "en": name}
