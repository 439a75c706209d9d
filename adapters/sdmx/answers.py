"""Answers to data questions as messages in pieces, ready for HTTP.

Everything here is synchronous and is run in a worker thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain
from typing import NamedTuple

from adapters.formats import OUTLETS
from adapters.outlets import Wish
from adapters.sdmx import negotiation as formats
from adapters.sdmx.datasets import changed, given, history, kept_releases
from adapters.sdmx.faults import no_results
from adapters.sdmx.leaving import Reader
from adapters.sdmx.negotiation import Format
from adapters.sdmx.query import Question
from adapters.sdmx.window import Window, kept
from adapters.sdmx.writing.generic import generic_data
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.jsondata import json_data
from adapters.sdmx.writing.shape import DataSet, Message, Shape
from adapters.sdmx.writing.specific import specific_data
from adapters.sdmx.writing.table import Keys, Labels, Layout, data_table
from registry.answers import Answer, Availability
from registry.columns import Batch
from registry.model import DataStructure
from registry.ports import Ports, Viewer

_MARKUP: dict[str, Callable[[Message], Iterator[bytes]]] = {
    formats.GENERIC.full: generic_data,
    formats.GENERIC_SERIES.full: partial(generic_data, root="GenericTimeSeriesData"),
    formats.SPECIFIC.full: specific_data,
    formats.SPECIFIC_SERIES.full: partial(specific_data, root="StructureSpecificTimeSeriesData"),
    formats.SPECIFIC_30.full: partial(specific_data, version="3.0"),
    formats.SPECIFIC_31.full: partial(specific_data, version="3.1"),
}
_OLD = (formats.GENERIC, formats.SPECIFIC, formats.GENERIC_SERIES, formats.SPECIFIC_SERIES, formats.CSV_1, formats.JSON_1)
"""What can hold one measure only."""


def data_offers(dsd: DataStructure, shape: Shape, major: int, past: bool) -> tuple[Format, ...]:
    """What data can be had as, our preference first: 1.x begins with generic SDMX-ML, 2.x with SDMX-JSON 2.1, as the texts say.

    ``past``: formats that are no SDMX have no words for a history.
    """
    timed = dsd.time is not None and shape.at == dsd.time.id
    series = (formats.GENERIC_SERIES, formats.SPECIFIC_SERIES) if timed else ()
    old: tuple[Format, ...] = (formats.GENERIC, formats.SPECIFIC, *series, formats.CSV_1, formats.JSON_1)
    new = (formats.JSON_21, formats.SPECIFIC_31, formats.CSV_21, formats.JSON_20, formats.SPECIFIC_30, formats.CSV_20)
    fitting = [one for one in ((*old, *new) if major == 1 else (*new, *old)) if len(shape.measures) < 2 or one not in _OLD]
    others = () if past else tuple(formats.of_outlet(outlet) for outlet in OUTLETS)
    return (*fitting, *others)


class Known(NamedTuple):
    """What identifies the state an answer is of: a release or a registry revision, and since when."""

    state: str
    since: datetime | None


@dataclass(frozen=True, kw_only=True)
class Data:
    """A data answer before it is walked. ``past``: with every state the data have had; ``reader``: who waits for it."""

    ports: Ports
    viewer: Viewer
    question: Question
    shape: Shape
    window: Window
    past: bool
    answer: Answer
    reader: Reader

    @property
    def known(self) -> Known:
        release = self.answer.release
        if release is None:
            raise no_results()
        # A history also changes when an old vintage is thinned out, without a release.
        old = len(kept_releases(self.ports.cube, self.viewer, self.answer)) if self.past else ""
        return Known(f"{release.id}{old}", release.released_at)

    def header(self, sender: str, prepared: datetime) -> Header:
        """The header of the message: a correction or withdrawal says why, a preview until when it is one."""
        release = self.answer.release
        return Header(sender, prepared, release.reasons, release.embargoed_until) if release else Header(sender, prepared)

    def pieces(self, header: Header, chosen: Format, languages: tuple[str, ...]) -> Iterator[bytes]:
        """The message; no results when nothing remains once it is walked."""
        if chosen.outlet is not None:
            return self._elsewhere(header, chosen, languages)
        sets = self._sets()
        first = next(sets, None)
        if first is None:
            raise no_results()
        message = Message(
            header=header,
            structure=self.answer.structure,
            shape=self.shape,
            sets=chain((first,), sets),
            languages=languages,
            dated=self.past,
        )
        if chosen.kind == formats.CSV:
            return data_table(message, _layout(chosen))
        return json_data(message, chosen.version) if chosen.kind == formats.JSON else _MARKUP[chosen.full](message)

    def _sets(self) -> Iterator[DataSet]:
        """The data sets that hold something."""
        selection = self.answer.selection
        if self.past:
            found = history(self.ports.cube, self.viewer, self.answer, self.shape)
        elif selection.updated_after is not None:
            found = changed(self.ports.cube, self.viewer, self.answer, self.shape)
        else:
            found = given(self.answer, self.shape)
        for data_set in found:
            batches = self._wanted(batch for batch in data_set.batches if batch.series_count)
            first = next(batches, None)
            if first is not None:
                yield replace(data_set, batches=chain((first,), batches))

    def _wanted(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        return self.window.cut(kept(self.reader.awaited(batches), self.question.test), self.shape.observations)

    def _elsewhere(self, header: Header, chosen: Format, languages: tuple[str, ...]) -> Iterator[bytes]:
        """The answer in a format that is no SDMX."""
        assert chosen.outlet is not None
        batches = self._wanted(map(self.shape.trim, self.answer.batches))
        first = next(batches, None)
        if first is None:
            raise no_results()
        wish = Wish(
            attributes=self.shape.attributes,
            measures=self.shape.measures,
            observations=self.shape.observations,
            languages=languages,
            options=chosen.options,
            prepared=header.prepared,
            available=self._available(),
            service=self.ports.service,
        )
        return chosen.outlet.write(replace(self.answer, batches=chain((first,), batches)), wish)

    def _available(self) -> Availability | None:
        """What the release of the answer holds; not known where a part of it was taken here."""
        selection, release = self.answer.selection, self.answer.release
        if (
            self.question.test is not None
            or self.question.conditions is not None
            or not self.window.whole
            or selection.updated_after
            or release is None
        ):
            return None
        pinned = replace(selection, as_of=release.released_at)
        return self.ports.cube.availability(pinned, self.viewer)


def ask(ports: Ports, viewer: Viewer, question: Question, shape: Shape, window: Window, past: bool, reader: Reader) -> Data:
    answer = ports.cube.ask(question.selection, viewer)
    if question.conditions is not None:
        answer = replace(answer, batches=question.conditions.kept(answer.batches, answer.dataset_attributes))
    return Data(
        ports=ports, viewer=viewer, question=question, shape=shape, window=window, past=past, answer=answer, reader=reader
    )


def _layout(chosen: Format) -> Layout:
    return Layout(
        version=chosen.version,
        labels=Labels(chosen.options.get("labels", Labels.ID)),
        keys=Keys(chosen.options.get("keys", Keys.NONE)),
    )
