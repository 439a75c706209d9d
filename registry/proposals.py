"""Proposed changes of the registry: what somebody wants, what the version advisor says of it, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from registry.advisor import Advice
from registry.model import Artefact
from registry.ports import Viewer
from registry.ref import Ref


class Decision(StrEnum):
    """What became of a proposal."""

    WAITING = "waiting"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Proposal:
    """``given`` is to be stored, ``gone`` to be taken away; ``revision`` is the one that approving made, None before."""

    id: str
    state: Decision
    made_at: datetime
    made_by: str
    why: str
    given: tuple[Artefact, ...]
    gone: tuple[Ref, ...]
    decided_at: datetime | None = None
    decided_by: str | None = None
    revision: int | None = None


class Proposals(Protocol):
    """Changes of the registry that wait for a second person. Raises Unauthenticated or Denied for the wrong viewer.

    ``content`` is an SDMX structure message, or artefacts in the registry's own form (:mod:`registry.document`) as a JSON
    object or a list of them.
    """

    def advise(self, content: str, viewer: Viewer) -> list[Advice]:
        """What the content would change; nothing is stored."""
        ...

    def propose(self, content: str, gone: Sequence[Ref], why: str, viewer: Viewer) -> Proposal:
        """Keep a change for approval. What could not be stored now is refused as it would be then, and so is a version that
        the advisor does not allow (:class:`registry.errors.Conflict` VERSION_NOT_LEGAL)."""
        ...

    def advice(self, id: str, viewer: Viewer) -> list[Advice]:
        """What a proposal that waits would change as the registry stands now; nothing for a decided one."""
        ...

    def approve(self, id: str, viewer: Viewer) -> Proposal:
        """Store what was proposed, all or nothing. Conflict PROPOSAL_OVERTAKEN where somebody changed the same meanwhile,
        FOUR_EYES where the proposer may not approve."""
        ...

    def withdraw(self, id: str, viewer: Viewer) -> Proposal:
        """Say that a proposal is not wanted any more."""
        ...

    def proposals(self, viewer: Viewer, waiting: bool = True) -> list[Proposal]:
        """Those that wait, or all, newest first."""
        ...

    def proposal(self, id: str, viewer: Viewer) -> Proposal: ...
