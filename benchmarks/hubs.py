"""This hub as a contestant: `hub serve` as anybody starts it, asked in GraphQL, and in SDMX REST for cross-sections."""

from __future__ import annotations

import hashlib
import json
import statistics
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import stores
from benchmarks.contestants import Contestant, address, decimal, environment, load, of_csv
from benchmarks.measuring import asked
from benchmarks.processes import Server, free_port, serving
from benchmarks.questions import KINDS, Known, Question, drawn, with_
from benchmarks.wire import Connection, get, post

ASK = 'query Ask($s:SelectionInput!,$n:Int!){dataflow(ref:"SEN:TRADE(1.0)"){data(selection:$s,first:$n){series{key %s}}}}'
PLAIN = ASK % "observations{period value status}"
LABELLED = ASK % 'codes{id name(lang:"vi")} observations{period value status}'
SUMS = ASK % "observations{period value}"
CSV = "application/vnd.sdmx.data+csv;version=2.0.0"
PAGE = 1000
AGAIN = 200
"""How often the same question is repeated."""


@dataclass
class Hub(Contestant):
    """``trusted``: documents are named by their digest. ``kernel``: whether the compiled text engine may be used."""

    processes: int = 1
    trusted: bool = False
    kernel: bool = True
    on_server: bool = False

    def prepare(self) -> None:
        self._store()

    def _store(self) -> dict[str, str]:
        return stores.hub_store(self.ground.world, self.ground.folder, self.ground.database if self.on_server else None)

    @contextmanager
    def running(self) -> Iterator[Server]:
        database = self.ground.database if self.on_server else None
        env = environment(**self._store(), **({} if self.kernel else {"HUB_KERNEL": "off"}))
        port, log = free_port(), self.ground.folder / "hub.log"
        command = [str(Path(sys.executable).parent / "hub"), "serve", "--port", str(port), "--processes", str(self.processes)]
        also = (database.pid,) if database else ()
        with serving(command, port, _by_text(PLAIN), log, environment=env, folder=self.ground.folder, also=also) as server:
            # A document is known by its digest once its text has been sent.
            for query in (LABELLED, SUMS):
                asked(Connection(port), _by_text(query))
            yield server

    def payload(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        if not self.trusted:
            return {"query": query, "variables": variables}
        return {"documentId": f"sha256:{hashlib.sha256(query.encode()).hexdigest()}", "variables": variables}

    def request(self, question: Question) -> bytes:
        if question.kind.id == "period":
            return get(section(question.period), CSV)
        if question.kind.id == "sum":
            return post("/graphql", self.payload(SUMS, summed(question.indicator, with_(self.ground.world, question))))
        wanted = selected(question.indicator, question.regions, question.products)
        return post("/graphql", self.payload(LABELLED if question.kind.labels else PLAIN, wanted))

    def read(self, question: Question, body: bytes) -> Known:
        if question.kind.id == "period":
            return of_csv(body)
        return of_sums(body) if question.kind.id == "sum" else of_series(body, question.kind.labels)


def selected(indicator: str, regions: Any, products: Any) -> dict[str, Any]:
    """The variables of PLAIN and LABELLED."""
    codes = (("INDICATOR", [indicator]), ("REGION", regions), ("PRODUCT", products))
    return {"s": {"dimensions": [{"id": id, "codes": some} for id, some in codes]}, "n": PAGE}


def summed(indicator: str, products: list[str]) -> dict[str, Any]:
    """The variables of SUMS."""
    codes = (("INDICATOR", [indicator]), ("PRODUCT", products))
    dimensions = [{"id": id, "codes": some} for id, some in codes]
    return {"s": {"dimensions": dimensions, "aggregate": {"drop": ["PRODUCT"]}}, "n": PAGE}


def _by_text(query: str) -> bytes:
    return post("/graphql", {"query": query, "variables": selected("EXP_MASS", ["01"], ["0001"])})


def section(period: str) -> str:
    """The address of one period of all series."""
    return address("/sdmx/v2/data/dataflow/SEN/TRADE/1.0/*", **{"c[TIME_PERIOD]": period})


def of_series(body: bytes, labels: bool) -> Known:
    """What the hub answers to PLAIN and LABELLED."""
    series = load(body)["data"]["dataflow"]["data"]["series"]
    cells = {
        (*each["key"].split(".")[1:], cell["period"]): (decimal(cell["value"]), cell["status"])
        for each in series
        for cell in each["observations"]
    }
    return Known(cells, {code["id"]: code["name"] for each in series for code in each["codes"][1:]} if labels else {})


def of_sums(body: bytes) -> Known:
    """What the hub answers to SUMS."""
    series = load(body)["data"]["dataflow"]["data"]["series"]
    return Known(
        {
            (each["key"].split(".")[2], cell["period"]): (decimal(cell["value"]), "")
            for each in series
            for cell in each["observations"]
        },
        {},
    )


def repeated(contestant: Hub, server: Server) -> dict[str, float]:
    """Milliseconds of the same question over and over, and of asking by GET whether the answer has changed: 304."""
    question = next(drawn(KINDS["labels"], contestant.ground.world, seed=11))
    connection = Connection(server.port)
    wanted = selected(question.indicator, question.regions, question.products)
    path = address("/graphql", query=LABELLED, variables=json.dumps(wanted))
    lines = asked(connection, get(path)).head.decode().split("\r\n")
    tag = next(line.partition(":")[2].strip() for line in lines if line.lower().startswith("etag:"))
    unchanged = get(path, headers={"If-None-Match": tag})
    if connection.ask(unchanged).status != 304:
        raise AssertionError(f"not 304 for {tag}")
    return {
        "repeated": _median(connection, contestant.request(question)),
        "unchanged": _median(connection, unchanged),
    }


def _median(connection: Connection, request: bytes) -> float:
    return 1000 * statistics.median(connection.ask(request).seconds for _ in range(AGAIN))
