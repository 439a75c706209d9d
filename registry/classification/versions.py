"""Which codelists are versions of one classification, which of them held on a day, and which codes were in use then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeVar

from registry.model import Annotation, Item, ItemScheme, Maintainable, Moment, Noted, day, fact
from registry.ref import Ref
from registry.text import Names
from registry.version import Version, sort_key

CLASSIFICATION = "CLASSIFICATION"
"""The annotation of a codelist: as title the classification it is a version of, as texts its names."""

LEGAL_BASIS = "LEGAL_BASIS"
"""The annotation of a codelist with the instrument that brought the version into force, as texts."""

Held = TypeVar("Held", bound=Maintainable)


class Valid(Protocol):
    """Whatever is true of the world from a day to a day, both included; None is open."""

    @property
    def valid_from(self) -> Moment | None: ...

    @property
    def valid_to(self) -> Moment | None: ...


def holds(of: Valid, on: date) -> bool:
    """Whether a version or a code was valid on a day."""
    start, end = day(of.valid_from), day(of.valid_to)
    return (start is None or start <= on) and (end is None or on <= end)


def family(codelist: Maintainable) -> str:
    """The classification that a codelist is a version of, within its agency: the one it names, else its own id."""
    return fact(codelist, CLASSIFICATION) or codelist.ref.id


def families(codelists: Iterable[Held]) -> Mapping[tuple[str, str], tuple[Held, ...]]:
    """All versions by agency and classification, each classification's in their order."""
    found: dict[tuple[str, str], list[Held]] = {}
    for codelist in codelists:
        found.setdefault((codelist.ref.agency, family(codelist)), []).append(codelist)
    return {name: versions(members) for name, members in sorted(found.items())}


def family_names(members: Sequence[Maintainable]) -> Names:
    """What a classification is called: as the newest of its versions says that names it, else as the newest is called."""
    said = [note.texts for one in members for note in (_note(one, CLASSIFICATION),) if note and note.texts]
    return said[-1] if said else members[-1].names


def legal_basis(version: Maintainable) -> Names:
    """The legal instrument of a version by language; empty where none is said."""
    note = _note(version, LEGAL_BASIS)
    return note.texts if note else {}


def versions(codelists: Iterable[Held]) -> tuple[Held, ...]:
    """Versions by the day from which they hold, of equals by their version."""
    return tuple(sorted(codelists, key=_order))


def version_at(members: Iterable[Held], on: date) -> Held | None:
    """The version that held on a day: of several the latest, and a draft only where there is nothing else."""
    valid = [one for one in versions(members) if holds(one, on)]
    settled = [one for one in valid if not is_draft(one.ref)]
    return next(reversed(settled or valid), None)


def codes_at(version: ItemScheme, on: date) -> tuple[Item, ...]:
    """The codes of a version that were in use on a day, by their own validity."""
    return tuple(item for item in version.items if holds(item, on))


def _order(codelist: Maintainable) -> tuple[object, ...]:
    return day(codelist.valid_from) or date.min, codelist.ref.id, sort_key(codelist.ref.version)


def is_draft(ref: Ref) -> bool:
    """Whether a version is one that may still change."""
    parsed = Version.parse(ref.version)
    return parsed is not None and parsed.is_draft


def _note(of: Noted, type: str) -> Annotation | None:
    return next((note for note in of.annotations if note.type == type), None)
