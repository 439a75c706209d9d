"""Metadata messages in SDMX-JSON 2.0 and 2.1, report by report.

Source: sdmx-twg/sdmx-json, field guides of the metadata message.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import orjson

from adapters.sdmx.jsonshape.reports import metadata_set
from adapters.sdmx.jsonshape.ways import NO_VALUE, NOTHING, Loss, Losses
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.jsonheader import header_meta, opening
from adapters.sdmx.writing.jsonstructures import languages_of
from registry.model import MetadataSet
from registry.ref import Kind, Ref


def json_metadata(version: str, header: Header, sets: Sequence[MetadataSet]) -> Iterator[bytes]:
    """The message in pieces; what the version cannot hold is left out."""
    meta = header_meta(header, (), languages_of(one.names for one in sets))
    yield opening(version, "metadata", meta) + b',"data":{"metadataSets":['
    comma = b""
    for one in sets:
        said = metadata_set(version).write(one, _place(one), [])
        if said is not NOTHING:
            yield comma + orjson.dumps(said)
            comma = b","
    yield b"]}}"


def json_metadata_unheld(version: str, one: MetadataSet) -> list[Loss]:
    """What the version cannot hold of a report; the place is empty for the whole of it."""
    losses: Losses = []
    said = metadata_set(version).write(one, _place(one), losses)
    return [Loss("", NO_VALUE)] if said is NOTHING else losses


def _place(one: MetadataSet) -> Ref:
    """What the report is in: its flow, where that is said."""
    return one.metadataflow or Ref(Kind.METADATAFLOW, one.agency, one.id)
