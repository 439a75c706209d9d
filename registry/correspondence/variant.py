"""A variant as a correspondence: a hierarchy that puts codes of one list under groups of another moves figures like a table."""

from __future__ import annotations

from collections.abc import Iterator

from registry.correspondence.routing import derived
from registry.correspondence.table import Correspondence, Link
from registry.model import HierarchicalCode, Hierarchy
from registry.ref import ItemRef, Ref

Place = tuple[HierarchicalCode, tuple[ItemRef, ...]]
"""A code of a hierarchy and the codes above it, the nearest first."""


def of_variant(made: Hierarchy) -> Correspondence | None:
    """From the list of the lowest codes to the other one: each goes as a whole to the nearest group above it.

    None unless the codes are of exactly two lists, and the lowest ones of one. A code that stands under two groups is linked to
    both, and nobody knows its shares; one without a group is left out.
    """
    places = list(_places(made.codes, ()))
    lists = {code.code.of for code, _ in places if code.code}
    lowest = {code.code.of for code, _ in places if code.code and not code.children}
    if len(lists) != 2 or len(lowest) != 1 or any(code.code is None for code, _ in places):
        return None
    (start,), (end,) = lowest, lists - lowest
    links = dict.fromkeys(_links(places, start, end))
    return Correspondence(
        ref=derived(start, end),
        names=made.names,
        from_list=start,
        to_list=end,
        links=tuple(links),
        source=made.source,
        made_of=((made.ref, False),),
    )


def _places(codes: tuple[HierarchicalCode, ...], above: tuple[ItemRef, ...]) -> Iterator[Place]:
    for code in codes:
        yield code, above
        yield from _places(code.children, (code.code, *above) if code.code else above)


def _links(places: list[Place], start: Ref, end: Ref) -> Iterator[Link]:
    for code, above in places:
        group = next((one for one in above if one.of == end), None)
        if code.code and code.code.of == start and group:
            yield Link(code.code.id, group.id)
