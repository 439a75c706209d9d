"""In what figures are counted, in words: unit, multiplier and decimals from the attributes that series share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from adapters.formats.flat import numbers
from adapters.formats.uniform import Uniform
from adapters.formats.wording import code_label
from registry.columns import Batch
from registry.model import Structure

MOST_DECIMALS = 15
UNIT, MULTIPLIER, DECIMALS = ("UNIT_MEASURE", "UNIT_MULT", "DECIMALS")
"""The cross-domain concepts for it (SDMX Content-Oriented Guidelines, Annex 1)."""


@dataclass(frozen=True)
class Units:
    """Units of an answer that was walked.

    ``dimension``: whose codes decide the unit; None where all share one or none does. ``decimals``: the most of any figure.
    """

    structure: Structure
    uniform: Uniform
    decimals: int

    @property
    def differing(self) -> list[str]:
        return [name for name in (UNIT, MULTIPLIER) if self.uniform.differs(name)]

    @property
    def dimension(self) -> str | None:
        return self.uniform.deciding(*self.differing)

    @property
    def known(self) -> bool:
        """Whether every figure's unit can be told."""
        return not self.differing or self.dimension is not None

    def words(self, languages: Sequence[str], code: str = "") -> str:
        """``Thousands, tonnes`` in the language wanted; empty where there is no unit."""
        dimension = self.dimension
        unit, multiplier = (self.uniform.of(name, dimension, code) for name in (UNIT, MULTIPLIER))
        parts = [code_label(self.structure, MULTIPLIER, multiplier, languages)] if multiplier not in (None, "0") else []
        parts += [code_label(self.structure, UNIT, unit, languages)] if unit else []
        return ", ".join(parts)

    def number(self, name: str, code: str = "") -> int | None:
        """The multiplier's power of ten, or the decimals."""
        text = self.uniform.of(name, self.dimension, code)
        return int(text) if text and text.lstrip("-").isdecimal() and text.isascii() else None


def decimals(batch: Batch, measures: Sequence[str], least: int) -> int:
    """The most decimals of any figure, at least so many."""
    for name in measures:
        column = numbers(batch, name)
        # Larger ones are whole, and NaN is not smaller.
        rest = column.floats[np.abs(column.floats) < 2**53]
        while least < MOST_DECIMALS and len(rest := rest[np.round(rest, least) != rest]):
            least += 1
        texts = [] if column.texts is None else [text for text in column.texts.tolist() if text is not None]
        least = max([least, *(min(len(text.partition(".")[2]), MOST_DECIMALS) for text in texts)])
    return least
