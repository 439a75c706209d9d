"""Releases as everybody sees them, and drafts as those see them who work on them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from registry import answers


@strawberry.type(description="The publication of a dataflow at a moment; it never changes.")
class Release:
    id: str
    number: int | None = strawberry.field(description="Its rank among the visible releases of the dataflow, from 1.")
    released_at: datetime | None
    series: int = strawberry.field(description="How many series it has.")
    observations: int = strawberry.field(description="How many observations it has.")


def release(held: answers.Release) -> Release:
    return Release(
        id=held.id,
        number=held.number,
        released_at=held.released_at,
        series=held.series,
        observations=held.observations,
    )
