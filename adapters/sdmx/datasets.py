"""The data sets of an answer, untrimmed: what there is, what changed, or everything that ever was.

Source: SDMX REST 2.2, "Data queries", ``updatedAfter`` and ``includeHistory``: what was added or revised replaces, what is gone
is to be deleted; each release of a history says from when it was valid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from adapters.sdmx.conditions import Conditions
from adapters.sdmx.window import limited
from adapters.sdmx.writing.shape import DataSet, Purpose, Shape
from registry.answers import Answer, Changes, Difference, Differences, Release
from registry.chronicle import gone, kept, known_at, standing, steps
from registry.columns import Batch
from registry.ports import Cube, Viewer
from registry.selection import Selection


def given(answer: Answer, shape: Shape) -> Iterator[DataSet]:
    """The answer as it is; one of the past is valid for the moment that was asked for."""
    then = answer.selection.as_of
    attributes = shape.data_set(answer.dataset_attributes)
    yield DataSet(batches=answer.batches, attributes=attributes, valid_from=then, valid_to=then)


def changed(
    cube: Cube, viewer: Viewer, answer: Answer, shape: Shape, conditions: Conditions | None = None
) -> Iterator[DataSet]:
    """What the release of the answer did to the data since ``updatedAfter``: two data sets, either may be empty."""
    after = answer.selection.updated_after
    assert after is not None
    now = answer.release
    if now is None:
        return
    before = known_at(cube.releases(answer.structure.dataflow.ref, viewer), after)
    if before is None or before.id != now.id:
        yield from _step(cube, viewer, answer, shape, conditions, before, now)


def history(
    cube: Cube, viewer: Viewer, answer: Answer, shape: Shape, conditions: Conditions | None = None
) -> Iterator[DataSet]:
    """What each release did to the one before it, the oldest first, up to the release of the answer."""
    for step in steps(kept_releases(cube, viewer, answer), since=answer.selection.updated_after):
        yield from _step(cube, viewer, answer, shape, conditions, step.before, step.now)


def kept_releases(cube: Cube, viewer: Viewer, answer: Answer) -> list[Release]:
    """The releases whose figures can still be asked for, newest first, from the one of the answer on."""
    releases = kept(cube.releases(answer.structure.dataflow.ref, viewer))
    places = [place for place, one in enumerate(releases) if answer.release is not None and one.id == answer.release.id]
    return releases[places[0] :] if places else []


def _step(
    cube: Cube,
    viewer: Viewer,
    answer: Answer,
    shape: Shape,
    conditions: Conditions | None,
    before: Release | None,
    now: Release,
) -> Iterator[DataSet]:
    """Two data sets. The changes are walked twice, so that nothing of them need be held."""
    selection = replace(answer.selection, updated_after=None, as_of=None, sort=())
    steps = _Steps(cube, viewer, selection, conditions)
    changes, came, went = steps.between(before, now)
    left, first, last = steps.left, selection.first_n, selection.last_n
    if conditions is not None:
        first, last = conditions.first, conditions.last
    # A series that is deleted by its key alone is deleted whole, so one that has lost some of its figures has changed.
    still = steps.standing(now) if came and went and not shape.observations else frozenset[Key]()
    if came is not None:
        found = (limited(_standing(one, left), first, last) for one in came())
        yield DataSet(
            batches=_touched(found, went, still) if went and still else found,
            purpose=Purpose.CHANGED,
            attributes=shape.data_set(changes.attributes_now),
            valid_from=now.released_at,
        )
    if went is not None:
        yield DataSet(
            batches=(_keys(_except(one, still)) for one in went()),
            purpose=Purpose.DELETED,
            valid_to=now.released_at,
        )


def _touched(found: Iterator[Batch], went: Leaving, still: Set[Key]) -> Iterator[Batch]:
    """What changed, and the series that are still there without some of their figures, each once."""
    told: set[Key] = set()
    for batch in found:
        told.update(batch.keys())
        yield batch
    for batch in went():
        places = [place for place, key in enumerate(batch.keys()) if key in still and key not in told]
        yield _keys(batch.take_series(np.array(places, np.int64)))


def _except(batch: Batch, still: Set[Key]) -> Batch:
    """The series that are not among some."""
    if not still:
        return batch
    return batch.take_series(np.array([place for place, key in enumerate(batch.keys()) if key not in still], np.int64))


Key = tuple[str, ...]
Walk = Callable[[], Iterator[Differences]]
Leaving = Callable[[], Iterator[Batch]]


@dataclass(frozen=True)
class _Steps:
    """What a release did to the one before it, for who asks with conditions."""

    cube: Cube
    viewer: Viewer
    selection: Selection
    conditions: Conditions | None

    @property
    def left(self) -> Conditions | None:
        """What must hold of series and observations."""
        left = self.conditions.of_series if self.conditions is not None else None
        return left if left is not None and left.wanted else None

    def between(self, before: Release | None, now: Release) -> tuple[Changes, Walk | None, Leaving | None]:
        """The changes, and how to walk through what came or was revised, and through what went; None where nothing can have.

        Where what is said of the data set begins to fit, all of it comes, and where it fits no longer all of it goes.
        """
        changes = self._changes(before, now)
        stood = before is not None and self._fits(changes.attributes_before)
        stands = self._fits(changes.attributes_now)
        since = before if stood else None
        came = (lambda: self._changes(since, now).differences) if stands else None
        if not stood or before is None:
            return changes, came, None
        if stands:
            return changes, came, lambda: (_gone(one, self.left) for one in self._changes(before, now).differences)
        return changes, came, lambda: (_standing(one, self.left) for one in self._changes(None, before).differences)

    def standing(self, now: Release) -> frozenset[Key]:
        """The keys of all series that are there at a release and fit."""
        selection = replace(self.selection, as_of=now.released_at, first_n=None, last_n=None, series_only=self.left is None)
        answer = self.cube.ask(selection, self.viewer)
        batches = self.conditions.kept(answer.batches, answer.dataset_attributes) if self.conditions else answer.batches
        return frozenset(chain.from_iterable(batch.keys() for batch in batches))

    def _fits(self, attributes: Mapping[str, str]) -> bool:
        return self.conditions is None or self.conditions.of_set(attributes)

    def _changes(self, before: Release | None, now: Release) -> Changes:
        whole = self.conditions is not None and not self.conditions.told_by_observations
        return self.cube.changes(self.selection, self.viewer, before.id if before else None, now.id, whole)


def _standing(found: Differences, conditions: Conditions | None) -> Batch:
    """What is there now, of what fits."""
    if conditions is None:
        return standing(found)
    return found.now.keep((found.kinds != Difference.DELETED) & conditions.fits(found.now)).without_empty()


def _gone(found: Differences, conditions: Conditions | None) -> Batch:
    """What is no longer there, or no longer fits; who holds what fitted holds it no more."""
    if conditions is None:
        return gone(found)
    left = (found.kinds == Difference.DELETED) | ~conditions.fits(found.now)
    return found.before.keep(left & (found.kinds != Difference.ADDED) & conditions.fits(found.before)).without_empty()


def _keys(batch: Batch) -> Batch:
    """All of an observation goes, so nothing else is said of it."""
    return replace(batch, measures={}, attributes={}, series_attributes={})
