"""What a format cannot hold of an answer, told before the answer is written: of a long list by one code of each sort."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import cast

from adapters.sdmx.streamed import Streamed
from adapters.sdmx.writing.shown import NAMED, Lost, Shown, StructureFormat
from registry.model import Code, Codelist, Item

_ITEM = re.compile(r"items\[([0-9]+)\]")


@dataclass(frozen=True)
class Foretold:
    """There are ``count`` losses; ``some`` are known already, of a long list a hundred, ``every`` one by walking through."""

    some: Sequence[Lost]
    count: int
    every: Iterable[Lost]


def foretold(format: StructureFormat, one: Shown) -> Foretold:
    """What the format cannot hold of an artefact."""
    artefact = one.artefact
    if not (isinstance(artefact, Codelist) and isinstance(artefact.items, Streamed)):
        lost = format.unheld(one)
        return Foretold(lost, len(lost), lost)
    own = format.unheld(_with(one, ()))
    if any(not each.place for each in own):
        return Foretold(own, len(own), own)
    some, count = own, len(own)
    for sorts in artefact.items.specimens():
        for number, each in _lost(format, one, [specimen.item for specimen in sorts]):
            count += sorts[number].count
            some = some if len(some) >= NAMED else [*some, _at(each, sorts[number].place)]
    return Foretold(some, count, chain(own, _walked(format, one, artefact.items)) if count > len(own) else own)


def _walked(format: StructureFormat, one: Shown, items: Streamed) -> Iterator[Lost]:
    """What is lost of the items, as they are read."""
    before = 0
    for some in items.parts():
        yield from (_at(lost, before + number) for number, lost in _lost(format, one, some))
        before += len(some)


def _lost(format: StructureFormat, one: Shown, items: Sequence[Item]) -> Iterator[tuple[int, Lost]]:
    """The losses of some of the items of a list, each with the number of its item among them."""
    for lost in format.unheld(_with(one, items)):
        if found := _ITEM.match(lost.place):
            yield int(found[1]), lost


def _with(one: Shown, items: Sequence[Item]) -> Shown:
    return replace(one, artefact=replace(cast(Codelist, one.artefact), items=cast("tuple[Code, ...]", tuple(items))))


def _at(lost: Lost, place: int) -> Lost:
    """The same of an item that stands elsewhere."""
    return replace(lost, place=_ITEM.sub(f"items[{place}]", lost.place, count=1))
