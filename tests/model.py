"""What the database should answer, as plain dictionaries: a model of drafts and vintages for tests/test_model_check.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

import numpy as np

from registry.columns import Batch, Coded
from registry.exact import decimal_texts, numbers_of, texts_of
from registry.model import Attribute, Dataflow, DataStructure, Dimension, Level, Measure, Structure, typed
from registry.period import NO_TIME, PeriodRange
from registry.raw import Action
from registry.ref import Kind, Ref
from registry.staging import Delta, Removal

Row = tuple[tuple[str, ...], str]
"""Series key and frequency."""

Cells = dict[int, dict[str, str]]
"""Ordinal -> measure or observation attribute -> text; numbers in one spelling."""

FLOW = Ref(Kind.DATAFLOW, "SEN", "MO_HINH", "1.0")


def structure(timed: bool) -> Structure:
    """Two measures of numbers and one of text; attributes at every level; dimensions of any text."""
    dsd = DataStructure(
        ref=Ref(Kind.DATA_STRUCTURE, "SEN", "MO_HINH", "1.0"),
        names={"vi": "Mô hình", "en": "Model"},
        dimensions=(
            Dimension(id="PROVINCE"),
            Dimension(id="CROP"),
            *([Dimension(id="TIME_PERIOD", is_time=True)] if timed else []),
        ),
        attributes=(
            Attribute(id="UNIT", level=Level.SERIES),
            Attribute(id="TITLE", level=Level.SERIES),
            Attribute(id="REGION", level=Level.GROUP, dimensions=("CROP",)),
            Attribute(id="STATUS"),
            Attribute(id="NOTE"),
            Attribute(id="COMMENT", level=Level.DATA_SET),
        ),
        measures=(Measure(id="AREA"), Measure(id="YIELD"), Measure(id="REMARK", representation=typed("String"))),
    )
    flow = Dataflow(ref=FLOW, names={"vi": "Mô hình", "en": "Model"}, structure=dsd.ref)
    return Structure(dataflow=flow, dsd=dsd, codelists={}, concepts={})


MEASURES, NOTED, DESCRIBED = ("AREA", "YIELD", "REMARK"), ("STATUS", "NOTE"), ("UNIT", "TITLE", "REGION")
OBSERVED = {*MEASURES, *NOTED}


def spelled(name: str, text: str) -> str:
    """One spelling of each number."""
    return text if name not in ("AREA", "YIELD") else str(Fraction(text))


@dataclass
class State:
    """The content of a vintage."""

    rows: dict[Row, Cells] = field(default_factory=dict)
    labels: dict[tuple[str, ...], dict[str, str]] = field(default_factory=dict)
    groups: dict[str, dict[str, str]] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)

    def copy(self) -> State:
        return deepcopy(self)

    def tidied(self) -> State:
        """Without what is empty."""
        rows = {row: cells for row, cells in self.rows.items() if cells}
        labels = {key: said for key, said in self.labels.items() if said}
        return State(rows, labels, {code: said for code, said in self.groups.items() if said}, self.attributes)

    def present(self) -> list[Row]:
        return sorted(row for row, cells in self.rows.items() if cells)

    def described(self, key: tuple[str, ...]) -> dict[str, str]:
        return {**self.groups.get(key[1], {}), **self.labels.get(key, {})}

    def drop(self, periods: PeriodRange) -> None:
        for (_, frequency), cells in self.rows.items():
            if frequency == NO_TIME and periods != PeriodRange():
                continue
            for at in list(cells):
                if frequency == NO_TIME or within(at, periods.whole(frequency)):
                    del cells[at]


def within(at: int, bounds: tuple[int | None, int | None]) -> bool:
    low, high = bounds
    return (low is None or at >= low) and (high is None or at <= high)


@dataclass
class Said:
    """One statement of a draft: series with their observations and attributes."""

    action: Action
    series: list[tuple[Row, Cells, dict[str, str]]]

    def batch(self) -> Batch:
        cells = [(at, said) for _, some, _ in self.series for at, said in sorted(some.items())]
        columns = {name: [said.get(name) for _, said in cells] for name in (*MEASURES, *NOTED)}
        keys = [row[0] for row, _, _ in self.series]
        return Batch(
            key=tuple(Coded.of([key[place] for key in keys]) for place in range(2)),
            frequencies=np.array([row[1] for row, _, _ in self.series], "U1"),
            starts=np.cumsum([0, *(len(some) for _, some, _ in self.series)]).astype(np.int64),
            ordinals=np.array([at for at, _ in cells], np.int64),
            measures={name: (texts_of if name == "REMARK" else numbers_of)(columns[name]) for name in MEASURES},
            attributes={name: Coded.of(columns[name]) for name in NOTED},
            series_attributes={name: Coded.of([said.get(name) for _, _, said in self.series]) for name in DESCRIBED},
        )

    def staged(self) -> Batch | Delta:
        return Delta(self.action, self.batch())

    def upon(self, state: State) -> bool:
        """Do it; False where something is there that APPEND finds."""
        for (key, frequency), some, described in self.series:
            cells = state.rows.setdefault((key, frequency), {})
            for at, said in some.items():
                if self.action is Action.APPEND and at in cells:
                    return False
                before = cells.get(at, {}) if self.action is Action.MERGE else {}
                cells[at] = {**before, **{name: spelled(name, text) for name, text in said.items()}}
            own = {name: text for name, text in described.items() if name != "REGION"}
            state.labels.setdefault(key, {}).update(own)
            if "REGION" in described:
                state.groups.setdefault(key[1], {})["REGION"] = described["REGION"]
        return True


@dataclass
class Gone:
    """One removal of a draft."""

    removal: Removal

    def staged(self) -> Removal:
        return self.removal

    def upon(self, state: State) -> bool:
        gone = self.removal
        codes = gone.codes.get("PROVINCE"), gone.codes.get("CROP")
        everywhere = gone.periods == PeriodRange()
        if not gone.components or gone.components & OBSERVED:
            for (key, frequency), cells in state.rows.items():
                if _fits(key, codes):
                    self._cells(cells, frequency)
        if gone.components - OBSERVED or (everywhere and not gone.components):
            names = set(gone.components) - OBSERVED if gone.components else {*DESCRIBED, "COMMENT"}
            for key, labels in state.labels.items():
                if _fits(key, codes):
                    _without(labels, names)
            for crop, said in state.groups.items():
                if codes[0] is None and codes[1] in (None, crop):
                    _without(said, names)
            if codes == (None, None):
                _without(state.attributes, names)
        return True

    def _cells(self, cells: Cells, frequency: str) -> None:
        bounds = (None, None) if frequency == NO_TIME else self.removal.periods.whole(frequency)
        for at in [at for at in cells if within(at, bounds)]:
            if self.removal.components:
                _without(cells[at], self.removal.components)
            else:
                del cells[at]


def _fits(key: tuple[str, ...], codes: Sequence[str | None]) -> bool:
    return all(code is None or code == own for code, own in zip(codes, key, strict=True))


def _without(said: dict[str, str], names: Iterable[str]) -> None:
    for name in names:
        said.pop(name, None)


def cells_of(batch: Batch) -> dict[Row, Cells]:
    """A batch as the model has it."""
    columns: dict[str, list[str | None]] = {name: column.decoded() for name, column in batch.attributes.items()}
    for name, numbers in batch.measures.items():
        columns[name] = [None if text is None else spelled(name, text) for text in decimal_texts(numbers)]
    found: dict[Row, Cells] = {}
    for place, key in enumerate(batch.keys()):
        inside = range(int(batch.starts[place]), int(batch.starts[place + 1]))
        found[key, str(batch.frequencies[place])] = {
            int(batch.ordinals[at]): {name: text for name, column in columns.items() if (text := column[at]) is not None}
            for at in inside
        }
    return found


def attributes_of(batch: Batch) -> dict[Row, dict[str, str]]:
    columns = {name: column.decoded() for name, column in batch.series_attributes.items()}
    keys = zip(batch.keys(), batch.frequencies.tolist(), strict=True)
    return {
        (key, frequency): {name: text for name, column in columns.items() if (text := column[place]) is not None}
        for place, (key, frequency) in enumerate(keys)
    }


@dataclass
class Published:
    """A release of the model. ``restores``: the release whose content a withdrawal has again."""

    id: str
    state: State
    moment: datetime
    base: Published | None
    withdraws: Published | None = None
    thinned: bool = False


def differing(before: State | None, now: State, periods: PeriodRange) -> dict[Row, dict[int, str]]:
    """Row -> ordinal -> ADDED, REVISED, DELETED or DESCRIBED."""
    found: dict[Row, dict[int, str]] = {}
    old = before.rows if before else {}
    for row in {*old, *now.rows}:
        one, two = old.get(row, {}), now.rows.get(row, {})
        for at in {*one, *two}:
            if (kind := _kind(one.get(at), two.get(at))) and (row[1] == NO_TIME or within(at, periods.ordinals(row[1]))):
                found.setdefault(row, {})[at] = kind
    return found


def _kind(one: Mapping[str, str] | None, two: Mapping[str, str] | None) -> str | None:
    if one == two:
        return None
    if one is None or two is None:
        return "ADDED" if one is None else "DELETED"
    return "REVISED" if any(one.get(name) != two.get(name) for name in MEASURES) else "DESCRIBED"
