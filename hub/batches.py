"""Working through long iterables in pieces (``itertools.batched`` needs Python 3.12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most ``size`` items."""
    source = iter(items)
    while some := list(islice(source, size)):
        yield some
