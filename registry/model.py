"""The SDMX information model as frozen, checked values: what the whole house means by a codelist, a DSD, a dataflow.

Only what is the same in SDMX 2.1 and 3.x stands here; messages and their formats live in ``adapters/sdmx``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from registry.ref import Kind, Ref
from registry.text import Names

CORE_CODELIST = "CORE_REPRESENTATION"
"""Annotation of a concept: the codelist of components that state no representation of their own, as ``AGENCY:ID(1.0)``."""


@dataclass(frozen=True, slots=True)
class Item:
    """A code, a concept or an agency: one entry of an item scheme.

    ``annotations`` are short facts by annotation type, for example the HS level of a code.
    """

    id: str
    names: Names
    parent: str | None = None
    descriptions: Names = field(default_factory=dict)
    valid_from: date | None = None
    valid_to: date | None = None
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Maintainable:
    """What every artefact has. ``source`` says where the content comes from; validity is the world's, not the database's."""

    ref: Ref
    names: Names
    descriptions: Names = field(default_factory=dict)
    source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    is_final: bool = False


@dataclass(frozen=True, kw_only=True)
class ItemScheme(Maintainable):
    """An ordered list of items, possibly a tree through ``parent``."""

    items: tuple[Item, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def children(self) -> dict[str | None, tuple[Item, ...]]:
        """Items under each parent; roots under None."""
        groups: dict[str | None, list[Item]] = {}
        for item in self.items:
            groups.setdefault(item.parent, []).append(item)
        return {parent: tuple(items) for parent, items in groups.items()}


@dataclass(frozen=True, kw_only=True)
class Codelist(ItemScheme):
    """Codes. A classification version is a codelist with validity; its successor is another version of the same id."""


@dataclass(frozen=True, kw_only=True)
class ConceptScheme(ItemScheme):
    """Concepts that components take their meaning and names from."""


@dataclass(frozen=True, kw_only=True)
class AgencyScheme(ItemScheme):
    """Agencies; ``SDMX:AGENCIES(1.0)`` holds the top-level ones."""


class Level(StrEnum):
    """What an attribute describes."""

    DATA_SET = "DataSet"
    GROUP = "Group"
    SERIES = "Series"
    OBSERVATION = "Observation"


@dataclass(frozen=True, kw_only=True)
class Component:
    """A dimension, attribute or measure: an id, a concept, and either a codelist or a text type."""

    id: str
    concept_scheme: Ref | None = None
    concept: str = ""
    codelist: Ref | None = None
    text_type: str = "String"


@dataclass(frozen=True, kw_only=True)
class Dimension(Component):
    """Part of the key of an observation; ``is_time`` marks the one that orders a series."""

    is_time: bool = False


@dataclass(frozen=True, kw_only=True)
class Attribute(Component):
    """Describes a data set, group, series or observation. ``dimensions`` are those it depends on at Group level."""

    level: Level = Level.OBSERVATION
    mandatory: bool = False
    dimensions: tuple[str, ...] = ()
    group: str | None = None


@dataclass(frozen=True, kw_only=True)
class Measure(Component):
    """What is observed; SDMX 2.1 has one, ``OBS_VALUE``."""

    text_type: str = "Double"


@dataclass(frozen=True, kw_only=True)
class DataStructure(Maintainable):
    """A DSD. Dimensions in key order; at most one is time."""

    dimensions: tuple[Dimension, ...]
    attributes: tuple[Attribute, ...] = ()
    measures: tuple[Measure, ...] = (Measure(id="OBS_VALUE"),)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The ids of the dimensions that make a series key: all but time."""
        return tuple(dimension.id for dimension in self.dimensions if not dimension.is_time)

    @cached_property
    def time(self) -> Dimension | None:
        return next((dimension for dimension in self.dimensions if dimension.is_time), None)

    @cached_property
    def components(self) -> dict[str, Component]:
        return {part.id: part for part in (*self.dimensions, *self.attributes, *self.measures)}

    @cached_property
    def describing(self) -> tuple[Attribute, ...]:
        """The attributes that every observation of a series shares: of series and groups."""
        return tuple(attribute for attribute in self.attributes if attribute.level in (Level.SERIES, Level.GROUP))

    def attributes_at(self, level: Level) -> tuple[Attribute, ...]:
        return tuple(attribute for attribute in self.attributes if attribute.level == level)


@dataclass(frozen=True, kw_only=True)
class Dataflow(Maintainable):
    """A body of data described by one DSD; what releases are made of."""

    structure: Ref


@dataclass(frozen=True, slots=True)
class Link:
    """One source item and one target item of a correspondence; ``share`` of the source that goes to the target."""

    source: str
    target: str
    share: str = "1"


@dataclass(frozen=True, kw_only=True)
class Correspondence(Maintainable):
    """How the codes of one codelist relate to those of another. In SDMX 3.0 a representation map."""

    from_list: Ref
    to_list: Ref
    links: tuple[Link, ...] = ()


Artefact = Codelist | ConceptScheme | AgencyScheme | DataStructure | Dataflow | Correspondence

TYPES: dict[Kind, type[Maintainable]] = {
    Kind.AGENCY_SCHEME: AgencyScheme,
    Kind.CODELIST: Codelist,
    Kind.CONCEPT_SCHEME: ConceptScheme,
    Kind.DATA_STRUCTURE: DataStructure,
    Kind.DATAFLOW: Dataflow,
    Kind.CORRESPONDENCE: Correspondence,
}


def references(artefact: Artefact) -> set[Ref]:
    """The artefacts this one names directly."""
    if isinstance(artefact, Dataflow):
        return {artefact.structure}
    if isinstance(artefact, Correspondence):
        return {artefact.from_list, artefact.to_list}
    if isinstance(artefact, DataStructure):
        parts = artefact.components.values()
        return {ref for part in parts for ref in (part.codelist, part.concept_scheme) if ref is not None}
    return set()


@dataclass(frozen=True)
class Structure:
    """A dataflow with everything needed to read its data: DSD, the codelist of each component, concept names."""

    dataflow: Dataflow
    dsd: DataStructure
    codelists: Mapping[str, Codelist]
    concepts: Mapping[str, Item]

    def names(self, component: str) -> Names:
        """The names of a component's concept; its id where the concept is not known."""
        concept = self.concepts.get(component)
        return concept.names if concept else {"en": component}

    def code_names(self, component: str, code: str) -> Names:
        """The names of a code of a component; the code itself where it has none."""
        codelist = self.codelists.get(component)
        item = codelist.by_id.get(code) if codelist else None
        return item.names if item else {"en": code}

    @cached_property
    def frequency_index(self) -> int | None:
        """Where FREQ stands in the series key."""
        return self.dsd.key.index("FREQ") if "FREQ" in self.dsd.key else None
