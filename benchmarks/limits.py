"""The limits as contestants."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks import stores
from benchmarks.contestants import Contestant, decimal, environment, load, of_csv, python
from benchmarks.hubs import of_series
from benchmarks.processes import Server, free_port, serving
from benchmarks.questions import CODES, Known, Question
from benchmarks.wire import post
from benchmarks.world import PERIODS, REGIONS


@dataclass
class Limit(Contestant):
    """``source``: see :mod:`benchmarks.limit`."""

    source: str = "store"

    @contextmanager
    def running(self) -> Iterator[Server]:
        world, folder = self.ground.world, self.ground.folder
        if self.source == "duckdb":
            file = stores.duck(world, folder)
        else:
            stores.hub_store(world, folder, None)
            file = folder / "hub.sqlite/hub.sqlite"
        port = free_port()
        env = environment(LIMIT=self.source, FILE=str(file), PRODUCTS=str(world.products))
        command, probe = (
            python("-m", "benchmarks.serve", "benchmarks.limit:app", str(port)),
            post("/", {"kind": "series", "numbers": [0]}),
        )
        with serving(command, port, probe, folder / f"limit-{self.source}.log", environment=env) as server:
            yield server

    def request(self, question: Question) -> bytes:
        kind = question.kind.id
        if kind == "sum":
            return post("/", {"kind": kind, "indicator": CODES.index(question.indicator)})
        if kind == "period":
            return post("/", {"kind": kind, "month": PERIODS.index(question.period)})
        first = CODES.index(question.indicator) * len(REGIONS)
        numbers = [
            (first + REGIONS.index(region)) * self.ground.world.products + int(product) - 1
            for region in question.regions
            for product in question.products
        ]
        return post("/", {"kind": kind, "numbers": numbers})

    def read(self, question: Question, body: bytes) -> Known:
        if question.kind.id == "period":
            return of_csv(body)
        if question.kind.id == "sum":
            series = load(body)["data"]["dataflow"]["data"]["series"]
            cells = {
                (each["key"].split(".")[2], cell["period"]): (decimal(cell["value"]), "")
                for each in series
                for cell in each["observations"]
            }
            return Known(cells, {})
        return of_series(body, question.kind.labels)
