"""What an answer was made of: ports that write down what is read through them.

An answer that rests on nothing but the registry and on which release of some dataflows is visible says the same as long as
these do. Whatever else is touched (deliveries, drafts, the clock, ports that come later) makes it an answer for once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from registry.answers import Answer, Availability, Changes, Release
from registry.ports import Cube, Ports, Viewer
from registry.ref import Ref
from registry.revisions import Triangle
from registry.selection import Selection

SMALL_SERIES, SMALL_OBSERVATIONS = 20, 5_000
"""So many released series, and observations, are read at most where the server's own loop reads them."""

States: TypeAlias = Mapping[Ref | None, str]
"""Dataflow -> what the public's view of it rests on, see :meth:`registry.ports.Cube.standing`; None: the registry alone."""


class Moved(Exception):
    """Another release became visible while an answer read several things of one dataflow; to be asked again, of one state."""


class TooMuchHere(Exception):
    """What is asked takes longer than others may be held up; to be asked again in a thread of its own."""


def unchanged(cube: Cube, states: States) -> bool:
    """Whether the public sees the same as when these were written down."""
    return all(cube.standing(flow) == before for flow, before in states.items())


@dataclass
class Record:
    """What has been read so far.

    in_passing  nothing that takes long may be read     too_much  it was asked for all the same
    only_once   the answer rests on more than states tell
    repeatable  it may be asked again       moved  it has to be: what was read first is not what is visible now
    """

    in_passing: bool = False
    too_much: bool = False
    only_once: bool = False
    repeatable: bool = True
    moved: bool = False
    revision: str = ""
    states: dict[Ref | None, str] = field(default_factory=dict)

    def saw(self, flow: Ref, standing: str) -> None:
        """Of an answer over which the registry changed, nobody can say what it rests on."""
        self.states[flow] = standing
        self.only_once |= not standing.startswith(f"{self.revision} ")

    @property
    def rests_on(self) -> States:
        """What was read; the state of a dataflow tells that of the registry too."""
        return self.states or {None: self.revision}

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
        # The registry's revision is part of what every answer rests on; the other two never change while the hub runs.
        self.catalogue = ports.catalogue
        record.revision = str(self.catalogue.revision)
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
        if not _plain(selection):
            self._record.long()
        with ExitStack() as looking:
            for dataflow in selection.dataflows:
                looking.enter_context(self._looking(dataflow, selection.preview))
            answer = self._cube.ask(selection, viewer, series)
        if _length(answer, series) > SMALL_SERIES or (answer.most or 0) > SMALL_OBSERVATIONS:
            self._record.long()
        return answer

    def availability(self, selection: Selection, viewer: Viewer) -> Availability:
        self._record.long()
        with self._looking(selection.dataflow, selection.preview):
            return self._cube.availability(selection, viewer)

    def changes(self, selection: Selection, viewer: Viewer, before: str | None, now: str) -> Changes:
        self._record.long()
        with self._looking(selection.dataflow, selection.preview):
            return self._cube.changes(selection, viewer, before, now)

    def triangles(self, selection: Selection, viewer: Viewer, series: slice) -> list[Triangle]:
        self._record.long()
        with self._looking(selection.dataflow, selection.preview):
            return self._cube.triangles(selection, viewer, series)

    def releases(self, dataflow: Ref, viewer: Viewer, preview: bool = False) -> list[Release]:
        with self._looking(dataflow, preview):
            return self._cube.releases(dataflow, viewer, preview)

    @contextmanager
    def _looking(self, dataflow: Ref, preview: bool) -> Iterator[None]:
        record, again = self._record, dataflow in self._record.states
        record.only_once |= preview
        if not again:
            # Before anything is read: an answer that is newer than its state is made again, never served too long.
            record.saw(dataflow, self._cube.standing(dataflow))
        yield
        # After it was read: then all that was read since the first look is of the same state.
        if again and record.repeatable and self._cube.standing(dataflow, afresh=True) != record.states[dataflow]:
            record.moved = True
            raise Moved

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
