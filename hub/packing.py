"""Columns as bytes: a small head of JSON that names the arrays, then the arrays themselves, ready to be looked at in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

Array = NDArray[Any]

_ALIGNED = 8


def pack(facts: Mapping[str, Any], arrays: Mapping[str, Array]) -> bytes:
    """``facts`` (anything JSON can hold) and named arrays of one dimension; equal content gives equal bytes."""
    shapes = [[name, array.dtype.str, len(array)] for name, array in arrays.items()]
    head = orjson.dumps([facts, shapes], option=orjson.OPT_SORT_KEYS)
    parts = [len(head).to_bytes(4, "little"), head]
    parts.append(_padding(4 + len(head)))
    for array in arrays.values():
        raw = array.tobytes()
        parts += [raw, _padding(len(raw))]
    return b"".join(parts)


def _padding(length: int) -> bytes:
    return b"\0" * (-length % _ALIGNED)


def unpack(blob: bytes) -> tuple[dict[str, Any], dict[str, Array]]:
    """What :func:`pack` was given; the arrays look into ``blob`` and cannot be written to."""
    end = 4 + int.from_bytes(blob[:4], "little")
    facts, shapes = orjson.loads(memoryview(blob)[4:end])
    arrays: dict[str, Array] = {}
    for name, kind, length in shapes:
        start = end + (-end % _ALIGNED)
        array = np.frombuffer(blob, dtype=kind, count=length, offset=start)
        arrays[name] = array
        end = start + array.nbytes
    return facts, arrays


def smallest(numbers: NDArray[np.int64]) -> Array:
    """The same whole numbers, none negative, in as few bytes as they need."""
    most = int(numbers.max()) if len(numbers) else 0
    kind = next(kind for kind in (np.uint8, np.uint16, np.uint32, np.int64) if most <= np.iinfo(kind).max)
    return numbers.astype(kind)
