"""What a structure message leaves to the registry: the rest of partial lists, the codelists of concepts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar

from adapters.sdmx.reading import Structures
from registry.errors import NotFound
from registry.model import (
    AgencyScheme,
    Artefact,
    Codelist,
    Component,
    Concept,
    ConceptScheme,
    DataStructure,
    coded,
)
from registry.overlay import Known
from registry.ref import Ref

Part = TypeVar("Part", bound=Component)
Scheme = Codelist | ConceptScheme | AgencyScheme


def holds(known: Known, ref: Ref) -> bool:
    """Whether the registry has what a reference means."""
    try:
        known.get(ref)
    except NotFound:
        return False
    return True


def settled(found: Structures, known: Known) -> Iterator[Artefact]:
    """The artefacts of a message as they are to be stored."""
    for made in found.artefacts:
        if isinstance(made, DataStructure) and made.ref in found.unrepresented:
            yield _represented(made, found.unrepresented[made.ref], known)
        elif isinstance(made, Scheme) and _is_partial(made, found):
            yield _completed(made, known)
        else:
            yield made


def _is_partial(made: Artefact, found: Structures) -> bool:
    """Agency schemes always are: every office lists the agencies it knows in the same scheme."""
    return made.ref in found.partial or isinstance(made, AgencyScheme)


def _completed(made: Scheme, known: Known) -> Scheme:
    """The stored list with the items that are new or newer; a final one stays as it is."""
    stored = known.get(made.ref) if holds(known, made.ref) else None
    if not isinstance(stored, Scheme) or stored.is_final:
        return made
    merged: Any = tuple((stored.by_id | made.by_id).values())
    return replace(stored, items=merged, names={**stored.names, **made.names})


def _represented(made: DataStructure, parts: frozenset[str], known: Known) -> DataStructure:
    def settle(part: Part) -> Part:
        codelist = _core_codelist(part, known) if part.id in parts else None
        return replace(part, representation=coded(codelist)) if codelist else part

    return replace(
        made,
        dimensions=tuple(map(settle, made.dimensions)),
        attributes=tuple(map(settle, made.attributes)),
        measures=tuple(map(settle, made.measures)),
    )


def _core_codelist(part: Component, known: Known) -> Ref | None:
    if part.concept_scheme is None or not holds(known, part.concept_scheme):
        return None
    scheme = known.get(part.concept_scheme)
    concept = scheme.by_id.get(part.concept) if isinstance(scheme, ConceptScheme) else None
    return concept.core.enumeration if isinstance(concept, Concept) and concept.core else None
