"""What is left of the item schemes that come along in an answer when only what is used is wanted of them.

Source: SDMX REST 2.2, "Applicability and meaning of references (including referencepartial)".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from adapters.sdmx.constrained import Context, Get, contexts
from adapters.sdmx.items import with_those_above
from adapters.sdmx.resources import NESTED
from registry.held import readable
from registry.model import AgencyScheme, Artefact, Codelist, ItemScheme, ValueList, named_by
from registry.ports import Catalogue
from registry.ref import ItemRef, Ref

Used = dict[Ref, frozenset[str]]
"""Item scheme -> those of its items that are used; a scheme that is used as a whole is left out."""


def used(catalogue: Catalogue, asked: Sequence[Artefact], along: Sequence[Artefact], get: Get = readable) -> Used:
    """What the artefacts of an answer use of the schemes that came along; ``get`` goes on without what no longer reads."""
    every = (*asked, *along)
    named = _named(catalogue, every)
    listed = any(isinstance(one, Codelist | ValueList) for one in along)
    allowed = _allowed(contexts(catalogue, asked, along, get)) if listed else {}
    found: Used = {}
    for scheme in along:
        if isinstance(scheme, AgencyScheme):
            found[scheme.ref] = _maintaining(scheme, every)
        elif isinstance(scheme, ItemScheme) and (ids := allowed.get(scheme.ref, set()) | named.get(scheme.ref, set())):
            found[scheme.ref] = frozenset(with_those_above(ids) if scheme.ref.kind in NESTED else ids)
    return found


def _named(catalogue: Catalogue, artefacts: Sequence[Artefact]) -> dict[Ref, set[str]]:
    """The items that artefacts name one by one."""
    found: dict[Ref, set[str]] = {}
    for artefact in artefacts:
        resolved = catalogue.references(artefact.ref)
        for one in named_by(artefact):
            if isinstance(one, ItemRef) and (scheme := resolved.get(one.of)) is not None:
                found.setdefault(scheme, set()).add(one.id)
    return found


def _allowed(seen: Iterable[Context]) -> dict[Ref, set[str]]:
    """The codes that the components of the structures in the answer may have."""
    found: dict[Ref, set[str]] = {}
    for context in seen:
        for _, codelist, codes in context.codes():
            found.setdefault(codelist.ref, set()).update(codes)
    return found


def _maintaining(scheme: AgencyScheme, artefacts: Sequence[Artefact]) -> frozenset[str]:
    """The agencies of a scheme that maintain something in the answer."""
    above = "" if scheme.ref.agency == "SDMX" else f"{scheme.ref.agency}."
    maintaining = {artefact.ref.agency for artefact in artefacts}
    return frozenset(item.id for item in scheme.items if f"{above}{item.id}" in maintaining)
