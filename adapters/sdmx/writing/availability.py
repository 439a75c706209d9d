"""What data there is, as a constraint: in SDMX 2.1 and 3.0 one of actual content, in 3.1 an availability constraint.

Source: SDMX REST 1.5.0, "Data availability"; SDMX REST 2.2, "Data availability queries"; field guide of SDMX-JSON 2.1,
"availabilityConstraint".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from adapters.sdmx.jsonshape.constraints import cube
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.jsonstructure import dumped
from adapters.sdmx.writing.jsonstructures import JSON_STRUCTURES
from adapters.sdmx.writing.markup_structures import availability_in_markup
from adapters.sdmx.writing.shown import Shown
from registry.model import Attachment, DataConstraint

COUNTS = ("series_count", "obs_count")
"""How much there is: the annotation ids are those that the Global Registry uses."""

NEWEST = "2.1.0"
_END = b"}}"


def availability_in_json(constraints: Sequence[DataConstraint], header: Header, along: Sequence[Shown]) -> Iterator[bytes]:
    """A structure message of SDMX-JSON 2.1 with the constraints, which have no identity there, behind everything else."""
    last = b""
    for piece in JSON_STRUCTURES[NEWEST].write(header, along):
        yield (last + piece)[: -len(_END)]
        last = (last + piece)[-len(_END) :]
    comma = b"," if along else b""
    yield comma + b'"availabilityConstraints":' + dumped([*map(_newest, constraints)]) + _END


def _newest(constraint: DataConstraint) -> dict[str, object]:
    attachment, (region,) = constraint.attachment, constraint.regions
    assert attachment is not None
    series, observations = (int(note.title) for note in constraint.annotations)
    return {
        "constraintAttachment": _about(attachment),
        "cubeRegion": cube(NEWEST).write(region, constraint.ref, []),
        "seriesCount": series,
        "obsCount": observations,
    }


def _about(attachment: Attachment) -> dict[str, str]:
    if attachment.provisions:
        return {"provisionAgreement": attachment.provisions[0].urn}
    return {"dataflow": attachment.structures[0].urn}


IN_THE_NEWEST: Mapping[tuple[str, str], Callable[[Sequence[DataConstraint], Header, Sequence[Shown]], Iterator[bytes]]] = {
    ("sdmx-json", NEWEST): availability_in_json,
    ("sdmx-ml", "3.1.0"): availability_in_markup,
}
"""The formats that have a form of their own for what there is."""
