"""Reading in a process of its own, for what comes over the network: the same values, and nothing the reader does can hurt."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from adapters.bounded import Bounded, Limits
from adapters.sdmx.reading.formats import Format
from adapters.sdmx.reading.message import StructureMessage
from adapters.sdmx.reading.wire import message_of, raw_of, registrations_told
from registry.raw import Raw
from registry.registrations import Registration
from registry.submission import Purpose

_WORKER = "adapters.sdmx.reading.worker"

AT_ONCE = 4
"""Messages that one process of the hub has read at once."""


class Apart:
    """Readers. Errors are those of reading here, and those of :meth:`adapters.bounded.Bounded.frames`."""

    def __init__(self, limits: Limits | None = None, most: int = 2) -> None:
        self._readers = Bounded(_WORKER, limits or Limits(), most)

    def structures(self, path: Path) -> StructureMessage:
        """What a structure message says."""
        # All of it before any is looked at: a process that is left in the middle of its work is lost.
        return message_of(list(self._readers.frames("structures", str(path))))

    def registrations(self, path: Path) -> list[tuple[Purpose, Registration]]:
        """What a message about registrations asks for."""
        return registrations_told(self._readers.frames("registrations", str(path)))

    def format(self, path: Path) -> Format:
        """The format of a file."""
        ((_, name),) = self._readers.frames("format", str(path))
        return Format[name.decode()]

    def data(self, path: Path) -> Iterator[Raw]:
        """What a data message says, as it is read."""
        return raw_of(self._readers.frames("data", str(path)))

    def close(self) -> None:
        """Let the processes go."""
        self._readers.close()


@cache
def shared() -> Apart:
    """The readers of all doors of this process: what they read leaves nothing behind in them."""
    return Apart(most=AT_ONCE)
