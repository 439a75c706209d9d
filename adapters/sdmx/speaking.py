"""In which languages an answer speaks, as its header says.

A message with every name in every language lists them, the reader's first; a table has one. Source: RFC 9110, 8.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from adapters.sdmx.negotiation import JSON, Format, is_language
from adapters.sdmx.writing.best_text import ours_first, reader_first
from registry.errors import LANGUAGES
from registry.text import FALLBACK, Names

LANGUAGE = "Content-Language"


def languages_said(names: Iterable[Names], wanted: Sequence[str]) -> dict[str, str]:
    """The header of a message that has names in every language they are in; ``wanted``: tags, best first."""
    met = {tag for texts in names for tag, text in texts.items() if text}
    return _header(reader_first(ours_first(filter(is_language, met)), wanted))


def language_of_data(chosen: Format, names: Names, wanted: Sequence[str]) -> dict[str, str]:
    """That of figures in a format; ``names``: those of the dataflow, which stand for all names in the table."""
    tongues = chosen.outlet.tongues if chosen.outlet else "all" if chosen.kind == JSON else "none"
    if tongues == "all":
        return _header(reader_first(LANGUAGES, wanted))
    labels = chosen.options.get("labels") or next(iter(chosen.parameters.get("labels", ("id",))))
    if tongues == "none" and labels == "id":
        return {}
    return _header(reader_first([tag for tag in dict.fromkeys([*FALLBACK, *names]) if names.get(tag)], wanted)[:1])


def language_of_errors(wanted: Sequence[str]) -> dict[str, str]:
    """That of an error, which is told in all languages that we speak."""
    return _header(reader_first(LANGUAGES, wanted))


def _header(tags: Sequence[str]) -> dict[str, str]:
    return {LANGUAGE: ", ".join(tags)} if tags else {}
