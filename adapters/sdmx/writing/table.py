"""Data as SDMX-CSV 1.0 and 2.0: one row per observation, in pieces of one series.

Source: SDMX-CSV 1.0 and 2.0 field guides; RFC 4180. The separator is always a comma and the decimal sign a point, whatever the
language: a file that changes its numbers with the reader's settings is not the same file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from adapters.sdmx.writing.shape import MEASURE, Shape
from registry.answers import Answer
from registry.model import Structure
from registry.series import Series
from registry.text import Names, pick

_QUOTED = re.compile('[",\r\n]|^ | $')
_END = "\r\n"


class Labels(StrEnum):
    """Whether names stand beside the codes: no, in the same column, or (2.0) in a column of their own."""

    ID = "id"
    BOTH = "both"
    NAME = "name"


class Keys(StrEnum):
    """The extra key columns of 2.0."""

    NONE = "none"
    OBS = "obs"
    SERIES = "series"
    BOTH = "both"


@dataclass(frozen=True)
class Layout:
    """How the table looks. ``version``: ``1.0.0`` or ``2.0.0``; ``languages`` best first; ``action``: one letter."""

    version: str
    labels: Labels = Labels.ID
    keys: Keys = Keys.NONE
    languages: tuple[str, ...] = ()
    action: str = "I"


Cell = Callable[[str, str], str]
"""A component and one of its values as the text of the cell (or cells), quoted and without separator around."""


def data_table(answer: Answer, shape: Shape, layout: Layout) -> Iterator[str]:
    """The header row, then the rows."""
    columns = _columns(answer.structure, shape)
    yield _header(answer.structure, columns, layout)
    prefix = _prefix(answer.structure, layout)
    cell = _cell(answer.structure, layout)
    fixed = {name: cell(name, text) for name, text in shape.data_set(answer.dataset_attributes).items()}
    empty = "," if layout.labels is Labels.NAME else ""
    for series in answer.series:
        yield _rows(_Rows(answer.structure, shape, layout, columns, prefix, cell, fixed, empty), series)


def _columns(structure: Structure, shape: Shape) -> tuple[str, ...]:
    """Dimensions, the measure, attributes: each in DSD order."""
    return (*(dimension.id for dimension in structure.dsd.dimensions), MEASURE, *shape.attributes)


def quote(text: str) -> str:
    """A cell as RFC 4180 wants it."""
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def label(names: Names, languages: Sequence[str]) -> str:
    """The name in the first language wanted that it has, else in any."""
    for wanted in languages:
        for tag in (wanted, wanted.split("-")[0]):
            if names.get(tag):
                return names[tag]
    return pick(names)


def _header(structure: Structure, columns: tuple[str, ...], layout: Layout) -> str:
    lead = ["DATAFLOW"] if layout.version == "1.0.0" else _lead(layout)
    shown = [_title(structure, name, layout) for name in columns]
    return ",".join([*lead, *shown]) + _END


def _lead(layout: Layout) -> list[str]:
    names = ["STRUCTURE_NAME"] if layout.labels is Labels.NAME else []
    keys = {Keys.NONE: [], Keys.OBS: ["OBS_KEY"], Keys.SERIES: ["SERIES_KEY"], Keys.BOTH: ["SERIES_KEY", "OBS_KEY"]}
    return ["STRUCTURE", "STRUCTURE_ID", *names, "ACTION", *keys[layout.keys]]


def _title(structure: Structure, name: str, layout: Layout) -> str:
    if layout.labels is Labels.ID or (name == MEASURE and layout.version == "1.0.0"):
        return name
    words = label(structure.names(name), layout.languages)
    return quote(f"{name}: {words}") if layout.labels is Labels.BOTH else f"{name},{quote(words)}"


def _prefix(structure: Structure, layout: Layout) -> str:
    """The cells before the key that are the same in every row."""
    ref, words = str(structure.dataflow.ref), label(structure.dataflow.names, layout.languages)
    shown = quote(f"{ref}: {words}") if layout.labels is Labels.BOTH else ref
    if layout.version == "1.0.0":
        return shown
    names = [quote(words)] if layout.labels is Labels.NAME else []
    return ",".join(["dataflow", shown, *names, layout.action])


def _cell(structure: Structure, layout: Layout) -> Cell:
    """Cells of codes are made once for each code."""
    made: dict[tuple[str, str], str] = {}

    def cell(name: str, text: str) -> str:
        if name not in structure.codelists:
            return quote(text) + ("," if layout.labels is Labels.NAME else "")
        found = made.get((name, text))
        if found is None:
            found = made[name, text] = _coded(label(structure.code_names(name, text), layout.languages), text, layout.labels)
        return found

    return cell


def _coded(words: str, code: str, labels: Labels) -> str:
    if labels is Labels.ID:
        return quote(code)
    return quote(f"{code}: {words}") if labels is Labels.BOTH else f"{quote(code)},{quote(words)}"


@dataclass(frozen=True, slots=True)
class _Rows:
    """What every row of a table has in common."""

    structure: Structure
    shape: Shape
    layout: Layout
    columns: tuple[str, ...]
    prefix: str
    cell: Cell
    fixed: dict[str, str]
    empty: str


def _rows(table: _Rows, series: Series) -> str:
    """The rows of one series; a single row without period and value where only series are shown."""
    row, head = _common(table, series), [table.prefix, *_series_key(table.layout, series)]
    if not table.shape.observations:
        return ",".join([*head, *_obs_key(table.layout, series, ""), *row.values()]) + _END
    time, varying = table.structure.dsd.time, table.shape.observation(series)
    lines: list[str] = []
    for number, (period, value) in enumerate(zip(series.periods(), series.values, strict=True)):
        if time is not None:
            row[time.id] = period + table.empty
        if table.shape.values:
            row[MEASURE] = ("" if value is None else quote(value)) + table.empty
        for name, texts in varying:
            text = texts[number]
            row[name] = table.empty if text is None else table.cell(name, text)
        lines.append(",".join([*head, *_obs_key(table.layout, series, period), *row.values()]))
    return _END.join(lines) + _END


def _common(table: _Rows, series: Series) -> dict[str, str]:
    """Column -> cell of what all observations of a series share, in the order of the columns."""
    row = dict.fromkeys(table.columns, table.empty) | table.fixed
    row |= {name: table.cell(name, code) for name, code in zip(table.structure.dsd.key, series.key, strict=True)}
    return row | {name: table.cell(name, text) for name, text in table.shape.series(series).items()}


def _series_key(layout: Layout, series: Series) -> list[str]:
    wanted = layout.version == "2.0.0" and layout.keys in (Keys.SERIES, Keys.BOTH)
    return [quote(".".join(series.key))] if wanted else []


def _obs_key(layout: Layout, series: Series, period: str) -> list[str]:
    wanted = layout.version == "2.0.0" and layout.keys in (Keys.OBS, Keys.BOTH)
    return [quote(".".join([*series.key, period]))] if wanted else []
