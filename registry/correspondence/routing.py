"""The way from one codelist version to another: one table, the same turned round, or several in a chain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial, reduce

from registry.correspondence.sharing import exactness
from registry.correspondence.table import Correspondence
from registry.correspondence.turning import chain, invert
from registry.ref import Kind, Ref

MOST_STEPS = 4
"""Tables in a chain: HS 2022 to HS 2017 to SITC to BEC are three."""

Tables = Callable[[Ref], Iterable[Correspondence]]
"""The stored tables from or to an exact codelist version, with both ends exact; of equals the last is preferred."""


@dataclass(frozen=True)
class Step:
    """A stored table, turned round or as it is."""

    table: Correspondence
    inverted: bool = False

    @property
    def start(self) -> Ref:
        return self.table.to_list if self.inverted else self.table.from_list

    @property
    def end(self) -> Ref:
        return self.table.from_list if self.inverted else self.table.to_list

    @cached_property
    def made(self) -> Correspondence:
        """The table from the start of the step to its end."""
        return invert(self.table, derived(self.start, self.end)) if self.inverted else self.table


def derived(start: Ref, end: Ref) -> Ref:
    """What a correspondence is called that is stored nowhere but made of others."""
    ends = "_TO_".join(f"{one.id}_{one.version}" for one in (start, end))
    return Ref(Kind.REPRESENTATION_MAP, end.agency, f"COR_{ends}".replace(".", "_"), "0.1.0-draft")


def route(tables: Tables, start: Ref, end: Ref) -> tuple[Step, ...]:
    """The steps from one exact version to another: the fewest, at most four; of equally many a single table rather as it is
    than turned round, then those that break and estimate least, whereby a code that a table leaves out and another one of the
    same list names is broken. Empty where there is no way."""
    ways: list[tuple[Step, ...]] = [()]
    seen = {start}
    for _ in range(MOST_STEPS):
        ways = [(*way, step) for way in ways for step in _onward(tables, way[-1].end if way else start, seen)]
        if found := [way for way in ways if way[-1].end == end]:
            return min(reversed(found), key=partial(_price, named=_named(found)))
        seen |= {way[-1].end for way in ways}
    return ()


def _onward(tables: Tables, at: Ref, seen: set[Ref]) -> Iterator[Step]:
    for table in tables(at):
        for step in (Step(table), Step(table, inverted=True)):
            if step.start == at and step.end not in seen:
                yield step


def _named(ways: Iterable[tuple[Step, ...]]) -> Mapping[Ref, int]:
    """How many codes of each list on the ways any of their tables names: a sample must not pass for all of them."""
    codes: dict[Ref, set[str]] = {}
    for step in (step for way in ways for step in way):
        codes.setdefault(step.start, set()).update(step.made.codes)
    return {ref: len(known) for ref, known in codes.items()}


def _price(way: tuple[Step, ...], named: Mapping[Ref, int]) -> tuple[int, ...]:
    turned = sum(step.inverted for step in way)
    told = [exactness(step.made) for step in way]
    lost = sum(named[step.start] - one.exact - one.estimated for step, one in zip(way, told, strict=True))
    estimated = sum(one.estimated for one in told)
    return (turned, lost, estimated) if len(way) == 1 else (lost, estimated, turned)


def follow(steps: tuple[Step, ...]) -> Correspondence:
    """The correspondence of one or more steps: the stored table itself where it is a single one as it is."""

    def longer(so_far: Correspondence, step: Step) -> Correspondence:
        return chain(so_far, step.made, derived(so_far.from_list, step.end))

    return reduce(longer, steps[1:], steps[0].made)
