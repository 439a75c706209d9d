"""What data there is, as an SDMX 2.1 content constraint.

Source: SDMX REST 1.5.0, "Data availability"; SDMX 2.1 section 3A part III, "ContentConstraint".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from adapters.sdmx.writing.header import reference
from adapters.sdmx.writing.xml import element, escape, named
from registry.answers import Availability
from registry.model import Dataflow
from registry.period import parse_period

Codes = Mapping[str, Sequence[str]]
"""Dimension -> codes."""


def availability_constraint(dataflow: Dataflow, available: Availability, codes: Codes, time: str | None) -> str:
    """The ``Constraints`` element: a cube region with ``codes`` per dimension, and the span of ``time`` if that is given."""
    values = {"id": f"AVAILABLE_{dataflow.ref.id}", "agencyID": dataflow.ref.agency, "version": "1.0", "type": "Actual"}
    content = (
        _counts(available)
        + named(dataflow.names, dataflow.ref.id)
        + element("str:ConstraintAttachment", content=reference("str:Dataflow", dataflow.ref, package="datastructure"))
        + element("str:CubeRegion", {"include": "true"}, _region(available, codes, time))
    )
    return element("str:Constraints", content=element("str:ContentConstraint", values, content))


def _counts(available: Availability) -> str:
    """How much there is; the annotation ids are those the Global Registry uses."""
    counts = {"series_count": available.series, "obs_count": available.observations}
    written = "".join(
        element(
            "com:Annotation",
            {"id": name},
            element("com:AnnotationTitle", content=str(count)) + element("com:AnnotationType", content="sdmx_metrics"),
        )
        for name, count in counts.items()
    )
    return element("com:Annotations", content=written)


def _region(available: Availability, codes: Codes, time: str | None) -> str:
    region = "".join(
        element("com:KeyValue", {"id": name}, "".join(element("com:Value", content=escape(code)) for code in values))
        for name, values in codes.items()
        if values
    )
    if time and available.start and available.end:
        ends = _calendar(available.start, available.end)
        span = "".join(element(f"com:{tag}", {"isInclusive": "true"}, text) for tag, text in ends)
        region += element("com:KeyValue", {"id": time}, element("com:TimeRange", content=span))
    return region


def _calendar(start: str, end: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """The span as moments: quarters and weeks are allowed here, but much software reads only dates."""
    last = parse_period(end).end - timedelta(seconds=1)
    return ("StartPeriod", parse_period(start).start.isoformat()), ("EndPeriod", last.isoformat())
