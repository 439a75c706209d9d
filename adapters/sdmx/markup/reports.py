"""Metadata sets in SDMX-ML 3.0 and 3.1; those of 2.1 are in :mod:`adapters.sdmx.markup.oldreports`.

Source: ``MetadataSetType`` and ``AttributeType`` of ``SDMXMetadataGeneric.xsd``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from adapters.sdmx.markup.common import ANNOTATIONS, artefact
from adapters.sdmx.markup.grammar import Node, Out, Part, Record
from adapters.sdmx.markup.parts import XML_LANG, Attr, Many, Words, taken
from adapters.sdmx.markup.references import RefsTo, RefTo
from adapters.sdmx.markup.values import ID, PERIOD, WILDCARD, Unfit, Value, matching, plain
from registry.model import Format, MetadataSet, ReportedAttribute
from registry.ref import ItemRef, Kind, Ref, parse_target

YEAR = matching(r"\d{4}(?:Z|[+-]\d{2}:\d{2})?")
BASIC_PERIOD = matching(
    r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?)?)?)?(?:Z|[+-]\d{2}:\d{2})?"
)


@dataclass(frozen=True)
class Spoken(Words):
    """Texts in languages; structured ones are XHTML, which is then the format. Which has no other place."""

    def read(self, node: Node, found: dict[str, Any]) -> None:
        if structured := node.all("StructuredText"):
            found[self.field] = {one.get(XML_LANG) or "en": _inside(one) for one in structured}
            found["format"] = Format(text_type="XHTML")
        else:
            super().read(node, found)


TEXTS = Spoken("texts", "com:Text")


@dataclass(frozen=True)
class Said(Part):
    """One value, or texts by language. What has both is not understood."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("value", "texts")

    def write(self, of: Any, out: Out) -> None:
        if of.value is not None and of.texts:
            raise Unfit("ML_TWICE")
        if of.value is not None:
            out.text("md:Value", plain(of.value))
        else:
            TEXTS.write(of, out)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        if (value := node.one("Value")) is not None:
            found["value"] = value.text or ""
        TEXTS.read(node, found)


def _inside(one: etree._Element) -> str:
    """The XHTML in an element, as text."""
    parts = (etree.tostring(part, method="c14n", exclusive=True, with_tail=False).decode() + (part.tail or "") for part in one)
    return (one.text or "") + "".join(parts)


@dataclass(frozen=True)
class Fields(Many):
    """The fields of a report. One with several values comes several times, as in other formats."""

    def read(self, node: Node, found: dict[str, Any]) -> None:
        found[self.field] = tuple(one for element in node.all(self.tag) for one in _each(element, node))


def _each(element: etree._Element, node: Node) -> Iterator[ReportedAttribute]:
    first: ReportedAttribute = REPORTED.read(element, node.context)
    yield first
    for value in Node(element, node.context).all("Value")[1:]:
        yield ReportedAttribute(id=first.id, value=value.text or "")


def _reported() -> Record:
    return REPORTED


REPORTED: Record = Record(
    ReportedAttribute,
    (
        Attr("id", "id", ID, required=True),
        ANNOTATIONS,
        Said(),
        Fields("children", "md:Attribute", _reported, distinct=""),
    ),
)


@dataclass(frozen=True)
class Subject(Part):
    """A metadata flow or an agreement; of both only the flow can be said."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("metadataflow", "provision")

    def write(self, of: Any, out: Out) -> None:
        chosen = _FLOW if of.metadataflow is not None else _AGREEMENT
        chosen.write(of, out)
        if chosen is _FLOW and of.provision is not None:
            out.lose("provision", "ML_NO_PLACE")

    def read(self, node: Node, found: dict[str, Any]) -> None:
        _FLOW.read(node, found)
        _AGREEMENT.read(node, found)


_FLOW = RefTo("metadataflow", "md:Metadataflow", (Kind.METADATAFLOW,), required=True)
_AGREEMENT = RefTo("provision", "md:MetadataProvisionAgreement", (Kind.METADATA_PROVISION_AGREEMENT,), required=True)


@dataclass(frozen=True)
class Content(Part):
    """What it is about and what it says: all of it, or in a stub nothing."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("metadataflow", "provision", "targets", "attributes")

    def write(self, of: Any, out: Out) -> None:
        if of.is_external_reference and not of.targets and not of.attributes:
            for name in ("metadataflow", "provision"):
                if getattr(of, name) is not None:
                    out.lose(name, "ML_NO_PLACE")
            return
        for part in _CONTENT:
            part.write(of, out)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        for part in _CONTENT:
            part.read(node, found)


@dataclass(frozen=True)
class Targets(RefsTo):
    """What a report is about, perhaps all that fits a URN with wildcards."""

    def content(self, named: Ref | ItemRef | None, out: Out) -> str:
        if named is None or "*" not in named.urn:
            return super().content(named, out)
        return WILDCARD.write(named.urn)

    def named(self, child: etree._Element, node: Node) -> Ref | ItemRef:
        text = (child.text or "").strip()
        return taken(child, "", TARGET, text) if "*" in text else super().named(child, node)


TARGET = Value(str, parse_target)
_CONTENT = (
    Subject(),
    Targets("targets", "md:Target", least=1),
    Fields("attributes", "md:Attribute", _reported, least=1, distinct=""),
)

METADATA_SET = artefact(
    Kind.METADATA_SET,
    MetadataSet,
    Attr("publication_period", "publicationPeriod", PERIOD),
    Attr("publication_year", "publicationYear", YEAR),
    Attr("reporting_begin", "reportingBeginDate", BASIC_PERIOD),
    Attr("reporting_end", "reportingEndDate", BASIC_PERIOD),
    Content(),
)
