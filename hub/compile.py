"""Compilation: microdata to a draft of observations, by the SQL that the source ships.

Only accepted deliveries count. With a period, only observations of that period are replaced; without, all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from adapters.sources import adapter_of_dataflow
from hub.access import Action, Rules
from hub.deliveries import Deliveries, nothing
from hub.disclosure import protect
from hub.drafts import Drafts
from hub.settings import Settings
from registry.answers import Release
from registry.errors import Conflict, Invalid
from registry.model import Level, Structure
from registry.period import Period, PeriodRange, parse_period
from registry.ports import Catalogue, Viewer
from registry.ref import Ref
from registry.series import Series

if TYPE_CHECKING:
    import duckdb

ROWS = 100_000
CONTRIBUTORS = "CONTRIBUTORS"
SYNTHETIC = "Synthetic sample data / Dữ liệu mẫu giả lập, không phải số liệu thật"


@dataclass(frozen=True)
class Compiler:
    """Runs compilations."""

    settings: Settings
    catalogue: Catalogue
    deliveries: Deliveries
    drafts: Drafts
    rules: Rules

    def compile(self, dataflow: Ref, period: str | None, viewer: Viewer, progress: Any = nothing) -> Release | None:
        """A draft of the dataflow from all accepted deliveries; None when nothing changed."""
        self.rules.demand(viewer, Action.COMPILE)
        structure = self.catalogue.structure(dataflow)
        adapter, name = adapter_of_dataflow(structure.dataflow.ref)
        accepted = self.deliveries.accepted(adapter.source.id)
        if not accepted:
            raise Conflict("NOTHING_TO_COMPILE", source=adapter.source.id, dataflow=str(dataflow))
        wanted = parse_period(period) if period is not None else None
        periods = PeriodRange(wanted, wanted)
        from hub.microdata import workbench  # not before it is needed, as with deliveries

        with workbench(self.settings, adapter.source, self.catalogue) as connection:
            connection.register("delivered", _delivered([(each.id, each.received_at) for each, _ in accepted]))
            _open_microdata(connection, self.settings, adapter.source.id, [each.id for each, _ in accepted], wanted)
            rows = _rows(connection, adapter.source.compile_sql(name))
            return self.drafts.draft(
                structure,
                _series(structure, rows, periods, progress),
                viewer,
                replace=periods if wanted else None,
                replace_all=wanted is None,
                dataset_attributes=_comment(structure, any(synthetic for _, synthetic in accepted)),
                note=f"{adapter.source.id}, deliveries: {len(accepted)}" + (f", {period}" if period else ""),
            )


def _comment(structure: Structure, synthetic: bool) -> dict[str, str]:
    known = any(each.id == "COMMENT_DSET" for each in structure.dsd.attributes_at(Level.DATA_SET))
    return {"COMMENT_DSET": SYNTHETIC} if synthetic and known else {}


def _delivered(deliveries: Sequence[tuple[str, Any]]) -> pa.Table:
    return pa.table({"id": [each[0] for each in deliveries], "at": [each[1] for each in deliveries]})


def _open_microdata(
    connection: duckdb.DuckDBPyConnection, settings: Settings, source: str, ids: Sequence[str], period: Period | None
) -> None:
    """The view ``microdata``: all accepted records of the period, with ``delivery`` and ``delivered_at``."""
    folder = settings.microdata / source
    globs = [str(folder / f"delivery={id}" / "*" / "*.parquet") for id in ids]
    files = ", ".join("'" + glob.replace("'", "''") + "'" for glob in globs)
    condition = f"WHERE month >= '{period.start:%Y-%m}' AND period < DATE '{period.end:%Y-%m-%d}'" if period else ""
    connection.execute(
        "CREATE TEMP VIEW microdata AS SELECT records.* EXCLUDE (month), delivered.at AS delivered_at "
        f"FROM read_parquet([{files}], hive_partitioning = true, hive_types_autocast = false, union_by_name = true) AS records "
        f"JOIN delivered ON delivered.id = records.delivery {condition}"
    )


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[dict[str, Any]]:
    reader: pa.RecordBatchReader = connection.sql(sql).to_arrow_reader(ROWS)
    for batch in reader:
        yield from batch.to_pylist()


def _series(structure: Structure, rows: Iterator[dict[str, Any]], periods: PeriodRange, progress: Any) -> Iterator[Series]:
    key = structure.dsd.key
    levels = {attribute.id: attribute.level for attribute in structure.dsd.attributes}
    for codes, group in groupby(rows, key=lambda row: tuple(row[name] for name in key)):
        _check_codes(structure, dict(zip(key, codes, strict=True)))
        found = list(group)
        progress(len(found))
        for frequency, some in groupby(found, key=lambda row: parse_period(row["TIME_PERIOD"]).frequency):
            yield from _one(codes, frequency, list(some), levels, periods)


def _one(
    codes: tuple[str, ...], frequency: str, rows: list[dict[str, Any]], levels: dict[str, Level], periods: PeriodRange
) -> Iterator[Series]:
    low, high = periods.whole(frequency)
    numbered = [(parse_period(row["TIME_PERIOD"]).ordinal, row) for row in rows]
    inside = [(at, row) for at, row in numbered if (low is None or at >= low) and (high is None or at <= high)]
    if not inside:
        return
    published = [protect(row["OBS_VALUE"], row.get(CONTRIBUTORS)) for _, row in inside]
    columns = {name: [row[name] for _, row in inside] for name in rows[0] if levels.get(name) == Level.OBSERVATION}
    if "CONF_STATUS" in levels:
        columns["CONF_STATUS"] = [status for _, status in published]
    yield Series(
        key=codes,
        frequency=frequency,
        ordinals=np.array([at for at, _ in inside], dtype=np.int64),
        values=[value for value, _ in published],
        attributes={name: rows[0][name] for name in rows[0] if levels.get(name) == Level.SERIES and rows[0][name] is not None},
        observation_attributes=columns,
    )


def _check_codes(structure: Structure, codes: dict[str, str]) -> None:
    """A compilation must not publish a code that its structure does not have."""
    for dimension, code in codes.items():
        codelist = structure.codelists.get(dimension)
        if codelist is not None and code not in codelist.by_id:
            raise Invalid("COMPILED_UNKNOWN_CODE", found=str(code), dimension=dimension, codelist=str(codelist.ref))
