"""The way of every artefact in every version: in which array of the message it stands, and what it says.

1.0 has the structural types of SDMX 2.1, 2.0 those of SDMX 3.0, 2.1 those of SDMX 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from adapters.sdmx.jsonshape import flows
from adapters.sdmx.jsonshape.artefacts import common, described
from adapters.sdmx.jsonshape.components import data_structure
from adapters.sdmx.jsonshape.constraints import data_constraint, metadata_constraint
from adapters.sdmx.jsonshape.first import first_data_structure, hierarchical_codelist
from adapters.sdmx.jsonshape.firstconstraints import OF_REPORTS, attachment_constraint, content_constraint, report_constraint
from adapters.sdmx.jsonshape.firstreports import first_metadata_structure
from adapters.sdmx.jsonshape.firstsets import structure_set
from adapters.sdmx.jsonshape.items import Items
from adapters.sdmx.jsonshape.mapping import MAPPED, item_maps, representation_map, structure_map
from adapters.sdmx.jsonshape.metadatastructures import metadata_structure
from adapters.sdmx.jsonshape.processes import process
from adapters.sdmx.jsonshape.records import Piece, Record
from adapters.sdmx.jsonshape.references import FIRST
from adapters.sdmx.jsonshape.schemes import schemes
from adapters.sdmx.jsonshape.vtl import vtl_schemes
from registry.model import TYPES
from registry.ref import Kind

Pieces = tuple[Piece, ...]


@dataclass(frozen=True)
class Shape:
    """How artefacts of a kind look. ``name``: the array of the message; ``items``: those of a scheme, which may be many."""

    kind: Kind
    version: str
    name: str
    content: Pieces
    items: Items | None = None

    @cached_property
    def whole(self) -> Record:
        """All but the items."""
        ignored = ("items",) if self.items is not None else ()
        return Record(TYPES[self.kind], (*common(self.kind, self.version), *described(self.version), *self.content), ignored)

    @cached_property
    def stub(self) -> Record:
        """Identification and name."""
        return self._less(*common(self.kind, self.version))

    @cached_property
    def complete_stub(self) -> Record:
        """Identification, name and all that is said of the artefact and not in it."""
        return self._less(*common(self.kind, self.version), *described(self.version))

    def _less(self, *pieces: Piece) -> Record:
        """A record that does not miss what it leaves out."""
        own = self.content if flows.needed_in_stubs(self.kind, self.version) else ()
        every: tuple[str, ...] = tuple(TYPES[self.kind].__dataclass_fields__)
        return Record(TYPES[self.kind], (*pieces, *own), every)

    def read(self, found: Any, lang: str) -> Any:
        """The artefact; :class:`Unlike` or :class:`registry.errors.Invalid` where there is none."""
        given = self.whole.arguments(found, lang)
        if self.items is not None and found.get(self.items.name) is not None:
            given["items"] = self.items.read(found[self.items.name], lang)
        return self.whole.made(given)


@cache
def shapes(version: str) -> dict[Kind, Shape]:
    """The shapes of a version, in the order in which a message has them."""
    plain: dict[Kind, tuple[str, Pieces]] = {
        Kind.DATAFLOW: ("dataflows", flows.dataflow(version)),
        Kind.METADATAFLOW: ("metadataflows", flows.metadataflow(version)),
        Kind.PROVISION_AGREEMENT: ("provisionAgreements", flows.agreement(version)),
        Kind.CATEGORISATION: ("categorisations", flows.categorisation(version)),
        Kind.PROCESS: ("processes", process(version)),
        **(_first() if version == FIRST else _newer(version)),
    }
    found = {kind: Shape(kind, version, name, pieces) for kind, (name, pieces) in plain.items()}
    lists = schemes(version) | (vtl_schemes(version) if version != FIRST else {})
    return found | {kind: Shape(kind, version, name, pieces, items) for kind, (name, pieces, items) in lists.items()}


def _first() -> dict[Kind, tuple[str, Pieces]]:
    return {
        Kind.DATA_STRUCTURE: ("dataStructures", first_data_structure()),
        Kind.METADATA_STRUCTURE: ("metadataStructures", first_metadata_structure()),
        Kind.STRUCTURE_SET: ("structureSets", structure_set()),
        Kind.HIERARCHICAL_CODELIST: ("hierarchicalCodelists", hierarchical_codelist()),
        Kind.METADATA_CONSTRAINT: ("contentConstraints", report_constraint()),
        Kind.DATA_CONSTRAINT: ("contentConstraints", content_constraint()),
        Kind.ATTACHMENT_CONSTRAINT: ("attachmentConstraints", attachment_constraint()),
    }


@cache
def arrays(version: str) -> dict[str, tuple[Shape, ...]]:
    """The shapes by the array that they stand in, in the order of the message; content constraints of 1.0 are of two kinds."""
    found: dict[str, tuple[Shape, ...]] = {}
    for shape in shapes(version).values():
        found[shape.name] = (*found.get(shape.name, ()), shape)
    return found


def shape_of(among: tuple[Shape, ...], found: Any) -> Shape:
    """Which of the shapes of an array something in it has."""
    reports = len(among) > 1 and isinstance(found, dict) and any(found.get(name) for name in OF_REPORTS)
    return among[0] if reports or len(among) == 1 else among[1]


def _newer(version: str) -> dict[Kind, tuple[str, Pieces]]:
    names = {
        Kind.CONCEPT_SCHEME_MAP: "conceptSchemeMaps",
        Kind.CATEGORY_SCHEME_MAP: "categorySchemeMaps",
        Kind.ORGANISATION_SCHEME_MAP: "organisationSchemeMaps",
        Kind.REPORTING_TAXONOMY_MAP: "reportingTaxonomyMaps",
    }
    return {
        Kind.DATA_STRUCTURE: ("dataStructures", data_structure(version)),
        Kind.METADATA_STRUCTURE: ("metadataStructures", metadata_structure(version)),
        Kind.HIERARCHY: ("hierarchies", flows.hierarchy(version)),
        Kind.HIERARCHY_ASSOCIATION: ("hierarchyAssociations", flows.association(version)),
        Kind.METADATA_PROVISION_AGREEMENT: ("metadataProvisionAgreements", flows.metadata_agreement(version)),
        Kind.DATA_CONSTRAINT: ("dataConstraints", data_constraint(version)),
        Kind.METADATA_CONSTRAINT: ("metadataConstraints", metadata_constraint(version)),
        Kind.STRUCTURE_MAP: ("structureMaps", structure_map(version)),
        Kind.REPRESENTATION_MAP: ("representationMaps", representation_map(version)),
        **{kind: (names[kind], item_maps(kind, version)) for kind in MAPPED},
    }
