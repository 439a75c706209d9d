"""SDMX messages read and written: this hub beside sdmx1, pysdmx and a bare lxml pass; see README.md.

    python -m benchmarks.messages --observations 1000000 --peers FOLDER

Every run is a process of its own. Prints the table and writes it to benchmarks/MESSAGES.md.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.message_runs import structure_file
from benchmarks.report import machine, today
from benchmarks.world import World, world_of

HERE = Path(__file__).parent
RESULTS = HERE / "MESSAGES.md"
MEMORY = 1.1
"""How much more twice the observations may take, at most."""


@dataclass(frozen=True)
class Run:
    """``seconds`` of the thing itself; ``first``: until the first bytes with data; ``memory``: the most, in MB."""

    seconds: float
    observations: int
    memory: int
    first: float | None

    @property
    def rate(self) -> float:
        return self.observations / self.seconds


TITLES = {
    "hub-csv": "hub writes SDMX-CSV 2.0",
    "hub-xml": "hub writes structure-specific SDMX-ML 2.1",
    "hub-generic": "hub writes generic SDMX-ML 2.1",
    "sdmx1-csv": "sdmx1 writes SDMX-CSV",
    "sdmx1-xml": "sdmx1 writes structure-specific SDMX-ML 2.1",
    "pysdmx-csv": "pysdmx writes SDMX-CSV 2.0",
    "pysdmx-xml": "pysdmx writes structure-specific SDMX-ML 2.1",
    "hub-reads": "hub reads structure-specific SDMX-ML 2.1, everything checked",
    "lxml-reads": "lxml passes over the same, nothing checked",
    "sdmx1-reads": "sdmx1 reads the same",
    "pysdmx-reads": "pysdmx reads the same",
}
TWICE = ("hub-csv", "hub-xml", "hub-generic", "hub-reads")
"""Run with twice as many observations too, to see whether memory grows."""

TARGETS = (
    ("hub-csv", "sdmx1-csv", 20.0),
    ("hub-xml", "sdmx1-xml", 20.0),
    ("hub-reads", "pysdmx-reads", 3.0),
    ("hub-reads", "lxml-reads", 0.5),
)
"""At least so many times the rate of the other."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--observations", type=int, default=1_000_000)
    parser.add_argument("--peers", type=Path, help="where pysdmx is, see README.md; without it pysdmx is left out")
    options = parser.parse_args()
    world = world_of(options.observations)
    twice = World(2 * world.products)
    with (
        tempfile.TemporaryDirectory(prefix="hub-messages-") as once_,
        tempfile.TemporaryDirectory(prefix="hub-messages-") as twice_,
    ):
        structure_file(Path(once_), world)
        structure_file(Path(twice_), twice)
        runs = dict(_all(list(TITLES), Path(once_), world, options.peers))
        larger = dict(_all(list(TWICE), Path(twice_), twice, options.peers))
    text = "\n".join(_report(world, runs, larger)) + "\n"
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


def _all(names: list[str], folder: Path, world: World, peers: Path | None) -> Iterator[tuple[str, Run]]:
    """The hub's writers first: what they write the others read."""
    structure_file(folder, world)
    for name in sorted(names, key=lambda name: not name.startswith("hub-")):
        if peers is None and name.startswith("pysdmx"):
            continue
        command = _with_pysdmx(name, folder, peers) if peers and name.startswith("pysdmx") else _here(name, folder, world)
        done = subprocess.run(command, cwd=HERE.parent, stdout=subprocess.PIPE, check=False)
        if done.returncode:
            print(f"{name} failed", file=sys.stderr)
            continue
        run = Run(**json.loads(done.stdout.splitlines()[-1]))
        print(f"{name:14} {run.rate:12,.0f} observations a second, {run.memory} MB", file=sys.stderr, flush=True)
        yield name, run


def _here(name: str, folder: Path, world: World) -> list[str]:
    return [sys.executable, "-m", "benchmarks.message_runs", name, str(folder), str(world.products)]


def _with_pysdmx(name: str, folder: Path, peers: Path) -> list[str]:
    what = name.removeprefix("pysdmx-").replace("reads", "read")
    python, script = peers.absolute() / "venv/bin/python", HERE / "with_pysdmx.py"
    return [
        str(python),
        str(script),
        what,
        str(folder / "data.xml"),
        str(folder / f"pysdmx.{what}"),
        str(folder / "structure.xml"),
    ]


def _report(world: World, runs: dict[str, Run], larger: dict[str, Run]) -> Iterator[str]:
    yield "# SDMX messages\n"
    yield f"Made by `python -m benchmarks.messages` on {today()}: {world.observations:,} observations,"
    yield f"{world.series:,} series."
    yield f"{machine()} sdmx1 {version('sdmx1')}, lxml {version('lxml')}.\n"
    yield "| | observations a second | memory, MB | memory of twice as many, MB | first bytes with data, ms |"
    yield "|---|---|---|---|---|"
    for name, title in TITLES.items():
        if name in runs:
            run, double = runs[name], larger.get(name)
            first = f"{1000 * run.first:.0f}" if run.first is not None else ""
            yield f"| {title} | {run.rate:,.0f} | {run.memory} | {double.memory if double else ''} | {first} |"
    yield "\n| | measured | target | |\n|---|---|---|---|"
    for name, other, factor in TARGETS:
        if name in runs and other in runs:
            found = runs[name].rate / runs[other].rate
            yield _verdict(f"{TITLES[name]}, times the rate of: {TITLES[other]}", found, f"{factor:g}", found >= factor)
    for name in TWICE:
        if name in runs and name in larger:
            grown = larger[name].memory / runs[name].memory
            yield _verdict(f"{TITLES[name]}: memory of twice as many, times", grown, f"{MEMORY}", grown <= MEMORY)


def _verdict(what: str, found: float, target: str, passed: bool) -> str:
    return f"| {what} | {found:.2f} | {target} | {'passed' if passed else 'missed'} |"


if __name__ == "__main__":
    main()
