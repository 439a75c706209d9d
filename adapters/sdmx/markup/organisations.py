"""Agencies, providers, consumers and organisation units.

Source: ``SDMXStructureOrganisation.xsd`` of SDMX 2.1, 3.0, 3.1.
"""

from __future__ import annotations

from adapters.sdmx.markup.common import item
from adapters.sdmx.markup.grammar import Record
from adapters.sdmx.markup.items import Items, scheme
from adapters.sdmx.markup.parts import Attr, Many, Texts, Words
from adapters.sdmx.markup.references import Local
from adapters.sdmx.markup.values import ID, NCNAME, URI, Value
from registry.model import (
    Agency,
    AgencyScheme,
    Contact,
    DataConsumer,
    DataConsumerScheme,
    DataProvider,
    DataProviderScheme,
    Item,
    ItemScheme,
    MetadataProvider,
    MetadataProviderScheme,
    OrganisationUnit,
    OrganisationUnitScheme,
)
from registry.ref import Kind

CONTACT = Record(
    Contact,
    (
        Attr("id", "id", ID),
        Words("names", "com:Name"),
        Words("departments", "str:Department"),
        Words("roles", "str:Role"),
        Texts("telephones", "str:Telephone"),
        Texts("faxes", "str:Fax"),
        Texts("x400s", "str:X400"),
        Texts("uris", "str:URI", URI),
        Texts("emails", "str:Email"),
    ),
)
CONTACTS = Many("contacts", "str:Contact", CONTACT)


def _organisations(kind: Kind, cls: type[ItemScheme], of: type[Item], ids: Value = ID) -> Record:
    part = of.__name__
    return scheme(kind, cls, Items(f"str:{part}", Record(of, (*item(ids, part), CONTACTS))))


AGENCY_SCHEME = _organisations(Kind.AGENCY_SCHEME, AgencyScheme, Agency, NCNAME)
DATA_PROVIDER_SCHEME = _organisations(Kind.DATA_PROVIDER_SCHEME, DataProviderScheme, DataProvider)
DATA_CONSUMER_SCHEME = _organisations(Kind.DATA_CONSUMER_SCHEME, DataConsumerScheme, DataConsumer)
METADATA_PROVIDER_SCHEME = _organisations(Kind.METADATA_PROVIDER_SCHEME, MetadataProviderScheme, MetadataProvider)
ORGANISATION_UNIT = Record(OrganisationUnit, (*item(ID, "OrganisationUnit"), Local("parent", "str:Parent", ID), CONTACTS))
ORGANISATION_UNIT_SCHEME = scheme(
    Kind.ORGANISATION_UNIT_SCHEME, OrganisationUnitScheme, Items("str:OrganisationUnit", ORGANISATION_UNIT)
)
