"""The registry as stored: the ``Catalogue`` of :mod:`registry.ports` over a database.

Every call reads the revision, one row; while it is the same, what was read before is still true. So several processes need not
tell each other about changes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, Engine, select

from registry.assembly import assemble
from registry.correspondence import Correspondence
from registry.document import from_document
from registry.errors import NotFound
from registry.glance import Glance
from registry.index import Index
from registry.model import Artefact, ItemScheme, RepresentationMap, Structure
from registry.ports import Catalogue
from registry.ref import Kind, Ref
from registry.tables import artefact, artefact_reference, item, registry_state
from registry.version import ALL

MOST_ITEMS = 300_000
"""Items and links remembered at once, some 1 kB each."""

Held = TypeVar("Held")


@dataclass
class _Memory:
    """What was read at one revision; the least recently used is forgotten first when it weighs too much."""

    revision: int
    index: Index
    held: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    weight: int = 0


class Store:
    """Reads artefacts of a database; safe to use from many threads."""

    def __init__(self, engine: Engine, most_items: int = MOST_ITEMS) -> None:
        self._engine = engine
        self._most = most_items
        self._lock = threading.Lock()
        self._memory = _Memory(-1, Index({}, {}, ()))

    @property
    def revision(self) -> int:
        """Grows with every change; 0 while the registry is empty."""
        return self.current().revision

    def get(self, ref: Ref) -> Artefact:
        """One artefact; the version may be ``latest``, ``+`` or ``~``. :class:`NotFound` ARTEFACT_NOT_FOUND else."""
        memory = self.current()
        return self._artefact(memory, memory.index.exact(ref))

    def find(self, kind: Kind, agency: str = ALL, id: str = ALL, version: str = ALL) -> list[Ref]:
        """The refs that fit, sorted by agency, id and version; each part may be ``*`` or a comma list."""
        return self.current().index.find(kind, agency, id, version)

    def search(self, kind: Kind, text: str) -> list[Ref]:
        """Latest versions whose id, names or descriptions hold every word, without regard to case and diacritics."""
        return self.current().index.search(kind, text)

    def parents(self, ref: Ref) -> list[Ref]:
        """The artefacts that name this one."""
        index = self.current().index
        return index.parents(index.exact(ref))

    def structure(self, dataflow: Ref) -> Structure:
        """The dataflow with its DSD, codelists and concepts, ready to read data with."""
        memory = self.current()
        exact = memory.index.exact(dataflow)
        held = self._recall(memory, ("structure", exact))
        return held if isinstance(held, Structure) else self._keep(memory, ("structure", exact), self._structure(memory, exact))

    def correspondence(self, source: Ref, target: Ref) -> Correspondence:
        """The correspondence from one codelist version to another; :class:`NotFound` CORRESPONDENCE_NOT_FOUND else."""
        memory = self.current()
        index = memory.index
        source, target = index.exact(source), index.exact(target)
        maps = [self._artefact(memory, ref) for ref in index.parents(source) if ref.kind == Kind.REPRESENTATION_MAP]
        known = [Correspondence.of(made) for made in maps if isinstance(made, RepresentationMap)]
        ways = [way for way in known if way and source in index.resolve(way.from_list)]
        for way in reversed(ways):
            if target in index.resolve(way.to_list):
                return way
        near = ", ".join(sorted({str(way.to_list) for way in ways})) or "-"
        raise NotFound("CORRESPONDENCE_NOT_FOUND", source=str(source), target=str(target), near=near)

    def current(self) -> _Memory:
        """What was read at the revision that is true now."""
        moment = _MOMENT.get()
        if moment is not None and moment[0] is self:
            return moment[1]
        memory = self._memory
        if memory.revision != (_REVISION.at(self._engine) or 0):
            with self._engine.connect() as connection:
                memory = self._memory = _Memory(_revision(connection), _index(connection))
        return memory

    def _artefact(self, memory: _Memory, exact: Ref) -> Artefact:
        held = self._recall(memory, exact)
        return held if held is not None else self._keep(memory, exact, self._read(exact))

    def _read(self, exact: Ref) -> Artefact:
        with self._engine.connect() as connection:
            return read(connection, exact)

    def _structure(self, memory: _Memory, exact: Ref) -> Structure:
        return assemble(exact, lambda ref: self._artefact(memory, memory.index.exact(ref)))

    def _recall(self, memory: _Memory, key: Hashable) -> Any:
        with self._lock:
            if key in memory.held:
                memory.held.move_to_end(key)
            return memory.held.get(key)

    def _keep(self, memory: _Memory, key: Hashable, value: Held) -> Held:
        with self._lock:
            if key not in memory.held:
                memory.held[key] = value
                memory.weight += _weight(value)
            while memory.weight > self._most and len(memory.held) > 1:
                memory.weight -= _weight(memory.held.popitem(last=False)[1])
        return value


@contextmanager
def still(catalogue: Catalogue) -> Iterator[None]:
    """For one answer: the registry does not change in the middle, and its revision is looked up once."""
    token = _MOMENT.set((catalogue, catalogue.current()) if isinstance(catalogue, Store) else None)
    try:
        yield
    finally:
        _MOMENT.reset(token)


_MOMENT: ContextVar[tuple[Store, _Memory] | None] = ContextVar("moment", default=None)
"""The registry that stands still here and now, and as what."""


def _weight(value: object) -> int:
    if isinstance(value, Structure):
        return 1 + sum(_weight(codelist) for codelist in value.codelists.values())
    if isinstance(value, RepresentationMap):
        return 1 + len(value.mappings)
    return 1 + len(value.items) if isinstance(value, ItemScheme) else 1


_REVISION = Glance(select(registry_state.c.revision))
"""Every call asks this."""


def _revision(connection: Connection) -> int:
    return connection.execute(select(registry_state.c.revision)).scalar_one_or_none() or 0


def _index(connection: Connection) -> Index:
    a, r = artefact.c, artefact_reference.c
    rows = connection.execute(select(a.kind, a.agency, a.id, a.version, a.search))
    texts = {Ref(Kind(kind), agency, id_, version): text for kind, agency, id_, version, text in rows}
    both = select(a.kind, a.agency, a.id, a.version, r.kind, r.agency, r.id, r.version).join_from(artefact, artefact_reference)
    named = [(Ref(Kind(row[0]), *row[1:4]), Ref(Kind(row[4]), *row[5:8])) for row in connection.execute(both)]
    return Index.of(texts, named)


def read(connection: Connection, ref: Ref) -> Artefact:
    """One artefact that is known to be stored, by its exact version, in the caller's transaction."""
    a = artefact.c
    where = (a.kind == ref.kind.value, a.agency == ref.agency, a.id == ref.id, a.version == ref.version)
    key, text = connection.execute(select(a.key, a.document).where(*where)).one()
    items = connection.execute(select(item.c.document).where(item.c.artefact == key).order_by(item.c.position)).scalars()
    document = orjson.loads(text)
    if parts := [orjson.loads(part) for part in items]:
        document["items"] = parts
    return from_document(document)
