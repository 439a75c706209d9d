"""Artefact versions: legacy ``1.0`` and semantic ``1.0.0-draft``, ordered as SDMX 3.0 orders them.

Source: SDMX 3.0 section 6, "Versioning"; semver.org 2.0.0 clause 11 for the order of drafts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

VERSION = re.compile(r"(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:-([0-9A-Za-z.-]{1,50}))?", re.ASCII)
OPEN = re.compile(r"(\d{1,9})(\+?)\.(\d{1,9})(\+?)(?:\.(\d{1,9})(\+?))?", re.ASCII)
"""A version with one ``+``: that one or a later one which changes no part before the ``+``."""

LATEST = "latest"
ALL = "*"

_Part = tuple[int, int, str]


def is_version(text: str) -> bool:
    """Whether the text is one exact version."""
    return VERSION.fullmatch(text) is not None


def sort_key(text: str) -> tuple[int, int, int, int, tuple[_Part, ...]]:
    """Order: numbers first, and a draft before the version it is a draft of."""
    match = VERSION.fullmatch(text)
    if match is None:
        return (-1, 0, 0, 0, ((1, 0, text),))
    major, minor, patch, draft = match.groups()
    parts = tuple(_draft_part(part) for part in (draft or "").split(".") if part)
    return (int(major), int(minor or 0), int(patch or 0), 0 if draft else 1, parts)


def _draft_part(part: str) -> _Part:
    return (0, int(part), "") if part.isdigit() else (1, 0, part)


def choose(wanted: str, available: Iterable[str]) -> list[str]:
    """The available versions a request means, oldest first.

    ``latest`` (REST v1), ``~`` and ``+`` (REST v2: latest, latest stable), ``*`` and ``all`` (every one), or an exact one.
    Where only drafts exist ``+`` falls back to the latest draft. References of SDMX 3.0 may also say ``2.0+``, ``2+.0.1``,
    ``2.0+.1``: the latest stable one that is not older.
    """
    ordered = sorted(available, key=sort_key)
    if wanted in (ALL, "all"):
        return ordered
    if wanted in (LATEST, "~"):
        return ordered[-1:]
    if wanted == "+":
        return ([v for v in ordered if "-" not in v] or ordered)[-1:]
    return _not_older(wanted, ordered) if "+" in wanted else [v for v in ordered if v == wanted]


def _not_older(wanted: str, ordered: list[str]) -> list[str]:
    match = OPEN.fullmatch(wanted)
    if match is None or wanted.count("+") > 1:
        return []
    lowest, kept = sort_key(wanted.replace("+", "")), wanted[: wanted.index("+")].count(".")
    later = [v for v in ordered if "-" not in v and sort_key(v) >= lowest]
    return [v for v in later if sort_key(v)[:kept] == lowest[:kept]][-1:]
