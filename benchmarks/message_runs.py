"""One thing that is done with an SDMX message, in this process: python -m benchmarks.message_runs NAME FOLDER PRODUCTS.

Prints JSON: seconds, observations, seconds to the first bytes with data, and the largest memory of the process in MB. Files in
the folder are called ``data.xml`` (structure-specific SDMX-ML 2.1), ``data.csv`` (SDMX-CSV 2.0) and ``structure.xml``.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree

from adapters.sdmx.reading import Format, read_data
from adapters.sdmx.writing.generic import generic_data
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.markup_structures import ML_STRUCTURES
from adapters.sdmx.writing.shape import DataSet, Message, usual_shape
from adapters.sdmx.writing.shown import Shown
from adapters.sdmx.writing.specific import specific_data
from adapters.sdmx.writing.table import Layout, data_table
from benchmarks.load_hub import Watched
from benchmarks.world import World
from registry.checking import Checker
from registry.ports import Reject
from registry.raw import RawDataSet, RawGroup, RawTable
from registry.staging import Delta

Found = dict[str, Any]
WRITERS: dict[str, tuple[Callable[[Message], Iterator[bytes]], str]] = {
    "hub-xml": (specific_data, "data.xml"),
    "hub-csv": (lambda message: data_table(message, Layout("2.0.0")), "data.csv"),
    "hub-generic": (generic_data, "generic.xml"),
}


def hub_writes(name: str, folder: Path, world: World) -> Found:
    """As the SDMX door writes an answer; making up the figures is not counted."""
    write, file = WRITERS[name]
    batches = Watched(world)
    header = Header("SEN", datetime.now(UTC))
    shape = usual_shape(world.structure.dsd)
    sets = iter([DataSet(batches=iter(batches))])
    message = Message(header=header, structure=world.structure, shape=shape, sets=sets, languages=("en",))
    started, first, size = time.perf_counter(), 0.0, 0
    with (folder / file).open("wb") as output:
        for number, piece in enumerate(write(message)):
            size += output.write(piece)
            if number == 2:
                first = time.perf_counter() - started
    return {"seconds": time.perf_counter() - started - batches.seconds, "observations": world.observations, "first": first}


def hub_reads(folder: Path, world: World) -> Found:
    """As an import reads: every code and number checked, into what goes into a draft."""
    refused: list[Reject] = []
    started = time.perf_counter()
    checker = Checker(world.structure, "data.xml", refused.append)
    for raw in read_data(folder / "data.xml", Format.ML_21_SPECIFIC):
        if isinstance(raw, RawDataSet):
            checker.dataset(raw)
        elif isinstance(raw, RawGroup):
            checker.group(raw)
        elif isinstance(raw, RawTable):
            checker.table(raw)
        else:
            checker.series(raw)
    content = (part for part in checker.finish().content() if isinstance(part, Delta))
    count = sum(part.batch.observations for part in content)
    seconds = time.perf_counter() - started
    assert not refused, refused[:3]
    return {"seconds": seconds, "observations": count}


def lxml_reads(folder: Path, _world: World) -> Found:
    """The least that lxml can do: look at every attribute of every observation."""
    started, count = time.perf_counter(), 0
    for _, element in etree.iterparse(folder / "data.xml", events=("end",), tag=("Obs", "Series")):
        if element.tag == "Obs":
            dict(element.attrib)
            count += 1
        else:
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return {"seconds": time.perf_counter() - started, "observations": count}


def sdmx1_reads(folder: Path, _world: World) -> Found:
    seconds, message = _sdmx1(folder)
    return {"seconds": seconds, "observations": sum(len(each.obs) for each in message.data)}


def sdmx1_writes_xml(folder: Path, _world: World) -> Found:
    import sdmx

    _, message = _sdmx1(folder)
    started = time.perf_counter()
    (folder / "sdmx1.xml").write_bytes(sdmx.to_xml(message))
    return {"seconds": time.perf_counter() - started, "observations": sum(len(each.obs) for each in message.data)}


def sdmx1_writes_csv(folder: Path, _world: World) -> Found:
    import sdmx

    _, message = _sdmx1(folder)
    started = time.perf_counter()
    for each in message.data:
        sdmx.to_csv(each, path=folder / "sdmx1.csv", rtype=None)
    return {"seconds": time.perf_counter() - started, "observations": sum(len(each.obs) for each in message.data)}


def _sdmx1(folder: Path) -> tuple[float, Any]:
    import sdmx

    structures = sdmx.read_sdmx(folder / "structure.xml")
    started = time.perf_counter()
    message = sdmx.read_sdmx(folder / "data.xml", structure=next(iter(structures.structure.values())))
    seconds = time.perf_counter() - started
    for each in message.data:
        each.described_by = next(iter(structures.dataflow.values()))
    return seconds, message


RUNS: dict[str, Callable[[Path, World], Found]] = {
    **{name: (lambda folder, world, name=name: hub_writes(name, folder, world)) for name in WRITERS},  # type: ignore[misc]
    "hub-reads": hub_reads,
    "lxml-reads": lxml_reads,
    "sdmx1-reads": sdmx1_reads,
    "sdmx1-xml": sdmx1_writes_xml,
    "sdmx1-csv": sdmx1_writes_csv,
}


def structure_file(folder: Path, world: World) -> None:
    """``structure.xml``: what peers need to know before they can read."""
    header = Header("SEN", datetime.now(UTC))
    pieces = ML_STRUCTURES["2.1"].write(header, [Shown(artefact) for artefact in world.artefacts])
    (folder / "structure.xml").write_bytes(b"".join(pieces))


def main() -> None:
    name, folder, products = sys.argv[1:4]
    found = {"first": None, **RUNS[name](Path(folder), World(int(products)))}
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(found))


if __name__ == "__main__":
    main()
