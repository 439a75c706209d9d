"""Joins declarations with their lines and pivots them in DuckDB.

String aggregates cannot leave memory, so both tables are first split on disk into buckets by declaration, each small enough to
pivot at once: memory does not grow with the delivery.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from adapters.base import FILE, PLACE, RawBatch, Source, raw_table
from adapters.tax.page import MARK, RowsPage
from adapters.tax.table import Table, quoted
from registry.ports import Reject

BUCKET_BYTES = 96 << 20
"""Detail text per bucket; pivoting one takes some four times that."""

BATCH = 50_000
MEMORY = "1GB"


@dataclass(frozen=True)
class Pivot:
    """Both tables of a delivery, and where to put what does not fit in memory."""

    source: Source
    page: RowsPage
    headers: Sequence[Table]
    items: Sequence[Table]
    spill: Path

    def batches(self) -> Iterator[RawBatch]:
        """Batches of at most 50,000 declarations; the first also carries the lines that could not be read."""
        config: dict[str, Any] = {
            "temp_directory": str(self.spill / "duckdb"),
            "memory_limit": MEMORY,
            "preserve_insertion_order": "false",
        }
        buckets = max(1, math.ceil(sum(table.path.stat().st_size for table in self.items) / BUCKET_BYTES))
        with duckdb.connect(config=config) as con:
            rejects = self._split(con, buckets)
            for bucket in range(buckets):
                yield from self._bucket(con, bucket, rejects)
                rejects = []

    def _split(self, con: duckdb.DuckDBPyConnection, buckets: int) -> list[Reject]:
        """Write both tables to disk in buckets; a declaration with a broken line is rejected once and left out everywhere."""
        broken: list[tuple[str, Reject]] = []
        for kind, tables in (("header", self.headers), ("item", self.items)):
            for table in tables:
                select = self._header_sql(table) if kind == "header" else self._item_sql(table)
                self._write(
                    con,
                    f"{select} FROM ({table.scan_sql()}) WHERE {table.has_content()}",
                    buckets,
                    self.spill / kind / str(table.number),
                )
                broken += table.broken_lines(con, "id" if kind == "header" else "hdr_id")
        for kind, table, sql in (("header", self.headers[0], self._header_sql), ("item", self.items[0], self._item_sql)):
            con.execute(f"CREATE TABLE no_{kind} AS {sql(table)} FROM ({table.empty_sql()})")
        con.execute("CREATE TABLE broken AS SELECT unnest($1::VARCHAR[]) AS id", [[id for id, _ in broken if id]])
        first = {id or (reject.file, reject.place): reject for id, reject in reversed(broken)}
        return list(reversed(first.values()))

    def _write(self, con: duckdb.DuckDBPyConnection, select: str, buckets: int, folder: Path) -> None:
        rows = f"SELECT *, hash(id) % {buckets} AS bucket FROM ({select})"
        folder.mkdir(parents=True)
        con.execute(f"COPY ({rows}) TO {quoted(str(folder))} (FORMAT parquet, PARTITION_BY (bucket), OVERWRITE_OR_IGNORE)")

    def _scan(self, kind: str, bucket: int) -> str:
        files = [quoted(str(path)) for path in sorted((self.spill / kind).glob(f"*/bucket={bucket}/*.parquet"))]
        return f"read_parquet([{', '.join(files)}], hive_partitioning = false)" if files else f"no_{kind}"

    def _header_sql(self, table: Table) -> str:
        fields = [f"{table.text(name)} AS {name}" for name in self.page.header if name in self.source.fields]
        made_up = "true" if table.shape.synthetic else f"contains({table.text('ten_dvu')}, '{MARK}')"
        fields.append(f"CASE WHEN {made_up} THEN '1' END AS tong_hop")
        return f"SELECT {table.id_text('id')} AS id, {quoted(table.name)} AS file, {', '.join(fields)}"

    def _item_sql(self, table: Table) -> str:
        """The lines of the main form, and the annex that explains. A line may be written ct22, 22 or [22]."""
        code = f"ltrim(rtrim(lower({table.text('ky_hieu')}), '] '), 'ct[ ')"
        kind = table.text("loai_dlieu")
        return (
            f"SELECT {table.id_text('hdr_id')} AS id, 'ct' || {code} AS line, "
            f"replace({table.text('gia_tri')}, ',', '.') AS amount, "
            f"starts_with({kind}, {quoted(self.page.main_form)}) AS main, "
            f"starts_with({kind}, {quoted(self.page.explanation)}) AS explains"
        )

    def _bucket(self, con: duckdb.DuckDBPyConnection, bucket: int, rejects: list[Reject]) -> Iterator[RawBatch]:
        con.execute(f"CREATE OR REPLACE TEMP TABLE pivoted AS {self._pivot_sql(bucket)}")
        faults = con.execute("SELECT file, 'ID ' || id, fault FROM pivoted WHERE fault IS NOT NULL ORDER BY ALL").fetchall()
        rejects = rejects + [Reject(*fault) for fault in faults]
        columns = ", ".join((f"file AS {FILE}", f"'ID ' || id AS {PLACE}", *self.source.fields))
        rows = con.sql(f"SELECT {columns} FROM pivoted WHERE fault IS NULL ORDER BY file, try_cast(id AS BIGINT), id")
        reader: pa.RecordBatchReader = rows.to_arrow_reader(BATCH)
        for batch in reader:
            table = pa.Table.from_batches([batch])
            yield RawBatch(table, rejects, synthetic=table["tong_hop"].null_count < table.num_rows)
            rejects = []
        if rejects:
            yield RawBatch(raw_table(self.source, []), rejects)
        for folder in self.spill.glob(f"*/*/bucket={bucket}"):
            shutil.rmtree(folder)

    def _pivot_sql(self, bucket: int) -> str:
        lines = [name for name in self.source.fields if name.startswith("ct")]
        pivoted = ", ".join(f"max(amount) FILTER (main AND line = '{line}') AS {line}" for line in lines)
        own = [name for name in self.source.fields if name not in (*lines, "giai_trinh", "sua_loi")]
        distinct = " + ".join(f"(i.{line} IS NOT NULL)::INT" for line in lines)
        return f"""
            WITH headers AS (
                SELECT *, count(*) OVER (PARTITION BY id) AS times FROM {self._scan("header", bucket)}
                WHERE id NOT IN (SELECT id FROM broken)
            ), items AS (
                SELECT id, {pivoted}, count(*) FILTER (explains) AS explained,
                    count(*) FILTER (main AND line IN ({", ".join(quoted(line) for line in lines)})) AS given
                FROM {self._scan("item", bucket)}
                WHERE amount IS NOT NULL AND id NOT IN (SELECT id FROM broken) GROUP BY id
            )
            SELECT coalesce(h.id, i.id) AS id, coalesce(h.file, {quoted(self.items[0].name)}) AS file,
                {", ".join(f"h.{name}" for name in own)}, {", ".join(f"i.{line}" for line in lines)},
                coalesce(i.explained, 0)::VARCHAR AS giai_trinh, NULL::VARCHAR AS sua_loi,
                CASE WHEN coalesce(h.id, i.id) = '' THEN 'TAX_IDENTIFIER_MISSING'
                     WHEN h.id IS NULL THEN 'TAX_LINES_WITHOUT_DECLARATION'
                     WHEN h.times > 1 THEN 'TAX_DECLARATION_TWICE'
                     WHEN i.given > {distinct} THEN 'TAX_LINE_TWICE' END AS fault
            FROM headers AS h FULL JOIN items AS i ON i.id = h.id"""
