"""Reports about single releases: the release must be public, and of a dataflow that the report is about.

What is not public yet must not be told by a report either: the registry hides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from hub.history import RELEASED
from hub.tables import cube, release
from registry.errors import HubError, Unprocessable
from registry.model import Artefact, MetadataSet
from registry.ref import Kind, Ref
from registry.reported import release_of


def strange_releases(connection: Connection, given: Iterable[Artefact], now: datetime) -> dict[Ref, HubError]:
    """The reports that name a release which is not there, or not yet."""
    named = {made.ref: (made, release_of(made)) for made in given if isinstance(made, MetadataSet) and release_of(made)}
    return {
        ref: Unprocessable("REPORT_NO_RELEASE", ref=str(ref), found=id_[:60])
        for ref, (made, id_) in named.items()
        if not _flow_of(connection, id_, now) & {(one.agency, one.id) for one in _flows(made)}
    }


def _flows(report: MetadataSet) -> Iterable[Ref]:
    return (one for one in report.targets if isinstance(one, Ref) and one.kind is Kind.DATAFLOW)


def _flow_of(connection: Connection, id: str, now: datetime) -> set[tuple[str, str]]:
    """The dataflow of a public release."""
    public = (release.c.public_id == id, release.c.state == RELEASED, release.c.visible_from <= now)
    asked = select(cube.c.agency, cube.c.flow).join(release, release.c.cube == cube.c.id).where(*public)
    return {(agency, flow) for agency, flow in connection.execute(asked)}
