"""Which reports are of a time, and which have changed: SDMX REST 1.x has these parameters for metadata as it has them for data.

Source: SDMX REST 1.5.0, "Data and Metadata Queries"; the official WADL of 1.0 to 1.4, MetadataQuery. What is said of no period
is of any, and what was withdrawn cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from adapters.sdmx.filters import without_zone
from adapters.sdmx.request import Parameters
from registry.errors import Invalid
from registry.held import readable
from registry.model import Artefact, MetadataSet
from registry.period import Period, parse_period
from registry.ports import Catalogue


@dataclass(frozen=True)
class Times:
    """``start`` and ``end``: the first and last period, in one of which reports begin; ``updated_after``: since when they have
    changed. None of what was not asked."""

    start: Period | None = None
    end: Period | None = None
    updated_after: datetime | None = None

    @classmethod
    def read(cls, parameters: Parameters, as_of: datetime | None) -> Times:
        """:class:`Invalid` BAD_PERIOD, PERIODS_REVERSED or SDMX_UPDATED_AFTER_AS_OF for what makes no sense."""
        texts = [without_zone(parameters.take(name) or "") for name in ("startPeriod", "endPeriod")]
        start, end = (parse_period(text) if text else None for text in texts)
        if start and end and start.start >= end.end:
            raise Invalid("PERIODS_REVERSED", start=str(start), end=str(end))
        after = parameters.moment("updatedAfter")
        if as_of and after and after > as_of:
            raise Invalid("SDMX_UPDATED_AFTER_AS_OF", updated=after.isoformat(), as_of=as_of.isoformat())
        return cls(start, end, after)

    def kept(self, catalogue: Catalogue, reports: Iterable[Artefact]) -> list[Artefact]:
        """Those of the reports that fit."""
        before = catalogue.as_of(self.updated_after) if self.updated_after else None
        changed = (one for one in reports if before is None or readable(before, one.ref) != one)
        return [one for one in changed if not isinstance(one, MetadataSet) or self._holds(one)]

    def _holds(self, report: MetadataSet) -> bool:
        begin = _period(report.reporting_begin or report.reporting_end)
        if begin is None:
            return True
        return (self.start is None or begin.start >= self.start.start) and (self.end is None or begin.start < self.end.end)


def _period(text: str) -> Period | None:
    with suppress(Invalid):
        return parse_period(without_zone(text)) if text else None
    return None
