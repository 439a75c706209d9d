"""A history: what each release did to the one before it, the oldest first. Both doors tell it.

Source: SDMX REST 2.2, "Data queries", ``includeHistory``: what was added or revised replaces, what is gone is deleted, and each
release says from when it was valid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from registry.answers import Difference, Differences, Release
from registry.columns import Batch


@dataclass(frozen=True)
class Step:
    """``now`` took the place of ``before`` (None: there was nothing) and stood until ``until``; None: it still does."""

    before: Release | None
    now: Release
    until: datetime | None


def kept(releases: Sequence[Release]) -> list[Release]:
    """Those whose figures can still be asked for, in the order given."""
    return [one for one in releases if one.released_at is not None and one.thinned_at is None]


def known_at(releases: Sequence[Release], moment: datetime) -> Release | None:
    """The newest release that was out at a moment and is still kept; ``releases`` newest first."""
    return next((one for one in kept(releases) if one.released_at is not None and one.released_at <= moment), None)


def steps(releases: Sequence[Release], since: datetime | None = None, as_of: datetime | None = None) -> list[Step]:
    """The steps after ``since`` and up to ``as_of``; ``releases`` newest first, as a viewer sees them."""
    chain = kept(releases)
    newest = known_at(chain, as_of) if as_of is not None else next(iter(chain), None)
    if newest is None:
        return []
    known = known_at(chain, since) if since is not None else None
    first = chain.index(known) if known is not None else len(chain)
    befores = [*chain[1:], None]
    untils = [None, *(one.released_at for one in chain)]
    return [Step(befores[place], chain[place], untils[place]) for place in range(first - 1, chain.index(newest) - 1, -1)]


def standing(found: Differences) -> Batch:
    """What is there now; series of which only attributes changed stay without observations."""
    batch = found.now.keep(found.kinds != Difference.DELETED)
    emptied = (batch.counts == 0) & (found.now.counts > 0)
    return batch.take_series(np.flatnonzero(~emptied)) if emptied.any() else batch


def gone(found: Differences) -> Batch:
    """What is no longer there, as it was."""
    return found.before.keep(found.kinds == Difference.DELETED).without_empty()
