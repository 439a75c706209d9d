"""A dataflow with everything needed to read its data, put together from single artefacts."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from registry.errors import NotFound
from registry.extension import extended
from registry.model import Artefact, Codelist, ConceptScheme, Dataflow, DataStructure, Item, Structure
from registry.ref import Kind, Ref


def assemble(dataflow: Ref, named: Callable[[Ref], Artefact]) -> Structure:
    """``named`` gives the artefact a reference means and raises :class:`registry.errors.NotFound` where there is none."""
    flow = cast(Dataflow, named(dataflow))
    if flow.structure is None:
        raise NotFound("ARTEFACT_NOT_FOUND", kind=Kind.DATA_STRUCTURE.value, ref=f"({flow.ref})", near="-")
    dsd = cast(DataStructure, named(flow.structure))
    lists = {name: cast(Codelist, named(part.codelist)) for name, part in dsd.components.items() if part.codelist}
    codelists = {name: extended(codelist, named) for name, codelist in lists.items()}
    concepts: dict[str, Item] = {}
    for name, part in dsd.components.items():
        scheme = cast(ConceptScheme, named(part.concept_scheme)) if part.concept_scheme else None
        if scheme and (concept := scheme.by_id.get(part.concept or name)):
            concepts[name] = concept
    return Structure(flow, dsd, codelists, concepts)
