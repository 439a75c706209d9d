"""Checks the observations of one file against a structure: every observation is accepted or refused, once and alone.

A whole file is checked before anything of it is used, because a later statement can make an earlier one a contradiction.
Memory is some 200 bytes an observation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from registry.errors import Unsupported, suggest
from registry.gathered import Columns, Gathered, as_series, settle
from registry.groups import Groups
from registry.model import Attribute, Level, Structure
from registry.number import plain_number
from registry.period import NO_TIME, period_text
from registry.ports import Reject
from registry.raw import Parts, RawDataSet, RawGroup, RawSeries, RawValue
from registry.rules import MOST_REMEMBERED, Codes, Fault, Periods, missing, period_frequency, shown, single
from registry.series import Series

OBS_VALUE = "OBS_VALUE"
"""How messages without measure ids name the measure (SDMX 2.1)."""


@dataclass
class Checked:
    """What a file gave for one dataflow. ``accepted`` + ``refused`` = ``observations``.

    series               ascending by key; a key comes once per frequency
    rules                refused observations by rule
    ignored              statements that describe nothing kept: a column the structure does not know (by its name), a
                         ``Group`` without series, a ``Series`` of attributes without observations
    """

    structure: Structure
    observations: int = 0
    accepted: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    dataset_attributes: dict[str, str] = field(default_factory=dict)
    series: list[Series] = field(default_factory=list)

    @property
    def refused(self) -> int:
        return self.rules.total()


class Checker:
    """Takes the raw stream of one file for one dataflow; ``finish`` gives what was accepted.

    ``refuse`` is called for every refused observation. :class:`Unsupported` MEASURES_UNSUPPORTED for a structure that has
    not exactly one measure, a number.
    """

    def __init__(self, structure: Structure, file: str, refuse: Callable[[Reject], None]) -> None:
        dsd = structure.dsd
        if len(dsd.measures) != 1 or dsd.measures[0].codelist:
            found = ", ".join(measure.id for measure in dsd.measures) or "-"
            raise Unsupported("MEASURES_UNSUPPORTED", dsd=str(dsd.ref), found=found)
        self._file, self._report = file, refuse
        self._checked = Checked(structure)
        self._key, self._measure = dsd.key, dsd.measures[0].id
        self._time = dsd.time.id if dsd.time else ""
        self._observation = {part.id: part for part in dsd.attributes_at(Level.OBSERVATION)}
        self._upper = {part.id: part for part in dsd.attributes if part.level in (Level.SERIES, Level.GROUP)}
        self._dataset = {part.id: part for part in dsd.attributes_at(Level.DATA_SET)}
        self._own = frozenset({self._time, self._measure, OBS_VALUE, *self._observation})
        self._shared = (*self._key, *self._upper, *self._dataset)
        self._known = self._own.union(self._shared)
        self._codes, self._periods = Codes(structure, False), Periods(self._time, False)
        self._head = RawDataSet(None)
        self._head_fault: Fault | None = None
        self._series: dict[tuple[str, ...], Gathered] = {}
        self._targets: dict[tuple[RawValue | None, ...], Gathered | Fault] = {}
        self._groups = Groups()

    def dataset(self, head: RawDataSet) -> None:
        """A data set begins; what it says of itself replaces what an earlier one of the file said."""
        if self._head.labelled != head.labelled:
            self._codes, self._periods = Codes(self._checked.structure, head.labelled), Periods(self._time, head.labelled)
            self._targets.clear()
        self._head = head
        if head.parts:
            self._checked.dataset_attributes.clear()
        self._head_fault = self._unknown(head.parts) or self._state_dataset(head.parts)

    def group(self, group: RawGroup) -> None:
        """Attributes of all series under part of a key; without any dimension, of the data set."""
        unknown = self._unknown(group.parts)
        key = {name: self._codes.check(name, group.parts[name]) for name in self._key if group.parts.get(name)}
        fault = unknown or self._state_dataset(group.parts)
        if not key:
            self._head_fault = self._head_fault or fault
            return
        stated: dict[str, str] = {}
        fault = fault or self._state(stated, self._upper, group.parts)
        self._groups.add(key, stated, fault)

    def series(self, raw: RawSeries) -> None:
        """Observations under a common part; the flat formats have an empty one."""
        defaults = {name: value for name, value in raw.parts.items() if name in self._own}
        shared = self._target(raw.parts) if raw.parts else None
        if isinstance(shared, Fault) and not raw.observations:
            self._checked.ignored["Series"] += 1
        for number, own in raw.observations:
            if shared is not None and own.keys() <= self._own:
                target = shared
                parts: Parts = {**defaults, **own} if defaults else own
            else:
                parts = {**raw.parts, **own}
                target = self._target(parts)
            fault = target if isinstance(target, Fault) else self._observe(target, number, parts)
            if fault:
                self._fail(fault, number, {**raw.parts, **own})
            else:
                self._checked.observations += 1

    def finish(self) -> Checked:
        """Settle repeats and what is missing of every series; nothing can be added afterwards."""
        self._targets.clear()
        for key in sorted(self._series):
            self._checked.series.extend(self._finish_series(self._series.pop(key)))
        self._checked.accepted = self._checked.observations - self._checked.refused
        if self._groups.unused:
            self._checked.ignored["Group"] += self._groups.unused
        return self._checked

    def _target(self, parts: Parts) -> Gathered | Fault:
        """The series that the parts name, or what is wrong with them."""
        if fault := self._head_fault or self._unknown(parts):
            return fault
        signature = tuple([parts.get(name) for name in self._shared])
        target = self._targets.get(signature)
        if target is None:
            if len(self._targets) > MOST_REMEMBERED:
                self._targets.clear()
            target = self._targets[signature] = self._find_target(parts)
        return target

    def _find_target(self, parts: Parts) -> Gathered | Fault:
        key: list[str] = []
        for name in self._key:
            code = self._codes.check(name, parts.get(name))
            if code is None:
                return Fault("MISSING_DIMENSION", name, {"dimension": name})
            if isinstance(code, Fault):
                return code
            key.append(code)
        gathered = self._gathered(tuple(key))
        fault = self._state(gathered.attributes, self._upper, parts)
        return fault or self._state_dataset(parts) or gathered

    def _gathered(self, key: tuple[str, ...]) -> Gathered:
        found = self._series.get(key)
        if found is None:
            index = self._checked.structure.frequency_index
            frequency = None if index is None else period_frequency(key[index])
            found = self._series[key] = Gathered(key, frequency if self._time else None)
        return found

    def _state_dataset(self, parts: Parts) -> Fault | None:
        return self._state(self._checked.dataset_attributes, self._dataset, parts)

    def _state(self, stated: dict[str, str], attributes: Mapping[str, Attribute], parts: Parts) -> Fault | None:
        """Take over attributes; the first statement stays, a differing one is a fault."""
        for name in attributes:
            text = self._codes.check(name, parts.get(name))
            if isinstance(text, Fault):
                return text
            if text is not None and stated.setdefault(name, text) != text:
                return Fault("ATTRIBUTE_CONFLICT", name, {"attribute": name, "found": text[:60], "first": stated[name][:60]})
        return None

    def _unknown(self, parts: Parts) -> Fault | None:
        if parts.keys() <= self._known:
            return None
        strange = [name for name in parts if name not in self._known and parts[name]]
        if self._head.rows:
            self._checked.ignored.update(strange)
            return None
        if not strange:
            return None
        near = suggest(strange[0][:60], self._known - {""}) or self._shared
        facts = {"found": strange[0][:60], "dsd": str(self._checked.structure.dsd.ref), "near": ", ".join(near)}
        return Fault("UNKNOWN_COMPONENT", strange[0][:60], facts)

    def _observe(self, target: Gathered, number: int, parts: Parts) -> Fault | None:
        target.observed = True
        period = self._periods.read(parts.get(self._time)) if self._time else (NO_TIME, 0)
        if isinstance(period, Fault):
            return period
        frequency, ordinal = period
        if target.frequency is not None and frequency != target.frequency:
            facts = {"found": period_text(frequency, ordinal), "frequency": target.frequency}
            return Fault("PERIOD_FREQUENCY", self._time, facts)
        value = self._value(parts)
        if isinstance(value, Fault):
            return value
        described = self._describe(parts)
        if isinstance(described, Fault):
            return described
        columns = target.columns.get(frequency)
        if columns is None:
            columns = target.columns[frequency] = Columns()
        columns.add(ordinal, value, number)
        for name, text in described:
            columns.describe(name, text)
        return None

    def _value(self, parts: Parts) -> str | Fault | None:
        text = single(self._measure, parts.get(self._measure) or parts.get(OBS_VALUE))
        if text is None or isinstance(text, Fault):
            return text
        number = plain_number(text)
        if number is None:
            return Fault("NOT_A_NUMBER", self._measure, {"found": text[:60]})
        return number

    def _describe(self, parts: Parts) -> list[tuple[str, str]] | Fault:
        described: list[tuple[str, str]] = []
        for name, attribute in self._observation.items():
            text = self._codes.check(name, parts.get(name))
            if isinstance(text, Fault):
                return text
            if text is not None:
                described.append((name, text))
            elif attribute.mandatory:
                return missing(attribute)
        return described

    def _fail(self, fault: Fault, number: int, parts: Parts) -> None:
        value = single(self._measure, parts.get(self._measure) or parts.get(OBS_VALUE))
        if fault.rule == "MISSING_DIMENSION" and self._head.rows and value is None:
            self.group(RawGroup(parts))
            return
        self._checked.observations += 1
        key = ".".join(shown(parts.get(name)) for name in self._key)
        self._refuse(fault, number, key, shown(parts.get(self._time)), value if isinstance(value, str) else "")

    def _refuse(self, fault: Fault, number: int, key: str, period: str, value: str) -> None:
        self._checked.rules[fault.rule] += 1
        place = self._head.place.format(number)
        self._report(Reject(self._file, place, fault.rule, fault.column or self._measure, key, period, value, fault.facts))

    def _finish_series(self, gathered: Gathered) -> Iterator[Series]:
        fault = self._groups.describe(gathered, self._key) or self._missing(gathered)
        if not gathered.observed:
            self._checked.ignored["Series"] += 1
        for frequency, columns in gathered.columns.items():

            def refuse(position: int, why: Fault, columns: Columns = columns, frequency: str = frequency) -> None:
                period = period_text(frequency, columns.ordinals[position])
                value = columns.values[position] or ""
                self._refuse(why, columns.numbers[position], ".".join(gathered.key), period, value)

            if fault:
                for position in range(len(columns.values)):
                    refuse(position, fault)
            elif kept := settle(columns, self._head.place, refuse):
                yield as_series(gathered, frequency, columns, kept)

    def _missing(self, gathered: Gathered) -> Fault | None:
        for attributes, stated in ((self._upper, gathered.attributes), (self._dataset, self._checked.dataset_attributes)):
            for name, attribute in attributes.items():
                if attribute.mandatory and name not in stated:
                    return missing(attribute)
        return None
