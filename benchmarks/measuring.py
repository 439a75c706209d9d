"""One contestant asked one kind of question, often enough; first checked, then warmed up, then timed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from benchmarks.contestants import Contestant
from benchmarks.processes import Server
from benchmarks.questions import Kind, Question, check, drawn, truth
from benchmarks.wire import Connection, Reply, rate
from benchmarks.world import World

CHECKED = 2
"""Answers compared with the world before anything is timed."""


@dataclass(frozen=True)
class Effort:
    """``seconds`` a kind of question may take in all, but at least ``least`` rounds are timed and at most ``most``."""

    seconds: float = 5.0
    least: int = 7
    most: int = 400


@dataclass(frozen=True)
class Figures:
    """Milliseconds: ``median`` and ``p95`` to the last byte, ``first`` to the first, ``cpu`` of all processes together.

    ``rate``: answers a second, where several clients ask at once.
    """

    median: float
    p95: float
    first: float
    cpu: float
    rate: float
    rounds: int
    bytes: int


def measured(contestant: Contestant, server: Server, kind: Kind, world: World, effort: Effort) -> Figures:
    """Check, warm up, time."""
    questions = drawn(kind, world)
    for question in islice(questions, CHECKED):
        # One connection each: while a long answer is checked, a server closes one that says nothing.
        connection = Connection(server.port)
        reply = asked(connection, contestant.request(question))
        connection.close()
        check(truth(world, question), contestant.read(question, reply.body), contestant.name)
    connection = Connection(server.port)
    took = _warm_up(connection, contestant, questions, effort)
    rounds = max(effort.least, min(effort.most, int(effort.seconds / took)))
    if kind.clients > 1:
        rounds = max(rounds * kind.clients, 200)
    requests = [contestant.request(question) for question in islice(questions, rounds)]
    before = server.cpu()
    per_second, replies = _timed(server.port, connection, requests, kind)
    cpu = (server.cpu() - before) / rounds
    connection.close()
    seconds = [one for one, _ in replies]
    return Figures(
        median=1000 * statistics.median(seconds),
        p95=1000 * sorted(seconds)[int(0.95 * (rounds - 1))],
        first=1000 * statistics.median(first for _, first in replies),
        cpu=1000 * cpu,
        rate=per_second,
        rounds=rounds,
        bytes=len(reply.body),
    )


def asked(connection: Connection, request: bytes) -> Reply:
    """The answer; :class:`ConnectionError` unless its status is 200."""
    reply = connection.ask(request)
    if reply.status != 200:
        raise ConnectionError(f"status {reply.status}: {reply.body[:500]!r}")
    return reply


def _warm_up(connection: Connection, contestant: Contestant, questions: Iterator[Question], effort: Effort) -> float:
    """Ask for half of the time; the seconds an answer takes then."""
    started, took = time.perf_counter(), list[float]()
    while len(took) < 3 or time.perf_counter() - started < effort.seconds / 2:
        took.append(asked(connection, contestant.request(next(questions))).seconds)
    return statistics.median(took[-10:])


def _timed(port: int, connection: Connection, requests: list[bytes], kind: Kind) -> tuple[float, list[tuple[float, float]]]:
    if kind.clients > 1:
        per_second, took = rate(port, requests, kind.clients)
        return per_second, [(one, one) for one in took]
    started, replies = time.perf_counter(), list[tuple[float, float]]()
    for request in requests:
        reply = asked(connection, request)
        replies.append((reply.seconds, reply.first))
    return len(requests) / (time.perf_counter() - started), replies
