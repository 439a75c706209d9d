"""Proposed changes of the registry: judged by the version advisor, kept, and stored once a second person agrees.

Source of the rules for versions: :mod:`registry.advisor`; of what may be stored: :mod:`registry.actions`.
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, RowMapping, insert, select, update

from adapters.sdmx.reading.apart import shared
from hub import audit
from hub.access import Action, Rules
from hub.database import reading, writing
from hub.proposal_reading import Content, read
from hub.proposal_tables import proposal
from hub.report_releases import strange_releases
from hub.resting import breaking, refuse_removal
from registry import records
from registry.actions import put, remove
from registry.advisor import Advice, advise
from registry.attribution import Act, Message
from registry.document import from_document, to_document
from registry.errors import Conflict, Invalid, NotFound
from registry.model import Artefact
from registry.named_items import dangling
from registry.ports import Catalogue, Clock, Viewer
from registry.proposals import Decision, Proposal
from registry.ref import Kind, Ref
from registry.submission import check_reason
from registry.usage import Usage

_P = proposal.c

MOST_LISTED = 1000


class ProposedChanges:
    """Implements :class:`registry.proposals.Proposals`. ``four_eyes``: who approves must not be who proposed."""

    def __init__(
        self, engine: Engine, clock: Clock, rules: Rules, catalogue: Catalogue, usage: Usage, *, four_eyes: bool
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._rules = rules
        self._catalogue = catalogue
        self._usage = usage
        self._four_eyes = four_eyes

    def advise(self, content: str, viewer: Viewer) -> list[Advice]:
        self._rules.demand(viewer, Action.CHANGE_REGISTRY)
        return advise(read(content, self._catalogue, shared()).artefacts, self._catalogue, self._usage, viewer)

    def propose(self, content: str, gone: Sequence[Ref], why: str, viewer: Viewer) -> Proposal:
        self._rules.demand(viewer, Action.CHANGE_REGISTRY)
        given = read(content, self._catalogue, shared()) if content.strip() else Content((), None)
        if not given.artefacts and not gone:
            raise Invalid("NOTHING_PROPOSED")
        if not why.strip():
            raise Invalid("REASON_MISSING")
        check_reason(why)
        _legal(advise(given.artefacts, self._catalogue))
        with writing(self._engine) as connection:
            now = self._clock.now()
            with connection.begin_nested() as attempt:
                self._store(connection, given.artefacts, gone, Act(now, viewer.name, "proposal", why), given.message)
                attempt.rollback()
            return keep(connection, given, gone, why, viewer, now)

    def _store(
        self, connection: Connection, given: Sequence[Artefact], gone: Sequence[Ref], act: Act, came_in: Message | None
    ) -> None:
        strange = strange_releases(connection, given, self._clock.now())
        lost = dangling(given, self._catalogue)
        for error in (*breaking(connection, self._catalogue, given).values(), *strange.values(), *lost.values()):
            raise error
        put(connection, given, act, {made.ref: came_in for made in given} if came_in else None)
        remove(connection, gone, act)
        refuse_removal(connection, self._catalogue, gone)

    def advice(self, id: str, viewer: Viewer) -> list[Advice]:
        found = self.proposal(id, viewer)
        if found.state is not Decision.WAITING:
            return []
        return advise(found.given, self._catalogue, self._usage, viewer)

    def approve(self, id: str, viewer: Viewer) -> Proposal:
        self._rules.demand(viewer, Action.APPROVE)
        self._rules.demand(viewer, Action.CHANGE_REGISTRY)
        with writing(self._engine) as connection:
            now, row = self._clock.now(), _waiting(connection, id)
            made = _proposal(row)
            if self._four_eyes and made.made_by == viewer.name:
                raise Conflict("FOUR_EYES", found=id)
            _not_overtaken(connection, made, row["base"])
            act = Act(now, made.made_by, f"proposal {id}, approved by {viewer.name}", made.why)
            self._store(connection, made.given, made.gone, act, _message(row))
            return _decide(connection, made, Decision.APPROVED, viewer, now, records.revision(connection))

    def withdraw(self, id: str, viewer: Viewer) -> Proposal:
        self._rules.demand(viewer, Action.CHANGE_REGISTRY)
        with writing(self._engine) as connection:
            made = _proposal(_waiting(connection, id))
            return _decide(connection, made, Decision.WITHDRAWN, viewer, self._clock.now(), None)

    def proposals(self, viewer: Viewer, waiting: bool = True) -> list[Proposal]:
        self._rules.demand(viewer, Action.CHANGE_REGISTRY)
        asked = select(proposal).order_by(_P.id.desc()).limit(MOST_LISTED)
        if waiting:
            asked = asked.where(_P.state == Decision.WAITING.value)
        with reading(self._engine) as connection:
            return [_proposal(row) for row in connection.execute(asked).mappings()]

    def proposal(self, id: str, viewer: Viewer) -> Proposal:
        self._rules.demand(viewer, Action.CHANGE_REGISTRY)
        with reading(self._engine) as connection:
            return _proposal(_row(connection, id))


def _legal(advice: Sequence[Advice]) -> None:
    """:class:`Conflict` VERSION_NOT_LEGAL for the first version that does not tell how much changes."""
    for one in advice:
        if not one.legal:
            raise one.refusal


def _not_overtaken(connection: Connection, made: Proposal, base: int) -> None:
    now = records.revision(connection)
    for ref in (*(artefact.ref for artefact in made.given), *made.gone):
        if later := [entry for entry in records.history(connection, ref, now) if entry.revision > base]:
            raise Conflict("PROPOSAL_OVERTAKEN", id=made.id, kind=ref.kind.value, ref=str(ref), at=later[-1].at.isoformat())


def keep(connection: Connection, given: Content, gone: Sequence[Ref], why: str, viewer: Viewer, now: datetime) -> Proposal:
    """Write down what was found good, to wait for a decision."""
    values: dict[str, Any] = {
        "public_id": secrets.token_hex(8),
        "state": Decision.WAITING.value,
        "made_at": now,
        "made_by": viewer.name,
        "why": why,
        "base": records.revision(connection),
        "documents": zlib.compress(orjson.dumps([to_document(made) for made in given.artefacts])),
        "gone": orjson.dumps([[ref.kind.value, str(ref)] for ref in gone]).decode(),
        "message": zlib.compress(given.message.content) if given.message else None,
        "media_type": given.message.media_type if given.message else None,
    }
    connection.execute(insert(proposal).values(values))
    made = _proposal(_row(connection, values["public_id"]))
    audit.record(connection, now, viewer, "propose", made.id, _subjects(made))
    return made


def _decide(
    connection: Connection, made: Proposal, state: Decision, viewer: Viewer, now: datetime, revision: int | None
) -> Proposal:
    values = {"state": state.value, "decided_at": now, "decided_by": viewer.name, "revision": revision}
    connection.execute(update(proposal).where(_P.public_id == made.id).values(values))
    audit.record(connection, now, viewer, f"proposal-{state.value}", made.id, _subjects(made))
    return _proposal(_row(connection, made.id))


def _row(connection: Connection, id: str) -> RowMapping:
    row = connection.execute(select(proposal).where(_P.public_id == id)).mappings().one_or_none()
    if row is None:
        raise NotFound("PROPOSAL_NOT_FOUND", found=id[:40])
    return row


def _waiting(connection: Connection, id: str) -> RowMapping:
    row = _row(connection, id)
    if row["state"] != Decision.WAITING.value:
        raise Conflict("WRONG_STATE", found=row["state"], expected=Decision.WAITING.value, id=id[:40])
    return row


def _message(row: RowMapping) -> Message | None:
    return Message(zlib.decompress(row["message"]), row["media_type"]) if row["message"] is not None else None


def _proposal(row: RowMapping) -> Proposal:
    return Proposal(
        id=row["public_id"],
        state=Decision(row["state"]),
        made_at=row["made_at"],
        made_by=row["made_by"],
        why=row["why"],
        given=tuple(from_document(each) for each in orjson.loads(zlib.decompress(row["documents"]))),
        gone=tuple(Ref.parse(ref, Kind(kind)) for kind, ref in orjson.loads(row["gone"])),
        decided_at=row["decided_at"],
        decided_by=row["decided_by"],
        revision=row["revision"],
    )


def _subjects(made: Proposal) -> str:
    refs = [*(artefact.ref for artefact in made.given), *made.gone]
    return ", ".join(f"{ref.kind.value} {ref}" for ref in refs[:20])
