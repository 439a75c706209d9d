"""Series and their observations as GraphQL shows them, one by one or as whole columns."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

import strawberry

from schema.attributes import AttributeColumn, AttributeValue, SeriesCode, attribute_values
from schema.columns import Field, Leaf, Leaves, Many, One, Table
from schema.fields import described
from schema.parts import Part
from schema.scalars import Number, number


@strawberry.type(description="What was observed in one period. Without a value: present, but not given or not to be shown.")
class Observation:
    part: strawberry.Private[Part]
    place: strawberry.Private[int]
    period: str
    value: Number | None = strawberry.field(description="Null too where the value is no number; see `valueText`.")
    value_text: str | None = strawberry.field(description="The value as decimal text, with every digit.")
    status: str | None = strawberry.field(description="The attribute OBS_STATUS.")

    @described("The attributes of this observation that have a value.")
    def attributes(self) -> list[AttributeValue]:
        held = self.part.batch.attributes.items()
        return attribute_values(
            self.part.structure,
            {id_: column.texts[code] for id_, column in held if (code := int(column.codes[self.place])) >= 0},
        )


def observation(part: Part, place: int) -> Observation:
    """One observation by itself."""
    text, status = part.value_texts[place], int(part.statuses.codes[place])
    return Observation(
        part=part,
        place=place,
        period=part.periods.texts[int(part.periods.codes[place])],
        value=number(text),
        value_text=text,
        status=part.statuses.texts[status] if status >= 0 else None,
    )


def observations(part: Part) -> Table[Observation]:
    """All observations of the part."""
    columns: dict[str, Callable[[], Field]] = {
        "period": lambda: Leaf(part.period_texts()),
        "value": lambda: Leaf(part.numbers_as_json()),
        "valueText": lambda: Leaf(part.numbers_as_texts()),
        "status": lambda: Leaf(part.status_texts()),
        "attributes": part.attributes,
    }
    return Table(part.batch.observations, partial(observation, part), columns)


@strawberry.type(description="The observations of a series as arrays of equal length; the n-th entries belong together.")
class ObservationColumns:
    part: strawberry.Private[Part]

    @strawberry.field
    def periods(self) -> list[str]:
        return cast(list[str], Leaves(self.part.period_texts(), self.part.periods.decoded))

    @strawberry.field
    def values(self) -> list[Number | None]:
        leaves = Leaves(self.part.numbers_as_json(), lambda: map(number, self.part.value_texts))
        return cast(list[Number | None], leaves)

    @described("The values as decimal texts, with every digit.")
    def value_texts(self) -> list[str | None]:
        return cast(list[str | None], Leaves(self.part.numbers_as_texts(), lambda: self.part.value_texts))

    @described("The attribute OBS_STATUS.")
    def statuses(self) -> list[str | None]:
        return cast(list[str | None], Leaves(self.part.status_texts(), self.part.statuses.decoded))

    @strawberry.field
    def attributes(self) -> list[AttributeColumn]:
        return cast(list[AttributeColumn], self.part.attribute_columns().inside)


def observation_columns(part: Part) -> Table[ObservationColumns]:
    """The same of each series of the part."""
    starts = part.batch.starts
    columns: dict[str, Callable[[], Field]] = {
        "periods": lambda: Many(starts, Leaf(part.period_texts())),
        "values": lambda: Many(starts, Leaf(part.numbers_as_json())),
        "valueTexts": lambda: Many(starts, Leaf(part.numbers_as_texts())),
        "statuses": lambda: Many(starts, Leaf(part.status_texts())),
        "attributes": part.attribute_columns,
    }
    return Table(part.batch.series_count, lambda place: ObservationColumns(part=part.only(place)), columns)


@strawberry.type(description="All observations that share the same codes except time.")
class Series:
    part: strawberry.Private[Part]
    key: str = strawberry.field(description="The codes in key order, joined by dots.")

    @described("The code of each dimension, in key order.")
    def codes(self) -> list[SeriesCode]:
        (key,) = self.part.batch.keys()
        structure = self.part.structure
        pairs = zip(structure.dsd.key, key, strict=True)
        return [SeriesCode(structure=structure, dimension=dimension, id=id_) for dimension, id_ in pairs]

    @described("The attributes of the series, those of its groups included.")
    def attributes(self) -> list[AttributeValue]:
        held = {id_: column.decoded()[0] for id_, column in self.part.batch.series_attributes.items()}
        return attribute_values(self.part.structure, {id_: text for id_, text in held.items() if text is not None})

    @strawberry.field
    def observation_count(self) -> int:
        return self.part.batch.observations

    @described("By period. For more than a few, `columns` is smaller and faster.")
    def observations(self) -> list[Observation]:
        return cast(list[Observation], observations(self.part))

    @strawberry.field
    def columns(self) -> ObservationColumns:
        return ObservationColumns(part=self.part)


def series(part: Part) -> Table[Series]:
    """All series of the part."""

    def make(place: int) -> Series:
        one = part.only(place)
        return Series(part=one, key=".".join(*one.batch.keys()))

    columns: dict[str, Callable[[], Field]] = {
        "key": lambda: Leaf(part.keys()),
        "codes": part.codes,
        "attributes": part.series_attributes,
        "observationCount": lambda: Leaf(part.counts()),
        "observations": lambda: Many(part.batch.starts, observations(part)),
        "columns": lambda: One(observation_columns(part)),
    }
    return Table(part.batch.series_count, make, columns)
