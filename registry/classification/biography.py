"""The life of a code: born, renamed, split, merged, reused, died, with what was before it and what came after it.

A code is followed through the versions of its classification in both directions, and with it whatever it came from and went
into.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise

from registry.classification.changes import Change, CodeChange, changes
from registry.classification.versions import legal_basis
from registry.correspondence import Correspondence
from registry.model import Codelist, day, nothing
from registry.ref import Ref
from registry.text import Names

Tables = Callable[[Ref, Ref], Correspondence | None]
"""The correspondence from one version to another; None where there is none."""


class Happening(StrEnum):
    """What happened to a code."""

    BORN = "born"
    RENAMED = "renamed"
    RECODED = "recoded"
    MERGED = "merged"
    SPLIT = "split"
    REORGANISED = "reorganised"
    REUSED = "reused"
    DIED = "died"


@dataclass(frozen=True, slots=True)
class Event:
    """``day``: the first on which it was so, for ``died`` the last of the code; None where the version does not say.

    version        the version in which it is so; for ``died`` the last that has the code
    code           the code that was followed until then
    predecessors   codes of the version before that went into it
    successors     codes that it went on as
    basis          the legal instrument of the version, by language
    """

    kind: Happening
    day: date | None
    version: Ref
    code: str
    predecessors: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    basis: Names = field(default_factory=nothing)


_HAPPENED = {
    Change.RENAMED: Happening.RENAMED,
    Change.RECODED: Happening.RECODED,
    Change.MERGED: Happening.MERGED,
    Change.SPLIT: Happening.SPLIT,
    Change.REORGANISED: Happening.REORGANISED,
    Change.ENDED: Happening.DIED,
    Change.NEW: Happening.BORN,
}
"""What a change is for its codes. One that became another's under its old name is told as reused beside it."""


@dataclass(frozen=True)
class _Step:
    """From one version to the next."""

    old: Codelist
    new: Codelist
    changes: tuple[CodeChange, ...]


def biography(code: str, version: Codelist, members: Sequence[Codelist], tables: Tables) -> tuple[Event, ...]:
    """The events of a code of a version, earliest first; ``members``: all versions of the classification in their order.

    While a code merely stays the same nothing happens. Empty for a code that the version does not have.
    """
    if code not in version.by_id:
        return ()
    at = next(place for place, one in enumerate(members) if one.ref == version.ref)
    steps = [_Step(old, new, changes(old, new, tables(old.ref, new.ref))) for old, new in pairwise(members)]
    return (*reversed(list(_before(code, version, steps[:at]))), *_after(code, version, steps[at:]))


def _before(code: str, version: Codelist, steps: Sequence[_Step]) -> Iterator[Event]:
    """From the version back, latest first."""
    codes, first = {code}, version
    for step in reversed(steps):
        earlier = set[str]()
        for change in step.changes:
            if touched := codes & {*change.targets}:
                yield from reversed(list(_events(change, touched, step)))
                earlier |= {*change.sources} if change.kind is not Change.REUSED else set()
        codes, first = earlier, step.old
    for known in sorted(codes & first.by_id.keys(), reverse=True):
        start = day(first.by_id[known].valid_from) or day(first.valid_from)
        yield Event(Happening.BORN, start, first.ref, known, basis=legal_basis(first))


def _after(code: str, version: Codelist, steps: Sequence[_Step]) -> Iterator[Event]:
    """From the version on, earliest first."""
    codes, last = {code}, version
    for step in steps:
        later = set[str]()
        for change in step.changes:
            if touched := codes & {*change.sources}:
                yield from _events(change, touched, step)
                later |= {*change.targets} if change.kind is not Change.REUSED else set()
            elif touched := codes & {*change.reused}:
                yield from _reused(change, touched, step)
        codes, last = later, step.new
    for known in sorted(codes & last.by_id.keys()):
        if end := day(last.by_id[known].valid_to):
            yield Event(Happening.DIED, end, last.ref, known, basis=legal_basis(last))


def _events(change: CodeChange, codes: set[str], step: _Step) -> Iterator[Event]:
    """What a change is for the codes that are followed, and whether their code means another thing after it."""
    kind = _HAPPENED.get(change.kind)
    for code in sorted(codes) if kind else ():
        if kind is Happening.DIED:
            end = day(step.old.by_id[code].valid_to) if code in step.old.by_id else None
            yield Event(kind, end or day(step.old.valid_to), step.old.ref, code, basis=legal_basis(step.old))
        elif kind is not None:
            yield Event(
                kind, day(step.new.valid_from), step.new.ref, code, change.sources, change.targets, legal_basis(step.new)
            )
    yield from _reused(change, codes & {*change.reused}, step)


def _reused(change: CodeChange, codes: set[str], step: _Step) -> Iterator[Event]:
    """What the codes stand for now was under other codes before; what they stood for themselves is told beside it."""
    for code in sorted(codes):
        others = tuple(source for source in change.sources if source != code)
        yield Event(Happening.REUSED, day(step.new.valid_from), step.new.ref, code, others, (code,), legal_basis(step.new))
