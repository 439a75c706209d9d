"""References: URNs, of the classes and versions that each place of the format allows.

SDMX-JSON 1.0 asks only for a URI; what it is one of, its field guide says in the words of SDMX 2.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from adapters.sdmx.jsonshape.ways import NOTHING, Leaf, Losses, Unlike, matching, string
from adapters.sdmx.named_classes import ONLY_OLD, new_parts
from registry.errors import Invalid
from registry.ref import PACKAGES, PARTS, ItemRef, Kind, Ref, parse_urn, urn_class

FIRST = "1.0.0"
SECOND = "2.0.0"
THIRD = "2.1.0"
VERSIONS = (FIRST, SECOND, THIRD)

_AGENCY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z][A-Za-z0-9_-]*)*")
_ID = re.compile(r"[A-Za-z0-9_@$-]+")
_PATH = re.compile(r"[A-Za-z0-9_@$-]+(\.[A-Za-z0-9_@$-]+)*")
_NUMBER = r"(0|[1-9]\d*)"
_WORD = r"([A-Za-z-]|[A-Za-z-][A-Za-z0-9-]+|[A-Za-z0-9-]+[A-Za-z-][A-Za-z0-9-]*|0|[1-9][0-9]*)"
_SEMANTIC = rf"{_NUMBER}(\.{_NUMBER}){{2}}(-{_WORD}(\.{_WORD})*)?"
_PLUS = rf"{_NUMBER}\+\.{_NUMBER}\.{_NUMBER}|{_NUMBER}\.{_NUMBER}\+\.{_NUMBER}|{_NUMBER}\.{_NUMBER}\.{_NUMBER}\+"
_OWN = rf"{_NUMBER}(\.{_NUMBER})?|{_SEMANTIC}"
_NAMED = re.compile(rf"{_OWN}|{_PLUS}")

VERSION = {FIRST: matching(r"[0-9]+(\.[0-9]+)*"), SECOND: matching(_OWN), THIRD: matching(_OWN)}
"""The version an artefact may have."""

_APART = ONLY_OLD | {Kind.METADATA_SET}
UNNAMED: dict[str, frozenset[Kind]] = {FIRST: frozenset(), SECOND: _APART | {Kind.VALUE_LIST}, THIRD: _APART}
"""What a URN may not name where any may stand; the schema of 2.0 misspells value lists."""

_FIXED_SCHEMES = {"DataProvider": ("DATA_PROVIDERS", "1.0"), "MetadataProvider": ("METADATA_PROVIDERS", "1.0")}


def urn(of: Ref, version: str) -> str:
    """The URN of an artefact; in 1.0 a data constraint is a content constraint."""
    if version == FIRST and of.kind in (Kind.DATA_CONSTRAINT, Kind.METADATA_CONSTRAINT):
        return f"urn:sdmx:org.sdmx.infomodel.registry.ContentConstraint={of}"
    return of.urn


def _fits(ref: Ref) -> bool:
    return bool(_AGENCY.fullmatch(ref.agency) and _ID.fullmatch(ref.id) and _NAMED.fullmatch(ref.version))


def artefact(version: str, *kinds: Kind) -> Leaf:
    """References to artefacts of those of the kinds that the version has."""
    classes = {urn_class(kind) for kind in kinds if version != FIRST or kind is not Kind.VALUE_LIST}

    def said(ref: Ref | None) -> Any:
        return urn(ref, version) if ref is not None and urn_class(ref.kind) in classes and _fits(ref) else NOTHING

    return Leaf(
        said, lambda found: _parsed(found, lambda ref: isinstance(ref, Ref) and urn_class(ref.kind) in classes, classes)
    )


def part(version: str, name: str, nested: bool = False) -> Leaf:
    """References to parts of artefacts of a class; ``nested``: with a path as id."""
    fits = _PATH.fullmatch if nested else _ID.fullmatch

    def said(ref: ItemRef | None) -> Any:
        if ref is None:
            return NOTHING
        fixed = _FIXED_SCHEMES.get(name) if version != FIRST else None
        held = ref.part == name and _fits(ref.of) and fits(ref.id) and (fixed is None or fixed == (ref.of.id, ref.of.version))
        return ref.urn if held else NOTHING

    return Leaf(said, lambda found: _parsed(found, lambda ref: isinstance(ref, ItemRef) and ref.part == name, {name}))


def anything(version: str) -> Leaf:
    """References to whatever has a URN in the version of SDMX."""

    def said(ref: Ref | ItemRef) -> Any:
        if isinstance(ref, Ref):
            # As a content constraint one of reports could not be told from one of data.
            said = ref.urn if ref.kind is Kind.METADATA_CONSTRAINT else urn(ref, version)
            return said if _fits(ref) and ref.kind not in UNNAMED[version] else NOTHING
        parts = PARTS[ref.of.kind] if version == FIRST else new_parts(ref.of.kind)
        return ref.urn if ref.part in parts and _fits(ref.of) and _PATH.fullmatch(ref.id) else NOTHING

    return Leaf(said, lambda found: _parsed(found, lambda ref: True, {"URN"}))


def _parsed(found: Any, fits: Callable[[Any], bool], expected: set[str]) -> Any:
    try:
        ref = parse_urn(string(found))
    except Invalid:
        ref = None
    if ref is None or not fits(ref):
        raise Unlike("the URN of: " + ", ".join(sorted(expected)))
    return ref


def _with_wildcards() -> str:
    new = {
        package: [kind for kind in kinds if kind not in _APART] for package, kinds in PACKAGES.items() if package != "mapping"
    }
    classes = (
        rf"{package}\.({'|'.join(['Any', *(urn_class(kind) for kind in kinds), *_parts_in(kinds)])})"
        for package, kinds in new.items()
    )
    agency, version = rf"({_AGENCY.pattern}|\*)", rf"({_OWN}|{_PLUS}|\*)"
    named = rf"={agency}:([A-Za-z0-9_@$-]+|\*)\({version}\)(\.[A-Za-z0-9_@$-]+)*(\.\*)?"
    return rf"urn:sdmx:org\.sdmx\.infomodel\.({'|'.join(classes)}){named}"


def _parts_in(kinds: list[Kind]) -> list[str]:
    return [name for kind in kinds for name in new_parts(kind)]


TARGET = matching(_with_wildcards())
"""URNs of what reports may be about, with wildcards."""


def _named(found: Any) -> Ref | ItemRef:
    meant: Ref | ItemRef = _parsed(found, lambda ref: True, {"URN"})
    return meant


NAMED = Leaf(lambda ref: TARGET.said(ref.urn) if "*" not in ref.urn else NOTHING, _named)
"""What a report is about, by its name."""


@dataclass(frozen=True)
class Inner:
    """1.0: what lies in the same artefact is named by its URN too."""

    part: str

    def write(self, value: str, of: Ref, losses: Losses) -> Any:
        return ItemRef(self.part, of, value).urn if _fits(of) and _PATH.fullmatch(value) else NOTHING

    def read(self, found: Any, lang: str) -> str:
        try:
            ref = parse_urn(string(found))
        except Invalid:
            ref = None
        if not isinstance(ref, ItemRef):
            raise Unlike(f"the URN of a {self.part}")
        return ref.id
