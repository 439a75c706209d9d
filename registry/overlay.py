"""The registry as it would be after a change that is only being tried."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from registry.assembly import assemble
from registry.index import Index
from registry.model import Artefact, Structure, references
from registry.ref import Kind, Ref


class Known(Protocol):
    """What of a :class:`registry.ports.Catalogue` an import needs."""

    @property
    def revision(self) -> int: ...

    def get(self, ref: Ref) -> Artefact: ...

    def find(self, kind: Kind, agency: str = "*", id: str = "*", version: str = "*") -> list[Ref]: ...

    def stubs(self, refs: list[Ref]) -> list[Artefact]: ...

    def parents(self, ref: Ref) -> list[Ref]: ...

    def structure(self, dataflow: Ref) -> Structure: ...


class Overlay:
    """A catalogue with artefacts laid over it; what is laid over stands for what has the same reference below."""

    def __init__(self, below: Known, above: Iterable[Artefact]) -> None:
        self._below = below
        self._above = {artefact.ref: artefact for artefact in above}
        refs = [*(ref for kind in Kind for ref in below.find(kind)), *self._above]
        named = {artefact.ref: tuple(references(artefact)) for artefact in self._above.values()}
        self._index = Index.of(dict.fromkeys(refs, ""), named)

    @property
    def revision(self) -> int:
        """That of the registry below."""
        return self._below.revision

    def get(self, ref: Ref) -> Artefact:
        exact = self._index.exact(ref)
        return self._above[exact] if exact in self._above else self._below.get(exact)

    def find(self, kind: Kind, agency: str = "*", id: str = "*", version: str = "*") -> list[Ref]:
        return self._index.find(kind, agency, id, version)

    def stubs(self, refs: list[Ref]) -> list[Artefact]:
        below = {made.ref: made for made in self._below.stubs([ref for ref in refs if ref not in self._above])}
        return [found for ref in refs if (found := self._above.get(ref) or below.get(ref))]

    def parents(self, ref: Ref) -> list[Ref]:
        exact = self._index.exact(ref)
        below = self._below.parents(exact) if exact in self._below.find(exact.kind, exact.agency, exact.id) else []
        return sorted({*self._index.parents(exact), *(parent for parent in below if parent not in self._above)})

    def structure(self, dataflow: Ref) -> Structure:
        return assemble(dataflow, self.get)
