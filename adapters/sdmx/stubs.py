"""Stubs: artefacts without their content, kept as they were shown for as long as the artefacts do not change.

A listing of a large registry is thousands of them. After a change only those that changed are made and written again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from typing import Any

from adapters.sdmx.writing.shown import Form, Shown
from registry.model import TYPES, Artefact, Maintainable
from registry.ref import Kind, Ref

MOST = 30_000
"""Stubs that are kept, some 2 kB each once they are written; the oldest goes first."""

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


Held = OrderedDict[int, tuple[Artefact, Shown]]


@dataclass(frozen=True)
class Stubs:
    """The stubs shown last, by form and door. What a catalogue remembers of an artefact is the same object until the artefact
    changes: it is known by its identity, which costs less than its name, and is held so that nothing else comes to have it.

    ``turn`` is for who makes a whole listing of them.
    """

    turn: threading.Lock = field(default_factory=threading.Lock)
    _held: dict[tuple[Form, int], Held] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def shown(self, found: Sequence[Artefact], form: Form, major: int, address: Callable[[Ref], str]) -> list[Shown]:
        """The stubs of what a catalogue found, at the door of a version of the standard: those that were shown before, if
        they were of the same. ``address`` tells where the whole of each is there."""
        with self._lock:
            held = self._held.setdefault((form, major), OrderedDict())
            known = [held.get(id(one)) for one in found]
        return [
            before[1] if before is not None else self._made(held, one, form, address)
            for before, one in zip(known, found, strict=True)
        ]

    def _made(self, held: Held, found: Artefact, form: Form, address: Callable[[Ref], str]) -> Shown:
        shown = Shown(_of_its_kind(found), form, address=address(found.ref))
        with self._lock:
            held[id(found)] = found, shown
            while sum(map(len, self._held.values())) > MOST:
                max(self._held.values(), key=len).popitem(last=False)
        return shown
