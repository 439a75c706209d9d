"""Answers that are the same for everybody as long as the registry does not change: made once, sent often.

The listing of a large registry takes half a second to be written and some milliseconds to be sent. A message that is sent again
says when it was prepared, as one does that a proxy has kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from adapters.sdmx.reply import Reply, Validators
from adapters.sdmx.stubs import Stubs
from adapters.sdmx.writing.shown import room
from registry.pieces import remembered

MOST = 64 * 1024 * 1024
"""Bytes of all answers that are kept; the least recently used goes first."""

LARGEST = 8 * 1024 * 1024
"""Bytes of an answer that is kept."""


class Kept:
    """Answers by their validators, which tell everything that an answer depends on; and what outlives them: stubs, and the
    texts of artefacts that come along with many."""

    def __init__(self) -> None:
        self.stubs = Stubs()
        self.room = room()
        self._lock = threading.Lock()
        self._held: OrderedDict[str, Reply] = OrderedDict()
        self._size = 0

    def reply(self, validators: Validators, make: Callable[[], Reply]) -> Reply:
        """The answer, as it was made before or made now."""
        if validators.passing:
            return make()
        with self._lock:
            if (found := self._held.get(validators.tag)) is not None:
                self._held.move_to_end(validators.tag)
                return found
        made = make()
        if isinstance(made.body, bytes):
            self._keep(validators.tag, made, made.body)
            return made
        return replace(made, body=remembered(made.body, LARGEST, partial(self._keep, validators.tag, made)))

    def _keep(self, tag: str, reply: Reply, body: bytes) -> None:
        with self._lock:
            if tag not in self._held:
                self._held[tag] = replace(reply, body=body)
                self._size += len(body)
            while self._size > MOST:
                _, gone = self._held.popitem(last=False)
                self._size -= len(gone.body) if isinstance(gone.body, bytes) else 0
