"""What data there is, as an SDMX 2.1 content constraint.

Source: SDMX REST 1.5.0, "Data availability"; SDMX 2.1 section 3A part III, "ContentConstraint".
"""

from __future__ import annotations

from adapters.sdmx.writing.header import reference
from adapters.sdmx.writing.xml import element, escape, named
from registry.model import DataConstraint, MemberSelection


def content_constraint(constraint: DataConstraint) -> str:
    """The ``ContentConstraint`` element of a constraint of dataflows and regions."""
    ref, attachment = constraint.ref, constraint.attachment
    values = {"id": ref.id, "agencyID": ref.agency, "version": ref.version, "type": constraint.role.value}
    refs = attachment.structures if attachment else ()
    attached = "".join(reference(f"str:{one.kind}", one, package="datastructure") for one in refs)
    content = (
        _counts(constraint)
        + named(constraint.names, ref.id)
        + element("str:ConstraintAttachment", content=attached)
        + "".join(
            element("str:CubeRegion", {"include": str(region.include).lower()}, "".join(map(_key, region.key_values)))
            for region in constraint.regions
        )
    )
    return element("str:ContentConstraint", values, content)


def _counts(constraint: DataConstraint) -> str:
    written = "".join(
        element(
            "com:Annotation",
            {"id": note.id},
            element("com:AnnotationTitle", content=escape(note.title)) + element("com:AnnotationType", content=note.type),
        )
        for note in constraint.annotations
    )
    return element("com:Annotations", content=written) if written else ""


def _key(selection: MemberSelection) -> str:
    values = "".join(element("com:Value", content=escape(one.value)) for one in selection.values)
    times = selection.time_range
    if times is not None and times.start and times.end:
        ends = (("StartPeriod", times.start.period), ("EndPeriod", times.end.period))
        span = "".join(element(f"com:{tag}", {"isInclusive": "true"}, text) for tag, text in ends)
        values += element("com:TimeRange", content=span)
    return element("com:KeyValue", {"id": selection.id}, values)
