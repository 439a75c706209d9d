"""Units and multipliers of what is put together: amounts in different units are never added, multipliers are brought to one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from hub.computing.exactly import Exact, Whole
from hub.computing.rules import unit_kind
from registry.columns import Batch, Coded
from registry.errors import Invalid
from registry.model import Structure

UNIT, MULTIPLIER, DECIMALS = "UNIT_MEASURE", "UNIT_MULT", "DECIMALS"
UNSEEN = -9999


def multipliers(batch: Batch) -> NDArray[np.int64]:
    """int64[m]: powers of ten of the series of a batch, 0 where nothing is said."""
    return _numbers(batch.series_attributes.get(MULTIPLIER), batch.series_count)


def _numbers(column: Coded | None, count: int) -> NDArray[np.int64]:
    if column is None:
        return np.zeros(count, np.int64)
    table = np.array([*(_whole(text) for text in column.texts), 0], dtype=np.int64)
    return table[column.codes]


def _whole(text: str) -> int:
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 4 else 0


def shifted(values: Exact, shifts: NDArray[np.int64]) -> Exact:
    """Each value times ten to the power of its shift, exactly."""
    least = min(int(shifts.min(initial=0)), 0)
    powers = [10**power for power in range(int(shifts.max(initial=0)) - least + 1)]
    table = np.array(powers, dtype=object if powers[-1] >= 2**62 else np.int64)
    return values.times(table[shifts - least], values.scale - least)


class Same:
    """What all parts of each group agree in, one attribute at a time."""

    def __init__(self, groups: int) -> None:
        self.texts: dict[str, int] = {}
        self._least = np.full(groups, 2**30, np.int32)
        self._most = np.full(groups, -2, np.int32)

    def add(self, groups: NDArray[np.int64], column: Coded) -> None:
        table = np.array([*(self.texts.setdefault(text, len(self.texts)) for text in column.texts), -1], dtype=np.int32)
        codes = table[column.codes]
        np.minimum.at(self._least, groups, codes)
        np.maximum.at(self._most, groups, codes)

    def differing(self) -> tuple[str, str] | None:
        """Two texts that one group has, where it has more than one."""
        places = np.flatnonzero((self._least >= 0) & (self._least < self._most))
        texts = list(self.texts)
        return (texts[self._least[places[0]]], texts[self._most[places[0]]]) if len(places) else None

    def agreed(self) -> Coded:
        """g texts; absent where parts differ."""
        return Coded(tuple(self.texts), np.where(self._least == self._most, np.maximum(self._most, -1), -1).astype(np.int32))


def refuse_mixed(units: Same) -> None:
    """:class:`Invalid` UNITS_DIFFER where parts of one group are in different units."""
    if found := units.differing():
        raise Invalid("UNITS_DIFFER", first=found[0], second=found[1])


def refuse_ratios(structure: Structure, units: Coded, asked: NDArray[np.bool_]) -> None:
    """:class:`Invalid` NOT_ADDITIVE where a group that is to be added is in percent or an index."""
    bad = [bool(unit_kind(structure, text)) for text in units.texts]
    table = np.array([*bad, False], dtype=bool)
    if (table[units.codes] & asked).any():
        place = int(np.flatnonzero(table[units.codes] & asked)[0])
        raise Invalid("NOT_ADDITIVE", found=f"{UNIT} {units.texts[units.codes[place]]}")


def scaled_by(values: Whole, powers: NDArray[np.int64]) -> Whole:
    """Each whole number times ten to its power (0 or more)."""
    if not powers.any():
        return values
    table = np.array([10**power for power in range(int(powers.max()) + 1)], dtype=object)
    scaled: NDArray[np.object_] = values.astype(object) * table[powers]
    return scaled


COUNTED = "NUMBER"
"""The unit of a count, where the unit codelist has it."""


def counted(structure: Structure, described: dict[str, Coded], groups: int) -> dict[str, Coded]:
    """Series attributes of counts: numbers, whatever was counted."""
    codelist = structure.codelists.get(UNIT)
    unit = COUNTED if codelist is not None and COUNTED in codelist.by_id else None
    said = {UNIT: unit, MULTIPLIER: "0", DECIMALS: "0"}
    return {
        name: Coded.constant(said[name], groups) if name in said else column
        for name, column in described.items()
        if name not in said or said[name] is not None
    }


def otherwise(described: Mapping[str, Coded], said: Mapping[str, str | None], count: int) -> dict[str, Coded]:
    """What is described of ``count`` series, and of it this said otherwise of all."""
    return {**described} | {name: Coded.constant(text, count) for name, text in said.items() if name in described}
