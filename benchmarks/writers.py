"""Observations a second and memory of every SDMX data writer: ``python benchmarks/writers.py 1 4`` (millions).

Batches of 100,000 observations are made in memory as they are asked for, outside of the clock. Each run is a process of its
own; memory is what the process grew by at its highest. ``HUB_KERNEL=off`` measures the text engine in Python.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from adapters.sdmx.writing.generic import generic_data
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.jsondata import json_data
from adapters.sdmx.writing.shape import ALL_DIMENSIONS, DataSet, Message, usual_shape
from adapters.sdmx.writing.specific import specific_data
from adapters.sdmx.writing.table import Labels, Layout, data_table
from benchmarks.formats import MONTHS, batches, structure
from registry.columns import Batch
from tests import world

Write = Callable[[Message], Iterator[bytes]]
RUNS: dict[str, tuple[Write, str]] = {
    "SDMX-ML 2.1 generic": (generic_data, "TIME_PERIOD"),
    "SDMX-ML 2.1 structure specific": (specific_data, "TIME_PERIOD"),
    "SDMX-ML 2.1 structure specific, flat": (specific_data, ALL_DIMENSIONS),
    "SDMX-ML 2.1 structure specific, sections": (specific_data, "PROVINCE"),
    "SDMX-ML 3.0": (partial(specific_data, version="3.0"), "TIME_PERIOD"),
    "SDMX-ML 3.1": (partial(specific_data, version="3.1"), "TIME_PERIOD"),
    "SDMX-JSON 1.0": (partial(json_data, version="1.0.0"), "TIME_PERIOD"),
    "SDMX-JSON 2.1": (partial(json_data, version="2.1.0"), "TIME_PERIOD"),
    "SDMX-JSON 2.1, flat": (partial(json_data, version="2.1.0"), ALL_DIMENSIONS),
    "SDMX-CSV 1.0": (partial(data_table, layout=Layout("1.0.0")), "TIME_PERIOD"),
    "SDMX-CSV 2.1": (partial(data_table, layout=Layout("2.1.0")), "TIME_PERIOD"),
    "SDMX-CSV 2.1, labels": (partial(data_table, layout=Layout("2.1.0", Labels.BOTH)), "TIME_PERIOD"),
}


class Untimed:
    """Batches, and how long it took to make them."""

    def __init__(self, places: int) -> None:
        self._batches, self.seconds = batches(places), 0.0

    def __iter__(self) -> Iterator[Batch]:
        while True:
            start = time.perf_counter()
            batch = next(self._batches, None)
            self.seconds += time.perf_counter() - start
            if batch is None:
                return
            yield batch


def measure(name: str, millions: float) -> None:
    write, at = RUNS[name]
    places = max(int(millions * 1e6 / (2 * MONTHS)), 1)
    made = Untimed(places)
    message = Message(
        header=Header("SEN", datetime.now(UTC)),
        structure=structure(places),
        shape=replace(usual_shape(world.DSD), at=at),
        sets=iter([DataSet(batches=iter(made))]),
        languages=("vi",),
    )
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    pieces = write(message)
    size = len(next(pieces)) + len(next(pieces)) + len(next(pieces))
    first = time.perf_counter() - start
    size += sum(map(len, pieces))
    seconds = time.perf_counter() - start - made.seconds
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    count = places * 2 * MONTHS
    rate = count / seconds / 1e6
    print(f"| {name} | {millions:g} | {rate:.1f} | {size / 1e6:.0f} | {first * 1e3:.0f} | {grown:.0f} |", flush=True)


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        measure(sys.argv[2], float(sys.argv[3]))
        return
    print("| format | million observations | million a second | MB | first observations, ms | memory, MB |", flush=True)
    print("|---|---|---|---|---|---|", flush=True)
    for name in RUNS:
        for millions in sys.argv[1:] or ["1"]:
            subprocess.run([sys.executable, __file__, "--one", name, millions], check=True)


if __name__ == "__main__":
    main()
