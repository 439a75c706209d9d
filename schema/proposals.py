"""Proposed changes of the registry as GraphQL shows them, and what the version advisor says of each."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from registry import advisor, proposals
from registry.advisor import mapping, reaching
from registry.document import to_document
from registry.errors import HubError
from registry.ref import Ref
from schema.context import Info, message_language
from schema.fields import described
from schema.metadata import After, First, Lang
from schema.paging import DEFAULT_PAGE, Connection, pages_by_place, pages_of_items

Proposed = Annotated[
    str,
    strawberry.argument(
        description="An SDMX structure message, or artefacts in the registry's own form (`document`) as JSON, one or a list."
    ),
]
Why = Annotated[str, strawberry.argument(description="Why; it stands in the log.")]


@strawberry.type(description="One difference between what is proposed and what is stored.")
class Finding:
    held: strawberry.Private[advisor.Finding]
    code: str = strawberry.field(description="Stable, such as ITEM_REMOVED.")
    severity: str = strawberry.field(description="major, minor or patch: the number of the version that it moves.")
    place: str = strawberry.field(description="The field, then ids and fields inside, such as items/01/names/vi.")
    old: str | None
    new: str | None

    @described("What it is, in words.")
    def title(self, info: Info, lang: Lang = None) -> str:
        return self.held.texts(lang or message_language(info.context.languages))["title"]

    @described("What it means, in words.")
    def detail(self, info: Info, lang: Lang = None) -> str:
        return self.held.texts(lang or message_language(info.context.languages))["detail"]


@strawberry.type(description="Something that may be stored and is probably not meant.")
class AdviceWarning:
    held: strawberry.Private[HubError]
    code: str = strawberry.field(description="Stable, such as MAP_TARGETS_UNKNOWN.")

    @described("What it is, in words.")
    def detail(self, info: Info, lang: Lang = None) -> str:
        return self.held.detail(lang or message_language(info.context.languages))


@strawberry.type(description="An artefact that refers to the changed one, directly or through others.")
class AffectedArtefact:
    kind: str
    ref: str
    through: list[str] = strawberry.field(description="The artefacts on the way, the changed one first.")
    follows: bool = strawberry.field(description="Whether it means the new version as soon as there is one.")


@strawberry.type(description="Published figures that what breaks reaches.")
class AffectedSeries:
    dataflow: str
    component: str | None = strawberry.field(description="Null: the whole dataflow.")
    code: str | None
    series: int
    observations: int


@strawberry.type(description="A new code that may be meant.")
class Candidate:
    code: str
    why: str = strawberry.field(description="same-name, merged, split, same-id-other-name or similar-name.")
    likeness: float = strawberry.field(description="Of the names, from 0 to 1.")


@strawberry.type(description="An old code that nobody has decided about.")
class OpenCode:
    code: str
    candidates: list[Candidate]


@strawberry.type(description="A code that goes on under its id.")
class LinkedCode:
    code: str
    why: str


@strawberry.type(description="A draft of the correspondence from the stored codelist to the proposed one; nothing is invented.")
class MapDraft:
    held: strawberry.Private[mapping.MapDraft]
    source: str
    target: str
    new: list[str] = strawberry.field(description="New codes that no line mentions.")

    @described("Codes that go on under their id.")
    def linked(self, first: First = DEFAULT_PAGE, after: After = None) -> Connection[LinkedCode]:
        return pages_of_items(
            self.held.linked, lambda one: one.code, first, after, lambda one: LinkedCode(code=one.code, why=one.why.value)
        )

    @described("Codes to be decided about, with candidates.")
    def open(self, first: First = DEFAULT_PAGE, after: After = None) -> Connection[OpenCode]:
        return pages_of_items(self.held.open, lambda one: one.code, first, after, _open)

    @described("What is linked as a representation map to go on from, in the registry's own form.")
    def document(self) -> JSON:
        return JSON(to_document(self.held.correspondence()))


def _open(held: mapping.Open) -> OpenCode:
    found = [Candidate(code=one.code, why=one.why.value, likeness=one.likeness) for one in held.candidates]
    return OpenCode(code=held.code, candidates=found)


@strawberry.type(description="What the version advisor says of one proposed artefact.")
class Advice:
    held: strawberry.Private[advisor.Advice]
    kind: str
    ref: str
    base: str | None = strawberry.field(description="The stored version it is held against; null for one that is new.")
    severity: str = strawberry.field(description="none, patch, minor or major.")
    next_version: str | None = strawberry.field(description="The smallest legal version; null where nothing changed.")
    legal: bool = strawberry.field(description="Whether the proposed version may be taken for this content.")
    in_place: bool = strawberry.field(description="Whether the version is stored and may still change there.")

    @described("What differs, the gravest first.")
    def findings(self, first: First = DEFAULT_PAGE, after: After = None) -> Connection[Finding]:
        return pages_by_place(sorted(self.held.findings, key=lambda one: -one.severity), first, after, _finding)

    @described("What may be stored and is probably not meant, such as codes of a map that its lists do not have.")
    def warnings(self) -> list[AdviceWarning]:
        return [AdviceWarning(held=one, code=one.code) for one in self.held.warnings]

    @described("What refers to it, up to every dataflow, nearest first.")
    def affected(self, first: First = DEFAULT_PAGE, after: After = None) -> Connection[AffectedArtefact]:
        return pages_of_items(self.held.affected, lambda one: one.ref.urn, first, after, _affected)

    @described("Published figures that break.")
    def affected_series(self) -> list[AffectedSeries]:
        return [_series(one) for one in self.held.series]

    @described("For a codelist of which something breaks.")
    def draft_map(self) -> MapDraft | None:
        held = self.held.draft_map
        return MapDraft(held=held, source=str(held.source), target=str(held.target), new=list(held.new)) if held else None


def advice(held: advisor.Advice) -> Advice:
    return Advice(
        held=held,
        kind=held.proposed.kind.value,
        ref=str(held.proposed),
        base=str(held.base) if held.base else None,
        severity=held.severity.name.lower(),
        next_version=held.next_version,
        legal=held.legal,
        in_place=held.in_place,
    )


def _finding(held: advisor.Finding) -> Finding:
    said = {"code": held.code, "severity": held.severity.name.lower(), "place": held.place}
    return Finding(held=held, old=held.old or None, new=held.new or None, **said)


def _affected(held: reaching.Affected) -> AffectedArtefact:
    way = [str(ref) for ref in held.through]
    return AffectedArtefact(kind=held.ref.kind.value, ref=str(held.ref), through=way, follows=held.follows)


def _series(held: reaching.Series) -> AffectedSeries:
    return AffectedSeries(
        dataflow=str(held.dataflow),
        component=held.component or None,
        code=held.code or None,
        series=held.use.series,
        observations=held.use.observations,
    )


@strawberry.type(description="An artefact that a proposal would store or take away.")
class ProposedArtefact:
    kind: str
    ref: str
    removed: bool
    document: JSON | None = strawberry.field(description="As it would be stored; null where it would be taken away.")


@strawberry.type(description="A proposed change of the registry; for those who may change it.")
class Proposal:
    held: strawberry.Private[proposals.Proposal]
    id: str
    state: str = strawberry.field(description="waiting, approved or withdrawn.")
    made_at: datetime
    made_by: str
    why: str
    decided_at: datetime | None
    decided_by: str | None
    revision: int | None = strawberry.field(description="The revision of the registry that approving it made.")

    @described("What it would store and take away.")
    def artefacts(self) -> list[ProposedArtefact]:
        given = [_proposed(made.ref, JSON(to_document(made))) for made in self.held.given]
        return [*given, *(_proposed(ref, None) for ref in self.held.gone)]

    @described("What the version advisor says as the registry stands now; nothing once it is decided.")
    def advice(self, info: Info) -> list[Advice]:
        return [advice(one) for one in info.context.ports.proposals.advice(self.id, info.context.viewer)]


def _proposed(ref: Ref, document: JSON | None) -> ProposedArtefact:
    return ProposedArtefact(kind=ref.kind.value, ref=str(ref), removed=document is None, document=document)


def proposal(held: proposals.Proposal) -> Proposal:
    return Proposal(
        held=held,
        id=held.id,
        state=held.state.value,
        made_at=held.made_at,
        made_by=held.made_by,
        why=held.why,
        decided_at=held.decided_at,
        decided_by=held.decided_by,
        revision=held.revision,
    )
