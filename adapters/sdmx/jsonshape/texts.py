"""Texts in languages: the best one by itself, and all of them in an object.

Source: SDMX-JSON 2.1 field guide, "Localised text elements".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from adapters.sdmx.jsonshape.records import Json
from adapters.sdmx.jsonshape.ways import LANGUAGE, NO_VALUE, NOTHING, Loss, Losses, Unlike, string
from registry.ref import Ref
from registry.text import Names, pick

UNKNOWN = "en"
"""The language of texts that say none in a message that says none either."""


@dataclass(frozen=True)
class Texts:
    """``one``: the name of the best text; ``many``: that of the object of all.

    ``instead``: the field whose value is the best text where there is none and the format wants one. The object is empty then,
    which tells a reader that there is no text.
    """

    field: str
    one: str
    many: str
    instead: str = ""
    needed: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field,)

    def put(self, value: Any, into: Json, of: Ref, losses: Losses) -> bool:
        names: Names = getattr(value, self.field)
        if not names and not self.needed:
            return True
        held = {lang: text for lang, text in names.items() if LANGUAGE.said(lang) is not NOTHING}
        losses.extend(Loss(f"{self.field}[{lang}]", NO_VALUE) for lang in names if lang not in held)
        if held or self.needed:
            into[self.one] = pick(held) if held else self._instead(value)
            into[self.many] = held
        return True

    def _instead(self, value: Any) -> str:
        return str(attrgetter(self.instead)(value)) if self.instead else ""

    def take(self, found: Mapping[str, Any], into: Json, lang: str) -> None:
        if found.get(self.many) is not None:
            into[self.field] = texts_read(self.many, found[self.many])
        elif found.get(self.one) is not None:
            if not isinstance(found[self.one], str):
                raise Unlike("a text", self.one)
            into[self.field] = {lang: found[self.one]}


def texts_read(name: str, found: Any) -> dict[str, str]:
    """Texts by language, under a name."""
    if not isinstance(found, dict):
        raise Unlike("texts by language", name)
    for lang, text in found.items():
        if not isinstance(text, str):
            raise Unlike("a text", f"{name}[{lang}]")
    return found


def first_language(meta: Any) -> str:
    """The main language of a message by its header."""
    languages = meta.get("contentLanguages") if isinstance(meta, dict) else None
    try:
        return string(languages[0]) if isinstance(languages, list) and languages else UNKNOWN
    except Unlike:
        return UNKNOWN
