"""Structure-specific data messages in SDMX-ML 2.1, 3.0 and 3.1, in pieces of some thousand observations.

Source: SDMX 2.1 and 3.0 section 3A part IV, "Structure Specific Data". Group attributes are written on their series: groups
would have to come before all series, and so before the series are known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from adapters.sdmx.writing.columns import Dictionary, Template, number_column
from adapters.sdmx.writing.footer import footer
from adapters.sdmx.writing.frames import Columns, Frame, frames
from adapters.sdmx.writing.header import payload, timestamp
from adapters.sdmx.writing.shape import MEASURE, DataSet, Message
from adapters.sdmx.writing.xml import DECLARATION, declared, element, escape, opening
from registry.rendering import At, Column, Rendered, lists
from registry.several import parted


def specific_data(
    message: Message, version: str = "2.1", root: str = "StructureSpecificData", more: Sequence[Message] = ()
) -> Iterator[bytes]:
    """The message; ``root`` is ``StructureSpecificData`` or, in 2.1, ``StructureSpecificTimeSeriesData``.

    ``more``: what other dataflows have to say in it.
    """
    every = {f"ns{number}": one for number, one in enumerate((message, *more), 1)}
    spaces = {prefix: f"{one.reported_for.ref.urn}:ObsLevelDim:{one.shape.at}" for prefix, one in every.items()}
    declarations = declared("mes", "com", "ss", "xsi", version=version)
    declarations |= {f"xmlns:{prefix}": space for prefix, space in spaces.items()}
    named = ((one.reported_for.ref, one.name, one.shape.at, spaces[prefix]) for prefix, one in every.items())
    payloads = (payload(*names, version) for names in named)
    yield (DECLARATION + opening(f"mes:{root}", declarations) + message.header.xml("".join(payloads))).encode()
    for prefix, one in every.items():
        yield from _data_sets(one, prefix, version)
    yield f"{footer(version, message.header.lacking)}</mes:{root}>".encode()


def _data_sets(message: Message, prefix: str, version: str) -> Iterator[bytes]:
    writer = _Writer(message, prefix, version)
    for data_set in message.sets:
        yield _opening(message, prefix, data_set, version).encode()
        for frame in frames(message.structure.dsd, message.shape, data_set.batches):
            yield writer.flat(frame) if message.shape.flat else writer.grouped(frame)
        yield b"</mes:DataSet>"


def _opening(message: Message, prefix: str, data_set: DataSet, version: str) -> str:
    given = {
        "ss:structureRef": message.name,
        "xsi:type": f"{prefix}:DataSetType",
        "ss:dataScope": message.reported_for.ref.kind.value if version == "2.1" else None,
        "ss:action": message.action(data_set.purpose, version == "3.1"),
        "ss:validFromDate": timestamp(data_set.valid_from) if data_set.valid_from else None,
        "ss:validToDate": timestamp(data_set.valid_to) if data_set.valid_to else None,
    }
    if version == "2.1":
        return opening("mes:DataSet", {**given, **data_set.attributes})
    # From 3.0 on attributes of the data set have an element of their own.
    several = message.structure.dsd.several
    plain = {name: text for name, text in data_set.attributes.items() if name not in several}
    comps = b"".join(_comp(prefix, *pair) for pair in data_set.attributes.items() if pair[0] in several)
    held = element("Atts", plain, comps.decode()) if data_set.attributes else ""
    return opening("mes:DataSet", given) + held


class _Writer:
    def __init__(self, message: Message, prefix: str, version: str) -> None:
        self._shape = message.shape
        self._measures = {name: MEASURE if version == "2.1" else name for name in message.shape.measures}
        parts = message.structure.dsd.components
        self._several = message.structure.dsd.several
        self._texts = {name: Dictionary(partial(_pair, name)) for name in parts if name not in self._several}
        self._comps = {name: Dictionary(partial(_comp, prefix, name)) for name in self._several}

    def grouped(self, frame: Frame) -> bytes:
        """Series, or sections, with their observations."""
        head = Template(b"<Series").add(self._columns(frame.head)).add(self._columns(frame.facts))
        comps = self._inside(frame.facts)
        if not self._shape.observations:
            return _closed(head, comps, b"</Series>").rows(frame.groups).joined()
        inside = lists(self._observations(frame), frame.starts, b"", b"", b"</Series>")
        return head.text(b">").add([*comps, inside]).rows(frame.groups).joined()

    def flat(self, frame: Frame) -> bytes:
        """Every observation with its whole key; a message without observations shows the series key alone."""
        head = Template().add(self._columns(frame.head)).add(self._columns(frame.facts)).rows(frame.groups)
        comps = self._inside(frame.facts)
        if not self._shape.observations:
            return _closed(Template(b"<Obs").add([head]), comps, b"</Obs>").rows(frame.groups).joined()
        shared = [At(Template().add(comps).rows(frame.groups), frame.owners)] if comps else []
        return self._observations(frame, [At(head, frame.owners)], shared).joined()

    def _observations(self, frame: Frame, before: Sequence[Column] = (), comps: Sequence[Column] = ()) -> Rendered:
        row = Template(b"<Obs").add(before).add(self._columns(frame.key))
        for name, written in self._measures.items():
            if name in frame.measures:
                start, make = f' {written}="'.encode(), partial(_pair, written)
                row.add([number_column(frame.measures[name], start, b'"', b"", make)])
        row.add(self._columns(frame.attributes))
        return _closed(row, [*comps, *self._inside(frame.attributes)], b"</Obs>").rows(frame.observations)

    def _columns(self, given: Columns) -> list[Column]:
        return [self._texts[name].column(column) for name, column in given.items() if name not in self._several]

    def _inside(self, given: Columns) -> list[Column]:
        """What an XML attribute cannot hold."""
        return [self._comps[name].column(column) for name, column in given.items() if name in self._several]


def _closed(row: Template, comps: Sequence[Column], end: bytes) -> Template:
    return row.text(b">").add(comps).text(end) if comps else row.text(b"/>")


def _comp(prefix: str, name: str, text: str) -> bytes:
    """An attribute with its values, from SDMX 3.0 on."""
    values = "".join(f"<Value>{escape(value)}</Value>" for value in parted(text))
    return f'<Comp id="{name}" xsi:type="{prefix}:CompType">{values}</Comp>'.encode()


def _pair(name: str, text: str) -> bytes:
    return f' {name}="{escape(text)}"'.encode()
