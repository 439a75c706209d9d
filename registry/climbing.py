"""From the codes of a tree up to its top: how deep each of them stands, and which ones come back to themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from registry.model import HierarchicalCode

DEEPEST = 24
"""Levels of a tree. No classification has a dozen, and where codes are nested in messages readers take XML no deeper than this
leads, ours neither."""


@dataclass(frozen=True)
class Climbed:
    """``depths``: of each code, 1 at the top; ``circles``: those that stand above themselves."""

    depths: dict[str, int] = field(default_factory=dict)
    circles: set[str] = field(default_factory=set)


def climbed(parents: Mapping[str, str | None]) -> Climbed:
    """Every code is passed once, however deep the tree. A parent that is no code of the tree counts as none."""
    made = Climbed()
    for code in parents:
        way: dict[str, None] = {}
        step: str = code
        while step in parents and step not in made.depths and step not in way:
            way[step] = None
            step = parents[step] or ""
        if step in way:
            _close(made, list(way), step)
        above = made.depths.get(step, 0)
        below = [passed for passed in reversed(way) if passed not in made.circles]
        made.depths.update((passed, depth) for depth, passed in enumerate(below, start=above + 1))
    return made


def too_deep(codes: Iterable[HierarchicalCode]) -> Iterator[HierarchicalCode]:
    """The first codes that stand deeper than :data:`DEEPEST`; what is below them is not looked at."""
    standing = tuple(codes)
    for _ in range(DEEPEST):
        standing = tuple(child for code in standing for child in code.children)
    yield from standing


def _close(made: Climbed, way: list[str], step: str) -> None:
    ring = way[way.index(step) :]
    made.circles.update(ring)
    made.depths.update(dict.fromkeys(ring, 0))
