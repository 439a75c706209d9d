"""What the indexes of an SDMX-JSON data message mean: the header, and the structure with the values that were met.

Source: sdmx-twg/sdmx-json, field guides of the data message 1.0, 2.0 and 2.1.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from adapters.sdmx.data_types import SIMPLE_TYPES
from adapters.sdmx.writing.frames import shared_by_sections
from adapters.sdmx.writing.jsonheader import header_meta
from adapters.sdmx.writing.shape import Message, Shape
from adapters.sdmx.writing.table import label
from registry.errors import LANGUAGES, Invalid
from registry.model import Attribute, Component, DataStructure, Dimension, Level, Measure
from registry.period import parse_period
from registry.text import Names

NUMERIC = frozenset(
    {
        "Numeric",
        "BigInteger",
        "Integer",
        "Long",
        "Short",
        "Decimal",
        "Float",
        "Double",
        "Count",
        "InclusiveValueRange",
        "ExclusiveValueRange",
        "Incremental",
    }
)
"""Text types whose values are JSON numbers."""

Json = dict[str, Any]


def dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


@dataclass(frozen=True, kw_only=True)
class Levels:
    """Which component stands at which level of a message, in DSD order."""

    series: tuple[str, ...]
    observation: tuple[str, ...]
    set_attributes: tuple[str, ...]
    series_attributes: tuple[str, ...]
    attributes: tuple[str, ...]

    @classmethod
    def of(cls, dsd: DataStructure, shape: Shape) -> Levels:
        """Series only are packed by time, or flat; with observations by any dimension."""
        shown = [one for one in dsd.attributes if one.id in shape.attributes]
        sections = shape.observations and shape.at in dsd.key
        observed = {shape.at} if sections else {dsd.time.id} if dsd.time else set()
        every = [part.id for part in dsd.dimensions if shape.observations or not part.is_time]
        if sections:
            shared = shared_by_sections(dsd, shape.at)
        else:
            shared = frozenset(one.id for one in shown if one.level in (Level.SERIES, Level.GROUP))
        own = [one for one in shown if one.level is not Level.DATA_SET]
        return cls(
            series=() if shape.flat else tuple(name for name in every if name not in observed),
            observation=tuple(every) if shape.flat else tuple(name for name in every if name in observed),
            set_attributes=tuple(one.id for one in shown if one.level is Level.DATA_SET),
            series_attributes=() if shape.flat else tuple(one.id for one in own if one.id in shared),
            attributes=tuple(one.id for one in own if shape.flat or one.id not in shared),
        )


def meta(message: Message) -> Json:
    """The header of the message."""
    return header_meta(message.header, message.languages, LANGUAGES)


def links(message: Message) -> list[Json]:
    """What the figures are of, and what that is of."""
    every = (message.agreement, message.structure.dataflow, message.structure.dsd)
    return [{"urn": one.ref.urn, "rel": one.ref.kind.value.lower()} for one in every if one is not None]


def structure(message: Message, levels: Levels, met: Mapping[str, Sequence[str]], version: str) -> Json:
    """The structure; ``met``: component -> its values, in the order of their indexes."""
    writer = _Writer(message, met, version)
    flow, dsd = message.structure.dataflow, message.structure.dsd
    found: Json = {"links": links(message), **writer.named(flow.names)}
    found["dimensions"] = {
        "dataSet": [],
        "series": [writer.dimension(name) for name in levels.series],
        "observation": [writer.dimension(name) for name in levels.observation],
    }
    if version != "1.0.0":
        wanted = [part for part in dsd.measures if part.id in message.shape.measures]
        found["measures"] = {"observation": [writer.measure(part) for part in wanted]}
    found["attributes"] = {
        "dataSet": [writer.attribute(name) for name in levels.set_attributes],
        "series": [writer.attribute(name) for name in levels.series_attributes],
        "observation": [writer.attribute(name) for name in levels.attributes],
    }
    return found


class _Writer:
    def __init__(self, message: Message, met: Mapping[str, Sequence[str]], version: str) -> None:
        self._structure, self._languages = message.structure, message.languages
        self._met, self._first = met, version == "1.0.0"

    def named(self, names: Names, instead: str = "") -> Json:
        """The best name, and all of them."""
        every = {tag: text for tag, text in names.items() if text}
        return {"name": label(every, self._languages) or instead, **({"names": every} if every else {})}

    def dimension(self, name: str) -> Json:
        dsd = self._structure.dsd
        place = next(place for place, part in enumerate(dsd.dimensions) if part.id == name)
        part = dsd.dimensions[place]
        roles = ["TIME_PERIOD"] if part.is_time else ["FREQ"] if name == "FREQ" else []
        return self._component(part) | {"keyPosition": place, **({"roles": roles} if roles else {}), **self._values(part)}

    def measure(self, part: Measure) -> Json:
        return self._component(part) | {"format": {"dataType": part.text_type if part.text_type in SIMPLE_TYPES else "String"}}

    def attribute(self, name: str) -> Json:
        part = next(part for part in self._structure.dsd.attributes if part.id == name)
        mandatory = {} if self._first else {"isMandatory": part.mandatory}
        return self._component(part) | mandatory | {"relationship": self._relationship(part), **self._values(part)}

    def _relationship(self, part: Attribute) -> Json:
        dsd = self._structure.dsd
        if part.level is Level.DATA_SET:
            return {"none": {}} if self._first else {"dataflow": {}}
        if part.level is Level.OBSERVATION:
            return {"primaryMeasure": dsd.measures[0].id} if self._first else {"observation": {}}
        return {"dimensions": list(part.dimensions if part.level is Level.GROUP else dsd.key)}

    def _component(self, part: Component) -> Json:
        return {"id": part.id, **self.named(self._structure.names(part.id), part.id)}

    def _values(self, part: Component) -> Json:
        """The list of values; none where texts stand in the observations, and none where 2.x allows no empty list."""
        if part.id not in self._met or not (self._met[part.id] or self._first):
            return {}
        return {"values": [self._value(part, text) for text in self._met[part.id]]}

    def _value(self, part: Component, text: str) -> Json:
        codelist = self._structure.codelists.get(part.id)
        if codelist is not None:
            item = codelist.by_id.get(text)
            parent = {"parent": item.parent} if item and item.parent else {}
            return {"id": text, **self.named(item.names if item else {}, text), **parent}
        span = _span(text) if isinstance(part, Dimension) and part.is_time else {}
        if not self._first:
            return {"value": text, **span}
        # 1.0 knows codes only; what is no code has a name, and a dimension needs an id too.
        return {**({"id": text} if isinstance(part, Dimension) else {}), "name": text, **span}


def _span(text: str) -> Json:
    """The first and last second of a period."""
    try:
        period = parse_period(text)
    except Invalid:
        return {}
    last = period.end - timedelta(seconds=1)
    return {"start": f"{period.start.isoformat()}Z", "end": f"{last.isoformat()}Z"}
