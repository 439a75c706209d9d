"""What of an answer can no longer be read: it is left out and named, and the rest is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from adapters.sdmx.faults import no_results
from adapters.sdmx.writing.shown import Lost
from registry.errors import HubError, Unavailable
from registry.held import UNREADABLE, no_longer_read
from registry.ref import Kind, Ref


class Missing:
    """Gathers what an answer leaves out while it is made; ``lost`` is what the answer says of it."""

    def __init__(self) -> None:
        self.lost: list[Lost] = []
        self._first: Unavailable | None = None

    @contextmanager
    def around(self, ref: Ref | None = None) -> Iterator[None]:
        """Leave out what is done in here where something no longer reads; whatever else is wrong passes.

        ``ref`` is what is missing then: without it the very artefact that no longer reads.
        """
        try:
            yield
        except Unavailable as error:
            if error.code != UNREADABLE:
                raise
            self._first = self._first or error
            self.lost.append(_lost(error, ref))

    def without(self, refs: Iterable[Ref]) -> None:
        """Say that artefacts are missing which a listing has left out."""
        for ref in refs:
            self._first = self._first or no_longer_read(ref)
            self.lost += unread([ref])

    def nothing(self) -> HubError:
        """For an answer of which nothing is left. That nothing fits is not known while something is missing."""
        return self._first or no_results()


def unread(refs: Iterable[Ref]) -> list[Lost]:
    """What is said of artefacts that no longer read."""
    return [Lost(ref, "", "ARTEFACT_LEFT_OUT") for ref in refs]


def _lost(error: Unavailable, ref: Ref | None) -> Lost:
    itself = Ref.parse(error.facts["ref"], Kind(error.facts["kind"]))
    if ref in (None, itself):
        return Lost(itself, "", "ARTEFACT_LEFT_OUT")
    return Lost(ref or itself, "", "LEFT_OUT_WITH", f"{itself.kind} {itself}")
