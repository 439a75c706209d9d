"""What a version says beside codes and names: its levels, explanatory notes, and words to find a code by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from registry.hierarchy import Tree
from registry.model import Codelist, Noted
from registry.text import Names

LEVEL_NAMES = "LEVEL"
"""The annotation of a codelist for one of its levels, from the top: as title the level as codes name it, as texts its names."""

INCLUDES, EXCLUDES = "INCLUDES", "EXCLUDES"
"""Annotations of a code: what belongs to it and what does not, as texts."""

RULING = "RULING"
"""Annotations of a code: decisions on borderline cases, one each, as texts."""

INDEX = "INDEX"
"""The annotation of a code with words that people use for it: in each text several terms with semicolons between."""


@dataclass(frozen=True, slots=True)
class ItemLevel:
    """A level of a version. ``id`` as codes name it, ``depth`` from 1 at the top, ``count`` of its codes."""

    id: str
    names: Names
    depth: int
    count: int


@dataclass(frozen=True, slots=True)
class ItemNotes:
    """The explanatory notes of a code."""

    includes: Names
    excludes: Names
    rulings: tuple[Names, ...]


def levels(codelist: Codelist) -> tuple[ItemLevel, ...]:
    """The levels from the top: those that the version names, then those that only codes name, as they come."""
    marks = Counter(Tree(codelist).levels.values())
    named = {note.title: note.texts for note in codelist.annotations if note.type == LEVEL_NAMES}
    order = dict.fromkeys((*named, *marks))
    return tuple(ItemLevel(id_, named.get(id_, {}), place, marks[id_]) for place, id_ in enumerate(order, start=1))


def notes(item: Noted) -> ItemNotes:
    """What belongs to a code, what does not, and what was decided about it."""
    includes, excludes = (next(_texts(item, type), {}) for type in (INCLUDES, EXCLUDES))
    return ItemNotes(includes, excludes, tuple(_texts(item, RULING)))


def index_terms(item: Noted, lang: str | None = None) -> tuple[str, ...]:
    """Words for a code in one language, or in all."""
    said = [text for texts in _texts(item, INDEX) for tag, text in texts.items() if lang in (None, tag)]
    return tuple(dict.fromkeys(term.strip() for text in said for term in text.split(";") if term.strip()))


def _texts(item: Noted, type: str) -> Iterator[Names]:
    return (note.texts for note in item.annotations if note.type == type and note.texts)
