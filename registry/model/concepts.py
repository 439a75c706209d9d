"""Concepts. Source: ``SDMXStructureConcept.xsd`` of SDMX 3.1."""

from __future__ import annotations

from dataclasses import dataclass

from registry.model.items import Item, ItemScheme
from registry.model.representation import Representation


@dataclass(frozen=True, slots=True)
class IsoConcept:
    """A concept of the ISO 11179 registry that means the same."""

    agency: str
    scheme: str
    concept: str


@dataclass(frozen=True, slots=True)
class Concept(Item):
    """What a component means; ``core`` is the representation of components that state none of their own."""

    core: Representation | None = None
    iso: IsoConcept | None = None


@dataclass(frozen=True, kw_only=True)
class ConceptScheme(ItemScheme):
    """Concepts that components take their meaning and names from."""

    items: tuple[Concept, ...] = ()
