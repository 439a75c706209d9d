"""What of an answer a data message shows, and how it is packed: the same for every format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registry.model import DataStructure, Level
from registry.series import Series

ALL_DIMENSIONS = "AllDimensions"
"""Flat packing: every observation carries its whole key."""

MEASURE = "OBS_VALUE"


@dataclass(frozen=True)
class Shape:
    """``attributes``: ids wanted, in DSD order. ``values``: whether observations show their value.

    ``observations``: whether there are observations at all, or only series. ``flat``: no grouping into series.
    """

    attributes: tuple[str, ...]
    values: bool = True
    observations: bool = True
    flat: bool = False

    def data_set(self, given: Mapping[str, str]) -> dict[str, str]:
        """The data set's attributes that are wanted."""
        return {name: given[name] for name in self.attributes if name in given}

    def series(self, series: Series) -> dict[str, str]:
        """The series' attributes that are wanted."""
        return {name: series.attributes[name] for name in self.attributes if name in series.attributes}

    def observation(self, series: Series) -> list[tuple[str, list[str | None]]]:
        """The observation attributes that are wanted, each with its texts."""
        columns = series.observation_attributes
        return [(name, columns[name]) for name in self.attributes if name in columns]


def every_attribute(dsd: DataStructure) -> tuple[str, ...]:
    return tuple(attribute.id for attribute in dsd.attributes)


def attributes_at(dsd: DataStructure, *levels: Level) -> tuple[str, ...]:
    return tuple(attribute.id for attribute in dsd.attributes if attribute.level in levels)


def observations(series: Series, shape: Shape) -> Iterator[tuple[str, str | None, list[tuple[str, str]]]]:
    """Period, value and attributes of each observation of a series that a message shows."""
    values = series.values if shape.values else [None] * len(series.values)
    columns = shape.observation(series)
    if not columns:
        yield from ((period, value, []) for period, value in zip(series.periods(), values, strict=True))
        return
    names = [name for name, _ in columns]
    rows = zip(*(texts for _, texts in columns), strict=True)
    for period, value, row in zip(series.periods(), values, rows, strict=True):
        yield period, value, [(name, text) for name, text in zip(names, row, strict=True) if text is not None]
