"""Questions over HTTP: this hub, what a user could put in its place, and the limits; see README.md.

    python -m benchmarks.serving --observations 10000000 --peers FOLDER

Prints as it goes, and writes the table to benchmarks/RESULTS.md at the end. With ``--folder`` data and results are kept, and
``--only`` asks some of the contestants again.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import report, stores
from benchmarks.contestants import Contestant, Datasette, Flat, Ground, Naive, PostGraphile, Roapi
from benchmarks.hubs import Hub, repeated
from benchmarks.limits import Limit
from benchmarks.measuring import Effort, Figures, measured
from benchmarks.processes import Server
from benchmarks.questions import KINDS, Kind
from benchmarks.world import World, world_of

ENTRIES: dict[str, Callable[[Ground], Contestant]] = {
    "limit-store": lambda ground: Limit(ground, "limit: the hub's SQLite", source="store"),
    "limit-memory": lambda ground: Limit(ground, "limit: the same, kept in memory", source="memory"),
    "limit-duckdb": lambda ground: Limit(ground, "limit: DuckDB", source="duckdb"),
    "hub": lambda ground: Hub(ground, "hub, SQLite"),
    "hub-id": lambda ground: Hub(ground, "hub, SQLite, documentId", trusted=True),
    "hub-two": lambda ground: Hub(ground, "hub, SQLite, 2 processes", processes=2),
    "hub-twin": lambda ground: Hub(ground, "hub, SQLite, pure Python", kernel=False),
    "hub-pg": lambda ground: Hub(ground, "hub, PostgreSQL", on_server=True),
    "hub-pg-id": lambda ground: Hub(ground, "hub, PostgreSQL, documentId", on_server=True, trusted=True),
    "postgraphile": lambda ground: PostGraphile(ground, "PostGraphile"),
    "postgraphile-flat": lambda ground: Flat(ground, "PostGraphile, one wide table", skips=("sum", "period")),
    "roapi": lambda ground: Roapi(ground, "ROAPI"),
    "datasette": lambda ground: Datasette(ground, "Datasette", skips=("sum", "period")),
    "naive": lambda ground: Naive(ground, "naive Strawberry", skips=("period",)),
}
LARGE = ("limit-store", "limit-memory", "hub", "hub-id")
"""Asked again about ten times as many observations."""

ON_SERVER = ("hub-pg", "hub-pg-id", "postgraphile", "postgraphile-flat", "naive")


@dataclass
class Result:
    """What one contestant did. ``memory``: resident bytes after all questions; ``cold``: seconds until the first answer;
    ``at``: when, UTC."""

    name: str
    at: str
    cold: float
    memory: int
    figures: dict[str, Figures]
    failures: dict[str, str]
    more: dict[str, float]


def main() -> None:
    options = _options()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="hub-benchmark-"))
    # PostgreSQL runs under another user when this runs as root.
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    names = options.only or list(ENTRIES)
    effort = Effort(seconds=options.seconds)
    world = world_of(options.observations)
    try:
        run(names, ground_of(world, folder, options.peers, names), effort)
        if options.large:
            grown, chosen = folder / "large", [name for name in LARGE if name in names]
            grown.mkdir(exist_ok=True)
            run(chosen, ground_of(World(10 * world.products), grown, options.peers, chosen), effort)
        facts = {"published": stores.all_loaded(folder), "published_large": stores.all_loaded(folder / "large")}
        report.write(_kept(folder), _kept(folder / "large"), world, options.peers, facts)
    finally:
        if not options.folder:
            shutil.rmtree(folder, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--observations", type=int, default=10_000_000)
    parser.add_argument("--peers", type=Path, required=True, help="where the peers are installed, see benchmarks/README.md")
    parser.add_argument("--folder", type=Path, help="keep the data here and use them again")
    parser.add_argument("--only", action="append", choices=ENTRIES)
    parser.add_argument("--seconds", type=float, default=5.0, help="for each question and contestant, about")
    parser.add_argument("--large", action="store_true", help="ask the hub about ten times as many observations too")
    return parser.parse_args()


def ground_of(world: World, folder: Path, peers: Path, names: Iterable[str]) -> Ground:
    server = stores.postgresql(folder) if any(name in ON_SERVER for name in names) else None
    return Ground(world, folder, peers.absolute(), server)


def run(names: Iterable[str], ground: Ground, effort: Effort) -> None:
    """Everybody in turn, alone on the machine."""
    for name in names:
        contestant = ENTRIES[name](ground)
        contestant.prepare()
        with contestant.running() as server:
            figures, failures = dict[str, Figures](), dict[str, str]()
            for kind in KINDS.values():
                if kind.id not in contestant.skips:
                    _measure(contestant, server, kind, figures, failures, effort)
            more = repeated(contestant, server) if isinstance(contestant, Hub) else {}
            result = Result(contestant.name, report.now(), server.cold, server.memory(), figures, failures, more)
        print(f"{contestant.name:32} cold start {server.cold:.2f} s, {result.memory / 1e6:.0f} MB {more}", flush=True)
        kept: dict[str, Any] = asdict(result)
        (ground.folder / f"result-{name}.json").write_text(json.dumps(kept))


def _measure(
    contestant: Contestant,
    server: Server,
    kind: Kind,
    figures: dict[str, Figures],
    failures: dict[str, str],
    effort: Effort,
) -> None:
    try:
        figures[kind.id] = measured(contestant, server, kind, contestant.ground.world, effort)
        print(f"{contestant.name:32} {report.spoken(kind, figures[kind.id])}", flush=True)
    except (AssertionError, OSError, LookupError) as error:
        # A wrong answer or none is a result too, and the others go on.
        failures[kind.id] = str(error)
        print(f"{contestant.name:32} {kind.id:8} FAILED {str(error)[:400]}", flush=True)


def _kept(folder: Path) -> dict[str, Result]:
    """The results in the folder, in the order of the contestants."""
    found = {}
    for name in ENTRIES:
        path = folder / f"result-{name}.json"
        if path.exists():
            kept = json.loads(path.read_text())
            figures = {kind: Figures(**each) for kind, each in kept.pop("figures").items()}
            found[name] = Result(figures=figures, **kept)
    return found


if __name__ == "__main__":
    main()
