"""What a draft is made of: observations, and what is to be done with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.columns import Batch
from registry.period import PeriodRange
from registry.raw import Action
from registry.selection import ALL_PERIODS
from registry.series import Series


@dataclass(frozen=True, slots=True)
class Removal:
    """What is to be taken out: the observations of all series with these codes, in these periods.

    codes       dimension -> code; a dimension left out means all; none at all and every period: the whole data set
    components  measures and attributes to be emptied; none: the observations themselves
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    periods: PeriodRange = ALL_PERIODS
    components: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Delta:
    """Observations and what is to be done with them (SDMX 3.1 section 5, "Data messages", action).

    MERGE    what is stated replaces, what is not stated stays (a measure without a value and an absent attribute state nothing)
    APPEND   as merge, but only observations that are not there yet: :class:`registry.errors.Conflict` ALREADY_THERE else
    REPLACE  the whole observation is replaced: what is not stated is gone
    """

    action: Action
    batch: Batch


Staged = Series | Batch | Delta | Removal
"""What a draft is made of, in order. A series or batch alone replaces each of its observations as a whole."""
