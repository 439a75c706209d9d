"""Generic data messages in SDMX-ML 2.1, in pieces of some thousand observations.

Source: SDMX 2.1 section 3A part IV, "Generic Data".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from adapters.sdmx.writing.columns import Dictionary, Template, number_column
from adapters.sdmx.writing.footer import footer
from adapters.sdmx.writing.frames import Columns, Frame, frames
from adapters.sdmx.writing.header import payload, timestamp
from adapters.sdmx.writing.shape import DataSet, Message
from adapters.sdmx.writing.xml import DECLARATION, declared, element, escape, opening
from registry.rendering import At, Codes, Column, Rendered, lists


def generic_data(message: Message, root: str = "GenericData", more: Sequence[Message] = ()) -> Iterator[bytes]:
    """The message; ``root`` is ``GenericData`` or ``GenericTimeSeriesData``. ``more``: what other dataflows say in it."""
    every = (message, *more)
    payloads = "".join(payload(one.reported_for.ref, one.name, one.shape.at) for one in every)
    head = opening(f"mes:{root}", declared("mes", "com", "gen")) + message.header.xml(payloads)
    yield (DECLARATION + head).encode()
    for one in every:
        yield from _data_sets(one)
    yield f"{footer('2.1', message.header.lacking)}</mes:{root}>".encode()


def _data_sets(message: Message) -> Iterator[bytes]:
    writer = _Writer(message)
    for data_set in message.sets:
        yield _opening(message, data_set).encode()
        for frame in frames(message.structure.dsd, message.shape, data_set.batches):
            yield writer.flat(frame) if message.shape.flat else writer.grouped(frame)
        yield b"</mes:DataSet>"


def _opening(message: Message, data_set: DataSet) -> str:
    given = {
        "structureRef": message.name,
        "action": data_set.purpose.value,
        "validFromDate": timestamp(data_set.valid_from) if data_set.valid_from else None,
        "validToDate": timestamp(data_set.valid_to) if data_set.valid_to else None,
    }
    return opening("mes:DataSet", given) + _facts(data_set.attributes)


def _facts(given: Mapping[str, str]) -> str:
    return element("gen:Attributes", content="".join(_value(*pair).decode() for pair in given.items())) if given else ""


class _Writer:
    def __init__(self, message: Message) -> None:
        self._shape = message.shape
        self._texts = {name: Dictionary(partial(_value, name)) for name in message.structure.dsd.components}
        self._at = Dictionary(_at)

    def grouped(self, frame: Frame) -> bytes:
        """Series, or sections, with their observations."""
        group = Template(b"<gen:Series><gen:SeriesKey>").add(self._columns(frame.head)).text(b"</gen:SeriesKey>")
        self._describe(group, frame.facts)
        if not self._shape.observations:
            return group.text(b"</gen:Series>").rows(frame.groups).joined()
        row = Template(b"<gen:Obs>").add(self._at.column(column) for column in frame.key.values())
        inside = self._observations(row, frame, frame.attributes)
        return group.add([lists(inside, frame.starts, b"", b"", b"</gen:Series>")]).rows(frame.groups).joined()

    def flat(self, frame: Frame) -> bytes:
        """Every observation with its whole key; a message without observations shows the series key alone."""
        row = Template(b"<gen:Obs><gen:ObsKey>")
        if not self._shape.observations:
            row.add(self._columns(frame.head)).text(b"</gen:ObsKey>")
            return self._describe(row, frame.facts).text(b"</gen:Obs>").rows(frame.groups).joined()
        owners = frame.owners
        key = Template().add(self._columns(frame.head)).rows(frame.groups)
        row.add([At(key, owners), *self._columns(frame.key)]).text(b"</gen:ObsKey>")
        described = {name: column.take(owners) for name, column in frame.facts.items()} | dict(frame.attributes)
        return self._observations(row, frame, described).joined()

    def _observations(self, row: Template, frame: Frame, described: Columns) -> Rendered:
        for name in self._shape.measures:
            if name in frame.measures:
                row.add([number_column(frame.measures[name], b'<gen:ObsValue value="', b'"/>', b"", _obs_value)])
        return self._describe(row, described).text(b"</gen:Obs>").rows(frame.observations)

    def _describe(self, row: Template, described: Columns) -> Template:
        """The attributes in an element that is only there where there are some."""
        if not described:
            return row
        some = np.logical_or.reduce([column.codes >= 0 for column in described.values()])
        codes = np.where(some, 0, -1).astype(np.int32)
        row.add([Codes(codes, [b"<gen:Attributes>"]), *self._columns(described)])
        return row.add([Codes(codes, [b"</gen:Attributes>"])])

    def _columns(self, given: Columns) -> list[Column]:
        return [self._texts[name].column(column) for name, column in given.items()]


def _value(name: str, text: str) -> bytes:
    return f'<gen:Value id="{name}" value="{escape(text)}"/>'.encode()


def _at(text: str) -> bytes:
    return f'<gen:ObsDimension value="{escape(text)}"/>'.encode()


def _obs_value(text: str) -> bytes:
    return f'<gen:ObsValue value="{escape(text)}"/>'.encode()
