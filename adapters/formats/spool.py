"""What has to wait until later in a file waits on disk, in files without a name: memory does not grow with the answer."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from registry.columns import Batch

PIECE = 65_536
"""Bytes given on at once."""

TOGETHER = 64
"""Rows given on at once."""


class Later:
    """Text that is put down now and given back once, in its order."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it is gone with the last reference to it
        self.empty = True

    def put(self, text: bytes) -> None:
        self._file.write(text)
        self.empty = self.empty and not text

    def given(self) -> Iterator[bytes]:
        self._file.seek(0)
        while piece := self._file.read(PIECE):
            yield piece


class Rows:
    """Texts of the rows of a cube, put down in any order and given back in the order of their places.

    A place that had no text gives ``absent``. Where each text stands is kept on disk too: 16 bytes a row.
    """

    def __init__(self, count: int, absent: bytes) -> None:
        self._absent = absent
        self._texts = tempfile.TemporaryFile()  # noqa: SIM115
        self._end = 0
        index = tempfile.TemporaryFile()  # noqa: SIM115
        self._index = np.memmap(index, np.int64, "w+", shape=(max(count, 1), 2))
        self._count = count

    def put(self, places: NDArray[np.int64], texts: Sequence[bytes]) -> None:
        lengths = np.fromiter((len(text) for text in texts), np.int64, len(texts))
        ends = self._end + np.cumsum(lengths)
        self._index[places, 0] = ends - lengths
        self._index[places, 1] = lengths
        self._texts.write(b"".join(texts))
        self._end = int(ends[-1]) if len(ends) else self._end

    def given(self) -> Iterator[bytes]:
        """All rows, some at once; the texts need separators of their own."""
        for start in range(0, self._count, TOGETHER):
            yield b"".join(self._read(*one) for one in self._index[start : min(start + TOGETHER, self._count)].tolist())

    def _read(self, start: int, length: int) -> bytes:
        if not length:
            return self._absent
        self._texts.seek(start)
        return self._texts.read(length)


class Batches:
    """Batches that are walked twice: once to see what there is, once to write it."""

    def __init__(self, batches: Iterable[Batch]) -> None:
        self._source = batches
        self._file = tempfile.TemporaryFile()  # noqa: SIM115

    def first(self) -> Iterator[Batch]:
        for batch in self._source:
            pickle.dump(batch, self._file, pickle.HIGHEST_PROTOCOL)
            yield batch

    def again(self) -> Iterator[Batch]:
        end = self._file.tell()
        self._file.seek(0)
        while self._file.tell() < end:
            batch: Batch = pickle.load(self._file)  # noqa: S301 - written by us, into a file that nobody else can open
            yield batch
