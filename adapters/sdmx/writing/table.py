"""Data as SDMX-CSV 1.0, 2.0 and 2.1: one row per observation, in pieces of some thousand.

Source: SDMX-CSV 1.0, 2.0 and 2.1 field guides; RFC 4180. The separator is always a comma and the decimal sign a point, whatever
the language: a file that changes its numbers with the reader's settings is not the same file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from adapters.sdmx.writing.columns import Dictionary, number_column
from adapters.sdmx.writing.frames import Frame, frames
from adapters.sdmx.writing.header import timestamp
from adapters.sdmx.writing.rows import Row
from adapters.sdmx.writing.shape import ALL_DIMENSIONS, MEASURE, DataSet, Message, Purpose
from registry.ref import Kind
from registry.several import parted
from registry.text import Names, pick

_QUOTED = re.compile('[",\r\n]|^ | $')
_END = "\r\n"
_INNER = ";"
"""Between the values of a cell."""

_WORDS = {Kind.DATAFLOW: "dataflow", Kind.PROVISION_AGREEMENT: "dataprovision"}
_LETTERS = {"Information": "I", "Merge": "M", "Replace": "R", "Delete": "D"}


class Labels(StrEnum):
    """Whether names stand beside the codes: no, in the same column, or (2.x) in a column of their own."""

    ID = "id"
    BOTH = "both"
    NAME = "name"


class Keys(StrEnum):
    """The extra key columns of 2.x."""

    NONE = "none"
    OBS = "obs"
    SERIES = "series"
    BOTH = "both"


@dataclass(frozen=True)
class Layout:
    """How the table looks. ``version``: ``1.0.0``, ``2.0.0`` or ``2.1.0``."""

    version: str
    labels: Labels = Labels.ID
    keys: Keys = Keys.NONE

    @property
    def first(self) -> bool:
        return self.version == "1.0.0"


def data_table(message: Message, layout: Layout, more: Sequence[Message] = ()) -> Iterator[bytes]:
    """The header row, then the rows of every data set; ``more``: other dataflows with the same columns."""
    yield _Table(message, layout).header()
    for one in (message, *more):
        yield from _rows(one, layout)


def _rows(message: Message, layout: Layout) -> Iterator[bytes]:
    table = _Table(message, layout)
    for data_set in message.sets:
        if layout.first and data_set.purpose is Purpose.DELETED:
            continue  # SDMX-CSV 1.0 has no word for what is gone
        # Rows need no grouping, whichever dimension was wanted at the observation.
        for frame in frames(message.structure.dsd, replace(message.shape, at=ALL_DIMENSIONS), data_set.batches):
            yield table.rows(frame, data_set)


def quote(text: str) -> str:
    """A cell as RFC 4180 wants it."""
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _inside(text: str) -> str:
    """One of several values of a cell."""
    return '"' + text.replace('"', '""') + '"' if _INNER in text or _QUOTED.search(text) else text


def label(names: Names, languages: Sequence[str]) -> str:
    """The name in the first language wanted that it has, else in any."""
    for wanted in languages:
        for tag in (wanted, wanted.split("-")[0]):
            if names.get(tag):
                return names[tag]
    return pick(names)


class _Table:
    """What every row of a table has in common."""

    def __init__(self, message: Message, layout: Layout) -> None:
        self._message, self._layout = message, layout
        self._structure = message.structure
        self._dimensions = [dimension.id for dimension in message.structure.dsd.dimensions]
        parts = [*message.structure.dsd.components, MEASURE]
        self._cells = {name: Dictionary(partial(self._cell, name)) for name in parts}
        self._codes = {name: Dictionary(str.encode) for name in self._dimensions}
        self._several = message.structure.dsd.several & set(message.shape.attributes)

    @property
    def _columns(self) -> list[str]:
        """Dimensions, measures, attributes: each in DSD order."""
        shape = self._message.shape
        measures = [MEASURE] if self._layout.first else list(shape.measures)
        return [*self._dimensions, *measures, *shape.attributes]

    def header(self) -> bytes:
        dated = ["VALID_FROM", "VALID_TO"] if self._message.dated else []
        titles = [*self._lead(), *(self._title(name) for name in self._columns), *dated]
        return (",".join(titles) + _END).encode()

    def _lead(self) -> list[str]:
        if self._layout.first:
            return ["DATAFLOW"]
        names = ["STRUCTURE_NAME"] if self._layout.labels is Labels.NAME else []
        first = f"STRUCTURE[{_INNER}]" if self._several else "STRUCTURE"
        return [first, "STRUCTURE_ID", *names, "ACTION", *(title for title, _ in self._keys())]

    def _keys(self) -> list[tuple[str, list[str]]]:
        """The extra key columns, each with its dimensions."""
        at = self._message.shape.at
        time = self._structure.dsd.time
        observed = at if at in self._dimensions else time.id if time else ""
        series = ("SERIES_KEY", [name for name in self._dimensions if name != observed])
        both = {Keys.SERIES: [series], Keys.OBS: [("OBS_KEY", self._dimensions)]}
        both |= {Keys.NONE: [], Keys.BOTH: [*both[Keys.SERIES], *both[Keys.OBS]]}
        return [] if self._layout.first else both[self._layout.keys]

    def _title(self, name: str) -> str:
        name = f"{name}[]" if name in self._several else name
        if self._layout.labels is Labels.ID or (name == MEASURE and self._layout.first):
            return name
        words = label(self._structure.names(name.removesuffix("[]")), self._message.languages)
        return quote(f"{name}: {words}") if self._layout.labels is Labels.BOTH else f"{name},{quote(words)}"

    def prefix(self, purpose: Purpose) -> bytes:
        """The cells before the key that are the same in every row of a data set."""
        # SDMX-CSV 1.0 knows dataflows only.
        of = self._structure.dataflow if self._layout.first else self._message.reported_for
        ref, words = str(of.ref), label(of.names, self._message.languages)
        shown = quote(f"{ref}: {words}") if self._layout.labels is Labels.BOTH else ref
        if self._layout.first:
            return shown.encode()
        names = [quote(words)] if self._layout.labels is Labels.NAME else []
        action = _LETTERS[self._message.action(purpose, self._layout.version == "2.1.0")]
        return ",".join([_WORDS[of.ref.kind], shown, *names, action]).encode()

    def _cell(self, name: str, text: str) -> bytes:
        """A cell, and where names have columns of their own one for the name."""
        if name not in self._several:
            return self._single(name, text)
        cells = [self._parts(name, one) for one in parted(text)]
        return "".join(f",{quote(_INNER.join(map(_inside, each)))}" for each in zip(*cells, strict=True)).encode()

    def _parts(self, name: str, text: str) -> list[str]:
        """One of several values as it stands in each of its cells."""
        words = label(self._structure.code_names(name, text), self._message.languages)
        coded, labels = name in self._structure.codelists, self._layout.labels
        if labels is Labels.NAME:
            return [text, words if coded else ""]
        return [f"{text}: {words}" if labels is Labels.BOTH and coded else text]

    def _single(self, name: str, text: str) -> bytes:
        labels = self._layout.labels
        if labels is Labels.ID:
            return f",{quote(text)}".encode()
        if name not in self._structure.codelists:
            return f",{quote(text)}{',' if labels is Labels.NAME else ''}".encode()
        words = label(self._structure.code_names(name, text), self._message.languages)
        return f",{quote(f'{text}: {words}')}".encode() if labels is Labels.BOTH else f",{quote(text)},{quote(words)}".encode()

    def rows(self, frame: Frame, data_set: DataSet) -> bytes:
        """The rows of a frame; one row a series, without period and value, where only series are shown."""
        row = Row(frame, self._message.shape.observations).text(self.prefix(data_set.purpose))
        for _, names in self._keys():
            self._key(row, frame, names)
        for name in self._columns:
            self._value(row, frame, name, data_set)
        if self._message.dated:
            moments = (data_set.valid_from, data_set.valid_to)
            row.text("".join(f",{timestamp(moment) if moment else ''}" for moment in moments).encode())
        return row.text(_END.encode()).rendered().joined()

    def _key(self, row: Row, frame: Frame, names: Sequence[str]) -> None:
        for place, name in enumerate(names):
            row.text(b"." if place else b",")
            if name in frame.head:
                row.group(self._codes[name].column(frame.head[name]))
            elif name in frame.key and self._message.shape.observations:
                row.observation(self._codes[name].column(frame.key[name]))

    def _value(self, row: Row, frame: Frame, name: str, data_set: DataSet) -> None:
        empty = b",," if self._layout.labels is Labels.NAME else b","
        cells, shown = self._cells[name], self._message.shape.observations
        shared, own = {**frame.head, **frame.facts}, {**frame.key, **frame.attributes}
        measure = self._message.shape.measures[0] if name == MEASURE and self._message.shape.measures else name
        if name in shared:
            row.group(cells.column(shared[name], empty))
        elif name in own and shown:
            row.observation(cells.column(own[name], empty))
        elif measure in frame.measures and shown:
            row.observation(number_column(frame.measures[measure], b",", empty[1:], empty, partial(self._cell, name)))
        elif name in data_set.attributes:
            row.text(self._cell(name, data_set.attributes[name]))
        else:
            row.text(empty)
