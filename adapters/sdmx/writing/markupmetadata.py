"""Metadata messages in SDMX-ML 3.0 and 3.1. What the version cannot hold is left out, and a footer says so.

Source: ``GenericMetadataType`` of ``SDMXMessage.xsd``, ``SDMXMetadataGeneric.xsd`` of SDMX 3.0 and 3.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from adapters.sdmx.markup.grammar import Context
from adapters.sdmx.markup.reports import METADATA_SET
from adapters.sdmx.markup.values import Unfit
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.markup_structures import footer
from adapters.sdmx.writing.shown import Lost, Shown, StructureFormat, presented
from adapters.sdmx.writing.xml import DECLARATION, chunks, declared, element, opening
from registry.model import MetadataSet
from registry.ref import Ref


def _message(version: str, header: Header, shown: Sequence[Shown]) -> Iterator[str]:
    """The header names the flow of each report."""
    lost = list(header.lacking)
    reports = [text for one in shown if (text := _written(version, one, lost)) is not None]
    flows = dict.fromkeys(flow.urn for one in shown if (flow := _flow(one)) is not None)
    numbered = "".join(
        element("mes:Structure", {"structureID": f"S{number}"}, element("com:StructureUsage", content=urn))
        for number, urn in enumerate(flows)
    )
    yield DECLARATION + opening("mes:GenericMetadata", declared("mes", "com", "md", version=version)) + header.xml(numbered)
    yield from reports
    yield f"{footer(version, lost)}</mes:GenericMetadata>"


def _written(version: str, one: Shown, lost: list[Lost]) -> str | None:
    """A report; None where the version cannot hold it: the header has no word for one that is not of a flow."""
    ref, mark = one.artefact.ref, len(lost)
    try:
        if _flow(one) is None:
            raise Unfit("ML_TOO_FEW")
        return METADATA_SET.write("mes:MetadataSet", presented(one), Context(version, ref, lost), "")
    except Unfit as unfit:
        lost[mark:] = [Lost(ref, "", unfit.reason)]
        return None


def _flow(one: Shown) -> Ref | None:
    return one.artefact.metadataflow if isinstance(one.artefact, MetadataSet) else None


def _write(version: str, header: Header, shown: Sequence[Shown]) -> Iterator[bytes]:
    return chunks(_message(version, header, shown))


def _unheld(version: str, one: Shown) -> list[Lost]:
    lost: list[Lost] = []
    _written(version, one, lost)
    return lost


ML_METADATA = {
    name: StructureFormat("sdmx-ml", name, partial(_write, version), partial(_unheld, version))
    for name, version in (("3.0.0", "3.0"), ("3.1.0", "3.1"))
}
"""The formats by version."""
