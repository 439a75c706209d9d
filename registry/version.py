"""Artefact versions and the words that mean some of them: exact versions, ``latest``, ``+``, ``1.2+.0``, ``2.*``, lists.

An exact version is *semantic*, ``1.2.3`` or ``1.2.3-draft``, or *legacy*: ``1``, ``1.0``, and three parts with a zero too many,
which SDMX 2.1 lets through. A semantic version without extension and above zero is *stable*: what it names never changes.

A query has one operator. ``+`` means the latest stable version, ``~`` the latest of all, ``*`` every one, ``latest`` the latest
in production: that is no draft, or where there are only drafts the latest of them. Before the operator
the parts are equal, from its part on a version is at least the one named: ``1.2+.0`` is the latest stable one from 1.2.0 on and
before 2.0.0. ``~`` and ``*`` mean versions of as many parts as they have; alone they mean any. ``+`` with two parts, which SDMX
REST calls ambiguous, is read as it advises: ``1.2+`` is ``1.2+.0``. ``all`` is ``*``. A comma means "or".

Where an artefact has no stable version at all, ``+`` means the latest legacy one, and where there are only drafts (or 0.y.z)
the latest of them: most registries number the old way, and clients of SDMX 3.0 that ask for ``+`` must not find them empty.

Source: SDMX 3.0 and 3.1 section 6, 4.3 and annex "Semantic Versioning"; SDMX REST 2.2, "Query syntax for specific, latest or
all artefact versions"; the schemas' ``VersionType``, ``VersionReferenceType``, ``WildcardVersionType``; semver.org 2.0.0
clause 11.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

_NUMBER = r"(?:0|[1-9]\d{0,8})"
_NAME = r"(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)"
_SEMANTIC = re.compile(rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})(?:-({_NAME}(?:\.{_NAME})*))?", re.ASCII)
_LEGACY = re.compile(r"(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?", re.ASCII)
_PART = rf"({_NUMBER})?([+~*])?"
_QUERY = re.compile(rf"{_PART}(?:\.{_PART})?(?:\.{_PART})?", re.ASCII)

LONGEST = 64
"""Characters of a version, as the tables have room for."""

ALL = "*"
_WORDS = {"all": ALL}

LATEST = "latest"
"""What SDMX REST 1.x calls "the latest version in production": who prepares a draft takes nothing away from those who do not
say which version they mean."""


_Part = tuple[int, int, str]
_Key = tuple[tuple[int, ...], int, int, int, tuple[_Part, ...], str]


@dataclass(frozen=True, slots=True)
class Version:
    """One exact version. ``numbers``: one to three; ``extension``: what follows the hyphen, empty for none."""

    numbers: tuple[int, ...]
    extension: str
    semantic: bool

    @classmethod
    def parse(cls, text: str) -> Version | None:
        """None where the text is no exact version."""
        semantic = _SEMANTIC.fullmatch(text)
        match = semantic or _LEGACY.fullmatch(text)
        if match is None or len(text) > LONGEST:
            return None
        numbers = tuple(int(number) for number in match.groups()[:3] if number is not None)
        return cls(numbers, (semantic.group(4) or "") if semantic else "", semantic is not None)

    @property
    def padded(self) -> tuple[int, int, int]:
        """Major, minor and patch; zero for what a legacy version leaves out."""
        major, minor, patch = (*self.numbers, 0, 0)[:3]
        return major, minor, patch

    @property
    def is_draft(self) -> bool:
        return bool(self.extension)

    @property
    def is_stable(self) -> bool:
        return self.semantic and not self.extension and self.numbers[0] > 0


def is_version(text: str) -> bool:
    """Whether the text is one exact version."""
    return Version.parse(text) is not None


def is_query(text: str) -> bool:
    """Whether the text is an exact version, a word or pattern that means some, or a list of such with commas."""
    return all(is_version(part) or _Query.parse(part) is not None for part in text.split(","))


@lru_cache(maxsize=4096)
def sort_key(text: str) -> _Key:
    """Orders versions totally: by number, a legacy one before the semantic one of the same number, a draft before what it is a
    draft of; drafts by their names, numbers among these by value and before words, the shorter first."""
    version = Version.parse(text)
    if version is None:
        return ((-1,), 0, 0, 0, (), text)
    parts = tuple(_draft_part(part) for part in version.extension.split(".") if part)
    return (version.padded, int(version.semantic), len(version.numbers), int(not version.is_draft), parts, text)


def _draft_part(part: str) -> _Part:
    return (0, int(part), "") if part.isdigit() else (1, 0, part)


def choose(wanted: str, available: Iterable[str]) -> list[str]:
    """The available versions a query means, oldest first; empty for a text that is none."""
    parts = _parts(wanted)
    ordered = sorted(available, key=sort_key) if parts else []
    chosen = {version for part in parts for version in _meant(part, ordered)}
    return [version for version in ordered if version in chosen]


@lru_cache(maxsize=4096)
def places(wanted: str, available: tuple[str, ...]) -> tuple[int, ...]:
    """The places of the versions a query means, ``available`` oldest first. A listing asks the same very often."""
    chosen = set(choose(wanted, available))
    return tuple(place for place, version in enumerate(available) if version in chosen)


@lru_cache(maxsize=64)
def _parts(wanted: str) -> tuple[str | _Query, ...]:
    """The exact versions and patterns of a query, which a listing asks of thousands of artefacts; empty for a text that is
    none."""
    found = [part if is_version(part) else _Query.parse(part) for part in wanted.split(",")]
    parts = tuple(part for part in found if part is not None)
    return parts if len(parts) == len(found) else ()


def _meant(query: str | _Query, ordered: Sequence[str]) -> Sequence[str]:
    if isinstance(query, str):
        return [query] if query in ordered else []
    among = {"+": _settled, LATEST: _in_production}.get(query.operator, lambda every: every)
    fitting = [version for version in among(ordered) if query.fits(version)]
    return fitting if query.operator == ALL else fitting[-1:]


def _in_production(ordered: Sequence[str]) -> Sequence[str]:
    return [text for text in ordered if (version := Version.parse(text)) and not version.is_draft] or ordered


def _settled(ordered: Sequence[str]) -> Sequence[str]:
    """What ``+`` chooses from: the stable versions, else the legacy ones, else all."""
    parsed = [(text, version) for text in ordered if (version := Version.parse(text))]
    stable = [text for text, version in parsed if version.is_stable]
    return stable or [text for text, version in parsed if not version.semantic] or ordered


@dataclass(frozen=True, slots=True)
class _Query:
    """``least``: the numbers named, zero for none, as many as a version must have parts; empty for any. ``place`` is that of
    the operator."""

    operator: str
    place: int = 0
    least: tuple[int, ...] = ()

    @classmethod
    def parse(cls, text: str) -> _Query | None:
        """One operator, and after a part that is nothing but the operator only zeros."""
        text = _WORDS.get(text, text)
        if text in ("+", "~", ALL, LATEST):
            return cls(text)
        match = _QUERY.fullmatch(text)
        if match is None or len(text) > LONGEST or not _unambiguous(match):
            return None
        numbers, operators = match.groups()[::2], match.groups()[1::2]
        place = next(number for number, operator in enumerate(operators) if operator)
        least = tuple(int(number or 0) for number in numbers)
        return cls(operators[place] or "", place, least[: text.count(".") + 1])

    def fits(self, text: str) -> bool:
        version = Version.parse(text) if self.least else None
        if version is None:
            return not self.least
        if self.operator != "+" and len(version.numbers) != len(self.least):
            return False
        have, least = (version.padded, (*self.least, 0)[:3]) if self.operator == "+" else (version.numbers, self.least)
        return have[: self.place] == least[: self.place] and have[self.place :] >= least[self.place :]


def _unambiguous(match: re.Match[str]) -> bool:
    parts = match.group().split(".")
    if len(parts) < 2 or "" in parts or sum(match.group().count(operator) for operator in "+~*") != 1:
        return False
    bare = next((place for place, part in enumerate(parts) if part in ("+", "~", ALL)), len(parts))
    return all(part == "0" for part in parts[bare + 1 :])


def reach(wanted: str) -> int:
    """How far the version that a reference means may move on by itself: 0 not at all, 1 its patch, 2 its minor and 3 its major
    number."""
    if is_version(wanted):
        return 0
    query = _Query.parse(wanted)
    return 3 - query.place if query else 3
