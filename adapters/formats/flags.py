"""Attributes by cell and by series, put aside while the figures are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from adapters.formats.axes import Axes
from adapters.formats.flat import Columns, coded, numbers
from adapters.formats.spool import Later
from adapters.formats.wording import json_text
from registry.columns import Batch
from registry.rendering import Codes, Floats, rows

PAIR = [b',"', b'":', b""]
MISSING = ""


@dataclass
class Flags:
    """JSON members ``,"cell":"text"`` of each observation attribute, and ``,"key":"text"`` of each series attribute."""

    axes: Axes
    columns: Columns
    _later: dict[str, Later] = field(default_factory=dict)
    _seen: dict[str, set[str]] = field(default_factory=dict)

    def see(self, batch: Batch) -> None:
        count, width = len(self.axes.measures), len(self.axes.times)
        first = self.axes.row_places(batch)[batch.series_of] * width + self.axes.time_places(batch)
        for measure, name in enumerate(self.axes.measures):
            missing = np.flatnonzero(~numbers(batch, name).present)
            cells = Floats((first[missing] + measure * width).astype(np.float64))
            self._put(MISSING, rows([b",", b""], [cells], len(missing)).joined())
        for name in self.columns.observation:
            column = coded(batch.attributes, name, batch.observations)
            some = np.flatnonzero(column.codes >= 0)
            self._seen.setdefault(name, set()).update(column.texts[code] for code in np.unique(column.codes[some]).tolist())
            texts = Codes(column.codes[some], [json_text(text) for text in column.texts])
            for measure in range(count):
                cells = Floats((first[some] + measure * width).astype(np.float64))
                self._put(name, rows(PAIR, [cells, texts], len(some)).joined())
        self._see_series(batch)

    def _see_series(self, batch: Batch) -> None:
        keys = [Codes(column.codes, [json_text(text)[1:-1] for text in column.texts]) for column in batch.key]
        key = rows([b"", *([b"."] * (len(keys) - 1)), b""] if keys else [b""], keys, batch.series_count)
        for name in self.columns.series:
            column = coded(batch.series_attributes, name, batch.series_count)
            texts = Codes(column.codes, [json_text(text) for text in column.texts], b"null")
            self._put(name, rows(PAIR, [key, texts], batch.series_count).joined())

    def _put(self, name: str, text: bytes) -> None:
        if text:
            self._later.setdefault(name, Later()).put(text)

    def has(self, name: str) -> bool:
        """Whether any observation has the attribute."""
        return name in self._later

    def seen(self, name: str) -> set[str]:
        return self._seen.get(name, set())

    def given(self, name: str) -> Iterator[bytes]:
        """The members, each with a comma before it."""
        return self._later[name].given() if name in self._later else iter(())

    def given_missing(self) -> Iterator[bytes]:
        """The cells whose observation has no value, each with a comma before it."""
        return self.given(MISSING)
