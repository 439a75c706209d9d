"""Recoding with a correspondence: what becomes of a code, and how sure that is.

Kinds of links as in GSIM and Klass, seen over the whole table: ``1:1`` (nothing but the code changed), ``n:1`` (merged),
``1:n`` (split), ``n:m`` (both). A figure can be recoded exactly where its code goes to one target as a whole; a split needs
shares, and gives an estimate. Codes mean nothing without their version, so a table holds between two versions and no others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cached_property

from registry.errors import Invalid, suggest
from registry.model import MappedValue, RepresentationMap, ValueDomain, ValueMapping, fact, notes
from registry.ref import Ref
from registry.text import Names

SHARE = "SHARE"
"""The annotation of a mapping that says which share of the source goes to the target; all of it without."""

TOLERANCE = Decimal("0.001")
"""How far the shares of a code may miss 1 by rounding."""


class LinkKind(StrEnum):
    """How many source codes meet how many target codes."""

    ONE_TO_ONE = "1:1"
    MERGED = "n:1"
    SPLIT = "1:n"
    MANY = "n:m"


@dataclass(frozen=True, slots=True)
class Link:
    """One source code and one target code; ``share`` of the source that goes to the target."""

    source: str
    target: str
    share: str = "1"


@dataclass(frozen=True, kw_only=True)
class Correspondence:
    """How the codes of one codelist relate to those of another: a representation map seen as links.

    Mappings by regular expression or of a part of a code are none, nor are codes without target.
    """

    ref: Ref
    names: Names
    from_list: Ref
    to_list: Ref
    links: tuple[Link, ...] = ()

    @classmethod
    def of(cls, made: RepresentationMap) -> Correspondence | None:
        """The map as a correspondence; None where it is not from one code list to one other."""
        ends = [domain.enumeration for domain in (*made.sources, *made.targets)]
        if len(made.sources) != 1 or len(ends) != 2 or ends[0] is None or ends[1] is None:
            return None
        links = tuple(_link(mapping) for mapping in made.mappings if _is_link(mapping))
        return cls(ref=made.ref, names=made.names, from_list=ends[0], to_list=ends[1], links=links)

    @property
    def map(self) -> RepresentationMap:
        """The representation map it is kept as."""
        sources, targets = ((ValueDomain(enumeration=end),) for end in (self.from_list, self.to_list))
        mappings = tuple(mapping(link) for link in self.links)
        return RepresentationMap(ref=self.ref, names=self.names, sources=sources, targets=targets, mappings=mappings)


def mapping(link: Link) -> ValueMapping:
    """A link as the mapping it is kept as."""
    shares = notes({SHARE: link.share}) if link.share != "1" else ()
    return ValueMapping(sources=(MappedValue(link.source),), targets=(link.target,), annotations=shares)


def _is_link(made: ValueMapping) -> bool:
    return len(made.targets) == len(made.sources) == 1 and made.sources[0] == MappedValue(made.sources[0].value)


def _link(made: ValueMapping) -> Link:
    return Link(made.sources[0].value, made.targets[0], fact(made, SHARE) or "1")


def is_share(text: str) -> bool:
    """Whether a text is a share: above 0, at most 1."""
    try:
        return 0 < Decimal(text) <= 1
    except InvalidOperation:
        return False


@dataclass(frozen=True, slots=True)
class Recoded:
    """A value under a target code; ``exact`` is False where it was estimated by a share."""

    code: str
    value: Decimal
    exact: bool


@dataclass(frozen=True)
class Recoder:
    """Moves codes and values of one correspondence from its source list to its target list."""

    correspondence: Correspondence

    @cached_property
    def links(self) -> Mapping[str, tuple[Link, ...]]:
        """The links of each source code."""
        found: dict[str, list[Link]] = {}
        for link in self.correspondence.links:
            found.setdefault(link.source, []).append(link)
        return {source: tuple(links) for source, links in found.items()}

    @cached_property
    def _sources(self) -> Mapping[str, int]:
        counts: dict[str, int] = {}
        for link in self.correspondence.links:
            counts[link.target] = counts.get(link.target, 0) + 1
        return counts

    def kind(self, code: str) -> LinkKind:
        """What happened to a source code; :class:`Invalid` CODE_NOT_LINKED where the table does not have it."""
        links = self._of(code)
        merged = any(self._sources[link.target] > 1 for link in links)
        if len(links) > 1:
            return LinkKind.MANY if merged else LinkKind.SPLIT
        return LinkKind.MERGED if merged else LinkKind.ONE_TO_ONE

    def recode(self, code: str, value: Decimal) -> list[Recoded]:
        """The value under its target codes, parted by the shares, not rounded.

        :class:`Invalid` SHARES_INCOMPLETE where the shares of the code do not add up to 1: a table that only says which codes
        touch cannot part a figure, and half a figure must not get lost.
        """
        links = self._of(code)
        total = sum((Decimal(link.share) for link in links), Decimal(0))
        if abs(total - 1) > TOLERANCE:
            raise Invalid("SHARES_INCOMPLETE", correspondence=str(self.correspondence.ref), found=code[:60], total=total)
        if len(links) == 1:
            return [Recoded(links[0].target, value, exact=True)]
        return [Recoded(link.target, value * Decimal(link.share), exact=False) for link in links]

    def totals(self, values: Mapping[str, Decimal]) -> dict[str, Recoded]:
        """Values by source code added up by target code; exact only where all that went in was.

        Only for figures that can be added: never for counts of distinct persons or firms.
        """
        sums: dict[str, Recoded] = {}
        for code, value in values.items():
            for part in self.recode(code, value):
                so_far = sums.get(part.code, Recoded(part.code, Decimal(0), exact=True))
                sums[part.code] = Recoded(part.code, so_far.value + part.value, so_far.exact and part.exact)
        return sums

    def _of(self, code: str) -> tuple[Link, ...]:
        if code not in self.links:
            near = ", ".join(suggest(code[:60], self.links)) or ", ".join(list(self.links)[:5]) or "-"
            found = {"found": code[:60], "source": str(self.correspondence.from_list), "near": near}
            raise Invalid("CODE_NOT_LINKED", correspondence=str(self.correspondence.ref), **found)
        return self.links[code]


def chain(first: Correspondence, second: Correspondence, ref: Ref) -> Correspondence:
    """The correspondence through the list between the two, shares multiplied.

    A source code with a way that ends at the list between is left out: recoding it is an error and not a loss.
    :class:`Invalid` NOT_A_CHAIN where the two do not meet.
    """
    if first.to_list != second.from_list:
        raise Invalid("NOT_A_CHAIN", first=str(first.ref), second=str(second.ref), between=str(first.to_list))
    onward = Recoder(second).links
    ending = {link.source for link in first.links if link.target not in onward}
    shares: dict[tuple[str, str], Decimal] = {}
    for link in first.links:
        for step in onward[link.target] if link.source not in ending else ():
            way = link.source, step.target
            shares[way] = shares.get(way, Decimal(0)) + Decimal(link.share) * Decimal(step.share)
    links = tuple(Link(source, target, format(share.normalize(), "f")) for (source, target), share in shares.items())
    names = {lang: f"{name} → {second.names.get(lang, second.ref.id)}" for lang, name in first.names.items()}
    return Correspondence(ref=ref, names=names, from_list=first.from_list, to_list=second.to_list, links=links)
