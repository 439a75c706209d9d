"""Metadata messages in SDMX-ML 2.1, 3.0 and 3.1. What the version cannot hold is left out, and a footer says so.

Source: ``GenericMetadataType`` of ``SDMXMessage.xsd``, ``SDMXMetadataGeneric.xsd`` of SDMX 2.1, 3.0 and 3.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from adapters.sdmx.markup.grammar import Context, Out
from adapters.sdmx.markup.oldreports import OLD_METADATA_SET, SUBJECTS, subject_of
from adapters.sdmx.markup.references import written
from adapters.sdmx.markup.reports import METADATA_SET
from adapters.sdmx.markup.values import Unfit
from adapters.sdmx.writing.footer import footer
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.shown import Lost, Shown, StructureFormat, presented
from adapters.sdmx.writing.xml import DECLARATION, chunks, declared, element, opening
from registry.model import MetadataSet
from registry.ref import Ref


def _message(version: str, header: Header, shown: Sequence[Shown]) -> Iterator[str]:
    """The header names what the reports are of."""
    lost = list(header.lacking)
    names = structures(version, shown)
    reports = [text for one in shown if (text := generic_set(version, one, lost, names)) is not None]
    numbered = "".join(element("mes:Structure", {"structureID": name}, subject(one, version)) for one, name in names.items())
    yield DECLARATION + opening("mes:GenericMetadata", declared("mes", "com", "md", version=version)) + header.xml(numbered)
    yield from reports
    yield f"{footer(version, lost)}</mes:GenericMetadata>"


def structures(version: str, shown: Sequence[Shown]) -> dict[Ref, str]:
    """What the reports are of, by the id that each has in the header."""
    found = filter(None, (_subject(version, one) for one in shown))
    return {of: f"S{number}" for number, of in enumerate(dict.fromkeys(found))}


def subject(of: Ref, version: str) -> str:
    """The header's word on what reports are of."""
    return element(SUBJECTS[of.kind].tag, content=written(of, version))


def generic_set(version: str, one: Shown, lost: list[Lost], names: Mapping[Ref, str]) -> str | None:
    """A report; None where the version cannot hold it: the header has no word for one that is of an agreement only."""
    ref, mark = one.artefact.ref, len(lost)
    try:
        if (of := _subject(version, one)) is None:
            raise Unfit("ML_TOO_FEW")
        out = Out(Context(version, ref, lost), "")
        if version == "2.1":
            out.attribute("structureRef", names[of])
        (OLD_METADATA_SET if version == "2.1" else METADATA_SET).fill(out, presented(one))
        return out.closed("mes:MetadataSet")
    except Unfit as unfit:
        lost[mark:] = [Lost(ref, "", unfit.reason)]
        return None


def _subject(version: str, one: Shown) -> Ref | None:
    """What the header names of a report: in SDMX 3.x only a flow."""
    if not isinstance(one.artefact, MetadataSet):
        return None
    return subject_of(one.artefact) if version == "2.1" else one.artefact.metadataflow


def _write(version: str, header: Header, shown: Sequence[Shown]) -> Iterator[bytes]:
    return chunks(_message(version, header, shown))


def _unheld(version: str, one: Shown) -> list[Lost]:
    lost: list[Lost] = []
    generic_set(version, one, lost, structures(version, [one]))
    return lost


ML_METADATA = {
    name: StructureFormat("sdmx-ml", name, partial(_write, version), partial(_unheld, version))
    for name, version in (("2.1", "2.1"), ("3.0.0", "3.0"), ("3.1.0", "3.1"))
}
"""The formats by version."""
