"""Observations as Arrow record batches, and as an Arrow stream or a Parquet file.

Source: Arrow Columnar Format 1.5 ("IPC Streaming Format"), Apache Parquet format 2. Columns: codes dictionary-encoded, in the
order of their codelist; the period as SDMX text and its first day as a date; every measure as float64 and, beside it, the
text of the numbers that float64 would change. Schema metadata ``hub`` says so, with release, licence and structure, as JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from adapters.formats.described import facts
from adapters.formats.flat import Columns, coded, nothing, numbers
from adapters.formats.uniform import Uniform
from adapters.formats.wording import is_number
from adapters.outlets import Wish
from registry.answers import Answer
from registry.columns import Batch, Coded, occurring
from registry.model import Structure
from registry.period import Period

GROUP = 65_536
"""Rows gathered before they are written: small groups make a file that is slow to read."""

CODES = pa.dictionary(pa.int32(), pa.string())
START, EXACT = "_START", "_EXACT"
NUMBERS = f"float64; where float64 would change a number, the column with {EXACT} behind its name holds the exact text"


class Sink:
    """What a writer has written since it was last emptied."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, content: Any) -> int:
        part = bytes(content)
        self._parts.append(part)
        return len(part)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def close(self) -> None:
        self.closed = True

    def taken(self) -> bytes:
        content, self._parts = b"".join(self._parts), []
        return content


def arrow_stream(answer: Answer, wish: Wish) -> Iterator[bytes]:
    """The Arrow IPC streaming format: schema first, then batches as they come."""
    frame, sink = Frame(answer.structure, Columns.of(answer.structure, wish)), Sink()
    schema = frame.schema(facts(answer, wish))
    with pa.ipc.new_stream(sink, schema, options=pa.ipc.IpcWriteOptions(emit_dictionary_deltas=True)) as writer:
        # Without a batch the writer would keep the schema to itself until there is one.
        writer.write_batch(frame.record_batch(nothing(len(frame.columns.key)), schema))
        yield sink.taken()
        for table in _gathered(frame.record_batch(batch, schema) for batch in answer.batches):
            writer.write_table(table)
            yield sink.taken()
    yield sink.taken()


def parquet(answer: Answer, wish: Wish) -> Iterator[bytes]:
    """A Parquet file with a row group for every :data:`GROUP` rows; attributes all series share stand in its metadata too."""
    columns, sink = Columns.of(answer.structure, wish), Sink()
    frame, uniform = Frame(answer.structure, columns), Uniform(columns.key, columns.series)
    schema = frame.schema(facts(answer, wish))
    with pq.ParquetWriter(sink, schema, compression="zstd", version="2.6") as writer:
        yield sink.taken()
        for table in _gathered(frame.record_batch(batch, schema) for batch in _watched(answer.batches, uniform)):
            writer.write_table(table)
            yield sink.taken()
        shared = {name: text for name in columns.series if (text := uniform.one(name)) is not None}
        writer.add_key_value_metadata({"series_attributes": orjson.dumps(shared).decode()})
    yield sink.taken()


def _watched(batches: Iterable[Batch], uniform: Uniform) -> Iterator[Batch]:
    for batch in batches:
        uniform.see(batch)
        yield batch


def _gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        waiting.append(batch)
        count += batch.num_rows
        if count >= GROUP:
            yield _together(waiting)
            waiting, count = [], 0
    if waiting:
        yield _together(waiting)


def _together(batches: list[pa.RecordBatch]) -> pa.Table:
    table = pa.Table.from_batches(batches)
    return table if len(batches) == 1 else table.unify_dictionaries().combine_chunks()


@dataclass
class Frame:
    """Turns batches into record batches of one schema. ``dictionaries``: component -> code -> place; they only grow."""

    structure: Structure
    columns: Columns
    dictionaries: dict[str, dict[str, int]] = field(default_factory=dict)

    def schema(self, described: Mapping[str, Any]) -> pa.Schema:
        columns = self.columns
        fields = [self._coded(name) for name in columns.key]
        if columns.time:
            fields += [self._field(columns.time, pa.string()), pa.field(columns.time + START, pa.date32())]
        for name in columns.measures:
            numeric = is_number(self.structure.dsd.components[name])
            fields += [self._field(name, pa.float64())] if numeric else []
            fields.append(pa.field(name + EXACT, pa.string()) if numeric else self._field(name, pa.string()))
        fields += [self._coded(name) for name in (*columns.series, *columns.observation)]
        content = {**described, "numbers": NUMBERS, "units": [name for name in columns.series if name.startswith("UNIT_")]}
        return pa.schema(fields, metadata={"hub": orjson.dumps(content)})

    def _coded(self, name: str) -> pa.Field:
        # A dictionary of free texts would grow with the answer.
        return self._field(name, CODES if name in self.structure.codelists else pa.string())

    def _field(self, name: str, kind: pa.DataType) -> pa.Field:
        codelist = self.structure.codelists.get(name)
        names = {f"name_{lang}": text for lang, text in self.structure.names(name).items()}
        return pa.field(name, kind, metadata=names | ({"codelist": str(codelist.ref)} if codelist else {}))

    def record_batch(self, batch: Batch, schema: pa.Schema) -> pa.RecordBatch:
        """One row per observation; without observations one per series."""
        columns = self.columns
        series = batch.series_of if schema.names != [*columns.key, *columns.series] else np.arange(batch.series_count)
        arrays = [self._codes(name, column.take(series)) for name, column in zip(columns.key, batch.key, strict=True)]
        if columns.time:
            arrays += [_texts(batch.periods()), pa.array(_first_days(batch), pa.date32())]
        for name in columns.measures:
            arrays += self._numbers(batch, name)
        for name in columns.series:
            arrays.append(self._codes(name, coded(batch.series_attributes, name, batch.series_count).take(series)))
        for name in columns.observation:
            arrays.append(self._codes(name, coded(batch.attributes, name, batch.observations)))
        return pa.record_batch(arrays, schema=schema)

    def _numbers(self, batch: Batch, name: str) -> list[pa.Array]:
        column = numbers(batch, name)
        absent = pa.nulls(batch.observations, pa.string())
        exact = absent if column.texts is None else pa.array(column.texts, pa.string())
        if not is_number(self.structure.dsd.components[name]):
            return [exact]
        floats = column.floats
        if column.texts is not None:
            floats = floats.copy()
            for place in np.flatnonzero(exact.is_valid()).tolist():
                floats[place] = _nearest(column.texts[place])
        return [pa.array(floats, pa.float64(), mask=np.isnan(floats)), exact]

    def _codes(self, name: str, column: Coded) -> pa.Array:
        codelist = self.structure.codelists.get(name)
        if codelist is None:
            return _texts(column)
        known = self.dictionaries.get(name)
        if known is None:
            known = self.dictionaries[name] = {item.id: place for place, item in enumerate(codelist.items)}
        table = np.array([*(known.setdefault(text, len(known)) for text in column.texts), -1], np.int32)
        places = table[column.codes]
        return pa.DictionaryArray.from_arrays(pa.array(places, mask=places < 0), pa.array(known, pa.string()))


def _texts(column: Coded) -> pa.Array:
    places = pa.array(column.codes, mask=column.codes < 0)
    return pa.array(column.texts, pa.string()).take(places)


def _first_days(batch: Batch) -> NDArray[np.datetime64]:
    """The first day of each period."""
    days = np.full(batch.observations, np.datetime64("NaT"), "datetime64[D]")
    each = np.repeat(batch.frequencies, batch.counts)
    for frequency in occurring(batch.frequencies):
        mine = np.flatnonzero(each == frequency)
        distinct, places = np.unique(batch.ordinals[mine], return_inverse=True)
        starts = np.array([Period(frequency, one).start for one in distinct.tolist()] or [datetime.min], "datetime64[D]")
        days[mine] = starts[places]
    return days


def _nearest(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return np.nan
    return number if np.isfinite(number) else np.nan
