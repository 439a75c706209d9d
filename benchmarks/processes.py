"""Servers as processes of their own: started, waited for, measured from outside, and always ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.wire import Connection, Reply

TICKS = os.sysconf("SC_CLK_TCK")
LONGEST_START = 300.0


@dataclass(frozen=True)
class Server:
    """A running server. ``also`` are processes that work for it, such as the database's. ``cold``: seconds from the start of
    the process until its first answer."""

    process: subprocess.Popen[bytes]
    port: int
    cold: float
    also: tuple[int, ...] = ()

    def cpu(self) -> float:
        """Processor seconds used so far, those of all children included."""
        return sum(cpu_of(pid) for pid in self._pids())

    def memory(self) -> int:
        """Resident bytes of the serving process and its children, without the database's."""
        return sum(resident(pid) for pid in family(self.process.pid))

    def _pids(self) -> list[int]:
        return [pid for root in (self.process.pid, *self.also) for pid in family(root)]


def family(root: int) -> list[int]:
    """A process and everything it started."""
    found = [root]
    for pid in found:
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                found += [int(child) for child in children.read_text().split()]
            except OSError:
                continue
    return found


def cpu_of(pid: int) -> float:
    """Processor seconds of a process and of the children it has waited for."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(field) for field in fields[11:15]) / TICKS


def resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(
    command: Sequence[str],
    port: int,
    probe: bytes,
    log: Path,
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    also: tuple[int, ...] = (),
) -> Iterator[Server]:
    """Run a server until the block ends; ``probe`` is a request that it answers with 200 once it is ready."""
    env = {**os.environ, **(environment or {})}
    started = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=env, cwd=folder, stdout=output, stderr=output, start_new_session=True)
        try:
            _wait(process, port, probe, log, started)
            yield Server(process, port, time.perf_counter() - started, also)
        finally:
            _end(process)


def _wait(process: subprocess.Popen[bytes], port: int, probe: bytes, log: Path, started: float) -> None:
    last: Reply | None = None
    while time.perf_counter() - started < LONGEST_START:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended: {log.read_text(errors='replace')[-2000:]}")
        try:
            connection = Connection(port)
            last = connection.ask(probe)
            connection.close()
        except (ConnectionError, TimeoutError):
            time.sleep(0.01)
            continue
        if last.status == 200:
            return
        time.sleep(0.05)
    raise RuntimeError(
        f"{process.args!r} does not answer: {last and last.body[:1000]!r} {log.read_text(errors='replace')[-2000:]}"
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the whole group that the server was started as."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(timeout=10)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    process.wait()
