"""Structure-specific data messages in SDMX-ML 2.1, 3.0 and 3.1, in pieces of some thousand observations.

Source: SDMX 2.1 and 3.0 section 3A part IV, "Structure Specific Data". Group attributes are written on their series: groups
would have to come before all series, and so before the series are known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from adapters.sdmx.writing.columns import Dictionary, Template, number_column
from adapters.sdmx.writing.frames import Columns, Frame, frames
from adapters.sdmx.writing.header import payload, timestamp
from adapters.sdmx.writing.shape import MEASURE, DataSet, Message
from adapters.sdmx.writing.xml import DECLARATION, declared, element, escape, opening
from registry.rendering import At, Column, Rendered, lists


def specific_data(
    message: Message, version: str = "2.1", root: str = "StructureSpecificData", more: Sequence[Message] = ()
) -> Iterator[bytes]:
    """The message; ``root`` is ``StructureSpecificData`` or, in 2.1, ``StructureSpecificTimeSeriesData``.

    ``more``: what other dataflows have to say in it.
    """
    every = {f"ns{number}": one for number, one in enumerate((message, *more), 1)}
    spaces = {prefix: f"{one.structure.dataflow.ref.urn}:ObsLevelDim:{one.shape.at}" for prefix, one in every.items()}
    declarations = declared("mes", "com", "ss", "xsi", version=version)
    declarations |= {f"xmlns:{prefix}": space for prefix, space in spaces.items()}
    named = ((one.structure.dataflow.ref, one.name, one.shape.at, spaces[prefix]) for prefix, one in every.items())
    payloads = (payload(*names, version) for names in named)
    yield (DECLARATION + opening(f"mes:{root}", declarations) + message.header.xml("".join(payloads))).encode()
    for prefix, one in every.items():
        yield from _data_sets(one, prefix, version)
    yield f"</mes:{root}>".encode()


def _data_sets(message: Message, prefix: str, version: str) -> Iterator[bytes]:
    writer = _Writer(message, version)
    for data_set in message.sets:
        yield _opening(message, prefix, data_set, version).encode()
        for frame in frames(message.structure.dsd, message.shape, data_set.batches):
            yield writer.flat(frame) if message.shape.flat else writer.grouped(frame)
        yield b"</mes:DataSet>"


def _opening(message: Message, prefix: str, data_set: DataSet, version: str) -> str:
    given = {
        "ss:structureRef": message.name,
        "xsi:type": f"{prefix}:DataSetType",
        "ss:dataScope": "Dataflow" if version == "2.1" else None,
        "ss:action": message.action(data_set.purpose, version == "3.1"),
        "ss:validFromDate": timestamp(data_set.valid_from) if data_set.valid_from else None,
        "ss:validToDate": timestamp(data_set.valid_to) if data_set.valid_to else None,
    }
    if version == "2.1":
        return opening("mes:DataSet", {**given, **data_set.attributes})
    # From 3.0 on attributes of the data set have an element of their own.
    held = element("Atts", data_set.attributes) if data_set.attributes else ""
    return opening("mes:DataSet", given) + held


class _Writer:
    def __init__(self, message: Message, version: str) -> None:
        self._shape = message.shape
        self._measures = {name: MEASURE if version == "2.1" else name for name in message.shape.measures}
        parts = message.structure.dsd.components
        self._texts = {name: Dictionary(partial(_pair, name)) for name in parts}

    def grouped(self, frame: Frame) -> bytes:
        """Series, or sections, with their observations."""
        head = Template(b"<Series").add(self._columns(frame.head)).add(self._columns(frame.facts))
        if not self._shape.observations:
            return head.text(b"/>").rows(frame.groups).joined()
        inside = lists(self._observations(frame), frame.starts, b">", b"", b"</Series>")
        return head.add([inside]).rows(frame.groups).joined()

    def flat(self, frame: Frame) -> bytes:
        """Every observation with its whole key; a message without observations shows the series key alone."""
        head = Template().add(self._columns(frame.head)).add(self._columns(frame.facts)).rows(frame.groups)
        if not self._shape.observations:
            return Template(b"<Obs").add([head]).text(b"/>").rows(frame.groups).joined()
        return self._observations(frame, At(head, frame.owners)).joined()

    def _observations(self, frame: Frame, *before: Column) -> Rendered:
        row = Template(b"<Obs").add(before).add(self._columns(frame.key))
        for name, written in self._measures.items():
            if name in frame.measures:
                start, make = f' {written}="'.encode(), partial(_pair, written)
                row.add([number_column(frame.measures[name], start, b'"', b"", make)])
        return row.add(self._columns(frame.attributes)).text(b"/>").rows(frame.observations)

    def _columns(self, given: Columns) -> list[Column]:
        return [self._texts[name].column(column) for name, column in given.items()]


def _pair(name: str, text: str) -> bytes:
    return f' {name}="{escape(text)}"'.encode()
