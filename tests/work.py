"""Work, counted in calls: the same on a fast machine, on a slow one, and beside others. Nothing here looks at a clock."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

CALLS = ("call", "c_call")


class TooMuchWork(BaseException):
    """Ends the work there, so that work without end fails too; no ``except Exception`` takes it for an answer."""


@contextmanager
def at_most(calls: int) -> Iterator[None]:
    """Count the calls of Python and C functions, here and in threads begun meanwhile; :class:`TooMuchWork` past that many."""
    made, over = 0, False

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal made
        if over:
            sys.setprofile(None)
            return
        made += event in CALLS
        if made > calls:
            raise TooMuchWork(f"more than {calls} calls")

    # What other tests have left is cleared away now: to clear it away takes calls as well.
    gc.collect()
    gc.disable()
    before = sys.getprofile()
    threading.setprofile(count)
    sys.setprofile(count)
    try:
        yield
    finally:
        over = True
        sys.setprofile(before)
        threading.setprofile(None)
        gc.enable()
