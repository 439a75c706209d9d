"""Answers that go out in pieces, and are kept whole for whoever asks again."""

from __future__ import annotations

from collections.abc import Callable, Iterator


def remembered(pieces: Iterator[bytes], most: int, keep: Callable[[bytes], None]) -> Iterator[bytes]:
    """The pieces as they come; ``keep`` is given all of them when they have ended and were at most so many bytes."""
    kept, size = list[bytes](), 0
    for piece in pieces:
        size += len(piece)
        if size <= most:
            kept.append(piece)
        else:
            kept.clear()
        yield piece
    if size <= most:
        keep(b"".join(kept))
