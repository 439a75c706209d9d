"""A cube as a PX file (PC-Axis), in Vietnamese and English.

Source: PX-file format specification, AXIS-VERSION 2013 (Statistics Sweden). A PX file is dense and names everything before its
figures; so rows wait on disk while attributes go out, and no more than one batch is in memory. KEYS is not used: a reader takes
a row that KEYS leaves out for noughts, and gaps are no noughts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from adapters.formats.axes import cube, sliced
from adapters.formats.dense import Look, grouped, placed
from adapters.formats.flat import Columns, coded
from adapters.formats.px_head import ABSENT, CONFIDENTIAL, EMPTY, Sheet
from adapters.formats.px_text import clean, keyword, tongues
from adapters.formats.spool import Rows
from adapters.formats.uniform import Uniform
from adapters.formats.units import Units, decimals
from adapters.formats.wording import is_number, title
from adapters.outlets import Wish
from registry.answers import Answer
from registry.columns import Batch, Coded
from registry.errors import LANGUAGES, Invalid
from registry.number import plain_number
from registry.rendering import At, Codes, Column, rows

FREE = ("F", "")
"""CONF_STATUS of what anybody may see."""


def px(answer: Answer, wish: Wish) -> Iterator[bytes]:
    """The file in pieces."""
    _check(answer, wish)
    axes, batches = cube(answer, wish)
    columns = Columns.of(answer.structure, wish)
    sheet = Sheet(answer, wish, axes, tongues(answer.structure, axes, _tags(wish)), columns)
    for text in sheet.head():
        yield _bytes(text)
    uniform, cells = Uniform(columns.key, columns.series), CellAttributes(sheet)
    look = Look(b"", b" ", b" \r\n", ABSENT, _exact, _blank)
    waiting, places = Rows(axes.rows, look.empty(axes)), 0
    yield from cells.head()
    for batch in batches:
        uniform.see(batch)
        places = decimals(batch, axes.measures, places)
        yield from cells.of(batch)
        for part in sliced(batch, len(axes.times) * len(axes.measures)):
            waiting.put(*placed(part, axes, look))
    for text in sheet.tail(Units(answer.structure, uniform, places)):
        yield _bytes(text)
    yield b"DATA=\r\n"
    yield from grouped(waiting.given())
    yield b";\r\n"


def _check(answer: Answer, wish: Wish) -> None:
    for name in wish.measures:
        if not is_number(answer.structure.dsd.components[name]):
            raise Invalid("FORMAT_TEXT_MEASURE", found=name)


def _tags(wish: Wish) -> list[str]:
    """Both languages of the hub, the one asked for first."""
    asked = (tag.split("-")[0] for tag in wish.languages)
    return list(dict.fromkeys([*(tag for tag in asked if tag in LANGUAGES), *LANGUAGES]))


def _bytes(text: str) -> bytes:
    return text.encode(errors="replace")


def _exact(text: str) -> bytes:
    return text.encode() if plain_number(text) == text else EMPTY


def _blank(batch: Batch, places: NDArray[np.int64]) -> Sequence[bytes]:
    """The cells of observations without a value: confidential, or not there yet."""
    column = coded(batch.attributes, "CONF_STATUS", batch.observations)
    told = [EMPTY if text in FREE else CONFIDENTIAL for text in column.texts] + [EMPTY]
    return [told[code] for code in column.codes[places].tolist()]


@dataclass
class CellAttributes:
    """ATTRIBUTES: the commonest attributes of the first batch stand for all cells, every other cell has a line of its own."""

    sheet: Sheet
    default: tuple[str | None, ...] | None = field(default=None)

    @property
    def names(self) -> tuple[str, ...]:
        return self.sheet.columns.observation

    def head(self) -> Iterator[bytes]:
        if self.names:
            yield _bytes(keyword("ATTRIBUTE-ID", self.names))
            for tongue in self.sheet.languages:
                texts = [clean(title(self.sheet.answer.structure, name, (tongue.tag,))) for name in self.names]
                yield _bytes(keyword("ATTRIBUTE-TEXT", texts, tongue.mark))

    def of(self, batch: Batch) -> Iterator[bytes]:
        """The lines of a batch."""
        columns = [coded(batch.attributes, name, batch.observations) for name in self.names]
        if not columns or not batch.observations:
            return
        if self.default is None:
            self.default = _commonest(columns)
            yield _bytes(keyword("ATTRIBUTES", [clean(text or "") for text in self.default]))
        other = np.zeros(batch.observations, bool)
        for column, text in zip(columns, self.default, strict=True):
            other |= column.codes != (column.texts.index(text) if text in column.texts else -1 if text is None else -2)
        yield from self._lines(batch, columns, np.flatnonzero(other))

    def _lines(self, batch: Batch, columns: Sequence[Coded], some: NDArray[np.int64]) -> Iterator[bytes]:
        axes = self.sheet.axes
        keys = [Codes(column.codes, [_quoted(text) for text in column.texts]) for column in batch.key]
        head = rows([b"", *([b","] * (len(keys) - 1)), b""], keys, batch.series_count)
        told = [Codes(one.codes[some], [_quoted(text) for text in one.texts], b'""') for one in columns]
        periods = batch.periods().take(some)
        for measure in axes.measures:
            pieces, parts = [b"ATTRIBUTES("], list[Column]([At(head, batch.series_of[some])])
            inside = b"," + _quoted(measure) if len(axes.measures) > 1 else b""
            if axes.times.timed:
                pieces.append(inside + b",")
                parts.append(Codes(periods.codes, [_quoted(text) for text in periods.texts]))
                inside = b""
            pieces += [inside + b")=", *([b","] * (len(told) - 1)), b";\r\n"]
            yield rows(pieces, [*parts, *told], len(some)).joined()


def _commonest(columns: Sequence[Coded]) -> tuple[str | None, ...]:
    combinations, counts = np.unique(np.stack([column.codes for column in columns]), axis=1, return_counts=True)
    commonest = combinations[:, counts.argmax()].tolist()
    return tuple(column.texts[code] if code >= 0 else None for column, code in zip(columns, commonest, strict=True))


def _quoted(text: str) -> bytes:
    return b'"' + _bytes(clean(text)) + b'"'
