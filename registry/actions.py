"""Every write of the registry goes through here, inside the caller's transaction.

Writers must stand in line (``hub.database.writing``): two at once would both take the next revision.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from registry.attribution import Act, Message
from registry.check import check
from registry.circles import circles
from registry.complete import Contradiction, complete
from registry.document import from_document, to_document
from registry.errors import Conflict, HubError, Invalid, NotFound
from registry.foreseen import unfit
from registry.index import Index
from registry.model import Artefact, ConceptScheme, references
from registry.records import known, read, revision, standing, texts, versions
from registry.records import references as stored_references
from registry.records import rows as stored_rows
from registry.ref import SAME_URN, Kind, Ref, is_wild
from registry.shelf import Prepared, begin, end, place, prepare


@dataclass(frozen=True)
class Judged:
    """What would become of artefacts: those that would change, and why others cannot be stored."""

    changed: list[Prepared]
    errors: Mapping[Ref, HubError]
    stored: Mapping[Ref, tuple[int, str]]


def put(
    connection: Connection, given: Iterable[Artefact], act: Act, messages: Mapping[Ref, Message] | None = None
) -> list[Ref]:
    """Insert or replace artefacts in one go; the refs of those that changed, in the order given.

    ``messages``: what artefacts came in, to be kept as it was.

    What is already stored with the same content is no change, nor is a partial copy of a final artefact (see
    :mod:`registry.complete`). References may point into the same batch. Raises
    :class:`Invalid` for content that contradicts itself, is a report that does not fit its structure (REPORT_UNFIT) or names
    what does not exist (REFERENCE_MISSING) or itself (EXTENSION_CIRCLE), and :class:`Conflict` ARTEFACT_FINAL where a final
    artefact would change; the caller's transaction then holds no part of it.
    """
    judged = judge(connection, given)
    for error in judged.errors.values():
        raise error
    return store(connection, judged, act, messages)


def judge(connection: Connection, given: Iterable[Artefact], unread: Collection[Ref] = ()) -> Judged:
    """What would become of each of some artefacts, without storing any; the errors are those of :func:`put`.

    One that names another of them which cannot be stored lacks it. ``unread``: those whose stored content no longer reads, so
    that it is no use to be the same.
    """
    batch, errors = _distinct(given)
    while wrong := _missing(connection, batch.values()) | circles(connection, batch.values()):
        errors |= wrong
        batch = {ref: made for ref, made in batch.items() if ref not in wrong}
    errors |= unfit(connection, batch)
    batch = {ref: made for ref, made in batch.items() if ref not in errors}
    stored = known(connection, batch)
    changed: list[Prepared] = []
    for ref, made in batch.items():
        try:
            changed += [prepare(made)] if ref in unread else filter(None, [_changing(connection, made, stored)])
        except Conflict as error:
            errors[ref] = error
    return Judged(changed, errors, stored)


def store(connection: Connection, judged: Judged, act: Act, messages: Mapping[Ref, Message] | None = None) -> list[Ref]:
    """Store what was found good in the same transaction; the refs of what changed."""
    if judged.changed:
        ordinal = begin(connection, act)
        end(connection, [judged.stored[one.made.ref][0] for one in judged.changed if one.made.ref in judged.stored], ordinal)
        place(connection, judged.changed, ordinal, messages or {})
    return [one.made.ref for one in judged.changed]


def remove(connection: Connection, refs: Iterable[Ref], act: Act) -> None:
    """Take artefacts out of the registry; past states keep them.

    :class:`NotFound` ARTEFACT_NOT_FOUND for one that does not stand, :class:`Conflict` ARTEFACT_REFERENCED where another one
    that stays would name nothing.
    """
    wanted = set(refs)
    now = standing(revision(connection))
    before = Index.of(texts(stored_rows(connection, now)), stored_references(connection, now))
    for ref in sorted(wanted):
        if ref not in before.search_texts:
            near = ", ".join(str(other) for other in before.near(ref)) or "-"
            raise NotFound("ARTEFACT_NOT_FOUND", kind=ref.kind.value, ref=str(ref), near=near)
    after = before.changed(wanted, {}, {})
    for ref in sorted(wanted):
        if needing := [who for who in before.parents(ref) if who not in wanted and _lacks(before, after, who)]:
            by = ", ".join(f"{who.kind.value} {who}" for who in needing[:5])
            raise Conflict("ARTEFACT_REFERENCED", kind=ref.kind.value, ref=str(ref), by=by)
    if wanted:
        end(connection, [key for key, _ in known(connection, wanted).values()], begin(connection, act))


def _lacks(before: Index, after: Index, who: Ref) -> bool:
    return any(before.resolve(named) and not after.resolve(named) for named in before.references[who])


def digest(artefact: Artefact) -> str:
    """SHA-256 of the artefact's content: the same content has the same digest, whatever the order of its words."""
    return prepare(artefact).digest


def _distinct(given: Iterable[Artefact]) -> tuple[dict[Ref, Artefact], dict[Ref, HubError]]:
    """Those that make sense by themselves, and what is wrong with the others."""
    batch: dict[Ref, Artefact] = {}
    errors: dict[Ref, HubError] = {}
    for made in given:
        try:
            check(made)
            if batch.setdefault(made.ref, made) != made:
                raise Invalid("ARTEFACT_TWICE", kind=made.ref.kind.value, ref=str(made.ref))
        except Invalid as error:
            errors.setdefault(made.ref, error)
    return {ref: made for ref, made in batch.items() if ref not in errors}, errors


def _missing(connection: Connection, batch: Iterable[Artefact]) -> dict[Ref, HubError]:
    """Those that name what is neither stored nor among them."""
    needed = {made.ref: _needed(made) for made in batch}
    families = {(kind, ref.agency, ref.id) for refs in needed.values() for ref in refs for kind in _kinds(ref)}
    index = Index.of(dict.fromkeys([*versions(connection, families), *needed], ""), {})
    lacking = {ref: min(absent) for ref, refs in needed.items() if (absent := [one for one in refs if not index.resolve(one)])}
    if not lacking:
        return {}
    everything = Index.of(dict.fromkeys([*stored_rows(connection, standing(revision(connection))), *needed], ""), {})
    return {ref: _lack(ref, missing, everything) for ref, missing in lacking.items()}


def _lack(ref: Ref, missing: Ref, everything: Index) -> Invalid:
    near = ", ".join(str(other) for other in everything.near(missing)) or "-"
    return Invalid("REFERENCE_MISSING", ref=str(ref), kind=missing.kind.value, needed=str(missing), near=near)


def _kinds(ref: Ref) -> tuple[Kind, ...]:
    return SAME_URN.get(ref.kind, (ref.kind,))


def _needed(made: Artefact) -> set[Ref]:
    """What must be there, so nothing that wildcards name. The lists that concepts usually take their values from are only
    needed where a structure does."""
    return set() if isinstance(made, ConceptScheme) else {one for one in references(made) if not is_wild(one)}


def _changing(connection: Connection, made: Artefact, stored: Mapping[Ref, tuple[int, str]]) -> Prepared | None:
    """What will stand, if it is not what stands already."""
    prepared = prepare(made)
    if made.ref not in stored:
        return prepared
    key, was = stored[made.ref]
    if prepared.digest == was:
        return None
    agreed = _agreed(read(connection, made.ref, key), made)
    prepared = prepared if agreed is made else prepare(agreed)
    return prepared if prepared.digest != was else None


def _agreed(kept: Artefact, made: Artefact) -> Artefact:
    """What will stand: the given artefact, or where the stored one is final that one with the texts it lacked."""
    if not kept.is_final:
        return made
    try:
        return from_document(complete(to_document(kept), to_document(made)))
    except Contradiction as difference:
        raise Conflict("ARTEFACT_FINAL", kind=made.ref.kind.value, ref=str(made.ref), place=str(difference)[:60]) from None
