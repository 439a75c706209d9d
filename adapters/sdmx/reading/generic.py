"""Generic data of SDMX-ML 2.1: parts are ``Value`` elements with an id.

Source: SDMX 2.1 section 3A, "Generic Data".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from adapters.sdmx.elements import local
from adapters.sdmx.reading.header import Arrangement
from adapters.sdmx.reading.xmldata import Dialect, walk
from registry.raw import OBS_VALUE, Parts, Raw, RawValue

_KEYS = ("GroupKey", "SeriesKey", "ObsKey", "Attributes")


def read_generic(stream: BinaryIO) -> Iterator[Raw]:
    """The raw stream of a message. Errors: see :func:`adapters.sdmx.reading.xml.events`."""
    return walk(stream, Generic())


class Generic(Dialect):
    """Keys and attributes alike become parts; the data structure tells them apart."""

    def dataset(self, element: etree._Element) -> Parts:
        return _parts(element)

    def group(self, element: etree._Element) -> Parts:
        return _parts(element)

    def series(self, element: etree._Element) -> Parts:
        return _parts(element)

    def observation(self, element: etree._Element, arrangement: Arrangement) -> Parts:
        parts = _parts(element)
        for child in element:
            name = local(child)
            if name == "ObsDimension":
                parts[child.get("id") or arrangement.at_observation] = child.get("value") or ""
            elif name == "ObsValue":
                parts[OBS_VALUE] = child.get("value") or ""
        return parts


def _parts(element: etree._Element) -> dict[str, RawValue]:
    values = (value for child in element if local(child) in _KEYS for value in child)
    return {value.get("id") or "": value.get("value") or "" for value in values}
