"""Metadata sets of SDMX-ML 2.1, generic or with elements of the names that their metadata structure gives.

A set may hold several reports: each is one by itself. Agency, id and version stand in an annotation where we wrote it; else the
agency is the provider (``AGENCY.PROVIDER``), or the sender, the id that of the set, or of the message, and the version 1.0.

Source: ``SDMXMetadataGeneric.xsd`` and ``SDMXMetadataStructureSpecific.xsd`` of SDMX 2.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from adapters.sdmx.elements import local
from adapters.sdmx.markup.grammar import Context, Node, bad
from adapters.sdmx.markup.metadata import TARGET_IDS
from adapters.sdmx.markup.oldreports import OLD_METADATA_SET, SUBJECTS, urn_in
from adapters.sdmx.markup.references import named_in
from adapters.sdmx.writing.xml import NAMESPACES
from registry.model import MetadataSet
from registry.ref import ItemRef, Kind, Ref, parse_urn

_TYPE = f"{{{NAMESPACES['xsi']}}}type"
_NOBODY = Ref(Kind.METADATA_SET, "-", "-")


@dataclass(frozen=True)
class OldHeader:
    """What of a header the sets need: who sent it, its id, and by ``structureID`` what sets are of."""

    agency: str = ""
    id: str = ""
    subjects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, element: etree._Element, facts: Mapping[str, Any]) -> OldHeader:
        node = Node(element, Context("2.1", _NOBODY))
        agency = _provider(node) or str(facts.get("sender") or "")
        subjects = {one.get("structureID") or "": dict(_subject(Node(one, node.context))) for one in node.all("Structure")}
        return cls(agency, str(facts.get("id") or ""), subjects)


def _subject(node: Node) -> Iterator[tuple[str, Any]]:
    for part in SUBJECTS.values():
        found: dict[str, Any] = {}
        part.read(node, found)
        yield from found.items()


def _provider(node: Node) -> str:
    """The provider as an agency: of ``ESTAT:DATA_PROVIDERS(1.0).ESTAT`` the agency itself."""
    if (child := node.one("DataProvider")) is None:
        return ""
    named = named_in(child, "DataProvider", node.context.ref)
    if not isinstance(named, ItemRef):
        raise bad(child, "", str(named))
    return named.id if named.id == named.of.agency else f"{named.of.agency}.{named.id}"


def old_reports(element: etree._Element, header: OldHeader) -> list[MetadataSet]:
    """The reports of a set."""
    if element.find("{*}Report") is None:
        raise bad(element, "Report")
    if element.get(_TYPE) is not None:
        element = _generic(element)
    ref, subject = _ref(element, header), _subject_of(element, header)
    reports = element.findall("{*}Report")
    for report in reports:
        element.remove(report)
    numbers = [f"_{number}" for number in range(1, len(reports) + 1)] if len(reports) > 1 else [""]
    return [_report(element, one, replace(ref, id=ref.id + n), subject) for one, n in zip(reports, numbers, strict=True)]


def _report(element: etree._Element, report: etree._Element, ref: Ref, subject: Mapping[str, Any]) -> MetadataSet:
    """The set with one of its reports."""
    element.append(report)
    made: MetadataSet = OLD_METADATA_SET.read(element, Context("2.1", ref))
    element.remove(report)
    return replace(made, **subject)


def _subject_of(element: etree._Element, header: OldHeader) -> Mapping[str, Any]:
    name = element.get("structureRef") or ""
    if not header.subjects.get(name):
        raise bad(element, "structureRef", name)
    return header.subjects[name]


def _ref(element: etree._Element, header: OldHeader) -> Ref:
    node = Node(element, Context("2.1", _NOBODY))
    if urn := urn_in(node):
        named = parse_urn(urn)
        if isinstance(named, Ref) and named.kind is Kind.METADATA_SET:
            return named
    agency, id_ = _provider(node) or header.agency, element.get("setID") or header.id
    if not agency or not id_:
        raise bad(element, "setID" if agency else "DataProvider")
    return Ref(Kind.METADATA_SET, agency, id_)


# Elements of names of their own


def _generic(of: etree._Element) -> etree._Element:
    """The set as a generic one: what is a type or a name there is an id here."""
    made = _copied(of, "MetadataSet", {local_name(name): str(value) for name, value in of.attrib.items()})
    for child in [*of]:
        made.append(_of_report(child) if local(child) == "Report" else child)
    return made


def local_name(name: Any) -> str:
    """A name without its namespace."""
    return str(name).rpartition("}")[2]


def _copied(of: etree._Element, tag: str, attributes: Mapping[str, str]) -> etree._Element:
    made = etree.Element(tag, dict(attributes))
    made.sourceline = of.sourceline
    return made


def _of_report(report: etree._Element) -> etree._Element:
    made = _copied(report, "Report", {"id": report.get("id") or _typed(report)})
    for child in [*report]:
        name = local(child)
        made.append(_of_target(child) if name == "Target" else _of_fields(child) if name == "AttributeSet" else child)
    return made


def _of_target(target: etree._Element) -> etree._Element:
    made = _copied(target, "Target", {"id": target.get("id") or _typed(target)})
    for value in target:
        part = _copied(value, "ReferenceValue", {"id": value.get("id") or _typed(value)})
        part.extend([*value])
        made.append(part)
    return made


def _typed(of: etree._Element) -> str:
    """The id that a type of the schema is named after: ``REPORT``, ``REPORT.TARGET``, ``TARGET.PART``."""
    name = (of.get(_TYPE) or "").rpartition(":")[2].rpartition(".")[2]
    return TARGET_IDS.get(name, name)


def _of_fields(fields: etree._Element) -> etree._Element:
    made = _copied(fields, "AttributeSet", {})
    for one in fields:
        said = {"value": one.get("value") or ""} if one.get("value") is not None else {}
        field = _copied(one, "ReportedAttribute", {"id": one.get("id") or local(one), **said})
        for child in [*one]:
            field.append(_of_fields(child) if local(child) == "AttributeSet" else child)
        made.append(field)
    return made
