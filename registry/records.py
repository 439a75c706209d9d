"""Reading artefacts out of their rows, for the state of the registry that the caller has chosen."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import TypeVar

import orjson
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, tuple_

from registry.attribution import Entry, Message, Outcome, Revision
from registry.document import from_document, stub
from registry.errors import HubError, Unavailable
from registry.model import Artefact
from registry.ref import Kind, Ref
from registry.slices import documents
from registry.tables import artefact, artefact_reference, artefact_slice, item_slice, message, registry_revision

REVISION = select(func.max(registry_revision.c.ordinal))
"""The ordinal of the newest act; null while there was none."""

_AT_ONCE = 1000
"""Rows asked for by their keys in one statement."""

_A = artefact.c
log = logging.getLogger("hub")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """An artefact's row without its content."""

    key: int
    search: str


def revision(connection: Connection, at: datetime | None = None) -> int:
    """The newest revision, or the one that was it at a moment; 0 for none."""
    asked = REVISION if at is None else REVISION.where(registry_revision.c.at <= at)
    return connection.execute(asked).scalar_one_or_none() or 0


def moment(connection: Connection, ordinal: int) -> datetime | None:
    """When an act was done; None where there is none of that ordinal."""
    r = registry_revision.c
    return connection.execute(select(r.at).where(r.ordinal == ordinal)).scalar_one_or_none()


def standing(at: int) -> ColumnElement[bool]:
    """Whether an artefact stood as of a revision."""
    return and_(_A.since <= at, or_(_A.until.is_(None), _A.until > at))


def only(at: int, other: int) -> ColumnElement[bool]:
    """Whether an artefact stood as of a revision and not as of another one, earlier or later.

    Its interval begins after the earlier or ends by the later one: said so that either is a look-up by index."""
    return and_(standing(at), _A.since > other if other < at else _A.until <= other)


def rows(connection: Connection, where: ColumnElement[bool]) -> dict[Ref, Row]:
    """The rows that fit, by what they are."""
    columns = select(_A.kind, _A.agency, _A.id, _A.version, _A.key, _A.search).where(where)
    return {Ref(Kind(kind), *name): Row(key, search) for kind, *name, key, search in connection.execute(columns)}


def trees(connection: Connection, at: int) -> dict[int, str]:
    """Which trees the codelists have that stood as of a revision, by key; those without any are left out."""
    asked = select(_A.key, _A.trees).where(_A.trees != "", standing(at))
    return dict(connection.execute(asked).all())


def references(connection: Connection, where: ColumnElement[bool]) -> dict[Ref, tuple[Ref, ...]]:
    """What the artefacts that fit name, as they name it."""
    r = artefact_reference.c
    who = (_A.kind, _A.agency, _A.id, _A.version)
    both = select(*who, r.kind, r.agency, r.id, r.version).join_from(artefact, artefact_reference).where(where)
    found: dict[Ref, list[Ref]] = {}
    for row in connection.execute(both):
        found.setdefault(Ref(Kind(row[0]), *row[1:4]), []).append(Ref(Kind(row[4]), *row[5:8]))
    return {ref: tuple(named) for ref, named in found.items()}


def naming(connection: Connection, kind: Kind, named: Iterable[Ref]) -> list[Ref]:
    """The artefacts of a kind that stand now and name some version of any of these."""
    r = artefact_reference.c
    found: dict[Ref, None] = {}
    for part in chunks({(one.kind.value, one.agency, one.id): None for one in named}):
        asked = select(_A.agency, _A.id, _A.version).join_from(artefact, artefact_reference)
        fits = (_A.kind == kind.value, _A.until.is_(None), tuple_(r.kind, r.agency, r.id).in_(part))
        found |= {Ref(kind, *one): None for one in connection.execute(asked.where(*fits).distinct())}
    return sorted(found)


def known(connection: Connection, refs: Iterable[Ref]) -> dict[Ref, tuple[int, str]]:
    """Key and digest of those of the refs that stand now."""
    found: dict[Ref, tuple[int, str]] = {}
    name = tuple_(_A.kind, _A.agency, _A.id, _A.version)
    for part in chunks(refs):
        asked = [(ref.kind.value, ref.agency, ref.id, ref.version) for ref in part]
        stored = select(_A.kind, _A.agency, _A.id, _A.version, _A.key, _A.digest).where(name.in_(asked), _A.until.is_(None))
        found |= {Ref(Kind(kind), *one): (key, digest) for kind, *one, key, digest in connection.execute(stored)}
    return found


def versions(connection: Connection, families: Iterable[tuple[Kind, str, str]]) -> list[Ref]:
    """All that stands now of these families."""
    name = tuple_(_A.kind, _A.agency, _A.id)
    found: list[Ref] = []
    for part in chunks(families):
        asked = [(kind.value, agency, id_) for kind, agency, id_ in part]
        stored = select(_A.kind, _A.agency, _A.id, _A.version).where(name.in_(asked), _A.until.is_(None))
        found += [Ref(Kind(kind), *one) for kind, *one in connection.execute(stored)]
    return found


@dataclass(frozen=True)
class Unread:
    """An artefact whose row no longer reads: written by another program, or damaged. ``reason`` says where."""

    ref: Ref
    reason: str

    def error(self) -> Unavailable:
        return Unavailable("ARTEFACT_UNREADABLE", kind=self.ref.kind.value, ref=str(self.ref), reason=self.reason)


def read(connection: Connection, ref: Ref, key: int) -> Artefact:
    """The artefact of a row, whole; :class:`Unavailable` ARTEFACT_UNREADABLE where it no longer reads."""
    found = next(read_all(connection, {ref: key}))
    if isinstance(found, Unread):
        raise found.error()
    return found


def read_all(connection: Connection, wanted: Mapping[Ref, int]) -> Iterator[Artefact | Unread]:
    """Artefacts, whole, in the order wanted; few statements for many of them. One bad row does not hide the others."""
    for part in chunks(wanted.items()):
        keys = [key for _, key in part]
        stored = select(_A.key, _A.head, _A.body).where(_A.key.in_(keys))
        rows = {key: (head, body) for key, head, body in connection.execute(stored)}
        s = artefact_slice.c
        slices = select(s.artefact, item_slice.c.content).join_from(artefact_slice, item_slice).where(s.artefact.in_(keys))
        parts: dict[int, list[bytes]] = {}
        for key, content in connection.execute(slices.order_by(s.artefact, s.number)):
            parts.setdefault(key, []).append(content)
        for ref, key in part:
            yield _made(ref, partial(_whole, ref, *rows[key], parts.pop(key, [])))


def _whole(ref: Ref, head: str, body: str, slices: Sequence[bytes]) -> Artefact:
    document = {"kind": ref.kind.value, "ref": str(ref), **orjson.loads(head), **orjson.loads(body)}
    items = [item for content in slices for item in documents(content)]
    return from_document({**document, "items": items} if items else document)


def _made(ref: Ref, make: Callable[[], Artefact]) -> Artefact | Unread:
    try:
        with understood(ref):
            return make()
    except Unavailable as error:
        return Unread(ref, error.facts["reason"])


@contextmanager
def understood(ref: Ref) -> Iterator[None]:
    """:class:`Unavailable` ARTEFACT_UNREADABLE where what is stored of the artefact makes no sense. Nothing is to be asked of
    the database in here, whose own trouble is another."""
    try:
        yield
        return
    except HubError as error:
        reason = error.detail()
    except (ValueError, TypeError, LookupError, zlib.error) as error:
        reason = type(error).__name__
    log.error("%s %s cannot be read: %s", ref.kind.value, ref, reason)
    raise Unread(ref, reason).error()


def heads(connection: Connection, wanted: Mapping[Ref, int]) -> Iterator[Artefact | Unread]:
    """Without content, in the order wanted."""
    for part in chunks(wanted.items()):
        stored = dict(connection.execute(select(_A.key, _A.head).where(_A.key.in_([key for _, key in part]))).all())
        for ref, key in part:
            yield _made(ref, partial(_stub, ref, stored[key]))


def _stub(ref: Ref, head: str) -> Artefact:
    return stub(ref, orjson.loads(head))


def frame(connection: Connection, ref: Ref, key: int) -> Artefact:
    """The artefact of a row without its items, of which is only made sure that they unpack; errors as of :func:`read`."""
    row = connection.execute(select(_A.head, _A.body).where(_A.key == key)).one()

    def framed() -> Artefact:
        joined = select(item_slice.c.content).join_from(artefact_slice, item_slice).where(artefact_slice.c.artefact == key)
        for content in connection.execute(joined, execution_options={"yield_per": 16}).scalars():
            zlib.decompress(content)
        return _whole(ref, row.head, row.body, ())

    found = _made(ref, framed)
    if isinstance(found, Unread):
        raise found.error()
    return found


def original(connection: Connection, key: int) -> Message | None:
    """The message an artefact came in."""
    asked = select(message.c.content, message.c.media_type).join_from(artefact, message).where(_A.key == key)
    row = connection.execute(asked).one_or_none()
    return Message(zlib.decompress(row.content), row.media_type) if row else None


def history(connection: Connection, ref: Ref, at: int) -> list[Entry]:
    """What became of an artefact up to a revision, oldest first."""
    own = (_A.kind == ref.kind.value, _A.agency == ref.agency, _A.id == ref.id, _A.version == ref.version)
    spans = connection.execute(select(_A.since, _A.until).where(*own, _A.since <= at).order_by(_A.since)).all()
    outcomes: dict[int, Outcome] = {}
    for since, until in spans:
        outcomes[since] = Outcome.CHANGED if since in outcomes else Outcome.ADDED
        if until is not None and until <= at:
            outcomes[until] = Outcome.REMOVED
    r = registry_revision.c
    acts = connection.execute(select(registry_revision).where(r.ordinal.in_(outcomes)).order_by(r.ordinal))
    return [Entry(act.ordinal, act.at, act.who, act.what, act.why, outcomes[act.ordinal]) for act in acts]


def revisions(connection: Connection, at: int, before: int | None, most: int) -> list[Revision]:
    """The acts up to a revision, and only those before another one, newest first; with what became of how many artefacts."""
    r = registry_revision.c
    fits = r.ordinal <= at if before is None else and_(r.ordinal <= at, r.ordinal < before)
    acts = connection.execute(select(registry_revision).where(fits).order_by(r.ordinal.desc()).limit(most)).all()
    return [Revision(act.ordinal, act.at, act.who, act.what, act.why, touched(connection, act.ordinal)) for act in acts]


def touched(connection: Connection, ordinal: int) -> dict[Ref, Outcome]:
    """What an act did to which artefacts."""
    name = (_A.kind, _A.agency, _A.id, _A.version)
    come = {Ref(Kind(kind), *one) for kind, *one in connection.execute(select(*name).where(_A.since == ordinal))}
    gone = {Ref(Kind(kind), *one) for kind, *one in connection.execute(select(*name).where(_A.until == ordinal))}
    outcomes = {ref: Outcome.CHANGED if ref in gone else Outcome.ADDED for ref in come}
    return dict(sorted((outcomes | dict.fromkeys(gone - come, Outcome.REMOVED)).items()))


def chunks(given: Iterable[T]) -> Iterator[list[T]]:
    """As many as one statement takes."""
    left = iter(given)
    while part := list(islice(left, _AT_ONCE)):
        yield part


def texts(found: Mapping[Ref, Row]) -> dict[Ref, str]:
    """The folded text that each is found by."""
    return {ref: row.search for ref, row in found.items()}
