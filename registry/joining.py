"""Why series of two versions of a classification must not be joined by their codes, told with the codes themselves."""

from __future__ import annotations

from registry.correspondence import Correspondence, LinkKind, kinds
from registry.errors import Invalid
from registry.model import Codelist, Item

MOST_NAMED = 12
"""Codes that an error names."""


def reused(old: Codelist, new: Codelist) -> tuple[str, ...]:
    """The codes of both lists that have another name in every language that both know: they mean something else."""
    both = (code for code in old.by_id if code in new.by_id)
    return tuple(code for code in both if _renamed(old.by_id[code], new.by_id[code]))


def redrawn(old: Codelist, new: Codelist, table: Correspondence) -> tuple[str, ...]:
    """The codes that stay with their name while what they stand for is another: something was added or taken away."""
    found = kinds(table)
    same = (code for code in found if code in new.by_id and any(link.target == code for link in table.targets[code]))
    changed = {code for code in same if found[code] != LinkKind.ONE_TO_ONE}
    return tuple(code for code in old.by_id if code in changed and not _renamed(old.by_id[code], new.by_id[code]))


def joins_by_code(old: Codelist, new: Codelist) -> bool:
    """Whether the codes of the two mean the same, so that nothing has to be recoded: the lists are one, or the newer version
    only has codes more. Another major number, or other days of validity, say that it is another classification."""
    if old.ref == new.ref:
        return True
    same = (old.ref.agency, old.ref.id, _major(old)) == (new.ref.agency, new.ref.id, _major(new))
    known = same and (old.valid_from, old.valid_to) == (new.valid_from, new.valid_to)
    return known and not reused(old, new)


def refused(old: Codelist, new: Codelist, table: Correspondence | None, near: str = "-") -> Invalid:
    """The error for figures in the codes of one list where those of the other are meant. ``table`` between the two, if any;
    ``near``: lists that there are ways to."""
    twice = reused(old, new)
    kept = redrawn(old, new, table) if table else ()
    return Invalid(
        "JOIN_REFUSED",
        old=str(old.ref),
        new=str(new.ref),
        reused=_some(twice),
        count=len(twice),
        kept=len(kept),
        way=f"{old.ref} → {new.ref}: {table.ref}" if table else f"{old.ref} → {near}",
    )


def _renamed(old: Item, new: Item) -> bool:
    shared = old.names.keys() & new.names.keys()
    return bool(shared) and all(old.names[lang] != new.names[lang] for lang in shared)


def _major(codelist: Codelist) -> str:
    return codelist.ref.version.partition(".")[0]


def _some(codes: tuple[str, ...]) -> str:
    return (", ".join(codes[:MOST_NAMED]) + (", ..." if len(codes) > MOST_NAMED else "")) or "-"
