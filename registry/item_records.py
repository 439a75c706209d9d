"""Reading the items of a scheme out of their slices, without reading all of them where some are wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from registry.alike import Specimen
from registry.alike import unpacked as sorts_of
from registry.document import item_from_document
from registry.errors import Unavailable
from registry.hierarchy import NAMED
from registry.model import TYPES, Item, ItemScheme
from registry.outline import Outline
from registry.records import chunks, standing, understood
from registry.ref import Kind, Ref
from registry.slices import LENGTH, documents, fitting, id_line, unpacked
from registry.tables import artefact, artefact_slice, item_slice

_A = artefact.c


def outline(connection: Connection, ref: Ref, key: int, tree: str = "") -> Outline:
    """Where the items of a scheme stand, in its own tree, or in the one of a name those that are in it."""
    stored = (one for content in _contents(connection, key) for one in _places(ref, content, NAMED + tree if tree else ""))
    if not tree:
        return Outline.of(stored)
    above = dict(stored)
    inside = {each for id_, parent in above.items() if parent for each in (id_, parent)}
    return Outline.of((id_, parent or None) for id_, parent in above.items() if id_ in inside)


def _places(ref: Ref, content: bytes, above: str) -> list[tuple[str, str | None]]:
    """The items of a slice, each with the one above it: its parent, or what its annotation ``above`` says."""
    with understood(ref):
        stored = documents(content)
        return [(one["id"], _fact(one, above) if above else one.get("parent")) for one in stored]


def _fact(document: Mapping[str, Any], type: str) -> str:
    """What :func:`registry.model.fact` says of an item that need not be made for it."""
    notes = (note for note in document.get("annotations", ()) if (note.get("type") or note.get("id")) == type)
    said = (note.get("title") or note.get("value") or next(iter(note.get("texts", {}).values()), "") for note in notes)
    return next(filter(None, said), "")


def items_at(connection: Connection, ref: Ref, key: int, places: Sequence[int]) -> list[Item]:
    """The items of a scheme at some places, in the order given; reads only the slices they lie in."""
    s = artefact_slice.c
    numbers = sorted({place // LENGTH for place in places})
    joined = select(s.number, item_slice.c.content).join_from(artefact_slice, item_slice)
    held: dict[int, Item] = {}
    for number, content in connection.execute(joined.where(s.artefact == key, s.number.in_(numbers))):
        wanted = (place for place in places if place // LENGTH == number)
        with understood(ref):
            found = documents(content)
            held |= {place: item_from_document(_scheme(ref), "", found[place % LENGTH]) for place in wanted}
    return [held[place] for place in places]


def items(connection: Connection, ref: Ref, key: int) -> Iterator[tuple[Item, ...]]:
    """The items of a scheme, some at a time."""
    for content in _contents(connection, key):
        yield _unpacked(ref, content)


def item(connection: Connection, ref: Ref, key: int, id: str) -> Item | None:
    """One item of a scheme without reading the others."""
    for content in _contents(connection, key, item_slice.c.search.contains(id_line(id), autoescape=True)):
        for found in _unpacked(ref, content):
            if found.id == id:
                return found
    return None


def search(connection: Connection, ref: Ref, key: int, words: Sequence[str]) -> Iterator[Item]:
    """The items of a scheme that hold every word; ``words`` are folded."""
    holding = [item_slice.c.search.contains(word, autoescape=True) for word in words]
    for content in _contents(connection, key, *holding):
        yield from _fitting(ref, content, words)


def search_kind(connection: Connection, kind: Kind, at: int, words: Sequence[str]) -> Iterator[tuple[Ref, Item | Unavailable]]:
    """The items that hold every word, of all schemes of a kind that stood as of a revision, with their schemes; once the
    error of a scheme that may hold more and no longer reads."""
    holding = [item_slice.c.search.contains(word, autoescape=True) for word in words]
    joined = select(_A.agency, _A.id, _A.version, item_slice.c.content).join_from(artefact, artefact_slice).join(item_slice)
    order = (_A.agency, _A.id, _A.version, artefact_slice.c.number)
    asked = joined.where(_A.kind == kind.value, standing(at), *holding).order_by(*order)
    lost: set[Ref] = set()
    for *name, content in connection.execute(asked, execution_options={"yield_per": 16}):
        ref = Ref(kind, *name)
        try:
            yield from ((ref, found) for found in _fitting(ref, content, words))
        except Unavailable as error:
            yield from [(ref, error)] if ref not in lost else ()
            lost.add(ref)


def specimens(connection: Connection, ref: Ref, key: int) -> Iterator[list[Specimen]]:
    """One item of each sort there is in a scheme, some at a time; of slices with too many sorts each of the items."""
    s = artefact_slice.c
    said = (
        select(s.number, item_slice.c.sorts).join_from(artefact_slice, item_slice).where(s.artefact == key).order_by(s.number)
    )
    first, counts, others = dict[str, int](), dict[str, int](), list[int]()
    for number, text in connection.execute(said):
        for one in sorts_of(text) or ():
            first.setdefault(one.name, number * LENGTH + one.first)
            counts[one.name] = counts.get(one.name, 0) + one.count
        others += () if text else (number,)
    for names in chunks(first):
        items = items_at(connection, ref, key, [first[name] for name in names])
        yield [Specimen(first[name], item, counts[name]) for name, item in zip(names, items, strict=True)]
    for number in others:
        (content,) = _contents(connection, key, s.number == number)
        yield [Specimen(place, item, 1) for place, item in enumerate(_unpacked(ref, content), number * LENGTH)]


def _unpacked(ref: Ref, content: bytes) -> tuple[Item, ...]:
    with understood(ref):
        return unpacked(content, _scheme(ref))


def _fitting(ref: Ref, content: bytes, words: Sequence[str]) -> list[Item]:
    with understood(ref):
        return fitting(content, _scheme(ref), words)


def _contents(connection: Connection, key: int, *where: ColumnElement[bool]) -> Iterator[bytes]:
    joined = select(item_slice.c.content).join_from(artefact_slice, item_slice)
    asked = joined.where(artefact_slice.c.artefact == key, *where).order_by(artefact_slice.c.number)
    for row in connection.execute(asked, execution_options={"yield_per": 16}):
        yield row.content


def _scheme(ref: Ref) -> type[ItemScheme]:
    found = TYPES[ref.kind]
    assert issubclass(found, ItemScheme)
    return found
