"""One family of errors with title, detail and help, in Vietnamese and English.

The texts live beside the code in ``registry/messages/*.yml`` so that a translator has one place to look. An error
carries its code and the facts of the case; the door that shows it chooses the language.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import yaml

MESSAGES = Path(__file__).parent / "messages"
LANGUAGES = ("vi", "en")

NOTHING = ("", "-")
"""The fact ``near`` where there is nothing that may have been meant."""

_SENTENCES = re.compile(r"(?<=[.?!]) +")

MOST_TOLD = 5
"""Faults that an error tells in its own text."""

LONGEST_WORD = 100
"""Characters of a wrong word that are compared: comparing a megabyte would hold everybody up."""


@cache
def catalogue() -> dict[str, dict[str, dict[str, str]]]:
    """Every message: code -> language -> {title, detail, help}."""
    texts: dict[str, dict[str, dict[str, str]]] = {}
    for path in sorted(MESSAGES.glob("*.yml")):
        texts.update(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    return texts


def message(code: str, lang: str = "en", **facts: Any) -> dict[str, str]:
    """Title, detail and help of a code, filled with the facts of the case."""
    texts = catalogue()[code]
    told = texts.get(lang, texts["en"])
    if facts.get("near") in NOTHING:
        told = {**told, "help": _without_near(told["help"]) or message("NOTHING_NEAR", lang)["help"]}
    return {part: text.format_map(facts).strip() for part, text in told.items()}


def _without_near(text: str) -> str:
    """An advice without the sentences that would name what may have been meant."""
    return " ".join(sentence for sentence in _SENTENCES.split(text) if "{near}" not in sentence)


class HubError(Exception):
    """Something was asked or given that the hub cannot do. ``facts`` never hold personal data.

    ``status`` is the HTTP status of the family, ``exit_code`` the command line's.
    """

    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, **facts: Any) -> None:
        self.code = code
        self.facts = facts
        super().__init__(self.title())

    def _part(self, part: str, lang: str) -> str:
        return message(self.code, lang, **self.facts)[part]

    def title(self, lang: str = "en") -> str:
        return self._part("title", lang)

    def detail(self, lang: str = "en") -> str:
        return self._part("detail", lang)

    def help(self, lang: str = "en") -> str:
        return self._part("help", lang)

    def __str__(self) -> str:
        return f"{self.title()}: {self.detail()} {self.help()}"


class Invalid(HubError):
    """The question or the input is wrong."""

    status = 400
    exit_code = 2


class Unfit(Invalid):
    """Several things are wrong with what was given; ``parts`` says each with its place in it."""

    def __init__(self, code: str, parts: Sequence[tuple[str, HubError]], **facts: Any) -> None:
        self.parts = tuple(parts)
        super().__init__(code, **facts, count=len(self.parts), faults="")

    def _part(self, part: str, lang: str) -> str:
        first = " ".join(f"{place}: {error.detail(lang)}" for place, error in self.parts[:MOST_TOLD])
        return message(self.code, lang, **{**self.facts, "faults": first})[part]


class NotFound(HubError):
    """What was named does not exist, or is not visible to this viewer (the two look the same)."""

    status = 404
    exit_code = 3


class Unauthenticated(HubError):
    """A token is needed, or the one given is not valid."""

    status = 401
    exit_code = 4


class Denied(HubError):
    """The viewer may not do this."""

    status = 403
    exit_code = 4


class Conflict(HubError):
    """The state of things does not allow this now."""

    status = 409
    exit_code = 5


class Unavailable(HubError):
    """Something the hub stands on does not answer; the same may work later."""

    status = 503
    exit_code = 5


class TooLarge(HubError):
    """Over a published limit."""

    status = 413
    exit_code = 2


class TooLong(HubError):
    """An address of more bytes than are read."""

    status = 414
    exit_code = 2


class WrongMedia(HubError):
    """What was sent is in no format that is read here."""

    status = 415
    exit_code = 2


class Unprocessable(HubError):
    """Well written, but not what belongs there."""

    status = 422
    exit_code = 2


class NotAcceptable(HubError):
    """None of the wanted formats can be given."""

    status = 406
    exit_code = 2


def suggest(found: str, valid: Iterable[str], limit: int = 3) -> list[str]:
    """The valid words nearest to what was found, best first; case is ignored."""
    by_folded = {word.casefold(): word for word in valid}
    near = difflib.get_close_matches(found[:LONGEST_WORD].casefold(), by_folded, n=limit, cutoff=0.5)
    return [by_folded[word] for word in near]
