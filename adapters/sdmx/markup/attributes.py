"""Groups and attributes of data structures, and what attributes describe.

Source: ``SDMXStructureDataStructure.xsd`` of SDMX 2.1, 3.0, 3.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.sdmx.markup.common import ANNOTATIONS, LINK, Urn
from adapters.sdmx.markup.components import FULL_LOOKS, PRIMARY, ROLES, SIMPLE_LOOKS, USAGE, component
from adapters.sdmx.markup.grammar import Context, Node, Out, Part, Record, bad, new, old
from adapters.sdmx.markup.holding import Choice, Within
from adapters.sdmx.markup.parts import Attr, Many, Texts
from adapters.sdmx.markup.references import Local, RefTo, local_id_in, local_ref
from adapters.sdmx.markup.values import ID, NCNAME, URI, Unfit, Value
from adapters.sdmx.writing.xml import element
from registry.model import (
    Attribute,
    Group,
    Level,
    MetadataAttributeUsage,
)
from registry.ref import Kind

# Groups


@dataclass(frozen=True)
class GroupKey(Part):
    """The dimensions of a group, an element around each."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("dimensions",)

    def write(self, of: Any, out: Out) -> None:
        if not of.dimensions:
            raise Unfit("ML_TOO_FEW")
        for one in of.dimensions:
            inner = local_ref("str:DimensionReference", NCNAME.write(one), out.context.version)
            out.content.append(element("str:GroupDimension", content=inner))

    def read(self, node: Node, found: dict[str, Any]) -> None:
        inner = (Node(child, node.context).one("DimensionReference") for child in node.all("GroupDimension"))
        found["dimensions"] = tuple(local_id_in(one) for one in inner if one is not None)
        node.context.groups[str(found.get("id"))] = found["dimensions"]


GROUP = Record(
    Group,
    (
        Attr("id", "id", ID, required=True),
        Urn("GroupDimensionDescriptor"),
        Attr("uri", "uri", URI),
        ANNOTATIONS,
        old(
            Choice(
                (
                    (GroupKey(),),
                    (RefTo("constraint", "str:AttachmentConstraint", (Kind.ATTACHMENT_CONSTRAINT,), required=True),),
                ),
                required=True,
            )
        ),
        new(GroupKey()),
    ),
)

# Attributes


@dataclass(frozen=True)
class Relationship(Part):
    """What an attribute describes: the data set, a group, the series, some dimensions or the observation."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("level", "dimensions", "optional_dimensions", "group", "attachment_groups")

    def write(self, of: Any, out: Out) -> None:
        content = self._content(of, out.context)
        out.content.append(element(_RELATIONSHIP, content=content))
        unsaid = {
            "optional_dimensions": of.optional_dimensions and 'optional="' not in content,
            "attachment_groups": getattr(of, "attachment_groups", ()) and "str:AttachmentGroup" not in content,
            "group": of.group and "str:Group" not in content,
        }
        for name in (name for name, lost in unsaid.items() if lost):
            out.lose(name, "ML_NO_PLACE")

    def _content(self, of: Any, context: Context) -> str:
        if of.level == Level.DATA_SET:
            return element("str:None" if context.version == "2.1" else "str:Dataflow")
        if of.level == Level.GROUP and of.group in context.groups:
            return local_ref("str:Group", ID.write(of.group), context.version)
        if of.level == Level.OBSERVATION and not of.dimensions:
            old_way = local_ref("str:PrimaryMeasure", PRIMARY, "2.1")
            return old_way if context.version == "2.1" else element("str:Observation")
        return self._dimensions(of, context)

    def _dimensions(self, of: Any, context: Context) -> str:
        ids = context.key if of.level == Level.SERIES else of.dimensions
        if not ids:
            raise Unfit("ML_TOO_FEW")
        content = "".join(_dimension(one, one in of.optional_dimensions, context.version) for one in ids)
        groups = getattr(of, "attachment_groups", ()) if context.version == "2.1" else ()
        return content + "".join(local_ref("str:AttachmentGroup", ID.write(one), "2.1") for one in groups)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        relation = node.one(_RELATIONSHIP)
        if relation is None:
            raise bad(node.of, _RELATIONSHIP)
        found |= _related(Node(relation, node.context))


_RELATIONSHIP = "str:AttributeRelationship"


def _dimension(id_: str, optional: bool, version: str) -> str:
    if version == "2.1":
        return local_ref("str:Dimension", NCNAME.write(id_), version)
    return element("str:Dimension", {"optional": "true" if optional else None}, NCNAME.write(id_))


def _related(node: Node) -> Mapping[str, Any]:
    if (group := node.one("Group")) is not None:
        named = local_id_in(group)
        return {"level": Level.GROUP, "group": named, "dimensions": node.context.groups.get(named, ())}
    ids = tuple(local_id_in(one) for one in node.all("Dimension"))
    if not ids:
        whole = node.one("None") is not None or node.one("Dataflow") is not None
        return {"level": Level.DATA_SET if whole else Level.OBSERVATION}
    found: dict[str, Any] = {
        "optional_dimensions": tuple(local_id_in(one) for one in node.all("Dimension") if one.get("optional") in ("true", "1"))
    }
    if groups := node.all("AttachmentGroup"):
        found["attachment_groups"] = tuple(map(local_id_in, groups))
    return found | _level(ids, node.context)


def _level(ids: tuple[str, ...], context: Context) -> dict[str, Any]:
    if context.time in ids:
        whole = {*context.key, context.time} <= set(ids)
        return {"level": Level.OBSERVATION, "dimensions": () if whole else ids}
    if set(ids) == set(context.key):
        return {"level": Level.SERIES}
    return {"level": Level.GROUP, "dimensions": ids}


_MANDATORY = Value(lambda found: "Mandatory" if found else "Conditional", lambda text: text.strip().lower() == "mandatory")
ATTRIBUTE = Record(
    Attribute,
    (
        *component("DataAttribute"),
        old(Attr("mandatory", "assignmentStatus", _MANDATORY, required=True), SIMPLE_LOOKS),
        new(Attr("mandatory", "usage", USAGE), FULL_LOOKS),
        ROLES,
        Relationship(),
        new(Within("str:MeasureRelationship", (Texts("measures", "str:Measure", NCNAME, whole=True),))),
    ),
)
METADATA_USAGE = Record(
    MetadataAttributeUsage,
    (
        Attr("uri", "uri", URI),
        ANNOTATIONS,
        Many("links", "com:Link", LINK, most=1),
        Local("attribute", "str:MetadataAttributeReference", NCNAME, required=True),
        Relationship(),
    ),
)
