"""Which difference breaks what: the one table of special rules. Whatever stands in none of its lines is judged by its shape.

By shape: what is gone breaks, what is new is compatible, what is otherwise than it was breaks, and so does another order. A
type nobody thought of here gets an answer that is too careful rather than one that breaks its readers.

Source: SDMX 3.1 section 6, annex "Semantic Versioning"; the recommendations of the SDMX technical working group, whose tables
say which action needs which version (github.com/sdmx-twg/semver).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from registry.advisor.findings import Severity
from registry.hierarchy import NAMED
from registry.model import (
    CORE_CODELIST,
    Attribute,
    Component,
    Correspondence,
    DataStructure,
    Item,
    ItemScheme,
    Maintainable,
)
from registry.ref import Kind

Judge = Severity | Callable[[Any, Any], Severity]
"""A severity, or what makes one of the old and the new value (None for what is not there)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How one field is judged.

    ``code``: what its findings are called, where not by their shape. ``whole``: no looking inside its values, a mapping's
    excepted. ``by_key``: another rule for a key of the mapping.
    """

    added: Judge = Severity.MINOR
    removed: Judge = Severity.MAJOR
    changed: Judge = Severity.MAJOR
    reordered: Severity = Severity.MAJOR
    code: str | None = None
    whole: bool = False
    by_key: Callable[[str], Rule] | None = None


def judged(judge: Judge, old: Any, new: Any) -> Severity:
    """The severity of one change."""
    return judge if isinstance(judge, Severity) else judge(old, new)


def _all(severity: Severity, code: str | None, **more: Any) -> Rule:
    return Rule(severity, severity, severity, severity, code, whole=True, **more)


def _needed(old: Any, new: Any) -> Severity:
    """A part that must be filled was not filled before."""
    return Severity.MAJOR if getattr(new, "mandatory", False) else Severity.MINOR


def _usage(old: Any, new: Any) -> Severity:
    return Severity.MAJOR if new else Severity.MINOR


def _note(key: str) -> Rule:
    """Two annotations of ours say more than notes do: a parent in a named hierarchy, and the codelist of a concept."""
    if key.startswith(NAMED):
        return PARENT
    return REPRESENTATION if key == CORE_CODELIST else TEXT


SILENT = _all(Severity.NONE, None)
TEXT = _all(Severity.PATCH, "TEXT_CHANGED")
PARENT = _all(Severity.MAJOR, "PARENT_CHANGED")
"""Sums over a tree come out otherwise when something hangs elsewhere in it."""

REPRESENTATION = Rule(added=Severity.MAJOR, code="REPRESENTATION_CHANGED")

NOTES = _all(Severity.PATCH, "TEXT_CHANGED", by_key=_note)

ANYWHERE: dict[str, Rule] = {
    "names": TEXT,
    "descriptions": TEXT,
    "annotations": NOTES,
    "source": TEXT,
    "valid_from": TEXT,
    "valid_to": TEXT,
    "uri": TEXT,
}
"""Fields that mean the same wherever they stand."""

SPECIAL: dict[tuple[type, str], Rule] = {
    (Maintainable, "ref"): SILENT,
    (Maintainable, "is_final"): SILENT,
    (ItemScheme, "items"): Rule(reordered=Severity.PATCH),
    (Item, "parent"): PARENT,
    # A new dimension makes every key another one.
    (DataStructure, "dimensions"): Rule(added=Severity.MAJOR),
    (DataStructure, "attributes"): Rule(added=_needed, reordered=Severity.PATCH),
    (DataStructure, "measures"): Rule(added=_needed, reordered=Severity.PATCH),
    (Component, "codelist"): REPRESENTATION,
    (Component, "text_type"): REPRESENTATION,
    (Component, "concept"): Rule(code="CONCEPT_CHANGED"),
    (Attribute, "mandatory"): Rule(changed=_usage, code="USAGE_CHANGED"),
    (Attribute, "level"): Rule(code="ATTACHMENT_CHANGED"),
    (Attribute, "dimensions"): Rule(code="ATTACHMENT_CHANGED"),
    (Attribute, "group"): Rule(code="ATTACHMENT_CHANGED"),
    (Correspondence, "links"): Rule(Severity.PATCH, Severity.PATCH, Severity.PATCH, Severity.PATCH),
}
"""A field of a class and of those made from it."""

FIXED = frozenset({Kind.AGENCY_SCHEME})
"""Kinds whose version is 1.0 for good, whatever changes (SDMX 3.1 section 2, organisation schemes)."""

_SHAPE = Rule()


def rule_for(cls: type, field: str) -> Rule:
    """The rule of a field: the class's own, that of the field's name, or by shape."""
    for above in cls.__mro__:
        if found := SPECIAL.get((above, field)):
            return found
    return ANYWHERE.get(field, _SHAPE)
