"""Data as SDMX-JSON 1.0, 2.0 and 2.1, in pieces of some thousand observations.

Source: sdmx-twg/sdmx-json, field guides of the data message 1.0, 2.0 and 2.1. Observations point into lists of values. A list
is complete only when the last observation was written, so the structure stands after the data sets: members of a JSON object
have no order, and an index, once given, does not change. What is held in memory are the values met, not the observations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from adapters.sdmx.writing.columns import Dictionary, Template, number_column
from adapters.sdmx.writing.frames import Columns, Frame, frames
from adapters.sdmx.writing.header import timestamp
from adapters.sdmx.writing.jsonstructure import NUMERIC, Levels, dumped, links, meta, structure
from adapters.sdmx.writing.rows import Row
from adapters.sdmx.writing.shape import DataSet, Message, Purpose
from registry.columns import Coded, Numbers
from registry.number import plain_number
from registry.rendering import Codes, Column, Rendered, lists
from registry.several import parted


def json_data(message: Message, version: str, more: Sequence[Message] = ()) -> Iterator[bytes]:
    """The message; ``version`` is ``1.0.0``, ``2.0.0`` or ``2.1.0``.

    ``more``: what other dataflows have to say in it, from 2.0.0 on.
    """
    writers = [_Writer(one, version, place) for place, one in enumerate((message, *more))]
    yield writers[0].head()
    comma = b""
    for writer in writers:
        for data_set in writer.message.sets:
            yield comma + writer.opening(data_set)
            yield from writer.content(data_set)
            comma = b","
    found = b",".join(writer.structure() for writer in writers)
    yield b'],"structure":' + found + b"}}" if version == "1.0.0" else b'],"structures":[' + found + b"]}}"


class Indexes:
    """The values of one component in the order they are met, each with its place."""

    def __init__(self) -> None:
        self.met: dict[str, int] = {}
        self._texts: tuple[str, ...] = ()
        self._made: list[bytes] = []

    def column(self, column: Coded, absent: bytes = b"null") -> Codes:
        if column.texts is not self._texts:
            self._texts, self._made = column.texts, [b""] * len(column.texts)
        used = np.bincount(column.codes + 1, minlength=len(column.texts) + 1)[1:]
        for code in np.flatnonzero(used).tolist():
            if not self._made[code]:
                self._made[code] = dumped(self.told(column.texts[code]))
        return Codes(column.codes, self._made, absent)

    def told(self, text: str) -> int | list[int]:
        """What stands where the text is meant."""
        return self.place(text)

    def place(self, text: str) -> int:
        return self.met.setdefault(text, len(self.met))


class Arrays(Indexes):
    """The same of a component with several values: each has a place, and together they are an array."""

    def told(self, text: str) -> int | list[int]:
        return [*map(self.place, parted(text))]


class _Writer:
    def __init__(self, message: Message, version: str, place: int) -> None:
        self.message, self._version, self._number = message, version, place
        self._levels = Levels.of(message.structure.dsd, message.shape)
        coded, dsd = message.structure.codelists, message.structure.dsd
        # From 2.0 on a text without codelist may stand where its index would, so that its list need not be held.
        known = [part.id for part in (*dsd.dimensions, *dsd.attributes)]
        arrays = dsd.several & coded.keys()
        self._indexed = {id: Arrays() if id in arrays else Indexes() for id in known if self._is_indexed(id, coded)}
        direct = [part for part in dsd.attributes if part.id not in self._indexed]
        self._direct = {part.id: Dictionary(_array if part.several else dumped) for part in direct}
        self._numeric = {part.id: part.text_type in NUMERIC for part in dsd.measures}

    def _is_indexed(self, name: str, coded: Mapping[str, object]) -> bool:
        levels = self._levels
        if name in self.message.structure.dsd.several:
            # Arrays of indexes are valid from 2.1 on only; the codes themselves are before.
            return self._version == "2.1.0" and name in coded
        return self._version == "1.0.0" or name in coded or name not in (*levels.series_attributes, *levels.attributes)

    def head(self) -> bytes:
        named = b'"$schema":"https://json.sdmx.org/2.1/sdmx-json-data-schema.json",' if self._version == "2.1.0" else b""
        return b"{" + named + b'"meta":' + dumped(meta(self.message)) + b',"data":{"dataSets":['

    def structure(self) -> bytes:
        """The structure with all values that were met, once everything is written."""
        met = {name: tuple(indexes.met) for name, indexes in self._indexed.items()}
        return dumped(structure(self.message, self._levels, met, self._version))

    def content(self, data_set: DataSet) -> Iterator[bytes]:
        """What stands in a data set, to its end."""
        comma = b""
        for frame in frames(self.message.structure.dsd, self.message.shape, data_set.batches):
            yield comma + self.written(frame, data_set.purpose).joined(b",")
            comma = b","
        yield b"}}"

    def opening(self, data_set: DataSet) -> bytes:
        given = data_set.attributes
        head: dict[str, object] = {"structure": self._number} if self._version != "1.0.0" else {}
        head |= {"action": self.message.action(data_set.purpose, self._version == "2.1.0")}
        head |= {"validFrom": timestamp(data_set.valid_from)} if data_set.valid_from else {}
        head |= {"validTo": timestamp(data_set.valid_to)} if data_set.valid_to else {}
        head |= {"links": links(self.message)}
        if given:
            names = self._levels.set_attributes
            head |= {"attributes": [self._said(one, given[one]) if one in given else None for one in names]}
        return dumped(head)[:-1] + (b',"observations":{' if self.message.shape.flat else b',"series":{')

    def _said(self, name: str, text: str) -> object:
        """An attribute of the data set."""
        return self._indexed[name].told(text) if name in self._indexed else parted(text)

    def written(self, frame: Frame, purpose: Purpose) -> Rendered:
        """The members of the data set for a frame: its series, its sections, or its observations."""
        if self.message.shape.flat:
            return self._flat(frame, purpose)
        row = Template(b'"').between(self._key(frame.head, self._levels.series), b":")
        row.text(b'":{"attributes":[').between(self._attributes(frame.facts, self._levels.series_attributes), b",")
        if not self.message.shape.observations:
            return row.text(b"]}").rows(frame.groups)
        inside = Template(b'"').between(self._key(frame.key, self._levels.observation), b":").text(b'":[')
        told = [*self._measures(frame, purpose), *self._attributes(frame.attributes, self._levels.attributes)]
        listed = inside.between(told, b",").text(b"]").rows(frame.observations)
        return row.text(b"],").add([lists(listed, frame.starts, b'"observations":{', b",", b"}}")]).rows(frame.groups)

    def _flat(self, frame: Frame, purpose: Purpose) -> Rendered:
        """What a series shares is put together once, whatever stands between."""
        row = Row(frame, self.message.shape.observations).text(b'"')
        for number, name in enumerate(self._levels.observation):
            row.text(b":" if number else b"")
            self._place(row, name in frame.head, self._indexed[name].column({**frame.head, **frame.key}[name]))
        row.text(b'":[')
        measures = self._measures(frame, purpose)
        for number, column in enumerate(measures):
            self._place(row.text(b"," if number else b""), False, column)
        told = {**frame.facts, **frame.attributes} if self.message.shape.observations else frame.facts
        names = _until_last(told, self._levels.attributes)
        for number, name in enumerate(names):
            row.text(b"," if number or measures else b"")
            if name in told:
                self._place(row, name in frame.facts, self._told(name, told[name]))
            else:
                row.text(b"null")
        return row.text(b"]").rendered()

    @staticmethod
    def _place(row: Row, shared: bool, column: Column) -> None:
        row.group(column) if shared else row.observation(column)

    def _key(self, columns: Columns, names: Sequence[str]) -> list[Column]:
        return [self._indexed[name].column(columns[name]) for name in names]

    def _attributes(self, columns: Columns, names: Sequence[str]) -> list[Column]:
        shown = _until_last(columns, names)
        count = max((len(columns[name]) for name in shown if name in columns), default=0)
        return [self._told(name, columns.get(name) or Coded.constant(None, count)) for name in shown]

    def _told(self, name: str, column: Coded) -> Column:
        return self._indexed[name].column(column) if name in self._indexed else self._direct[name].column(column, b"null")

    def _measures(self, frame: Frame, purpose: Purpose) -> list[Column]:
        """A value or null for every measure; nothing where the observation is gone or not shown."""
        if purpose is Purpose.DELETED or not self.message.shape.observations:
            return []
        nothing = Numbers(np.full(frame.observations, np.nan))
        return [
            number_column(frame.measures.get(name, nothing), b"", b"", b"null", partial(_value, self._numeric[name]))
            for name in self.message.shape.measures
        ]


def _array(text: str) -> bytes:
    return dumped(parted(text))


def _until_last(columns: Columns, names: Sequence[str]) -> Sequence[str]:
    """The attributes up to the last that is there: those behind it may be left out."""
    there = [place for place, name in enumerate(names, 1) if name in columns and (columns[name].codes >= 0).any()]
    return names[: max(there, default=0)]


def _value(numeric: bool, text: str) -> bytes:
    """A number with all its digits; what is no number as a text."""
    return text.encode() if numeric and plain_number(text) == text else dumped(text)
