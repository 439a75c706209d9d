"""Structure messages in SDMX-JSON 1.0, 2.0 and 2.1, in pieces: a list of many items is never whole in memory.

Source: sdmx-twg/sdmx-json, field guides of the structure message; for stubs SDMX REST 2.2.2, "detail".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby, islice
from typing import Any

import orjson

from adapters.sdmx.jsonshape.items import Tree
from adapters.sdmx.jsonshape.references import FIRST, VERSIONS
from adapters.sdmx.jsonshape.shapes import Shape, arrays, shapes
from adapters.sdmx.jsonshape.ways import NO_PLACE, NO_VALUE, NOTHING, SMALL_LANGUAGE, URI, Loss, Losses
from adapters.sdmx.otherwise import old_way, turned
from adapters.sdmx.writing.best_text import ours_first
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.jsonheader import header_meta, opening
from adapters.sdmx.writing.shown import Form, Lost, Shown, StructureFormat, Written, together
from registry.errors import LANGUAGES
from registry.model import Item
from registry.ref import Ref
from registry.text import Names

CHUNK = 2000
"""Items that are written at once."""


def write(version: str, header: Header, shown: Sequence[Shown]) -> Iterator[bytes]:
    """The message in pieces; what the version cannot hold is left out."""
    shown = [_said(version, one) for one in shown]
    meta = header_meta(header, header.languages, languages_of(one.artefact.names for one in shown))
    yield opening(version, "structure", meta) + b',"data":{'
    before, standing = b"", _standing(version, shown)
    for name in arrays(version):
        inside = b'"' + name.encode() + b'":['
        for written in _each(version, standing.get(name, ())):
            head = next(written, None)
            if head is not None:
                yield before + inside + head
                yield from written
                before, inside = b"", b","
        if inside == b",":
            yield b"]"
            before = b","
    yield b"}}"


def _said(version: str, one: Shown) -> Shown:
    """What is shown, as the version says it."""
    if version != FIRST:
        return one
    return one.once("the old way", _of_old)


def _of_old(one: Shown) -> Shown:
    said = old_way(one.artefact)
    return one if said is one.artefact else replace(one, artefact=said, room=None)


def _standing(version: str, shown: Sequence[Shown]) -> Mapping[str, list[Shown]]:
    """What stands in each array, in the order in which it was given."""
    known, found = shapes(version), dict[str, list[Shown]]()
    for one in shown:
        if (shape := known.get(one.artefact.ref.kind)) is not None:
            found.setdefault(shape.name, []).append(one)
    return found


def _each(version: str, among: Sequence[Shown]) -> Iterator[Iterator[bytes]]:
    """What stands in an array, long ones one by one, others some at a time."""
    known = shapes(version)
    for at_once, some in groupby(among, key=lambda one: one.at_once):
        if at_once:
            contents = (_at_once(one, version).content for one in some)
            yield from (iter((text.encode(),)) for text in together(contents, ","))
        else:
            yield from (_artefact(known[one.artefact.ref.kind], one, []) for one in some)


def languages_of(names: Iterable[Names]) -> list[str]:
    """The languages of names, ours first."""
    met = {lang for lang in {lang for texts in names for lang in texts} if SMALL_LANGUAGE.said(lang) is not NOTHING}
    return ours_first(met) or [LANGUAGES[-1]]


def _artefact(shape: Shape, one: Shown, losses: Losses) -> Iterator[bytes]:
    """One artefact in pieces, none where it cannot be held."""
    said = shape.whole.write(_marked(shape, one), one.artefact.ref, losses)
    if said is NOTHING:
        return
    head = orjson.dumps(said)
    if shape.items is None:
        yield head
        return
    yield head[:-1]
    yield from _listed(shape.items.name, shape.items.each(_items(shape, one), one.artefact.ref, losses))
    yield b"}"


def _listed(name: str, items: Iterator[Any]) -> Iterator[bytes]:
    before = b',"' + name.encode() + b'":['
    while chunk := list(islice(items, CHUNK)):
        yield before + orjson.dumps(chunk)[1:-1]
        before = b","
    if before == b",":
        yield b"]"


def _at_once(one: Shown, version: str) -> Written:
    return one.written(_WRITTEN[version], _whole if one.form is Form.FULL else _stub, version)


def _whole(one: Shown, version: str) -> Written:
    ref, losses = one.artefact.ref, list[Loss]()
    content = b"".join(_artefact(shapes(version)[ref.kind], one, losses))
    return Written(ref, content.decode(), _lost(ref, losses) if content else (Lost(ref, "", NO_VALUE),))


def _stub(one: Shown, version: str) -> Written:
    shape = shapes(version)[one.artefact.ref.kind]
    ref, losses = one.artefact.ref, list[Loss]()
    record = shape.stub if one.form is Form.STUB else shape.complete_stub
    said = record.write(_marked(shape, one), ref, losses)
    if said is NOTHING:
        return Written(ref, "", (Lost(ref, "", NO_VALUE),))
    _address(said, one)
    return Written(ref, orjson.dumps(said).decode(), _lost(ref, losses))


def _lost(ref: Ref, losses: Losses) -> tuple[Lost, ...]:
    return tuple(Lost(ref, loss.place, loss.reason) for loss in losses)


def _marked(shape: Shape, one: Shown) -> Any:
    """The artefact, a partial one where only some of its items are shown; value lists cannot say that."""
    if one.items is None or "is_partial" not in (field for piece in shape.content for field in piece.fields):
        return one.artefact
    return replace(one.artefact, is_partial=True)  # type: ignore[call-arg]


def _address(said: dict[str, Any], one: Shown) -> None:
    """A stub says that the whole is elsewhere, and where."""
    said["isExternalReference"] = True
    if one.address and URI.said(one.address) is not NOTHING:
        said["links"][0]["href"] = one.address


def _items(shape: Shape, one: Shown) -> Iterable[Item]:
    """The items that are shown; in a tree also those above them."""
    items: tuple[Item, ...] = getattr(one.artefact, "items", ())
    if one.items is None:
        return items
    wanted = one.items
    if isinstance(shape.items, Tree):
        wanted = wanted | {above for id in wanted for above in _above(id)}
    return tuple(item for item in items if item.id in wanted)


def _above(path: str) -> Iterator[str]:
    parts = path.split(".")
    yield from (".".join(parts[:length]) for length in range(1, len(parts)))


def unheld(version: str, one: Shown) -> list[Lost]:
    """What the version cannot hold of an artefact in its form."""
    return one.once(_UNHELD[version], _unheld, version)


def _unheld(one: Shown, version: str) -> list[Lost]:
    ref, before = one.artefact.ref, one.artefact
    one = _said(version, one)
    shape = shapes(version).get(one.artefact.ref.kind)
    if shape is None:
        return [Lost(ref, "", NO_PLACE)]
    if one.at_once:
        said = _at_once(one, version)
        told = turned(before, one.artefact) if said.content else []
        return [*told, *(replace(each, ref=ref) for each in said.lost)]
    losses: Losses = []
    if shape.whole.write(_marked(shape, one), ref, losses) is NOTHING:
        return [Lost(ref, "", NO_VALUE)]
    if shape.items is not None:
        shape.items.lost(_items(shape, one), ref, losses)
    return [*turned(before, one.artefact), *_lost(ref, losses)]


_WRITTEN, _UNHELD = ({version: f"{what} sdmx-json {version}" for version in VERSIONS} for what in ("written", "unheld"))

JSON_STRUCTURES: dict[str, StructureFormat] = {
    version: StructureFormat("sdmx-json", version, partial(write, version), partial(unheld, version)) for version in VERSIONS
}
"""The formats by version."""
