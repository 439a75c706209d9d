"""What publishing is planned, who may look before, and what became of old vintages: the values that doors show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from registry.errors import LANGUAGES, Invalid
from registry.ref import Ref
from registry.text import Names

OFFICE_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
"""The time the release calendar is written in."""

LONGEST_TEXT = 1000
"""Characters of a reason, a name or a legal basis."""


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One step in the life of a planned release. ``state``: planned, moved, cancelled; ``by`` only for those who may see it."""

    at: datetime
    state: str
    moment: datetime
    reasons: Names
    by: str | None


@dataclass(frozen=True, slots=True)
class Planned:
    """An entry of the release calendar.

    periods  the reference periods it will bring, in SDMX spelling
    moment   when it is to be public
    state    planned, moved, cancelled, or done once its release is public
    release  the id of that release, once it is public
    changes  oldest first; the first is the announcement
    """

    id: str
    dataflow: Ref
    names: Names
    periods: tuple[str, ...]
    legal_basis: Names
    moment: datetime
    state: str
    release: str | None
    changes: tuple[PlannedChange, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """Somebody outside the office who may see one release before its moment."""

    release: str
    dataflow: Ref
    organisation: str
    name: str
    granted_at: datetime
    granted_by: str


def both_languages(what: str, texts: Names) -> Names:
    """The texts, trimmed.

    :class:`Invalid` TEXT_NEEDED where Vietnamese or English is missing, TEXT_UNFIT where one cannot be shown.
    """
    found = {lang: texts.get(lang, "").strip() for lang in LANGUAGES}
    for lang, text in found.items():
        if not text:
            raise Invalid("TEXT_NEEDED", name=what, language=lang)
        if len(text) > LONGEST_TEXT or not all(char.isprintable() or char == "\n" for char in text):
            raise Invalid("TEXT_UNFIT", name=what, language=lang, found=len(text), most=LONGEST_TEXT)
    return found
