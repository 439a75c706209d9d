"""What a draft is made of, gathered into large pieces: staging costs by the piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from registry.columns import Batch, joined
from registry.raw import Action
from registry.series import Series, batch_of
from registry.staging import Delta, Removal, Staged

OBSERVATIONS = 500_000
"""Observations staged in one transaction."""

SERIES = 20_000
"""Series taken one by one that are staged in one transaction."""

Piece = tuple[Action, Batch]


def runs(content: Iterable[Staged], measure: str) -> Iterator[Piece | Removal]:
    """The content in order; neighbours with the same action together. ``measure``: what a series alone measures."""
    held: list[Piece] = []
    count = 0
    for action, one in _acting(_batched(content, measure)):
        if held and (action is not held[0][0] or count >= OBSERVATIONS):
            yield _together(held)
            held, count = [], 0
        if isinstance(one, Removal):
            yield one
        else:
            held.append((action, one))
            count += one.observations + one.series_count
    if held:
        yield _together(held)


def _together(held: list[Piece]) -> Piece:
    return held[0][0], joined([batch for _, batch in held])


def _acting(items: Iterable[Batch | Delta | Removal]) -> Iterator[tuple[Action, Batch | Removal]]:
    for item in items:
        if isinstance(item, Delta):
            yield item.action, item.batch
        elif isinstance(item, Removal):
            yield Action.DELETE, item
        else:
            yield Action.REPLACE, item


def _batched(content: Iterable[Staged], measure: str) -> Iterator[Batch | Delta | Removal]:
    """Series that come one by one, put together."""
    some: list[Series] = []
    count = 0
    for item in content:
        if isinstance(item, Series) and len(some) < SERIES and count < OBSERVATIONS:
            some.append(item)
            count += len(item.values)
            continue
        if some:
            yield batch_of(some, measure)
            some, count = [], 0
        if isinstance(item, Series):
            some, count = [item], len(item.values)
        else:
            yield item
    if some:
        yield batch_of(some, measure)
