"""This hub as a contestant: `hub serve` as anybody starts it, asked in GraphQL, and in SDMX REST for cross-sections."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import stores
from benchmarks.contestants import Contestant, address, decimal, environment, load, of_csv
from benchmarks.processes import Server, free_port, serving
from benchmarks.questions import Known, Question
from benchmarks.wire import get, post

FLOW = "SEN:TRADE(1.0)"
OBSERVATIONS = "observations{period value status}"
ASK = 'query Ask($s:SelectionInput!,$n:Int!){dataflow(ref:"SEN:TRADE(1.0)"){data(selection:$s,first:$n){series{key %s}}}}'
PLAIN = ASK % OBSERVATIONS
LABELLED = ASK % f'codes{{id name(lang:"vi")}} {OBSERVATIONS}'
CSV = "application/vnd.sdmx.data+csv;version=2.0.0"
PAGE = 1000


@dataclass
class Hub(Contestant):
    """``trusted``: documents are named by their digest. ``kernel``: whether the compiled text engine may be used."""

    trusted: bool = False
    kernel: bool = True
    on_server: bool = False
    documents: set[str] = field(default_factory=set)

    @contextmanager
    def running(self) -> Iterator[Server]:
        ground = self.ground
        database = ground.database if self.on_server else None
        env = stores.hub_store(ground.world, ground.folder, database)
        env |= {} if self.kernel else {"HUB_KERNEL": "off"}
        port = free_port()
        command = [str(Path(sys.executable).parent / "hub"), "serve", "--port", str(port)]
        also = (database.pid,) if database else ()
        probe, log = (
            post("/graphql", self.payload(PLAIN, self.variables("EXP_MASS", ["01"], ["0001"]))),
            ground.folder / "hub.log",
        )
        with serving(command, port, probe, log, environment=environment(**env), folder=ground.folder, also=also) as server:
            yield server

    def payload(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        if not self.trusted:
            return {"query": query, "variables": variables}
        return {"documentId": f"sha256:{hashlib.sha256(query.encode()).hexdigest()}", "variables": variables}

    @staticmethod
    def variables(indicator: str, regions: Any, products: Any) -> dict[str, Any]:
        codes = (("INDICATOR", [indicator]), ("REGION", regions), ("PRODUCT", products))
        return {"s": {"dimensions": [{"id": id, "codes": some} for id, some in codes]}, "n": PAGE}

    def request(self, question: Question) -> bytes:
        if question.kind.id == "period":
            return get(section(question.period), CSV, {"Accept-Encoding": "identity"})
        wanted = self.variables(question.indicator, question.regions, question.products)
        return post("/graphql", self.payload(LABELLED if question.kind.labels else PLAIN, wanted))

    def read(self, question: Question, body: bytes) -> Known:
        if question.kind.id == "period":
            return of_csv(body)
        return of_series(body, question.kind.labels)


def section(period: str) -> str:
    """The address of one period of all series."""
    return address("/sdmx/v2/data/dataflow/SEN/TRADE/1.0/*", **{"c[TIME_PERIOD]": f"ge:{period}+le:{period}"})


def of_series(body: bytes, labels: bool) -> Known:
    """What the hub answers to PLAIN and LABELLED."""
    series = load(body)["data"]["dataflow"]["data"]["series"]
    cells = {
        (*each["key"].split(".")[1:], cell["period"]): (decimal(cell["value"]), cell["status"])
        for each in series
        for cell in each["observations"]
    }
    return Known(cells, {code["id"]: code["name"] for each in series for code in each["codes"][1:]} if labels else {})
