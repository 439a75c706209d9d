"""Choosing codes by what they are instead of one by one: children, descendants, a level, the beginning of a code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from registry.errors import Invalid
from registry.hierarchy import Tree, check_level, tree
from registry.model import Structure


@dataclass(frozen=True, kw_only=True)
class Choice:
    """``codes`` are taken as they are. The other words take codes together: those under ``children_of`` or
    ``descendants_of`` (of all codes where neither is given) that stand on ``level`` and begin with ``prefix``.

    ``hierarchy`` names the tree of the codelist that is meant, see :mod:`registry.hierarchy`; its own where None.
    """

    codes: tuple[str, ...] = ()
    children_of: tuple[str, ...] = ()
    descendants_of: tuple[str, ...] = ()
    level: str | None = None
    prefix: str | None = None
    hierarchy: str | None = None

    @property
    def describes(self) -> bool:
        """Whether anything but plain codes is asked for."""
        return bool(self.children_of or self.descendants_of or self.level is not None or self.prefix)


def resolved(structure: Structure, dimension: str, choice: Choice) -> tuple[str, ...]:
    """The codes a choice means, in the order of the codelist after those named.

    :class:`Invalid` where a word means nothing (UNKNOWN_HIERARCHY, UNKNOWN_LEVEL, NOT_IN_HIERARCHY, NO_CODELIST) and
    NO_CODES_CHOSEN where nothing is left: no codes would mean all.
    """
    if not choice.describes and choice.hierarchy is None:
        return choice.codes
    codelist = structure.codelists.get(dimension)
    if codelist is None:
        raise Invalid("NO_CODELIST", dimension=dimension[:60])
    wood = tree(codelist, choice.hierarchy)
    found = _found(wood, choice) if choice.describes else ()
    codes = tuple(dict.fromkeys((*choice.codes, *found)))
    if choice.describes and not codes:
        raise Invalid("NO_CODES_CHOSEN", dimension=dimension, codelist=str(codelist.ref))
    return codes


def _found(wood: Tree, choice: Choice) -> Iterable[str]:
    if choice.level is not None:
        check_level(wood, choice.level)
    fits = _under(wood, choice)
    return (
        code
        for code in wood.parents
        if code in fits
        and (choice.level is None or wood.levels.get(code) == choice.level)
        and code.startswith(choice.prefix or "")
    )


def _under(wood: Tree, choice: Choice) -> set[str]:
    for code in (*choice.children_of, *choice.descendants_of):
        if code not in wood.parents:
            name = wood.hierarchy or "parent"
            raise Invalid("NOT_IN_HIERARCHY", found=code[:60], codelist=str(wood.codelist.ref), hierarchy=name)
    if not choice.children_of and not choice.descendants_of:
        return set(wood.parents)
    children = {child for code in choice.children_of for child in wood.children.get(code, ())}
    return children | {each for code in choice.descendants_of for each in wood.descendants(code)}
