"""A draft of the correspondence from an old codelist to a new one. Nothing in it is invented: every line says why it is there.

A code whose id and name go on is linked. Everything else is left open with candidates for a person to choose from: a code may
keep its id and mean something else (seven province codes did on 2025-07-01), merge, split, or be renamed. Short names are no
proof where they are only alike: Kiên Giang is not Tiền Giang, and 24 was Bắc Giang and is Bắc Ninh.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from registry.correspondence import Correspondence, Link
from registry.model import Codelist, Item, RepresentationMap
from registry.ref import Kind, Ref
from registry.text import fold

ALIKE = 0.8
"""From which likeness on two names may be the same in other words; short ones that share a word like "province" reach 0.7."""

REWORDED, LONG = 0.9, 20
"""How alike, and how long, two names must be to be the same with another spelling."""

MOST_CANDIDATES = 5
MOST_LOOKED_AT = 20
"""New codes whose names are compared letter by letter for one old code."""

MOST_SHARED = 200
"""A word of more names than this tells nothing, and would cost much."""

MOST_OPEN = 2_000
"""Open codes that get candidates; a list that changes more than that is another list."""


class Why(StrEnum):
    """Why a link or a candidate is proposed."""

    SAME_ID = "same-id"
    REWORDED = "same-id-reworded"
    JOINED = "same-id-joined"
    SAME_ID_OTHER_NAME = "same-id-other-name"
    SAME_NAME = "same-name"
    ALIKE = "similar-name"
    MERGED = "merged"
    SPLIT = "split"


ORDER = (Why.SAME_NAME, Why.MERGED, Why.SPLIT, Why.SAME_ID_OTHER_NAME, Why.ALIKE)
"""The better reason first."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A code that goes on under its id."""

    code: str
    why: Why


@dataclass(frozen=True, slots=True)
class Candidate:
    """A new code that may be meant; ``likeness`` of the names from 0 to 1."""

    code: str
    why: Why
    likeness: float


@dataclass(frozen=True, slots=True)
class Open:
    """An old code that nobody has decided about."""

    code: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class MapDraft:
    """``linked``: codes that go on; ``open``: all other old codes; ``new``: new codes that no line mentions."""

    source: Ref
    target: Ref
    linked: tuple[Linked, ...]
    open: tuple[Open, ...]
    new: tuple[str, ...]

    def correspondence(self) -> RepresentationMap:
        """The linked codes as an artefact to go on from; not final, and without what is open."""
        id_ = f"COR_{self.source.id}_{self.source.version}_{self.target.version}".replace(".", "_")
        made = Correspondence(
            ref=Ref(Kind.REPRESENTATION_MAP, self.target.agency, id_, "0.1.0-draft"),
            names={"vi": f"{self.source} → {self.target} (bản thảo)", "en": f"{self.source} → {self.target} (draft)"},
            from_list=self.source,
            to_list=self.target,
            links=tuple(Link(one.code, one.code) for one in self.linked),
        )
        return made.map


def draft_map(old: Codelist, new: Codelist) -> MapDraft:
    """From the old list to the new one."""
    kept = ((item, new.by_id[item.id]) for item in old.items if item.id in new.by_id)
    linked = tuple(Linked(was.id, why) for was, now in kept if (why := _goes_on(was, now)))
    going = {one.code for one in linked}
    left = [item for item in old.items if item.id not in going]
    names = _Names(new, going)
    open_ = tuple(Open(item.id, names.candidates(item) if place < MOST_OPEN else ()) for place, item in enumerate(left))
    mentioned = going | {candidate.code for one in open_ for candidate in one.candidates}
    return MapDraft(old.ref, new.ref, linked, open_, tuple(item.id for item in new.items if item.id not in mentioned))


def _goes_on(old: Item, new: Item) -> Why | None:
    """Why the same id means the same, or None where nobody can tell. Without names to compare the id is all there is."""
    pairs = _pairs(old, new)
    if not pairs or any(was == now for was, now in pairs):
        return Why.SAME_ID
    if any(_inside(was, now) for was, now in pairs):
        return Why.JOINED
    long = min(len(text) for pair in pairs for text in pair) >= LONG
    return Why.REWORDED if long and _likeness(old, new, REWORDED) >= REWORDED else None


def _pairs(old: Item, new: Item) -> list[tuple[str, str]]:
    """The names in each language that both have. Diacritics stay: they are what tells Vietnamese names apart."""
    return [(old.names[lang].casefold(), new.names[lang].casefold()) for lang in old.names if lang in new.names]


def _likeness(old: Item, new: Item, least: float = 0.0) -> float:
    """How alike the names are in the language in which they are most alike, without regard to diacritics.

    What cannot reach ``least`` is not looked at closely and counts as 0.
    """
    matchers = (difflib.SequenceMatcher(None, fold(was), fold(now)) for was, now in _pairs(old, new))
    ratios = (one.ratio() for one in matchers if one.real_quick_ratio() >= least and one.quick_ratio() >= least)
    return max(ratios, default=0.0)


class _Names:
    """The codes of the new list by the words of their names and descriptions.

    A code that goes on may have taken up another one; whether it did must stand in words, for its name is its own.
    """

    def __init__(self, new: Codelist, going: set[str]) -> None:
        self._new = new
        self._going = going

    @cached_property
    def _by_word(self) -> dict[str, list[Item]]:
        found: dict[str, list[Item]] = {}
        for item in self._new.items:
            for word in _words((*item.names.values(), *item.descriptions.values())):
                found.setdefault(word, []).append(item)
        return found

    def candidates(self, old: Item) -> tuple[Candidate, ...]:
        """The best reason for each new code that shares a word of the name, best first."""
        fitting = [found for item in self._near(old) if (found := self._candidate(old, item))]
        return tuple(sorted(fitting, key=lambda one: (ORDER.index(one.why), -one.likeness, one.code))[:MOST_CANDIDATES])

    def _near(self, old: Item) -> Iterable[Item]:
        """Those that share the most telling words: a word of few names tells more than one of many."""
        weights: dict[str, float] = {}
        for word in _words(old.names.values()):
            holders = self._by_word.get(word, ())
            for item in holders if len(holders) <= MOST_SHARED else ():
                weights[item.id] = weights.get(item.id, 0) + 1 / len(holders)
        best = sorted(weights, key=lambda id_: -weights[id_])[:MOST_LOOKED_AT]
        same = [old.id] if old.id in self._new.by_id and old.id not in best else []
        return (self._new.by_id[id_] for id_ in (*same, *best))

    def _candidate(self, old: Item, new: Item) -> Candidate | None:
        why = next(_reasons(old, new), None)
        if why is None or (new.id in self._going and why is not Why.MERGED):
            return None
        return Candidate(new.id, why, round(_likeness(old, new), 2))


def _reasons(old: Item, new: Item) -> Iterator[Why]:
    pairs = _pairs(old, new)
    told = [(old.names[lang].casefold(), text.casefold()) for lang, text in new.descriptions.items() if lang in old.names]
    if any(was == now for was, now in pairs):
        yield Why.SAME_NAME
    if any(_inside(was, text) for was, text in (*pairs, *told)):
        yield Why.MERGED
    if any(_inside(now, was) for was, now in pairs):
        yield Why.SPLIT
    if old.id == new.id:
        yield Why.SAME_ID_OTHER_NAME
    if _likeness(old, new, ALIKE) >= ALIKE:
        yield Why.ALIKE


def _inside(part: str, whole: str) -> bool:
    """Whether one text holds the other as whole words."""
    return part != whole and bool(part) and f" {_spaced(part)} " in f" {_spaced(whole)} "


def _spaced(text: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in text).split())


def _words(texts: Iterable[str]) -> set[str]:
    """The words of some names, and each name as a whole: one of nothing but common words is found by that."""
    spaced = [_spaced(fold(text)) for text in texts]
    return {*spaced, *(word for text in spaced for word in text.split())}
