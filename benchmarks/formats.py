"""Observations a second and memory of every writer of `adapters/formats`: ``python benchmarks/formats.py 1 4`` (millions).

Each run is a process of its own; memory is what the process grew by at its highest.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from adapters.formats import OUTLETS
from adapters.outlets import Outlet, Wish
from registry.answers import Answer, Availability
from registry.columns import Batch, Coded, Numbers
from registry.model import Code, Codelist, Structure
from registry.ref import Kind, Ref
from registry.selection import Selection
from tests import world

MONTHS, TOGETHER = 144, 350
"""Periods of a series; places in a batch, two series each."""


def structure(places: int) -> Structure:
    items = tuple(Code(f"{place:05d}", {"vi": f"Xã {place}", "en": f"Commune {place}"}) for place in range(places))
    codelist = Codelist(ref=Ref(Kind.CODELIST, "SEN", "CL_COMMUNE", "1.0"), names={"en": "Commune"}, items=items)
    return replace(world.STRUCTURE, codelists={**world.STRUCTURE.codelists, "PROVINCE": codelist})


def batches(places: int) -> Iterator[Batch]:
    chance = np.random.default_rng(1)
    for start in range(0, places, TOGETHER):
        some = min(TOGETHER, places - start)
        count = 2 * some
        yield Batch(
            key=(
                Coded.constant("M", count),
                Coded(
                    tuple(f"{place:05d}" for place in range(start, start + some)), np.repeat(np.arange(some, dtype=np.int32), 2)
                ),
                Coded(("LUA", "NGO"), np.tile(np.array([0, 1], np.int32), some)),
            ),
            frequencies=np.full(count, "M"),
            starts=np.arange(count + 1, dtype=np.int64) * MONTHS,
            ordinals=np.tile(np.arange(2012 * 12, 2012 * 12 + MONTHS), count),
            measures={"OBS_VALUE": Numbers(np.round(chance.lognormal(5, 2, count * MONTHS), 2))},
            attributes={"OBS_STATUS": Coded(("P",), np.where(chance.random(count * MONTHS) < 0.02, 0, -1).astype(np.int32))},
            series_attributes={"UNIT_MEASURE": Coded.constant("TAN", count), "UNIT_MULT": Coded.constant("3", count)},
        )


def written(outlet: Outlet, places: int) -> Iterator[bytes]:
    count = 2 * places
    codes = {"FREQ": ("M",), "PROVINCE": tuple(f"{place:05d}" for place in range(places)), "CROP": ("LUA", "NGO")}
    wish = Wish(
        attributes=("UNIT_MEASURE", "UNIT_MULT", "OBS_STATUS"),
        measures=("OBS_VALUE",),
        languages=("vi",),
        prepared=datetime.now(UTC),
        available=Availability(codes, {}, "2012-01", "2023-12", count, count * MONTHS),
    )
    selection = Selection(dataflow=world.DATAFLOW.ref)
    return outlet.write(Answer(selection, structure(places), None, {}, count, batches(places)), wish)


def measure(outlet: Outlet, millions: float) -> None:
    places = int(millions * 1e6 / (2 * MONTHS))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    pieces = written(outlet, places)
    size = len(next(pieces))
    first = time.perf_counter() - start
    size += sum(map(len, pieces))
    rate = 2 * places * MONTHS / (time.perf_counter() - start)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"| {outlet.name} | {millions:g} | {rate / 1e6:.1f} | {size / 1e6:.0f} | {first * 1e3:.0f} | {grown:.0f} |", flush=True
    )


def main() -> None:
    print(
        "| format | million observations | million a second | MB | first byte, ms | memory, MB |\n|---|---|---|---|---|---|",
        flush=True,
    )
    for outlet in OUTLETS:
        for millions in map(float, sys.argv[1:] or ["1"]):
            if child := os.fork():
                os.waitpid(child, 0)
            else:
                measure(outlet, millions)
                os._exit(0)


if __name__ == "__main__":
    main()
