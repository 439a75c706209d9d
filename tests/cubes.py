"""Small readers of JSON-stat and PX, written from the formats' own manuals and from nothing of ours."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import Any

Cell = tuple[str, ...]


@dataclass
class Cube:
    """``figures``: codes of all dimensions -> number or text; ``flags``: attribute -> cell -> text."""

    figures: dict[Cell, Decimal | str] = field(default_factory=dict)
    empty: set[Cell] = field(default_factory=set)
    flags: dict[str, dict[Cell, str]] = field(default_factory=dict)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)


def read_json_stat(content: bytes) -> Cube:
    """A dataset of JSON-stat 2.0, checked against the rules of its manual."""
    told = json.loads(content, parse_float=Decimal, parse_int=Decimal)
    assert told["version"] == "2.0" and told["class"] == "dataset"
    assert len(told["id"]) == len(told["size"]) and set(told["dimension"]) == set(told["id"])
    categories = {}
    for name, size in zip(told["id"], told["size"], strict=True):
        category = told["dimension"][name]["category"]
        categories[name] = category["index"]
        assert len(categories[name]) == size == len(set(categories[name]))
        assert set(category.get("label", categories[name])) == set(categories[name])
        assert all(code in categories[name] for codes in category.get("child", {}).values() for code in codes)
        assert all("decimals" in unit for unit in category.get("unit", {}).values())
    assert all(name in told["id"] for names in told["role"].values() for name in names)
    cells = list(product(*(categories[name] for name in told["id"])))
    values = told["value"]
    if isinstance(values, list):
        assert len(values) == len(cells)
        values = {str(place): value for place, value in enumerate(values) if value is not None}
    cube = Cube({cells[int(place)]: value for place, value in values.items()}, told=told)
    extension = told["extension"]
    cube.empty = {cells[int(place)] for place in extension["withoutValue"]}
    kept = {"OBS_STATUS": told.get("status", {}), **extension["observationAttributes"]}
    cube.flags = {name: {cells[int(place)]: text for place, text in some.items()} for name, some in kept.items() if some}
    cube.labels = {name: told["dimension"][name]["category"].get("label", {}) for name in told["id"]}
    return cube


Keyword = tuple[str, str, tuple[str, ...]]


def keywords(text: str) -> tuple[dict[Keyword, list[str]], str]:
    """Keyword, language and subkey -> values; and the text after ``DATA=``."""
    head, mark, data = re.split(r"(^DATA=)", text, maxsplit=1, flags=re.MULTILINE)
    assert mark and all(len(line) <= 300 for line in head.splitlines())
    found: dict[Keyword, list[str]] = {}
    for statement in _statements(head):
        match = re.match(r'([A-Z0-9-]+)(?:\[(\w+)\])?(?:\(((?:"[^"]*",?)+)\))?=(.*)', statement, re.DOTALL)
        assert match, statement
        name, language, subkey, values = match.groups()
        key = name, language or "", tuple(re.findall(r'"([^"]*)"', subkey or ""))
        assert key not in found, key
        found[key] = _values(values)
    return found, data


def _statements(head: str) -> list[str]:
    return [one.strip() for one in re.findall(r'((?:"[^"]*"|[^";])+);', head)]


def _values(text: str) -> list[str]:
    """Texts that follow each other without a comma are one."""
    listed = re.findall(r'("[^"]*"(?:\s+"[^"]*")*)|([^\s",]+)', text)
    return [bare or "".join(re.findall(r'"([^"]*)"', quoted)) for quoted, bare in listed]


def read_px(content: bytes) -> Cube:
    """A PX file without KEYS, by its codes."""
    found, data = keywords(content.decode("utf-8"))
    assert found["AXIS-VERSION", "", ()] == ["2013"] and found["CODEPAGE", "", ()] == ["utf-8"]
    for name in ("MATRIX", "SUBJECT-AREA", "SUBJECT-CODE", "TITLE", "CONTENTS", "DECIMALS", "LANGUAGE", "CREATION-DATE"):
        assert found[name, "", ()], name
    variables = [*found["STUB", "", ()], *found.get(("HEADING", "", ()), [])]
    codes = [found["CODES", "", (name,)] for name in variables]
    for name, some in zip(variables, codes, strict=True):
        shown = found["VALUES", "", (name,)]
        assert len(some) == len(shown) == len(set(shown)) and all(len(text) <= 300 for text in shown)
    figures = re.findall(r'"[^"]*"|[^\s";]+', data)
    cells = list(product(*codes))
    assert len(figures) == len(cells) and data.rstrip().endswith(";")
    cube = Cube()
    for (name, language, subkey), values in found.items():
        cube.told[" ".join(part for part in (name, language, *subkey) if part)] = values
    for cell, figure in zip(cells, figures, strict=True):
        if figure in ('".."', '"..."'):
            cube.empty.add(cell)
        elif figure != '"."':
            cube.figures[cell] = Decimal(figure)
    for name, some in zip(variables, codes, strict=True):
        cube.labels[name] = dict(zip(some, found["VALUES", "", (name,)], strict=True))
    _flags(cube, found)
    return cube


def _flags(cube: Cube, found: dict[Keyword, list[str]]) -> None:
    names = found.get(("ATTRIBUTE-ID", "", ()), [])
    default = found.get(("ATTRIBUTES", "", ()), [""] * len(names))
    for cell in [*cube.figures, *cube.empty]:
        for name, text in zip(names, found.get(("ATTRIBUTES", "", cell), default), strict=True):
            if text:
                cube.flags.setdefault(name, {})[cell] = text
