"""Observations of one series as they gather while a file is read, and the settling of those stated more than once."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from registry.rules import Fault
from registry.series import Series

Refuse = Callable[[int, Fault], None]
"""Called with the position of a refused observation among the gathered ones."""


@dataclass(slots=True)
class Columns:
    """Observations of one series and frequency in the order of the file; ``numbers`` are their numbers in the file."""

    ordinals: array[int] = field(default_factory=lambda: array("q"))
    values: list[str | None] = field(default_factory=list)
    numbers: array[int] = field(default_factory=lambda: array("q"))
    attributes: dict[str, list[str | None]] = field(default_factory=dict)

    def add(self, ordinal: int, value: str | None, number: int) -> None:
        self.ordinals.append(ordinal)
        self.values.append(value)
        self.numbers.append(number)

    def describe(self, attribute: str, text: str) -> None:
        """State an attribute of the observation added last."""
        column = self.attributes.setdefault(attribute, [])
        column.extend([None] * (len(self.values) - 1 - len(column)))
        column.append(text)

    def attribute(self, name: str, position: int) -> str | None:
        column = self.attributes[name]
        return column[position] if position < len(column) else None


@dataclass(slots=True)
class Gathered:
    """A series key with what was said of it. ``frequency`` is what its periods must have, None for any.

    ``observed``: some observation was stated for it, accepted or not.
    """

    key: tuple[str, ...]
    frequency: str | None
    attributes: dict[str, str] = field(default_factory=dict)
    columns: dict[str, Columns] = field(default_factory=dict)
    observed: bool = False


def settle(columns: Columns, place: str, refuse: Refuse) -> list[int]:
    """Positions of the observations that stay, in order of time; the others are refused.

    An equal repeat of a period is refused and the first stays; where repeats differ all are refused. ``place``: see
    :class:`registry.raw.RawDataSet`.
    """
    ordinals = np.frombuffer(columns.ordinals, dtype=np.int64)
    steps = np.diff(ordinals)
    if (steps > 0).all():
        return list(range(len(ordinals)))
    order = np.argsort(ordinals, kind="stable")
    if (np.diff(ordinals[order]) > 0).all():
        return [int(position) for position in order]
    return [
        kept for group in _groups(columns.ordinals, order.tolist()) for kept in _settle_group(columns, group, place, refuse)
    ]


def _groups(ordinals: Sequence[int], order: list[int]) -> Iterator[list[int]]:
    group: list[int] = []
    for position in order:
        if group and ordinals[group[0]] != ordinals[position]:
            yield group
            group = []
        group.append(position)
    yield group


def _settle_group(columns: Columns, group: list[int], place: str, refuse: Refuse) -> list[int]:
    first, *repeats = group
    if not repeats:
        return group
    if all(_equal(columns, first, other) for other in repeats):
        for position in repeats:
            refuse(position, Fault("DUPLICATE", "", {"first": place.format(columns.numbers[first])}))
        return [first]
    for position in group:
        refuse(position, Fault("DUPLICATE_CONFLICT", "", {"count": str(len(group))}))
    return []


def _equal(columns: Columns, one: int, other: int) -> bool:
    a, b = columns.values[one], columns.values[other]
    if a != b and (a is None or b is None or Decimal(a) != Decimal(b)):
        return False
    return all(columns.attribute(name, one) == columns.attribute(name, other) for name in columns.attributes)


def as_series(gathered: Gathered, frequency: str, columns: Columns, kept: list[int]) -> Series:
    """The observations that stay as a series, ascending in time."""
    stated = {name: [columns.attribute(name, position) for position in kept] for name in columns.attributes}
    return Series(
        key=gathered.key,
        frequency=frequency,
        ordinals=np.frombuffer(columns.ordinals, dtype=np.int64)[kept],
        values=[columns.values[position] for position in kept],
        attributes=gathered.attributes,
        observation_attributes={name: column for name, column in stated.items() if any(column)},
    )
