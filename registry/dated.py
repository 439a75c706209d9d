"""Codes outside their time in data: an error in what is handed in, a warning in what is shown.

The days of a code are its own; where it has none, those of the version of the classification that it is taken from. A list that
does not say which classification it is a version of (annotation CLASSIFICATION) binds nobody by its own days: most lists only
say by them since when this version is in use. Nor do they bind a dataflow all of whose figures were recast to the version: it
names the dimensions in its annotation RECAST.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

import numpy as np
from numpy.typing import NDArray

from registry.classification import CLASSIFICATION, spans
from registry.classification.validity import ALWAYS, Span
from registry.model import Structure, fact
from registry.period import containing
from registry.ref import Ref

RECAST = "RECAST"
"""The annotation of a dataflow: dimensions, parted by blanks, whose figures were all recast to the version in use."""

_OPEN = 2**62


@dataclass(frozen=True)
class Days:
    """The days of the codes of one dimension that may not be used always."""

    dimension: str
    codelist: Ref
    of: Mapping[str, Span]

    def facts(self, code: str, period: str) -> dict[str, str]:
        """What the message says of a code outside its days."""
        first, last = ("…" if each in ALWAYS else each.isoformat() for each in self.of[code])
        return {
            "dimension": self.dimension,
            "found": code,
            "period": period,
            "codelist": str(self.codelist),
            "first": first,
            "last": last,
        }

    def limits(self, codes: Sequence[str], frequency: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """int64[len(codes)]: the first and last period of each code that has at least one day in its time."""
        found = [self.of.get(code, ALWAYS) for code in codes]
        low = [-_OPEN if first == date.min else containing(frequency, datetime.combine(first, time.min)) for first, _ in found]
        high = [_OPEN if last == date.max else containing(frequency, datetime.combine(last, time.max)) for _, last in found]
        return np.array(low, dtype=np.int64), np.array(high, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Outdated:
    """Codes of a dimension that are shown in periods in which they were not valid, and may have meant something else."""

    dimension: str
    codelist: Ref
    codes: tuple[str, ...]


def days_of(structure: Structure) -> tuple[Days, ...]:
    """The dimensions with codes that may not be used always."""
    recast = fact(structure.dataflow, RECAST).split()
    found = []
    for name in structure.dsd.key if structure.dsd.time else ():
        codelist = structure.codelists.get(name)
        if codelist is None:
            continue
        if name in recast or not fact(codelist, CLASSIFICATION):
            codelist = replace(codelist, valid_from=None, valid_to=None)
        if of := spans(codelist):
            found.append(Days(name, codelist.ref, of))
    return tuple(found)
