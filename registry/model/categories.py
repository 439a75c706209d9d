"""Categories, what is put under them, and reporting taxonomies.

Source: ``SDMXStructureCategory.xsd``, ``SDMXStructureCategorisation.xsd``, ``SDMXStructureReportingTaxonomy.xsd`` of SDMX 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass

from registry.model.base import Maintainable
from registry.model.items import ItemScheme, Nested
from registry.model.references import AnyRef, AnyStructureRef, CategoryRef


@dataclass(frozen=True, slots=True)
class Category(Nested):
    """A subject, such as ``ECO.PRICES``."""


@dataclass(frozen=True, kw_only=True)
class CategoryScheme(ItemScheme):
    """A tree of subjects; parents stand before their children."""

    items: tuple[Category, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Categorisation(Maintainable):
    """That an object belongs under a category (``Source`` and ``Target``); a stub has neither."""

    object: AnyRef | None = None
    category: CategoryRef | None = None


@dataclass(frozen=True, slots=True)
class ReportingCategory(Nested):
    """A section of a report, and the structures or flows that are reported there."""

    structural_metadata: tuple[AnyStructureRef, ...] = ()
    provisioning_metadata: tuple[AnyStructureRef, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportingTaxonomy(ItemScheme):
    """What a report consists of; parents stand before their children."""

    items: tuple[ReportingCategory, ...] = ()
