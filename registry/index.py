"""What is in the registry, without content: which versions there are, what names what, and the texts to search."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from registry.errors import NotFound, suggest
from registry.ref import SAME_URN, URN_CLASSES, Kind, Ref, is_wild
from registry.text import fold
from registry.version import ALL, choose, sort_key

Family = tuple[Kind, str, str]
"""Kind, agency and id: all versions of one artefact."""


def family(ref: Ref) -> Family:
    """What the versions of an artefact have in common."""
    return ref.kind, ref.agency, ref.id


@dataclass(frozen=True)
class Index:
    """``families``: versions ascending. ``references``: by who names, what is named as it was written, so perhaps with a
    wildcard."""

    families: Mapping[Family, tuple[str, ...]]
    search_texts: Mapping[Ref, str]
    references: Mapping[Ref, tuple[Ref, ...]]

    @classmethod
    def of(cls, search_texts: Mapping[Ref, str], references: Mapping[Ref, tuple[Ref, ...]]) -> Index:
        """The index of the refs that ``search_texts`` has, each with the folded text it is found by."""
        families: dict[Family, list[str]] = {}
        for ref in search_texts:
            families.setdefault(family(ref), []).append(ref.version)
        ordered = {name: tuple(sorted(versions, key=sort_key)) for name, versions in sorted(families.items())}
        return cls(ordered, search_texts, references)

    def changed(self, gone: Collection[Ref], come: Mapping[Ref, str], references: Mapping[Ref, tuple[Ref, ...]]) -> Index:
        """The index without what is gone, with what has come (perhaps the same refs); ``references`` are of the latter."""
        texts = {**{ref: text for ref, text in self.search_texts.items() if ref not in gone}, **come}
        named = {**{ref: refs for ref, refs in self.references.items() if ref not in gone}, **references}
        return Index(self._families({*gone, *come}, texts), texts, named)

    def _families(self, touched: Iterable[Ref], known: Mapping[Ref, str]) -> Mapping[Family, tuple[str, ...]]:
        """The families once some refs are known or not known any more."""
        changed: dict[Family, set[str]] = {}
        for ref in touched:
            versions = changed.setdefault(family(ref), set(self.families.get(family(ref), ())))
            (versions.add if ref in known else versions.discard)(ref.version)
        ordered = {name: tuple(sorted(versions, key=sort_key)) for name, versions in changed.items()}
        kept = {name: versions for name, versions in {**self.families, **ordered}.items() if versions}
        return kept if kept.keys() == self.families.keys() else dict(sorted(kept.items()))

    def resolve(self, ref: Ref) -> list[Ref]:
        """The versions a reference means, oldest first; empty when there is none."""
        for kind in SAME_URN.get(ref.kind, (ref.kind,)):
            if versions := self.families.get((kind, ref.agency, ref.id)):
                return [replace(ref, kind=kind, version=version) for version in choose(ref.version, versions)]
        return []

    def exact(self, ref: Ref) -> Ref:
        """The one version a reference means; :class:`NotFound` ARTEFACT_NOT_FOUND with the nearest known else."""
        versions = self.families.get(family(ref), ())
        if ref.version in versions:
            return ref
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
        return [Ref(*name, self.families[name][-1]) for name in self._of_kind.get(kind, ())]

    @cached_property
    def _of_kind(self) -> Mapping[Kind, list[Family]]:
        found: dict[Kind, list[Family]] = {}
        for name in self.families:
            found.setdefault(name[0], []).append(name)
        return found

    def find(self, kind: Kind, agency: str = ALL, id: str = ALL, version: str = ALL) -> list[Ref]:
        """The refs that fit, sorted by agency, id and version; each part may be ``*`` or a comma list."""
        of_kind = self._of_kind.get(kind, ())
        fitting = [name for name in of_kind if _fits(agency, name[1]) and _fits(id, name[2])]
        return [Ref(*name, found) for name in fitting for found in choose(version, self.families[name])]

    def search(self, kind: Kind, text: str) -> list[Ref]:
        """Latest versions whose id, names or descriptions hold every word, without regard to case and diacritics."""
        words = fold(text).split()
        return [ref for ref in self._latest(kind) if all(word in self.search_texts[ref] for word in words)]

    def parents(self, ref: Ref) -> list[Ref]:
        """The artefacts that name this exact version."""
        naming = self._naming.get(_as_named(ref), ())
        wild = {who for who, named in self._wild if self._fits(named, ref)}
        return sorted(wild | {who for who, named in naming if ref in self.resolve(named)})

    def _fits(self, named: Ref, ref: Ref) -> bool:
        """Whether a name with wildcards means this exact version."""
        kind, agency, id_ = _as_named(ref)
        same = kind == named.kind and named.agency in (ALL, agency) and named.id in (ALL, id_)
        return same and ref.version in choose(named.version, self.families.get(family(ref), ()))

    @cached_property
    def _wild(self) -> list[tuple[Ref, Ref]]:
        return [(who, named) for who, refs in self.references.items() for named in refs if is_wild(named)]

    @cached_property
    def _naming(self) -> Mapping[Family, list[tuple[Ref, Ref]]]:
        found: dict[Family, list[tuple[Ref, Ref]]] = {}
        for who, named in self.references.items():
            for ref in named:
                found.setdefault(_as_named(ref), []).append((who, ref))
        return found


def _as_named(ref: Ref) -> Family:
    """The family of a ref as references name it: a geographic list as the code list that it is."""
    kind = Kind(URN_CLASSES[ref.kind]) if ref.kind in URN_CLASSES else ref.kind
    return kind, ref.agency, ref.id


def _fits(wanted: str, found: str) -> bool:
    return wanted in (ALL, "all") or found in wanted.split(",")
