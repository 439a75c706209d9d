"""Code lists that extend others, resolved: every code they have, their own and those they inherit.

Source: SDMX 3.0 and 3.1 section 2, "Codelist extension"; section 6, "Codelist extension and discriminated unions".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from registry.model import Artefact, Cascade, Code, Codelist, CodelistExtension, ItemScheme, MemberValue
from registry.ref import Ref

Named = Callable[[Ref], Artefact | None]
"""The artefact that a reference means, None where it is not held."""


def extended(codelist: Codelist, named: Named) -> Codelist:
    """The list with every code and without extensions: those inherited first, in order; of equal codes the last one stands."""
    return _resolved(codelist, named, frozenset())


def _resolved(codelist: Codelist, named: Named, above: frozenset[Ref]) -> Codelist:
    if not codelist.extensions:
        return codelist
    codes: dict[str, Code] = {}
    for extension in codelist.extensions:
        codes |= {code.id: code for code in _inherited(extension, named, above | {codelist.ref})}
    codes |= {code.id: code for code in codelist.items}
    return replace(codelist, items=tuple(codes.values()), extensions=())


def _inherited(extension: CodelistExtension, named: Named, above: frozenset[Ref]) -> Iterator[Code]:
    """A list that extends itself in a circle has nothing more to give."""
    found = named(extension.codelist)
    if not isinstance(found, Codelist) or found.ref in above:
        return
    whole = _resolved(found, named, above)
    ids = members(whole, extension.members) if extension.members else set(whole.by_id)
    kept = whole.by_id.keys() - ids if extension.exclusive and extension.members else ids
    for code in whole.items:
        if code.id in kept:
            parent = f"{extension.prefix}{code.parent}" if code.parent in kept else None
            yield replace(code, id=f"{extension.prefix}{code.id}", parent=parent)


def members(codelist: ItemScheme, chosen: Iterable[MemberValue]) -> set[str]:
    """The codes that values mean, with ``%`` for any characters and those below them."""
    found: set[str] = set()
    for member in chosen:
        roots = matching(codelist, member.value)
        found |= set() if member.cascade == Cascade.EXCLUDE_ROOT else roots
        found |= below(codelist, roots) if member.cascade != Cascade.NO else set()
    return found


def matching(codelist: ItemScheme, value: str) -> set[str]:
    """The codes that a value with wildcards means."""
    if "%" not in value:
        return {value} & codelist.by_id.keys()
    pattern = re.compile(".*".join(map(re.escape, value.split("%"))), re.DOTALL)
    return {code for code in codelist.by_id if pattern.fullmatch(code)}


def below(codelist: ItemScheme, roots: Iterable[str]) -> set[str]:
    """The codes under others, at any depth."""
    found: set[str] = set()
    edge = set(roots)
    while edge:
        edge = {item.id for root in edge for item in codelist.children.get(root, ())} - found
        found |= edge
    return found
