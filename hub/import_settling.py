"""What a structure message leaves to the registry: the rest of partial lists, the representations of concepts, the
flows of reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from registry.held import held, readable
from registry.merging import merged
from registry.model import (
    AgencyScheme,
    Artefact,
    Component,
    Concept,
    ConceptScheme,
    DataStructure,
    ItemScheme,
    MetadataSet,
    Representation,
)
from registry.overlay import Known
from registry.ref import Ref
from registry.reporting import flow_of

Part = TypeVar("Part", bound=Component)


def holds(known: Known, ref: Ref) -> bool:
    """Whether the registry has what a reference means."""
    return held(known, ref) is not None


def settled(artefacts: Iterable[Artefact], known: Known) -> Iterator[Artefact]:
    """The artefacts of messages as they are to be stored."""
    given = {made.ref: made for made in artefacts}
    for made in given.values():
        if isinstance(made, DataStructure):
            yield _represented(made, given, known)
        elif isinstance(made, MetadataSet) and made.metadataflow is None:
            yield replace(made, metadataflow=_flow(made, given, known))
        elif isinstance(made, ItemScheme) and _is_partial(made):
            yield _completed(made, known)
        else:
            yield made


def _flow(made: MetadataSet, given: Mapping[Ref, Artefact], known: Known) -> Ref | None:
    """The flow of the agreement that a report is of: SDMX-ML has a place for either, and its header for the flow only."""
    agreement = made.provision
    if agreement is None or (agreement not in given and not holds(known, agreement)):
        return None
    return flow_of(given.get(agreement) or known.get(agreement))


def _is_partial(made: ItemScheme) -> bool:
    """Agency schemes always are: every office lists the agencies it knows in the same scheme."""
    return made.is_partial or isinstance(made, AgencyScheme)


def _completed(made: ItemScheme, known: Known) -> ItemScheme:
    """The stored list with what is given of it; a final one is given as it is, and so is one of which nobody can read more."""
    stored = readable(known, made.ref)
    if not isinstance(stored, ItemScheme) or stored.is_final:
        return made
    # An agency scheme that does not say that it is a part has nothing to say about the scheme that others share.
    told = made if made.is_partial else replace(stored, names=made.names, descriptions=made.descriptions, items=made.items)
    completed = merged(stored, told)
    assert isinstance(completed, ItemScheme)
    return completed


def _represented(made: DataStructure, given: Mapping[Ref, Artefact], known: Known) -> DataStructure:
    """Components that leave their representation to their concept with that of the concept: data are read by them alone."""

    def settle(part: Part) -> Part:
        core = _core(part, given, known) if part.representation is None else None
        return replace(part, representation=core) if core else part

    parts: dict[str, Any] = {name: tuple(map(settle, getattr(made, name))) for name in ("dimensions", "attributes", "measures")}
    return made if all(parts[name] == getattr(made, name) for name in parts) else replace(made, **parts)


def _core(part: Component, given: Mapping[Ref, Artefact], known: Known) -> Representation | None:
    ref = part.concept_scheme
    if ref is None or (ref not in given and not holds(known, ref)):
        return None
    scheme = given[ref] if ref in given else known.get(ref)
    concept = scheme.by_id.get(part.concept) if isinstance(scheme, ConceptScheme) else None
    return concept.core if isinstance(concept, Concept) else None
