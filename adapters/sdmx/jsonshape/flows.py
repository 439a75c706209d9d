"""Flows, agreements, categorisations, hierarchies and where they are used.

Source: ``DataflowType``, ``MetadataflowType``, ``ProvisionAgreementType``, ``CategorisationType``, ``HierarchyType``,
``HierarchyAssociationType`` of the schemas.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from adapters.sdmx.jsonshape.formats import Breadth, text_format
from adapters.sdmx.jsonshape.notes import linked, noted
from adapters.sdmx.jsonshape.records import Json, Part, Piece, Record
from adapters.sdmx.jsonshape.references import FIRST, TARGET, THIRD, anything, artefact, part
from adapters.sdmx.jsonshape.texts import Texts
from adapters.sdmx.jsonshape.ways import FLAG, ID, MOMENT, NAME, NO_VALUE, NOTHING, Each, Later, Loss, Losses, Unlike, moved
from registry.model import HierarchicalCode, HierarchyLevel
from registry.ref import Kind, Ref

Pieces = tuple[Piece, ...]
_TARGETS = Part("targets", "targets", Each(TARGET, unique=True))


def dataflow(version: str) -> Pieces:
    """Which structure; in 2.1 which of its dimensions."""
    constraint = (Part("dimension_constraint", "dimensionConstraint", Each(NAME)),) if version == THIRD else ()
    return (Part("structure", "structure", artefact(version, Kind.DATA_STRUCTURE)), *constraint)


def metadataflow(version: str) -> Pieces:
    """Which structure and what reports are about."""
    targets = () if version == FIRST else (_TARGETS,)
    return (Part("structure", "structure", artefact(version, Kind.METADATA_STRUCTURE)), *targets)


def agreement(version: str) -> Pieces:
    """Who gives what."""
    if version == FIRST:
        flows = artefact(version, Kind.DATAFLOW, Kind.METADATAFLOW)
        return (
            Part("dataflow", "structureUsage", flows, needed=True),
            Part("provider", "dataProvider", part(version, "DataProvider"), needed=True),
        )
    return (
        Part("dataflow", "dataflow", artefact(version, Kind.DATAFLOW), needed=True),
        Part("provider", "dataProvider", part(version, "DataProvider"), needed=True),
    )


def metadata_agreement(version: str) -> Pieces:
    """Who gives which reports, about what."""
    return (
        Part("metadataflow", "metadataflow", artefact(version, Kind.METADATAFLOW), needed=True),
        Part("provider", "metadataProvider", part(version, "MetadataProvider"), needed=True),
        _TARGETS,
    )


def categorisation(version: str) -> Pieces:
    """What is under which category."""
    return (
        Part("object", "source", anything(version)),
        Part("category", "target", part(version, "Category", nested=True)),
    )


def association(version: str) -> Pieces:
    """Which hierarchy is used for what, and where."""
    return (
        Part("hierarchy", "linkedHierarchy", artefact(version, Kind.HIERARCHY), needed=True),
        Part("linked_object", "linkedObject", anything(version), needed=True),
        Part("context", "contextObject", anything(version)),
    )


def hierarchy(version: str) -> Pieces:
    """The levels, each inside the one above, and the codes."""
    return (
        Part("has_formal_levels", "hasFormalLevels", FLAG),
        Part("levels", "level", Chain(level(version))),
        Part("codes", "hierarchicalCodes", Each(_code(version))),
    )


@cache
def level(version: str) -> Record:
    """The way of a level by itself."""
    return Record(
        HierarchyLevel,
        (
            Part("id", "id", ID, needed=True),
            Texts("names", "name", "names", instead="id", needed=True),
            Texts("descriptions", "description", "descriptions"),
            noted(version),
            linked(version),
            Part("coding_format", "codingFormat", text_format(Breadth.CODING, version)),
        ),
    )


@dataclass(frozen=True)
class Chain:
    """Levels as an object that holds the next one."""

    way: Record

    def write(self, value: tuple[HierarchyLevel, ...], of: Ref, losses: Losses) -> Any:
        found: list[Json] = []
        for index, one in enumerate(value):
            before = len(losses)
            said = self.way.write(one, of, losses)
            if said is NOTHING:
                del losses[before:]
                losses.append(Loss(f"[{index}]", NO_VALUE))
                continue
            moved(losses, before, f"[{index}]")
            if found:
                found[-1]["level"] = said
            found.append(said)
        return found[0] if found else NOTHING

    def read(self, found: Any, lang: str) -> tuple[HierarchyLevel, ...]:
        levels = []
        place = ""
        while found is not None:
            try:
                levels.append(self.way.read(found, lang))
            except Unlike as error:
                raise error.under(place) if place else error from None
            found, place = found.get("level"), place + (".level" if place else "level")
        return tuple(levels)


@cache
def _code(version: str) -> Record:
    return Record(
        HierarchicalCode,
        (
            Part("id", "id", ID, needed=True),
            Part("code", "code", part(version, "Code"), needed=True),
            Part("level", "level", ID),
            Part("valid_from", "validFrom", MOMENT),
            Part("valid_to", "validTo", MOMENT),
            Part("children", "hierarchicalCodes", Each(Later(lambda: _code(version)))),
            noted(version),
            linked(version),
        ),
    )


def needed_in_stubs(kind: Kind, version: str) -> bool:
    """1.0 has no agreement without what is agreed, not even as a stub."""
    return version == FIRST and kind is Kind.PROVISION_AGREEMENT
