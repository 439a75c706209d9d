"""Packing the observations of one block into a few bytes, without changing a number.

The encoding is the smallest for which ``Decimal(out) == Decimal(in)``: float64 where its shortest text has the same value, else
int64 mantissas with one scale, else text. Real files hold values that float64 would change.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from registry.number import plain, plain_float

FLOAT, MANTISSA, TEXT = 0, 1, 2
_MOST = 2**63 - 1

Attributes = Mapping[str, list[str | None]]


@dataclass(slots=True)
class Observations:
    """Observations of one series and frequency, ascending: n ordinals, n values as decimal text or None, attribute texts."""

    ordinals: NDArray[np.int64]
    values: list[str | None]
    attributes: Attributes = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.values)


def pack(observations: Observations) -> dict[str, Any]:
    """The columns of a block row: first, last, count, encoding, scale, offsets, missing, content, attributes."""
    ordinals, values = observations.ordinals, observations.values
    first = int(ordinals[0]) if len(ordinals) else 0
    last = int(ordinals[-1]) if len(ordinals) else -1
    missing = np.array([value is None for value in values], dtype=bool)
    encoding, scale, content = _encode([value for value in values if value is not None])
    return {
        "first": first,
        "last": last,
        "count": len(values),
        "encoding": encoding,
        "scale": scale,
        "offsets": None if last - first + 1 == len(values) else (ordinals - first).tobytes(),
        "missing": np.packbits(missing).tobytes() if missing.any() else None,
        "content": content,
        "attributes": _pack_attributes(observations.attributes),
    }


def unpack(row: Any) -> Observations:
    """The observations of a block row (a mapping with those columns)."""
    count = row["count"]
    if row["offsets"] is None:
        ordinals = np.arange(row["first"], row["first"] + count, dtype=np.int64)
    else:
        ordinals = np.frombuffer(row["offsets"], dtype=np.int64) + row["first"]
    values = _decode(row["encoding"], row["scale"], row["content"])
    if row["missing"] is not None:
        values = _spread(values, np.unpackbits(np.frombuffer(row["missing"], np.uint8), count=count))
    return Observations(ordinals, values, _unpack_attributes(row["attributes"]))


def _encode(texts: list[str]) -> tuple[int, int, bytes]:
    numbers = [float(text) for text in texts]
    if all(_same(number, text) for number, text in zip(numbers, texts, strict=True)):
        return FLOAT, 0, np.array(numbers, dtype=np.float64).tobytes()
    decimals = [Decimal(text) for text in texts]
    scale = max(-int(number.as_tuple().exponent) for number in decimals)
    if 0 <= scale <= 18 and all(abs(number.scaleb(scale)) <= _MOST for number in decimals):
        mantissas = [int(number.scaleb(scale)) for number in decimals]
        return MANTISSA, scale, np.array(mantissas, dtype=np.int64).tobytes()
    return TEXT, 0, orjson.dumps(texts)


def _same(number: float, text: str) -> bool:
    if not math.isfinite(number):
        return False
    shortest = repr(number)
    return shortest == text or Decimal(shortest) == Decimal(text)


def _decode(encoding: int, scale: int, content: bytes) -> list[str | None]:
    if encoding == TEXT:
        texts: list[str | None] = orjson.loads(content)
        return texts
    if encoding == FLOAT:
        return [plain_float(number) for number in np.frombuffer(content, dtype=np.float64).tolist()]
    return [plain(f"{Decimal(number).scaleb(-scale):f}") for number in np.frombuffer(content, dtype=np.int64).tolist()]


def _spread(values: list[str | None], missing: NDArray[np.uint8]) -> list[str | None]:
    present = iter(values)
    return [None if gone else next(present) for gone in missing.tolist()]


def _pack_attributes(attributes: Attributes) -> bytes | None:
    """Per attribute a dictionary of its distinct texts and one code per observation; -1 is absent."""
    packed: dict[str, Any] = {}
    for name, texts in attributes.items():
        if any(text is not None for text in texts):
            distinct = {text: code for code, text in enumerate(dict.fromkeys(t for t in texts if t is not None))}
            packed[name] = [list(distinct), [-1 if text is None else distinct[text] for text in texts]]
    return orjson.dumps(packed) if packed else None


def _unpack_attributes(blob: bytes | None) -> Attributes:
    if blob is None:
        return {}
    packed = orjson.loads(blob)
    return {name: [texts[code] if code >= 0 else None for code in codes] for name, (texts, codes) in packed.items()}
