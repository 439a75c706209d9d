"""What may not take long: a server answers short questions in its own loop, and everything else waits meanwhile.

Whoever is about to do what takes long (to read a whole vintage, say) says so first; where only short things may be done, that
is refused and the question goes to a thread. And whoever does what takes long asks between its steps whether the answer is
still wanted: were questions of readers who have gone worked on to their end, a few of them would keep everybody waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import Engine

from registry.errors import HubError

_refusing: ContextVar[Callable[[], None] | None] = ContextVar("refusing", default=None)
_alone: ContextVar[Callable[[], None] | None] = ContextVar("alone", default=None)


@contextmanager
def in_passing(refuse: Callable[[], None]) -> Iterator[None]:
    """Only short things may be done inside; ``refuse`` raises when something long is about to be."""
    token = _refusing.set(refuse)
    try:
        yield
    finally:
        _refusing.reset(token)


def takes_long() -> None:
    """To be called before what takes long."""
    if refuse := _refusing.get():
        refuse()


@contextmanager
def by_itself(refuse: Callable[[], None]) -> Iterator[None]:
    """No server may be waited for inside; ``refuse`` raises when one is about to be."""
    token = _alone.set(refuse)
    try:
        yield
    finally:
        _alone.reset(token)


def asks(engine: Engine) -> None:
    """To be called before a database is asked: one in this process answers at once, a server when it can."""
    if engine.dialect.name != "sqlite" and (refuse := _alone.get()):
        refuse()


class Left(HubError):
    """Nobody waits for the answer any more."""

    status = 499


_left: ContextVar[Callable[[], bool] | None] = ContextVar("left", default=None)


@contextmanager
def unless_left(left: Callable[[], bool]) -> Iterator[None]:
    """What is done inside is for somebody; ``left`` tells whether they have gone."""
    token = _left.set(left)
    try:
        yield
    finally:
        _left.reset(token)


def still_wanted() -> None:
    """To be called between the steps of what takes long; :class:`Left` once nobody waits for it."""
    if (left := _left.get()) and left():
        raise Left("READER_LEFT")
