"""What was read of the registry, held as long as it does not weigh too much."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar, cast

from registry.correspondence import Correspondence
from registry.model import HierarchicalCode, Hierarchy, ItemScheme, RepresentationMap, Structure
from registry.outline import Outline

Held = TypeVar("Held")


class Memory:
    """What was made; the least recently used is forgotten first when it weighs too much, and what is too heavy is not kept.

    ``weigh`` says what one weighs; without it that is about the number of items.
    """

    def __init__(self, most: int, weigh: Callable[[Any], int] | None = None) -> None:
        self._most = most
        self._weigh = weigh or _weight
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, Any] = OrderedDict()
        self._weight = 0

    def recall(self, key: Hashable, make: Callable[[], Held]) -> Held:
        """What is held under the key, else what is made."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                held: Held = self._held[key]
                return held
        return self._keep(key, make())

    def recall_all(self, keys: Sequence[Hashable], make: Callable[[list[int]], Sequence[Held]]) -> list[Held]:
        """What is held under the keys; ``make`` gives what stands at the places that are not."""
        with self._lock:
            found = [self._held.get(key) for key in keys]
        lacking = [place for place, held in enumerate(found) if held is None]
        for place, made in zip(lacking, make(lacking) if lacking else (), strict=True):
            found[place] = self._keep(keys[place], made)
        return cast("list[Held]", found)

    def _keep(self, key: Hashable, value: Held) -> Held:
        weight = self._weigh(value)
        with self._lock:
            if key not in self._held and weight <= self._most:
                self._held[key] = value
                self._weight += weight
            while self._weight > self._most:
                self._weight -= self._weigh(self._held.popitem(last=False)[1])
        return value


_OUTLINED = 30
"""Places of an outline that weigh as much as an item."""


def _weight(value: object) -> int:
    if isinstance(value, Structure):
        return 1 + sum(_weight(codelist) for codelist in value.codelists.values())
    if isinstance(value, RepresentationMap):
        return 1 + len(value.mappings)
    if isinstance(value, Correspondence):
        return 1 + len(value.links)
    if isinstance(value, Hierarchy | HierarchicalCode):
        return 1 + sum(_weight(code) for code in (value.codes if isinstance(value, Hierarchy) else value.children))
    if isinstance(value, Outline):
        return 1 + len(value) // _OUTLINED
    return 1 + len(value.items) if isinstance(value, ItemScheme) else 1
