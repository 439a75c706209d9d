"""Data structures as GraphQL shows them: dimensions, attributes and measures with their concepts and codelists."""

from __future__ import annotations

from typing import Any, cast

import strawberry

from registry import model
from registry.ports import Catalogue
from registry.ref import Kind
from registry.text import Names
from schema.context import Info
from schema.fields import described
from schema.items import Concept, concept_of
from schema.metadata import Artefact, Lang, LocalText, Reference, known, reference, reference_to, shown, shows, stubs, texts
from schema.representation import Representation, representation
from schema.schemes import Codelist

strawberry.enum(model.Level, name="AttributeLevel", description="What an attribute describes.")


@strawberry.interface(description="A dimension, attribute or measure; its name is that of its concept.")
class Component:
    catalogue: strawberry.Private[Catalogue]
    part: strawberry.Private[model.Component]
    id: str
    text_type: str = strawberry.field(description="The SDMX text type of values without a codelist.")

    @strawberry.field
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self._names(), lang)

    @strawberry.field
    def names(self) -> list[LocalText]:
        return texts(self._names())

    @strawberry.field
    def concept(self) -> Concept | None:
        return concept_of(self.catalogue, self.part)

    @described("The concepts that say what part it plays, such as that of the frequency.")
    def roles(self) -> list[Reference]:
        return [reference(self.catalogue, role) for role in self.part.concept_roles]

    @described("The codes it may have; null where values are free.")
    def codelist(self) -> Codelist | None:
        found = known(self.catalogue, self.part.codelist) if self.part.codelist else None
        return stubs(self.catalogue, [found])[0] if found else None

    @described("What values it may have, where it says so itself and not its concept.")
    def representation(self) -> Representation | None:
        return representation(self.catalogue, self.part.representation) if self.part.representation else None

    def _names(self) -> Names:
        scheme = known(self.catalogue, self.part.concept_scheme) if self.part.concept_scheme else None
        found = self.catalogue.get(scheme) if scheme else None
        item = found.by_id.get(self.part.concept) if isinstance(found, model.ItemScheme) else None
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
    group: str | None = strawberry.field(description="At group level: the group that it names, if it names one.")
    measures: list[str] = strawberry.field(description="The measures that it describes; none: the observation as a whole.")


@strawberry.type(description="What is observed.")
class Measure(Component):
    pass


@strawberry.type(description="A partial key that attributes belong to.")
class Group:
    id: str
    dimensions: list[str]


@shows(Kind.DATA_STRUCTURE)
@strawberry.type(description="The structure of data: what its key is, what describes it, what is measured.")
class DataStructure(Artefact):
    @described("In key order, time included.")
    def dimensions(self) -> list[Dimension]:
        return [
            Dimension(**self._component(part), position=index, is_time=part.is_time)
            for index, part in enumerate(self._held.dimensions, 1)
        ]

    @strawberry.field
    def attributes(self) -> list[Attribute]:
        return [
            Attribute(
                **self._component(part),
                level=part.level,
                mandatory=part.mandatory,
                dimensions=list(part.dimensions),
                group=part.group,
                measures=list(part.measures),
            )
            for part in self._held.attributes
        ]

    @strawberry.field
    def measures(self) -> list[Measure]:
        return [Measure(**self._component(part)) for part in self._held.measures]

    @strawberry.field
    def groups(self) -> list[Group]:
        return [Group(id=group.id, dimensions=list(group.dimensions)) for group in self._held.groups]

    @described("The metadata structure whose fields it uses as attributes.")
    def metadata_structure(self) -> Reference | None:
        return reference_to(self.catalogue, self._held.metadata)

    @property
    def _held(self) -> model.DataStructure:
        return self.content(model.DataStructure)

    def _component(self, part: model.Component) -> dict[str, Any]:
        return {"catalogue": self.catalogue, "part": part, "id": part.id, "text_type": part.text_type}


def data_structure(catalogue: Catalogue, artefact: model.Artefact) -> DataStructure:
    return cast("DataStructure", shown(catalogue, artefact))
