"""What compressing answers costs and saves, level by level: ``python -m benchmarks.packing 15 > benchmarks/PACKING.md``.

Real answers of a hub with a million invented observations, packed as ``hub/encoding.py`` packs them, in one thread; the number
is how often each is repeated, the quickest counts. The columns: what is left, in percent; milliseconds of CPU; kilobytes saved
in each of them; and kilobytes that this level saves more than the one before, in each millisecond that it takes longer. A line
of 100 Mbit/s carries 12.5 kB in a millisecond: below that, its readers wait longer for the packing than for the bytes it saves.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from benchmarks.contestants import address
from benchmarks.hubs import CSV, LABELLED, PLAIN, selected
from benchmarks.stores import hub_store
from benchmarks.world import REGIONS, World, p_code
from hub.app import application
from hub.encoding import Gzip, Packer, Zstd
from hub.settings import Settings
from hub.wiring import Hub

ML = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
PRODUCTS = 11
LEVELS = range(1, 10)


def answers(hub: Hub) -> Iterator[tuple[str, bytes]]:
    """What is packed, by name; all but the first are of 99,792 observations."""
    products = [p_code(number) for number in range(PRODUCTS)]
    data = "/sdmx/v2/data/dataflow/SEN/TRADE/1.0/M.EXP_VALUE.*.*"
    few, many = (selected("EXP_VALUE", regions, some) for regions, some in ((REGIONS[:7], products[:1]), (REGIONS, products)))
    yield "GraphQL, 1,000", _asked(hub, "POST", "/graphql", json={"query": LABELLED, "variables": few})
    yield "GraphQL, 100,000", _asked(hub, "POST", "/graphql", json={"query": PLAIN, "variables": many})
    yield "SDMX-CSV, 100,000", _asked(hub, "GET", address(data), headers={"Accept": CSV})
    yield "SDMX-ML, 100,000", _asked(hub, "GET", address(data), headers={"Accept": ML})


def _asked(hub: Hub, method: str, path: str, **how: Any) -> bytes:
    async def ask() -> bytes:
        transport = httpx.ASGITransport(app=application(hub))
        async with httpx.AsyncClient(transport=transport, base_url="http://hub", timeout=600) as client:
            client.headers["Accept-Encoding"] = "identity"
            response = await client.request(method, path, **how)
            return response.raise_for_status().content

    return asyncio.run(ask())


@contextmanager
def loaded() -> Iterator[Hub]:
    """A hub with the trade of so many products, and none of it after."""
    with tempfile.TemporaryDirectory() as folder:
        settings = hub_store(World(PRODUCTS), Path(folder), None)
        hub = Hub.build(Settings.load({**os.environ, **settings}))
        yield hub
        hub.engine.dispose()


def packed(make: Callable[[], Packer], body: bytes, repeats: int) -> tuple[int, float]:
    """Bytes, and milliseconds of CPU."""
    times = []
    for _ in range(repeats):
        started = time.process_time()
        size = len(make().pack(body, True))
        times.append(time.process_time() - started)
    return size, min(times) * 1000


def measure(name: str, body: bytes, repeats: int) -> None:
    for encoding, make in (("zstd", Zstd), ("gzip", Gzip)):
        before: tuple[int, float] | None = None
        for level in LEVELS:
            size, spent = packed(partial(make, level), body, repeats)
            more = "" if before is None else _worth(before[0] - size, spent - before[1])
            saved = (len(body) - size) / 1000 / spent
            told = f"{encoding} {level} | {100 * size / len(body):.1f} | {spent:.2f} | {saved:,.0f} | {more}"
            print(f"| {name} ({len(body) / 1000:,.0f} kB) | {told} |")
            before = size, spent


def _worth(saved: int, longer: float) -> str:
    return "quicker" if longer <= 0 else f"{saved / 1000 / longer:,.1f}"


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print("| answer | level | % | CPU, ms | kB saved a ms | kB saved a ms more |\n|---|---|---|---|---|---|")
    with loaded() as hub:
        for name, body in answers(hub):
            measure(name, body, repeats)


if __name__ == "__main__":
    main()
