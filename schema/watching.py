"""What an answer was made of: ports that write down what is read through them.

An answer that rests on nothing but the registry and on which release of some dataflows is visible says the same as long as
these do. Whatever else is touched (deliveries, drafts, the clock, ports that come later) makes it an answer for once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias, cast

from registry.answers import Answer, Availability, Changes, Release
from registry.ports import PUBLIC, Cube, Ports, Viewer
from registry.ref import Ref
from registry.selection import Selection

SMALL_SERIES = 20
"""So many released series are read at once where the server's own loop reads them."""


class Question(NamedTuple):
    """Which release of the dataflow the public sees as of a moment; ``listed``: everything that is said of all it sees."""

    flow: Ref
    as_of: datetime | None = None
    listed: bool = False


States: TypeAlias = Mapping[Question, str | None]


class TooMuchHere(Exception):
    """What is asked takes longer than others may be held up; to be asked again in a thread of its own."""


def state(cube: Cube, question: Question) -> str | None:
    """What the public sees now."""
    seen = cube.releases(question.flow, PUBLIC)
    if question.listed:
        return repr(seen)
    return next((_told(each) for each in seen if _before(each, question.as_of)), None)


def _told(release: Release) -> str:
    """A release never changes, only what became of it: it may be withdrawn, or its figures no longer be kept."""
    return f"{release.id} {release.withdrawn_by} {release.thinned_at}"


def _before(release: Release, as_of: datetime | None) -> bool:
    return as_of is None or (release.released_at is not None and release.released_at <= as_of)


def unchanged(ports: Ports, states: States) -> bool:
    """Whether the public sees the same releases as when these were written down."""
    return all(state(ports.cube, question) == before for question, before in states.items())


@dataclass
class Record:
    """What has been read so far.

    in_passing  nothing that takes long may be read     only_once  the answer rests on more than states tell
    too_much    it was asked for all the same           looked_up  a state was written down before what it tells was read
    """

    in_passing: bool = False
    too_much: bool = False
    only_once: bool = False
    looked_up: bool = False
    states: dict[Question, str | None] = field(default_factory=dict)

    def saw(self, question: Question, release: str | None) -> None:
        """Two fields of one answer may have seen different releases: such an answer is of no one state."""
        if self.states.setdefault(question, release) != release:
            self.only_once = True

    def long(self) -> None:
        """:class:`TooMuchHere` where only little may be read."""
        if self.in_passing:
            self.too_much = True
            raise TooMuchHere


class WatchedPorts:
    """:class:`registry.ports.Ports` over others; a port not named here makes the answer one for once."""

    def __init__(self, ports: Ports, record: Record) -> None:
        self._ports = ports
        self._record = record
        self.cube = WatchedCube(ports.cube, record)
        # The registry is in every answer's key by its revision; the other two never change while the hub runs.
        self.catalogue = ports.catalogue
        self.links = ports.links
        self.service = ports.service

    def __getattr__(self, name: str) -> Any:
        self._record.only_once = True
        return getattr(self._ports, name)


class WatchedCube:
    """:class:`registry.ports.Cube` over another."""

    def __init__(self, cube: Cube, record: Record) -> None:
        self._cube = cube
        self._record = record

    def ask(self, selection: Selection, viewer: Viewer, series: slice | None = None) -> Answer:
        if self._record.in_passing and not _plain(selection):
            self._record.long()
        if selection.updated_after is not None or selection.history:
            self._look(Question(selection.dataflow, listed=True))
        answer = self._cube.ask(selection, viewer, series)
        if self._record.in_passing and _length(answer, series) > SMALL_SERIES:
            self._record.long()
        self._record.saw(Question(selection.dataflow, selection.as_of), _told(answer.release) if answer.release else None)
        return answer

    def availability(self, selection: Selection, viewer: Viewer) -> Availability:
        self._record.long()
        self._look(Question(selection.dataflow, selection.as_of))
        return self._cube.availability(selection, viewer)

    def changes(self, selection: Selection, viewer: Viewer, before: str | None, now: str) -> Changes:
        self._record.long()
        self._look(Question(selection.dataflow, listed=True))
        return self._cube.changes(selection, viewer, before, now)

    def releases(self, dataflow: Ref, viewer: Viewer, preview: bool = False) -> list[Release]:
        self._look(Question(dataflow, listed=True))
        self._record.only_once |= preview
        return self._cube.releases(dataflow, viewer, preview)

    def _look(self, question: Question) -> None:
        # Before anything is read: an answer that is newer than its state is made again, never served too long.
        self._record.looked_up = True
        self._record.saw(question, state(self._cube, question))

    def __getattr__(self, name: str) -> Any:
        self._record.only_once = True
        self._record.long()
        return getattr(self._cube, name)


def watched(ports: Ports, record: Record) -> Ports:
    """These ports, writing down what is read through them."""
    return cast("Ports", WatchedPorts(ports, record))


def _plain(selection: Selection) -> bool:
    return not (selection.computes or selection.history or selection.updated_after or selection.sort)


def _length(answer: Answer, series: slice | None) -> int:
    start, stop, _ = (series or slice(None)).indices(answer.series_count)
    return stop - start
