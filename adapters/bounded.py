"""Work on what strangers send, in a process of its own: bounded in time, memory and answer, without network or secrets.

A parser that hangs, or dies of what it reads, costs its own process and nothing else. It gets the name of a file and gives back
frames; these are plain data, never pickles, so a parser that was taken over can only lie about what the file says.

A process does one job after the other and is let go after some; :mod:`adapters.confined` is what runs in it.
"""

from __future__ import annotations

import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

import orjson

from registry.errors import HubError, TooLarge, Unavailable

HEAD = struct.Struct(">cQ")
"""What a frame begins with: its sort, and how many bytes follow."""

DONE, FAILED = b".", b"!"
"""The sorts of the last frame of a job."""

_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "LC_ALL": "C.UTF-8",
}
"""Libraries that reserve memory for each thread would meet its bound before they did anything."""

_MOST_JOBS = 200
_AT_ONCE = 1024 * 1024

Frame = tuple[bytes, bytes]


@dataclass(frozen=True)
class Limits:
    """``seconds`` of one job, ``memory`` in bytes of address space, ``answer`` in bytes of all frames."""

    seconds: float = 300
    memory: int = 3 * 1024**3
    answer: int = 2 * 1024**3


@dataclass
class Bounded:
    """Processes that run one module; safe to use from many threads. ``most`` work at once, others wait for their turn."""

    module: str
    limits: Limits = Limits()
    most: int = 2
    _idle: list[_Process] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._turns = threading.BoundedSemaphore(self.most)

    def frames(self, *job: str) -> Iterator[Frame]:
        """What the job gives. Errors of its own come as they are; :class:`TooLarge` PARSER_LIMIT where it took too long or too
        much, :class:`Unavailable` PARSER_DIED where the process is gone."""
        with self._process() as process:
            yield from process.work(job, self.limits)

    def close(self) -> None:
        """End the processes that wait for work."""
        with self._lock:
            idle, self._idle[:] = list(self._idle), []
        for process in idle:
            process.end()

    @contextmanager
    def _process(self) -> Iterator[_Process]:
        with self._turns:
            with self._lock:
                process = self._idle.pop() if self._idle else None
            if process is None or not process.waits:
                process = _Process.start(self.module, self.limits)
            try:
                yield process
            finally:
                self._put_back(process)

    def _put_back(self, process: _Process) -> None:
        if process.finished and process.jobs < _MOST_JOBS:
            with self._lock:
                self._idle.append(process)
        else:
            process.end()


class _Process:
    def __init__(self, running: subprocess.Popen[bytes]) -> None:
        assert running.stdin is not None and running.stdout is not None
        self._running = running
        self._stdin: IO[bytes] = running.stdin
        self._out = running.stdout.fileno()
        self.finished = True
        self.jobs = 0

    @classmethod
    def start(cls, module: str, limits: Limits) -> _Process:
        command = [sys.executable, "-P", "-B", "-m", module, str(limits.memory)]
        known = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PATH": os.environ.get("PATH", "")}
        environment = known | _ENVIRONMENT
        # What it says of its own death is for nobody: it may hold what was sent.
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        return cls(subprocess.Popen(command, env=environment, start_new_session=True, **pipes))  # noqa: S603  our own program

    @property
    def waits(self) -> bool:
        """Whether it is alive; one that died while it had nothing to do is replaced without a word."""
        return self._running.poll() is None

    def work(self, job: Sequence[str], limits: Limits) -> Iterator[Frame]:
        self.finished, self.jobs = False, self.jobs + 1
        self._say(orjson.dumps(job) + b"\n")
        end, left = time.monotonic() + limits.seconds, limits.answer
        while True:
            sort, size = HEAD.unpack(self._read(HEAD.size, end, limits))
            left -= size
            if left < 0:
                raise _limit("answer", limits.answer)
            content = self._read(size, end, limits)
            if sort in (DONE, FAILED):
                self.finished = True
                if sort == FAILED:
                    raise _error(content, limits)
                return
            yield sort, content

    def _say(self, line: bytes) -> None:
        try:
            self._stdin.write(line)
            self._stdin.flush()
        except OSError:
            raise Unavailable("PARSER_DIED", found="-") from None

    def _read(self, size: int, end: float, limits: Limits) -> bytes:
        parts: list[bytes] = []
        while size:
            ready, _, _ = select.select([self._out], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise _limit("seconds", limits.seconds)
            part = os.read(self._out, min(size, _AT_ONCE))
            if not part:
                raise Unavailable("PARSER_DIED", found=_cause(self._running))
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def end(self) -> None:
        self._running.kill()
        self._running.communicate()


def _cause(running: subprocess.Popen[bytes]) -> str:
    code = running.wait()
    return signal.Signals(-code).name if code < 0 else str(code)


def _limit(what: str, most: float) -> TooLarge:
    return TooLarge("PARSER_LIMIT", found=what, most=most)


def _error(content: bytes, limits: Limits) -> HubError:
    told = orjson.loads(content)
    if told["family"] == MemoryError.__name__:
        return _limit("memory", limits.memory)
    return error_of(told)


def error_facts(error: HubError) -> dict[str, Any]:
    """An error as plain data."""
    return {
        "family": type(error).__name__,
        "code": error.code,
        "facts": {name: _plain(fact) for name, fact in error.facts.items()},
    }


def error_of(told: dict[str, Any]) -> HubError:
    """The error that plain data tell."""
    known: tuple[type[HubError], ...] = (HubError, *HubError.__subclasses__())
    families = {family.__name__: family for family in known}
    return families[told["family"]](told["code"], **told["facts"])


def _plain(fact: object) -> object:
    return fact if isinstance(fact, str | int | float | bool) else str(fact)
