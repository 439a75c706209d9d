"""The text of SDMX-JSON that stands by itself, in the reader's language: ``name`` beside ``names``.

What is written of an artefact, and kept, is the same for every reader; the best text is put in on the way out.

Source: field guides of SDMX-JSON, "Localised text elements".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from registry.errors import LANGUAGES
from registry.text import FALLBACK

_TEXT = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_PAIR = re.compile(
    rb'"(name|description|text|title|department|role|condition)":'
    + _TEXT
    + rb',"\1s":(\{(?:'
    + _TEXT
    + rb":"
    + _TEXT
    + rb",?)+\})",
    re.DOTALL,
)
"""A quotation mark inside a text is escaped, so that no text looks like this."""


def reader_first(spoken: Iterable[str], wanted: Sequence[str]) -> list[str]:
    """The languages of a message, first those that the reader wants, best first."""
    every = list(spoken)
    first = [tag for one in _tried(wanted) for tag in every if tag.lower() == one]
    return list(dict.fromkeys([*first, *every]))


def ours_first(tags: Iterable[str]) -> list[str]:
    """Languages, each once: ours, then the others by name."""
    met = set(tags)
    return [tag for tag in LANGUAGES if tag in met] + sorted(met.difference(LANGUAGES))


def in_language(pieces: Iterator[bytes], wanted: Sequence[str]) -> Iterator[bytes]:
    """A message as the reader would have it; ``wanted`` are language tags, best first. No piece ends within a text."""
    tried = _tried(wanted)
    if not tried or tried[0] == FALLBACK[0]:
        return pieces
    said = [re.compile(b'(?i:"%b"):(%b)' % (tag.encode(), _TEXT), re.DOTALL) for tag in tried]
    return (_PAIR.sub(partial(_best, said), piece) for piece in pieces)


def _tried(wanted: Sequence[str]) -> list[str]:
    """A tag, then the language alone."""
    return list(dict.fromkeys(tag.lower() for one in wanted for tag in (one, one.split("-")[0])))


def _best(said: Sequence[re.Pattern[bytes]], pair: re.Match[bytes]) -> bytes:
    """``said`` find the text of each language, best first; what is said in none stays as it is."""
    best = next(filter(None, (one.search(pair[2]) for one in said)), None)
    return b'"%b":%b,"%bs":%b' % (pair[1], best[1], pair[1], pair[2]) if best else pair[0]
