"""The compiled text engine behind the same face as its twin. Importing it fails where the kernel could not be built."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from registry import _kernel
from registry.rendering_columns import At, Codes, Column, Floats, Rendered


class Kernel:
    """The engine."""

    def rows(self, pieces: Sequence[bytes], columns: Sequence[Column], count: int) -> Rendered:
        return _kernel.rows(pieces, tuple(map(_texts, columns)), count)

    def lists(
        self, rendered: Rendered, starts: NDArray[np.int64], opening: bytes, separator: bytes, closing: bytes
    ) -> Rendered:
        return _kernel.lists(_texts(rendered), np.ascontiguousarray(starts), opening, separator, closing)

    def joined(self, parts: Sequence[Rendered], separator: bytes, opening: bytes, closing: bytes) -> bytes:
        return _kernel.joined(tuple(map(_texts, parts)), separator, opening, closing)


def _texts(column: Column) -> _kernel.Texts:
    if isinstance(column, _kernel.Texts):
        return column
    if isinstance(column, Codes):
        return _kernel.codes(np.ascontiguousarray(column.codes), column.fragments, column.absent)
    if isinstance(column, Floats):
        floats = np.ascontiguousarray(column.floats)
        return _kernel.floats(floats, column.before, column.after, column.absent, dict(column.exceptions))
    if isinstance(column, At):
        return _kernel.at(_texts(column.rendered), np.ascontiguousarray(column.places))
    raise TypeError(f"{type(column).__name__} was not made by this engine")
