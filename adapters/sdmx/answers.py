"""Answers to data questions as messages in pieces, ready for HTTP.

Everything here is synchronous and is run in a worker thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from adapters.sdmx.faults import no_results
from adapters.sdmx.negotiation import CSV, CSV_1, CSV_2, GENERIC, GENERIC_SERIES, SPECIFIC, SPECIFIC_SERIES, Format
from adapters.sdmx.query import Question, Window
from adapters.sdmx.writing.generic import generic_data
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.shape import Shape
from adapters.sdmx.writing.specific import specific_data
from adapters.sdmx.writing.table import Keys, Labels, Layout, data_table
from registry.answers import Answer
from registry.ports import Cube, Viewer
from registry.series import batch_of

_WRITERS = {
    GENERIC.name: (generic_data, "GenericData"),
    GENERIC_SERIES.name: (generic_data, "GenericTimeSeriesData"),
    SPECIFIC.name: (specific_data, "StructureSpecificData"),
    SPECIFIC_SERIES.name: (specific_data, "StructureSpecificTimeSeriesData"),
}


def data_offers(shape: Shape, major: int) -> tuple[Format, ...]:
    """What data can be had as, our preference first.

    1.x defaults to generic SDMX-ML by its text. 2.x defaults to SDMX-JSON 2.1, which is not spoken here; of what SDMX 3.0 has
    in common with us SDMX-CSV 2.0 is the one, so that is given when nothing else was wished.
    """
    series = () if shape.flat else (GENERIC_SERIES, SPECIFIC_SERIES)
    if major == 1:
        return (GENERIC, SPECIFIC, *series, CSV_1, CSV_2)
    return (CSV_2, SPECIFIC, GENERIC, *series, CSV_1)


class Known(NamedTuple):
    """What identifies the state an answer is of: a release or a registry revision, and since when."""

    state: str
    since: datetime | None


@dataclass(frozen=True)
class Data:
    """A data answer before it is walked."""

    answer: Answer
    question: Question
    shape: Shape
    window: Window

    @property
    def known(self) -> Known:
        release = self.answer.release
        if release is None:
            raise no_results()
        return Known(release.id, release.released_at)

    def pieces(self, header: Header, chosen: Format, languages: tuple[str, ...]) -> Iterator[str]:
        """The message; no results when nothing remains once it is walked."""
        series = self.window.cut(self.question.keep(self.answer.series), self.shape)
        first = next(series, None)
        if first is None:
            raise no_results()
        measure = self.answer.structure.dsd.measures[0].id
        answer = replace(self.answer, batches=(batch_of([one], measure) for one in chain((first,), series)))
        changes = self.answer.selection.updated_after is not None
        if chosen.kind == CSV:
            return data_table(answer, self.shape, _layout(chosen, languages, changes))
        write, root = _WRITERS[chosen.name]
        return write(header, answer, self.shape, "Replace" if changes else "Information", root)


def ask(cube: Cube, viewer: Viewer, question: Question, shape: Shape, window: Window) -> Data:
    return Data(cube.ask(question.selection, viewer), question, shape, window)


def _layout(chosen: Format, languages: tuple[str, ...], changes: bool) -> Layout:
    return Layout(
        version=chosen.version,
        labels=Labels(chosen.options.get("labels", Labels.ID)),
        keys=Keys(chosen.options.get("keys", Keys.NONE)),
        languages=languages,
        action="R" if changes else "I",
    )
