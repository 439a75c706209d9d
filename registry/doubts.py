"""What may be stored and is probably not meant: values that no list has, versions that hold at the same time.

Told as warnings beside what became of an artefact, and by the version advisor. Nothing is refused for them: a map may speak of
codes of tomorrow, and two versions of a list may be in force while everybody moves from one to the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain

from registry.errors import HubError
from registry.model import Artefact, Maintainable, RepresentationMap, ValueDomain, day
from registry.named_items import codes_of
from registry.overlay import Known
from registry.version import Version

_SHOWN = 5
"""Values named in a warning."""


def doubts(made: Artefact, around: Known) -> tuple[HubError, ...]:
    """The warnings about an artefact among what stands around it, it included.

    MAP_SOURCES_UNKNOWN, MAP_TARGETS_UNKNOWN: values of a representation map that its lists do not have; VALIDITY_SHARED:
    another major version is valid on the same days.
    """
    found = _strangers(made, around) if isinstance(made, RepresentationMap) else ()
    return tuple(chain(found, _shared(made, around)))


def _strangers(made: RepresentationMap, around: Known) -> Iterator[HubError]:
    for place, domain in enumerate(made.sources):
        told = (one.sources[place] for one in made.mappings if place < len(one.sources))
        plain = [value.value for value in told if not value.is_regex and value.start_index is None]
        yield from _unknown("MAP_SOURCES_UNKNOWN", made, domain, plain, around)
    for place, domain in enumerate(made.targets):
        values = [one.targets[place] for one in made.mappings if place < len(one.targets)]
        yield from _unknown("MAP_TARGETS_UNKNOWN", made, domain, values, around)


def _unknown(
    code: str, made: RepresentationMap, domain: ValueDomain, values: Sequence[str], around: Known
) -> Iterator[HubError]:
    ids = codes_of(domain.enumeration, around) if domain.enumeration else None
    strange = [value for value in dict.fromkeys(values) if ids is not None and value not in ids]
    if strange:
        found = ", ".join(value[:30] for value in strange[:_SHOWN])
        yield HubError(code, ref=str(made.ref), list=str(domain.enumeration), count=len(strange), found=found)


def _shared(made: Artefact, around: Known) -> Iterator[HubError]:
    """Versions of one major number correct or add to each other, and so may hold together."""
    ref, mine = made.ref, _days(made)
    major = _major(ref.version)
    others = [one for one in around.find(ref.kind, ref.agency, ref.id) if _major(one.version) != major] if mine else []
    for other in around.stubs(others):
        theirs = _days(other)
        if mine and theirs and max(mine[0], theirs[0]) <= min(mine[1], theirs[1]):
            start, end = max(mine[0], theirs[0]), min(mine[1], theirs[1])
            until = "..." if end == date.max else str(end)
            yield HubError("VALIDITY_SHARED", ref=str(ref), other=other.ref.version, start=start, end=until)


def _days(made: Maintainable) -> tuple[date, date] | None:
    """The first and the last day, where anything is said of them."""
    start, end = day(made.valid_from), day(made.valid_to)
    return (start or date.min, end or date.max) if start or end else None


def _major(version: str) -> int:
    found = Version.parse(version)
    return found.numbers[0] if found else -1
