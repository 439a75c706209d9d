"""Which stored tables lead from or to a codelist version, and the way from one version to another that they make."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

from registry.correspondence import Correspondence, follow, of_variant, route
from registry.errors import NotFound, Unavailable
from registry.index import Index, family
from registry.model import Artefact, Hierarchy, RepresentationMap
from registry.ref import Kind, Ref
from registry.version import choose

MAPS = (Kind.REPRESENTATION_MAP,)
VARIANTS = (Kind.REPRESENTATION_MAP, Kind.HIERARCHY)


@dataclass(frozen=True)
class Leading:
    """``remember`` keeps the table that an artefact is seen as."""

    index: Index
    artefact: Callable[[Ref], Artefact]
    remember: Callable[[Ref, Callable[[], Correspondence | None]], Correspondence | None]

    def way(self, source: Ref, target: Ref) -> Correspondence | None:
        """By as few tables as can be, hierarchies that group codes of one list under those of another among them."""
        steps = route(lambda codelist: self.tables(codelist, VARIANTS), source, target)
        return follow(steps) if steps else None

    def no_way(self, source: Ref, target: Ref) -> NotFound:
        """The error that names what there are ways to."""
        ends = {str(end) for table in self.tables(source, VARIANTS) for end in (table.from_list, table.to_list)}
        near = ", ".join(sorted(ends - {str(source)})) or "-"
        return NotFound("CORRESPONDENCE_NOT_FOUND", source=str(source), target=str(target), near=near)

    def tables(self, codelist: Ref, kinds: Iterable[Kind] = MAPS) -> list[Correspondence]:
        """As :meth:`told`, for who must not go without one: :class:`Unavailable` where one no longer reads."""
        tables = []
        for one in self.told(codelist, kinds):
            if isinstance(one, Unavailable):
                raise one
            tables.append(one)
        return tables

    def told(self, codelist: Ref, kinds: Iterable[Kind] = MAPS) -> list[Correspondence | Unavailable]:
        """Both ends exact; of versions of one table between the same two lists only that which ``+`` means. Those that no
        longer read stand at the end as their errors, and replace earlier ones all the same."""
        named = [ref for ref in self.index.parents(codelist) if ref.kind in kinds]
        seen = {ref: self._readable(ref) for ref in named}
        lost = {ref: one for ref, one in seen.items() if isinstance(one, Unavailable)}
        read = (one for one in seen.values() if isinstance(one, Correspondence))
        tables = [pinned for table in read if (pinned := self._pinned(table, codelist))]
        versions: dict[tuple[Ref, ...], list[str]] = {}
        for table in tables:
            versions.setdefault(_same(table), self._replacing(table, lost)).append(_kept(table).version)
        return [*(one for one in tables if choose("+", versions[_same(one)]) == [_kept(one).version]), *lost.values()]

    def _replacing(self, table: Correspondence, lost: Iterable[Ref]) -> list[str]:
        """The versions of a table that no longer read: what they name tells that they are between the same lists."""
        ends = [self.index.parents(end) for end in (table.from_list, table.to_list)]
        return [ref.version for ref in lost if family(ref) == family(_kept(table)) and all(ref in naming for naming in ends)]

    def _readable(self, ref: Ref) -> Correspondence | Unavailable | None:
        try:
            return self.remember(ref, partial(self._seen, ref))
        except Unavailable as error:
            return error

    def _seen(self, ref: Ref) -> Correspondence | None:
        made = self.artefact(ref)
        if isinstance(made, Hierarchy):
            return of_variant(made)
        return Correspondence.of(made) if isinstance(made, RepresentationMap) else None

    def _pinned(self, table: Correspondence, end: Ref) -> Correspondence | None:
        """An end that is named with a wildcard means ``end`` where it can."""
        start, stop = (self.index.resolve(one) for one in (table.from_list, table.to_list))
        if not start or not stop:
            return None
        if (table.from_list, table.to_list) == (start[-1], stop[-1]):
            return table
        if end in start:
            return replace(table, from_list=end, to_list=stop[-1])
        return replace(table, from_list=start[-1], to_list=end if end in stop else stop[-1])


def _same(table: Correspondence) -> tuple[Ref, ...]:
    """What versions of a table have in common that replace each other."""
    return replace(_kept(table), version=""), table.from_list, table.to_list


def _kept(table: Correspondence) -> Ref:
    """The artefact that a table is kept as."""
    return table.steps[0][0]
