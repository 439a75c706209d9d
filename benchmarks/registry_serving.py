"""A very large registry over HTTP: imported from an SDMX message by `hub import`, served by `hub serve`, asked as clients ask.

    python -m benchmarks.registry_serving [--folder FOLDER] [--postgresql] [--small] [--dsss PYTHON] [--sdmxlib PYTHON]

Writes a Markdown table, milliseconds: the first answer of its sort, median and 95th percentile of the others, and megabytes.
``--folder`` keeps the database and asks it again; ``--postgresql`` starts a server of its own there instead of using SQLite;
``--small`` is a hundredth of it, to try. ``--dsss`` and ``--sdmxlib`` ask
those servers too, by that Python, of all but the long list.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.jsonstructures import JSON_STRUCTURES
from adapters.sdmx.writing.markup_structures import ML_STRUCTURES
from adapters.sdmx.writing.shown import Shown
from benchmarks.processes import Server, free_port, serving
from benchmarks.registry_world import AGENCY, LONG, Size, artefacts, flow_ref, structure_ref
from benchmarks.stores import new_database, postgresql
from benchmarks.wire import Connection, Reply, get, post
from registry.model import Artefact, Dataflow

HUB = str(Path(sys.executable).parent / "hub")
ML_21, ML_31 = (f"application/vnd.sdmx.structure+xml;version={version}" for version in ("2.1", "3.1.0"))
JSON_21, JSON_20 = (f"application/vnd.sdmx.structure+json;version={version}" for version in ("2.1.0", "2.0.0"))
TIMES = 60
Questions = Iterator[tuple[str, list[str], str]]
"""Name, addresses and format."""
CHANGES = 12
WARM = 5.0
"""Seconds after its start that a server is asked: by then it has asked itself what is asked first."""
NAMES = '{registry{artefacts(kind:"Dataflow",first:1000){totalCount nodes{ref name}}}}'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--small", action="store_true")
    for name in PEERS:
        parser.add_argument(f"--{name}", default=None)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="hub-benchmark-"))
    size = Size(84, 4, 24, 7, 7_000) if options.small else Size()
    url, also = on_server(folder) if options.postgresql else (f"sqlite:///{folder / 'registry.sqlite'}", ())
    home = {"HUB_DATA_DIR": str(folder / "hub"), "HUB_DATABASE_URL": url}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")} | home
    if not (folder / "imported").exists():
        fill(folder, size, environment)
    print("| what is asked | first ms | median ms | p95 ms | MB |\n|---|---|---|---|---|")

    def started() -> AbstractContextManager[Server]:
        port = free_port()
        command = [HUB, "serve", "--port", str(port)]
        return serving(command, port, get("/readyz"), folder / "serve.log", environment=environment, folder=folder, also=also)

    for what, request in listings(size):
        with started() as server:
            tell(f"{what}, as soon as the server answers", [Connection(server.port).ask(request)])
    with started() as server:
        time.sleep(WARM)
        ask(server, size)
        changing(server.port, folder, size, environment)
        print(f"\nThe server answered {server.cold:.1f} s after its start; at the end it held {server.memory() / 1e6:,.0f} MB.")
    for name in PEERS:
        if python := getattr(options, name):
            peer(name, python, folder, size)


def on_server(folder: Path) -> tuple[str, tuple[int, ...]]:
    """A database on a PostgreSQL server that ends with this process: its address, and the server's process."""
    server = postgresql(folder)
    if not (folder / "imported").exists():
        new_database(server, "registry")
    return server.database("registry"), (server.pid,)


def peer(name: str, python: str, folder: Path, size: Size) -> None:
    """The same asked of another server, which reads all but the long list from one message when it starts."""
    path, port = folder / "lot.xml", free_port()
    shown = [Shown(one) for one in artefacts(size) if one.ref != LONG]
    path.write_bytes(b"".join(ML_STRUCTURES["2.1"].write(Header(AGENCY, datetime.now(UTC)), shown)))
    command = [python, str(Path(__file__).parent / f"with_{name}.py"), str(path), str(port)]
    with serving(command, port, get("/"), folder / f"{name}.log") as server:
        for what, paths, accept in PEERS[name](size):
            replies = [Connection(port).ask(get(one, accept)) for one in paths]
            assert {reply.status for reply in replies} == {200}, what
            tell(f"{name}: {what}", replies)
        print(f"\n{name} answered {server.cold:.1f} s after its start and held {server.memory() / 1e6:,.0f} MB.")


def of_dsss(size: Size) -> Questions:
    """It holds everything as objects in memory, and knows neither ``detail`` nor ``references``."""
    yield f"{size.dataflows:,} dataflows, whole, SDMX-ML 2.1", ["/dataflow/SEN/all/1.0"] * 6, "*/*"
    yield "a DSD alone, SDMX-ML 2.1", [f"/datastructure/SEN/DSD_{n}/1.0" for n in range(size.structures)][:TIMES], "*/*"


def of_sdmxlib(size: Size) -> Questions:
    """It keeps everything in a DuckDB database, here in memory, and makes each answer anew."""
    flows = ["/structure/dataflow/*/*/*?detail=allstubs"] * 6
    yield f"{size.dataflows:,} dataflows as stubs, SDMX-ML 2.1", flows, ML_21
    yield f"{size.dataflows:,} dataflows as stubs, SDMX-JSON 2.0", flows, JSON_20
    some = [f"/structure/datastructure/SEN/DSD_{n}/1.0?references=descendants" for n in range(size.structures)][:TIMES]
    yield "a DSD with descendants, SDMX-ML 2.1", some, ML_21
    yield "a DSD with descendants, SDMX-JSON 2.0", some, JSON_20


PEERS: dict[str, Callable[[Size], Questions]] = {"dsss": of_dsss, "sdmxlib": of_sdmxlib}


def fill(folder: Path, size: Size, environment: dict[str, str]) -> None:
    """Write the message, and import it as anybody would."""
    path, lot = folder / "lot.json", [*artefacts(size)]
    subprocess.run([HUB, "init"], env=environment, check=True, capture_output=True)
    took = importing(path, lot, environment)
    print(f"`hub import` of {len(lot):,} artefacts, {path.stat().st_size / 1e6:,.0f} MB: {took:,.1f} s\n", flush=True)
    (folder / "imported").touch()


def importing(path: Path, lot: Sequence[Artefact], environment: dict[str, str]) -> float:
    """Seconds of ``hub import`` of a message that holds these."""
    header = Header(AGENCY, datetime.now(UTC))
    path.write_bytes(b"".join(JSON_STRUCTURES["2.1.0"].write(header, [Shown(one) for one in lot])))
    started = time.perf_counter()
    subprocess.run([HUB, "import", str(path), "--json"], env=environment, check=True, capture_output=True)
    return time.perf_counter() - started


def ask(server: Server, size: Size) -> None:
    connection = Connection(server.port)
    for name, paths, accept, extra in questions(size):
        replies = [connection.ask(get(path, accept, extra)) for path in paths]
        assert {reply.status for reply in replies} <= {200, 304}, (name, {reply.status for reply in replies})
        tell(name, replies)
    whole(server.port)


def changing(port: int, folder: Path, size: Size, environment: dict[str, str]) -> None:
    """Listings asked for the first time after a change: each time another dataflow is named anew."""
    replies: dict[str, list[Reply]] = {name: [] for name, _ in listings(size)}
    for number in range(CHANGES):
        flow = Dataflow(ref=flow_ref(number), names={"vi": f"Luồng {time.time_ns()}"}, structure=structure_ref(0))
        importing(folder / "change.json", [flow], environment)
        for name, request in listings(size):
            replies[name].append(Connection(port).ask(request))
    for name, asked in replies.items():
        assert {reply.status for reply in asked} == {200}, name
        tell(f"{name}, after a change", asked)


def listings(size: Size) -> Iterator[tuple[str, bytes]]:
    """What is asked when nothing was, and after each change: name and request."""
    flows = f"{size.dataflows:,} dataflows"
    yield f"{flows} as stubs, v1, SDMX-ML 2.1", get("/sdmx/v1/dataflow?detail=allstubs", ML_21)
    yield f"{flows} as stubs, v2, SDMX-JSON 2.1", get("/sdmx/v2/structure/dataflow?detail=allstubs", JSON_21)
    yield f"1,000 of {flows} by name, GraphQL", post("/graphql", {"query": NAMES})


def questions(size: Size) -> Iterator[tuple[str, list[str], str, dict[str, str]]]:
    """Name, addresses, format and headers."""
    draw = random.Random(11)
    numbers = draw.sample(range(size.structures), min(TIMES, size.structures))
    again = [draw.choice(numbers) for _ in range(TIMES)]
    flows = f"{size.dataflows:,} dataflows as stubs"
    zipped = {"Accept-Encoding": "gzip"}
    yield f"{flows}, v1, SDMX-ML 2.1", ["/sdmx/v1/dataflow?detail=allstubs"] * TIMES, ML_21, {}
    yield f"{flows}, v2, SDMX-JSON 2.1", ["/sdmx/v2/structure/dataflow?detail=allstubs"] * TIMES, JSON_21, {}
    yield f"{flows}, v2, SDMX-ML 3.1", ["/sdmx/v2/structure/dataflow?detail=allstubs"] * TIMES, ML_31, {}
    yield f"{flows}, v2, SDMX-JSON 2.1, gzip", ["/sdmx/v2/structure/dataflow?detail=allstubs"] * TIMES, JSON_21, zipped
    one = "/sdmx/v1/datastructure/SEN/DSD_{}?references=descendants"
    two = "/sdmx/v2/structure/datastructure/SEN/DSD_{}?references=descendants"
    yield "a DSD with descendants, each for the first time, v1, SDMX-ML 2.1", [one.format(n) for n in numbers], ML_21, {}
    yield "the same DSDs, v2, SDMX-JSON 2.1", [two.format(n) for n in numbers], JSON_21, {}
    yield "some of them again, v1, SDMX-ML 2.1", [one.format(n) for n in again], ML_21, {}
    codes = [f"X{draw.randrange(size.codes):06d}" for _ in range(TIMES // 4)]
    at = f"/sdmx/v2/structure/codelist/{AGENCY}/{LONG.id}/{LONG.version}/"
    yield f"one of {size.codes:,} codes, v2, SDMX-JSON 2.1", [at + code for code in codes], JSON_21, {}


def whole(port: int) -> None:
    """The long list: when its first byte is there, of readers who then leave, and when its last."""
    for door, accept, name in (("v1", ML_21, "SDMX-ML 2.1"), ("v2/structure", JSON_21, "SDMX-JSON 2.1")):
        request = get(f"/sdmx/{door}/codelist/{AGENCY}/{LONG.id}", accept)
        begun = [begins(port, request) for _ in range(10)]
        reply = Connection(port).ask(request)
        tell(f"the long list, {name}: first byte", [reply], begun)
        tell(f"the long list, {name}: last byte", [reply])


def begins(port: int, request: bytes) -> float:
    """Seconds until the answer begins, headers and all; then the reader leaves."""
    connection = Connection(port)
    started = time.perf_counter()
    connection.send(request)
    connection.receive()
    took = time.perf_counter() - started
    connection.close()
    return took


def tell(what: str, replies: Sequence[Reply], seconds: Sequence[float] = ()) -> None:
    times = list(seconds or [reply.seconds for reply in replies])
    rest = sorted(times[1:] or times)
    p95 = rest[min(len(rest) - 1, int(0.95 * len(rest)))]
    shown = " | ".join(f"{each * 1000:,.1f}" for each in (times[0], statistics.median(rest), p95))
    print(f"| {what} | {shown} | {statistics.median(len(reply.body) for reply in replies) / 1e6:.2f} |", flush=True)


if __name__ == "__main__":
    main()
