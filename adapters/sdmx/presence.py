"""What data there is, as a constraint.

Source: SDMX REST 1.5.0 and 2.2, "Data availability"; SDMX 2.1 section 3A part III, "ContentConstraint".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from adapters.sdmx.otherwise import OBS_COUNT, SERIES_COUNT
from registry.answers import Availability
from registry.model import (
    Annotation,
    Attachment,
    DataConstraint,
    Dataflow,
    MemberSelection,
    ProvisionAgreement,
    Region,
    Role,
    SelectedValue,
    TimeBound,
    TimeRange,
)
from registry.period import parse_period
from registry.ref import Kind, Ref

Codes = Mapping[str, Sequence[str]]
"""Dimension -> codes."""


def availability_constraint(
    about: Dataflow | ProvisionAgreement, available: Availability, codes: Codes, time: str | None, moments: bool = True
) -> DataConstraint:
    """A cube region with ``codes`` per dimension, and the span of ``time`` if that is given, as moments or as its periods."""
    agreed = isinstance(about, ProvisionAgreement)
    counts = {SERIES_COUNT: available.series, OBS_COUNT: available.observations}
    return DataConstraint(
        ref=Ref(Kind.DATA_CONSTRAINT, about.ref.agency, f"AVAILABLE_{about.ref.id}", about.ref.version),
        names=about.names,
        annotations=tuple(Annotation(id=name, type="sdmx_metrics", title=str(count)) for name, count in counts.items()),
        role=Role.ACTUAL,
        attachment=Attachment(provisions=(about.ref,)) if agreed else Attachment(structures=(about.ref,)),
        regions=(Region(key_values=_members(available, codes, time, moments)),),
    )


def _members(available: Availability, codes: Codes, time: str | None, moments: bool) -> tuple[MemberSelection, ...]:
    members = tuple(
        MemberSelection(id=name, values=tuple(map(SelectedValue, values))) for name, values in codes.items() if values
    )
    if not (time and available.start and available.end):
        return members
    ends = TimeRange(start=TimeBound(available.start), end=TimeBound(available.end))
    return (*members, MemberSelection(id=time, time_range=_calendar(available.start, available.end) if moments else ends))


def _calendar(start: str, end: str) -> TimeRange:
    """The span as moments: quarters and weeks are allowed here, but much software for SDMX-ML reads only dates."""
    last = parse_period(end).end - timedelta(seconds=1)
    return TimeRange(start=TimeBound(parse_period(start).start.isoformat()), end=TimeBound(last.isoformat()))
