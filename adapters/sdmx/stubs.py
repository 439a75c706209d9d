"""Stubs: artefacts without their content, kept as they were shown for as long as the artefacts do not change.

A listing of a large registry is thousands of them. After a change only those that changed are made and written again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from typing import Any

from adapters.sdmx.writing.shown import Form, Shown
from registry.model import TYPES, Artefact, Maintainable
from registry.ref import Kind, Ref

MOST = 30_000
"""Stubs that are kept, some 2 kB each once they are written; the least recently used goes first."""

_EMPTY = {"dimensions"}
"""What may be empty in a stub."""


@cache
def needed(kind: Kind) -> set[str]:
    """What an artefact of a kind cannot be without, beside what every one has."""
    own = (part for part in fields(TYPES[kind]) if part.default is MISSING and part.default_factory is MISSING)
    return {part.name for part in own} - {part.name for part in fields(Maintainable)}


NAMING = frozenset(kind for kind in Kind if needed(kind) - _EMPTY)
"""What is nothing without what it names: its stubs need its content."""


def _of_its_kind(stub: Artefact) -> Artefact:
    """What every artefact has, as one of its kind."""
    cls = TYPES[stub.ref.kind]
    if isinstance(stub, cls):
        return stub
    said: dict[str, Any] = {part.name: getattr(stub, part.name) for part in fields(Maintainable)}
    return cls(**said | dict.fromkeys(needed(stub.ref.kind), ()))


@dataclass(frozen=True)
class Stubs:
    """The stubs shown last. What a catalogue remembers of an artefact is the same object until the artefact changes."""

    _held: OrderedDict[tuple[Ref, Form, str], tuple[Artefact, Shown]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def shown(self, found: Artefact, form: Form, address: str) -> Shown:
        """The stub of what a catalogue found: the one that was shown before, if that was of the same."""
        key = (found.ref, form, address)
        with self._lock:
            of, shown = self._held.get(key, (None, None))
            if of is found and shown is not None:
                self._held.move_to_end(key)
                return shown
        shown = Shown(_of_its_kind(found), form, address=address)
        with self._lock:
            self._held[key] = found, shown
            self._held.move_to_end(key)
            while len(self._held) > MOST:
                self._held.popitem(last=False)
        return shown
