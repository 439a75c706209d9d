"""Deliveries and drafts: what is not open to everybody. Who may see what is decided behind the port."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import strawberry

from registry import answers, receipt
from registry.ref import Ref
from schema.advice import advice
from schema.context import Info, message_language
from schema.dataflows import Dataflow, dataflow_of
from schema.fields import described
from schema.metadata import Lang
from schema.paging import page_size

Limit = Annotated[int, strawberry.argument(description="At most so many, 1 to 1000.")]


@strawberry.type(description="How many records a rule refused.")
class RuleCount:
    code: str
    count: int


@strawberry.type(description="Why one record was refused. The record itself is not shown.")
class Reject:
    facts: strawberry.Private[Mapping[str, str]]
    file: str
    place: str = strawberry.field(description="The line, row or element in the file.")
    rule: str
    column: str = strawberry.field(description="The field or dimension it is about; may be empty.")

    @described("What is wrong and what to do.")
    def advice(self, info: Info, lang: Lang = None) -> str:
        wanted = (lang,) if lang else info.context.languages
        return advice(self.rule, self.facts, message_language(wanted))


@strawberry.type(description="What a source handed over once: the receipt.")
class Delivery:
    id: str
    source: str
    organisation: str
    received_at: datetime
    files: list[str]
    digest: str = strawberry.field(description="SHA-256 of the files as received.")
    state: str = strawberry.field(description="received, accepted or refused.")
    records: int
    accepted: int
    rejected: int
    repeated: bool = strawberry.field(description="Whether the same files had been delivered before.")
    message: str
    rules: list[RuleCount] = strawberry.field(description="The rules that refused records.")

    @described("The refused records, in the order of the files.")
    def rejects(self, info: Info, limit: Limit = 100) -> list[Reject]:
        held = info.context.ports.desk.rejects(self.id, info.context.viewer, page_size(limit))
        return [Reject(facts=r.facts, file=r.file, place=r.place, rule=r.rule, column=r.column) for r in held]


def delivery(held: receipt.Delivery) -> Delivery:
    return Delivery(
        id=held.id,
        source=held.source,
        organisation=held.organisation,
        received_at=held.received_at,
        files=list(held.files),
        digest=held.digest,
        state=held.state,
        records=held.records,
        accepted=held.accepted,
        rejected=held.rejected,
        repeated=held.repeated,
        message=held.message,
        rules=[RuleCount(code=rule, count=count) for rule, count in held.rules.items()],
    )


@strawberry.type(description="Observations on their way to be released.")
class Draft:
    of: strawberry.Private[Ref]
    id: str
    state: str = strawberry.field(
        description="staging, interrupted, draft, approved, embargoed, released, overtaken or discarded."
    )
    created_at: datetime
    created_by: str
    approved_by: str | None
    released_at: datetime | None = strawberry.field(description="When it is or will be public.")
    series: int = strawberry.field(description="How many series it has.")
    observations: int = strawberry.field(description="How many observations it has.")
    note: str

    @strawberry.field
    def dataflow(self, info: Info) -> Dataflow:
        return dataflow_of(info.context, self.of)


def draft(held: answers.Release) -> Draft:
    return Draft(
        of=held.dataflow,
        id=held.id,
        state=held.state,
        created_at=held.created_at,
        created_by=held.created_by,
        approved_by=held.approved_by,
        released_at=held.released_at,
        series=held.series,
        observations=held.observations,
        note=held.note,
    )
