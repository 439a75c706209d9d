"""All artefacts of one kind: which versions of which there are, and which of them a question means.

One of these stays the same object until an artefact of its kind comes or goes, so that what was found for a listing is not
looked for again after other changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from operator import attrgetter
from typing import NamedTuple

from registry.ref import Ref
from registry.version import ALL, places, sort_key

Name = tuple[str, str]
"""Agency and id."""

_MOST = 64
"""Listings that are remembered."""

_EVERY = (ALL, "all")
_VERSION = attrgetter("version")


class Family(NamedTuple):
    """All versions of one artefact, oldest first."""

    refs: tuple[Ref, ...]
    versions: tuple[str, ...]

    @classmethod
    def of(cls, refs: Iterable[Ref]) -> Family:
        ordered = tuple(sorted(refs, key=lambda ref: sort_key(ref.version)))
        return cls(ordered, tuple(map(_VERSION, ordered)))


@dataclass(frozen=True)
class Kindred:
    """``families``: by agency and id, sorted by them."""

    families: Mapping[Name, Family] = field(default_factory=dict)
    _found: dict[tuple[str, str], tuple[Ref, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, refs: Iterable[Ref]) -> Kindred:
        """Those of some refs of one kind."""
        return cls().changed((), refs)

    def changed(self, gone: Iterable[Ref], come: Iterable[Ref]) -> Kindred:
        """Without some, with some others."""
        touched: dict[Name, set[Ref]] = {}
        for ref in gone:
            self._touched(touched, ref).discard(ref)
        for ref in come:
            self._touched(touched, ref).add(ref)
        families = dict(self.families)
        for name, refs in touched.items():
            families.pop(name, None) if not refs else families.update({name: Family.of(refs)})
        return Kindred(families if self.families.keys() >= families.keys() else dict(sorted(families.items())))

    def _touched(self, touched: dict[Name, set[Ref]], ref: Ref) -> set[Ref]:
        name = ref.agency, ref.id
        if name not in touched:
            touched[name] = {*self.family(name).refs}
        return touched[name]

    def family(self, name: Name) -> Family:
        """The versions of one; without any where there is none."""
        return self.families.get(name, _NONE)

    @cached_property
    def latest(self) -> list[Ref]:
        """The newest version of each."""
        return [family.refs[-1] for family in self.families.values()]

    def find(self, agency: str, id: str, version: str) -> list[Ref]:
        """The refs that fit, sorted by agency, id and version; each part may be ``*`` or a comma list."""
        if id not in _EVERY:
            return self._chosen(self._named(agency, id), version)
        asked = agency, version
        if asked not in self._found:
            found = self._chosen(self._of(agency), version)
            if len(self._found) >= _MOST:
                self._found.clear()
            self._found[asked] = tuple(found)
            return found
        return list(self._found[asked])

    def _named(self, agency: str, ids: str) -> Iterator[Family]:
        if agency in _EVERY:
            wanted = set(ids.split(","))
            return (family for (_, id_), family in self.families.items() if id_ in wanted)
        names = sorted(set(product(agency.split(","), ids.split(","))))
        return (self.families[name] for name in names if name in self.families)

    def _of(self, agency: str) -> Iterable[Family]:
        if agency in _EVERY:
            return self.families.values()
        wanted = set(agency.split(","))
        return (family for (who, _), family in self.families.items() if who in wanted)

    def _chosen(self, families: Iterable[Family], version: str) -> list[Ref]:
        return [family.refs[place] for family in families for place in places(version, family.versions)]


_NONE = Family((), ())
