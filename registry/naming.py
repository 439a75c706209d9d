"""Who names whom in the registry, as it was written, so perhaps with wildcards."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from registry.ref import URN_CLASSES, Kind, Ref, is_wild

Named = tuple[Ref, Ref]
"""Who names, and what."""


@dataclass(frozen=True)
class Naming:
    """``references``: by who names, what is named."""

    references: Mapping[Ref, tuple[Ref, ...]] = field(default_factory=dict)

    def changed(self, touched: Collection[Ref], references: Mapping[Ref, tuple[Ref, ...]]) -> Naming:
        """Once some artefacts name what ``references`` say, or nothing: most changes leave that as it was."""
        if all(self.references.get(ref) == references.get(ref) for ref in touched):
            return self
        kept = dict(self.references)
        for ref in touched:
            kept.pop(ref, None)
        return Naming({**kept, **references})

    def naming(self, ref: Ref) -> Sequence[Named]:
        """Who names some version of an artefact, without those that name any number of artefacts."""
        return self._naming.get(as_named(ref), ())

    @cached_property
    def wild(self) -> list[Named]:
        """Who names any number of artefacts."""
        return [(who, named) for who, refs in self.references.items() for named in refs if is_wild(named)]

    @cached_property
    def _naming(self) -> Mapping[tuple[Kind, str, str], list[Named]]:
        found: dict[tuple[Kind, str, str], list[Named]] = {}
        for who, named in self.references.items():
            for ref in named:
                found.setdefault(as_named(ref), []).append((who, ref))
        return found


def as_named(ref: Ref) -> tuple[Kind, str, str]:
    """Kind, agency and id of an artefact as references name it: a geographic list as the code list that it is."""
    kind = Kind(URN_CLASSES[ref.kind]) if ref.kind in URN_CLASSES else ref.kind
    return kind, ref.agency, ref.id
