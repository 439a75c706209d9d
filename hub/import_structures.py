"""The structure messages of an import: into the registry in the order they need each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from adapters.sdmx.reading import Structures
from hub.import_report import FileReport, guarded
from registry.errors import NotFound
from registry.index import Index
from registry.model import AgencyScheme, Artefact, ItemScheme, references
from registry.overlay import Known
from registry.ref import Kind, Ref

Write = Callable[[Sequence[Artefact]], list[Ref]]
"""Stores artefacts in one transaction and gives the refs of those that changed; see :func:`registry.actions.put`."""

ORDER = (
    Kind.AGENCY_SCHEME,
    Kind.CODELIST,
    Kind.CONCEPT_SCHEME,
    Kind.DATA_STRUCTURE,
    Kind.DATAFLOW,
    Kind.CORRESPONDENCE,
)


@dataclass
class Pending:
    """A structure message that has been read."""

    report: FileReport
    found: Structures

    @property
    def needs(self) -> set[Ref]:
        return {ref for artefact in self.found.artefacts for ref in references(artefact)}


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
            known = self._catalogue()
            artefacts = {made.ref: made for pending in group for made in _merged(pending, known)}
            before = {ref for ref in artefacts if _holds(known, ref)}
            changed = set(self._write(sorted(artefacts.values(), key=lambda made: ORDER.index(made.ref.kind))))
            for pending in group:
                _tell(pending, before, changed)


def _complete(group: Iterable[Pending], known: Known, around: Iterable[Pending] = ()) -> bool:
    own = [made.ref for pending in (*group, *around) for made in pending.found.artefacts]
    index = Index.of(dict.fromkeys(own, ""), ())
    return all(index.resolve(ref) or _holds(known, ref) for pending in group for ref in pending.needs)


def _holds(known: Known, ref: Ref) -> bool:
    try:
        known.get(ref)
    except NotFound:
        return False
    return True


def _merged(pending: Pending, known: Known) -> list[Artefact]:
    """The artefacts of a message; a list that holds only some items adds them to the one in the registry."""
    found: list[Artefact] = []
    for made in pending.found.artefacts:
        partial = made.ref in pending.found.partial or isinstance(made, AgencyScheme)
        if partial and isinstance(made, ItemScheme) and _holds(known, made.ref):
            stored = known.get(made.ref)
            if isinstance(stored, ItemScheme) and not stored.is_final:
                items = stored.by_id | made.by_id
                made = replace(stored, items=tuple(items.values()), names={**stored.names, **made.names})
        found.append(made)
    return found


def _tell(pending: Pending, before: set[Ref], changed: set[Ref]) -> None:
    report = pending.report
    for made in pending.found.artefacts:
        name = f"{made.ref.kind.value} {made.ref}"
        (report.unchanged if made.ref not in changed else report.changed if made.ref in before else report.added).append(name)
