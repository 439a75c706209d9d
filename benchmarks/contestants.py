"""How each contestant is started, asked and understood."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks import stores
from benchmarks.processes import Server, free_port, serving
from benchmarks.questions import Cell, Known, Question
from benchmarks.stores import HERE, Postgresql
from benchmarks.wire import get, post
from benchmarks.world import World

ROOT = HERE.parent


@dataclass(frozen=True)
class Ground:
    """What contestants stand on. ``peers``: the folder with node_modules and the peers' virtual environment, see README.md."""

    world: World
    folder: Path
    peers: Path
    database: Postgresql | None


@dataclass
class Contestant(ABC):
    """One of those who are asked. ``skips``: kinds of questions it is not asked."""

    ground: Ground
    name: str = ""
    skips: tuple[str, ...] = ()

    @abstractmethod
    def prepare(self) -> None:
        """Make its data, unless they are there."""

    @abstractmethod
    def running(self) -> AbstractContextManager[Server]: ...

    @abstractmethod
    def request(self, question: Question) -> bytes: ...

    @abstractmethod
    def read(self, question: Question, body: bytes) -> Known: ...


def load(body: bytes) -> Any:
    """JSON with its numbers as decimals; errors of GraphQL are raised."""
    found = json.loads(body, parse_float=Decimal, parse_int=Decimal)
    if isinstance(found, dict) and found.get("errors"):
        raise AssertionError(str(found["errors"])[:1000])
    return found


def decimal(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(value)


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def environment(**more: str) -> dict[str, str]:
    return {"PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}", **more}


class PostGraphile(Contestant):
    """PostGraphile 5 on PostgreSQL, asked as GraphQL wants it: lines with their observations inside."""

    ASK = (
        "query($i:String!,$r:[String!],$p:[String!]){allTradeLines(filter:{indicator:{equalTo:$i},region:{in:$r},product:{in:$p}})"
        "{nodes{indicator region product%s observationsByLine(orderBy:PERIOD_ASC){nodes{period value status}}}}}"
    )
    ONE = (
        "query($i:String!,$r:String!,$p:String!){tradeLineByIndicatorAndRegionAndProduct(indicator:$i,region:$r,product:$p)"
        "{indicator region product observationsByLine(orderBy:PERIOD_ASC){nodes{period value status}}}}"
    )
    NAMES = " indicatorByIndicator{nameVi} regionByRegion{nameVi} productByProduct{nameVi}"
    SUM = "query($i:String!,$w:[String!]!){monthlySums(ofIndicator:$i,without:$w){nodes{region period total}}}"
    SECTION = (
        "query($t:String!){allObservations(condition:{period:$t}){nodes{value status "
        "tradeLineByLine{indicator region product}}}}"
    )

    def prepare(self) -> None:
        assert self.ground.database is not None
        stores.peers_database(self.ground.world, self.ground.folder, self.ground.database)

    @contextmanager
    def running(self) -> Iterator[Server]:
        assert self.ground.database is not None
        address = self.ground.database.database("peers")
        port, bin_ = free_port(), self.ground.peers / "node_modules/.bin"
        env = {"PEERS": str(self.ground.peers), "DATABASE": address, "PORT": str(port)}
        env |= {"NODE_ENV": "production", "GRAPHILE_ENV": "production"}
        command = [str(bin_ / "node"), str(bin_ / "postgraphile"), "-C", str(HERE / "postgraphile.mjs")]
        probe, log = post("/graphql", {"query": "{__typename}"}), self.ground.folder / "postgraphile.log"
        with serving(command, port, probe, log, environment=env, also=(self.ground.database.pid,)) as server:
            yield server

    def request(self, question: Question) -> bytes:
        kind = question.kind
        if kind.id == "sum":
            return post("/graphql", {"query": self.SUM, "variables": {"i": question.indicator, "w": question.without}})
        if kind.id == "period":
            return post("/graphql", {"query": self.SECTION, "variables": {"t": question.period}})
        if question.series == 1:
            one = {"i": question.indicator, "r": question.regions[0], "p": question.products[0]}
            return post("/graphql", {"query": self.ONE, "variables": one})
        wanted = {"i": question.indicator, "r": question.regions, "p": question.products}
        return post("/graphql", {"query": self.ASK % (self.NAMES if kind.labels else ""), "variables": wanted})

    def read(self, question: Question, body: bytes) -> Known:
        data = load(body)["data"]
        if question.kind.id == "sum":
            return sums(data["monthlySums"]["nodes"])
        if question.kind.id == "period":
            found = data["allObservations"]["nodes"]
            return Known({(*_key(each["tradeLineByLine"]), question.period): _cell(each) for each in found}, {})
        lines = [data["tradeLineByIndicatorAndRegionAndProduct"]] if question.series == 1 else data["allTradeLines"]["nodes"]
        cells = {(*_key(line), each["period"]): _cell(each) for line in lines for each in line["observationsByLine"]["nodes"]}
        names = ("indicator", "region", "product") if question.kind.labels else ()
        return Known(cells, {line[name]: line[f"{name}By{name.title()}"]["nameVi"] for line in lines for name in names})


class Flat(PostGraphile):
    """PostGraphile over one wide table: every observation by itself, with its labels."""

    ROWS = (
        "query($i:String!,$r:[String!],$p:[String!]){allFacts(filter:{indicator:{equalTo:$i},region:{in:$r},product:{in:$p}},"
        "orderBy:PRIMARY_KEY_ASC){nodes{indicator region product%s period value status}}}"
    )

    def prepare(self) -> None:
        assert self.ground.database is not None
        stores.flat_table(self.ground.world, self.ground.folder, self.ground.database)

    def request(self, question: Question) -> bytes:
        wanted = {"i": question.indicator, "r": question.regions, "p": question.products}
        return post("/graphql", {"query": self.ROWS % (self.NAMES if question.kind.labels else ""), "variables": wanted})

    def read(self, question: Question, body: bytes) -> Known:
        rows = load(body)["data"]["allFacts"]["nodes"]
        names = ("indicator", "region", "product") if question.kind.labels else ()
        labels = {row[name]: row[f"{name}By{name.title()}"]["nameVi"] for row in rows for name in names}
        return Known({(*_key(row), row["period"]): _cell(row) for row in rows}, labels)


def _key(line: Mapping[str, str]) -> tuple[str, str, str]:
    return line["indicator"], line["region"], line["product"]


def _cell(row: Mapping[str, Any]) -> Cell:
    return decimal(row["value"]), row["status"]


def sums(rows: Iterable[Mapping[str, Any]]) -> Known:
    """Rows of region, period and total."""
    return Known({(row["region"], row["period"]): (decimal(row.get("total")), "") for row in rows}, {})


def flat(rows: Iterable[Mapping[str, Any]], labels: bool) -> Known:
    """Rows with the codes of the series in each, and their names as ``indicator_name`` and so on."""
    held = list(rows)
    names = ("indicator", "region", "product") if labels else ()
    cells = {(*_key(row), row["period"]): (decimal(row.get("value")), row["status"]) for row in held}
    return Known(cells, {row[name]: row[f"{name}_name"] for row in held for name in names})


class Roapi(Contestant):
    """ROAPI over Parquet in memory, asked in SQL, its quickest way."""

    ASK = (
        "SELECT indicator, region, product, period, value, status FROM observation WHERE {where} "
        "ORDER BY region, product, period"
    )
    LABELLED = (
        "SELECT o.indicator, o.region, o.product, o.period, o.value, o.status, i.name_vi AS indicator_name, "
        "r.name_vi AS region_name, p.name_vi AS product_name FROM observation o JOIN indicator i ON i.id = o.indicator "
        "JOIN region r ON r.id = o.region JOIN product p ON p.id = o.product WHERE {where} "
        "ORDER BY o.region, o.product, o.period"
    )
    SUM = (
        "SELECT region, period, CASE WHEN count(*) = count(value) THEN sum(value) END AS total "
        "FROM observation WHERE indicator = '{i}' AND product NOT IN {w} GROUP BY region, period"
    )

    def prepare(self) -> None:
        stores.parquet(self.ground.world, self.ground.folder)

    @contextmanager
    def running(self) -> Iterator[Server]:
        files = stores.parquet(self.ground.world, self.ground.folder)
        port = free_port()
        command = [str(self.ground.peers / "venv/bin/roapi"), "-a", f"127.0.0.1:{port}", "-p", f"127.0.0.1:{free_port()}"]
        for table in ("observation", *stores.LABELS):
            command += ["-t", f"{table}={files / table}.parquet"]
        with serving(command, port, _sql("SELECT id FROM region LIMIT 1"), self.ground.folder / "roapi.log") as server:
            yield server

    def request(self, question: Question) -> bytes:
        if question.kind.id == "sum":
            return _sql(self.SUM.format(i=question.indicator, w=_in(question.without or ("",))))
        if question.kind.id == "period":
            return _sql(self.ASK.format(where=f"period = '{question.period}'"))
        prefix = "o." if question.kind.labels else ""
        where = f"{prefix}indicator = '{question.indicator}' AND {prefix}region IN {_in(question.regions)} "
        where += f"AND {prefix}product IN {_in(question.products)}"
        return _sql((self.LABELLED if question.kind.labels else self.ASK).format(where=where))

    def read(self, question: Question, body: bytes) -> Known:
        rows = load(body)
        return sums(rows) if question.kind.id == "sum" else flat(rows, question.kind.labels)


def _sql(text: str) -> bytes:
    return post("/api/sql", text.encode())


def _in(codes: Iterable[str]) -> str:
    return "(" + ", ".join(f"'{code}'" for code in codes) + ")"


class Datasette(Contestant):
    """Datasette with its GraphQL plugin over SQLite."""

    ASK = (
        '{{trade_line(first: 1000, filter: [{{indicator: {{eq: "{i}"}}}}, {{region: {{in: [{r}]}}}}, '
        "{{product: {{in: [{p}]}}}}])"
        "{{nodes{{{keys} observation_list(first: 200){{nodes{{period value status}}}}}}}}}}"
    )
    KEYS = "indicator{id} region{id} product{id}"
    NAMES = "indicator{id name_vi} region{id name_vi} product{id name_vi}"

    def prepare(self) -> None:
        stores.sqlite(self.ground.world, self.ground.folder)

    @contextmanager
    def running(self) -> Iterator[Server]:
        file = stores.sqlite(self.ground.world, self.ground.folder)
        port = free_port()
        command = [str(self.ground.peers / "venv/bin/datasette"), "serve", str(file), "-h", "127.0.0.1", "-p", str(port)]
        limits = {"max_returned_rows": 1_000_000, "sql_time_limit_ms": 120_000, "default_page_size": 200}
        for name, value in limits.items():
            command += ["--setting", name, str(value)]
        metadata = self.ground.folder / "datasette.json"
        metadata.write_text(
            json.dumps({"plugins": {"datasette-graphql": {"time_limit_ms": 300_000, "num_queries_limit": 100_000}}})
        )
        command += ["-m", str(metadata)]
        with serving(command, port, get("/-/versions.json"), self.ground.folder / "datasette.log") as server:
            yield server

    def request(self, question: Question) -> bytes:
        keys = self.NAMES if question.kind.labels else self.KEYS
        codes = {
            name: ", ".join(f'"{code}"' for code in codes)
            for name, codes in (("r", question.regions), ("p", question.products))
        }
        return post("/graphql", {"query": self.ASK.format(i=question.indicator, keys=keys, **codes)})

    def read(self, question: Question, body: bytes) -> Known:
        lines = load(body)["data"]["trade_line"]["nodes"]
        names = ("indicator", "region", "product")
        cells = {
            (*(line[name]["id"] for name in names), each["period"]): _cell(each)
            for line in lines
            for each in line["observation_list"]["nodes"]
        }
        labels = {line[name]["id"]: line[name]["name_vi"] for line in lines for name in names} if question.kind.labels else {}
        return Known(cells, labels)


class Naive(Contestant):
    """The schema in naive.py: Strawberry types filled from SQLAlchemy rows, on PostgreSQL."""

    ASK = (
        "query($i:String!,$r:[String!]!,$p:[String!]!){lines(indicator:$i,regions:$r,products:$p)"
        "{indicator{id%s} region{id%s} product{id%s} observations{period value status}}}"
    )
    SUM = "query($i:String!,$w:[String!]!){monthlySums(indicator:$i,without:$w){region period total}}"

    def prepare(self) -> None:
        assert self.ground.database is not None
        stores.peers_database(self.ground.world, self.ground.folder, self.ground.database)

    @contextmanager
    def running(self) -> Iterator[Server]:
        assert self.ground.database is not None
        address = self.ground.database.database("peers")
        port = free_port()
        env = environment(DATABASE=address.replace("postgresql://", "postgresql+psycopg://"))
        command = python("-m", "benchmarks.serve", "benchmarks.naive:app", str(port))
        probe, log = post("/graphql", {"query": "{__typename}"}), self.ground.folder / "naive.log"
        with serving(command, port, probe, log, environment=env, also=(self.ground.database.pid,)) as server:
            yield server

    def request(self, question: Question) -> bytes:
        if question.kind.id == "sum":
            return post("/graphql", {"query": self.SUM, "variables": {"i": question.indicator, "w": question.without}})
        name = " nameVi" if question.kind.labels else ""
        wanted = {"i": question.indicator, "r": question.regions, "p": question.products}
        return post("/graphql", {"query": self.ASK % (name, name, name), "variables": wanted})

    def read(self, question: Question, body: bytes) -> Known:
        data = load(body)["data"]
        if question.kind.id == "sum":
            return sums(data["monthlySums"])
        names = ("indicator", "region", "product")
        cells = {
            (*(line[name]["id"] for name in names), each["period"]): _cell(each)
            for line in data["lines"]
            for each in line["observations"]
        }
        labels = (
            {line[name]["id"]: line[name]["nameVi"] for line in data["lines"] for name in names} if question.kind.labels else {}
        )
        return Known(cells, labels)


def of_csv(body: bytes) -> Known:
    """An answer in SDMX-CSV, whatever columns it has besides."""
    rows = csv.DictReader(io.StringIO(body.decode()))
    return Known(
        {
            (row["INDICATOR"], row["REGION"], row["PRODUCT"], row["TIME_PERIOD"]): (
                decimal(row["OBS_VALUE"]),
                row["OBS_STATUS"],
            )
            for row in rows
        },
        {},
    )


def address(path: str, **query: str) -> str:
    """A path with a query string."""
    return path + "?" + "&".join(f"{name}={quote(value)}" for name, value in query.items())
