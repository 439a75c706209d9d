"""What the text engine is given: columns of n texts each. :mod:`registry.rendering` makes rows and lists of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray


class Rendered(Protocol):
    """n texts that were made already. They can be joined, listed, or be a column of further rows."""

    def __len__(self) -> int: ...

    def joined(self, separator: bytes = b"") -> bytes:
        """All texts, with the separator between them."""
        ...


@dataclass(frozen=True, slots=True)
class Codes:
    """A dictionary-coded column: the n-th text is ``fragments[codes[n]]`` (int32[n]), and ``absent`` where the code is -1."""

    codes: NDArray[np.int32]
    fragments: Sequence[bytes]
    absent: bytes = b""

    def __post_init__(self) -> None:
        expect(self.codes, np.int32)

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True)
class Floats:
    """A column of numbers (float64[n]), finite or NaN, as :func:`registry.number.plain_float` writes them.

    Each stands between ``before`` and ``after``; where there is NaN stands ``absent`` alone. ``exceptions``: by place, what
    stands there instead of all this, ``before`` and ``after`` included.
    """

    floats: NDArray[np.float64]
    before: bytes = b""
    after: bytes = b""
    absent: bytes = b""
    exceptions: Mapping[int, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        expect(self.floats, np.float64)

    def __len__(self) -> int:
        return len(self.floats)


@dataclass(frozen=True, slots=True)
class At:
    """Texts made already, at other places: the n-th is ``rendered[places[n]]`` (int64[n])."""

    rendered: Rendered
    places: NDArray[np.int64]

    def __post_init__(self) -> None:
        expect(self.places, np.int64)

    def __len__(self) -> int:
        return len(self.places)


def expect(array: NDArray[Any], kind: type[np.generic]) -> None:
    """:class:`TypeError` unless the array has one dimension and this type."""
    if array.ndim != 1 or array.dtype != kind:
        raise TypeError(f"expected an array of one dimension of {kind.__name__}, not {array.ndim} of {array.dtype}")


Column: TypeAlias = Codes | Floats | At | Rendered


class Engine(Protocol):
    """One of the two that make the texts. Errors: :mod:`registry.rendering`."""

    def rows(self, pieces: Sequence[bytes], columns: Sequence[Column], count: int) -> Rendered: ...

    def lists(
        self, rendered: Rendered, starts: NDArray[np.int64], opening: bytes, separator: bytes, closing: bytes
    ) -> Rendered: ...

    def joined(self, parts: Sequence[Rendered], separator: bytes, opening: bytes, closing: bytes) -> bytes: ...
