"""The answer to a selection as GraphQL shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

import strawberry

from registry import answers
from registry.model import Structure
from registry.selection import Selection
from registry.text import Names
from schema.attributes import AttributeValue, attribute_values
from schema.columns import Streamed, Tables
from schema.context import Context, Info
from schema.fields import described
from schema.metadata import Lang, LocalText, texts
from schema.paging import PageInfo
from schema.parts import Part
from schema.recoding import DataSource, DataWarning, Recoding, recodings, sources, warnings
from schema.releases import Release, release
from schema.selecting import SeriesPage
from schema.series import Series, series


@strawberry.type(
    description="The address of the same question at other doors, without paging; of computed figures, of those behind them. "
    "Null where so many codes are chosen that no address can name them: choose fewer, or leave the dimension out."
)
class DataLinks:
    sdmx: str | None = strawberry.field(description="SDMX-ML 2.1.")
    csv: str | None = strawberry.field(description="SDMX-CSV.")


def download(context: Context, selection: Selection, structure: Structure) -> str:
    """Where everything can be had that is too much for an answer; where no address can name the codes, of all codes."""
    links = context.ports.links
    found = links.data(selection, structure, "csv") or links.data(replace(selection, codes={}), structure, "csv")
    return found or links.path("/")


@dataclass
class Reading:
    """One page of an answer. ``cells_each``: values that the question asks of each observation."""

    context: Context
    page: SeriesPage
    answer: answers.Answer
    cells_each: int
    walked: bool = False

    def series(self) -> Tables[Series] | Streamed[Series]:
        """The series of the page; where there are many, those after the first batch come while they are sent."""
        streams, most = self.context.streams, self.answer.most
        if most is None or most < streams.least or not streams.lazily:
            held = sum(part.batch.observations for part in self.parts)
            return _in_pieces(self.parts) if held >= streams.least else Tables([*map(series, self.parts)])
        if self.walked:
            streams.ask_again()
        self.walked = streams.promised = True
        self.context.spend(most * max(self.cells_each, 1), self.download)
        return _in_pieces(Part(self.answer.structure, batch) for batch in self.answer.batches)

    @cached_property
    def parts(self) -> list[Part]:
        """The series of the page; :class:`registry.errors.TooLarge` when they have more values than one answer may.

        Over the limit none is kept, but all are counted, so that the error can say how many. A series of which no observation
        is asked counts its length all the same: it has to be read.
        """
        room = self.context.cell_limit - self.context.cells
        kept: list[Part] = []
        cells = 0
        for batch in self.answer.batches:
            cells += batch.observations * max(self.cells_each, 1)
            if cells <= room:
                kept.append(Part(self.answer.structure, batch))
            else:
                kept.clear()
        self.context.spend(cells, self.download)
        return kept

    @property
    def released(self) -> Structure:
        """The structure of the released figures; the answer has its own where dimensions are left out."""
        return self.context.ports.catalogue.structure(self.page.selection.dataflow)

    def download(self) -> str:
        return download(self.context, self.page.selection, self.released)

    def address(self, format: str) -> str | None:
        """The same question, without pages, at another door."""
        return self.context.ports.links.data(self.page.selection, self.released, format)


def _in_pieces(parts: Iterable[Part]) -> Tables[Series] | Streamed[Series]:
    tables = (series(part) for part in parts if part.batch.series_count)
    first = next(tables, None)
    return Tables(()) if first is None else Streamed(first, tables)


@strawberry.type(description="One step of a calculation.")
class Step:
    said: strawberry.Private[Names]

    @strawberry.field
    def text(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.said, lang)

    @strawberry.field
    def texts(self) -> list[LocalText]:
        return texts(self.said)


@strawberry.type(description="The answer to a selection: a page of its series.")
class DataSet:
    read: strawberry.Private[Reading]
    release: Release | None = strawberry.field(description="The release the data are of; null while nothing is published.")
    total_count: int = strawberry.field(description="Series of the selection, on all pages.")
    dimensions: list[str] = strawberry.field(description="The dimensions of a series key, in order.")

    @described(
        "In the order asked for, else in key order. A series without observations in these periods is left out of its page."
    )
    def series(self) -> list[Series]:
        return cast(list[Series], self.read.series())

    @described("What is said of the data set as a whole.")
    def dataset_attributes(self) -> list[AttributeValue]:
        return attribute_values(self.read.answer.structure, self.read.answer.dataset_attributes)

    @strawberry.field
    def links(self) -> DataLinks:
        return DataLinks(sdmx=self.read.address("sdmx"), csv=self.read.address("csv"))

    @described("All pages that follow a cursor are of one release, whatever is published meanwhile.")
    def page_info(self) -> PageInfo:
        cursor = self.read.page.next_cursor(self.read.answer)
        before = self.read.page.selection.after is not None
        return PageInfo(has_next_page=cursor is not None, has_previous_page=before, start_cursor=None, end_cursor=cursor)

    @described("How the figures were made of the released ones, step by step; empty where they are the released ones.")
    def computed(self) -> list[Step]:
        return [Step(said=said) for said in self.read.answer.computed]

    @described("What was recoded to another version of a classification, how, and how much of it came through.")
    def recodings(self) -> list[Recoding]:
        return recodings(self.read.answer)

    @described("What a reader has to know before trusting the figures: codes used outside the time in which they are valid.")
    def warnings(self) -> list[DataWarning]:
        return warnings(self.read.answer, self.read.released)

    @described("Every dataflow whose figures are in the answer, with its release; several only where versions are spliced.")
    def sources(self) -> list[DataSource]:
        return sources(self.read.answer)


def data_set(context: Context, page: SeriesPage, cells_each: int) -> DataSet:
    """The page of a selection; its series are read when they are asked for."""
    answer = page.ask(context)
    return DataSet(
        read=Reading(context, page, answer, cells_each),
        release=release(answer.release) if answer.release else None,
        total_count=answer.series_count,
        dimensions=list(answer.structure.dsd.key),
    )
