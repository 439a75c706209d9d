"""Releases as everybody sees them, and who may look at one before its moment."""

from __future__ import annotations

from datetime import datetime

import strawberry

from registry import answers, publishing
from registry.ref import Ref
from registry.text import Names
from schema.context import Info
from schema.fields import described
from schema.metadata import Lang, LocalText, about, texts
from schema.reports import MetadataSet


@strawberry.type(description="The publication of a dataflow at a moment; it never changes.")
class Release:
    said: strawberry.Private[Names]
    dataflow_ref: strawberry.Private[Ref]
    id: str
    number: int | None = strawberry.field(description="Its rank among the visible releases of the dataflow, from 1.")
    state: str = strawberry.field(description="released, or embargoed for those who may look before the moment.")
    kind: str = strawberry.field(description="release, correction or withdrawal.")
    released_at: datetime | None = strawberry.field(description="When it became, or becomes, public.")
    embargoed_until: datetime | None = strawberry.field(description="The moment it becomes public; null once it is.")
    planned: str | None = strawberry.field(description="The entry of the release calendar it is the release of.")
    withdrawn_by: str | None = strawberry.field(description="The release that took its figures back; null while they stand.")
    thinned_at: datetime | None = strawberry.field(description="Since when its figures can no longer be asked for.")
    series: int = strawberry.field(description="How many series it has.")
    observations: int = strawberry.field(description="How many observations it has.")

    @described("Why figures were corrected or withdrawn; null for an ordinary release.")
    def reason(self, info: Info, lang: Lang = None) -> str | None:
        return info.context.text(self.said, lang) if self.said else None

    @described("The reports about its dataflow as a whole or about this release, such as quality reports.")
    def metadata_sets(self, info: Info) -> list[MetadataSet]:
        found: list[MetadataSet] = about(info.context.ports.catalogue, self.dataflow_ref, self.id)
        return found

    @described("The reason in every language it is given in.")
    def reasons(self) -> list[LocalText]:
        return texts(self.said)


def release(held: answers.Release) -> Release:
    return Release(
        said=held.reasons,
        dataflow_ref=held.dataflow,
        id=held.id,
        number=held.number,
        state=held.state,
        kind=held.kind,
        released_at=held.released_at,
        embargoed_until=held.embargoed_until,
        planned=held.planned,
        withdrawn_by=held.withdrawn_by,
        thinned_at=held.thinned_at,
        series=held.series,
        observations=held.observations,
    )


@strawberry.type(description="Somebody outside the office who may see one release before its moment.")
class Preview:
    release: str = strawberry.field(description="The id of the release.")
    dataflow: str
    organisation: str
    name: str = strawberry.field(description="The name of the token.")
    granted_at: datetime
    granted_by: str


def preview(held: publishing.Grant) -> Preview:
    return Preview(
        release=held.release,
        dataflow=str(held.dataflow),
        organisation=held.organisation,
        name=held.name,
        granted_at=held.granted_at,
        granted_by=held.granted_by,
    )
