"""Data structures as GraphQL shows them: dimensions, attributes and measures with their concepts and codelists."""

from __future__ import annotations

from typing import Any, cast

import strawberry

from registry import model
from registry.text import Names
from schema.context import Context, Info
from schema.fields import described
from schema.metadata import Artefact, Codelist, Concept, Lang, LocalText, codelist, concept, maintained, texts

strawberry.enum(model.Level, name="AttributeLevel", description="What an attribute describes.")


@strawberry.interface(description="A dimension, attribute or measure; its name is that of its concept.")
class Component:
    part: strawberry.Private[model.Component]
    id: str
    text_type: str = strawberry.field(description="The SDMX text type of values without a codelist.")

    @strawberry.field
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self._names(info.context), lang)

    @strawberry.field
    def names(self, info: Info) -> list[LocalText]:
        return texts(self._names(info.context))

    @strawberry.field
    def concept(self, info: Info) -> Concept | None:
        scheme = info.context.concepts(self.part.concept_scheme)
        item = scheme.by_id.get(self.part.concept) if scheme else None
        return concept(scheme, item) if scheme and item else None

    @described("The codes it may have; null where values are free.")
    def codelist(self, info: Info) -> Codelist | None:
        scheme = info.context.codelist(self.part.codelist)
        return codelist(scheme) if scheme else None

    def _names(self, context: Context) -> Names:
        scheme = context.concepts(self.part.concept_scheme)
        item = scheme.by_id.get(self.part.concept) if scheme else None
        return item.names if item else {"en": self.id}


@strawberry.type(description="Part of the key of an observation.")
class Dimension(Component):
    position: int = strawberry.field(description="Its place in the key, from 1.")
    is_time: bool = strawberry.field(description="Whether it orders the observations of a series.")


@strawberry.type(description="Describes a data set, a group, a series or an observation.")
class Attribute(Component):
    level: model.Level
    mandatory: bool
    dimensions: list[str] = strawberry.field(description="At group level: the dimensions that make the group.")


@strawberry.type(description="What is observed.")
class Measure(Component):
    pass


def _component(part: model.Component) -> dict[str, Any]:
    return {"part": part, "id": part.id, "text_type": part.text_type}


@strawberry.type(description="The structure of data: what its key is, what describes it, what is measured.")
class DataStructure(Artefact):
    held: strawberry.Private[model.DataStructure]

    @described("In key order, time included.")
    def dimensions(self) -> list[Dimension]:
        return [
            Dimension(**_component(part), position=index, is_time=part.is_time)
            for index, part in enumerate(self.held.dimensions, 1)
        ]

    @strawberry.field
    def attributes(self) -> list[Attribute]:
        return [
            Attribute(**_component(part), level=part.level, mandatory=part.mandatory, dimensions=list(part.dimensions))
            for part in self.held.attributes
        ]

    @strawberry.field
    def measures(self) -> list[Measure]:
        return [Measure(**_component(part)) for part in self.held.measures]


def data_structure(artefact: model.Artefact) -> DataStructure:
    return DataStructure(**maintained(artefact), held=cast("model.DataStructure", artefact))
