"""What is in the registry, without content: which versions there are, what names what, and the texts to search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from registry.errors import NotFound, suggest
from registry.ref import Kind, Ref
from registry.text import fold
from registry.version import ALL, choose, sort_key

Family = tuple[Kind, str, str]
"""Kind, agency and id: all versions of one artefact."""


def family(ref: Ref) -> Family:
    """What the versions of an artefact have in common."""
    return ref.kind, ref.agency, ref.id


@dataclass(frozen=True)
class Index:
    """``families``: versions ascending. ``references``: who names whom, as it was written, so perhaps with a wildcard."""

    families: Mapping[Family, tuple[str, ...]]
    search_texts: Mapping[Ref, str]
    references: tuple[tuple[Ref, Ref], ...]

    @classmethod
    def of(cls, search_texts: Mapping[Ref, str], references: Iterable[tuple[Ref, Ref]]) -> Index:
        """The index of the refs that ``search_texts`` has, each with the folded text it is found by."""
        families: dict[Family, list[str]] = {}
        for ref in search_texts:
            families.setdefault(family(ref), []).append(ref.version)
        ordered = {name: tuple(sorted(versions, key=sort_key)) for name, versions in sorted(families.items())}
        return cls(ordered, search_texts, tuple(references))

    def resolve(self, ref: Ref) -> list[Ref]:
        """The versions a reference means, oldest first; empty when there is none."""
        return [replace(ref, version=version) for version in choose(ref.version, self.families.get(family(ref), ()))]

    def exact(self, ref: Ref) -> Ref:
        """The one version a reference means; :class:`NotFound` ARTEFACT_NOT_FOUND with the nearest known else."""
        found = self.resolve(ref)
        if not found:
            near = ", ".join(str(other) for other in self.near(ref)) or "-"
            raise NotFound("ARTEFACT_NOT_FOUND", kind=ref.kind.value, ref=str(ref)[:120], near=near)
        return found[-1]

    def near(self, ref: Ref) -> list[Ref]:
        """Up to five refs of the same kind that may have been meant: other versions, else ids that look alike, else any."""
        if versions := self.families.get(family(ref)):
            return [replace(ref, version=version) for version in versions[-5:]]
        latest = self._latest(ref.kind)
        ids = {other.id for other in latest}
        near = [other for id_ in suggest(ref.id[:60], ids) for other in latest if other.id == id_]
        return (near or latest)[:5]

    def _latest(self, kind: Kind) -> list[Ref]:
        return [Ref(*name, versions[-1]) for name, versions in self.families.items() if name[0] == kind]

    def find(self, kind: Kind, agency: str = ALL, id: str = ALL, version: str = ALL) -> list[Ref]:
        """The refs that fit, sorted by agency, id and version; each part may be ``*`` or a comma list."""
        fitting = [name for name in self.families if name[0] == kind and _fits(agency, name[1]) and _fits(id, name[2])]
        return [Ref(*name, found) for name in fitting for found in choose(version, self.families[name])]

    def search(self, kind: Kind, text: str) -> list[Ref]:
        """Latest versions whose id, names or descriptions hold every word, without regard to case and diacritics."""
        words = fold(text).split()
        return [ref for ref in self._latest(kind) if all(word in self.search_texts[ref] for word in words)]

    def parents(self, ref: Ref) -> list[Ref]:
        """The artefacts that name this exact version."""
        return sorted(who for who, named in self.references if family(named) == family(ref) and ref in self.resolve(named))


def _fits(wanted: str, found: str) -> bool:
    return wanted in (ALL, "all") or found in wanted.split(",")
