"""What a constraint or a choice of codes allows: more than before is compatible, less is not.

Source: the SDMX technical working group's recommendations, "DataConstraint", "MetadataConstraint" and the code selection of
"Codelist" (github.com/sdmx-twg/semver).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from registry.advisor.findings import Finding, Severity
from registry.advisor.rule import Path
from registry.model import Cascade, KeySet, MemberSelection, MemberValue, Region, SelectedValue, TimeBound, TimeRange

Value = MemberValue | SelectedValue
_WIDER = {Cascade.NO: (Cascade.YES,), Cascade.EXCLUDE_ROOT: (Cascade.YES,), Cascade.YES: ()}
"""What takes in more codes than each."""


def chosen(old: Sequence[Value], new: Sequence[Value], path: Path, include: bool = True) -> Iterator[Finding]:
    """Values that are chosen, or left out where ``include`` is False. None chosen are all."""
    was, now = {one.value: one for one in old}, {one.value: one for one in new}
    for value in [each for each in was if each not in now]:
        yield _weighed(not (include and new), (*path, value), value, "")
    for value in [each for each in now if each not in was]:
        yield _weighed(include and bool(old), (*path, value), "", value)
    for value in [each for each in now if each in was and now[each] != was[each]]:
        yield _cascaded(was[value], now[value], (*path, value), include)


def _cascaded(old: Value, new: Value, path: Path, include: bool) -> Finding:
    """The same value, with what is below it or without. Anything else, such as how long it holds, is taken for a break."""
    texts = old.cascade.value, new.cascade.value
    only_that = replace(old, cascade=new.cascade) == new
    if only_that and new.cascade in _WIDER[old.cascade]:
        return _weighed(include, path, *texts)
    if only_that and old.cascade in _WIDER[new.cascade]:
        return _weighed(not include, path, *texts)
    return Finding("VALUE_CHANGED", path, Severity.MAJOR, *texts)


def regions(old: Sequence[Region], new: Sequence[Region], path: Path) -> Iterator[Finding]:
    """Regions of what is allowed, or not. Without any that are included all is, but for what is excluded."""
    yield from _pairs(old, new, path, lambda one: one.include, _region)


def key_sets(old: Sequence[KeySet], new: Sequence[KeySet], path: Path) -> Iterator[Finding]:
    """Sets of keys that are allowed, or not."""
    yield from _pairs(old, new, path, lambda one: one.is_included, _keys)


def _pairs(
    old: Sequence[Any],
    new: Sequence[Any],
    path: Path,
    included: Callable[[Any], bool],
    compare: Callable[[Any, Any, Path], Iterator[Finding]],
) -> Iterator[Finding]:
    """What differs, the n-th included one against the n-th included one, and the excluded ones likewise: they have no names."""
    for include in (True, False):
        was, now = ([one for one in side if included(one) == include] for side in (old, new))
        gone, come = [one for one in was if one not in now], [one for one in now if one not in was]
        for place, (before, after) in enumerate(zip_longest(gone, come), 1):
            at = (*path, f"{'+' if include else '-'}{place}")
            if before is None:
                yield _weighed(include and bool(was), at, "", _shown(after))
            elif after is None:
                yield _weighed(not (include and now), at, _shown(before), "")
            else:
                yield from compare(before, after, at)


def _region(old: Region, new: Region, path: Path) -> Iterator[Finding]:
    for name in ("key_values", "components"):
        was, now = ({one.id: one for one in getattr(side, name)} for side in (old, new))
        for id_ in dict.fromkeys([*was, *now]):
            at = (*path, id_)
            if id_ not in now:
                yield _weighed(new.include, at, _shown(was[id_]), "")
            elif id_ not in was:
                yield _weighed(not new.include, at, "", _shown(now[id_]))
            elif was[id_] != now[id_]:
                yield from _selection(was[id_], now[id_], at, new.include)
    yield from _rest(replace(old, key_values=(), components=()), replace(new, key_values=(), components=()), path)


def _rest(old: Region, new: Region, path: Path) -> Iterator[Finding]:
    """What a region says besides values: how long it holds, which may be less, and notes."""
    if replace(old, annotations=new.annotations) != new:
        yield Finding("VALUE_CHANGED", path, Severity.MAJOR, *(f"{one.valid_from}..{one.valid_to}" for one in (old, new)))
    elif old != new:
        yield Finding("TEXT_CHANGED", path, Severity.PATCH)


def _selection(old: MemberSelection, new: MemberSelection, path: Path, allowed: bool) -> Iterator[Finding]:
    """``allowed``: whether the region that the values are of is."""
    if replace(old, values=(), time_range=None) != replace(new, values=(), time_range=None):
        yield Finding("VALUE_CHANGED", path, Severity.MAJOR, _shown(old), _shown(new))
        return
    if old.values != new.values:
        yield from (_turned(one, allowed) for one in chosen(old.values, new.values, path, new.include))
    if old.time_range != new.time_range:
        sides = old.time_range, new.time_range
        more = _spans(*(sides[::-1] if new.include == allowed else sides))
        yield _weighed(more, path, *map(_times, sides))


def _turned(one: Finding, allowed: bool) -> Finding:
    """More values in what is not allowed are less that is."""
    turns = not allowed and one.code != "VALUE_CHANGED"
    return _weighed(one.severity == Severity.MAJOR, one.path, one.old, one.new) if turns else one


def _keys(old: KeySet, new: KeySet, path: Path) -> Iterator[Finding]:
    was, now = ({repr(one): one for one in side.keys} for side in (old, new))
    yield from (_weighed(not new.is_included, path, _shown(was[key]), "") for key in was if key not in now)
    yield from (_weighed(new.is_included, path, "", _shown(now[key])) for key in now if key not in was)


def _spans(wide: TimeRange | None, narrow: TimeRange | None) -> bool:
    """Whether all of one range is in the other; False where that cannot be seen from the texts of the periods."""
    if wide is None or narrow is None:
        return wide is None
    if (wide.valid_from, wide.valid_to) != (narrow.valid_from, narrow.valid_to):
        return False
    return _reaches(wide.start, narrow.start, earlier=True) and _reaches(wide.end, narrow.end, earlier=False)


def _reaches(wide: TimeBound | None, narrow: TimeBound | None, earlier: bool) -> bool:
    if wide is None or narrow is None:
        return wide is None
    if wide.period == narrow.period:
        return wide.inclusive or not narrow.inclusive
    return len(wide.period) == len(narrow.period) and (wide.period < narrow.period) == earlier


def _weighed(more: bool, path: Path, old: str, new: str) -> Finding:
    if more:
        return Finding("MORE_ALLOWED", path, Severity.MINOR, old, new)
    return Finding("LESS_ALLOWED", path, Severity.MAJOR, old, new)


def _shown(one: Region | KeySet | MemberSelection) -> str:
    if isinstance(one, KeySet):
        return f"{len(one.keys)} ×"
    if isinstance(one, MemberSelection):
        values = ",".join(value.value for value in one.values) or _times(one.time_range) or "*"
        return f"{one.id}{'=' if one.include else '≠'}{values}"[:200]
    return " ".join(_shown(part) for part in (*one.key_values, *one.components))[:200]


def _times(one: TimeRange | None) -> str:
    return f"{one.start.period if one.start else ''}..{one.end.period if one.end else ''}" if one else ""
