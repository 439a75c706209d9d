"""The structure messages of an import: into the registry in the order they need each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from adapters.sdmx.reading import StructureMessage
from adapters.sdmx.unlabelling import unlabelled
from hub.import_report import FileReport, guarded
from hub.import_settling import holds, settled
from registry.attribution import Message
from registry.complete import carried
from registry.errors import Conflict
from registry.held import held
from registry.index import Index
from registry.model import Artefact, references
from registry.overlay import Known
from registry.ref import Kind, Ref, is_wild

Write = Callable[[Sequence[Artefact], str, Mapping[Ref, Message], int], list[Ref]]
"""Stores artefacts in one transaction and gives the refs of those that changed; see :func:`registry.actions.put`. The text says
how they came, the messages are those they came in, the number is the revision of the registry that they were worked out on:
:class:`Conflict` REGISTRY_MOVED_ON where it stands at another one by now."""

NEEDED = frozenset(
    {
        Kind.AGENCY_SCHEME,
        Kind.CODELIST,
        Kind.CONCEPT_SCHEME,
        Kind.DATA_STRUCTURE,
        Kind.DATAFLOW,
        Kind.REPRESENTATION_MAP,
    }
)
"""What data cannot be read without. Others are left out where they name what is nowhere, since a message is often a part."""

TRIES = 5
"""Times that something is worked out when others write at the same time."""

T = TypeVar("T")

ORDER = tuple(Kind)
"""Kinds stand in the order in which they need each other."""


@dataclass
class Pending:
    """A structure message that has been read. ``labelled`` as in it."""

    report: FileReport
    artefacts: tuple[Artefact, ...]
    message: Message
    labelled: bool = False

    @classmethod
    def of(cls, report: FileReport, found: StructureMessage, message: Message) -> Pending:
        """Stubs are not stored: they only say where something is."""
        whole = tuple(made for made in found.artefacts if not made.is_external_reference)
        return cls(report, whole, message, found.labelled)

    def bare(self, known: Known) -> Iterable[Artefact]:
        """The artefacts without names behind codes."""
        return unlabelled(self.artefacts, partial(held, known)) if self.labelled else self.artefacts

    @property
    def needs(self) -> set[Ref]:
        return {ref for made in self.artefacts if made.ref.kind in NEEDED for ref in references(made)}


def as_it_stands(work: Callable[[], T]) -> T:
    """What ``work`` gives, which writes what it worked out on the registry; worked out again where others wrote meanwhile, as
    if all came one after the other."""
    for _ in range(TRIES - 1):
        try:
            return work()
        except Conflict as error:
            if error.code != "REGISTRY_MOVED_ON":
                raise
    return work()


class Shelving:
    """Writes messages one by one as soon as what they need is there; those that need each other together.

    ``written`` is all that got through, also when the writer only tries.
    """

    def __init__(self, catalogue: Callable[[], Known], write: Write) -> None:
        self._catalogue = catalogue
        self._write = write

    def run(self, waiting: list[Pending]) -> None:
        waiting = list(waiting)
        while waiting:
            group = self._next(waiting)
            self._shelve(group)
            waiting = [pending for pending in waiting if pending not in group]

    def _next(self, waiting: list[Pending]) -> list[Pending]:
        known = self._catalogue()
        for pending in waiting:
            if _complete([pending], known):
                return [pending]
        closed = waiting
        while closed and (lacking := [one for one in closed if not _complete([one], known, closed)]):
            closed = [one for one in closed if one not in lacking]
        return closed or waiting[:1]

    def _shelve(self, group: list[Pending]) -> None:
        with guarded(*(pending.report for pending in group)):
            as_it_stands(lambda: self._settle(group))

    def _settle(self, group: list[Pending]) -> None:
        known = self._catalogue()
        at = known.revision
        given = [made for pending in group for made in pending.bare(known)]
        artefacts = {made.ref: made for made in settled(given, known)}
        left_out = _leave_out(artefacts, known)
        before = {ref for ref in artefacts if holds(known, ref)}
        changed = set(self._write_most(artefacts, group, at))
        for pending in group:
            _tell(pending, before, changed, set(artefacts), left_out)

    def _write_most(self, artefacts: dict[Ref, Artefact], group: list[Pending], at: int) -> list[Ref]:
        """Write all but the final artefacts of others that the registry has with other content; these leave ``artefacts``.

        Every office words its copies of the cross-domain lists a little differently, and cannot change them.
        """
        messages = {made.ref: pending.message for pending in group for made in pending.artefacts}
        what = "import " + ", ".join(pending.report.file for pending in group)
        while True:
            try:
                return self._write(sorted(artefacts.values(), key=lambda made: ORDER.index(made.ref.kind)), what, messages, at)
            except Conflict as error:
                refused = error.facts.get("kind"), error.facts.get("ref")
                ref = next((ref for ref in artefacts if (ref.kind.value, str(ref)) == refused and carried(ref, messages)), None)
                if error.code != "ARTEFACT_FINAL" or ref is None:
                    raise
                del artefacts[ref]


def _complete(group: Iterable[Pending], known: Known, around: Iterable[Pending] = ()) -> bool:
    own = [made.ref for pending in (*group, *around) for made in pending.artefacts]
    index = Index.of(dict.fromkeys(own, ""), {})
    return all(index.resolve(ref) or holds(known, ref) for pending in group for ref in pending.needs)


def _leave_out(artefacts: dict[Ref, Artefact], known: Known) -> set[Ref]:
    """Take away what data do not need and what names something that is nowhere, until nothing is left that does."""
    left_out: set[Ref] = set()
    while lacking := set(_lacking(artefacts, known)):
        left_out |= lacking
        for ref in lacking:
            del artefacts[ref]
    return left_out


def _lacking(artefacts: Mapping[Ref, Artefact], known: Known) -> Iterator[Ref]:
    index = Index.of(dict.fromkeys(artefacts, ""), {})
    for ref, made in artefacts.items():
        named = (one for one in references(made) if not is_wild(one))
        if ref.kind not in NEEDED and not all(index.resolve(one) or holds(known, one) for one in named):
            yield ref


def _tell(pending: Pending, before: set[Ref], changed: set[Ref], written: set[Ref], left_out: set[Ref]) -> None:
    report = pending.report
    report.left_out.update(made.ref.kind.value for made in pending.artefacts if made.ref in left_out)
    for made in pending.artefacts:
        name = f"{made.ref.kind.value} {made.ref}"
        if made.ref in left_out:
            continue
        if made.ref not in written:
            report.kept.append(name)
        elif made.ref not in changed:
            report.unchanged.append(name)
        else:
            (report.changed if made.ref in before else report.added).append(name)
