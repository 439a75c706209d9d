"""The one engine that makes text of columns: JSON, XML, CSV and every other format are templates over it.

A writer says what stands around the columns (``pieces``) and what each column looks like; the engine makes n texts of them,
and lists of such texts, without a loop over observations in the writer. All is bytes. Two engines give the same bytes: a
kernel compiled at installation where there is a compiler, and its twin in Python. The environment variable ``HUB_KERNEL=off``
chooses the twin.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from registry.rendering_columns import At, Codes, Column, Engine, Floats, Rendered, expect
from registry.rendering_twin import Twin

__all__ = ["At", "Codes", "Column", "Floats", "Rendered", "joined", "lists", "rows"]


def engine() -> Engine:
    """The kernel where there is one and nobody turned it off."""
    if os.environ.get("HUB_KERNEL", "").lower() == "off":
        return Twin()
    try:
        from registry.rendering_kernel import Kernel
    except ImportError:
        return Twin()
    return Kernel()


ENGINE = engine()


def rows(pieces: Sequence[bytes], columns: Sequence[Column], count: int) -> Rendered:
    """``count`` texts: pieces[0], the text of columns[0], pieces[1], the text of columns[1] ... pieces[-1].

    :class:`ValueError` when there is not one piece more than columns, a column is not ``count`` long, a code, a place or an
    exception points nowhere, or a number is infinite; :class:`TypeError` for arrays of another type.
    """
    if len(pieces) != len(columns) + 1:
        raise ValueError(f"{len(columns)} columns stand between {len(columns) + 1} pieces, not {len(pieces)}")
    if any(len(column) != count for column in columns):
        raise ValueError(f"columns of {[len(column) for column in columns]} texts cannot make {count} rows")
    return ENGINE.rows(pieces, columns, count)


def lists(rendered: Rendered, starts: NDArray[np.int64], opening: bytes, separator: bytes, closing: bytes) -> Rendered:
    """m texts: the texts ``starts[i]:starts[i + 1]`` (int64[m + 1]) with separators, between ``opening`` and ``closing``.

    :class:`ValueError` when the starts are none, descend, or point beyond the texts.
    """
    expect(starts, np.int64)
    if not len(starts) or starts[0] < 0 or starts[-1] > len(rendered) or (np.diff(starts) < 0).any():
        raise ValueError(f"{len(rendered)} texts cannot be listed so")
    return ENGINE.lists(rendered, starts, opening, separator, closing)


def joined(parts: Sequence[Rendered], separator: bytes, opening: bytes = b"", closing: bytes = b"") -> bytes:
    """All texts of all parts with the separator between them, between ``opening`` and ``closing``."""
    return ENGINE.joined(parts, separator, opening, closing)
