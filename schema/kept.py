"""Answers to the public, kept as the bytes that were sent, for as long as what they were made of is the same.

Before one is sent again, the releases that the public sees now are looked up: so nothing is served that a release, or the end
of an embargo, has changed, however many processes serve, and nothing needs to be told to anybody.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from registry.ports import Ports
from schema.watching import States, unchanged

MOST_BYTES = 24 * 1024**2
LARGEST_PART = 8
"""An answer larger than this part of all that is kept would push too many others out."""

OVERHEAD = 1000
"""Bytes an entry takes beside its text, roughly."""

Key = tuple[bool, bytes, bytes, bytes]
"""By address or by body, the question as it came, and the two headers an answer depends on."""


@dataclass
class Kept:
    """An answer, and what the registry and the releases were when it was made.

    body      None for one too large to keep: that it is the same as before can be told all the same
    streamed  its entity tag, where it had to be known before the answer was made
    """

    body: bytes | None
    states: States
    streamed: str | None = None

    @cached_property
    def tag(self) -> str:
        """The entity tag: weak, because the same answer may be sent in different encodings (RFC 9110, 8.8.1)."""
        return self.streamed or tag(self.body or b"")


def tag(body: bytes) -> str:
    return f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def tag_of(key: Key, states: States, edition: str) -> str:
    """The tag of an answer that is still to be made: of the question, what it rests on, and the edition of the hub."""
    return tag(repr((edition, key, sorted((str(flow), state) for flow, state in states.items()))).encode())


class Answers:
    """The answers used last, within ``most`` bytes; safe to share between threads."""

    def __init__(self, ports: Ports, most: int = MOST_BYTES) -> None:
        self.ports = ports
        self.most = most
        self.bytes = 0
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = Lock()

    @property
    def largest(self) -> int:
        """Bytes of an answer that may be kept."""
        return self.most // LARGEST_PART - 2 * OVERHEAD

    def __contains__(self, key: Key | None) -> bool:
        return key in self._kept

    def get(self, key: Key) -> Kept | None:
        """The answer, if it would be the same now."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            self._kept.move_to_end(key)
        if unchanged(self.ports.cube, kept.states):
            return kept
        with self._lock:
            if self._kept.get(key) is kept:
                self._forget(key)
        return None

    def keep(self, key: Key, kept: Kept) -> None:
        """Keep an answer. What it rests on was looked up before it was read: were it newer than that, it would not be sent."""
        if _weight(key, kept) * LARGEST_PART > self.most:
            return
        with self._lock:
            if key in self._kept:
                self._forget(key)
            self._kept[key] = kept
            self.bytes += _weight(key, kept)
            while self.bytes > self.most:
                self._forget(next(iter(self._kept)))

    def _forget(self, key: Key) -> None:
        self.bytes -= _weight(key, self._kept.pop(key))


def _weight(key: Key, kept: Kept) -> int:
    return len(kept.body or b"") + len(key[1]) + OVERHEAD
