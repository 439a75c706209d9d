"""Two artefacts of one type, compared field by field whatever the type: anything made of frozen dataclasses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from registry.advisor.findings import Finding
from registry.advisor.referring import pointed
from registry.advisor.rules import Rule, judged, rule_for
from registry.ref import Ref
from registry.text import pick

LONGEST = 200
"""Characters of an old or new value that a finding shows."""

Path = tuple[str, ...]
Resolve = Callable[[Ref], str | None]
"""The version a reference means, None where it means none that is known."""


def differences(old: Any, new: Any, before: Resolve, after: Resolve) -> tuple[Finding, ...]:
    """Every difference of two artefacts. ``before`` and ``after`` resolve the references of the old and of the new one."""
    return tuple(finding for finding in _Comparison(before, after).fields(old, new, ()) if finding.severity)


class _Comparison:
    def __init__(self, before: Resolve, after: Resolve) -> None:
        self._before = before
        self._after = after

    def fields(self, old: Any, new: Any, path: Path) -> Iterator[Finding]:
        if type(old) is not type(new):
            yield _changed(old, new, path, Rule())
            return
        for part in fields(old):
            before, after = getattr(old, part.name), getattr(new, part.name)
            if before != after:
                yield from self._values(before, after, (*path, part.name), rule_for(type(old), part.name))

    def _values(self, old: Any, new: Any, path: Path, rule: Rule) -> Iterator[Finding]:
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from self._mapping(old, new, path, rule)
        elif rule.whole:
            yield _changed(old, new, path, rule)
        elif isinstance(old, Ref) and isinstance(new, Ref):
            severity = pointed(old, new, self._before(old), self._after(new))
            yield Finding("REFERENCE_CHANGED", path, severity, str(old), str(new))
        elif _is_list(old) and _is_list(new):
            yield from self._list(old, new, path, rule)
        elif is_dataclass(old) and is_dataclass(new):
            yield from self.fields(old, new, path)
        else:
            yield _changed(old, new, path, rule)

    def _mapping(self, old: Mapping[str, Any], new: Mapping[str, Any], path: Path, rule: Rule) -> Iterator[Finding]:
        for key in dict.fromkeys([*old, *new]):
            own, place = rule.by_key(key) if rule.by_key else rule, (*path, str(key))
            if key not in new:
                yield _gone(old[key], place, own)
            elif key not in old:
                yield _came(new[key], place, own)
            elif old[key] != new[key]:
                yield from self._values(old[key], new[key], place, own)

    def _list(self, old: tuple[Any, ...], new: tuple[Any, ...], path: Path, rule: Rule) -> Iterator[Finding]:
        if _has_ids(old) and _has_ids(new):
            yield from self._named(old, new, path, rule)
        else:
            yield from _unnamed(old, new, path, rule)

    def _named(self, old: tuple[Any, ...], new: tuple[Any, ...], path: Path, rule: Rule) -> Iterator[Finding]:
        """Parts that are known by their ids: items, components."""
        was, now = {part.id: part for part in old}, {part.id: part for part in new}
        for id_, part in was.items():
            if id_ not in now:
                yield _gone(part, (*path, id_), rule)
            elif part != now[id_]:
                yield from self.fields(part, now[id_], (*path, id_))
        yield from (_came(part, (*path, id_), rule) for id_, part in now.items() if id_ not in was)
        yield from _order([id_ for id_ in was if id_ in now], [id_ for id_ in now if id_ in was], path, rule)


def _is_list(value: Any) -> bool:
    """A tuple of parts; a tuple of texts is one value."""
    return isinstance(value, tuple) and all(is_dataclass(part) for part in value)


def _has_ids(parts: tuple[Any, ...]) -> bool:
    """Whether an id says which part is meant; that of a reference does not."""
    ids = [part.id for part in parts if hasattr(part, "id") and not isinstance(part, Ref)]
    return len(set(ids)) == len(parts)


def _unnamed(old: tuple[Any, ...], new: tuple[Any, ...], path: Path, rule: Rule) -> Iterator[Finding]:
    """Parts that are known by nothing but their content: links of a correspondence."""
    was, now = Counter(map(_shown, old)), Counter(map(_shown, new))
    yield from (_gone(text, path, rule) for text in (was - now).elements())
    yield from (_came(text, path, rule) for text in (now - was).elements())
    if was == now:
        yield from _order(list(map(_shown, old)), list(map(_shown, new)), path, rule)


def _order(old: list[str], new: list[str], path: Path, rule: Rule) -> Iterator[Finding]:
    if old != new:
        at = next(place for place, (was, now) in enumerate(zip(old, new, strict=True)) if was != now)
        yield Finding("ORDER_CHANGED", path, rule.reordered, _short(", ".join(old[at:])), _short(", ".join(new[at:])))


def _changed(old: Any, new: Any, path: Path, rule: Rule) -> Finding:
    return Finding(rule.code or "VALUE_CHANGED", path, judged(rule.changed, old, new), _shown(old), _shown(new))


def _gone(old: Any, path: Path, rule: Rule) -> Finding:
    return Finding(rule.code or "PART_REMOVED", path, judged(rule.removed, old, None), old=_shown(old))


def _came(new: Any, path: Path, rule: Rule) -> Finding:
    return Finding(rule.code or "PART_ADDED", path, judged(rule.added, None, new), new=_shown(new))


def _shown(value: Any) -> str:
    """A value in words: the name of what has names, the id of what has an id."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return _short(", ".join(map(_shown, value)))
    if names := getattr(value, "names", None):
        return _short(pick(names))
    if is_dataclass(value) and not isinstance(value, Ref):
        return _short(str(getattr(value, "id", "")) or " ".join(_shown(getattr(value, part.name)) for part in fields(value)))
    return _short(str(value))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
