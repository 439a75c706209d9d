"""Metadata messages in SDMX-ML 2.1, 3.0 and 3.1, every report by itself.

Source: ``GenericMetadataType`` of ``SDMXMessage.xsd``, ``SDMXMetadataGeneric.xsd`` of SDMX 2.1, 3.0 and 3.1; for 2.1 also
``SDMXMetadataStructureSpecific.xsd``.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from lxml import etree

from adapters.sdmx.elements import local
from adapters.sdmx.markup.grammar import Context
from adapters.sdmx.markup.reports import METADATA_SET
from adapters.sdmx.reading.markup_structures import header_of, ref_of, version_of
from adapters.sdmx.reading.message import Fault, StructureMessage
from adapters.sdmx.reading.oldmetadata import OldHeader, old_reports
from adapters.sdmx.reading.xml import events
from registry.errors import HubError, Invalid
from registry.model import Artefact, MetadataSet
from registry.ref import Kind

ROOTS = ("GenericMetadata", "StructureSpecificMetadata")


def read_markup_metadata(stream: BinaryIO) -> StructureMessage:
    """The message; :class:`Invalid` XML_BROKEN, XML_UNSAFE, or STRUCTURE_UNREADABLE where it is none of a version we read."""
    version, depth = "", 0
    header: dict[str, Any] = {}
    old = OldHeader()
    sets: list[Artefact] = []
    faults: list[Fault] = []
    for event, element in events(stream):
        if event == "start":
            depth += 1
            version = version or _version(element)
            continue
        if depth == 2 and local(element) == "Header":
            header |= header_of(element)
            old = OldHeader.of(element, header)
        elif depth == 2 and local(element) == "MetadataSet":
            try:
                sets += old_reports(element, old) if version == "2.1" else [_read(element, version)]
            except HubError as error:
                faults.append(Fault(f"MetadataSet[{len(sets) + len(faults)}]", error))
            element.clear()
        depth -= 1
    return StructureMessage(tuple(sets), tuple(faults), version, **header)


def _version(root: etree._Element) -> str:
    version = version_of(root)
    if local(root) not in (ROOTS if version == "2.1" else ROOTS[:1]):
        raise Invalid("STRUCTURE_UNREADABLE", reason=f"<{local(root)}> (SDMX-ML {version})")
    return version


def _read(element: etree._Element, version: str) -> MetadataSet:
    context = Context(version, ref_of(element, Kind.METADATA_SET, version))
    found: MetadataSet = METADATA_SET.read(element, context)
    return found
