"""The structure set of SDMX 2.1. Source: ``SDMXStructureStructureSet.xsd`` of SDMX 2.1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.sdmx.elements import local
from adapters.sdmx.markup.common import ANNOTATIONS, artefact, nameable
from adapters.sdmx.markup.formats import ANY_FORMAT
from adapters.sdmx.markup.grammar import Node, Out, Part, Record
from adapters.sdmx.markup.holding import Choice, Once, Within
from adapters.sdmx.markup.mappings import STRUCTURE_OR_USAGE
from adapters.sdmx.markup.parts import Attr, Child, Many, One
from adapters.sdmx.markup.references import Local, RefsTo, RefTo
from adapters.sdmx.markup.values import BOOLEAN, ID, NESTED_ID, Unfit, plain, word
from adapters.sdmx.writing.xml import element
from registry.model import (
    InnerComponentMap,
    InnerItemMap,
    InnerStructureMap,
    ItemAssociation,
    MapType,
    StructureSet,
    ToValue,
)
from registry.ref import Kind

_ORGANISATIONS = (
    Kind.ORGANISATION_UNIT_SCHEME,
    Kind.AGENCY_SCHEME,
    Kind.DATA_PROVIDER_SCHEME,
    Kind.DATA_CONSUMER_SCHEME,
)
_MAPS: Mapping[MapType, tuple[str, tuple[Kind, ...]]] = {
    MapType.ORGANISATION: ("str:OrganisationMap", _ORGANISATIONS),
    MapType.CATEGORY: ("str:CategoryMap", (Kind.CATEGORY_SCHEME,)),
    MapType.CODELIST: ("str:CodeMap", (Kind.CODELIST,)),
    MapType.CONCEPT: ("str:ConceptMap", (Kind.CONCEPT_SCHEME,)),
    MapType.REPORTING_TAXONOMY: ("str:ReportingCategoryMap", (Kind.REPORTING_TAXONOMY,)),
    MapType.HYBRID: ("str:HybridCodeMap", (Kind.CODELIST, Kind.HIERARCHICAL_CODELIST)),
}
"""For each type of map the element of an association, and what schemes it is between; the first kind is the usual one."""

_NESTED = (MapType.CATEGORY, MapType.REPORTING_TAXONOMY, MapType.HYBRID)


@dataclass(frozen=True)
class OfType(Part):
    """The type that the name of the element says."""

    type: MapType

    @property
    def fields(self) -> tuple[str, ...]:
        return ("type",)

    def write(self, of: Any, out: Out) -> None:
        """Nothing: see :class:`ItemMaps`."""

    def read(self, node: Node, found: dict[str, Any]) -> None:
        found["type"] = self.type


def _item_map(type: MapType) -> Record:
    tag, kinds = _MAPS[type]
    ids = NESTED_ID if type in _NESTED else ID
    association = Record(
        ItemAssociation,
        (ANNOTATIONS, Local("source", "str:Source", ids, required=True), Local("target", "str:Target", ids, required=True)),
    )
    return Record(
        InnerItemMap,
        (
            *nameable(),
            OfType(type),
            RefTo("source_scheme", "str:Source", kinds, required=True),
            RefTo("target_scheme", "str:Target", kinds, required=True),
            Many("maps", tag, association, least=1),
        ),
    )


_ITEM_MAPS = {type: _item_map(type) for type in MapType}


@dataclass(frozen=True)
class ItemMaps(Part):
    """Maps of several types in any order."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("item_maps",)

    def write(self, of: Any, out: Out) -> None:
        for number, one in enumerate(of.item_maps):
            mark = len(out.context.lost)
            place = out.under("item_maps", number)
            try:
                Once("id").write(one, out)
                out.content.append(_ITEM_MAPS[one.type].write(f"str:{one.type.value}", one, out.context, place))
            except Unfit as unfit:
                del out.context.lost[mark:]
                out.context.lose(place, unfit.reason)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        types = {type.value: type for type in MapType}
        found["item_maps"] = tuple(
            _ITEM_MAPS[types[local(one)]].read(one, node.context) for one in node.of if local(one) in types
        )


_PLACES = {
    "TIME_PERIOD": {"containerID": "DimensionDescriptor", "class": "TimeDimension"},
    "OBS_VALUE": {"containerID": "MeasureDescriptor", "class": "PrimaryMeasure"},
}
_ANY_PLACE = {"containerID": "DimensionDescriptor", "class": "Dimension"}


@dataclass(frozen=True)
class ComponentEnd(Local):
    """A component of a structure that is not at hand; the schema wants its list, which is guessed from the usual ids."""

    def write(self, of: Any, out: Out) -> None:
        id_ = NESTED_ID.write(getattr(of, self.field))
        place = _PLACES.get(id_, _ANY_PLACE) | {"package": "datastructure"}
        out.content.append(element(self.tag, content=element("Ref", {"id": id_, **place})))


@dataclass(frozen=True)
class Values(Part):
    """Values one by one."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("values",)

    def write(self, of: Any, out: Out) -> None:
        pairs = ({"source": plain(source), "target": plain(target)} for source, target in of.values.items())
        out.content.append(element(_VALUE_MAP, content="".join(element("str:ValueMapping", pair) for pair in pairs)))

    def read(self, node: Node, found: dict[str, Any]) -> None:
        if (child := node.one(_VALUE_MAP)) is not None:
            found["values"] = {one.get("source") or "": one.get("target") or "" for one in child}


_VALUE_MAP = "str:ValueMap"
_REPRESENTATION = Choice(
    (
        (Local("codelist_map", "str:CodelistMap", required=True),),
        (
            One("to_format", "str:ToTextFormat", ANY_FORMAT, required=True),
            Child("to_value", "str:ToValueType", word(ToValue), required=True),
        ),
        (Values(),),
    )
)
COMPONENT_MAP = Record(
    InnerComponentMap,
    (
        ANNOTATIONS,
        ComponentEnd("source", "str:Source"),
        ComponentEnd("target", "str:Target"),
        Within("str:RepresentationMapping", (_REPRESENTATION,)),
    ),
)
STRUCTURE_MAP = Record(
    InnerStructureMap,
    (
        *nameable(),
        Attr("is_extension", "isExtension", BOOLEAN),
        RefTo("source_structure", "str:Source", STRUCTURE_OR_USAGE, required=True),
        RefTo("target_structure", "str:Target", STRUCTURE_OR_USAGE, required=True),
        Many("component_maps", "str:ComponentMap", COMPONENT_MAP, least=1),
    ),
)
STRUCTURE_SET = artefact(
    Kind.STRUCTURE_SET,
    StructureSet,
    RefsTo("related", "str:RelatedStructure", STRUCTURE_OR_USAGE),
    ItemMaps(),
    Many("structure_maps", "str:StructureMap", STRUCTURE_MAP),
)
