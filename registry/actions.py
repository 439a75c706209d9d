"""Every write of the registry goes through here, inside the caller's transaction.

Writers must stand in line (``hub.database.writing``): two at once would both take the next revision.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, delete, insert, select, update

from registry.check import check
from registry.complete import Contradiction, complete
from registry.document import from_document, item_document, to_document
from registry.errors import Conflict, Invalid
from registry.index import Index
from registry.model import Artefact, ConceptScheme, Item, ItemScheme, day, references
from registry.ref import Kind, Ref
from registry.store import read
from registry.tables import artefact as artefacts
from registry.tables import artefact_reference, item, registry_state
from registry.text import fold


def put(connection: Connection, given: Iterable[Artefact], *, at: datetime) -> list[Ref]:
    """Insert or replace artefacts in one go; the refs of those that changed, in the order given.

    What is already stored with the same content is no change, nor is a partial copy of a final artefact (see
    :mod:`registry.complete`). References may point into the same batch. Raises
    :class:`Invalid` for content that contradicts itself or names what does not exist (REFERENCE_MISSING), and
    :class:`Conflict` ARTEFACT_FINAL where a final artefact would change; the caller's transaction then holds no part of it.
    """
    batch = _distinct(given)
    stored = _digests(connection)
    _check_references(batch.values(), stored)
    differing = [made for ref, made in batch.items() if stored.get(ref) != digest(made)]
    agreed = [_agreed(connection, made) if made.ref in stored else made for made in differing]
    changed = [made for made in agreed if stored.get(made.ref) != digest(made)]
    for made in changed:
        _write(connection, made, at)
    if changed:
        _next_revision(connection)
    return [made.ref for made in changed]


def digest(artefact: Artefact) -> str:
    """SHA-256 of the artefact's document: the same content has the same digest, whatever the order of its words."""
    return hashlib.sha256(orjson.dumps(to_document(artefact), option=orjson.OPT_SORT_KEYS)).hexdigest()


def _distinct(given: Iterable[Artefact]) -> dict[Ref, Artefact]:
    batch: dict[Ref, Artefact] = {}
    for made in given:
        check(made)
        if batch.setdefault(made.ref, made) != made:
            raise Invalid("ARTEFACT_TWICE", kind=made.ref.kind.value, ref=str(made.ref))
    return batch


def _digests(connection: Connection) -> dict[Ref, str]:
    columns = artefacts.c
    rows = connection.execute(select(columns.kind, columns.agency, columns.id, columns.version, columns.digest))
    return {Ref(Kind(kind), agency, id_, version): known for kind, agency, id_, version, known in rows}


def _check_references(batch: Iterable[Artefact], stored: Mapping[Ref, str]) -> None:
    batch = list(batch)
    known = Index.of(dict.fromkeys([*stored, *(made.ref for made in batch)], ""), ())
    for made in batch:
        for needed in sorted(_needed(made)):
            if not known.resolve(needed):
                near = ", ".join(str(ref) for ref in known.near(needed)) or "-"
                raise Invalid("REFERENCE_MISSING", ref=str(made.ref), kind=needed.kind.value, needed=str(needed), near=near)


def _needed(made: Artefact) -> set[Ref]:
    """What must be there. The lists that concepts usually take their values from are only needed where a structure does."""
    return set() if isinstance(made, ConceptScheme) else references(made)


def _agreed(connection: Connection, made: Artefact) -> Artefact:
    """What will stand: the given artefact, or where the stored one is final that one with the texts it lacked."""
    kept = read(connection, made.ref)
    if not kept.is_final:
        return made
    try:
        return from_document(complete(to_document(kept), to_document(made)))
    except Contradiction as difference:
        raise Conflict("ARTEFACT_FINAL", kind=made.ref.kind.value, ref=str(made.ref), place=str(difference)[:60]) from None


def _is(ref: Ref) -> tuple[Any, ...]:
    columns = artefacts.c
    return (columns.kind == ref.kind.value, columns.agency == ref.agency, columns.id == ref.id, columns.version == ref.version)


def _write(connection: Connection, made: Artefact, at: datetime) -> None:
    key = _write_head(connection, made, at)
    if isinstance(made, ItemScheme) and made.items:
        connection.execute(insert(item), [_item_row(key, position, part) for position, part in enumerate(made.items)])
    if named := references(made):
        rows = [{"kind": r.kind.value, "agency": r.agency, "id": r.id, "version": r.version} for r in sorted(named)]
        connection.execute(insert(artefact_reference), [{"artefact": key, **row} for row in rows])


def _item_row(key: int, position: int, part: Item) -> dict[str, Any]:
    document = orjson.dumps(item_document(part)).decode()
    return {"artefact": key, "position": position, "id": part.id, "parent": part.parent, "document": document}


def _write_head(connection: Connection, made: Artefact, at: datetime) -> int:
    """The row of the artefact without its items, new or changed; gives its key, with nothing hanging on it."""
    ref, values = made.ref, {**_head(made), "changed_at": at}
    key = connection.execute(select(artefacts.c.key).where(*_is(ref))).scalar_one_or_none()
    if key is None:
        named = {"kind": ref.kind.value, "agency": ref.agency, "id": ref.id, "version": ref.version, "added_at": at}
        return int(connection.execute(insert(artefacts).values(**named, **values).returning(artefacts.c.key)).scalar_one())
    connection.execute(update(artefacts).where(artefacts.c.key == key).values(**values))
    for hanging in (item, artefact_reference):
        connection.execute(delete(hanging).where(hanging.c.artefact == key))
    return int(key)


def _head(made: Artefact) -> dict[str, Any]:
    document = to_document(made)
    document.pop("items", None)
    texts = (made.ref.id, *made.names.values(), *made.descriptions.values())
    return {
        "document": orjson.dumps(document).decode(),
        "search": fold(" ".join(texts)).replace("\0", ""),  # PostgreSQL has no such character
        "digest": digest(made),
        "valid_from": day(made.valid_from),
        "valid_to": day(made.valid_to),
    }


def _next_revision(connection: Connection) -> None:
    grown = connection.execute(update(registry_state).values(revision=registry_state.c.revision + 1))
    if grown.rowcount == 0:
        connection.execute(insert(registry_state).values(id=1, revision=1))
