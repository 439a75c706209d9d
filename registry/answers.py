"""What the database answers: releases, the observations of a selection, what there is to select, what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from registry.columns import Batch
from registry.dated import Outdated
from registry.model import Structure
from registry.recoding import Crossing
from registry.ref import Ref
from registry.selection import Selection
from registry.series import Series, series_of
from registry.text import Names


@dataclass(frozen=True, slots=True)
class Release:
    """A release as a viewer may see it. ``id`` is random; ``number`` is its rank among the releases visible to the viewer.

    state            staging, interrupted (its making was broken off), draft, approved, embargoed, released, overtaken,
                     discarded; a draft has no ``released_at``
    kind             release, correction, withdrawal
    reasons          why it was corrected or withdrawn, in both languages; empty for an ordinary release
    embargoed_until  the moment it becomes public, while it waits for it
    planned          the entry of the calendar it is the release of
    withdrawn_by     the id of the release that took its figures back
    thinned_at       since when its figures can no longer be asked for
    """

    id: str
    dataflow: Ref
    state: str
    number: int | None
    created_at: datetime
    created_by: str
    approved_by: str | None
    released_at: datetime | None
    series: int
    observations: int
    note: str = ""
    kind: str = "release"
    reasons: Names = field(default_factory=dict)
    embargoed_until: datetime | None = None
    planned: str | None = None
    withdrawn_by: str | None = None
    thinned_at: datetime | None = None


def _nothing() -> tuple[Outdated, ...]:
    return ()


@dataclass
class Answer:
    """The answer to a selection. ``release`` is None when nothing is published yet; ``batches`` can be walked once.

    ``series_count`` counts the series that match by key; one whose periods all fall outside is left out while walking.
    ``computed``: how the figures were made of the released ones, step by step, in both languages; empty when they are the
    released ones; ``crossings``: what was recoded for it. ``spliced``: of a splice every dataflow with its release, None where
    nothing of it is published. ``following``: ``Selection.after`` for the rest, where more follow than were asked for.
    ``most``: how many observations the batches hold at most, known before any is read; None where only reading tells.
    ``outdated`` looks for codes that stand outside their time.
    """

    selection: Selection
    structure: Structure
    release: Release | None
    dataset_attributes: Mapping[str, str]
    series_count: int
    batches: Iterator[Batch]
    computed: tuple[Names, ...] = ()
    following: tuple[str, ...] | None = None
    most: int | None = None
    crossings: tuple[Crossing, ...] = ()
    spliced: tuple[tuple[Ref, Release | None], ...] = ()
    outdated: Callable[[], tuple[Outdated, ...]] = _nothing

    @property
    def releases(self) -> tuple[tuple[Ref, Release | None], ...]:
        return self.spliced or ((self.selection.dataflow, self.release),)

    @property
    def series(self) -> Iterator[Series]:
        """The series one by one, with the values of the first measure."""
        measure = self.structure.dsd.measures[0].id
        return (one for batch in self.batches for one in series_of(batch, measure))


class Difference(IntEnum):
    """What a release did to an observation."""

    ADDED = 1
    REVISED = 2
    DELETED = 3
    DESCRIBED = 4
    """Only attributes changed."""


@dataclass(frozen=True, slots=True)
class Differences:
    """Observations that differ between two vintages: ``now`` and ``before`` hold the same periods of the same series.

    A series without observations is one of which only the series attributes changed.

    kinds  int8[n], see :class:`Difference`; where ADDED ``before`` has no value, where DELETED ``now`` has none
    """

    now: Batch
    before: Batch
    kinds: NDArray[np.int8]


@dataclass
class Changes:
    """What changed from one release to another; ``before`` is None when the later one is the first.

    ``attributes_before`` and ``attributes_now`` are those of the data set.
    """

    selection: Selection
    structure: Structure
    before: Release | None
    now: Release
    differences: Iterator[Differences]
    attributes_before: Mapping[str, str] = field(default_factory=dict)
    attributes_now: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Availability:
    """What still gives data after a selection: codes per dimension (all dimensions, in codelist order), the span of periods.

    ``open_codes`` ignores the choice made for that very dimension, so that a reader can change it.
    """

    codes: Mapping[str, tuple[str, ...]]
    open_codes: Mapping[str, tuple[str, ...]]
    start: str | None
    end: str | None
    series: int
    observations: int
