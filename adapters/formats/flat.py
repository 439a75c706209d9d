"""Observations as rows: what plain tables, Parquet and Arrow have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from adapters.outlets import Wish
from registry.columns import Batch, Coded, Numbers
from registry.model import Level, Structure


@dataclass(frozen=True)
class Columns:
    """Which components are columns: dimensions, time, measures, then attributes of series and of observations, in DSD order.

    ``time`` is None without periods: where the structure has no time, or only series are wanted.
    """

    key: tuple[str, ...]
    time: str | None
    measures: tuple[str, ...]
    series: tuple[str, ...]
    observation: tuple[str, ...]

    @classmethod
    def of(cls, structure: Structure, wish: Wish) -> Columns:
        dsd = structure.dsd
        wanted = [part for part in dsd.attributes if part.id in wish.attributes]
        timed = dsd.time is not None and wish.observations
        return cls(
            key=dsd.key,
            time=dsd.time.id if timed and dsd.time is not None else None,
            measures=wish.measures if wish.observations else (),
            series=tuple(part.id for part in wanted if part.level in (Level.SERIES, Level.GROUP)),
            observation=tuple(part.id for part in wanted if part.level is Level.OBSERVATION and wish.observations),
        )


def absent(count: int) -> Coded:
    return Coded((), np.full(count, -1, np.int32))


def coded(columns: Mapping[str, Coded], name: str, count: int) -> Coded:
    """An attribute of a batch; nothing where the batch has none."""
    return columns[name] if name in columns else absent(count)


def numbers(batch: Batch, measure: str) -> Numbers:
    """A measure of a batch; no values where the batch has none."""
    return batch.measures[measure] if measure in batch.measures else Numbers(np.full(batch.observations, np.nan))


def nothing(width: int) -> Batch:
    """A batch without series, of a key with so many dimensions."""
    none = np.zeros(0, np.int64)
    return Batch((absent(0),) * width, np.zeros(0, "U1"), np.zeros(1, np.int64), none, {})
