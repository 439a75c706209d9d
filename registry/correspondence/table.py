"""A correspondence table: a representation map from one codelist version to another, seen as links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from registry.model import MappedValue, RepresentationMap, ValueDomain, ValueMapping, facts, notes
from registry.ref import Ref
from registry.text import Names

SHARE = "SHARE"
"""The annotation of a mapping that says which share of the source goes to the target."""

BASIS = "BASIS"
"""What shares were measured by: turnover, population, area, value, equal. Of the map, or of one mapping that differs."""

PERIOD = "PERIOD"
"""The period that the weights behind the shares were measured in. Of the map, or of one mapping."""

ORIGIN = "SOURCE"
"""Where one mapping comes from, if not from where the map does."""


MAIN = "main"
"""The basis of a link that takes all of its source by convention: the main one of several that there really are."""


@dataclass(frozen=True, slots=True)
class Link:
    """One source code and one target code; ``share`` of the source that goes to the target, None where nobody knows.

    ``basis``, ``period`` and ``origin`` only where they differ from those of the table.
    """

    source: str
    target: str
    share: str | None = None
    basis: str = ""
    period: str = ""
    origin: str = ""

    @property
    def by_convention(self) -> bool:
        """Whether it stands for several: a figure under its target is an estimate even where it is the only one."""
        return MAIN in self.basis.split(", ")


@dataclass(frozen=True, kw_only=True)
class Correspondence:
    """How the codes of one codelist relate to those of another.

    A link that is the only one of its source takes all of it: its share is 1 where none is said. ``ended``: codes that the
    table says have no successor, or not for all of them. ``made_of``: see ``steps``. Mappings by regular expression or of a
    part of a code are no links.
    """

    ref: Ref
    names: Names
    from_list: Ref
    to_list: Ref
    links: tuple[Link, ...] = ()
    ended: tuple[str, ...] = ()
    basis: str = ""
    period: str = ""
    source: str = ""
    made_of: tuple[tuple[Ref, bool], ...] = ()

    def __post_init__(self) -> None:
        parted = {code for code, links in self.targets.items() if len(links) > 1} | self.gone
        if any(link.share is None and link.source not in parted for link in self.links):
            whole = (link if link.share or link.source in parted else replace(link, share="1") for link in self.links)
            object.__setattr__(self, "links", tuple(whole))
            del self.__dict__["targets"]

    @classmethod
    def of(cls, made: RepresentationMap) -> Correspondence | None:
        """The map as a correspondence; None where it is not from one code list to one other."""
        ends = [domain.enumeration for domain in (*made.sources, *made.targets)]
        if len(made.sources) != 1 or len(ends) != 2 or ends[0] is None or ends[1] is None:
            return None
        plain = [mapping for mapping in made.mappings if _of_one_code(mapping)]
        said = facts(made)
        return cls(
            ref=made.ref,
            names=made.names,
            from_list=ends[0],
            to_list=ends[1],
            links=tuple(_link(mapping) for mapping in plain if len(mapping.targets) == 1),
            ended=tuple(mapping.sources[0].value for mapping in plain if not mapping.targets),
            basis=said.get(BASIS, ""),
            period=said.get(PERIOD, ""),
            source=made.source,
        )

    @property
    def map(self) -> RepresentationMap:
        """The representation map it is kept as."""
        sources, targets = ((ValueDomain(enumeration=end),) for end in (self.from_list, self.to_list))
        return RepresentationMap(
            ref=self.ref,
            names=self.names,
            annotations=notes(_said({BASIS: self.basis, PERIOD: self.period})),
            source=self.source,
            sources=sources,
            targets=targets,
            mappings=tuple(self._mappings()),
        )

    def _mappings(self) -> Iterator[ValueMapping]:
        for link in self.links:
            whole = link.share == "1" and len(self.targets[link.source]) == 1
            said = {SHARE: "" if whole else link.share or "", BASIS: link.basis, PERIOD: link.period, ORIGIN: link.origin}
            yield ValueMapping(sources=(MappedValue(link.source),), targets=(link.target,), annotations=notes(_said(said)))
        for code in self.ended:
            yield ValueMapping(sources=(MappedValue(code),))

    @property
    def steps(self) -> tuple[tuple[Ref, bool], ...]:
        """The stored tables it is made of, in order, and whether each was turned round; itself where it is stored."""
        return self.made_of or ((self.ref, False),)

    @cached_property
    def gone(self) -> frozenset[str]:
        """The codes that ended."""
        return frozenset(self.ended)

    @cached_property
    def targets(self) -> Mapping[str, tuple[Link, ...]]:
        """The links of each source code."""
        return _by((link.source, link) for link in self.links)

    @cached_property
    def sources(self) -> Mapping[str, tuple[Link, ...]]:
        """The links of each target code."""
        return _by((link.target, link) for link in self.links)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Every source code that the table says something of."""
        return tuple(dict.fromkeys((*self.targets, *self.ended)))

    def basis_of(self, link: Link) -> str:
        """What the share of a link was measured by."""
        return link.basis or self.basis

    def period_of(self, link: Link) -> str:
        """When the weights behind the share of a link were measured."""
        return link.period or self.period


def _by(pairs: Iterable[tuple[str, Link]]) -> dict[str, tuple[Link, ...]]:
    found: dict[str, list[Link]] = {}
    for code, link in pairs:
        found.setdefault(code, []).append(link)
    return {code: tuple(links) for code, links in found.items()}


def _said(of: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in of.items() if text}


def _of_one_code(made: ValueMapping) -> bool:
    return len(made.sources) == 1 and len(made.targets) < 2 and made.sources[0] == MappedValue(made.sources[0].value)


def _link(made: ValueMapping) -> Link:
    said = facts(made) if made.annotations else {}
    rest = (said.get(name, "") for name in (BASIS, PERIOD, ORIGIN))
    return Link(made.sources[0].value, made.targets[0], said.get(SHARE), *rest)
