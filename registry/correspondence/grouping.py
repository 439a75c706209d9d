"""The connected groups of a correspondence: codes of both lists that only together mean the same territory or goods."""

from __future__ import annotations

from dataclasses import dataclass

from registry.correspondence.kinds import LinkKind
from registry.correspondence.table import Correspondence


@dataclass(frozen=True, slots=True)
class Group:
    """Codes that links lead to and fro between, sorted. ``id`` is ``source>target`` of the smallest of each: it stays the same
    however the table is written, and no other group of the table has it."""

    id: str
    kind: LinkKind
    sources: tuple[str, ...]
    targets: tuple[str, ...]


def groups(table: Correspondence) -> tuple[Group, ...]:
    """Every group, by id. Figures of a whole group can be compared across the two versions without any share."""
    seen: set[str] = set()
    found = [_group(*_reached(table, code, seen)) for code in table.targets if code not in seen]
    return tuple(sorted(found, key=lambda group: group.id))


def _reached(table: Correspondence, start: str, seen: set[str]) -> tuple[set[str], set[str]]:
    """The sources and targets that links lead to from a source; its sources are added to those seen."""
    sources, targets, edge = {start}, set[str](), [start]
    while edge:
        into = {link.target for link in table.targets[edge.pop()]} - targets
        targets |= into
        fresh = {link.source for target in into for link in table.sources[target]} - sources
        sources |= fresh
        edge.extend(fresh)
    seen |= sources
    return sources, targets


def _group(sources: set[str], targets: set[str]) -> Group:
    kind = LinkKind.of(merged=len(sources) > 1, split=len(targets) > 1)
    return Group(f"{min(sources)}>{min(targets)}", kind, tuple(sorted(sources)), tuple(sorted(targets)))
