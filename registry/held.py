"""What a reference means, where the registry has it; and what is said where that no longer reads."""

from __future__ import annotations

from contextlib import suppress

from registry.errors import NotFound, Unavailable
from registry.model import Artefact
from registry.overlay import Known
from registry.ref import Ref

UNREADABLE = "ARTEFACT_UNREADABLE"
"""The code of the error of an artefact that no longer reads."""


def no_longer_read(ref: Ref) -> Unavailable:
    """The error of an artefact that a listing left out; what is wrong with it stands in the log."""
    return Unavailable(UNREADABLE, kind=ref.kind.value, ref=str(ref), reason="-")


def held(known: Known, ref: Ref | None) -> Artefact | None:
    """A referenced artefact, None where the registry does not hold it; :class:`Unavailable` where it no longer reads."""
    with suppress(NotFound):
        return known.get(ref) if ref is not None else None
    return None


def readable(known: Known, ref: Ref | None) -> Artefact | None:
    """The same for who goes on without what no longer reads: None for that too."""
    with suppress(Unavailable):
        return held(known, ref)
    return None
