"""Memory given back, or kept for the next answer: how the allocator of a server is set."""

from __future__ import annotations

import ctypes
from contextlib import suppress

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Source: ``mallopt(3)`` and malloc.h of the GNU C library."""


def one_heap() -> None:
    """Let all threads share one heap that is not given back piece by piece, where the C library is GNU's; to be called before
    there are threads.

    Each thread would else have a heap of its own and keep there what its largest answers took: 60 MB more for a server of ten
    million observations. And columns of a megabyte would each be asked of the system and given back, page by page, which takes
    a fifth of the time of an answer of a hundred thousand observations.
    """
    with suppress(OSError, AttributeError):
        heap = ctypes.CDLL(None)
        heap.mallopt(_ARENA_MAX, 1)
        heap.mallopt(_MMAP_THRESHOLD, 32 * 1024**2)
        heap.mallopt(_TRIM_THRESHOLD, 64 * 1024**2)
