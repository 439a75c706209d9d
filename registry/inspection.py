"""What every check of one file shares: its structure, its codes so far, the data set it is in, and where faults go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from registry.answers import Answer
from registry.dated import days_of
from registry.errors import suggest
from registry.model import Attribute, Level, Structure
from registry.ports import Reject
from registry.raw import OBS_VALUE, Parts, RawColumn, RawDataSet, RawTable
from registry.rules import Codes, Fault, Periods, shown, single
from registry.staging import Delta, Removal
from registry.verdicts import Codings, Terms, Verdicts

Step = Callable[[], Iterator[Delta | Removal]]
"""A part of what goes into a draft, made when it is asked for."""


Standing = Callable[[], Answer | None]
"""The series that are published already, asked for only when a file leaves out what they may have said before."""


@dataclass
class Checked:
    """What a file gave for one dataflow. ``accepted`` + ``refused`` + ``removed`` = ``observations``.

    observations         statements about observations, deletions among them
    removed              deletions taken over; how much they take out is known when the draft is made
    rules                refused statements by rule
    ignored              statements that describe nothing kept: a column the structure does not know (by its name), a
                         ``Group`` without series, a ``Series`` without anything to keep
    """

    structure: Structure
    observations: int = 0
    accepted: int = 0
    removed: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    dataset_attributes: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    @property
    def refused(self) -> int:
        return self.rules.total()

    def content(self) -> Iterator[Delta | Removal]:
        """What goes into a draft, in the order of the file; series ascending by key, a key once per frequency."""
        for step in self.steps:
            yield from step()


class Inspection:
    """``file`` is what rejects call the file; ``report`` is called for every refused statement."""

    def __init__(self, structure: Structure, file: str, report: Callable[[Reject], None], standing: Standing) -> None:
        dsd = structure.dsd
        self._file, self._report, self._standing = file, report, standing
        self._said: dict[tuple[str, ...], set[str]] | None = None
        self.structure, self.checked, self.terms = structure, Checked(structure), Terms()
        self.days = days_of(structure)
        self.key, self.time = dsd.key, dsd.time.id if dsd.time else ""
        self.measures = {part.id: part for part in dsd.measures}
        self.observation = {part.id: part for part in dsd.attributes_at(Level.OBSERVATION)}
        self.upper = {part.id: part for part in dsd.describing}
        self.dataset = {part.id: part for part in dsd.attributes_at(Level.DATA_SET)}
        alias = {OBS_VALUE} if len(self.measures) == 1 else set()
        self._known = frozenset({*dsd.components, *alias})
        self.head = RawDataSet(None)
        self.head_fault: Fault | None = None
        self.codes, self.periods = Codes(structure, False), Periods(self.time, False)

    def begin(self, head: RawDataSet) -> None:
        """A data set begins."""
        if self.head.labelled != head.labelled:
            self.codes, self.periods = Codes(self.structure, head.labelled), Periods(self.time, head.labelled)
        self.head, self.head_fault = head, None

    def said(self, key: tuple[str, ...]) -> set[str]:
        """The attributes that a series, and the data set it is in, has already."""
        if self._said is None:
            answer = self._standing()
            self._said = _said(answer) if answer else {}
        return self._said.get(key, set())

    def measure_column(self, table: RawTable, name: str) -> RawColumn | None:
        """The column of a measure, also where a structure with one measure has it called ``OBS_VALUE``."""
        found = table.columns.get(name)
        return table.columns.get(OBS_VALUE) if found is None and len(self.measures) == 1 else found

    def unknown(self, parts: Parts) -> Fault | None:
        """The first component of a statement that the structure does not have."""
        strange = [name for name in parts if name not in self._known and parts[name]]
        if self.head.rows:
            self.checked.ignored.update(strange)
            return None
        return self._stray(strange[0]) if strange else None

    def strays(self, table: RawTable, verdicts: Verdicts) -> None:
        """The same for every row, after what is wrong with the data set."""
        if self.head_fault:
            verdicts.refuse(verdicts.passed, verdicts.add(self.head_fault))
        for name in table.columns.keys() - self._known:
            stated = table.columns[name].stated()
            if self.head.rows and stated.any():
                self.checked.ignored[name] += int(stated.sum())
        for name in [name for name in table.columns if name not in self._known and not self.head.rows]:
            stated = table.columns[name].stated()
            if stated.any():
                verdicts.refuse(stated, verdicts.add(self._stray(name)))

    def _stray(self, name: str) -> Fault:
        near = suggest(name[:60], self._known) or (*self.key, *self.upper, *self.dataset)
        facts = {"found": name[:60], "dsd": str(self.structure.dsd.ref), "near": ", ".join(near)}
        return Fault("UNKNOWN_COMPONENT", name[:60], facts)

    def coded(self, table: RawTable, component: str, verdicts: Verdicts) -> Codings:
        """The number of each row's code or text of a component, -1 for none."""
        return self.terms.coded(component, table.columns.get(component), self.codes, verdicts)

    def state_dataset(self, parts: Parts) -> Fault | None:
        """Take over attributes of the data set; the first statement stays, a differing one is a fault."""
        return self.state(self.checked.dataset_attributes, self.dataset, parts)

    def state(self, stated: dict[str, str], attributes: Mapping[str, Attribute], parts: Parts) -> Fault | None:
        for name in attributes:
            text = self.codes.check(name, parts.get(name))
            if isinstance(text, Fault):
                return text
            if text is not None and stated.setdefault(name, text) != text:
                return conflict(name, text, stated[name])
        return None

    def valueless(self, table: RawTable, row: int) -> bool:
        """Whether a row states no measure."""
        columns = (self.measure_column(table, name) for name in self.measures)
        return not any(column is not None and column[row] for column in columns)

    def refuse_row(self, fault: Fault, table: RawTable, row: int) -> None:
        """Count and report a refused row."""
        parts = {name: table.columns[name][row] for name in (*self.key, self.time) if name in table.columns}
        key = ".".join(shown(parts.get(name)) for name in self.key)
        self.checked.observations += 1
        self.refuse(fault, self.place(table, row), key, shown(parts.get(self.time)), self._value(fault, table, row))

    def place(self, table: RawTable, row: int) -> str:
        """Where a row stands in the file; a series without observations by its own number."""
        form = self.head.place if table.observed else self.head.place.replace("Obs", "Series")
        return form.format(table.numbers[row])

    def _value(self, fault: Fault, table: RawTable, row: int) -> str:
        measure = fault.column if fault.column in self.measures else next(iter(self.measures), "")
        column = self.measure_column(table, measure)
        value = None if column is None else single(measure, column[row])
        return value if isinstance(value, str) else ""

    def refuse(self, fault: Fault, place: str, key: str, period: str, value: str) -> None:
        self.checked.rules[fault.rule] += 1
        column = fault.column or next(iter(self.measures), "")
        self._report(Reject(self._file, place, fault.rule, column, key, period, value, fault.facts))


def _said(answer: Answer) -> dict[tuple[str, ...], set[str]]:
    found: dict[tuple[str, ...], set[str]] = {}
    for batch in answer.batches:
        given = {name: (column.codes >= 0).tolist() for name, column in batch.series_attributes.items()}
        for place, key in enumerate(batch.keys()):
            found[key] = {*answer.dataset_attributes, *(name for name, has in given.items() if has[place])}
    return found


def conflict(attribute: str, found: str, first: str) -> Fault:
    """The fault of an attribute stated in two ways."""
    return Fault("ATTRIBUTE_CONFLICT", attribute, {"attribute": attribute, "found": found[:60], "first": first[:60]})


def conflicts(attribute: str, codes: Codings, first: Codings, terms: Terms, verdicts: Verdicts) -> None:
    """Refuse the rows whose attribute is not the one first stated; -1 states nothing."""
    odd = verdicts.passed & (codes >= 0) & (codes != first)
    texts = terms.texts(attribute) if odd.any() else ()
    known: dict[tuple[int, int], int] = {}
    for row in np.flatnonzero(odd).tolist():
        case = int(codes[row]), int(first[row])
        if case not in known:
            known[case] = verdicts.add(conflict(attribute, texts[case[0]], texts[case[1]]))
        verdicts.of[row] = known[case]
