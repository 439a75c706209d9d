"""Metadata messages in SDMX-JSON 2.0 and 2.1, report by report.

Source: sdmx-twg/sdmx-json, field guides of the metadata message; for stubs SDMX REST 2.2.2, "Metadata queries", "detail".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import orjson

from adapters.sdmx.jsonshape.references import SECOND, THIRD
from adapters.sdmx.jsonshape.reports import METADATA_SETS, metadata_set
from adapters.sdmx.jsonshape.ways import NO_PLACE, NO_VALUE, NOTHING, Losses
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.jsonheader import header_meta, opening
from adapters.sdmx.writing.jsonstructures import languages_of
from adapters.sdmx.writing.shown import Form, Lost, Shown, StructureFormat, presented
from registry.model import Artefact, Link, MetadataSet, ReportedAttribute


def _write(version: str, header: Header, shown: Sequence[Shown]) -> Iterator[bytes]:
    meta = header_meta(header, header.languages, languages_of(one.artefact.names for one in shown))
    yield opening(version, "metadata", meta) + b',"data":{"' + METADATA_SETS.encode() + b'":['
    comma = b""
    for one in shown:
        said = metadata_set(version).write(_said(one), one.artefact.ref, [])
        if said is not NOTHING:
            yield comma + orjson.dumps(said)
            comma = b","
    yield b"]}}"


def _unheld(version: str, one: Shown) -> list[Lost]:
    ref = one.artefact.ref
    if not isinstance(one.artefact, MetadataSet):
        return [Lost(ref, "", NO_PLACE)]
    losses: Losses = []
    if metadata_set(version).write(_said(one), ref, losses) is NOTHING:
        return [Lost(ref, "", NO_VALUE)]
    return [Lost(ref, loss.place, loss.reason) for loss in losses]


def _said(one: Shown) -> Artefact:
    """The report. The schema knows no stub: it wants a subject, targets and a field, of which a stub says only the id."""
    whole = one.artefact
    if one.form is Form.FULL or not isinstance(whole, MetadataSet):
        return whole
    bare = tuple(ReportedAttribute(id=first.id) for first in whole.attributes[:1])
    about: dict[str, Any] = {name: getattr(whole, name) for name in ("metadataflow", "provision", "targets")}
    about |= {"attributes": bare, "structure_url": ""}
    links = (Link(rel="self", url=one.address, urn=whole.ref.urn),) if one.address else ()
    return replace(presented(one), **about, links=links)


JSON_METADATA: dict[str, StructureFormat] = {
    version: StructureFormat("sdmx-json", version, partial(_write, version), partial(_unheld, version))
    for version in (SECOND, THIRD)
}
"""The formats by version."""
