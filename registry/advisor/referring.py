"""What a changed reference means for the artefact that has it: the version it leads to, and how far that may move by itself.

Source: the SDMX technical working group's recommendations, "Changing an artefact reference" (github.com/sdmx-twg/semver).
"""

from __future__ import annotations

from registry.advisor.findings import Severity
from registry.index import family
from registry.overlay import Known
from registry.ref import SAME_URN, Ref
from registry.version import Version, choose, reach


def versions(ref: Ref, known: Known) -> set[str]:
    """All versions of what a reference names."""
    kinds = SAME_URN.get(ref.kind, (ref.kind,))
    return {one.version for kind in kinds for one in known.find(kind, ref.agency, ref.id)}


def leads_to(ref: Ref, known: Known) -> str | None:
    """The version a reference means, None where it means none that is known."""
    return next(iter(choose(ref.version, versions(ref, known))[-1:]), None)


def pointed(old: Ref, new: Ref, was: str | None, now: str | None) -> Severity:
    """``was`` and ``now``: the versions they lead to, None where that is not known; a wildcard that leads nowhere is worst."""
    if family(old) != family(new):
        return Severity.MAJOR
    before, after = Version.parse(was or old.version), Version.parse(now or new.version)
    if before is None or after is None:
        return Severity.MAJOR
    if was == now and reach(new.version) == 0:
        return Severity.MINOR  # What a wildcard let in may not come any more.
    return max(_moved(before.padded, after.padded), Severity(reach(new.version)))


def _moved(old: tuple[int, int, int], new: tuple[int, int, int]) -> Severity:
    """By the first number that differs; back over a minor number is the worst, for something is missing there."""
    place = next((place for place in range(3) if old[place] != new[place]), 3)
    severity = Severity(3 - place)
    return Severity.MAJOR if new < old and severity > Severity.PATCH else severity
