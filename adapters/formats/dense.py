"""Cubes as rows of cells in row-major order: every combination of codes, one row of periods each, gaps told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adapters.formats.axes import Axes
from adapters.formats.flat import numbers
from adapters.formats.spool import PIECE, Rows
from registry.columns import Batch
from registry.errors import Unavailable
from registry.rendering import Floats, Rendered, lists, rows

Placed = tuple[NDArray[np.int64], Sequence[bytes]]
"""Rows of the cube and their texts."""


@dataclass(frozen=True)
class Look:
    """What a row looks like. ``text``: an exact text as a cell; ``blank``: for each observation without value, its cell."""

    opening: bytes
    separator: bytes
    closing: bytes
    absent: bytes
    text: Callable[[str], bytes]
    blank: Callable[[Batch, NDArray[np.int64]], Sequence[bytes]] | None = None

    def empty(self, axes: Axes) -> bytes:
        """A row without observations."""
        return self.opening + self.separator.join([self.absent] * len(axes.times)) + self.closing


def placed(batch: Batch, axes: Axes, look: Look) -> Placed:
    """The rows of a batch: one for each series and measure."""
    count, width = len(axes.measures), len(axes.times)
    floats = np.full(batch.series_count * count * width, np.nan)
    exceptions: dict[int, bytes] = {}
    times = axes.time_places(batch)
    for measure, name in enumerate(axes.measures):
        column = numbers(batch, name)
        cells = (batch.series_of * count + measure) * width + times
        floats[cells] = column.floats
        if column.texts is not None:
            some = np.flatnonzero(column.texts != None)  # noqa: E711 - elementwise on purpose
            exceptions.update(zip(cells[some].tolist(), map(look.text, column.texts[some].tolist()), strict=True))
        if look.blank is not None:
            some = np.flatnonzero(~column.present)
            exceptions.update(zip(cells[some].tolist(), look.blank(batch, some), strict=True))
    made = rows([b"", b""], [Floats(floats, absent=look.absent, exceptions=exceptions)], len(floats))
    listed = lists(made, np.arange(0, len(floats) + 1, width, dtype=np.int64), look.opening, look.separator, look.closing)
    places = (axes.row_places(batch)[:, None] + np.arange(count)).reshape(-1)
    return places, split(listed)


def split(rendered: Rendered) -> list[bytes]:
    """The texts one by one; no text of a cube holds a NUL."""
    return rendered.joined(b"\0").split(b"\0") if len(rendered) else []


def in_order(parts: Iterator[Placed], axes: Axes, absent: bytes) -> Iterator[bytes]:
    """All rows of the cube: as they come where they come in its order, else after the last one came."""
    if axes.straight:
        yield from _straight(parts, axes.rows, absent)
        return
    waiting = Rows(axes.rows, absent)
    for places, texts in parts:
        waiting.put(places, texts)
    yield from waiting.given()


def _straight(parts: Iterator[Placed], count: int, absent: bytes) -> Iterator[bytes]:
    after = 0
    for places, texts in parts:
        if not len(places):
            continue
        if places[0] < after or (np.diff(places) < 1).any():
            raise Unavailable("FORMAT_CUBE_MOVED")
        # Gaps between rows, each before the row that ends it.
        gaps = np.diff(places, prepend=after - 1) - 1
        for gap, text in zip(gaps.tolist(), texts, strict=True):
            yield from _repeated(absent, gap)
            yield text
        after = int(places[-1]) + 1
    yield from _repeated(absent, count - after)


def _repeated(absent: bytes, count: int) -> Iterator[bytes]:
    step = max(1, PIECE // max(len(absent), 1))
    for start in range(0, count, step):
        yield absent * min(step, count - start)


def unled(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks without the separator, one byte, that leads the first."""
    first = next((chunk for chunk in chunks if chunk), b"")
    yield first[1:]
    yield from chunks


def grouped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Small chunks together."""
    waiting: list[bytes] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= PIECE:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)
