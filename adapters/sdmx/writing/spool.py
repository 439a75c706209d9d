"""Drawers of batches that move to disk when memory should not hold them all."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from datetime import datetime
from types import TracebackType
from typing import IO

from registry.columns import Batch

HELD = 32 * 1024 * 1024
"""Bytes held in memory before a file is used."""

Label = tuple[datetime, datetime, str]
"""What a drawer is called; drawers come out in this order."""


class Spool:
    """Put batches in, take them out drawer by drawer. The file has no name and is gone when the spool is closed."""

    def __init__(self, held: int = HELD) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=held)  # noqa: SIM115 - closed in __exit__
        self._drawers: dict[Label, list[int]] = {}

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def put(self, label: Label, batch: Batch) -> None:
        self._drawers.setdefault(label, []).append(self._file.seek(0, 2))
        pickle.dump(batch, self._file, pickle.HIGHEST_PROTOCOL)

    def drawers(self) -> Iterator[list[Batch]]:
        """What each drawer holds, in the order it was put in."""
        for label in sorted(self._drawers):
            yield [self._take(place) for place in self._drawers[label]]

    def _take(self, place: int) -> Batch:
        self._file.seek(place)
        batch: Batch = pickle.load(self._file)  # noqa: S301 - written above, by this process, into a file without a name
        return batch
