"""Data as GraphQL shows it: series with their observations, one by one or as whole columns."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import cast

import strawberry

from registry import answers, series
from registry.model import Structure
from registry.period import period_text
from schema.columnar import NULL, Column, Leaves, Rows, coded, quoted
from schema.context import Context, Info
from schema.fields import described
from schema.metadata import Lang, LocalText, texts
from schema.paging import PageInfo
from schema.releases import Release, release
from schema.scalars import Number, number
from schema.selecting import SeriesPage

STATUS = "OBS_STATUS"


@strawberry.type(description="The value of an attribute; `valueName` is the name of a coded value, else the value itself.")
class AttributeValue:
    structure: strawberry.Private[Structure]
    id: str
    value: str

    @described("The name of the attribute.")
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.structure.names(self.id), lang)

    @strawberry.field
    def value_name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.structure.code_names(self.id, self.value), lang)


def attribute_values(structure: Structure, values: Mapping[str, str]) -> list[AttributeValue]:
    return [AttributeValue(structure=structure, id=id_, value=value) for id_, value in values.items()]


@strawberry.type(description="The code of a series in one dimension.")
class SeriesCode:
    structure: strawberry.Private[Structure]
    dimension: str
    id: str

    @property
    def identity(self) -> Hashable:
        """The same code of the same dataflow says the same in every series."""
        return self.structure.dataflow.ref, self.dimension, self.id

    @strawberry.field
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.structure.code_names(self.dimension, self.id), lang)

    @strawberry.field
    def names(self) -> list[LocalText]:
        return texts(self.structure.code_names(self.dimension, self.id))

    @described("The name of the dimension.")
    def dimension_name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.structure.names(self.dimension), lang)


@strawberry.type(description="What was observed in one period. Without a value: present, but not given or not to be shown.")
class Observation:
    structure: strawberry.Private[Structure]
    held: strawberry.Private[series.Series]
    index: strawberry.Private[int]
    period: str
    value: Number | None = strawberry.field(description="Null too where the value is no number; see `valueText`.")
    value_text: str | None = strawberry.field(description="The value as decimal text, with every digit.")
    status: str | None = strawberry.field(description="The attribute OBS_STATUS.")

    @described("The attributes of this observation that have a value.")
    def attributes(self) -> list[AttributeValue]:
        columns = self.held.observation_attributes.items()
        return [
            AttributeValue(structure=self.structure, id=id_, value=value)
            for id_, column in columns
            if (value := column[self.index]) is not None
        ]


@strawberry.type(description="One attribute of all observations of a series, in their order.")
class AttributeColumn:
    structure: strawberry.Private[Structure]
    id: str
    values: list[str | None]

    @described("The name of the attribute.")
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.structure.names(self.id), lang)


@strawberry.type(description="The observations of a series as arrays of equal length; the n-th entries belong together.")
class ObservationColumns:
    structure: strawberry.Private[Structure]
    held: strawberry.Private[series.Series]

    @strawberry.field
    def periods(self) -> list[str]:
        return Leaves(self.held.periods(), columns_of(self.held)["period"])

    @strawberry.field
    def values(self) -> list[Number | None]:
        return Leaves([number(text) for text in self.held.values], columns_of(self.held)["value"])

    @described("The values as decimal texts, with every digit.")
    def value_texts(self) -> list[str | None]:
        return Leaves(self.held.values, columns_of(self.held)["valueText"])

    @described("The attribute OBS_STATUS.")
    def statuses(self) -> list[str | None]:
        return Leaves(statuses(self.held), columns_of(self.held)["status"])

    @strawberry.field
    def attributes(self) -> list[AttributeColumn]:
        columns = self.held.observation_attributes.items()
        return [AttributeColumn(structure=self.structure, id=id_, values=values) for id_, values in columns]


def columns_of(held: series.Series) -> dict[str, Column]:
    """The JSON of each plain field of the observations of a series."""
    return {
        "period": lambda: quoted(held.periods()),
        "value": lambda: [NULL if (value := number(text)) is None else value for text in held.values],
        "valueText": lambda: coded(held.values),
        "status": lambda: coded(statuses(held)),
    }


def statuses(held: series.Series) -> list[str | None]:
    return held.observation_attributes.get(STATUS) or [None] * len(held.values)


def observation(structure: Structure, held: series.Series, index: int) -> Observation:
    """One observation of a series by itself."""
    text = held.values[index]
    period = period_text(held.frequency, int(held.ordinals[index]))
    status = statuses(held)[index]
    return Observation(
        structure=structure, held=held, index=index, period=period, value=number(text), value_text=text, status=status
    )


@strawberry.type(description="All observations that share the same codes except time.")
class Series:
    structure: strawberry.Private[Structure]
    held: strawberry.Private[series.Series]
    key: str = strawberry.field(description="The codes in key order, joined by dots.")

    @described("The code of each dimension, in key order.")
    def codes(self) -> list[SeriesCode]:
        pairs = zip(self.structure.dsd.key, self.held.key, strict=True)
        return [SeriesCode(structure=self.structure, dimension=dimension, id=id_) for dimension, id_ in pairs]

    @described("The attributes of the series, those of its groups included.")
    def attributes(self) -> list[AttributeValue]:
        return attribute_values(self.structure, self.held.attributes)

    @strawberry.field
    def observation_count(self) -> int:
        return len(self.held.values)

    @described("By period. For more than a few, `columns` is smaller and faster.")
    def observations(self) -> list[Observation]:
        rows = Rows(len(self.held.values), partial(observation, self.structure, self.held), columns_of(self.held))
        return cast(list[Observation], rows)

    @strawberry.field
    def columns(self) -> ObservationColumns:
        return ObservationColumns(structure=self.structure, held=self.held)


@strawberry.type(description="The address of the same question at other doors, without paging.")
class DataLinks:
    sdmx: str = strawberry.field(description="SDMX-ML 2.1.")
    csv: str = strawberry.field(description="SDMX-CSV.")


@dataclass
class Reading:
    """One page of an answer. ``cells_each``: values that the question asks of each observation."""

    context: Context
    page: SeriesPage
    answer: answers.Answer
    cells_each: int

    @cached_property
    def series(self) -> list[series.Series]:
        """The series of the page; :class:`registry.errors.TooLarge` when they have more values than one answer may.

        Over the limit none is kept, but all are counted, so that the error can say how many. A series of which no observation
        is asked counts its length all the same: it has to be read.
        """
        room = self.context.cell_limit - self.context.cells
        kept: list[series.Series] = []
        cells = 0
        for one in self.answer.series:
            cells += len(one.values) * max(self.cells_each, 1)
            if cells <= room:
                kept.append(one)
            else:
                kept.clear()
        self.context.spend(cells, lambda: self.address("csv"))
        return kept

    def address(self, format: str) -> str:
        """The same question, without pages, at another door."""
        return self.context.ports.links.data(self.page.selection, self.answer.structure, format)


@strawberry.type(description="The answer to a selection: a page of its series.")
class DataSet:
    read: strawberry.Private[Reading]
    release: Release | None = strawberry.field(description="The release the data are of; null while nothing is published.")
    total_count: int = strawberry.field(description="Series of the selection, on all pages.")
    dimensions: list[str] = strawberry.field(description="The dimensions of a series key, in order.")

    @described("In key order. A series without observations in the periods asked for is left out of its page.")
    def series(self) -> list[Series]:
        structure = self.read.answer.structure
        return [Series(structure=structure, held=held, key=".".join(held.key)) for held in self.read.series]

    @described("What is said of the data set as a whole.")
    def dataset_attributes(self) -> list[AttributeValue]:
        return attribute_values(self.read.answer.structure, self.read.answer.dataset_attributes)

    @strawberry.field
    def links(self) -> DataLinks:
        return DataLinks(sdmx=self.read.address("sdmx"), csv=self.read.address("csv"))

    @described("All pages that follow a cursor are of one release, whatever is published meanwhile.")
    def page_info(self) -> PageInfo:
        more = self.read.page.stop < self.total_count
        return PageInfo(
            has_next_page=more,
            has_previous_page=self.read.page.start > 0,
            start_cursor=None,
            end_cursor=self.read.page.next_cursor(self.read.answer.release) if more else None,
        )


def data_set(context: Context, page: SeriesPage, cells_each: int) -> DataSet:
    """The page of a selection; its series are read when they are asked for."""
    answer = page.ask(context)
    return DataSet(
        read=Reading(context, page, answer, cells_each),
        release=release(answer.release) if answer.release else None,
        total_count=answer.series_count,
        dimensions=list(answer.structure.dsd.key),
    )
