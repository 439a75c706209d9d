"""From raw records to microdata: the source's rules and SQL over every batch, in bounded memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from adapters.base import FILE, PLACE, Adapter, Progress, RawBatch, Rule, Source
from registry.ports import Reject

REJECT_COLUMNS = ("file", "place", "rule", "column", "value", "record")


@dataclass
class Taken:
    """What came of a delivery: records read, accepted, rejected, and per rule how many records broke it."""

    records: int = 0
    accepted: int = 0
    rejected: int = 0
    rules: dict[str, int] = field(default_factory=dict)
    synthetic: bool = False

    def count(self, rule: str, number: int) -> None:
        self.rules[rule] = self.rules.get(rule, 0) + number


def take_in(
    connection: duckdb.DuckDBPyConnection,
    adapter: Adapter,
    files: Sequence[Path],
    folder: Path,
    spill: Path,
    progress: Progress,
) -> Taken:
    """Read, check and normalise; write ``folder/month=YYYY-MM/*.parquet`` and ``folder.rejects.parquet``."""
    taken = Taken()
    columns = ", ".join(f'"{name}" VARCHAR' for name in REJECT_COLUMNS)
    connection.execute(f"CREATE TABLE rejects ({columns})")
    for batch in adapter.read(files, spill):
        _take(connection, adapter.source, batch, taken)
        progress(batch.table.num_rows + len(batch.rejects))
    _write(connection, folder, taken)
    return taken


def _take(connection: duckdb.DuckDBPyConnection, source: Source, batch: RawBatch, taken: Taken) -> None:
    taken.synthetic = taken.synthetic or batch.synthetic
    _keep_unreadable(connection, batch.rejects, taken)
    if not batch.table.num_rows:
        return
    connection.register("raw", batch.table)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {_judge_sql(source)}")
    connection.unregister("raw")
    for rule, number in connection.execute("SELECT unnest(_violated) AS rule, count(*) FROM judged GROUP BY rule").fetchall():
        taken.count(rule, number)
    connection.execute(f"INSERT INTO rejects {_reject_sql(source)}")
    good = _good_sql(source)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW accepted AS SELECT * EXCLUDE (_violated) FROM judged WHERE {good}")
    (accepted,) = connection.execute("SELECT count(*) FROM accepted").fetchone() or (0,)
    taken.records += batch.table.num_rows
    taken.accepted += accepted
    taken.rejected += batch.table.num_rows - accepted
    _normalise(connection, source)


def _normalise(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    exists = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'normalised'").fetchone()
    verb = "INSERT INTO normalised BY NAME" if exists and exists[0] else "CREATE TABLE normalised AS"
    connection.execute(f"{verb} {source.normalise_sql}")


def _keep_unreadable(connection: duckdb.DuckDBPyConnection, rejects: list[Reject], taken: Taken) -> None:
    for reject in rejects:
        taken.count(reject.rule, 1)
    taken.records += len(rejects)
    taken.rejected += len(rejects)
    if rejects:
        columns = {name: [getattr(each, name) for each in rejects] for name in REJECT_COLUMNS if name != "record"}
        connection.register("unreadable", pa.table({name: pa.array(texts, pa.string()) for name, texts in columns.items()}))
        connection.execute("INSERT INTO rejects BY NAME SELECT * FROM unreadable")
        connection.unregister("unreadable")


def _judge_sql(source: Source) -> str:
    """Every record with the list of the rules it breaks; a rule whose answer is unknown (NULL) is not broken."""
    cases = ",\n".join(f"CASE WHEN ({rule.violated}) THEN '{rule.code}' END" for rule in source.rules)
    return f"SELECT *, list_filter([{cases}], lambda code: code IS NOT NULL) AS _violated FROM raw"


def _codes(rules: Sequence[Rule]) -> str:
    return "[" + ", ".join(f"'{rule.code}'" for rule in rules) + "]::VARCHAR[]"


def _rejecting(source: Source) -> list[Rule]:
    return [rule for rule in source.rules if rule.severity == "reject"]


def _good_sql(source: Source) -> str:
    return f"NOT list_has_any(_violated, {_codes(_rejecting(source))})"


def _reject_sql(source: Source) -> str:
    """One row per broken rule of a rejected record; the value of the rule's column stands only in this file."""
    rejecting = _rejecting(source)
    columns = " ".join(f"WHEN '{rule.code}' THEN '{rule.column}'" for rule in rejecting)
    values = " ".join(f"WHEN '{rule.code}' THEN \"{rule.column}\"" for rule in rejecting)
    return f"""
        SELECT {FILE}, {PLACE}, rule, CASE rule {columns} END, CASE rule {values} END, to_json(record)
        FROM (SELECT unnest(list_intersect(_violated, {_codes(rejecting)})) AS rule, judged AS record, * FROM judged)
    """


def _write(connection: duckdb.DuckDBPyConnection, folder: Path, taken: Taken) -> None:
    rejects = str(folder.parent / f"{folder.name}.rejects.parquet")
    connection.execute(f"COPY rejects TO {_quoted(rejects)} (FORMAT parquet, COMPRESSION zstd)")
    if taken.accepted:
        connection.execute(
            f"COPY (SELECT *, strftime(period, '%Y-%m') AS month FROM normalised) TO {_quoted(str(folder))} "
            "(FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month))"
        )
    else:
        folder.mkdir(parents=True)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def read_rejects(path: Path, limit: int) -> list[Reject]:
    """The refused records of a delivery without their values, in the order of the file."""
    with duckdb.connect() as connection:
        order = "file, try_cast(place AS BIGINT), place, rule"
        source = f"read_parquet({_quoted(str(path))})"
        query = f'SELECT file, place, rule, "column" FROM {source} ORDER BY {order} LIMIT {int(limit)}'
        table: pa.Table = connection.sql(query).to_arrow_table()
    rows = table.to_pylist()
    return [Reject(row["file"], row["place"], row["rule"], row["column"] or "") for row in rows]
