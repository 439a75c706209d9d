"""Ids that must be names, since no format of SDMX holds others: what is kept under them could never go out as SDMX.

Source: SDMXStructure*.xsd and SDMXCommon.xsd of 2.1, 3.0 and 3.1, ``NCNameIDType`` and ``NestedNCNameIDType``, and the schemas
of SDMX-JSON, which want the same; all other ids are of the type ``IDType``, which ``registry/check.py`` looks after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from registry.errors import Invalid
from registry.model import AgencyScheme, Artefact, ConceptScheme, DataStructure
from registry.ref import Kind

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")

NAMED_BY_NAMES = frozenset(
    {Kind.CODELIST, Kind.GEOGRAPHIC_CODELIST, Kind.GEO_GRID_CODELIST, Kind.CONCEPT_SCHEME, Kind.CATEGORY_SCHEME}
)
"""The kinds whose own ids are names."""

ONLY = {Kind.METADATA_PROVIDER_SCHEME: "METADATA_PROVIDERS"}
"""The id that is fixed. Schemes of agencies, data providers and consumers have one too, but SDMX-JSON 1.0 takes others."""


def proper(artefact: Artefact) -> None:
    """Raise :class:`Invalid` ID_NO_NAME for the first id that should be a name, ID_FIXED for one that is another."""
    ref = artefact.ref
    for id in _names(artefact):
        if not NAME.fullmatch(id):
            raise Invalid("ID_NO_NAME", kind=ref.kind.value, ref=str(ref)[:120], found=id[:60])
    only = ONLY.get(ref.kind, ref.id)
    if ref.id != only:
        raise Invalid("ID_FIXED", kind=ref.kind.value, ref=str(ref)[:120], only=only)


def _names(artefact: Artefact) -> Iterator[str]:
    yield from artefact.ref.agency.split(".")
    if artefact.ref.kind in NAMED_BY_NAMES:
        yield artefact.ref.id
    match artefact:
        case ConceptScheme() | AgencyScheme():
            yield from (item.id for item in artefact.items)
        case DataStructure():
            yield from (part.id for part in (*artefact.dimensions, *artefact.attributes, *artefact.measures))
