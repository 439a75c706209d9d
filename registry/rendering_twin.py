"""The text engine in Python, for machines where the kernel could not be built; :mod:`registry.rendering` says what it does.

What surrounds a number or a code is put around it once for each distinct text, or once for the whole column; what is left for
each text is a look-up and a join, inside numpy's and Python's own loops.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, repeat

import numpy as np
import orjson
from numpy.typing import NDArray

from registry.number import plain_float
from registry.rendering_columns import At, Codes, Column, Floats, Rendered

BREAK = b"\0"
"""Stands between numbers until they are split: no text around them holds it."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts one by one."""

    texts: list[bytes]

    def __len__(self) -> int:
        return len(self.texts)

    def joined(self, separator: bytes = b"") -> bytes:
        return separator.join(self.texts)


class Twin:
    """The engine."""

    def rows(self, pieces: Sequence[bytes], columns: Sequence[Column], count: int) -> Rendered:
        if not columns:
            return Texts([pieces[0]] * count)
        parts: list[Iterable[bytes]] = []
        for place, column in enumerate(columns, 1):
            parts += _surrounded(column, pieces[place - 1], pieces[-1] if place == len(columns) else b"")
        return Texts(list(parts[0]) if len(parts) == 1 else [b"".join(row) for row in zip(*parts, strict=False)])

    def lists(
        self, rendered: Rendered, starts: NDArray[np.int64], opening: bytes, separator: bytes, closing: bytes
    ) -> Rendered:
        texts = _texts(rendered)
        return Texts([opening + separator.join(texts[start:end]) + closing for start, end in pairwise(starts.tolist())])

    def joined(self, parts: Sequence[Rendered], separator: bytes, opening: bytes, closing: bytes) -> bytes:
        return b"".join((opening, separator.join(chain.from_iterable(map(_texts, parts))), closing))


def _texts(rendered: Rendered) -> list[bytes]:
    if not isinstance(rendered, Texts):
        raise TypeError(f"{type(rendered).__name__} was not made by this engine")
    return rendered.texts


def _surrounded(column: Column, before: bytes, after: bytes) -> list[Iterable[bytes]]:
    """The column as parts that follow each other in a row."""
    if isinstance(column, Floats):
        return [_floats(column, before, after)]
    if isinstance(column, Codes) and len(column.fragments) <= len(column):
        return [_codes(column, [before + text + after for text in column.fragments], before + column.absent + after)]
    plain = _codes(column, column.fragments, column.absent) if isinstance(column, Codes) else _places(column)
    around: list[Iterable[bytes]] = [plain]
    if before:
        around.insert(0, repeat(before, len(plain)))
    return [*around, repeat(after, len(plain))] if after else around


def _codes(column: Codes, fragments: Sequence[bytes], absent: bytes) -> list[bytes]:
    if len(column) and not -1 <= column.codes.min() <= column.codes.max() < len(fragments):
        raise ValueError(f"a code points outside of {len(fragments)} texts")
    return _taken([*fragments, absent], column.codes)


def _places(column: At | Rendered) -> list[bytes]:
    if not isinstance(column, At):
        return _texts(column)
    if len(column) and not 0 <= column.places.min() <= column.places.max() < len(column.rendered):
        raise ValueError(f"a place lies outside of {len(column.rendered)} texts")
    return _taken(_texts(column.rendered), column.places)


def _taken(texts: Sequence[bytes], places: NDArray[np.integer]) -> list[bytes]:
    table = np.empty(len(texts), object)
    table[:] = texts
    found: list[bytes] = table[places].tolist()
    return found


def _floats(column: Floats, before: bytes, after: bytes) -> list[bytes]:
    """All at once where orjson writes the number as we do; one by one where it takes an exponent, and the exceptions."""
    floats = column.floats
    if np.isinf(floats).any():
        raise ValueError("an infinite number has no text")
    start, end = before + column.before, column.after + after
    # One array is written faster than its numbers; `.0` can only stand before the comma.
    text = orjson.dumps(np.ascontiguousarray(floats) + 0.0, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1] + b"," * bool(len(floats))
    text = start + text.replace(b".0,", b",").replace(b",", end + BREAK + start)
    texts = text.split(BREAK)[:-1]
    size = np.abs(floats)
    absent = before + column.absent + after
    for place in np.flatnonzero(np.isnan(floats)).tolist():
        texts[place] = absent
    for place in np.flatnonzero((size >= 1e15) | ((size < 1e-3) & (size > 0))).tolist():
        texts[place] = start + plain_float(float(floats[place])).encode() + end
    if any(not 0 <= place < len(texts) for place in column.exceptions):
        raise ValueError("an exception stands outside of its column")
    for place, exception in column.exceptions.items():
        texts[place] = before + exception + after
    return texts
