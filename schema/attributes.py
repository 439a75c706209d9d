"""Codes and attributes beside data: each says the same wherever it stands, and is completed once for each answer."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import strawberry

from registry.model import Structure
from schema.context import Info
from schema.fields import described
from schema.metadata import Lang, LocalText, texts


@strawberry.type(description="The value of an attribute; `valueName` is the name of a coded value, else the value itself.")
class AttributeValue:
    structure: strawberry.Private[Structure]
    id: str
    value: str

    @property
    def identity(self) -> Hashable:
        """The same value of the same dataflow says the same everywhere."""
        return self.structure.dataflow.ref, self.id, self.value

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


@strawberry.type(description="One attribute of all observations of a series, in their order.")
class AttributeColumn:
    structure: strawberry.Private[Structure]
    id: str
    values: list[str | None]

    @described("The name of the attribute.")
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.structure.names(self.id), lang)
