"""The data sets of an answer: what there is, what changed, or everything that ever was.

Source: SDMX REST 2.2, "Data queries", ``updatedAfter`` and ``includeHistory``: what was added or revised replaces, what is gone
is to be deleted; each release of a history says from when it was valid.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import numpy as np

from adapters.sdmx.window import limited
from adapters.sdmx.writing.shape import DataSet, Purpose, Shape
from registry.answers import Answer, Changes, Difference, Differences, Release
from registry.columns import Batch
from registry.ports import Cube, Viewer


def given(answer: Answer, shape: Shape) -> Iterator[DataSet]:
    """The answer as it is; one of the past is valid for the moment that was asked for."""
    then = answer.selection.as_of
    attributes = shape.data_set(answer.dataset_attributes)
    yield DataSet(batches=map(shape.trim, answer.batches), attributes=attributes, valid_from=then, valid_to=then)


def changed(cube: Cube, viewer: Viewer, answer: Answer, shape: Shape) -> Iterator[DataSet]:
    """What the release of the answer did to the data since ``updatedAfter``: two data sets, either may be empty."""
    after = answer.selection.updated_after
    assert after is not None
    now = answer.release
    if now is None:
        return
    before = _known_at(cube.releases(answer.structure.dataflow.ref, viewer), after)
    if before is None or before.id != now.id:
        yield from _step(cube, viewer, answer, shape, before, now)


def history(cube: Cube, viewer: Viewer, answer: Answer, shape: Shape) -> Iterator[DataSet]:
    """What each release did to the one before it, the oldest first, up to the release of the answer."""
    chain = kept_releases(cube, viewer, answer)
    after = answer.selection.updated_after
    before = _known_at(chain, after) if after is not None else None
    for release in reversed(chain[: chain.index(before)] if before is not None else chain):
        yield from _step(cube, viewer, answer, shape, before, release)
        before = release


def kept_releases(cube: Cube, viewer: Viewer, answer: Answer) -> list[Release]:
    """The releases whose figures can still be asked for, newest first, from the one of the answer on."""
    releases = cube.releases(answer.structure.dataflow.ref, viewer)
    kept = [one for one in releases if one.released_at is not None and one.thinned_at is None]
    places = [place for place, one in enumerate(kept) if answer.release is not None and one.id == answer.release.id]
    return kept[places[0] :] if places else []


def _known_at(releases: list[Release], moment: datetime) -> Release | None:
    """The newest release that was out at a moment and is still kept; releases newest first."""
    fitting = (one for one in releases if one.released_at is not None and one.thinned_at is None)
    return next((one for one in fitting if one.released_at is not None and one.released_at <= moment), None)


def _step(cube: Cube, viewer: Viewer, answer: Answer, shape: Shape, before: Release | None, now: Release) -> Iterator[DataSet]:
    """Two data sets. The changes are walked twice, so that nothing of them need be held."""
    selection = replace(answer.selection, updated_after=None, as_of=None, sort=())

    def found() -> Changes:
        return cube.changes(selection, viewer, before.id if before else None, now.id)

    changes, first, last = found(), selection.first_n, selection.last_n
    yield DataSet(
        batches=(shape.trim(limited(_now(one), first, last)) for one in changes.differences),
        purpose=Purpose.CHANGED,
        attributes=shape.data_set(changes.attributes_now),
        valid_from=now.released_at,
    )
    if before is not None:
        yield DataSet(batches=map(_gone, found().differences), purpose=Purpose.DELETED, valid_to=now.released_at)


def _now(found: Differences) -> Batch:
    """What is there now; series of which only attributes changed stay without observations."""
    batch = found.now.keep(found.kinds != Difference.DELETED)
    emptied = (batch.counts == 0) & (found.now.counts > 0)
    return batch.take_series(np.flatnonzero(~emptied)) if emptied.any() else batch


def _gone(found: Differences) -> Batch:
    """The keys of what is no longer there: all of an observation goes, so nothing else is said."""
    batch = found.before.keep(found.kinds == Difference.DELETED).without_empty()
    return replace(batch, measures={}, attributes={}, series_attributes={})
