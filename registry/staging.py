"""What a draft is made of: observations, what is to be done with them, and who takes them in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from registry.answers import Release
from registry.columns import Batch
from registry.model import Structure
from registry.period import PeriodRange
from registry.ports import Viewer
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


class Drafting(Protocol):
    """How a reader of observations hands them to the database: used by imports and compilation."""

    def draft(
        self,
        structure: Structure,
        content: Iterable[Staged],
        viewer: Viewer,
        *,
        replace: PeriodRange | None = None,
        replace_all: bool = False,
        dataset_attributes: Mapping[str, str] | None = None,
        note: str = "",
    ) -> Release | None:
        """Stage a draft on the newest release; None when nothing would change.

        With ``replace`` the observations of the periods inside are taken out first, with ``replace_all`` everything:
        observations and the attributes of series, groups and the data set.
        """
        ...
