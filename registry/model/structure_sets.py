"""The structure set of SDMX 2.1: maps of many kinds in one artefact. In 3.x each is an artefact (see ``mapping``).

Source: ``SDMXStructureStructureSet.xsd`` of SDMX 2.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from registry.model.base import Annotable, Maintainable, Nameable, nothing
from registry.model.references import AnyStructureRef
from registry.model.representation import Format
from registry.ref import ITEM_SCHEMES, Kind, Ref

AnySchemeRef = Annotated[Ref, *ITEM_SCHEMES, Kind.HIERARCHICAL_CODELIST]


class MapType(StrEnum):
    """The element a map of items is."""

    ORGANISATION = "OrganisationSchemeMap"
    CATEGORY = "CategorySchemeMap"
    CODELIST = "CodelistMap"
    CONCEPT = "ConceptSchemeMap"
    REPORTING_TAXONOMY = "ReportingTaxonomyMap"
    HYBRID = "HybridCodelistMap"


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemAssociation(Annotable):
    """An item of the one scheme is that of the other. Of a hierarchical code list the item is the path of its code."""

    source: str
    target: str


@dataclass(frozen=True, kw_only=True, slots=True)
class InnerItemMap(Nameable):
    """A map from the items of one scheme to those of another."""

    type: MapType
    source_scheme: AnySchemeRef
    target_scheme: AnySchemeRef
    maps: tuple[ItemAssociation, ...] = ()


class ToValue(StrEnum):
    """What of a code becomes free text."""

    VALUE = "Value"
    NAME = "Name"
    DESCRIPTION = "Description"


@dataclass(frozen=True, kw_only=True, slots=True)
class InnerComponentMap(Annotable):
    """A component to a component. Values by the code list map of that id in the set, or as text, or one by one; or copied."""

    source: str
    target: str
    codelist_map: str = ""
    to_format: Format | None = None
    to_value: ToValue | None = None
    values: Mapping[str, str] = field(default_factory=nothing)


@dataclass(frozen=True, kw_only=True, slots=True)
class InnerStructureMap(Nameable):
    """A map from one structure or flow to another."""

    source_structure: AnyStructureRef
    target_structure: AnyStructureRef
    is_extension: bool = False
    component_maps: tuple[InnerComponentMap, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StructureSet(Maintainable):
    """Structures that belong together, and the maps between them, those of items before those of structures."""

    related: tuple[AnyStructureRef, ...] = ()
    item_maps: tuple[InnerItemMap, ...] = ()
    structure_maps: tuple[InnerStructureMap, ...] = ()
