"""Agencies, data and metadata providers, consumers, organisation units.

Source: ``SDMXStructureOrganisation.xsd`` of SDMX 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from registry.model.base import nothing
from registry.model.items import Item, ItemScheme
from registry.text import Names


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """Whom to ask. Departments and roles by language."""

    id: str = ""
    names: Names = field(default_factory=nothing)
    departments: Names = field(default_factory=nothing)
    roles: Names = field(default_factory=nothing)
    telephones: tuple[str, ...] = ()
    faxes: tuple[str, ...] = ()
    x400s: tuple[str, ...] = ()
    uris: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Organisation(Item):
    """An organisation in any of its parts; only organisation units have parents."""

    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Agency(Organisation):
    """Who maintains artefacts."""


@dataclass(frozen=True, slots=True)
class DataProvider(Organisation):
    """Who gives data."""


@dataclass(frozen=True, slots=True)
class DataConsumer(Organisation):
    """Who takes data."""


@dataclass(frozen=True, slots=True)
class MetadataProvider(Organisation):
    """Who gives reference metadata."""


@dataclass(frozen=True, slots=True)
class OrganisationUnit(Organisation):
    """A part of an organisation."""


@dataclass(frozen=True, kw_only=True)
class AgencyScheme(ItemScheme):
    """Agencies; ``SDMX:AGENCIES(1.0)`` holds the top-level ones."""

    items: tuple[Agency, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DataProviderScheme(ItemScheme):
    """The data providers an agency knows; the id is ``DATA_PROVIDERS``."""

    items: tuple[DataProvider, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DataConsumerScheme(ItemScheme):
    """The data consumers an agency knows; the id is ``DATA_CONSUMERS``."""

    items: tuple[DataConsumer, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MetadataProviderScheme(ItemScheme):
    """The metadata providers an agency knows; the id is ``METADATA_PROVIDERS``."""

    items: tuple[MetadataProvider, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OrganisationUnitScheme(ItemScheme):
    """Organisation units, a tree."""

    items: tuple[OrganisationUnit, ...] = ()
