"""SDMX-ML data messages as a raw stream, element by element.

Memory stays bounded: a finished observation, series or group is taken out of the tree at once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from adapters.sdmx.elements import local
from adapters.sdmx.reading.header import Arrangement, Header, read_action, read_header
from adapters.sdmx.reading.xml import events
from registry.raw import Parts, Raw, RawDataSet, RawGroup, RawSeries

PIECE = 5000
"""Observations of one series handed on at once."""


class Dialect(ABC):
    """How one format writes parts of keys, attributes and values. Elements are complete but for later children."""

    @abstractmethod
    def dataset(self, element: etree._Element) -> Parts: ...

    @abstractmethod
    def group(self, element: etree._Element) -> Parts: ...

    @abstractmethod
    def series(self, element: etree._Element) -> Parts: ...

    @abstractmethod
    def observation(self, element: etree._Element, arrangement: Arrangement) -> Parts: ...


def walk(stream: BinaryIO, dialect: Dialect) -> Iterator[Raw]:
    """The raw stream of a message. Errors: see :func:`adapters.sdmx.reading.xml.events`."""
    return _Walk(dialect).run(stream)


class _Walk:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._header = Header()
        self._arrangement = Arrangement()
        self._dataset: etree._Element | None = None
        self._told = False
        self._piece: RawSeries | None = None
        self._number = 0

    def run(self, stream: BinaryIO) -> Iterator[Raw]:
        for event, element in events(stream):
            name = local(element)
            if event == "start":
                if name == "DataSet" and self._dataset is None:
                    self._begin(element)
            elif name == "Header":
                self._header = read_header(element)
                element.clear()
            elif self._dataset is not None:
                yield from self._end(name, element)

    def _begin(self, element: etree._Element) -> None:
        self._dataset, self._told = element, False
        self._arrangement = self._header.arrangement(_named(element, "structureRef"))

    def _end(self, name: str, element: etree._Element) -> Iterator[Raw]:
        if name == "Obs":
            yield from self._observation(element)
            _forget_before(element)
        elif name == "Series":
            yield from self._head()
            yield self._piece or RawSeries(self._dialect.series(element), [])
            self._piece = None
            _forget(element)
        elif name in ("Group", "Atts") and element.getparent() is self._dataset:
            yield from self._head()
            yield RawGroup(self._dialect.group(element))
            _forget(element)
        elif element is self._dataset:
            yield from self._head()
            if self._piece:
                yield self._piece
            self._dataset = self._piece = None
            element.clear()

    def _observation(self, element: etree._Element) -> Iterator[Raw]:
        yield from self._head()
        self._number += 1
        if self._piece is None:
            parent = element.getparent()
            common = {} if parent is None or parent is self._dataset else self._dialect.series(parent)
            self._piece = RawSeries(common, [])
        self._piece.observations.append((self._number, self._dialect.observation(element, self._arrangement)))
        if len(self._piece.observations) >= PIECE:
            yield self._piece
            self._piece = RawSeries(self._piece.parts, [])

    def _head(self) -> Iterator[RawDataSet]:
        """The head of the data set, once: its attributes stand before its first group, series or observation."""
        if self._told or self._dataset is None:
            return
        self._told = True
        action = read_action(_named(self._dataset, "action") or self._header.action)
        yield RawDataSet(self._arrangement.use, action, self._dialect.dataset(self._dataset))


def _named(element: etree._Element, name: str) -> str | None:
    """An attribute of the data set by its local name; its namespace differs between formats."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), None)


def _forget(element: etree._Element) -> None:
    element.clear()
    _forget_before(element)


def _forget_before(element: etree._Element) -> None:
    """Take the finished element before this one out of the tree; what heads a series or data set stays."""
    before, parent = element.getprevious(), element.getparent()
    if before is not None and parent is not None and local(before) in ("Obs", "Series", "Group", "Atts"):
        parent.remove(before)
