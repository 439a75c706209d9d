"""Data structures, flows and agreements.

Source: ``SDMXStructureDataStructure.xsd``, ``SDMXStructureDataflow.xsd``, ``SDMXStructureProvisionAgreement.xsd`` of SDMX 2.1,
3.0, 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from adapters.sdmx.elements import local
from adapters.sdmx.markup.attributes import ATTRIBUTE, GROUP, METADATA_USAGE
from adapters.sdmx.markup.common import ANNOTATIONS, LINKS, artefact
from adapters.sdmx.markup.components import MEASURE, PRIMARY, PRIMARY_MEASURE, Dimensions
from adapters.sdmx.markup.grammar import Node, Only, Out, Part, Record, flat, new, old, only_31
from adapters.sdmx.markup.holding import Within, fields_of
from adapters.sdmx.markup.parts import Attr, Many, Texts
from adapters.sdmx.markup.references import RefTo
from adapters.sdmx.markup.values import BOOLEAN, ID, URI, Unfit
from registry.model import (
    ComponentList,
    Dataflow,
    DataStructure,
    Measure,
    ProvisionAgreement,
)
from registry.ref import Kind


@dataclass(frozen=True)
class Lists(Part):
    """Elements below a list, with what is said of the list itself."""

    tag: str
    descriptor: str
    parts: tuple[Part | Only, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        return (*fields_of(self.parts), "lists")

    def covers(self, version: str) -> tuple[str, ...]:
        return ("lists", *(name for part in flat(self.parts, version) for name in part.covers(version)))

    def write(self, of: Any, out: Out) -> None:
        inside = out.inside()
        for part in flat(self.parts, out.context.version):
            part.write(of, inside)
        said = of.lists.get(self.descriptor, ComponentList())
        if not inside.content:
            if said != ComponentList():
                out.lose("lists", "ML_NO_PLACE", self.descriptor)
            return
        first = Out(out.context, out.under("lists", self.descriptor))
        first.attribute("id", self.descriptor)
        _LIST.fill(first, said)
        first.content += inside.content
        out.content.append(first.closed(self.tag))

    def read(self, node: Node, found: dict[str, Any]) -> None:
        if (child := node.one(self.tag)) is None:
            return
        inside = Node(child, node.context)
        if (said := _LIST.read(child, node.context)) != ComponentList():
            found["lists"] = {**found.get("lists", {}), self.descriptor: said}
        for part in flat(self.parts, node.context.version):
            part.read(inside, found)


_LIST = Record(ComponentList, (Attr("uri", "uri", URI), ANNOTATIONS, LINKS))


def other_lists(of: Any, known: frozenset[str], out: Out) -> None:
    """Name what is said of lists that there are not."""
    for name in of.lists:
        if name not in known:
            out.lose("lists", "ML_NO_PLACE", name)


@dataclass(frozen=True)
class Attributes(Part):
    """Attributes of data and of metadata, in the order in which they come."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("attributes", "metadata_usages")

    def covers(self, version: str) -> tuple[str, ...]:
        return self.fields if version != "2.1" else ("attributes",)

    def write(self, of: Any, out: Out) -> None:
        _ATTRIBUTES.write(of, out)
        if out.context.version != "2.1":
            _USAGES.write(of, out)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        found["attributes"] = tuple(
            ATTRIBUTE.read(one, node.context) for one in node.of if local(one) in ("Attribute", "ReportingYearStartDay")
        )
        _USAGES.read(node, found)


_ATTRIBUTES = Many("attributes", "str:Attribute", ATTRIBUTE)
_USAGES = Many("metadata_usages", "str:MetadataAttributeUsage", METADATA_USAGE)


@dataclass(frozen=True)
class Primary(Part):
    """The one measure of SDMX 2.1. It must be there, so that other measures are said as this one, and named as lost."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("measures",)

    def write(self, of: Any, out: Out) -> None:
        ids = [one.id for one in of.measures]
        if ids != [PRIMARY]:
            out.lose("measures", "ML_ONE_MEASURE")
        mark = len(out.context.lost)
        shown = replace(of.measures[0], id=PRIMARY) if of.measures else Measure(id=PRIMARY)
        out.content.append(PRIMARY_MEASURE.write("str:PrimaryMeasure", shown, out.context, out.under("measures", 0)))
        if ids != [PRIMARY]:
            del out.context.lost[mark:]

    def read(self, node: Node, found: dict[str, Any]) -> None:
        Many("measures", "str:PrimaryMeasure", PRIMARY_MEASURE).read(node, found)


_DESCRIPTORS = frozenset({"DimensionDescriptor", "AttributeDescriptor", "MeasureDescriptor"})


@dataclass(frozen=True)
class Components(Part):
    """The lists of a data structure. What attributes describe is said in terms of the dimensions and groups before them."""

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(fields_of(_COMPONENTS))

    def covers(self, version: str) -> tuple[str, ...]:
        return tuple(name for part in flat(_COMPONENTS, version) for name in part.covers(version))

    def write(self, of: Any, out: Out) -> None:
        other_lists(of, _DESCRIPTORS, out)
        ids = [one.id for one in (*of.dimensions, *of.groups, *of.attributes, *of.measures)]
        if len(set(ids)) < len(ids):
            raise Unfit("ML_TWICE")
        if not of.dimensions:
            self._without(of, out)
            return
        out.context.key, out.context.groups = of.key, of.group_keys
        out.context.time = of.time.id if of.time else ""
        Within(_TAG, _COMPONENTS).write(of, out)

    def _without(self, of: Any, out: Out) -> None:
        """A structure may be without components, as a stub is; but then it has none at all."""
        for name in ("attributes", "measures", "groups", "metadata_usages", "lists"):
            if getattr(of, name):
                out.lose(name, "ML_TOO_FEW")

    def read(self, node: Node, found: dict[str, Any]) -> None:
        found |= {"dimensions": (), "measures": ()}
        Within(_TAG, _COMPONENTS).read(node, found)
        if found["dimensions"] and node.context.version == "2.1" and not found["measures"]:
            found["measures"] = (Measure(id=PRIMARY),)


_TAG = "str:DataStructureComponents"
_COMPONENTS: tuple[Part | Only, ...] = (
    Lists("str:DimensionList", "DimensionDescriptor", (Dimensions(),)),
    Many("groups", "str:Group", GROUP),
    Lists("str:AttributeList", "AttributeDescriptor", (Attributes(),)),
    old(Lists("str:MeasureList", "MeasureDescriptor", (Primary(),))),
    new(Lists("str:MeasureList", "MeasureDescriptor", (Many("measures", "str:Measure", MEASURE),))),
)


DATA_STRUCTURE = artefact(
    Kind.DATA_STRUCTURE,
    DataStructure,
    only_31(Attr("is_evolving", "evolvingStructure", BOOLEAN)),
    Components(),
    new(RefTo("metadata", "str:Metadata", (Kind.METADATA_STRUCTURE,))),
)
DATAFLOW = artefact(
    Kind.DATAFLOW,
    Dataflow,
    RefTo("structure", "str:Structure", (Kind.DATA_STRUCTURE,)),
    only_31(Within("str:DimensionConstraint", (Texts("dimension_constraint", "str:Dimension", ID, whole=True),))),
)
_PROVIDER = RefTo("provider", "str:DataProvider", ("DataProvider",), required=True)
PROVISION_AGREEMENT = artefact(
    Kind.PROVISION_AGREEMENT,
    ProvisionAgreement,
    old(RefTo("dataflow", "str:StructureUsage", (Kind.DATAFLOW, Kind.METADATAFLOW), required=True)),
    new(RefTo("dataflow", "str:Dataflow", (Kind.DATAFLOW,), required=True)),
    _PROVIDER,
)
