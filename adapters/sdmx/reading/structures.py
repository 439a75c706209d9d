"""SDMX structure messages into registry artefacts, through the readers of sdmx1. Its objects stop in this folder."""

from __future__ import annotations

import io
from collections import Counter
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from typing import Any

# Both before anything is read: the parsers of 3.0 are copied from those of 2.1, and reading changes these.
import sdmx.reader.xml.v21 as xml_21
import sdmx.reader.xml.v30 as xml_30
from lxml import etree
from sdmx.model import common

from adapters.sdmx.reading.components import data_structure, unrepresented
from adapters.sdmx.reading.nameable import items, maintainable, reference
from adapters.sdmx.reading.xml import events, local
from registry.errors import HubError, Invalid
from registry.model import AgencyScheme, Artefact, Codelist, ConceptScheme, Dataflow, DataStructure
from registry.ref import Kind, Ref

_SCHEMES: dict[type, tuple[Kind, type[Codelist] | type[ConceptScheme] | type[AgencyScheme]]] = {
    common.Codelist: (Kind.CODELIST, Codelist),
    common.ConceptScheme: (Kind.CONCEPT_SCHEME, ConceptScheme),
    common.AgencyScheme: (Kind.AGENCY_SCHEME, AgencyScheme),
}


@dataclass
class Structures:
    """What a structure message holds.

    ``partial``: item schemes of which the message holds only some items. ``unsupported``: artefacts the hub does not keep, by
    kind, and parts of artefacts that were left out. ``unrepresented``: components of a DSD that leave their representation to
    a concept which the message does not hold (see :class:`registry.model.Concept`).
    """

    artefacts: list[Artefact] = field(default_factory=list)
    partial: set[Ref] = field(default_factory=set)
    unsupported: Counter[str] = field(default_factory=Counter)
    unrepresented: dict[Ref, frozenset[str]] = field(default_factory=dict)


def from_sdmx_ml(content: bytes, version: str) -> Structures:
    """Artefacts of a message in SDMX-ML ``2.1`` or ``3.0``; :class:`Invalid` STRUCTURE_UNREADABLE where sdmx1 gives up."""
    plain = _mended(content, version)
    reader = (xml_30 if version == "3.0" else xml_21).Reader()
    try:
        with redirect_stdout(io.StringIO()):  # where sdmx1 prints its whole state before it raises
            return _convert(reader.convert(io.BytesIO(plain)))
    except HubError:
        raise
    except Exception as error:  # sdmx1 lets through whatever a message it did not expect makes its code raise
        raise Invalid("STRUCTURE_UNREADABLE", reason=f"{type(error).__name__}: {error}"[:200]) from error


def _mended(content: bytes, version: str) -> bytes:
    """The message once it is known to be safe; one in 3.0 with what sdmx1 reads wrongly there said as in 2.1."""
    root: etree._Element | None = None
    for event, element in events(io.BytesIO(content)):
        root = element if root is None else root
        if event == "end" and version == "2.1":
            element.clear()
        elif event == "end" and local(element) == "Attribute":
            _mend(element)
    return content if root is None or version == "2.1" else etree.tostring(root, encoding="utf-8")


def _mend(attribute: etree._Element) -> None:
    """Three things: ``usage``; the empty ``Dataflow`` as a relation, taken for a dataflow; and a relation to a ``Group``."""
    if usage := attribute.get("usage"):
        attribute.set("assignmentStatus", "Mandatory" if usage == "mandatory" else "Conditional")
    for child in attribute:
        for relation in list(child) if local(child) == "AttributeRelationship" else ():
            if local(relation) == "Dataflow":
                relation.tag = str(relation.tag).replace("}Dataflow", "}None")
            elif local(relation) == "Group":
                _spell_out(child, relation)


def _spell_out(relationship: etree._Element, group: etree._Element) -> None:
    """Name the dimensions of a group in its place."""
    relationship.remove(group)
    for above in relationship.iterancestors():
        for other in above if local(above) == "DataStructureComponents" else ():
            if local(other) == "Group" and other.get("id") == (group.text or "").strip():
                for part in other.iter():
                    if local(part) == "DimensionReference":
                        named = etree.SubElement(relationship, str(group.tag).replace("}Group", "}Dimension"))
                        named.text = part.text


def _convert(message: Any) -> Structures:
    found = Structures()
    for made in message.iter_objects(external_reference=False):
        artefact = _artefact(made, found.unsupported)
        if artefact is None:
            found.unsupported[type(made).__name__.removesuffix("Definition")] += 1
            continue
        found.artefacts.append(artefact)
        if getattr(made, "is_partial", None):
            found.partial.add(artefact.ref)
        if isinstance(artefact, DataStructure) and (parts := unrepresented(made)):
            found.unrepresented[artefact.ref] = parts
    return found


def _artefact(made: Any, unsupported: Counter[str]) -> Artefact | None:
    if type(made) in _SCHEMES:
        kind, scheme = _SCHEMES[type(made)]
        if getattr(made, "extends", None):
            unsupported["CodelistExtension"] += 1
        return scheme(**maintainable(made, kind), items=tuple(items(made, named=scheme is AgencyScheme)))
    if isinstance(made, common.BaseDataflow) and made.structure is not None:
        return Dataflow(**maintainable(made, Kind.DATAFLOW), structure=reference(made.structure, Kind.DATA_STRUCTURE))
    if isinstance(made, common.BaseDataStructureDefinition):
        return data_structure(maintainable(made, Kind.DATA_STRUCTURE), made, unsupported)
    return None
