"""What changes something. Every decision about who may is made behind the port."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from registry.errors import Invalid
from registry.ref import ItemRef, Kind, Ref, parse_urn
from registry.text import Names
from schema.calendar import PlannedRelease, planned_release
from schema.context import Info
from schema.deliveries import Draft, draft
from schema.fields import described
from schema.proposals import Proposal, Proposed, Why, proposal
from schema.releases import Preview, Release, preview, release

DraftId = Annotated[str, strawberry.argument(name="draft", description="The id of the draft.")]
Embargo = Annotated[
    datetime | None, strawberry.argument(description="When it becomes public, with its zone; at once without it.")
]
Plan = Annotated[str | None, strawberry.argument(description="The calendar entry whose moment it waits for.")]
ReleaseId = Annotated[str, strawberry.argument(name="release", description="The id of the release.")]
EntryId = Annotated[str, strawberry.argument(name="entry", description="The id of the calendar entry.")]
FlowRef = Annotated[str, strawberry.argument(description="As AGENCY:ID(VERSION), or AGENCY:ID for the latest version.")]
Moment = Annotated[datetime, strawberry.argument(description="When it is to be public, with its zone.")]
Periods = Annotated[list[str], strawberry.argument(description="The reference periods, such as 2025-06.")]
Vietnamese = Annotated[str, strawberry.argument(description="In Vietnamese; readers see it.")]
English = Annotated[str, strawberry.argument(description="In English; readers see it.")]
Correction = Annotated[
    str | None, strawberry.argument(description="Why published figures are replaced; in both languages or not at all.")
]
Name = Annotated[str | None, strawberry.argument(description="Instead of the dataflow's name; in both languages.")]
ProposalId = Annotated[str, strawberry.argument(name="proposal", description="The id of the proposal.")]
Urns = Annotated[list[str] | None, strawberry.argument(description="The URNs of artefacts that are not wanted any more.")]
Holder = Annotated[str, strawberry.argument(description="As the token has it.")]


@strawberry.type
class Mutation:
    @described("Approve a draft; a second person's work where four eyes are required.")
    def approve(self, info: Info, id: DraftId) -> Draft | None:
        return draft(info.context.ports.desk.approve(id, info.context.viewer))

    @described("Publish an approved draft: now, at the end of an embargo, or at the moment of a calendar entry.")
    def release(
        self,
        info: Info,
        id: DraftId,
        embargo: Embargo = None,
        plan: Plan = None,
        correction_vi: Correction = None,
        correction_en: Correction = None,
    ) -> Draft | None:
        why, viewer = _either(correction_vi, correction_en), info.context.viewer
        return draft(info.context.ports.desk.release(id, viewer, embargo, plan=plan, correction=why))

    @described("Take back the newest figures: a new release with the content of the one before, and the reason.")
    def withdraw(self, info: Info, id: ReleaseId, reason_vi: Vietnamese, reason_en: English) -> Release | None:
        said = _both(reason_vi, reason_en)
        return release(info.context.ports.desk.withdraw(id, info.context.viewer, said))

    @described("Throw a draft away, or a release that still waits under embargo.")
    def discard(self, info: Info, id: DraftId) -> Draft | None:
        return draft(info.context.ports.desk.discard(id, info.context.viewer))

    @described("Announce a release in the calendar.")
    def plan(
        self,
        info: Info,
        dataflow: FlowRef,
        moment: Moment,
        periods: Periods,
        legal_basis_vi: Vietnamese,
        legal_basis_en: English,
        name_vi: Name = None,
        name_en: Name = None,
    ) -> PlannedRelease | None:
        context, names = info.context, _either(name_vi, name_en)
        flow, basis = Ref.parse(dataflow, Kind.DATAFLOW), _both(legal_basis_vi, legal_basis_en)
        return planned_release(context.ports.calendar.plan(flow, moment, periods, basis, context.viewer, names))

    @described("Move an announced date; a release that waits for it moves too. The old date stays readable.")
    def move_plan(
        self, info: Info, id: EntryId, moment: Moment, reason_vi: Vietnamese, reason_en: English
    ) -> PlannedRelease | None:
        said = _both(reason_vi, reason_en)
        return planned_release(info.context.ports.calendar.move(id, moment, said, info.context.viewer))

    @described("Say that an announced release will not come. The entry stays readable.")
    def cancel_plan(self, info: Info, id: EntryId, reason_vi: Vietnamese, reason_en: English) -> PlannedRelease | None:
        said = _both(reason_vi, reason_en)
        return planned_release(info.context.ports.calendar.cancel(id, said, info.context.viewer))

    @described("Let the holder of a token see one release under embargo before its moment.")
    def grant_preview(self, info: Info, id: ReleaseId, organisation: Holder, name: Holder) -> Preview | None:
        return preview(info.context.ports.desk.grant_preview(id, organisation, name, info.context.viewer))

    @described(
        "Propose a change of the registry: artefacts to store, and URNs of some to take away. It waits for `approveProposal`."
    )
    def propose(self, info: Info, why: Why, content: Proposed = "", remove: Urns = None) -> Proposal | None:
        gone = [_artefact(urn) for urn in remove or ()]
        return proposal(info.context.ports.proposals.propose(content, gone, why, info.context.viewer))

    @described("Store what was proposed; a second person's work where four eyes are required.")
    def approve_proposal(self, info: Info, id: ProposalId) -> Proposal | None:
        return proposal(info.context.ports.proposals.approve(id, info.context.viewer))

    @described("Take a proposal back, or refuse it.")
    def withdraw_proposal(self, info: Info, id: ProposalId) -> Proposal | None:
        return proposal(info.context.ports.proposals.withdraw(id, info.context.viewer))

    @described("End such a permission at once.")
    def revoke_preview(self, info: Info, id: ReleaseId, organisation: Holder, name: Holder) -> Preview | None:
        return preview(info.context.ports.desk.revoke_preview(id, organisation, name, info.context.viewer))


def _artefact(urn: str) -> Ref:
    named = parse_urn(urn)
    if isinstance(named, ItemRef):
        raise Invalid("BAD_REFERENCE", found=urn[:120], kind="Artefact")
    return named


def _both(vi: str, en: str) -> Names:
    return {"vi": vi, "en": en}


def _either(vi: str | None, en: str | None) -> Names | None:
    """What was said in one language or both; one alone is refused where it is checked."""
    return None if vi is None and en is None else _both(vi or "", en or "")
