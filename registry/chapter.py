"""What a file states between two deletions: observations and attributes, checked as they come, settled at its end."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from registry.columns import Coded, Numbers
from registry.exact import texts_of
from registry.gathered import Keys, Rows, together
from registry.groups import Groups
from registry.inspection import Inspection, Step, conflicts
from registry.model import Attribute, Measure
from registry.period import NO_TIME, period_text
from registry.raw import Parts, RawDataSet, RawTable
from registry.rules import Fault, missing, period_frequency
from registry.settling import ACTIONS, Described, deltas, settle, value_of
from registry.verdicts import FREQUENCY_CODES, Codings, Verdicts, dated, fits, measured, outside

NUMERIC = frozenset(
    {
        *("BigInteger", "Integer", "Long", "Short", "Decimal", "Float", "Double", "Count", "Numeric", "Incremental"),
        *("InclusiveValueRange", "ExclusiveValueRange"),
    }
)
"""Text types of measures whose values are numbers (SDMX 3.0 section 2, data types)."""


class Chapter:
    """Gathers statements; ``close`` gives what is to be done with them."""

    def __init__(self, inspection: Inspection) -> None:
        self._at = inspection
        self._keys = Keys(tuple(inspection.upper))
        self._chunks: list[Rows] = []
        self._groups = Groups()
        self._place = inspection.head.place
        index = inspection.structure.frequency_index
        self._frequency_at = index if inspection.time else None

    def begin(self, head: RawDataSet) -> None:
        """A data set begins: what it says of itself replaces what an earlier one of the file said."""
        stated = self._at.checked.dataset_attributes
        if head.parts:
            stated.clear()
        self._at.head_fault = self._at.unknown(head.parts) or self._at.state_dataset(head.parts)

    def observe(self, table: RawTable) -> None:
        """Check observations and keep those that pass."""
        at, verdicts = self._at, Verdicts(len(table))
        keys = self._find(table, verdicts)
        named = verdicts.passed
        frequencies, ordinals = self._when(table, keys, verdicts)
        self._in_time(table, frequencies, ordinals, verdicts)
        measures = {name: self._measure(part, table, verdicts) for name, part in at.measures.items()}
        attributes = {name: self._describe(name, table, verdicts) for name in at.observation}
        passed = verdicts.passed
        actions = np.full(len(table), ACTIONS.index(at.head.action), np.int8)
        rows = Rows(keys, frequencies, ordinals, table.numbers, actions, measures, attributes)
        rows = rows if passed.all() else rows.take(passed)
        if len(rows):
            self._chunks.append(rows.narrowed())
        at.checked.observations += len(rows)
        named[self._fail(table, verdicts)] = False
        self._keys.observed[keys[named]] = True

    def bare(self, table: RawTable) -> None:
        """Series that state attributes and no observation."""
        verdicts = Verdicts(len(table))
        self._find(table, verdicts)
        self._at.checked.ignored["Series"] += int((~verdicts.passed).sum())

    def group(self, parts: Parts) -> None:
        """Attributes of all series under part of a key; without any dimension, of the data set."""
        at = self._at
        unknown = at.unknown(parts)
        found = {name: at.codes.check(name, parts.get(name)) for name in at.key}
        key = {name: code for name, code in found.items() if code is not None}
        fault = unknown or at.state_dataset(parts)
        if not key:
            at.head_fault = at.head_fault or fault
            return
        stated: dict[str, str] = {}
        fault = fault or at.state(stated, at.upper, parts)
        self._groups.add(key, stated, fault)
        if stated and not fault and all(isinstance(found[name], str) for name in at.key):
            self._number([np.array([at.terms.number(name, str(code))], np.int32) for name, code in found.items()], 1)

    def _find(self, table: RawTable, verdicts: Verdicts) -> Codings:
        """The key of each row, and what the rows state of their series and the data set; -1 where that is faulty."""
        at = self._at
        at.strays(table, verdicts)
        dimensions = []
        for name in at.key:
            dimensions.append(codes := at.coded(table, name, verdicts))
            absent = verdicts.passed & (codes < 0)
            if absent.any():
                verdicts.refuse(absent, verdicts.add(Fault("MISSING_DIMENSION", name, {"dimension": name})))
        keys = np.full(len(table), -1, np.int32)
        passed = np.flatnonzero(verdicts.passed)
        if len(passed):
            keys[passed] = self._number([codes[passed] for codes in dimensions], len(passed))
        self._state_series(table, keys, verdicts)
        self._state_dataset(table, verdicts)
        return keys

    def _number(self, dimensions: list[Codings], count: int) -> Codings:
        before = len(self._keys)
        keys = self._keys.numbered(dimensions, count)
        if self._frequency_at is not None and len(self._keys) > before:
            self._expect(dimensions[self._frequency_at], keys, before)
        return keys

    def _expect(self, frequencies: Codings, keys: Codings, before: int) -> None:
        """Note the frequency that the periods of new keys must have."""
        texts = self._at.terms.texts("FREQ")
        for code in np.unique(frequencies).tolist():
            frequency = period_frequency(texts[code])
            if frequency is not None:
                self._keys.frequencies[keys[(frequencies == code) & (keys >= before)]] = FREQUENCY_CODES.index(frequency)

    def _state_series(self, table: RawTable, keys: Codings, verdicts: Verdicts) -> None:
        at = self._at
        for name in at.upper:
            codes = at.coded(table, name, verdicts)
            rows = np.flatnonzero(verdicts.passed & (codes >= 0))
            if not len(rows) or self._keys.state(name, keys[rows], codes[rows]).all():
                continue
            conflicts(name, codes, self._keys.stated[name][keys], at.terms, verdicts)

    def _state_dataset(self, table: RawTable, verdicts: Verdicts) -> None:
        at = self._at
        for name in at.dataset:
            codes = at.coded(table, name, verdicts)
            rows = np.flatnonzero(verdicts.passed & (codes >= 0))
            if len(rows):
                first = at.checked.dataset_attributes.setdefault(name, at.terms.texts(name)[int(codes[rows[0]])])
                conflicts(name, codes, np.full(len(codes), at.terms.number(name, first), np.int32), at.terms, verdicts)

    def _when(self, table: RawTable, keys: Codings, verdicts: Verdicts) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
        at = self._at
        if not at.time:
            return np.full(len(table), FREQUENCY_CODES.index(NO_TIME), np.int8), np.zeros(len(table), np.int64)
        frequencies, ordinals = dated(table.columns.get(at.time), at.periods, verdicts)
        if len(self._keys):
            fits(self._keys.frequencies[keys], frequencies, ordinals, at.time, verdicts)
        return frequencies, ordinals

    def _in_time(self, table: RawTable, frequencies: NDArray[np.int8], ordinals: NDArray[np.int64], verdicts: Verdicts) -> None:
        """Refuse codes used outside the days they are valid on."""
        at = self._at
        for days in at.days:
            codes = at.coded(table, days.dimension, verdicts)
            outside(days, at.terms.texts(days.dimension), codes, frequencies, ordinals, verdicts)

    def _measure(self, measure: Measure, table: RawTable, verdicts: Verdicts) -> Numbers:
        at = self._at
        if measure.id not in at.structure.codelists and measure.text_type in NUMERIC:
            return measured(measure.id, at.measure_column(table, measure.id), verdicts)
        codes = at.terms.coded(measure.id, at.measure_column(table, measure.id), at.codes, verdicts)
        return texts_of(Coded(at.terms.texts(measure.id), codes).decoded())

    def _describe(self, name: str, table: RawTable, verdicts: Verdicts) -> Codings:
        codes = self._at.coded(table, name, verdicts)
        if self._at.observation[name].mandatory:
            absent = verdicts.passed & (codes < 0)
            if absent.any():
                verdicts.refuse(absent, verdicts.add(missing(self._at.observation[name])))
        return codes

    def _fail(self, table: RawTable, verdicts: Verdicts) -> list[int]:
        """Report refused rows. Gives those that are no observations: without whole key and value a row states attributes."""
        stating = []
        for row in np.flatnonzero(~verdicts.passed).tolist():
            fault = verdicts.faults[verdicts.of[row]]
            if fault.rule == "MISSING_DIMENSION" and self._at.head.rows and self._at.valueless(table, row):
                self.group(table.parts(row))
                stating.append(row)
            else:
                self._at.refuse_row(fault, table, row)
        return stating

    def close(self) -> Iterator[Step]:
        """Settle repeats and what is missing of every series; nothing can be added afterwards."""
        at = self._at
        keys = self._texts()
        faults = self._faults(keys)
        if self._groups.unused:
            at.checked.ignored["Group"] += self._groups.unused
        order = sorted(range(len(keys)), key=keys.__getitem__)
        rows = self._settled(keys, order, faults) if self._chunks else None
        stated = {name: Coded(at.terms.texts(name), column[: len(keys)]) for name, column in self._keys.stated.items()}
        attributes = {name: at.terms.texts(name) for name in at.observation}
        described = Described(self._columns(), stated, attributes)
        bare = self._bare(order, faults)
        if rows is not None or bare:
            yield lambda: deltas(rows, described, bare)

    def _texts(self) -> list[tuple[str, ...]]:
        """The keys in words."""
        texts = [self._at.terms.texts(name) for name in self._at.key]
        return [tuple(texts[place][code] for place, code in enumerate(codes)) for codes in self._keys.codes]

    def _columns(self) -> list[Coded]:
        codes = np.array(self._keys.codes, dtype=np.int32).reshape(len(self._keys), len(self._at.key))
        return [Coded(self._at.terms.texts(name), codes[:, place].copy()) for place, name in enumerate(self._at.key)]

    def _bare(self, order: list[int], faults: dict[int, Fault]) -> list[int]:
        """The series that state attributes and no observation, in order; those that state nothing are counted."""
        alone = [number for number in order if not self._keys.observed[number] and number not in faults]
        kept = [number for number in alone if any(column[number] >= 0 for column in self._keys.stated.values())]
        if len(alone) > len(kept):
            self._at.checked.ignored["Series"] += len(alone) - len(kept)
        return kept

    def _faults(self, keys: list[tuple[str, ...]]) -> dict[int, Fault]:
        """What is wrong with series as a whole, by key number; folds in what their groups state."""
        faults: dict[int, Fault] = {}
        for number, key in enumerate(keys if self._groups else ()):
            found = self._groups.describe(key, self._at.key)
            if isinstance(found, Fault):
                faults[number] = found
            else:
                self._fold(number, found)
        for part in (*self._at.upper.values(), *self._at.dataset.values()):
            if part.mandatory:
                lacking = (number for number in self._lacking(part) if part.id not in self._at.said(keys[number]))
                faults = {number: missing(part) for number in lacking} | faults
        return faults

    def _lacking(self, part: Attribute) -> list[int]:
        """The series with observations for which the file nowhere states a mandatory attribute."""
        observed = self._keys.observed
        if part.id in self._at.upper:
            observed = observed & (self._keys.stated[part.id] < 0)
        elif part.id in self._at.checked.dataset_attributes:
            return []
        return [int(number) for number in np.flatnonzero(observed)]

    def _fold(self, number: int, attributes: dict[str, str]) -> None:
        for name, text in attributes.items():
            stated = self._keys.stated[name]
            if stated[number] < 0:
                stated[number] = self._at.terms.number(name, text)

    def _settled(self, keys: list[tuple[str, ...]], order: list[int], faults: dict[int, Fault]) -> Rows:
        rows = together(self._chunks)
        self._chunks.clear()
        if faults:
            wrong = np.isin(rows.keys, np.array(list(faults)))
            for row in np.flatnonzero(wrong).tolist():
                self._refuse(rows, row, keys, faults[int(rows.keys[row])])
            rows = rows.take(~wrong)
        ranks = np.empty(len(keys), np.int64)
        ranks[order] = np.arange(len(keys))
        held = rows
        settled = settle(rows, ranks, self._place, lambda row, fault: self._refuse(held, row, keys, fault))
        self._at.checked.accepted += len(settled)
        return settled

    def _refuse(self, rows: Rows, row: int, keys: list[tuple[str, ...]], fault: Fault) -> None:
        period = period_text(FREQUENCY_CODES[int(rows.frequencies[row])], int(rows.ordinals[row]))
        value = value_of(next(iter(rows.measures.values())), row) or ""
        self._at.refuse(fault, self._place.format(rows.numbers[row]), ".".join(keys[int(rows.keys[row])]), period, value)
