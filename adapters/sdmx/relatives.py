"""Which artefacts come along with others: those they name, those that name them, and further ones.

Source: SDMX REST 1.5.0 and 2.2, ``references`` of structure queries and the tables of what it applies to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from adapters.sdmx.artefacts import Wanted
from adapters.sdmx.items import item_ids
from adapters.sdmx.resources import CODELISTS
from registry.held import readable
from registry.model import Artefact, named_by, references
from registry.ports import Catalogue
from registry.ref import STRUCTURES, Kind, Ref

Found = dict[Ref, None]
"""Refs in order, each once."""

_NOTHING = {"none"}


@dataclass(frozen=True)
class Relatives:
    """The relations of a registry.

    parts       artefacts of which only some items were asked for: they name only what these name, and only who names these
                names them
    maintained  an artefact names the scheme that has its agency, as 2.x says
    extended    a code list names those it extends; else their codes are in it already
    """

    catalogue: Catalogue
    parts: Mapping[Ref, Artefact] = field(default_factory=dict)
    maintained: bool = False
    extended: bool = False
    _maintainers: dict[str, Ref | None] = field(default_factory=dict)

    def along(self, refs: Iterable[Ref], wanted: Wanted) -> list[Ref]:
        """What comes along with some refs, without them."""
        if wanted.spreads <= _NOTHING and not wanted.related:
            return []
        own = dict.fromkeys(refs)
        found: Found = {}
        for word in sorted(wanted.spreads):
            found |= self._spreads[word](own)
        if wanted.related:
            found |= {ref: None for ref in self._all(own) if ref.kind in wanted.related}
        return [ref for ref in found if ref not in own]

    @property
    def _spreads(self) -> Mapping[str, Callable[[Iterable[Ref]], Found]]:
        return {
            "none": lambda _: {},
            "parents": self._parents,
            "parentsandsiblings": self._family,
            "ancestors": lambda refs: _all_the_way(self._parents, refs),
            "children": self._children,
            "descendants": lambda refs: _all_the_way(self._children, refs),
            "all": self._all,
        }

    def _all(self, refs: Iterable[Ref]) -> Found:
        return self._family(refs) | _all_the_way(self._children, refs)

    def _family(self, refs: Iterable[Ref]) -> Found:
        parents = self._parents(refs)
        return parents | self._children(parents)

    def _children(self, refs: Iterable[Ref]) -> Found:
        return {child: None for ref in refs for child in self._named(ref)}

    def _named(self, ref: Ref) -> Iterable[Ref]:
        named = self.catalogue.references(ref)
        written = references(self.parts[ref]) if ref in self.parts else named
        found = [exact for one, exact in named.items() if exact is not None and one in written]
        if not self.extended and ref.kind in CODELISTS:
            found = [exact for exact in found if exact.kind not in CODELISTS]
        maintainer = self._maintainer(ref.agency) if self.maintained else None
        return [*found, maintainer] if maintainer else found

    def _maintainer(self, agency: str) -> Ref | None:
        """The scheme that has an agency: that of the agency above it, or that of SDMX for those at the top."""
        if agency not in self._maintainers:
            above, _, id_ = agency.rpartition(".")
            schemes = self.catalogue.find(Kind.AGENCY_SCHEME, above or "SDMX", "AGENCIES", "latest")
            self._maintainers[agency] = next((ref for ref in schemes if self.catalogue.item(ref, id_) is not None), None)
        return self._maintainers[agency]

    def _parents(self, refs: Iterable[Ref]) -> Found:
        return {parent: None for ref in refs for parent in self._naming(ref)}

    def _naming(self, ref: Ref) -> list[Ref]:
        found = [one for one in self.catalogue.parents(ref) if one.kind in STRUCTURES]
        # The tree of a long list is given to who names it: it would be held whole.
        found += [tree for tree in self.catalogue.trees(ref) if not self.catalogue.is_long(ref)]
        if ref in self.parts:
            found = [one for one in found if self._names_part(one, ref)]
        if self.maintained and ref.kind == Kind.AGENCY_SCHEME:
            found = found + self._maintained_by(ref)
        return found

    def _names_part(self, who: Ref, whole: Ref) -> bool:
        """Whether an artefact names the whole of another or one of the items that are shown of it."""
        shown = item_ids(self.parts[whole])
        resolved = self.catalogue.references(who)
        naming = readable(self.catalogue, who)
        # What no longer reads may name it: it is told then as left out.
        return naming is None or any(
            resolved.get(one) == whole if isinstance(one, Ref) else resolved.get(one.of) == whole and one.id in shown
            for one in named_by(naming)
        )

    def _maintained_by(self, scheme: Ref) -> list[Ref]:
        prefix = "" if scheme.agency == "SDMX" else f"{scheme.agency}."
        whole = self.parts.get(scheme) or readable(self.catalogue, scheme)
        agencies = ",".join(prefix + id_ for id_ in item_ids(whole)) if whole else ""
        return [ref for kind in STRUCTURES for ref in self.catalogue.find(kind, agencies)] if agencies else []


def _all_the_way(step: Callable[[Iterable[Ref]], Found], refs: Iterable[Ref]) -> Found:
    found: Found = {}
    edge: Iterable[Ref] = refs
    while edge := [ref for ref in step(edge) if ref not in found]:
        found |= dict.fromkeys(edge)
    return found
