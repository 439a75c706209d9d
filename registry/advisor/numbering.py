"""Which number comes next: the smallest version that may follow another after changes of some severity.

Semantic versions follow SDMX 3.1 section 6: PATCH, MINOR or MAJOR grows and what stands behind it becomes zero; below 1.0.0
anything may change with a minor number; a draft, and any version of a fixed kind, is changed where it stands. Legacy versions
have no such promise: by the SDMX guidelines on versioning what breaks moves the first number, everything else the last. What
leaves the old way of numbering keeps its numbers where nothing but words changed: 1.2 becomes 1.2.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from registry.advisor.findings import Severity
from registry.version import Version, sort_key


def compared_with(proposed: str, stored: Iterable[str]) -> str | None:
    """The stored version that a proposed one must be held against: the newest that is not newer and no draft.

    The old way of numbering and the new one do not tell 1.0 and 1.0.0 apart, so neither may say the other anew. A draft never
    stands between: what 2.0.0-draft may change is what 2.0.0 may change since 1.x. Only where there is nothing else it is
    one. None for an artefact that is new, and for a version older than all of them.
    """
    ordered = sorted(stored, key=sort_key)
    candidates = [version for version in ordered if not is_draft(version)] or ordered
    same = () if is_draft(proposed) else _numbers(proposed)
    older = [version for version in candidates if sort_key(version) <= sort_key(proposed) or _numbers(version) == same]
    return older[-1] if older else None


def following(base: str, severity: Severity, proposed: str) -> str:
    """The smallest version that may follow ``base``, numbered as the proposed one is: semantic, a draft or legacy."""
    old, new = Version.parse(base), Version.parse(proposed)
    assert old is not None and new is not None
    if old.is_draft:
        return base if new.is_draft else base.split("-")[0]
    if not old.semantic and not new.semantic:
        return _legacy(old.numbers, severity)
    numbers = old.padded if not old.semantic and severity <= Severity.PATCH else _semantic(old.padded, severity)
    return ".".join(map(str, numbers)) + (f"-{new.extension}" if new.is_draft else "")


def _semantic(numbers: tuple[int, int, int], severity: Severity) -> tuple[int, int, int]:
    major, minor, patch = numbers
    if severity == Severity.MAJOR and major:
        return major + 1, 0, 0
    return (major, minor + 1, 0) if severity >= Severity.MINOR else (major, minor, patch + 1)


def _legacy(numbers: tuple[int, ...], severity: Severity) -> str:
    if severity == Severity.MAJOR:
        grown: Sequence[int] = (numbers[0] + 1, *[0] * (len(numbers) - 1))
    else:
        grown = (*numbers[:-1], numbers[-1] + 1)
    return ".".join(map(str, grown))


def in_line(version: str, severity: Severity, stored: Iterable[str]) -> str:
    """The newest stored version, no draft, of the line that a taken version belongs to: what the next one must keep too."""
    depth = 2 if severity <= Severity.PATCH else 1
    kept = _numbers(version)[:depth]
    return max((one for one in stored if not is_draft(one) and _numbers(one)[:depth] == kept), key=sort_key)


def is_draft(text: str) -> bool:
    """Whether a version has an extension, and what it names may still change."""
    version = Version.parse(text)
    return version is not None and version.is_draft


def _numbers(text: str) -> tuple[int, ...]:
    version = Version.parse(text)
    return version.padded if version else ()
