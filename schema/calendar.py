"""The release calendar as GraphQL shows it: what is published when, and every date that was announced before."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from registry import publishing
from registry.errors import Invalid
from registry.ref import Kind, Ref
from registry.text import Names
from schema.context import Context, Info
from schema.dataflows import Dataflow, dataflow_of
from schema.fields import described
from schema.metadata import Lang, LocalText, texts
from schema.paging import Connection, pages_of_items

Flow = Annotated[str | None, strawberry.argument(description="Only this dataflow, as AGENCY:ID(VERSION).")]
Start = Annotated[datetime | None, strawberry.argument(description="Only from this moment on, with its zone.")]
End = Annotated[datetime | None, strawberry.argument(description="Only before this moment, with its zone.")]


@strawberry.type(description="One step in the life of a planned release; steps are never changed.")
class PlannedChange:
    said: strawberry.Private[Names]
    at: datetime = strawberry.field(description="When the change was made.")
    state: str = strawberry.field(description="planned, moved or cancelled.")
    moment: datetime = strawberry.field(description="The moment that was announced with it.")
    by: str | None = strawberry.field(description="Who made it; for the staff of the office.")

    @described("Why; null for the first announcement.")
    def reason(self, info: Info, lang: Lang = None) -> str | None:
        return info.context.text(self.said, lang) if self.said else None

    @strawberry.field
    def reasons(self) -> list[LocalText]:
        return texts(self.said)


@strawberry.type(description="An entry of the release calendar.")
class PlannedRelease:
    held: strawberry.Private[publishing.Planned]
    id: str
    moment: datetime = strawberry.field(description="When it is to be public, in the time of Viet Nam.")
    periods: list[str] = strawberry.field(description="The reference periods it will bring.")
    state: str = strawberry.field(description="planned, moved, cancelled, or done once it is public.")
    release_id: str | None = strawberry.field(description="The id of its release, once it is public.")
    changes: list[PlannedChange] = strawberry.field(description="Oldest first.")

    @strawberry.field
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.held.names, lang)

    @strawberry.field
    def names(self) -> list[LocalText]:
        return texts(self.held.names)

    @described("What obliges the office to publish it.")
    def legal_basis(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.held.legal_basis, lang)

    @strawberry.field
    def dataflow(self, info: Info) -> Dataflow:
        return dataflow_of(info.context, self.held.dataflow)


def planned_release(held: publishing.Planned) -> PlannedRelease:
    changes = [PlannedChange(said=c.reasons, at=c.at, state=c.state, moment=c.moment, by=c.by) for c in held.changes]
    return PlannedRelease(
        held=held,
        id=held.id,
        moment=held.moment,
        periods=list(held.periods),
        state=held.state,
        release_id=held.release,
        changes=changes,
    )


def calendar_page(
    context: Context, dataflow: str | None, span: tuple[datetime | None, datetime | None], first: int, after: str | None
) -> Connection[PlannedRelease]:
    """A page of the calendar, earliest first."""
    for name, moment in zip(("start", "end"), span, strict=True):
        if moment is not None and moment.tzinfo is None:
            raise Invalid("TIME_WITHOUT_ZONE", name=name, found=moment.isoformat())
    ref = context.ports.catalogue.get(Ref.parse(dataflow, Kind.DATAFLOW)).ref if dataflow else None
    found = context.ports.calendar.entries(context.viewer, ref, *span)
    return pages_of_items(found, lambda held: held.id, first, after, planned_release)
