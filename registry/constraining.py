"""Which codes data constraints leave to a component.

Constraints of a provision agreement, its dataflow and its data structure narrow each other: a code must pass all of them. In
one constraint a code passes by any of the regions and keys that are in, if there are any, and by none of those that are out. A
region that is out and speaks of several components takes out no single code. :attr:`Role.ACTUAL` narrows nothing.

Source: SDMX 2.1, 3.0 and 3.1 section 2, "Constraints"; section 6, "Constraints", "Cascading".
"""

from __future__ import annotations

from collections.abc import Iterable

from registry.extension import members
from registry.model import DataConstraint, ItemScheme, MemberSelection, MemberValue, Region, Role


def left(component: str, codelist: ItemScheme, constraints: Iterable[DataConstraint]) -> tuple[str, ...]:
    """The codes of the list that the component may have, in the order of the list."""
    codes = frozenset(codelist.by_id)
    for constraint in constraints:
        if constraint.role == Role.ALLOWED:
            codes &= _passing(component, codelist, constraint)
    return tuple(code for code in codelist.by_id if code in codes)


def _passing(component: str, codelist: ItemScheme, constraint: DataConstraint) -> frozenset[str]:
    every = frozenset(codelist.by_id)
    regions = [(region.include, region) for region in constraint.regions]
    keys = [(keys.is_included, key) for keys in constraint.key_sets for key in keys.keys]
    for group in (regions, keys):
        inside = [_of_region(component, codelist, region) for included, region in group if included]
        if inside:
            every &= frozenset().union(*inside)
        for included, region in group:
            if not included and len(_selections(region)) == 1 and _selection(component, region):
                every -= _of_region(component, codelist, region)
    return every


def _of_region(component: str, codelist: ItemScheme, region: Region) -> frozenset[str]:
    selection = _selection(component, region)
    every = frozenset(codelist.by_id)
    if selection is None or not selection.values:
        return every
    named = _named(codelist, selection)
    return named if selection.include else every - named


def _named(codelist: ItemScheme, selection: MemberSelection) -> frozenset[str]:
    return frozenset(members(codelist, [MemberValue(one.value, one.cascade) for one in selection.values]))


def _selections(region: Region) -> tuple[MemberSelection, ...]:
    return (*region.key_values, *region.components)


def _selection(component: str, region: Region) -> MemberSelection | None:
    return next((one for one in _selections(region) if one.id == component), None)
