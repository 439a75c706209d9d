"""What the codes of a list are called: their names, the terms of its index, and what its notes say they include."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from registry.classification import index_terms, notes
from registry.model import Codelist, Item

_PARTS = re.compile(r"[;\n]")


class Why(StrEnum):
    """By what a code was found."""

    CODE = "code"
    NAME = "name"
    INDEX = "index"
    NOTE = "note"


WORTH = {Why.NAME: 1.0, Why.INDEX: 1.0, Why.NOTE: 0.85}
"""What it counts that words stand in a phrase: a note names what is near to the code, too."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text that stands for the code at a ``place`` of its list; ``above`` are the names of the codes over it."""

    place: int
    why: Why
    text: str
    above: str


def phrases(codelist: Codelist, langs: Sequence[str] = ()) -> Iterator[Phrase]:
    """What all codes are called in some languages, or in all there are; by the place of the codes."""
    for place, item in enumerate(codelist.items):
        for lang in _spoken(item, langs):
            above = " ".join(_above(codelist, item, lang))
            yield from (Phrase(place, why, text, above) for why, text in _said(item, lang) if text)


def languages(codelist: Codelist) -> list[str]:
    """The languages that the codes have texts in."""
    return sorted({lang for item in codelist.items for lang in _spoken(item, ())})


def _spoken(item: Item, langs: Sequence[str]) -> Sequence[str]:
    noted = (lang for note in item.annotations for lang in note.texts)
    return langs or tuple(dict.fromkeys((*item.names, *noted)))


def _said(item: Item, lang: str) -> Iterator[tuple[Why, str]]:
    yield Why.NAME, item.names.get(lang, "")
    yield from ((Why.INDEX, term) for term in index_terms(item, lang))
    yield from ((Why.NOTE, part.strip()) for part in _PARTS.split(notes(item).includes.get(lang, "")))


def _above(codelist: Codelist, item: Item, lang: str) -> Iterator[str]:
    """The names of the codes above, the nearest first; a circle ends where it began."""
    seen = {item.id}
    while item.parent in codelist.by_id and item.parent not in seen:
        item = codelist.by_id[item.parent]
        seen.add(item.id)
        yield item.names.get(lang, "")
