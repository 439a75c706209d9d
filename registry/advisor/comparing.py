"""Two artefacts of one type, compared field by field whatever the type: anything made of frozen dataclasses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from registry.advisor.findings import Finding, Severity
from registry.advisor.referring import leads_to, pointed
from registry.advisor.rule import Path, Rule, judged
from registry.advisor.rules import NOTES, TEXT, rule_for
from registry.model import Annotation, Noted, facts
from registry.overlay import Known
from registry.ref import ItemRef, Ref
from registry.text import pick

LONGEST = 200
"""Characters of an old or new value that a finding shows."""

Parts = Mapping[str, Any]


def differences(old: Any, new: Any, before: Known, after: Known) -> tuple[Finding, ...]:
    """Every difference of two artefacts. ``before`` and ``after``: where the references of the old and of the new one lead."""
    return tuple(finding for finding in _Comparison(before, after).fields(old, new, ()) if finding.severity)


class _Comparison:
    def __init__(self, before: Known, after: Known) -> None:
        self._before = before
        self._after = after

    def fields(self, old: Any, new: Any, path: Path) -> Iterator[Finding]:
        if type(old) is not type(new):
            yield _changed(old, new, path, Rule())
            return
        for part in fields(old):
            before, after = getattr(old, part.name), getattr(new, part.name)
            if before == after:
                continue
            if part.name == "annotations":
                yield from self._notes(old, new, (*path, part.name))
            else:
                yield from self._values(before, after, (*path, part.name), rule_for(old, new, part.name, self._after))

    def _notes(self, old: Noted, new: Noted, path: Path) -> Iterator[Finding]:
        """The facts that notes say, by what they are about; where these are the same, the notes."""
        was, now = facts(old), facts(new)
        if was != now:
            yield from self._mapping(was, now, path, NOTES)
        else:
            yield _changed(old.annotations, new.annotations, path, TEXT)

    def _values(self, old: Any, new: Any, path: Path, rule: Rule) -> Iterator[Finding]:
        if rule.told:
            said_otherwise = Finding("DETAIL_CHANGED", path, Severity.PATCH)
            yield from tuple(rule.told(old, new, path)) or (said_otherwise,)
        elif isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from self._mapping(old, new, path, rule)
        elif _is_list(old) and _is_list(new):
            yield from self._list(old, new, path, rule)
        elif rule.whole or type(old) is not type(new) or not is_dataclass(old):
            yield _changed(old, new, path, rule)
        elif isinstance(old, Ref | ItemRef):
            yield Finding(*self._reference(old, new, path, rule), str(old), str(new))
        else:
            yield from self.fields(old, new, path)

    def _reference(self, old: Any, new: Any, path: Path, rule: Rule) -> tuple[str, Path, Severity]:
        """A reference to something inside another artefact means something else as soon as that has another id."""
        if isinstance(old, ItemRef) and (old.part, old.id) != (new.part, new.id):
            return rule.code or "REFERENCE_CHANGED", path, Severity.MAJOR
        was, now = (one.of if isinstance(one, ItemRef) else one for one in (old, new))
        severity = pointed(was, now, leads_to(was, self._before), leads_to(now, self._after))
        return "REFERENCE_CHANGED", path, min(severity, rule.most)

    def _mapping(self, old: Parts, new: Parts, path: Path, rule: Rule) -> Iterator[Finding]:
        for key in dict.fromkeys([*old, *new]):
            own, place = rule.by_key(key) if rule.by_key else rule, (*path, str(key))
            if key not in new:
                yield _gone(old[key], place, own)
            elif key not in old:
                yield _came(new[key], place, own)
            elif old[key] != new[key]:
                yield from self._values(old[key], new[key], place, own)

    def _list(self, old: tuple[Any, ...], new: tuple[Any, ...], path: Path, rule: Rule) -> Iterator[Finding]:
        """Parts that are known by something, and else by nothing but their content."""
        was, now = _known(old, rule), _known(new, rule)
        if was is None or now is None:
            yield from _unknown(old, new, path, rule)
            return
        yield from self._mapping(was, now, path, rule)
        yield from _order([key for key in was if key in now], [key for key in now if key in was], path, rule)


def _is_list(value: Any) -> bool:
    """A tuple of parts; a tuple of texts is one value."""
    return isinstance(value, tuple) and all(is_dataclass(part) for part in value)


def _known(parts: tuple[Any, ...], rule: Rule) -> Parts | None:
    """The parts by what they are known by; None where two would be the same, or one has nothing."""
    keys = [_key(place, part, rule) for place, part in enumerate(parts)]
    return dict(zip(keys, parts, strict=True)) if all(keys) and len(set(keys)) == len(keys) else None


def _key(place: int, part: Any, rule: Rule) -> str:
    if rule.key:
        return rule.key(place, part)
    if isinstance(part, ItemRef):
        return f"{part.of.agency}:{part.of.id}.{part.id}"
    return f"{part.kind.value} {part.agency}:{part.id}" if isinstance(part, Ref) else str(getattr(part, "id", ""))


def _unknown(old: tuple[Any, ...], new: tuple[Any, ...], path: Path, rule: Rule) -> Iterator[Finding]:
    was, now = (Counter(map(_content, side)) for side in (old, new))
    shown = {_content(part): part for part in (*old, *new)}
    yield from (_gone(shown[content], path, rule) for content in (was - now).elements())
    yield from (_came(shown[content], path, rule) for content in (now - was).elements())
    if was == now and old != new:
        yield Finding("ORDER_CHANGED", path, rule.reordered, _shown(old), _shown(new))


def _content(value: Any) -> Hashable:
    """Equal for equal values, whatever the order of their mappings."""
    if isinstance(value, Mapping):
        return tuple(sorted((key, _content(one)) for key, one in value.items()))
    if isinstance(value, tuple):
        return tuple(map(_content, value))
    return tuple(_content(getattr(value, part.name)) for part in fields(value)) if is_dataclass(value) else value


def _order(old: list[str], new: list[str], path: Path, rule: Rule) -> Iterator[Finding]:
    if old != new:
        at = next(place for place, (was, now) in enumerate(zip(old, new, strict=True)) if was != now)
        yield Finding("ORDER_CHANGED", path, rule.reordered, _short(", ".join(old[at:])), _short(", ".join(new[at:])))


def _changed(old: Any, new: Any, path: Path, rule: Rule) -> Finding:
    severity = judged(rule.changed, old, new)
    code = rule.code or ("VALUE_CHANGED" if severity == Severity.MAJOR else "DETAIL_CHANGED")
    return Finding(code, path, severity, _shown(old), _shown(new))


def _gone(old: Any, path: Path, rule: Rule) -> Finding:
    return Finding(rule.code or "PART_REMOVED", path, judged(rule.removed, old, None), old=_shown(old))


def _came(new: Any, path: Path, rule: Rule) -> Finding:
    return Finding(rule.code or "PART_ADDED", path, judged(rule.added, None, new), new=_shown(new))


def _shown(value: Any) -> str:
    """A value in words: the name of what has names, the id of what has an id, what a note says."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return _short(", ".join(map(_shown, value)))
    if isinstance(value, Mapping):
        return _short(", ".join(map(_shown, value.values())))
    if names := getattr(value, "names", None):
        return _short(pick(names))
    if is_dataclass(value) and not isinstance(value, Ref | ItemRef):
        return _short((not isinstance(value, Annotation) and str(getattr(value, "id", ""))) or " ".join(_said(value)))
    return _short(str(value))


def _said(value: Any) -> Iterator[str]:
    """All that is said of something without an id, notes last; what is not the case is not said."""
    names = sorted((part.name for part in fields(value)), key=lambda name: name == "annotations")
    parts = (getattr(value, name) for name in names)
    yield from (text for part in parts if part is not False and (text := _shown(part)))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
