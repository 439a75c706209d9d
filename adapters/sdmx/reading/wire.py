"""What a reader found, as frames of plain data and back: between the process that reads and the one that asked.

Artefacts travel as documents, as they are stored; observations as texts in Arrow's columns or JSON and numbers as their bytes.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from adapters.bounded import Frame, error_facts, error_of
from adapters.sdmx.reading.message import Fault, StructureMessage
from registry.document import from_document, to_document
from registry.errors import HubError
from registry.raw import Action, Described, Raw, RawColumn, RawDataSet, RawGroup, RawSeries, RawTable, RawValue, StructureUse
from registry.ref import Kind, Ref
from registry.registrations import Registration
from registry.submission import Purpose

_MESSAGE, _ARTEFACT, _FAULT = b"M", b"A", b"F"
_REGISTRATION = b"R"
_DATA_SET, _GROUP, _SERIES, _TABLE = b"D", b"G", b"S", b"T"
_SIZES = struct.Struct(">QQ")


def structure_frames(message: StructureMessage) -> Iterator[Frame]:
    """The head of the message, then its artefacts and faults."""
    head = {
        "version": message.version,
        "action": message.action,
        "id": message.id,
        "sender": message.sender,
        "prepared": message.prepared.isoformat() if message.prepared else None,
        "test": message.test,
        "labelled": message.labelled,
    }
    yield _MESSAGE, orjson.dumps(head)
    for made in message.artefacts:
        yield _ARTEFACT, orjson.dumps(to_document(made))
    for fault in message.faults:
        named = [fault.ref.kind, str(fault.ref)] if fault.ref else None
        yield _FAULT, orjson.dumps({"place": fault.place, "error": error_facts(fault.error), "ref": named})


def message_of(frames: Iterable[Frame]) -> StructureMessage:
    """The message that the frames tell."""
    artefacts, faults, head = [], [], dict[str, Any]()
    for sort, content in frames:
        told = orjson.loads(content)
        if sort == _ARTEFACT:
            try:
                artefacts.append(from_document(told))
            except HubError as error:  # what no document can hold, such as an agency that no reference can name
                faults.append(Fault(f"{told['kind']} {told['ref']}"[:200], error))
        elif sort == _FAULT:
            faults.append(Fault(told["place"], error_of(told["error"]), _named(told["ref"])))
        else:
            head = told
    head["action"] = Purpose(head["action"])
    head["prepared"] = datetime.fromisoformat(head["prepared"]) if head["prepared"] else None
    return StructureMessage(tuple(artefacts), tuple(faults), **head)


def _named(told: list[str] | None) -> Ref | None:
    """Who an artefact said it is, where that can be anybody."""
    try:
        return Ref.parse(told[1], Kind(told[0])) if told else None
    except HubError:
        return None


def registration_frames(found: Iterable[tuple[Purpose, Registration]]) -> Iterator[Frame]:
    """Registrations, each with what is to be done with it."""
    for purpose, one in found:
        yield _REGISTRATION, orjson.dumps([purpose, {**asdict(one), "agreement": str(one.agreement)}])


def registrations_told(frames: Iterable[Frame]) -> list[tuple[Purpose, Registration]]:
    """The registrations that the frames tell."""
    return [(Purpose(purpose), _registration(told)) for purpose, told in (orjson.loads(content) for _, content in frames)]


def _registration(told: dict[str, Any]) -> Registration:
    moments = {name: datetime.fromisoformat(told[name]) for name in ("valid_from", "valid_to", "updated_at") if told[name]}
    agreement = Ref.parse(told["agreement"], Kind.PROVISION_AGREEMENT)
    return Registration(**{**told, **moments, "agreement": agreement, "indexes": tuple(told["indexes"])})


def raw_frames(pieces: Iterable[Raw]) -> Iterator[Frame]:
    """A raw stream, piece by piece."""
    for piece in pieces:
        if isinstance(piece, RawTable):
            yield _TABLE, _table_bytes(piece)
        elif isinstance(piece, RawDataSet):
            use = piece.use
            named = [use.what, use.agency, use.id, use.version] if use else None
            rest = {"action": piece.action, "place": piece.place, "labelled": piece.labelled, "rows": piece.rows}
            yield _DATA_SET, _dumped({"use": named, "parts": piece.parts, **rest})
        elif isinstance(piece, RawGroup):
            yield _GROUP, _dumped(piece.parts)
        else:
            yield _SERIES, _dumped([piece.parts, piece.observations])


def raw_of(frames: Iterable[Frame]) -> Iterator[Raw]:
    """The raw stream that the frames tell."""
    for sort, content in frames:
        if sort == _TABLE:
            yield _table(content)
            continue
        told = json.loads(content)
        if sort == _DATA_SET:
            use = told.pop("use")
            named = StructureUse(Described(use[0]), *use[1:]) if use else None
            yield RawDataSet(named, Action(told.pop("action")), _parts(told.pop("parts")), **told)
        elif sort == _GROUP:
            yield RawGroup(_parts(told))
        else:
            parts, observations = told
            yield RawSeries(_parts(parts), [(number, _parts(own)) for number, own in observations])


def _dumped(value: object) -> bytes:
    # Texts of broken files may hold lone surrogates, which orjson does not write.
    return json.dumps(value).encode()


def _parts(told: Mapping[str, Any]) -> dict[str, RawValue]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}


def _table_bytes(table: RawTable) -> bytes:
    """The sizes of what follows; a head; then numbers, texts and places one after another."""
    blobs = [table.numbers.astype(np.int64).tobytes()]
    columns: list[list[Any]] = []
    for name, column in table.columns.items():
        texts, is_arrow = _texts_bytes(column.texts)
        places = b"" if column.places is None else column.places.astype(np.int64).tobytes()
        columns.append([name, is_arrow, len(texts), None if column.places is None else len(places)])
        blobs += [texts, places]
    head = _dumped({"columns": columns, "observed": table.observed, "shared": sorted(table.shared)})
    return b"".join([_SIZES.pack(len(head), len(blobs[0])), head, *blobs])


def _texts_bytes(texts: Any) -> tuple[bytes, bool]:
    if not isinstance(texts, pa.StringArray):
        return _dumped(list(texts)), False
    sink = pa.BufferOutputStream()
    batch = pa.record_batch([texts], names=["texts"])
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return sink.getvalue().to_pybytes(), True


def _table(content: bytes) -> RawTable:
    size, numbers = _SIZES.unpack_from(content)
    head = json.loads(content[_SIZES.size : _SIZES.size + size])
    left = memoryview(content)[_SIZES.size + size :]
    found, left = np.frombuffer(left[:numbers], np.int64), left[numbers:]
    columns = {}
    for name, is_arrow, texts, places in head["columns"]:
        read, left = _texts(left[:texts], is_arrow), left[texts:]
        columns[name] = RawColumn(read, None if places is None else np.frombuffer(left[:places], np.int64))
        left = left[places or 0 :]
    return RawTable(columns, found, head["observed"], frozenset(head["shared"]))


def _texts(content: memoryview, is_arrow: bool) -> Any:
    if not is_arrow:
        return [tuple(text) if isinstance(text, list) else text for text in json.loads(bytes(content))]
    (batch,) = pa.ipc.open_stream(pa.py_buffer(content))
    column = batch.column(0)
    column.validate(full=True)
    return column
