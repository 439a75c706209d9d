"""What may not take long: a server answers short questions in its own loop, and everything else waits meanwhile.

Whoever is about to do what takes long (to read a whole vintage, say) says so first; where only short things may be done, that
is refused and the question goes to a thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_refusing: ContextVar[Callable[[], None] | None] = ContextVar("refusing", default=None)


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
