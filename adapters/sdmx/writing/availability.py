"""What data there is, as a constraint: in SDMX 2.1 and 3.0 one of actual content, in 3.1 an availability constraint.

Source: SDMX REST 1.5.0, "Data availability"; SDMX REST 2.2, "Data availability queries"; field guide of SDMX-JSON 2.1,
"availabilityConstraint".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from adapters.sdmx.jsonshape.constraints import cube
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.jsonstructure import dumped
from adapters.sdmx.writing.jsonstructures import JSON_STRUCTURES
from adapters.sdmx.writing.shown import Shown, StructureFormat
from registry.answers import Availability
from registry.model import (
    Annotation,
    Attachment,
    DataConstraint,
    Dataflow,
    MemberSelection,
    Region,
    Role,
    SelectedValue,
    TimeBound,
    TimeRange,
)
from registry.period import parse_period
from registry.ref import Kind, Ref

COUNTS = ("series_count", "obs_count")
"""How much there is: the annotation ids are those that the Global Registry uses."""

NEWEST = "2.1.0"
_END = b"}}"


def available_content(
    dataflow: Dataflow, available: Availability, codes: Mapping[str, Sequence[str]], time: str | None
) -> DataConstraint:
    """A cube region with ``codes`` per dimension, and the span of ``time`` if that is given."""
    ref = Ref(Kind.DATA_CONSTRAINT, dataflow.ref.agency, f"AVAILABLE_{dataflow.ref.id}", "1.0")
    counts = zip(COUNTS, (available.series, available.observations), strict=True)
    keys = [
        MemberSelection(id=name, values=tuple(SelectedValue(code) for code in values))
        for name, values in codes.items()
        if values
    ]
    if time and available.start and available.end:
        keys.append(MemberSelection(id=time, time_range=_span(available.start, available.end)))
    return DataConstraint(
        ref=ref,
        names=dataflow.names or {"en": dataflow.ref.id},
        annotations=tuple(Annotation(id=name, type="sdmx_metrics", title=str(count)) for name, count in counts),
        role=Role.ACTUAL,
        attachment=Attachment(structures=(dataflow.ref,)),
        regions=(Region(key_values=tuple(keys)),),
    )


def _span(start: str, end: str) -> TimeRange:
    """The span as moments: quarters and weeks are allowed here, but much software reads only dates."""
    last = parse_period(end).end - timedelta(seconds=1)
    return TimeRange(start=TimeBound(parse_period(start).start.isoformat()), end=TimeBound(last.isoformat()))


def availability_in_json(header: Header, constraint: DataConstraint, along: Sequence[Shown]) -> Iterator[bytes]:
    """A structure message of SDMX-JSON 2.1 with the constraint, which has no identity there, behind everything else."""
    last = b""
    for piece in JSON_STRUCTURES[NEWEST].write(header, along):
        yield (last + piece)[: -len(_END)]
        last = (last + piece)[-len(_END) :]
    comma = b"," if along else b""
    yield comma + b'"availabilityConstraints":[' + dumped(_newest(constraint)) + b"]" + _END


def _newest(constraint: DataConstraint) -> dict[str, object]:
    attachment, (region,) = constraint.attachment, constraint.regions
    assert attachment is not None
    series, observations = (int(note.title) for note in constraint.annotations)
    return {
        "constraintAttachment": {"dataflow": attachment.structures[0].urn},
        "cubeRegion": cube(NEWEST).write(region, constraint.ref, []),
        "seriesCount": series,
        "obsCount": observations,
    }


def is_newest(format: StructureFormat) -> bool:
    """Whether the format says in a form of its own what there is."""
    return (format.kind, format.version) == ("sdmx-json", NEWEST)
