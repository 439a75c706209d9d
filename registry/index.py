"""What is in the registry, without content: which versions there are, what names what, and the texts to search."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from registry.errors import NotFound, suggest
from registry.kindred import Family, Kindred
from registry.naming import Naming, as_named
from registry.ref import SAME_URN, Kind, Ref
from registry.text import fold
from registry.version import ALL, choose, places


def family(ref: Ref) -> tuple[Kind, str, str]:
    """What the versions of an artefact have in common."""
    return ref.kind, ref.agency, ref.id


@dataclass(frozen=True)
class Index:
    """``kinds``: what there is of each kind. ``named``: who names what."""

    kinds: Mapping[Kind, Kindred]
    search_texts: Mapping[Ref, str]
    named: Naming

    @classmethod
    def of(cls, search_texts: Mapping[Ref, str], references: Mapping[Ref, tuple[Ref, ...]]) -> Index:
        """The index of the refs that ``search_texts`` has, each with the folded text it is found by."""
        of_kind: dict[Kind, list[Ref]] = {}
        for ref in search_texts:
            of_kind.setdefault(ref.kind, []).append(ref)
        return cls({kind: Kindred.of(refs) for kind, refs in of_kind.items()}, search_texts, Naming(references))

    def changed(self, gone: Collection[Ref], come: Mapping[Ref, str], references: Mapping[Ref, tuple[Ref, ...]]) -> Index:
        """The index without what is gone, with what has come (perhaps the same refs); ``references`` are of the latter.

        What the change does not touch is not walked through: copying a dictionary costs next to nothing.
        """
        texts = dict(self.search_texts)
        for ref in gone:
            texts.pop(ref, None)
        texts.update(come)
        return Index(self._kinds({*gone, *come}, texts), texts, self.named.changed({*gone, *come}, references))

    def _kinds(self, touched: Iterable[Ref], known: Mapping[Ref, str]) -> Mapping[Kind, Kindred]:
        """What there is of each kind once some refs are known or not known any more."""
        moved: dict[Kind, list[Ref]] = {}
        for ref in touched:
            if (ref in known) != (ref in self.search_texts):
                moved.setdefault(ref.kind, []).append(ref)
        changed = {
            kind: self._kindred(kind).changed([ref for ref in refs if ref not in known], [ref for ref in refs if ref in known])
            for kind, refs in moved.items()
        }
        return {**self.kinds, **changed}

    @property
    def references(self) -> Mapping[Ref, tuple[Ref, ...]]:
        """What is named, as it was written, by who names it."""
        return self.named.references

    def _kindred(self, kind: Kind) -> Kindred:
        return self.kinds.get(kind, _NOBODY)

    def _family(self, ref: Ref) -> Family:
        return self._kindred(ref.kind).family((ref.agency, ref.id))

    def resolve(self, ref: Ref) -> list[Ref]:
        """The versions a reference means, oldest first; empty when there is none."""
        for kind in SAME_URN.get(ref.kind, (ref.kind,)):
            if (found := self._kindred(kind).family((ref.agency, ref.id))).refs:
                return [found.refs[place] for place in places(ref.version, found.versions)]
        return []

    def exact(self, ref: Ref) -> Ref:
        """The one version a reference means; :class:`NotFound` ARTEFACT_NOT_FOUND with the nearest known else."""
        if ref.version in self._family(ref).versions:
            return ref
        found = self.resolve(ref)
        if not found:
            near = ", ".join(str(other) for other in self.near(ref)) or "-"
            raise NotFound("ARTEFACT_NOT_FOUND", kind=ref.kind.value, ref=str(ref)[:120], near=near)
        return found[-1]

    def near(self, ref: Ref) -> list[Ref]:
        """Up to five refs of the same kind that may have been meant: other versions, else ids that look alike, else any."""
        if versions := self._family(ref).refs:
            return list(versions[-5:])
        latest = self._kindred(ref.kind).latest
        ids = {other.id for other in latest}
        near = [other for id_ in suggest(ref.id[:60], ids) for other in latest if other.id == id_]
        return (near or latest)[:5]

    def is_latest(self, ref: Ref) -> bool:
        """Whether there is no newer version of it."""
        return self._family(ref).versions[-1:] == (ref.version,)

    def find(self, kind: Kind, agency: str = ALL, id: str = ALL, version: str = ALL) -> list[Ref]:
        """The refs that fit, sorted by agency, id and version; each part may be ``*`` or a comma list."""
        return self._kindred(kind).find(agency, id, version)

    def search(self, kind: Kind, text: str) -> list[Ref]:
        """Latest versions whose id, names or descriptions hold every word, without regard to case and diacritics."""
        words = fold(text).split()
        return [ref for ref in self._kindred(kind).latest if all(word in self.search_texts[ref] for word in words)]

    def parents(self, ref: Ref) -> list[Ref]:
        """The artefacts that name this exact version."""
        wild = {who for who, named in self.named.wild if self._fits(named, ref)}
        return sorted(wild | {who for who, named in self.named.naming(ref) if ref in self.resolve(named)})

    def _fits(self, named: Ref, ref: Ref) -> bool:
        """Whether a name with wildcards means this exact version."""
        kind, agency, id_ = as_named(ref)
        same = kind == named.kind and named.agency in (ALL, agency) and named.id in (ALL, id_)
        return same and ref.version in choose(named.version, self._family(ref).versions)


_NOBODY = Kindred()
