"""A very large registry: how long it takes to be stored, and to answer what clients ask most.

    python -m benchmarks.registry [--folder FOLDER] [--url DATABASE]

Writes a Markdown table, milliseconds as median and 95th percentile; what is asked is asked of the store, without HTTP.
``--folder`` keeps the database and asks it again.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.registry_world import LONG, Size, artefacts, structure_ref
from hub import migrations
from hub.database import connect, writing
from registry.actions import put
from registry.attribution import Act
from registry.model import Artefact, Codelist
from registry.ref import Kind, Ref
from registry.store import Store

SIZE = Size()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--url", default=None)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="hub-benchmark-"))
    engine = connect(options.url or f"sqlite:///{folder / 'registry.sqlite'}")
    print("| what | median ms | p95 ms |\n|---|---|---|")
    if migrations.upgrade(engine, datetime.now(UTC)):
        fill(engine)
    ask(engine)
    print(f"\nLargest memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB.")


def fill(engine: Engine) -> None:
    started = time.perf_counter()
    made = list(artefacts(SIZE))
    tell("making the artefacts up", [time.perf_counter() - started])
    started = time.perf_counter()
    with writing(engine) as connection:
        put(connection, made, _act("all of them"))
    tell("storing them", [time.perf_counter() - started])


def ask(engine: Engine) -> None:
    draw = random.Random(11)
    numbers = [draw.randrange(SIZE.structures) for _ in range(60)]
    tell("a store that starts", measured(lambda: Store(engine).revision, 5))
    store = Store(engine)
    flows = store.find(Kind.DATAFLOW)
    tell(f"{len(flows)} dataflows as stubs", measured(lambda: store.stubs(store.find(Kind.DATAFLOW)), 20))
    fresh = Store(engine)
    tell("a DSD with descendants, first time", [seconds(lambda n=n: descendants(fresh, structure_ref(n))) for n in numbers])  # type: ignore[misc]
    tell("a DSD with descendants, again", [seconds(lambda n=n: descendants(fresh, structure_ref(n))) for n in numbers])  # type: ignore[misc]
    tell("the first of 700,000 codes", measured(lambda: next(store.items(LONG)), 10))
    tell("all of 700,000 codes in slices", measured(lambda: sum(map(len, store.items(LONG))), 2))
    tell("one of 700,000 codes", measured(lambda: store.item(LONG, f"X{draw.randrange(SIZE.codes):06d}"), 10))
    tell("a search in 700,000 codes", measured(lambda: list(store.search_items(LONG, f"xa {draw.randrange(SIZE.codes)}")), 10))
    tell("a search in the codes of all lists", measured(lambda: next(store.search_all_items(Kind.CODELIST, "xa 654321")), 10))
    tell("a search of codelists", measured(lambda: store.search(Kind.CODELIST, "danh muc 77"), 10))
    tell("the parents of a DSD", measured(lambda: store.parents(structure_ref(draw.randrange(SIZE.structures))), 10))
    change(engine, store)


def change(engine: Engine, store: Store) -> None:
    """One artefact changes; then somebody asks."""
    wrote, read, past = [], [], []
    for number in range(10):
        kept = store.get(Ref(Kind.CODELIST, LONG.agency, f"CL_{number}"))
        assert isinstance(kept, Codelist)
        before = datetime.now(UTC)
        wrote.append(seconds(lambda kept=kept: _put(engine, replace(kept, source=str(time.time())))))  # type: ignore[misc]
        read.append(seconds(lambda: store.find(Kind.CODELIST)))
        past.append(seconds(lambda before=before: store.as_of(before)))  # type: ignore[misc]
    tell("one codelist changes", wrote)
    tell("the first question after a change", read)
    tell("the registry as of another moment", past)


def descendants(store: Store, ref: Ref) -> list[Artefact]:
    """The artefact and all it needs, each once."""
    found: set[Ref] = set()
    waiting = {ref}
    while waiting:
        found |= waiting
        waiting = {named for one in waiting for named in store.references(one).values() if named} - found
    return store.get_all(sorted(found))


def _put(engine: Engine, made: Artefact) -> None:
    with writing(engine) as connection:
        put(connection, [made], _act("a change"))


def _act(what: str) -> Act:
    return Act(datetime.now(UTC), "benchmark", what)


def measured(action: Callable[[], object], times: int) -> list[float]:
    return [seconds(action) for _ in range(times)]


def seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def tell(what: str, found: Iterable[float]) -> None:
    times = sorted(chain(found))
    p95 = times[min(len(times) - 1, int(0.95 * len(times)))]
    print(f"| {what} | {statistics.median(times) * 1000:,.1f} | {p95 * 1000:,.1f} |", flush=True)


if __name__ == "__main__":
    main()
