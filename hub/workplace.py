"""Folders for work in progress: held while somebody works there, gone at the end.

They hold confidential records, and a process that is killed cannot clean up. The system takes its lock away when it dies, so
whoever opens the next folder sees which ones nobody holds any more, and removes them. Reference: flock(2).
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from registry.errors import Unavailable


@contextmanager
def workplace(parent: Path) -> Iterator[Path]:
    """An empty folder in ``parent``, which holds nothing else than such folders. It may be moved away.

    :class:`Unavailable` SYSTEM_REFUSED where a file cannot be written or read meanwhile: most often the disk is full.
    """
    parent.mkdir(parents=True, exist_ok=True)
    # Under the parent's lock, or a sweeper could come between making a folder and holding it.
    with _held(parent):
        _sweep(parent)
        folder = parent / secrets.token_hex(8)
        folder.mkdir()
        handle = _hold(folder)
    try:
        yield folder
    except OSError as error:
        name = Path(str(error.filename or parent)).name
        raise Unavailable("SYSTEM_REFUSED", found=name, reason=error.strerror or type(error).__name__) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def held_in(parent: Path) -> set[str]:
    """The names of the folders in ``parent`` in which somebody works."""
    return {folder.name for folder in parent.iterdir() if not _left(folder)} if parent.is_dir() else set()


def _left(folder: Path) -> bool:
    try:
        os.close(_hold(folder, fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except FileNotFoundError:
        pass
    return True


def _sweep(parent: Path) -> None:
    for left in parent.iterdir():
        try:
            handle = _hold(left, fcntl.LOCK_NB)
        except OSError:
            continue
        shutil.rmtree(left, ignore_errors=True)
        os.close(handle)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    handle = _hold(folder)
    try:
        yield
    finally:
        os.close(handle)


def _hold(folder: Path, how: int = 0) -> int:
    """The handle of a locked folder; closing it ends the lock. :class:`BlockingIOError` with LOCK_NB where another holds it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | how)
    except OSError:
        os.close(handle)
        raise
    return handle
