"""How much all orders of a process hold together: many readers at once take no more memory than some of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from registry.errors import Unavailable


@dataclass
class Room:
    """``most``: observations that may be held at once; ``held``: how many are."""

    most: int
    held: int = 0
    lock: Lock = field(default_factory=Lock)

    @contextmanager
    def place(self, begun: bool) -> Iterator[Place]:
        """A place for one order, given back at its end. ``begun``: its answer has, and is not broken off."""
        place = Place(self, begun)
        try:
            yield place
        finally:
            place.hold(0)


@dataclass
class Place:
    """What one order holds."""

    room: Room
    begun: bool
    mine: int = 0

    def hold(self, count: int) -> None:
        """From now on so many; :class:`Unavailable` SDMX_TOO_MUCH_ORDERED where others leave no room for them."""
        with self.room.lock:
            after = self.room.held + count - self.mine
            if count > self.mine and after > self.room.most and not self.begun:
                raise Unavailable("SDMX_TOO_MUCH_ORDERED", most=self.room.most)
            self.room.held, self.mine = after, count
