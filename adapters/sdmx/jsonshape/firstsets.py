"""Structure sets of 1.0, as SDMX 2.1 has them.

Source: ``StructureSetType`` of the schema of 1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.sdmx.jsonshape.firststructuremaps import STRUCTURES, structure_maps
from adapters.sdmx.jsonshape.notes import linked, noted
from adapters.sdmx.jsonshape.records import Custom, Fixed, Json, Part, Piece, Record
from adapters.sdmx.jsonshape.references import FIRST, Inner, artefact
from adapters.sdmx.jsonshape.texts import Texts
from adapters.sdmx.jsonshape.ways import ID, NO_VALUE, NOTHING, Each, Loss, Losses, Unlike, at, moved, string
from registry.errors import Invalid
from registry.model import InnerItemMap, ItemAssociation, MapType, StructureSet
from registry.ref import ITEM_SCHEMES, PARTS, ItemRef, Kind, Ref, parse_urn

_SCHEMES = (*ITEM_SCHEMES, Kind.HIERARCHICAL_CODELIST)
_MAPS = {
    MapType.ORGANISATION: ("organisationSchemeMaps", "organisationMaps"),
    MapType.CATEGORY: ("categorySchemeMaps", "categoryMaps"),
    MapType.CODELIST: ("codelistMaps", "codeMaps"),
    MapType.CONCEPT: ("conceptSchemeMaps", "conceptMaps"),
    MapType.REPORTING_TAXONOMY: ("reportingTaxonomyMaps", "reportingCategoryMaps"),
    MapType.HYBRID: ("hybridCodelistMaps", "hybridCodeMaps"),
}


def structure_set() -> tuple[Piece, ...]:
    """The pieces of a structure set."""
    related = Part("related", "relatedStructures", Each(artefact(FIRST, *STRUCTURES)))
    return (related, Custom(("item_maps",), _put_maps, _take_maps), structure_maps())


def _put_maps(value: StructureSet, into: Json, of: Ref, losses: Losses) -> bool:
    """By type, each in its order; one that stands among those of another type loses its place and is left out."""
    reached = 0
    order = list(_MAPS)
    for index, one in enumerate(value.item_maps):
        name, _ = _MAPS[one.type]
        before = len(losses)
        said = _map(one.type).write(one, of, losses) if order.index(one.type) >= reached else NOTHING
        if said is NOTHING:
            del losses[before:]
            losses.append(Loss(f"item_maps[{index}]", NO_VALUE))
            continue
        reached = order.index(one.type)
        moved(losses, before, f"item_maps[{index}]")
        into.setdefault(name, []).append(said)
    return True


def _take_maps(found: Mapping[str, Any], into: Json, lang: str) -> None:
    into["item_maps"] = tuple(
        one for type, (name, _) in _MAPS.items() for one in at(name, Each(_map(type)), found.get(name) or [], lang)
    )


def _map(type: MapType) -> Record:
    scheme = artefact(FIRST, *_SCHEMES)
    return Record(
        InnerItemMap,
        (
            Part("id", "id", ID, needed=True),
            Fixed("type", type),
            Texts("names", "name", "names", instead="id", needed=True),
            Texts("descriptions", "description", "descriptions"),
            Part("source_scheme", "source", scheme, needed=True),
            Part("target_scheme", "target", scheme, needed=True),
            Custom(("maps",), _Associations(_MAPS[type][1]).put, _Associations(_MAPS[type][1]).take),
            noted(FIRST),
            linked(FIRST),
        ),
    )


@dataclass(frozen=True)
class _Associations:
    """The pairs of a map; each end is named by the URN of an item of its scheme. One there must be."""

    name: str

    def put(self, value: InnerItemMap, into: Json, of: Ref, losses: Losses) -> bool:
        before = len(losses)
        said = Each(_pair(value.source_scheme, value.target_scheme)).write(value.maps, of, losses)
        moved(losses, before, "maps")
        into[self.name] = said
        return said is not NOTHING

    def take(self, found: Mapping[str, Any], into: Json, lang: str) -> None:
        into["maps"] = at(self.name, Each(_pair(None, None)), found.get(self.name) or [], lang)


def _pair(source: Ref | None, target: Ref | None) -> Record:
    ends = (Part("source", "source", _Item(source), needed=True), Part("target", "target", _Item(target), needed=True))
    return Record(ItemAssociation, (*ends, noted(FIRST)))


@dataclass(frozen=True)
class _Item:
    """An item of a scheme, as its URN."""

    scheme: Ref | None

    def write(self, value: str, of: Ref, losses: Losses) -> Any:
        if self.scheme is None:
            return NOTHING
        return Inner(PARTS[self.scheme.kind][0]).write(value, self.scheme, losses)

    def read(self, found: Any, lang: str) -> str:
        try:
            ref = parse_urn(string(found))
        except Invalid:
            ref = None
        if not isinstance(ref, ItemRef):
            raise Unlike("the URN of an item")
        return ref.id
