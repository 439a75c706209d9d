"""Whether anything was committed to the database since: what was read before is true for as long as nothing was.

Every question needs to know how the registry stands and which releases are visible. Reading that costs more than answering a
small question; asking whether it can have changed costs little, and is as sure, because it is the database that says it:

SQLite      ``PRAGMA data_version`` of a connection that never writes changes with every commit of any other, in any process
            (sqlite.org/pragma.html).
PostgreSQL  a snapshot is the set of transactions whose changes are seen (``pg_current_snapshot``, documentation 9.27); with
            equal snapshots everything seen is equal. Others' transactions change it too, and then something is read in vain.

Time is no part of it: what becomes visible at a moment has been committed before, and is remembered together with its moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Select, Text, cast, event, func, select

from registry.glance import Glance

if TYPE_CHECKING:
    from registry.together import Together

T = TypeVar("T")

Known = dict[Hashable, Any]

_SNAPSHOT: Select[Any] = select(cast(func.pg_current_snapshot(), Text))


class Beat(Protocol):
    def now(self, engine: Engine) -> object:
        """Equal to the one before only if nothing was committed in between."""
        ...

    async def soon(self, engine: Engine) -> object:
        """The same without keeping an event loop waiting."""
        ...


class Pulse:
    """The beat of one database, and what was read at the last one; safe to use from many threads."""

    def __init__(self, beat: Beat) -> None:
        self.beat = beat
        self._last: tuple[object, Known] = (object(), {})

    def known(self, engine: Engine) -> Known:
        """What is remembered and still true."""
        pinned = _PINNED.get()
        if pinned is not None and pinned[0] is self:
            return pinned[1]
        return self.at(self.beat.now(engine))

    def at(self, beat: object) -> Known:
        """What is remembered and true at this beat."""
        before, known = self._last
        if beat != before:
            known = {}
            self._last = beat, known
        return known


_PINNED: ContextVar[tuple[Pulse, Known] | None] = ContextVar("pinned", default=None)
_PULSES: WeakKeyDictionary[Engine, Pulse] = WeakKeyDictionary()


def remembered(engine: Engine, key: Hashable, read: Callable[[], T]) -> T:
    """What ``read`` gives, read again once something was committed.

    The beat is taken first: a commit between the two makes what is remembered newer than its beat, never older.
    """
    known = _pulse(engine).known(engine)
    if key not in known:
        known[key] = read()
    found: T = known[key]
    return found


@contextmanager
def held(engine: Engine) -> Iterator[None]:
    """For one answer the database is asked once, and nothing that is remembered changes in the middle."""
    pulse = _pulse(engine)
    with _pinned(pulse, pulse.known(engine)):
        yield


async def moment(engine: Engine) -> AbstractContextManager[None]:
    """The same for an event loop, which waits for no server: it is asked meanwhile, once for all who came in since last."""
    pulse = _pulse(engine)
    return _pinned(pulse, pulse.at(await pulse.beat.soon(engine)))


@contextmanager
def _pinned(pulse: Pulse, known: Known) -> Iterator[None]:
    token = _PINNED.set((pulse, known))
    try:
        yield
    finally:
        _PINNED.reset(token)


def _pulse(engine: Engine) -> Pulse:
    found = _PULSES.get(engine)
    return found if found is not None else _PULSES.setdefault(engine, Pulse(_beat(engine)))


def _beat(engine: Engine) -> Beat:
    if engine.dialect.name == "postgresql":
        return _Snapshot()
    return _DataVersion(engine) if engine.url.database not in (None, "", ":memory:") else _Never()


class _DataVersion:
    """A connection of its own that only ever asks this."""

    def __init__(self, engine: Engine) -> None:
        self._lock = Lock()
        self._numbers = count()
        self._raw: Any = None
        event.listen(engine, "engine_disposed", lambda _engine: self._close())

    def now(self, engine: Engine) -> object:
        with self._lock:
            try:
                if self._raw is None:
                    self._open(engine)
                return self._number, self._ask("PRAGMA data_version").fetchone()[0]
            except Exception:  # whatever it was, what is read in earnest now raises it as what it is
                self._close()
                return object()

    def _open(self, engine: Engine) -> None:
        fresh = engine.raw_connection()
        fresh.detach()
        # Versions of different connections cannot be compared.
        self._raw, self._number, self._ask = fresh, next(self._numbers), fresh.cursor().execute

    def _close(self) -> None:
        raw, self._raw = self._raw, None
        if raw is not None:
            raw.close()

    async def soon(self, engine: Engine) -> object:
        return self.now(engine)


class _Snapshot:
    """``asking``: by event loop, because each has connections of its own."""

    def __init__(self) -> None:
        self._glance = Glance(_SNAPSHOT)
        self._asking: WeakKeyDictionary[asyncio.AbstractEventLoop, Together] = WeakKeyDictionary()

    def now(self, engine: Engine) -> object:
        return self._glance.at(engine)

    async def soon(self, engine: Engine) -> object:
        loop = asyncio.get_running_loop()
        together = self._asking.get(loop)
        if together is None:
            # Imported here: a hub on SQLite needs no driver of a server.
            from registry.together import Together

            address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
            together = self._asking[loop] = Together(address)
        return await together.answer()


class _Never:
    """A database in memory is another one for each connection."""

    def now(self, engine: Engine) -> object:
        return object()

    async def soon(self, engine: Engine) -> object:
        return object()
