"""Changes of the registry that come over the network: checked one by one, made together, written down with who and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import Connection, Engine

from hub import audit
from hub.access import Action, Rules
from hub.database import trying
from hub.import_settling import settled
from hub.proposal_reading import Content
from hub.proposals import keep
from hub.report_releases import strange_releases
from hub.resting import breaking, refuse_removal
from hub.workplace import workplace
from registry.actions import judge, remove, store
from registry.advisor import promising_too_little
from registry.attribution import Act, Message, Outcome
from registry.doubts import doubts
from registry.errors import Conflict, HubError, NotFound
from registry.merging import is_part, merged, without
from registry.model import Artefact, ItemScheme
from registry.named_items import dangling
from registry.overlay import Overlay
from registry.ports import Catalogue, Clock, Viewer
from registry.records import Unread, known, read_all
from registry.ref import Ref
from registry.submission import Order, Purpose, Result, check_reason

_Stored = Artefact | Unread | None


@dataclass(frozen=True)
class _Done:
    """What became of artefacts, what was wrong with others, and the proposal in which all of it waits for a second person."""

    outcomes: Mapping[Ref, Outcome] = field(default_factory=dict)
    errors: Mapping[Ref, HubError] = field(default_factory=dict)
    waits: str = ""

    def held(self, order: Order) -> bool:
        """Whether faults of some keep all from being taken."""
        return bool(self.errors) and order.whole


class Registrar:
    """Implements :class:`registry.maintaining.Maintenance`. ``four_eyes``: what is handed in is a proposal until a second
    person agrees (:mod:`hub.proposals`)."""

    def __init__(
        self, engine: Engine, clock: Clock, rules: Rules, catalogue: Catalogue, spill: Path, *, four_eyes: bool
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._rules = rules
        self._catalogue = catalogue
        self._spill = spill
        self._four_eyes = four_eyes

    def admit(self, viewer: Viewer) -> None:
        self._rules.demand(viewer, Action.CHANGE_REGISTRY)

    def incoming(self) -> AbstractContextManager[Path]:
        return workplace(self._spill)

    def submit(self, artefacts: Sequence[Artefact], purpose: Purpose, order: Order, viewer: Viewer) -> list[Result]:
        self.admit(viewer)
        refs = list(dict.fromkeys(made.ref for made in artefacts))
        if purpose == Purpose.DELETE:
            return self._remove(refs, order, viewer)
        if purpose == Purpose.INFORMATION:
            purpose, order = Purpose.REPLACE, replace(order, dry=True)
        with self._making(order) as connection:
            given = _as_stored(artefacts, self._catalogue)
            done = self._store(connection, given, purpose, order, viewer)
            taken = [made for made in given if made.ref not in done.errors] if not done.held(order) else []
            return _told(refs, purpose, done, order, self._doubts(taken))

    def _doubts(self, taken: Sequence[Artefact]) -> dict[Ref, tuple[HubError, ...]]:
        after = Overlay(self._catalogue, taken)
        return {made.ref: doubts(made, after) for made in taken}

    def remove(self, ref: Ref, item: str | None, order: Order, viewer: Viewer) -> Result:
        self.admit(viewer)
        if item is None:
            return self._remove([ref], order, viewer)[0]
        with self._making(order) as connection:
            less = _without(_standing(connection, ref), ref, item)
            done = self._store(connection, [less], Purpose.REPLACE, order, viewer)
        return _told([ref], Purpose.DELETE, done, order)[0]

    @contextmanager
    def _making(self, order: Order) -> Iterator[Connection]:
        """One transaction; a dry one leaves nothing."""
        check_reason(order.why)
        with trying(self._engine, order.dry) as connection:
            yield connection

    def _store(
        self, connection: Connection, artefacts: Sequence[Artefact], purpose: Purpose, order: Order, viewer: Viewer
    ) -> _Done:
        stored = _all_standing(connection, [made.ref for made in artefacts])
        ready, errors = self._ready(stored, artefacts, purpose, order)
        errors |= dangling(ready, self._catalogue)
        errors |= {one.proposed: one.refusal for one in promising_too_little(ready, self._catalogue)}
        errors |= breaking(connection, self._catalogue, ready) | strange_releases(connection, ready, self._clock.now())
        ready = [made for made in ready if made.ref not in errors]
        judged = judge(connection, ready, [ref for ref, one in stored.items() if isinstance(one, Unread)])
        errors |= judged.errors
        if errors and order.whole:
            return _Done(errors=errors)
        changed = [one.made for one in judged.changed]
        outcomes = {made.ref: Outcome.CHANGED if made.ref in judged.stored else Outcome.ADDED for made in changed}
        if self._waits(order) and changed:
            content = Content(tuple(changed), order.original)
            return _Done(outcomes, errors, keep(connection, content, (), order.why, viewer, self._clock.now()).id)
        store(connection, judged, self._act(order, viewer), _came_in(artefacts, order))
        self._note(connection, outcomes, order, viewer)
        return _Done(outcomes, errors)

    def _waits(self, order: Order) -> bool:
        """Whether a second person must agree first, as to everything that is proposed in other ways."""
        return self._four_eyes and not order.dry

    def _ready(
        self, stored: Mapping[Ref, _Stored], artefacts: Sequence[Artefact], purpose: Purpose, order: Order
    ) -> tuple[list[Artefact], dict[Ref, HubError]]:
        """The artefacts as they would stand; those that may not come at all."""
        ready: list[Artefact] = []
        errors: dict[Ref, HubError] = {}
        for made in artefacts:
            try:
                ready.append(_settled(stored[made.ref], made, purpose, order))
            except HubError as error:
                errors.setdefault(made.ref, error)
        return [made for made in ready if made.ref not in errors], errors

    def _remove(self, refs: list[Ref], order: Order, viewer: Viewer) -> list[Result]:
        errors: dict[Ref, HubError] = {}
        waits = ""
        with self._making(order) as connection:
            left = [ref for ref in refs if not _protected(_standing(connection, ref), errors)]
            while left and not (errors and order.whole):
                try:
                    waits = self._take_out(connection, left, order, viewer)
                    break
                except HubError as error:
                    failed = next(ref for ref in left if str(ref) == error.facts["ref"] and ref.kind == error.facts["kind"])
                    errors[failed] = error
                    left.remove(failed)
        outcomes = {} if errors and order.whole else dict.fromkeys(left, Outcome.REMOVED)
        return _told(refs, Purpose.DELETE, _Done(outcomes, errors, waits), order)

    def _take_out(self, connection: Connection, refs: Sequence[Ref], order: Order, viewer: Viewer) -> str:
        """Take artefacts out, or what can be taken out is proposed: the id of the proposal then."""
        refuse_removal(connection, self._catalogue, refs)
        if self._waits(order):
            with connection.begin_nested() as attempt:
                remove(connection, refs, self._act(order, viewer))
                attempt.rollback()
            return keep(connection, Content((), order.original), refs, order.why, viewer, self._clock.now()).id
        remove(connection, refs, self._act(order, viewer))
        self._note(connection, dict.fromkeys(refs, Outcome.REMOVED), order, viewer)
        return ""

    def _act(self, order: Order, viewer: Viewer) -> Act:
        return Act(self._clock.now(), viewer.name, order.what, order.why)

    def _note(self, connection: Connection, outcomes: Mapping[Ref, Outcome], order: Order, viewer: Viewer) -> None:
        """The audit's entry, in the same transaction."""
        counts = [f"{outcome} {count}" for outcome in Outcome if (count := list(outcomes.values()).count(outcome))]
        if counts:
            detail = ", ".join([*counts, *filter(None, [order.why])])
            audit.record(connection, self._clock.now(), viewer, "change-registry", order.what[:255], detail)


def _settled(stored: _Stored, made: Artefact, purpose: Purpose, order: Order) -> Artefact:
    """An artefact as it is to stand, by what stands and what is to be done."""
    if stored is None:
        if order.replaces:
            raise _missing(made.ref)
        return made
    if isinstance(stored, Unread):
        if purpose == Purpose.MERGE or is_part(made):
            raise stored.error()  # what is there would be lost with what nobody can read
        return made
    if made.is_external_reference and not stored.is_external_reference:
        return stored  # a stub says nothing that the whole does not say
    if purpose == Purpose.APPEND and made != stored:
        raise Conflict("ARTEFACT_EXISTS", kind=made.ref.kind.value, ref=str(made.ref))
    if purpose == Purpose.MERGE or is_part(made):
        return merged(stored, made)
    _check_final(stored, made)
    return made


def _check_final(stored: Artefact, made: Artefact) -> None:
    """Items of a final scheme do not go, though a copy with fewer of them would be no contradiction."""
    if not isinstance(stored, ItemScheme) or not isinstance(made, ItemScheme) or made.is_external_reference:
        return
    if stored.is_final and (gone := stored.by_id.keys() - made.by_id.keys()):
        raise Conflict("ARTEFACT_FINAL", kind=made.ref.kind.value, ref=str(made.ref), place=min(gone)[:60])


def _as_stored(artefacts: Sequence[Artefact], known: Catalogue) -> list[Artefact]:
    """With what messages leave to the registry, as an import has it; what is said twice in two ways stays so."""
    first = {made.ref: made for made in reversed(artefacts)}
    return [*settled(first.values(), known), *(made for made in artefacts if made is not first[made.ref])]


def _standing(connection: Connection, ref: Ref) -> _Stored:
    """The artefact in this transaction's eyes: what others remember of it may be older."""
    return _all_standing(connection, [ref])[ref]


def _all_standing(connection: Connection, refs: Sequence[Ref]) -> dict[Ref, _Stored]:
    """The same for many, in few questions to the database."""
    keys = {ref: key for ref, (key, _) in known(connection, refs).items()}
    return dict.fromkeys(refs) | {one.ref: one for one in read_all(connection, keys)}


def _missing(ref: Ref) -> NotFound:
    return NotFound("ARTEFACT_NOT_FOUND", kind=ref.kind.value, ref=str(ref), near="-")


def _without(stored: _Stored, ref: Ref, item: str) -> Artefact:
    if stored is None:
        raise _missing(ref)
    if isinstance(stored, Unread):
        raise stored.error()
    if not isinstance(stored, ItemScheme) or item not in stored.by_id:
        raise NotFound("ITEM_OF_SCHEME_NOT_FOUND", ref=str(ref), found=item[:60])
    return without(stored, item)


def _protected(stored: _Stored, errors: dict[Ref, HubError]) -> bool:
    """What is final stays: whoever used it must find it again."""
    if stored is None or isinstance(stored, Unread) or not stored.is_final:
        return False
    errors[stored.ref] = Conflict("ARTEFACT_KEPT", kind=stored.ref.kind.value, ref=str(stored.ref))
    return True


def _came_in(artefacts: Sequence[Artefact], order: Order) -> dict[Ref, Message]:
    return {made.ref: order.original for made in artefacts} if order.original else {}


def _told(
    refs: Sequence[Ref],
    purpose: Purpose,
    done: _Done,
    order: Order,
    doubtful: Mapping[Ref, tuple[HubError, ...]] = MappingProxyType({}),
) -> list[Result]:
    """A result for each; where all or none was wanted, those without fault say that others held them back."""
    held = Conflict("SUBMISSION_HELD", count=len(done.errors)) if done.held(order) else None
    return [
        Result(
            ref,
            purpose,
            done.outcomes.get(ref),
            done.errors.get(ref) or held,
            doubtful.get(ref, ()),
            waits=done.waits if ref in done.outcomes else "",
            tried=order.dry,
        )
        for ref in refs
    ]
