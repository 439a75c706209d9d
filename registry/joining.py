"""Why series of two versions of a classification must not be joined by their codes, told with the codes themselves."""

from __future__ import annotations

from registry.classification import changes
from registry.correspondence import Correspondence
from registry.errors import Invalid
from registry.model import Codelist

MOST_NAMED = 12
"""Codes that an error names."""


def joins_by_code(old: Codelist, new: Codelist) -> bool:
    """Whether the codes of the two mean the same, so that nothing has to be recoded: the lists are one, or the newer version
    only has codes more. Another major number, or other days of validity, say that it is another classification."""
    if old.ref == new.ref:
        return True
    same = (old.ref.agency, old.ref.id, _major(old)) == (new.ref.agency, new.ref.id, _major(new))
    known = same and (old.valid_from, old.valid_to) == (new.valid_from, new.valid_to)
    return known and not reused(old, new, None)


def reused(old: Codelist, new: Codelist, table: Correspondence | None) -> tuple[str, ...]:
    """The codes of both lists that stand for something else in each, under another name."""
    return tuple(code for change in changes(old, new, table) for code in change.reused)


def refused(old: Codelist, new: Codelist, table: Correspondence | None, near: str = "-") -> Invalid:
    """The error for figures in the codes of one list where those of the other are meant. ``table`` between the two, if any;
    ``near``: lists that there are ways to."""
    twice = sorted(reused(old, new, table))
    kept = [code for change in changes(old, new, table) for code in change.surviving]
    return Invalid(
        "JOIN_REFUSED",
        old=str(old.ref),
        new=str(new.ref),
        reused=", ".join(twice[:MOST_NAMED]) + (", ..." if len(twice) > MOST_NAMED else "") or "-",
        count=len(twice),
        kept=len(kept),
        way=f"{old.ref} → {new.ref}: {table.ref}" if table else f"{old.ref} → {near}",
    )


def _major(codelist: Codelist) -> str:
    return codelist.ref.version.partition(".")[0]
