"""Large GraphQL answers, sent as they are written and, to compare, in one piece: ``python -m benchmarks.streaming``.

A million observations in one answer: eight pages of series, each observation with its period, value and status. That is more
than the limit the hub publishes for one answer; only here it is raised. Memory is what the serving process grew by at most
while it answered, its cache of tiles included.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import orjson
import uvicorn
from starlette.applications import Starlette

from benchmarks.hubs import selected
from benchmarks.processes import free_port
from benchmarks.stores import hub_store
from benchmarks.wire import Connection, get, post
from benchmarks.world import INDICATORS, MONTHS, REGIONS, World, p_code
from hub.encoding import Encoding
from hub.settings import Settings
from hub.wiring import Hub
from registry.ports import PUBLIC
from schema.door import Manner, routes
from schema.streaming import LARGE

PRODUCTS, PAGES, REPEATS = 14, 8, 5
WHOLE = 10**12
"""No list has so many observations."""


def question() -> bytes:
    """All series of eight indicators, in as many fields."""
    chosen = [selected(id, REGIONS, [p_code(number) for number in range(PRODUCTS)])["s"] for id, _, _ in INDICATORS[:PAGES]]
    names = range(len(chosen))
    fields = " ".join(
        f"p{n}: data(selection: $s{n}, first: 1000) {{ series {{ key observations {{ period value status }} }} }}"
        for n in names
    )
    given = ", ".join(f"$s{n}: SelectionInput" for n in names)
    query = f'query ({given}) {{ dataflow(ref: "SEN:TRADE(1.0)") {{ {fields} }} }}'
    return orjson.dumps({"query": query, "variables": {f"s{n}": chosen[n] for n in names}})


def serve(store: dict[str, str], port: int, large: int) -> None:
    hub = Hub.build(Settings.load({**os.environ, **store}))
    service = replace(hub.ports.service, limits={"cells": 10_000_000})
    doors = routes(replace(hub.ports, service=service), lambda _: PUBLIC, Manner(large=large))
    uvicorn.run(Encoding(Starlette(routes=doors)), host="127.0.0.1", port=port, log_level="error")


@contextmanager
def served(store: dict[str, str], large: int) -> Iterator[tuple[Connection, int]]:
    """A connection to a process of its own, and its number."""
    port = free_port()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(store, port, large), daemon=True)
    process.start()
    while True:
        try:
            connection = Connection(port)
            break
        except ConnectionRefusedError:
            time.sleep(0.1)
    assert process.pid is not None
    yield connection, process.pid
    process.terminate()
    process.join()


def highest(pid: int) -> int:
    """kB of memory at the highest."""
    return int(Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()[0])


def measure(store: dict[str, str], name: str, large: int, accepted: str) -> None:
    with served(store, large) as (connection, pid):
        connection.ask(get("/schema.graphql"))
        request = post("/graphql", question())
        request = request.replace(b"\r\n", b"\r\nAccept-Encoding: " + accepted.encode() + b"\r\n", 1)
        before, replies = highest(pid), [connection.ask(request) for _ in range(REPEATS)]
        assert all(reply.status == 200 for reply in replies)
        cold, warm = replies[0], sorted(reply.seconds for reply in replies[1:])[(REPEATS - 1) // 2]
        first = sorted(reply.first for reply in replies[1:])[(REPEATS - 1) // 2]
        figures = f"{len(cold.body) / 1e6:.1f} | {cold.first * 1e3:.0f} | {first * 1e3:.0f} | {warm * 1e3:.0f}"
        print(f"| {name} | {accepted} | {figures} | {(highest(pid) - before) / 1024:.0f} |", flush=True)


def main() -> None:
    print(f"{PAGES * len(REGIONS) * PRODUCTS * MONTHS:,} observations\n")
    print("| way | encoding | MB | first byte, cold, ms | first byte, ms | last byte, ms | memory, MB |\n" + "|---" * 7 + "|")
    with tempfile.TemporaryDirectory() as folder:
        store = hub_store(World(PRODUCTS), Path(folder), None)
        for accepted in ("identity", "zstd"):
            measure(store, "as it is written", LARGE, accepted)
            measure(store, "in one piece", WHOLE, accepted)


if __name__ == "__main__":
    main()
