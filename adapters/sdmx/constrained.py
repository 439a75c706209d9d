"""Which codes the data constraints of the registry leave to the components of a structure, seen from where data are reported.

Source: SDMX REST 1.5.0 and 2.2, ``detail=referencepartial`` of structure queries; "Schema queries", ``context``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from registry.constraining import left
from registry.extension import extended
from registry.held import held
from registry.model import (
    Artefact,
    Codelist,
    Component,
    Concept,
    ConceptScheme,
    DataConstraint,
    Dataflow,
    DataStructure,
    ItemScheme,
    ProvisionAgreement,
    Representation,
    Role,
)
from registry.ports import Catalogue
from registry.ref import Kind, Ref

Get = Callable[[Catalogue, Ref | None], Artefact | None]


@dataclass(frozen=True)
class Context:
    """A data structure and what narrows it: ``chain`` is the provision agreement, the dataflow and the structure, or a part
    from there down."""

    catalogue: Catalogue
    dsd: DataStructure
    chain: tuple[Ref, ...]
    get: Get

    @classmethod
    def of(cls, catalogue: Catalogue, artefact: Artefact, get: Get | None = None) -> Context | None:
        """The context that a provision agreement, a dataflow or a data structure is; None for what leads to no structure. Where
        something no longer reads ``get`` says what is done, as :func:`held` does it unless told."""
        get = get or held
        chain: list[Ref] = []
        step: Artefact | None = artefact
        while step is not None:
            chain.append(step.ref)
            if isinstance(step, DataStructure):
                return cls(catalogue, step, tuple(chain), get)
            step = get(catalogue, _next(step))
        return None

    def constraints(self) -> list[DataConstraint]:
        """Those attached to anything of the chain, each once."""
        refs = dict.fromkeys(
            ref for one in self.chain for ref in self.catalogue.parents(one) if ref.kind == Kind.DATA_CONSTRAINT
        )
        found = (self.get(self.catalogue, ref) for ref in refs)
        return [one for one in found if isinstance(one, DataConstraint) and self._narrows(one)]

    def _narrows(self, constraint: DataConstraint) -> bool:
        """Whether it says what is allowed, and of the chain: it does not only name something in it."""
        if constraint.attachment is None or constraint.role is not Role.ALLOWED:
            return False
        resolved = self.catalogue.references(constraint.ref)
        about = (*constraint.attachment.structures, *constraint.attachment.provisions)
        return any(resolved.get(one) in self.chain for one in about)

    def codes(self) -> Iterator[tuple[Component, ItemScheme, tuple[str, ...]]]:
        """Every coded component, the list of its values as a whole, and those left to it."""
        constraints = self.constraints()
        for component in self.dsd.components.values():
            if (values := self.enumerated(component)) is not None:
                yield component, values, left(component.id, values, constraints)

    def enumerated(self, component: Component) -> ItemScheme | None:
        """The list of a component's values, its own or that of its concept, with the codes it inherits."""
        representation = self.representation(component)
        found = self.get(self.catalogue, representation.enumeration) if representation else None
        if isinstance(found, Codelist):
            return extended(found, lambda ref: self.get(self.catalogue, ref))
        return found if isinstance(found, ItemScheme) else None

    def representation(self, component: Component) -> Representation | None:
        """What values a component may have, as it says or as its concept does."""
        if component.representation is not None or component.concept_identity is None:
            return component.representation
        scheme = self.get(self.catalogue, component.concept_identity.of)
        concept = scheme.by_id.get(component.concept) if isinstance(scheme, ConceptScheme) else None
        return concept.core if isinstance(concept, Concept) else None


def _next(step: Artefact) -> Ref | None:
    if isinstance(step, ProvisionAgreement):
        return step.dataflow
    return step.structure if isinstance(step, Dataflow) else None


def contexts(catalogue: Catalogue, asked: Sequence[Artefact], along: Iterable[Artefact], get: Get) -> list[Context]:
    """From where the structures of an answer are seen: from what was asked for, else from the dataflows that came along, else
    from the structures themselves."""
    found: dict[Ref, list[Context]] = {}
    others = list(along)
    flows = [one for one in others if isinstance(one, Dataflow)]
    structures = [one for one in others if isinstance(one, DataStructure)]
    for group in (asked, flows, structures):
        seen = [context for artefact in group if (context := Context.of(catalogue, artefact, get)) is not None]
        fresh = [context for context in seen if context.dsd.ref not in found]
        for context in fresh:
            found.setdefault(context.dsd.ref, []).append(context)
    return [context for group in found.values() for context in group]
