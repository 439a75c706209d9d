"""The advice about one proposed artefact, put together from the rooms around it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from registry.advisor.comparing import differences
from registry.advisor.findings import Finding, Severity, worst
from registry.advisor.mapping import MapDraft, draft_map
from registry.advisor.numbering import compared_with, following, in_line, is_draft
from registry.advisor.reaching import Affected, Counting, Series, affected, counting, relatives, series
from registry.advisor.rules import FIXED
from registry.complete import Contradiction, carried, complete
from registry.document import from_document, to_document
from registry.doubts import doubts
from registry.errors import Conflict, HubError, Unavailable
from registry.model import Artefact, Codelist, ItemScheme
from registry.overlay import Known, Overlay
from registry.ports import PUBLIC, Viewer
from registry.ref import Ref
from registry.usage import Usage
from registry.version import Version, sort_key


@dataclass(frozen=True)
class Advice:
    """What there is to say about one proposed artefact.

    base          the stored version it is held against; None for an artefact that is new, or older than all that are stored
    severity      of all findings together
    next_version  the smallest legal version for this content; None where nothing changed
    legal         whether the proposed version may be taken for this content
    in_place      whether the version proposed is stored and may still change there: a draft, a legacy one that is not final,
                  a final one of which this is a copy that adds words at most
    affected      what refers to the base, and of a codelist that names its classification what refers to any version of that
    warnings      what may be stored and is probably not meant
    draft_map     for a codelist of which something breaks
    """

    proposed: Ref
    base: Ref | None
    severity: Severity
    findings: tuple[Finding, ...]
    next_version: str | None
    legal: bool
    in_place: bool
    affected: tuple[Affected, ...] = ()
    series: tuple[Series, ...] = ()
    draft_map: MapDraft | None = None
    warnings: tuple[HubError, ...] = ()

    @property
    def refusal(self) -> Conflict:
        """Why the proposed version may not be taken."""
        gravest = max(self.findings, key=lambda finding: finding.severity, default=None)
        kind, ref, place = self.proposed.kind.value, str(self.proposed), gravest.place if gravest else "-"
        return Conflict("VERSION_NOT_LEGAL", kind=kind, ref=ref, near=self.next_version or "-", place=place[:120])


def advise(proposed: Sequence[Artefact], stored: Known, usage: Usage | None = None, viewer: Viewer = PUBLIC) -> list[Advice]:
    """Advice about each artefact of a message. References are resolved as if all of them were stored.

    What a message with structures brings of other agencies is carried along for them, often cut down: a copy of a final list
    takes nothing away by what it leaves out, as it does not when it is imported (:mod:`registry.complete`).
    Without ``usage`` no series are counted; with it those that the viewer may see.
    """
    after = Overlay(stored, proposed)
    count = counting(usage, viewer) if usage else None
    refs = [one.ref for one in proposed]
    return [_Advisor(one, stored, after, count, carried(one.ref, refs)).advice() for one in proposed]


def promising_too_little(proposed: Sequence[Artefact], stored: Known) -> list[Advice]:
    """Advice about those artefacts of a message whose versions tell less than what changes.

    Only numbers of three parts tell anything, those of drafts and of 0.x do not. Of a part, a stub or what is carried along for
    others nothing can be said, nor of what would be held against something that no longer reads.
    """
    refs = [one.ref for one in proposed]
    promising = [one for one in proposed if _promises(one, stored) and not carried(one.ref, refs)]
    after, found = Overlay(stored, proposed if promising else ()), []
    for one in promising:
        with suppress(Unavailable):
            found.append(_Advisor(one, stored, after, None, carried=False).advice())
    return [advice for advice in found if not advice.legal and advice.base and _tells(advice.base.version)]


def _promises(one: Artefact, stored: Known) -> bool:
    """Whether it is new, whole, and one of several versions."""
    others = {ref.version for ref in stored.find(one.ref.kind, one.ref.agency, one.ref.id)}
    whole = not one.is_external_reference and not (isinstance(one, ItemScheme) and one.is_partial)
    return whole and _tells(one.ref.version) and bool(others) and one.ref.version not in others


def _tells(version: str) -> bool:
    found = Version.parse(version)
    return found is not None and found.is_stable


class _Advisor:
    def __init__(self, proposed: Artefact, stored: Known, after: Known, count: Counting | None, carried: bool) -> None:
        ref = proposed.ref
        self._stored = stored
        self._after = after
        self._count = count
        self._versions = [one.version for one in stored.find(ref.kind, ref.agency, ref.id)]
        self._copy = _copied(stored.get(ref), proposed) if carried and ref.version in self._versions else None
        self._proposed = self._copy or proposed

    def advice(self) -> Advice:
        ref = self._proposed.ref
        version = compared_with(ref.version, self._versions)
        if version is None:
            reached = affected(ref, ref.version, self._stored, self._relatives)
            new = Advice(ref, None, Severity.NONE, (), ref.version, legal=True, in_place=False, affected=reached)
            return replace(new, warnings=doubts(self._proposed, self._after))
        base, findings, wanted = self._settled(version)
        if self._in_place() and not is_draft(ref.version):
            # The next number goes on from what took it, but what breaks, and for whom, is what is changed where it stands.
            base = self._stored.get(ref)
            findings = differences(base, self._proposed, self._stored, self._after)
        severity = worst(findings)
        reached = affected(base.ref, wanted, self._stored, self._relatives) if wanted else ()
        return Advice(
            proposed=ref,
            base=base.ref,
            severity=severity,
            findings=findings,
            next_version=wanted,
            legal=self._legal(base, wanted),
            in_place=self._in_place(),
            affected=reached,
            series=series(base, findings, reached, self._stored, self._count) if self._count else (),
            draft_map=self._map(base, severity, wanted),
            warnings=doubts(self._proposed, self._after),
        )

    @cached_property
    def _relatives(self) -> list[Ref]:
        return relatives(self._proposed, self._stored)

    def _settled(self, version: str) -> tuple[Artefact, tuple[Finding, ...], str | None]:
        """The base, what differs from it and the next version, such that this version is free.

        Where it is taken, what took it is the one to go on from: 1.2.0 changed where 1.3.0 exists must keep what that promised.
        """
        while True:
            base = self._stored.get(replace(self._proposed.ref, version=version))
            findings = differences(base, self._proposed, self._stored, self._after)
            severity = worst(findings)
            wanted = self._next(base, severity)
            if wanted is None or base.ref.kind in FIXED or is_draft(wanted) or wanted not in self._versions:
                return base, findings, wanted
            version = in_line(wanted, severity, self._versions)

    def _next(self, base: Artefact, severity: Severity) -> str | None:
        if severity == Severity.NONE:
            return None
        return base.ref.version if base.ref.kind in FIXED else following(base.ref.version, severity, self._proposed.ref.version)

    def _legal(self, base: Artefact, wanted: str | None) -> bool:
        """The same content may be given again, and so may a copy; other content may take any free version from the next one on.

        A draft may be given as often as one likes, but promises to change no more than the version it is a draft of.
        """
        version = self._proposed.ref.version
        if self._copy or base.ref.kind in FIXED or (wanted is None and version == base.ref.version):
            return True
        if is_draft(version) or version not in self._versions:
            return sort_key(version) >= sort_key(wanted or base.ref.version)
        return self._in_place()

    def _in_place(self) -> bool:
        ref = self._proposed.ref
        if ref.version not in self._versions or self._copy:
            return self._copy is not None
        version = Version.parse(ref.version)
        return ref.kind in FIXED or not ((version and version.is_stable) or self._stored.get(ref).is_final)

    def _map(self, base: Artefact, severity: Severity, wanted: str | None) -> MapDraft | None:
        if severity < Severity.MAJOR or not isinstance(base, Codelist) or not isinstance(self._proposed, Codelist):
            return None
        target = replace(self._proposed.ref, version=wanted or self._proposed.ref.version)
        return draft_map(base, replace(self._proposed, ref=target))


def _copied(stored: Artefact, proposed: Artefact) -> Artefact | None:
    """A final artefact with what a copy of it adds, as it would be stored; None where the two contradict each other."""
    if not stored.is_final:
        return None
    try:
        return from_document(complete(to_document(stored), to_document(proposed)))
    except Contradiction:
        return None
