"""A delivery through the roof's own intake, without a database: what the tests of the sources stand on."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import duckdb
import pyarrow as pa

from adapters.base import Adapter, Progress, RawBatch, Source, raw_table
from hub.intake import Taken, take_in
from hub.microdata import workbench
from hub.settings import Settings
from registry.content import shipped
from registry.correspondence import Correspondence, follow, route
from registry.errors import NotFound
from registry.model import Artefact, RepresentationMap
from registry.ports import Catalogue
from registry.ref import Kind, Ref


class Shelf:
    """The shipped registry content, found by reference."""

    @staticmethod
    @cache
    def artefacts() -> dict[Ref, Artefact]:
        return {artefact.ref: artefact for artefact in shipped()}

    def get(self, ref: Ref) -> Artefact:
        return self.artefacts()[ref]

    def find(self, kind: Kind, agency: str) -> list[Ref]:
        return [ref for ref in self.artefacts() if ref.kind is kind and ref.agency == agency]

    def stubs(self, refs: Sequence[Ref]) -> list[Artefact]:
        return [self.artefacts()[ref] for ref in refs]

    def correspondence(self, source: Ref, target: Ref) -> Correspondence:
        maps = (made for made in self.artefacts().values() if isinstance(made, RepresentationMap))
        tables = [table for made in maps if (table := Correspondence.of(made))]
        steps = route(lambda end: [one for one in tables if end in (one.from_list, one.to_list)], source, target)
        if not steps:
            raise NotFound("CORRESPONDENCE_NOT_FOUND", source=source, target=target, near="-")
        return follow(steps)


@dataclass
class Batches:
    """An adapter whose files are batches made in the test."""

    source: Source
    batches: Sequence[RawBatch]

    def read(self, files: Sequence[Path], spill: Path) -> Iterator[RawBatch]:
        return iter(self.batches)

    def sample(self, records: int, seed: int, out: Path, progress: Progress) -> list[Path]:
        return []


@contextmanager
def opened(source: Source, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the source's tables, macros and ``pseudonym``."""
    settings = Settings.load({"HUB_DATA_DIR": str(folder)})
    with workbench(settings, source, cast(Catalogue, Shelf())) as connection:
        yield connection


def broken_rules(connection: duckdb.DuckDBPyConnection, source: Source, rows: Sequence[Mapping[str, Any]]) -> list[set[str]]:
    """The rules each record breaks, warnings included."""
    connection.register("raw", raw_table(source, rows))
    codes = ", ".join(f"CASE WHEN ({rule.violated}) THEN '{rule.code}' END" for rule in source.rules)
    found = connection.execute(f"SELECT [{codes}] FROM raw").fetchall()
    return [set(record[0]) - {None} for record in found]


@dataclass
class Intake:
    """What came of a delivery. ``broken``: record's place -> rules that rejected it."""

    adapter: Adapter
    folder: Path
    taken: Taken
    part: Path

    @property
    def broken(self) -> dict[str, set[str]]:
        with duckdb.connect() as connection:
            rows = connection.execute("SELECT place, rule FROM read_parquet($1)", [f"{self.part}.rejects.parquet"]).fetchall()
        return {place: {rule for other, rule in rows if other == place} for place, _ in rows}

    def microdata(self) -> list[dict[str, Any]]:
        """The normalised records."""
        with duckdb.connect() as connection:
            table: pa.Table = connection.sql(f"FROM read_parquet('{self.part}/*/*.parquet')").to_arrow_table()
        return _rows(table)

    def compiled(self, name: str) -> list[dict[str, Any]]:
        """The rows of a dataflow's compilation, in its order."""
        return compiled([self], name)


def deliver(adapter: Adapter, files: Sequence[Path], folder: Path) -> Intake:
    """Read, check and normalise one delivery."""
    part, spill = folder / f"part-{secrets.token_hex(4)}", folder / f"spill-{secrets.token_hex(4)}"
    spill.mkdir(parents=True)
    with opened(adapter.source, folder) as connection:
        taken = take_in(connection, adapter, files, part, spill, lambda count: None)
    return Intake(adapter, folder, taken, part)


def compiled(deliveries: Sequence[Intake], name: str) -> list[dict[str, Any]]:
    """The compilation over several deliveries, received one after the other."""
    first = deliveries[0]
    parts = [
        f"SELECT *, 'd{number}' AS delivery, TIMESTAMP '2026-01-01' + INTERVAL {number} DAY AS delivered_at "
        f"FROM read_parquet('{each.part}/*/*.parquet')"
        for number, each in enumerate(deliveries)
    ]
    with opened(first.adapter.source, first.folder) as connection:
        connection.execute(f"CREATE TEMP VIEW microdata AS {' UNION ALL BY NAME '.join(parts)}")
        table: pa.Table = connection.sql(first.adapter.source.compile_sql(name)).to_arrow_table()
    return _rows(table)


def _rows(table: pa.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows
