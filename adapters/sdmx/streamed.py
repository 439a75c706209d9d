"""Code lists that are too long to be held: their codes are read while they are written, so that an answer begins at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import cast

from adapters.sdmx.resources import CODELISTS
from registry.alike import Specimen
from registry.errors import Unavailable
from registry.model import Code, Codelist, Item
from registry.ports import Catalogue
from registry.ref import Ref


@dataclass(frozen=True)
class Streamed:
    """The items of a list, read anew whenever they are walked through."""

    catalogue: Catalogue
    ref: Ref

    def __iter__(self) -> Iterator[Item]:
        return chain.from_iterable(self.parts())

    def parts(self) -> Iterator[tuple[Item, ...]]:
        """The same, some at a time."""
        return self.catalogue.items(self.ref)

    def specimens(self) -> Iterator[list[Specimen]]:
        """One item of each sort, some at a time."""
        return self.catalogue.specimens(self.ref)


def streamed(catalogue: Catalogue, ref: Ref, raw: bool) -> Codelist | None:
    """The code list with its codes still to be read; None where it is short, no longer reads, or others must be
    read to know its codes."""
    if ref.kind not in CODELISTS or not catalogue.is_long(ref):
        return None
    try:
        frame = cast(Codelist, catalogue.frame(ref))
    except Unavailable:
        return None
    if frame.extensions and not raw:
        return None
    # Whoever writes a list only walks through its items.
    return replace(frame, items=cast("tuple[Code, ...]", Streamed(catalogue, ref)))


def picked(catalogue: Catalogue, long: Codelist, ids: Iterable[str]) -> Codelist | None:
    """The list with only these of its codes, each found without reading the others; None where it has none of them."""
    found = (catalogue.item(long.ref, id) for id in sorted(ids))
    items = tuple(cast(Code, one) for one in found if one is not None)
    return replace(long, items=items, is_partial=True) if items else None
