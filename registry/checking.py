"""Checks the observations of one file against a structure: every observation is accepted or refused, once and alone.

A whole file is checked before anything of it is used, because a later statement can make an earlier one a contradiction: an
observation may be stated once, a series attribute one way. A deletion begins a new chapter: what was stated before it may be
stated again, and everything is done in the order of the file. Memory: see :mod:`registry.gathered`.
"""

from __future__ import annotations

from collections.abc import Callable

from registry.chapter import Chapter
from registry.inspection import Checked, Inspection, Standing
from registry.model import Structure
from registry.ports import Reject
from registry.raw import Action, RawDataSet, RawGroup, RawSeries, RawTable, tabled
from registry.removing import Removing

GATHERED = 20_000
"""Observations handed over one by one that are checked at once."""


class Checker:
    """Takes the raw stream of one file for one dataflow; ``finish`` gives what was accepted.

    ``refuse`` is called for every refused observation. ``standing``: what a mandatory attribute that the file leaves out is
    looked for in.
    """

    def __init__(
        self,
        structure: Structure,
        file: str,
        refuse: Callable[[Reject], None],
        standing: Standing = lambda: None,
    ) -> None:
        self._at = Inspection(structure, file, refuse, standing)
        self._part: Chapter | Removing | None = None
        self._waiting: list[RawSeries] = []
        self._count = 0

    def dataset(self, head: RawDataSet) -> None:
        """A data set begins; what it says of itself replaces what an earlier one of the file said."""
        self._flush()
        self._at.begin(head)
        kind = Removing if head.action == Action.DELETE else Chapter
        if not isinstance(self._part, kind):
            self._close()
            self._part = kind(self._at)
        self._part.begin(head)

    def group(self, group: RawGroup) -> None:
        """Attributes of all series under part of a key; without any dimension, of the data set."""
        self._flush()
        if self._part:
            self._part.group(group.parts)

    def series(self, raw: RawSeries) -> None:
        """Observations under a common part; the flat formats have an empty one."""
        self._waiting.append(raw)
        self._count += len(raw.observations) + 1
        if self._count >= GATHERED:
            self._flush()

    def table(self, table: RawTable) -> None:
        """Many observations in columns."""
        if self._part and len(table):
            (self._part.observe if table.observed else self._part.bare)(table)

    def finish(self) -> Checked:
        """Settle repeats and what is missing of every series; nothing can be added afterwards."""
        self._flush()
        self._close()
        return self._at.checked

    def _flush(self) -> None:
        waiting, self._waiting, self._count = self._waiting, [], 0
        for table in tabled(waiting):
            self.table(table)

    def _close(self) -> None:
        if self._part:
            self._at.checked.steps.extend(self._part.close())
