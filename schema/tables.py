"""Correspondences between any two codelist versions as GraphQL shows them: stored, turned round, or made of several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Annotated, cast

import strawberry

from registry.correspondence import (
    Correspondence,
    Group,
    Link,
    LinkKind,
    State,
    exactness,
    groups,
    invert,
    kind_of_link,
    kinds,
    of_variant,
    state_of,
)
from registry.correspondence.routing import derived
from registry.errors import Invalid, NotFound, Unavailable, suggest
from registry.model import Hierarchy, RepresentationMap
from registry.passing import takes_long
from registry.ports import Catalogue
from registry.ref import Ref
from registry.text import fold
from schema.context import Info
from schema.fields import described
from schema.items import Code, Listed
from schema.metadata import After, First, Lang, stubs
from schema.paging import DEFAULT_PAGE, Connection, pages_of_items
from schema.schemes import Codelist

OfLinks = Annotated[str | None, strawberry.argument(description="Only links of this kind: 1:1, n:1, 1:n or n:m.")]
OfState = Annotated[str | None, strawberry.argument(description="Only from codes in this state: exact, estimated or broken.")]
OfGroup = Annotated[str | None, strawberry.argument(description="Only inside the group of this id.")]
Words = Annotated[
    str | None, strawberry.argument(description="Every word must stand in the codes or their names; diacritics do not matter.")
]


@strawberry.type(description="A stored correspondence that a table is made of.")
class TableStep:
    ref: str
    inverted: bool = strawberry.field(description="Whether it is turned round.")
    from_codelist: Codelist
    to_codelist: Codelist


@strawberry.type(description="How many source codes and links of a kind there are.")
class KindCount:
    kind: str = strawberry.field(description="1:1, n:1 (merged), 1:n (split) or n:m (both).")
    sources: int
    links: int


@strawberry.type(description="How many source codes can be recoded, and how.")
class TableExactness:
    exact: int = strawberry.field(description="Go to one target as a whole.")
    estimated: int = strawberry.field(description="Are parted by shares that add up to 1.")
    broken: int = strawberry.field(description="Cannot be parted: a share is unknown, or there is no target for all of it.")


@strawberry.type(description="A source code and a target code that it goes to, as a whole or in part.")
class TableLink:
    of: strawberry.Private[CorrespondenceTable]
    source: str
    target: str
    kind: str
    state: str = strawberry.field(description="Of the source code: exact, estimated or broken.")
    share: str | None = strawberry.field(description="As decimal text; null where nobody knows it.")
    basis: str | None = strawberry.field(
        description="What the share was measured by: turnover, population, area, value, equal."
    )
    period: str | None = strawberry.field(description="The period that the weights were measured in.")
    origin: str | None = strawberry.field(description="Where this link comes from, if not from where the table does.")

    @described("The source code as its list has it; null where the list does not have it.")
    def source_code(self) -> Code | None:
        return _code(self.of.starts, self.source)

    @described("The target code as its list has it.")
    def target_code(self) -> Code | None:
        return _code(self.of.ends, self.target)


@strawberry.type(description="Codes of both lists that links lead to and fro between: as a whole they can be compared exactly.")
class TableGroup:
    of: strawberry.Private[CorrespondenceTable]
    held: strawberry.Private[Group]
    id: str
    kind: str

    @strawberry.field
    def sources(self) -> list[Code]:
        return _codes(self.of.starts, self.held.sources)

    @strawberry.field
    def targets(self) -> list[Code]:
        return _codes(self.of.ends, self.held.targets)


@strawberry.type(description="How the codes of one codelist version become those of another; perhaps made of stored tables.")
class CorrespondenceTable:
    catalogue: strawberry.Private[Catalogue]
    held: strawberry.Private[Correspondence]
    ref: str = strawberry.field(description="Of the stored correspondence, or the name of one that is made.")
    basis: str | None = strawberry.field(description="What its shares were measured by.")
    period: str | None = strawberry.field(description="The period that its weights were measured in.")
    source: str = strawberry.field(description="Where the content comes from.")

    @strawberry.field
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.held.names, lang)

    @described("The codelist version it leads from.")
    def from_codelist(self) -> Codelist:
        return cast("Codelist", stubs(self.catalogue, [self.held.from_list])[0])

    @described("The codelist version it leads to.")
    def to_codelist(self) -> Codelist:
        return cast("Codelist", stubs(self.catalogue, [self.held.to_list])[0])

    @described("The stored correspondences it is made of, in order; one that is not turned round where it is stored itself.")
    def steps(self) -> list[TableStep]:
        return [_step(self.catalogue, ref, inverted) for ref, inverted in self.held.steps]

    @described("How many source codes and links there are of each kind.")
    def kinds(self) -> list[KindCount]:
        codes, links = Counter(kinds(self.held).values()), Counter(self._kind(link) for link in self.held.links)
        return [KindCount(kind=kind.value, sources=codes[kind], links=links[kind]) for kind in LinkKind]

    @strawberry.field
    def exactness(self) -> TableExactness:
        found = exactness(self.held)
        return TableExactness(exact=found.exact, estimated=found.estimated, broken=found.broken)

    @described("The links, narrowed to a code, a kind, a state, a group, or to what a search finds.")
    def links(
        self,
        source: str | None = None,
        target: str | None = None,
        kind: OfLinks = None,
        state: OfState = None,
        group: OfGroup = None,
        search: Words = None,
        first: First = DEFAULT_PAGE,
        after: After = None,
    ) -> Connection[TableLink]:
        wanted = [
            _either(source, lambda link: link.source),
            _either(target, lambda link: link.target),
            _either(_one_of(kind, LinkKind), self._kind),
            _either(_one_of(state, State), lambda link: state_of(self.held, link.source)),
            _inside(self._group(group).sources if group is not None else None),
            self._found(search),
        ]
        links = [link for link in self.held.links if all(fits(link) for fits in wanted)]
        return pages_of_items(links, lambda link: f"{link.source}>{link.target}", first, after, self._link)

    @described("The connected groups, by id; narrowed to one kind.")
    def groups(self, kind: OfLinks = None, first: First = DEFAULT_PAGE, after: After = None) -> Connection[TableGroup]:
        wanted = _one_of(kind, LinkKind)
        found = [group for group in self._groups if wanted in (None, group.kind)]
        return pages_of_items(found, lambda group: group.id, first, after, self._shown_group)

    @described("Source codes that the table says have no successor, or not for all of them.")
    def ended(self, first: First = DEFAULT_PAGE, after: After = None) -> Connection[Code]:
        known = [code for code in self.held.ended if self.starts.outline.find(code) is not None]
        return pages_of_items(known, lambda code: code, first, after, self.starts.item)

    @property
    def starts(self) -> Listed:
        """The list it leads from."""
        return Listed(self.catalogue, self.held.from_list)

    @property
    def ends(self) -> Listed:
        """The list it leads to."""
        return Listed(self.catalogue, self.held.to_list)

    @cached_property
    def _groups(self) -> tuple[Group, ...]:
        return groups(self.held)

    def _kind(self, link: Link) -> LinkKind:
        return kind_of_link(self.held, link)

    def _group(self, id: str) -> Group:
        found = {group.id: group for group in self._groups}
        if id not in found:
            near = suggest(id[:60], found) or list(found)[:5]
            raise NotFound("GROUP_NOT_FOUND", found=id[:60], correspondence=self.ref, near=", ".join(near) or "-")
        return found[id]

    def _found(self, search: str | None) -> Callable[[Link], bool]:
        """Whether a link has every word, in the codes and names of both of its ends."""
        if not search:
            return lambda link: True
        takes_long()
        starts, ends = _texts(self.catalogue, self.held.from_list), _texts(self.catalogue, self.held.to_list)
        sought = fold(search).split()

        def has(link: Link) -> bool:
            text = f"{link.source} {link.target} {starts.get(link.source, '')} {ends.get(link.target, '')}".casefold()
            return all(word in text for word in sought)

        return has

    def _link(self, held: Link) -> TableLink:
        parted = held.share != "1"
        return TableLink(
            of=self,
            source=held.source,
            target=held.target,
            kind=self._kind(held).value,
            state=state_of(self.held, held.source).value,
            share=held.share,
            basis=(self.held.basis_of(held) or None) if parted else None,
            period=(self.held.period_of(held) or None) if parted else None,
            origin=held.origin or None,
        )

    def _shown_group(self, held: Group) -> TableGroup:
        return TableGroup(of=self, held=held, id=held.id, kind=held.kind.value)


def table(catalogue: Catalogue, held: Correspondence) -> CorrespondenceTable:
    return CorrespondenceTable(
        catalogue=catalogue,
        held=held,
        ref=str(held.ref),
        basis=held.basis or None,
        period=held.period or None,
        source=held.source,
    )


def from_version(catalogue: Catalogue, ref: Ref) -> list[CorrespondenceTable]:
    """The stored tables that lead from a version or to it, each as it leads from it.

    What no longer reads stands there as its error, which :mod:`schema.leaving_out` tells.
    """
    every = catalogue.correspondences(ref)
    found = (held if isinstance(held, Unavailable) else table(catalogue, _leading(held, ref)) for held in every)
    return cast("list[CorrespondenceTable]", list(found))


def _leading(held: Correspondence, start: Ref) -> Correspondence:
    return held if held.from_list == start else invert(held, derived(held.to_list, held.from_list))


def _step(catalogue: Catalogue, ref: Ref, inverted: bool) -> TableStep:
    made = catalogue.get(ref)
    held = of_variant(made) if isinstance(made, Hierarchy) else Correspondence.of(cast("RepresentationMap", made))
    assert held is not None, "a table is made of stored ones"
    start, end = (stubs(catalogue, [catalogue.exact(one)])[0] for one in (held.from_list, held.to_list))
    return TableStep(ref=str(ref), inverted=inverted, from_codelist=start, to_codelist=end)


def _either(wanted: object, of: Callable[[Link], object]) -> Callable[[Link], bool]:
    return lambda link: wanted is None or of(link) == wanted


def _inside(sources: Iterable[str] | None) -> Callable[[Link], bool]:
    codes = frozenset(sources) if sources is not None else None
    return lambda link: codes is None or link.source in codes


def _one_of(text: str | None, words: type[LinkKind] | type[State]) -> LinkKind | State | None:
    valid = [word.value for word in words]
    if text is not None and text not in valid:
        raise Invalid("UNKNOWN_LINK_FILTER", found=text[:20], valid=", ".join(valid))
    return words(text) if text is not None else None


def _texts(catalogue: Catalogue, ref: Ref) -> dict[str, str]:
    return {item.id: fold(" ".join(item.names.values())) for items in catalogue.items(ref) for item in items}


def _code(listed: Listed, id: str) -> Code | None:
    place = listed.outline.find(id)
    return cast("Code", listed.items([place])[0]) if place is not None else None


def _codes(listed: Listed, ids: Iterable[str]) -> list[Code]:
    places = [place for id_ in ids if (place := listed.outline.find(id_)) is not None]
    return listed.items(places)
