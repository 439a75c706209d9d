"""The registry as stored: the ``Catalogue`` of :mod:`registry.ports` over a database, always as it stands now.

The revision, one number, is read again once something was committed (:mod:`registry.pulse`); while it is the same, what was
read before is still true. So several processes need not tell each other about changes, and a change costs its own rows.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from registry import records
from registry.alike import Specimen
from registry.attribution import Entry, Message, Revision
from registry.correspondence import Correspondence
from registry.errors import Invalid, Unavailable
from registry.glance import Glance
from registry.index import Index
from registry.memory import Memory
from registry.model import Artefact, Item, Structure
from registry.outline import Outline
from registry.passing import asks
from registry.ports import Catalogue
from registry.pulse import afresh, held, remembered
from registry.ref import Kind, Ref
from registry.state import State
from registry.version import ALL

MOST_ITEMS = 300_000
"""Items and links remembered at once, some 1 kB each."""

_MOST_PAST = 4
"""Past states remembered at once, some megabytes each in a large registry."""

_REVISION = Glance(records.REVISION)


class Store:
    """Reads artefacts of a database; safe to use from many threads. What each call does is told at :class:`State`."""

    def __init__(self, engine: Engine, most_items: int = MOST_ITEMS) -> None:
        self.engine = engine
        self._memory = Memory(most_items)
        self._state = State(engine, -1, Index.of({}, {}), {}, self._memory, self.as_of)
        self._past: OrderedDict[int, State] = OrderedDict()
        self._lock = threading.Lock()
        self._moving = threading.Lock()

    @property
    def revision(self) -> int:
        """Grows with every change; 0 while the registry is empty."""
        return self.current().revision

    def get(self, ref: Ref) -> Artefact:
        return self.current().get(ref)

    def get_all(self, refs: list[Ref]) -> list[Artefact]:
        return self.current().get_all(refs)

    def exact(self, ref: Ref) -> Ref:
        return self.current().exact(ref)

    def find(self, kind: Kind, agency: str = ALL, id: str = ALL, version: str = ALL) -> list[Ref]:
        return self.current().find(kind, agency, id, version)

    def stubs(self, refs: list[Ref]) -> list[Artefact]:
        return self.current().stubs(refs)

    def items(self, ref: Ref) -> Iterator[tuple[Item, ...]]:
        return self.current().items(ref)

    def is_long(self, ref: Ref) -> bool:
        return self.current().is_long(ref)

    def item(self, ref: Ref, id: str) -> Item | None:
        return self.current().item(ref, id)

    def frame(self, ref: Ref) -> Artefact:
        return self.current().frame(ref)

    def outline(self, ref: Ref) -> Outline:
        return self.current().outline(ref)

    def items_at(self, ref: Ref, places: Sequence[int]) -> list[Item]:
        return self.current().items_at(ref, places)

    def specimens(self, ref: Ref) -> Iterator[list[Specimen]]:
        return self.current().specimens(ref)

    def search_items(self, ref: Ref, text: str) -> Iterator[Item]:
        return self.current().search_items(ref, text)

    def search_all_items(self, kind: Kind, text: str) -> Iterator[tuple[Ref, Item | Unavailable]]:
        return self.current().search_all_items(kind, text)

    def search(self, kind: Kind, text: str) -> list[Ref]:
        return self.current().search(kind, text)

    def trees(self, ref: Ref) -> list[Ref]:
        return self.current().trees(ref)

    def parents(self, ref: Ref) -> list[Ref]:
        return self.current().parents(ref)

    def references(self, ref: Ref) -> dict[Ref, Ref | None]:
        return self.current().references(ref)

    def original(self, ref: Ref) -> Message | None:
        return self.current().original(ref)

    def history(self, ref: Ref) -> list[Entry]:
        return self.current().history(ref)

    @property
    def changed(self) -> datetime | None:
        return self.current().changed

    def revisions(self, before: int | None = None, most: int = 50) -> list[Revision]:
        return self.current().revisions(before, most)

    def structure(self, dataflow: Ref) -> Structure:
        return self.current().structure(dataflow)

    def correspondence(self, source: Ref, target: Ref) -> Correspondence:
        return self.current().correspondence(source, target)

    def correspondences(self, codelist: Ref) -> list[Correspondence | Unavailable]:
        return self.current().correspondences(codelist)

    def as_of(self, moment: datetime) -> State:
        """The registry as it stood at a moment; a few such states are remembered. :class:`Invalid` TIME_OUT_OF_RANGE for one
        that no calendar of UTC has."""
        try:
            moment = moment.astimezone(UTC)
        except OverflowError:
            raise Invalid("TIME_OUT_OF_RANGE", name="asOf", found=str(moment)) from None
        with self.engine.connect() as connection:
            asked = records.revision(connection, moment)
            current = self._state
            if asked == current.revision:
                return current
            with self._lock:
                held = self._past.get(asked)
            return held or self._keep(self._moved(connection, current, asked))

    def _keep(self, state: State) -> State:
        with self._lock:
            self._past[state.revision] = state
            while len(self._past) > _MOST_PAST:
                self._past.popitem(last=False)
        return state

    def current(self) -> State:
        """The state that is true now, or that stands still for this answer."""
        moment = _MOMENT.get()
        return moment[1] if moment is not None and moment[0] is self else self.newest()

    def newest(self) -> State:
        """The state that is true now."""
        state = self._state
        if state.revision != revision(self.engine):
            asks(self.engine)
            # One moves on for all who ask meanwhile.
            with self._moving, self.engine.connect() as connection:
                state, newest = self._state, records.revision(connection)
                if state.revision != newest:
                    state = self._state = self._moved(connection, state, newest)
        return state

    def _whole(self, connection: Connection, revision: int) -> State:
        where = records.standing(revision)
        rows = records.rows(connection, where)
        index = Index.of(records.texts(rows), records.references(connection, where))
        return self._made(revision, index, {ref: row.key for ref, row in rows.items()})

    def _moved(self, connection: Connection, here: State, revision: int) -> State:
        """The state at another revision, by what is different there."""
        if here.revision <= 0:
            return self._whole(connection, revision)
        there = records.only(revision, here.revision)
        gone, come = records.rows(connection, records.only(here.revision, revision)), records.rows(connection, there)
        index = here.index.changed(gone, records.texts(come), records.references(connection, there))
        keys = dict(here.keys)
        for ref in gone:
            del keys[ref]
        return self._made(revision, index, keys | {ref: row.key for ref, row in come.items()})

    def _made(self, revision: int, index: Index, keys: dict[Ref, int]) -> State:
        return State(self.engine, revision, index, keys, self._memory, self.as_of)


@contextmanager
def still(catalogue: Catalogue, anew: bool = False) -> Iterator[None]:
    """For one answer: the registry does not change in the middle, nor what is remembered of its database.

    ``anew``: from now on, whatever stood still before.
    """
    if not isinstance(catalogue, Store):
        yield
        return
    with afresh() if anew else nullcontext(), held(catalogue.engine):
        token = _MOMENT.set((catalogue, catalogue.newest()))
        try:
            yield
        finally:
            _MOMENT.reset(token)


_MOMENT: ContextVar[tuple[Store, State] | None] = ContextVar("moment", default=None)
"""The registry that stands still here and now, and as what."""


def revision(engine: Engine) -> int:
    """How often the registry has changed; 0 while it is empty."""
    return remembered(engine, "revision", lambda: _REVISION.at(engine) or 0)
