"""Codes and attributes beside data, one by one or as tables in which each stands once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

import numpy as np
import strawberry

from registry import rendering
from registry.model import Structure
from registry.several import readable
from registry.text import Names
from schema.columns import Field, Leaf, Many, Spoken, Table, each, edges
from schema.context import Context, Info
from schema.fields import described
from schema.metadata import Lang, LocalText, texts


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
    return [AttributeValue(structure=structure, id=id_, value=readable(value)) for id_, value in values.items()]


@strawberry.type(description="The code of a series in one dimension.")
class SeriesCode:
    structure: strawberry.Private[Structure]
    dimension: str
    id: str

    @strawberry.field
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.structure.code_names(self.dimension, self.id), lang)

    @strawberry.field
    def names(self) -> list[LocalText]:
        return texts(self.structure.code_names(self.dimension, self.id))

    @described("The name of the dimension.")
    def dimension_name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.structure.names(self.dimension), lang)


@strawberry.type(description="One attribute of all observations of a series, in their order.")
class AttributeColumn:
    structure: strawberry.Private[Structure]
    id: str
    values: list[str | None]

    @described("The name of the attribute.")
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.structure.names(self.id), lang)


def value_table(structure: Structure, members: Sequence[tuple[str, str]]) -> Table[AttributeValue]:
    """Attributes with their values."""
    columns: dict[str, Callable[[], Field]] = {
        "id": lambda: Leaf(each(id_ for id_, _ in members)),
        "value": lambda: Leaf(each(value for _, value in members)),
        "name": lambda: names([structure.names(id_) for id_, _ in members]),
        "valueName": lambda: names([structure.code_names(*member) for member in members]),
    }

    def make(place: int) -> AttributeValue:
        id_, value = members[place]
        return AttributeValue(structure=structure, id=id_, value=value)

    return Table(len(members), make, columns)


def code_table(structure: Structure, members: Sequence[tuple[str, str]]) -> Table[SeriesCode]:
    """Dimensions with their codes."""
    columns: dict[str, Callable[[], Field]] = {
        "dimension": lambda: Leaf(each(dimension for dimension, _ in members)),
        "id": lambda: Leaf(each(id_ for _, id_ in members)),
        "name": lambda: names([structure.code_names(*member) for member in members]),
        "names": lambda: local_texts([structure.code_names(*member) for member in members]),
        "dimensionName": lambda: names([structure.names(dimension) for dimension, _ in members]),
    }

    def make(place: int) -> SeriesCode:
        dimension, id_ = members[place]
        return SeriesCode(structure=structure, dimension=dimension, id=id_)

    return Table(len(members), make, columns)


def names(known: Sequence[Names]) -> Spoken:
    """The name of each in the language of the argument, else in that of the request."""

    def spoken(context: Context, lang: str | None = None) -> rendering.Column:
        return each(context.text(one, lang) for one in known)

    return Spoken(spoken)


def local_texts(known: Sequence[Names]) -> Many:
    """All names of each."""
    pairs = [*chain.from_iterable(one.items() for one in known)]
    columns: dict[str, Callable[[], Field]] = {
        "lang": lambda: Leaf(each(lang for lang, _ in pairs)),
        "value": lambda: Leaf(each(value for _, value in pairs)),
    }
    table = Table(len(pairs), lambda place: LocalText(lang=pairs[place][0], value=pairs[place][1]), columns)
    return Many(edges(np.array([len(one) for one in known], np.int64)), table)
