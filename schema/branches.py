"""Trees of codes to be walked: a hierarchy that is stored is held whole; of one that a code list gives by itself only the codes
that are shown are read, however long the list is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar, cast

from registry import model
from registry.classification import LEVEL_NAMES, NAMED_PART, derived_from
from registry.errors import NotFound
from registry.hierarchy import LEVEL
from registry.model import fact
from registry.outline import TOP, Outline
from registry.ports import Catalogue
from registry.ref import ItemRef, Ref
from registry.text import Names

Spot = TypeVar("Spot")


class Placed(NamedTuple):
    """A code where it stands; ``path`` is made of the ids from the top, ``named`` is the code of a list."""

    id: str
    path: str
    level: str
    named: ItemRef | None
    valid_from: model.Moment | None
    valid_to: model.Moment | None
    has_children: bool


class Branches(ABC, Generic[Spot]):
    """A tree; a ``Spot`` stands for a code in it."""

    of: Ref

    @abstractmethod
    def children(self, spot: Spot | None) -> Sequence[Spot]:
        """The codes directly below one; with None those at the top."""

    @abstractmethod
    def ancestors(self, spot: Spot) -> Sequence[Spot]:
        """From the top down."""

    @abstractmethod
    def descendants(self, spot: Spot) -> Sequence[Spot]:
        """All below one."""

    @abstractmethod
    def find(self, path: str) -> Spot | None: ...

    @abstractmethod
    def path(self, spot: Spot) -> str: ...

    @abstractmethod
    def placed(self, spots: Sequence[Spot]) -> list[Placed]: ...

    def at(self, path: str) -> Spot:
        """The code of a path; :class:`NotFound` ITEM_NOT_FOUND with some of those that stand where it is missed."""
        if (found := self.find(path)) is not None:
            return found
        near = self.placed(self.children(self.find(path.rpartition(".")[0]))[:5])
        raise NotFound("ITEM_NOT_FOUND", found=path[:60], scheme=str(self.of), near=", ".join(one.id for one in near) or "-")


Chain = tuple[model.HierarchicalCode, ...]
"""A code with those above it, from the top."""


@dataclass(frozen=True)
class Held(Branches[Chain]):
    """A tree that is held whole. Codes come branch by branch."""

    of: Ref
    codes: tuple[model.HierarchicalCode, ...]

    def children(self, spot: Chain | None) -> Sequence[Chain]:
        above = spot or ()
        return [(*above, one) for one in (above[-1].children if above else self.codes)]

    def ancestors(self, spot: Chain) -> Sequence[Chain]:
        return [spot[:depth] for depth in range(1, len(spot))]

    def descendants(self, spot: Chain) -> Sequence[Chain]:
        return [*self._below(spot)]

    def _below(self, spot: Chain) -> Iterator[Chain]:
        for one in self.children(spot):
            yield one
            yield from self._below(one)

    def find(self, path: str) -> Chain | None:
        found: Chain = ()
        for id_ in path.split("."):
            if (step := next((one for one in self.children(found) if one[-1].id == id_), None)) is None:
                return None
            found = step
        return found

    def path(self, spot: Chain) -> str:
        return ".".join(one.id for one in spot)

    def placed(self, spots: Sequence[Chain]) -> list[Placed]:
        return [self._placed(spot, spot[-1]) for spot in spots]

    def _placed(self, spot: Chain, one: model.HierarchicalCode) -> Placed:
        return Placed(one.id, self.path(spot), one.level, one.code, one.valid_from, one.valid_to, bool(one.children))


@dataclass(frozen=True)
class Grown(Branches[int]):
    """The tree that a code list gives by itself. Codes come in the order of the list."""

    catalogue: Catalogue
    of: Ref

    @cached_property
    def outline(self) -> Outline:
        return self.catalogue.outline(self.of)

    @cached_property
    def levels(self) -> dict[str, Names]:
        """Those that the list names, from the top; a tree beside its own has none."""
        notes = () if NAMED_PART in self.of.id else self.catalogue.stubs([self.codelist])[0].annotations
        return {note.title: note.texts for note in notes if note.type == LEVEL_NAMES}

    @property
    def codelist(self) -> Ref:
        return derived_from(self.of)

    def children(self, spot: int | None) -> Sequence[int]:
        found: list[int] = self.outline.children(TOP if spot is None else spot).tolist()
        return found

    def ancestors(self, spot: int) -> Sequence[int]:
        return self.outline.ancestors(spot)[::-1]

    def descendants(self, spot: int) -> Sequence[int]:
        found: list[int] = self.outline.descendants(spot).tolist()
        return found

    def find(self, path: str) -> int | None:
        """Ids of codes may have dots as well."""
        parts = path.split(".")
        ids = (".".join(parts[start:]) for start in range(len(parts)))
        spots = (self.outline.find(id_) for id_ in ids)
        return next((spot for spot in spots if spot is not None and self.path(spot) == path), None)

    def path(self, spot: int) -> str:
        return ".".join(self.outline.id(one) for one in (*self.ancestors(spot), spot))

    def placed(self, spots: Sequence[int]) -> list[Placed]:
        return [self._placed(spot, level) for spot, level in zip(spots, self._levels_of(spots), strict=True)]

    def _levels_of(self, spots: Sequence[int]) -> list[str]:
        if not self.levels:
            return [""] * len(spots)
        items = self.catalogue.items_at(self.codelist, spots)
        said = (fact(item, LEVEL) or str(1 + len(self.ancestors(spot))) for item, spot in zip(items, spots, strict=True))
        return [level if level in self.levels else "" for level in said]

    def _placed(self, spot: int, level: str) -> Placed:
        id_ = self.outline.id(spot)
        named = ItemRef("Code", self.codelist, id_)
        return Placed(id_, self.path(spot), level, named, None, None, len(self.outline.children(spot)) > 0)


def grown(catalogue: Catalogue, of: Ref) -> Grown | None:
    """The tree, where a code list gives it by itself and from its own codes alone; None of one that is stored."""
    codelist = derived_from(of)
    if not catalogue.find(codelist.kind, codelist.agency, codelist.id, codelist.version):
        return None
    if of not in catalogue.trees(codelist) or cast("model.Codelist", catalogue.frame(codelist)).extensions:
        return None
    return Grown(catalogue, of)
