"""The data messages of an import: which dataflow they are for, and what of them can be accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from registry.answers import Answer
from registry.checking import Checker
from registry.errors import Invalid, NotFound
from registry.inspection import Checked
from registry.model import Structure
from registry.overlay import Known
from registry.ports import Reject
from registry.raw import Described, Raw, RawDataSet, RawGroup, RawTable, StructureUse
from registry.ref import Kind, Ref

Progress = Callable[[int], None]
"""Called with the number of observations read since the last call."""


def check_file(
    pieces: Iterable[Raw],
    name: str,
    targets: Targets,
    refuse: Callable[[Reject], None],
    progress: Progress,
    standing: Callable[[Structure], Answer | None],
) -> list[Checked]:
    """What a data message gives, per dataflow, in the order of its data sets; ``name`` is what rejects call the file."""
    checkers: dict[Ref, Checker] = {}
    checker: Checker | None = None
    for raw in pieces:
        if isinstance(raw, RawDataSet):
            dataflow = targets.find(raw.use)
            if dataflow not in checkers:
                structure = targets.structure(dataflow)
                checkers[dataflow] = Checker(structure, name, refuse, partial(standing, structure))
            checker = checkers[dataflow]
            checker.dataset(raw)
        elif checker is not None:
            progress(_take(checker, raw))
    if not checkers:
        raise Invalid("DATA_SET_MISSING")
    return [each.finish() for each in checkers.values()]


def _take(checker: Checker, raw: Raw) -> int:
    if isinstance(raw, RawDataSet):
        return 0
    if isinstance(raw, RawGroup):
        checker.group(raw)
        return 0
    if isinstance(raw, RawTable):
        checker.table(raw)
        return len(raw) if raw.observed else 0
    checker.series(raw)
    return len(raw.observations)


class Targets:
    """Which dataflow data are for.

    Data that name a dataflow go there. Data that name only a DSD go to the dataflow given, else to the one with the DSD's own
    id (of the same agency, else the only one), else to the only one that uses the DSD.
    """

    def __init__(self, known: Known, given: Ref | None) -> None:
        self._known = known
        self._given = given
        self._found: dict[StructureUse | None, Ref] = {}

    def find(self, use: StructureUse | None) -> Ref:
        """The dataflow that data described so are for; :class:`Invalid` where that cannot be said."""
        if use not in self._found:
            self._found[use] = self._find(use)
        return self._found[use]

    def structure(self, dataflow: Ref) -> Structure:
        """What its data are checked against."""
        return self._known.structure(dataflow)

    def _find(self, use: StructureUse | None) -> Ref:
        if use is None or use.what == Described.PROVISION_AGREEMENT:
            return self._given or self._unknown(use)
        if use.what == Described.DATAFLOW:
            named = self._exact(Ref(Kind.DATAFLOW, use.agency, use.id, use.version), use)
            return self._agreed(use, [named])
        dsd = self._exact(Ref(Kind.DATA_STRUCTURE, use.agency, use.id, use.version), use)
        flows = [ref for ref in self._known.parents(dsd) if ref.kind == Kind.DATAFLOW]
        return self._agreed(use, flows) if self._given else self._only(use, flows)

    def _exact(self, ref: Ref, use: StructureUse) -> Ref:
        try:
            return self._known.get(ref).ref
        except NotFound:
            return self._unknown(use)

    def _agreed(self, use: StructureUse, flows: list[Ref]) -> Ref:
        if self._given is None:
            return flows[0]
        if self._given not in flows:
            raise Invalid("DATAFLOW_DIFFERS", found=str(use), given=str(self._given))
        return self._given

    def _only(self, use: StructureUse, flows: list[Ref]) -> Ref:
        own = [ref for ref in flows if ref.id == use.id]
        for some in ([ref for ref in own if ref.agency == use.agency], own, flows):
            latest = {(ref.agency, ref.id): ref for ref in some}
            if len(latest) == 1:
                return next(iter(latest.values()))
            if latest:
                raise Invalid("DATAFLOW_AMBIGUOUS", found=str(use), candidates=", ".join(map(str, latest.values())))
        raise Invalid("DATAFLOW_MISSING", found=str(use))

    def _unknown(self, use: StructureUse | None) -> Ref:
        near = ", ".join(str(ref) for ref in self._known.find(Kind.DATAFLOW)[:10]) or "-"
        raise Invalid("STRUCTURE_UNKNOWN", found=str(use or "-"), near=near)
