"""Code lists, geographic ones, value lists, and the hierarchies over codes.

Source: ``SDMXStructureCodelist.xsd`` and ``SDMXStructureHierarchicalCodelist.xsd`` of SDMX 3.1;
of 2.1 for ``HierarchicalCodelist``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from registry.model.base import Identifiable, Maintainable, Moment, Nameable
from registry.model.items import Item, ItemScheme
from registry.model.references import AnyRef, CodelistRef, CodeRef, HierarchyRef
from registry.model.representation import Format


@dataclass(frozen=True, slots=True)
class Code(Item):
    """A code; ``parent`` is the id of another code of the list."""


class Cascade(StrEnum):
    """Whether the choice of a code is also one of the codes below it, with the code itself or without."""

    NO = "false"
    YES = "true"
    EXCLUDE_ROOT = "excluderoot"


@dataclass(frozen=True, slots=True)
class MemberValue:
    """Codes chosen from a list: ``value`` is a code, with ``%`` for any characters."""

    value: str
    cascade: Cascade = Cascade.NO


@dataclass(frozen=True, slots=True)
class CodelistExtension:
    """Another list whose codes belong to this one too, each with ``prefix`` before it.

    ``members`` chooses among them: those chosen, or with ``exclusive`` all others; none chosen are all.
    """

    codelist: CodelistRef
    prefix: str = ""
    members: tuple[MemberValue, ...] = ()
    exclusive: bool = False


@dataclass(frozen=True, kw_only=True)
class Codelist(ItemScheme):
    """Codes. A classification version is a codelist with validity; its successor is another version of the same id.

    Extensions count in their order: of equal codes the later one stands, before all the list's own.
    """

    items: tuple[Code, ...] = ()
    extensions: tuple[CodelistExtension, ...] = ()


@dataclass(frozen=True, slots=True)
class GeoFeatureSetCode(Code):
    """A code for a place; ``value`` its set of points as text (SDMX 3.0 section 6, "Geospatial information")."""

    value: str = ""


@dataclass(frozen=True, kw_only=True)
class GeographicCodelist(Codelist):
    """Codes that are places."""

    items: tuple[GeoFeatureSetCode, ...] = ()


@dataclass(frozen=True, slots=True)
class GeoGridCode(Code):
    """A code for a cell of a grid; ``geo_cell`` is the cell."""

    geo_cell: str = ""


@dataclass(frozen=True, kw_only=True)
class GeoGridCodelist(Codelist):
    """Codes that are cells of the grid of ``grid_definition``."""

    items: tuple[GeoGridCode, ...] = ()
    grid_definition: str = ""


@dataclass(frozen=True, slots=True)
class ValueItem(Item):
    """A value; its id may be any text, its names may be missing."""


@dataclass(frozen=True, kw_only=True)
class ValueList(ItemScheme):
    """Values that need not be identifiers."""

    items: tuple[ValueItem, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class HierarchyLevel(Nameable):
    """A level of a hierarchy; ``coding_format`` is how its codes look."""

    coding_format: Format | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class HierarchicalCode(Identifiable):
    """A code at its place in a hierarchy.

    ``level`` is the id of a level. In SDMX 2.1 the code may be named by ``codelist_alias`` and ``code_id`` in place of
    ``code``, and have a version of its own.
    """

    code: CodeRef | None = None
    level: str = ""
    children: tuple[HierarchicalCode, ...] = ()
    valid_from: Moment | None = None
    valid_to: Moment | None = None
    codelist_alias: str = ""
    code_id: str = ""
    version: str = ""


@dataclass(frozen=True, kw_only=True)
class Hierarchy(Maintainable):
    """A tree of codes, possibly of several lists. Levels from the top down."""

    has_formal_levels: bool = False
    levels: tuple[HierarchyLevel, ...] = ()
    codes: tuple[HierarchicalCode, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HierarchyAssociation(Maintainable):
    """That a hierarchy is to be used for an object (a dimension, a list) in a context (a dataflow)."""

    hierarchy: HierarchyRef
    linked_object: AnyRef
    context: AnyRef | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class IncludedCodelist:
    """A list whose codes a hierarchical code list of SDMX 2.1 uses, and the name it has there."""

    codelist: CodelistRef
    alias: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class InnerHierarchy(Nameable):
    """A hierarchy of a hierarchical code list of SDMX 2.1."""

    has_formal_levels: bool = False
    levels: tuple[HierarchyLevel, ...] = ()
    codes: tuple[HierarchicalCode, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HierarchicalCodelist(Maintainable):
    """SDMX 2.1: several hierarchies in one artefact. In 3.x each is a :class:`Hierarchy`."""

    included: tuple[IncludedCodelist, ...] = ()
    hierarchies: tuple[InnerHierarchy, ...] = ()
