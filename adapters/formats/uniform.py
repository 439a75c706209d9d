"""Series attributes that do not differ from series to series, learnt while an answer is walked: unit, multiplier, decimals."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from registry.columns import Batch, Coded

DIFFERS = object()


@dataclass
class Uniform:
    """``constant``: attribute -> its one text; ``by``: attribute -> dimension -> code -> text; DIFFERS where there are several.

    Absence is a text of its own, None.
    """

    key: tuple[str, ...]
    attributes: tuple[str, ...]
    constant: dict[str, object] = field(default_factory=dict)
    by: dict[str, dict[str, dict[str, object]]] = field(default_factory=dict)

    def see(self, batch: Batch) -> None:
        for name in self.attributes:
            column = batch.series_attributes.get(name) or Coded.constant(None, batch.series_count)
            for text in {(*column.texts, None)[code] for code in np.unique(column.codes).tolist()}:
                _note(self.constant, name, text)
            self._by_dimension(name, column, batch)

    def _by_dimension(self, name: str, column: Coded, batch: Batch) -> None:
        known = self.by.setdefault(name, {dimension: {} for dimension in self.key})
        for dimension, codes in zip(self.key, batch.key, strict=True):
            if dimension in known:
                width = len(column.texts) + 1
                pairs = np.unique(codes.codes.astype(np.int64) * width + column.codes + 1).tolist()
                for code, text in (divmod(pair, width) for pair in pairs):
                    _note(known[dimension], codes.texts[code], (None, *column.texts)[text])

    def one(self, name: str) -> str | None:
        """The text that all series share; None where they share none."""
        found = self.constant.get(name)
        return found if isinstance(found, str) else None

    def differs(self, name: str) -> bool:
        return self.constant.get(name) is DIFFERS

    def deciding(self, *names: str) -> str | None:
        """The last dimension whose codes decide all these attributes."""
        tables = [self.by[name] for name in names if self.differs(name)]
        fitting = (each for each in reversed(self.key) if tables and all(DIFFERS not in by[each].values() for by in tables))
        return next(fitting, None)

    def of(self, name: str, dimension: str | None, code: str) -> str | None:
        """The attribute of all series with this code."""
        found = self.by[name][dimension].get(code) if dimension and self.differs(name) else self.constant.get(name)
        return found if isinstance(found, str) else None


def _note(known: dict[str, object], place: str, text: str | None) -> None:
    if known.setdefault(place, text) != text:
        known[place] = DIFFERS
