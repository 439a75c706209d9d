"""What a rule about one field can say. Which field has which rule: :mod:`registry.advisor.rules`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from registry.advisor.findings import Finding, Severity
from registry.overlay import Known

Judge = Severity | Callable[[Any, Any], Severity]
"""A severity, or what makes one of the old and the new value (None for what is not there)."""

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """How one field is judged.

    code    what its findings are called, where not by their shape
    whole   no looking inside its value; where that is a list or mapping, not inside its parts
    key     what a part of a list is known by, from its place and itself; else it is its id or the artefact it refers to
    by_key  another rule for a key of the mapping
    most    the gravest that another reference may be
    told    finds all that is otherwise itself; where it finds nothing, the same is said in another way
    """

    added: Judge = Severity.MINOR
    removed: Judge = Severity.MAJOR
    changed: Judge = Severity.MAJOR
    reordered: Severity = Severity.MAJOR
    code: str | None = None
    whole: bool = False
    key: Callable[[int, Any], str] | None = None
    by_key: Callable[[str], Rule] | None = None
    most: Severity = Severity.MAJOR
    told: Callable[[Any, Any, Path], Iterable[Finding]] | None = None


Fitting = Callable[[Any, Any, Known], Rule]
"""A rule that depends on what has the field, old and new, and on what that refers to."""


def judged(judge: Judge, old: Any, new: Any) -> Severity:
    """The severity of one change."""
    return judge if isinstance(judge, Severity) else judge(old, new)


def always(severity: Severity, code: str | None = None, **more: Any) -> Rule:
    """Whatever happens to the field weighs the same."""
    return Rule(severity, severity, severity, severity, code, whole=True, **more)
