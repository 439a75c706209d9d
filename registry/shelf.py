"""Writing artefacts into their rows: prepared once, then many at a time."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Table, func, insert, select, update

from registry.attribution import Act, Message
from registry.classification.deriving import told
from registry.document import parted
from registry.model import Artefact, ItemScheme, references
from registry.records import chunks, revision
from registry.ref import Ref
from registry.slices import Slice, sliced
from registry.tables import artefact, artefact_reference, artefact_slice, item_slice, message, registry_revision
from registry.text import fold


@dataclass(frozen=True)
class Prepared:
    """An artefact as its rows will be; ``digest`` is SHA-256 of its content, whatever the order of its words."""

    made: Artefact
    head: dict[str, Any]
    body: dict[str, Any]
    slices: tuple[Slice, ...]
    digest: str

    @property
    def row(self) -> dict[str, Any]:
        ref, made = self.made.ref, self.made
        texts = (ref.id, *made.names.values(), *made.descriptions.values())
        return {
            "kind": ref.kind.value,
            "agency": ref.agency,
            "id": ref.id,
            "version": ref.version,
            "head": orjson.dumps(self.head).decode(),
            "body": orjson.dumps(self.body).decode(),
            "search": fold(" ".join(texts)).replace("\0", ""),  # PostgreSQL has no such character
            "trees": told(made),
            "digest": self.digest,
        }


def prepare(made: Artefact) -> Prepared:
    """The rows of an artefact."""
    head, body = parted(made)
    slices = tuple(sliced(made)) if isinstance(made, ItemScheme) else ()
    said = [str(made.ref), made.ref.kind.value, head, body, [each.digest for each in slices]]
    return Prepared(made, head, body, slices, hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest())


def begin(connection: Connection, act: Act) -> int:
    """The ordinal of a new revision, for the act."""
    ordinal = revision(connection) + 1
    values = {"ordinal": ordinal, "at": act.at, "who": act.who, "what": act.what, "why": act.why}
    connection.execute(insert(registry_revision).values(values))
    return ordinal


def end(connection: Connection, keys: Iterable[int], ordinal: int) -> None:
    """Say of rows that they stood until before a revision."""
    for part in chunks(keys):
        connection.execute(update(artefact).where(artefact.c.key.in_(part)).values(until=ordinal))


def place(connection: Connection, given: Sequence[Prepared], ordinal: int, came_in: Mapping[Ref, Message]) -> None:
    """Rows of artefacts that stand from a revision on."""
    first = (connection.execute(select(func.max(artefact.c.key))).scalar_one() or 0) + 1
    numbered = list(enumerate(given, first))
    kept = _keep(connection, {one.made.ref: came_in[one.made.ref] for one in given if one.made.ref in came_in})
    fixed = ({"since": ordinal, "message": kept.get(one.made.ref)} for one in given)
    rows = [{"key": key, **one.row, **more} for (key, one), more in zip(numbered, fixed, strict=True)]
    connection.execute(insert(artefact), rows)
    _insert(connection, artefact_reference, [row for key, one in numbered for row in _references(key, references(one.made))])
    _place_slices(connection, [each for one in given for each in one.slices])
    placed = ((key, number, each) for key, one in numbered for number, each in enumerate(one.slices))
    _insert(connection, artefact_slice, [{"artefact": key, "number": n, "slice": each.digest} for key, n, each in placed])


def _references(key: int, named: Iterable[Ref]) -> Iterable[dict[str, Any]]:
    for ref in sorted(named):
        yield {"artefact": key, "kind": ref.kind.value, "agency": ref.agency, "id": ref.id, "version": ref.version}


def _place_slices(connection: Connection, slices: Iterable[Slice]) -> None:
    """Store what no list has had yet."""
    wanted = {each.digest: each for each in slices}
    for part in chunks(wanted):
        have = set(connection.execute(select(item_slice.c.digest).where(item_slice.c.digest.in_(part))).scalars())
        new = (wanted[digest] for digest in part if digest not in have)
        rows = [{"digest": s.digest, "search": s.search, "sorts": s.sorts, "content": s.content} for s in new]
        _insert(connection, item_slice, rows)


def _keep(connection: Connection, came_in: Mapping[Ref, Message]) -> dict[Ref, str]:
    """Store each message once; its digest, by the artefacts that came in it."""
    for digest, one in {one.digest: one for one in came_in.values()}.items():
        if not connection.execute(select(message.c.digest).where(message.c.digest == digest)).first():
            values = {"digest": digest, "media_type": one.media_type, "content": zlib.compress(one.content)}
            connection.execute(insert(message).values(values))
    return {ref: one.digest for ref, one in came_in.items()}


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)
