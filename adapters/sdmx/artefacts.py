"""Structure questions: which artefacts are meant, how much of each is wanted and which others along.

Source: SDMX REST 1.5.0, "Structural Metadata Queries"; SDMX REST 2.2, "Structure queries".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from adapters.sdmx.request import Parameters
from adapters.sdmx.resources import ITEM_KINDS, ROLES, WORDS, Kinds, kinds_of
from registry.errors import Invalid, suggest
from registry.model import Role
from registry.ref import Kind
from registry.version import is_query

SPREADS = ("none", "parents", "parentsandsiblings", "ancestors", "children", "descendants", "all")
"""The words of ``references`` beside resource names."""

_STUBS = ("allstubs", "referencestubs", "allcompletestubs", "referencecompletestubs")
DETAILS = ("full", *_STUBS, "referencepartial", "raw")
_VERSION_WORDS = ("latest", "all")
_ID = re.compile(r"[A-Za-z0-9_@$-]+(\.[A-Za-z0-9_@$-]+)*")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A structure question. ``agencies`` and ``ids`` are None for all; ``items`` None for all items.

    role     of constraints, None for any
    spreads  which others are wanted along, by words such as ``children``
    related  and by kind
    as_of    the moment at which the registry is asked about; None: now
    """

    kinds: Kinds
    role: Role | None = None
    agencies: tuple[str, ...] | None
    ids: tuple[str, ...] | None
    versions: tuple[str, ...]
    items: frozenset[str] | None = None
    detail: str = "full"
    spreads: frozenset[str] = frozenset()
    related: frozenset[Kind] = frozenset()
    as_of: datetime | None = None


def structure_question(word: str, parts: list[str], parameters: Parameters, major: int) -> Wanted:
    """Read agency, id, version and item from the rest of the path; ``major`` is the version of the standard."""
    if len(parts) > 4:
        raise Invalid("SDMX_PATH_TOO_LONG", found=len(parts) + 1, most=5)
    separator, every = ("+", "all") if major == 1 else (",", "*")
    agency, id_, version, item = (parts + [""] * 4)[:4]
    kinds = kinds_of(word, major)
    spreads, related = relatives(parameters.take("references") or "none", major)
    items = _items(word, kinds, item, separator, every)
    return Wanted(
        # Of everything there is, what has no items has not this one.
        kinds=tuple(kind for kind in kinds if items is None or kind in ITEM_KINDS),
        role=ROLES.get(word),
        agencies=identifiers(agency or every, separator, every),
        ids=identifiers(id_ or every, separator, every),
        versions=_versions(version or ("latest" if major == 1 else "~"), separator),
        items=items,
        detail=parameters.choice("detail", DETAILS, "full"),
        spreads=spreads,
        related=related,
        as_of=parameters.moment("asOf"),
    )


def identifiers(text: str, separator: str, every: str) -> tuple[str, ...] | None:
    """A list of ids; None for all of them, which one wildcard in the list is enough for."""
    parts = tuple(dict.fromkeys(text.split(separator)))
    if {every, "all", "*"} & set(parts):
        return None
    for part in parts:
        if not _ID.fullmatch(part):
            raise Invalid("SDMX_BAD_ID", found=part[:60])
    return parts


def _items(word: str, kinds: Kinds, text: str, separator: str, every: str) -> frozenset[str] | None:
    if text in ("", every, "all", "*"):
        return None
    if not ITEM_KINDS.intersection(kinds):
        raise Invalid("SDMX_NO_ITEMS", resource=word[:60])
    # The values of a value list may be any text.
    items = tuple(text.split(separator)) if kinds == (Kind.VALUE_LIST,) else identifiers(text, separator, every)
    return None if items is None else frozenset(items)


def _versions(text: str, separator: str) -> tuple[str, ...]:
    # In 1.x the plus separates versions, in 2.x it is one.
    return tuple(version_query(part) for part in text.split(separator))


def version_query(text: str) -> str:
    """The version query unchanged (see :mod:`registry.version`), but for ``LATEST`` in an example of the text of 1.x;
    :class:`Invalid` SDMX_BAD_VERSION when it is none.
    """
    text = text.lower() if text.lower() in _VERSION_WORDS else text
    if not is_query(text):
        raise Invalid("SDMX_BAD_VERSION", found=text[:40])
    return text


def relatives(text: str, major: int) -> tuple[frozenset[str], frozenset[Kind]]:
    """Words and kinds; in 1.x, too, there may be several."""
    words = re.split("[+,]", text) if major == 1 else text.split(",")
    for word in words:
        if word not in WORDS and word not in SPREADS:
            near = suggest(word, (*WORDS, *SPREADS)) or sorted(SPREADS)
            raise Invalid("SDMX_BAD_PARAMETER", name="references", found=text[:60], valid=", ".join(near))
    kinds = (kind for word in words for kind in WORDS.get(word, ()))
    return frozenset(words) & frozenset(SPREADS), frozenset(kinds)
