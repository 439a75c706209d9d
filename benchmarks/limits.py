"""The limits as contestants."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import stores
from benchmarks.contestants import Contestant, environment, of_csv, python
from benchmarks.hubs import of_series, of_sums
from benchmarks.processes import Server, free_port, serving
from benchmarks.questions import CODES, Known, Question
from benchmarks.wire import post
from benchmarks.world import PERIODS, REGIONS


@dataclass
class Limit(Contestant):
    """``source``: see :mod:`benchmarks.limit`."""

    source: str = "store"

    def prepare(self) -> None:
        self._file()

    def _file(self) -> Path:
        world, folder = self.ground.world, self.ground.folder
        if self.source == "duckdb":
            return stores.duck(world, folder)
        stores.hub_store(world, folder, None)
        return folder / "hub.sqlite/hub.sqlite"

    @contextmanager
    def running(self) -> Iterator[Server]:
        port = free_port()
        env = environment(LIMIT=self.source, FILE=str(self._file()), PRODUCTS=str(self.ground.world.products))
        command, probe = (
            python("-m", "benchmarks.serve", "benchmarks.limit:app", str(port)),
            post("/", {"kind": "series", "numbers": [0]}),
        )
        log = self.ground.folder / f"limit-{self.source}.log"
        with serving(command, port, probe, log, environment=env) as server:
            yield server

    def request(self, question: Question) -> bytes:
        kind = question.kind.id
        if kind == "sum":
            without = [int(product) - 1 for product in question.without]
            return post("/", {"kind": kind, "indicator": CODES.index(question.indicator), "without": without})
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
            return of_sums(body)
        return of_series(body, question.kind.labels)
