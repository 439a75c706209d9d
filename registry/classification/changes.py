"""What changed from one version of a classification to the next: a change table computed from the two and their correspondence.

Two things mislead whoever joins by what is seen. A *reused code* stands in both versions under another name and is not the same
thing: 15 was Yên Bái and is Lào Cai. A *surviving name* stands in both under the same code and is not the same thing either:
Đồng Nai of 2025 holds Bình Phước too. Where a name went on under another code it has *moved*: Lào Cai from 10 to 15.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from registry.correspondence import Correspondence, Group, LinkKind, groups
from registry.model import Codelist, Item


class Change(StrEnum):
    """What happened to some codes. ``reused``: a code that stands for something that nothing went into, after it had stood for
    something else; ``reorganised``: several became several."""

    UNCHANGED = "unchanged"
    RENAMED = "renamed"
    RECODED = "recoded"
    MERGED = "merged"
    SPLIT = "split"
    REORGANISED = "reorganised"
    NEW = "new"
    ENDED = "ended"
    REUSED = "reused"


@dataclass(frozen=True, slots=True)
class CodeChange:
    """Codes of the earlier version and what became of them together.

    reused           codes that stand for something else now, under another name
    surviving        codes that stand for something else now, though code and name are the same
    moved            old and new code of names that went on under another code, for something else
    """

    kind: Change
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    reused: tuple[str, ...] = ()
    surviving: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()

    @property
    def code_reused(self) -> bool:
        return bool(self.reused)

    @property
    def name_survives(self) -> bool:
        return bool(self.surviving)


_BY_KIND = {LinkKind.MERGED: Change.MERGED, LinkKind.SPLIT: Change.SPLIT, LinkKind.MANY: Change.REORGANISED}


def changes(old: Codelist, new: Codelist, table: Correspondence | None) -> tuple[CodeChange, ...]:
    """Everything that happened, in the order of the earlier version, then what is new in that of the later.

    Without a table only what kept both code and name is known to go on; a code under another name counts as reused.
    """
    told = [_grouped(group, old, new) for group in groups(table)] if table else list(_by_code(old, new))
    gone, come = (code for one in told for code in one.sources), (code for one in told for code in one.targets)
    place = {item.id: at for at, item in enumerate(old.items)}
    known = [*told, *_left(old, Change.ENDED, gone)]
    fresh = [_new(one, old) for one in _left(new, Change.NEW, come)]
    return (*sorted(known, key=lambda one: min((place.get(code, len(place)) for code in one.sources), default=0)), *fresh)


def same_name(one: Item | None, other: Item | None) -> bool:
    """Whether two items are called the same in a language that both have; without such a language nothing says otherwise."""
    if one is None or other is None:
        return False
    shared = [lang for lang in one.names if lang in other.names]
    return not shared or any(one.names[lang].casefold() == other.names[lang].casefold() for lang in shared)


def _grouped(group: Group, old: Codelist, new: Codelist) -> CodeChange:
    if group.kind is LinkKind.ONE_TO_ONE:
        return _one(group.sources[0], group.targets[0], old, new)
    before = [code for code in group.targets if code in old.by_id]
    names = {code: new.by_id.get(code) for code in group.targets}
    return CodeChange(
        _BY_KIND[group.kind],
        group.sources,
        group.targets,
        reused=tuple(code for code in before if not same_name(old.by_id[code], names[code])),
        surviving=tuple(code for code in before if same_name(old.by_id[code], names[code])),
        moved=tuple(
            (code, target)
            for code in group.sources
            for target in group.targets
            if code != target and same_name(old.by_id.get(code), names[target])
        ),
    )


def _one(source: str, target: str, old: Codelist, new: Codelist) -> CodeChange:
    """One code became one: the same thing, whatever it is called now. Its new code may have stood for another thing."""
    if source != target:
        reused = (target,) if target in old.by_id else ()
        return CodeChange(Change.RECODED, (source,), (target,), reused=reused)
    kept = same_name(old.by_id.get(source), new.by_id.get(target))
    return CodeChange(Change.UNCHANGED if kept else Change.RENAMED, (source,), (target,))


def _by_code(old: Codelist, new: Codelist) -> Iterator[CodeChange]:
    for item in old.items:
        if other := new.by_id.get(item.id):
            kept = same_name(item, other)
            yield CodeChange(
                Change.UNCHANGED if kept else Change.REUSED, (item.id,), (item.id,), reused=() if kept else (item.id,)
            )


def _left(codelist: Codelist, kind: Change, told: Iterable[str]) -> Iterator[CodeChange]:
    known = set(told)
    for item in codelist.items:
        if item.id not in known:
            yield CodeChange(kind, (item.id,), ()) if kind is Change.ENDED else CodeChange(kind, (), (item.id,))


def _new(change: CodeChange, old: Codelist) -> CodeChange:
    """A new code, or an old one for a thing that comes from nothing."""
    code = change.targets[0]
    return CodeChange(Change.REUSED, (), (code,), reused=(code,)) if code in old.by_id else change
