"""What only 1.0 says its own way: structures, metadata structures, hierarchical code lists. It follows SDMX 2.1.

Source: ``DataStructureType``, ``MetadataStructureType``, ``HierarchicalCodelistType`` of the schema of 1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from adapters.sdmx.jsonshape.components import LISTS, SETTLED, attributes, component, list_notes, roles
from adapters.sdmx.jsonshape.flows import Chain, level
from adapters.sdmx.jsonshape.formats import DIMENSION, Times
from adapters.sdmx.jsonshape.notes import linked, noted
from adapters.sdmx.jsonshape.records import Custom, Inside, Json, Part, Piece, Record
from adapters.sdmx.jsonshape.references import FIRST, Inner, artefact, part
from adapters.sdmx.jsonshape.texts import Texts
from adapters.sdmx.jsonshape.ways import (
    FLAG,
    ID,
    MOMENT,
    NAME,
    NO_VALUE,
    NOTHING,
    Each,
    Later,
    Loss,
    Losses,
    Unlike,
    at,
    matching,
    moved,
)
from registry.model import (
    DataStructure,
    Dimension,
    Group,
    HierarchicalCode,
    IncludedCodelist,
    InnerHierarchy,
    Measure,
    Representation,
)
from registry.ref import Kind, Ref

_CONCEPTS = Record(Representation, (Part("enumeration", "enumeration", artefact(FIRST, Kind.CONCEPT_SCHEME), needed=True),))
"""A measure dimension has the concepts of a scheme as its values."""


def first_data_structure() -> tuple[Piece, ...]:
    """The pieces of a data structure."""
    inside: tuple[Piece, ...] = (
        Inside("dimensionList", (_dimensions(), list_notes(FIRST, "DimensionDescriptor")), needed=True),
        Part("groups", "groups", Each(_group())),
        Inside("attributeList", (*attributes(FIRST), list_notes(FIRST, "AttributeDescriptor"))),
        Inside("measureList", (_measure(), list_notes(FIRST, "MeasureDescriptor")), needed=True),
    )
    return (Inside("dataStructureComponents", inside), LISTS, SETTLED)


def _dimensions() -> Piece:
    """Three lists; positions tell the order, but for time, which is the last."""
    ways = {
        "dimensions": component(Dimension, FIRST, DIMENSION, roles(FIRST)),
        "measureDimensions": component(Dimension, FIRST, _CONCEPTS, roles(FIRST), spelt=True),
        "timeDimensions": component(Dimension, FIRST, Times(FIRST), spelt=True),
    }

    def put(value: DataStructure, into: Json, of: Ref, losses: Losses) -> bool:
        for place, one in enumerate(value.dimensions):
            name = "timeDimensions" if one.is_time else "measureDimensions" if one.is_measure else "dimensions"
            before = len(losses)
            said = ways[name].write(replace(one, is_time=False, is_measure=False), of, losses)
            if said is NOTHING or (one.is_time and (one.is_measure or name in into)):
                return False
            moved(losses, before, f"dimensions[{place}]")
            into.setdefault(name, []).append(said | {"position": place, "type": _TYPES[name]})
        return True

    def take(found: Mapping[str, Any], into: Json, lang: str) -> None:
        placed: list[tuple[int, Dimension]] = []
        for name, way in ways.items():
            for read, said in zip(at(name, Each(way), found.get(name) or [], lang), found.get(name) or [], strict=True):
                one = replace(read, is_time=name == "timeDimensions", is_measure=name == "measureDimensions")
                place = said.get("position")
                placed.append((place if isinstance(place, int) else len(placed), one))
        into["dimensions"] = tuple(one for _, one in sorted(placed, key=lambda pair: (pair[1].is_time, pair[0])))

    return Custom(("dimensions",), put, take)


_TYPES = {"dimensions": "Dimension", "measureDimensions": "MeasureDimension", "timeDimensions": "TimeDimension"}


def _measure() -> Piece:
    """The one measure; a structure of several is another structure."""
    way = component(Measure, FIRST, DIMENSION)

    def put(value: DataStructure, into: Json, of: Ref, losses: Losses) -> bool:
        if len(value.measures) != 1:
            return False
        before = len(losses)
        into["primaryMeasure"] = way.write(value.measures[0], of, losses)
        moved(losses, before, "measures[0]")
        return into["primaryMeasure"] is not NOTHING

    def take(found: Mapping[str, Any], into: Json, lang: str) -> None:
        if found.get("primaryMeasure") is not None:
            into["measures"] = (at("primaryMeasure", way, found["primaryMeasure"], lang),)

    return Custom(("measures",), put, take)


def _group() -> Record:
    return Record(
        Group,
        (
            Part("id", "id", ID, needed=True),
            Part("dimensions", "groupDimensions", Each(NAME)),
            Part("constraint", "attachmentConstraint", artefact(FIRST, Kind.ATTACHMENT_CONSTRAINT)),
            noted(FIRST),
            linked(FIRST),
        ),
    )


def hierarchical_codelist() -> tuple[Piece, ...]:
    """The pieces of a hierarchical code list."""
    return (
        Custom(("included",), _put_included, _take_included),
        Part("hierarchies", "hierarchies", Each(_Inner())),
    )


def _put_included(value: Any, into: Json, of: Ref, losses: Losses) -> bool:
    """The lists by their aliases; one without has no place."""
    lists = artefact(FIRST, Kind.CODELIST)
    found: Json = {}
    for index, one in enumerate(value.included):
        said = lists.said(one.codelist) if ID.said(one.alias) is not NOTHING and one.alias not in found else NOTHING
        if said is NOTHING:
            losses.append(Loss(f"included[{index}]", NO_VALUE))
        else:
            found[one.alias] = said
    into |= {"includedCodelists": found} if found else {}
    return True


def _take_included(found: Mapping[str, Any], into: Json, lang: str) -> None:
    given = found.get("includedCodelists") or {}
    if not isinstance(given, dict):
        raise Unlike("an object", "includedCodelists")
    lists = artefact(FIRST, Kind.CODELIST)
    into["included"] = tuple(
        IncludedCodelist(codelist=at(f"includedCodelists.{alias}", lists, one, lang), alias=alias)
        for alias, one in given.items()
    )


class _Inner:
    """A hierarchy in a hierarchical code list; its levels are named by URNs with its id in them."""

    def __init__(self) -> None:
        head = (
            Part("id", "id", ID, needed=True),
            Texts("names", "name", "names", instead="id", needed=True),
            Texts("descriptions", "description", "descriptions"),
            noted(FIRST),
            linked(FIRST),
            Part("has_formal_levels", "leveled", FLAG),
            Part("levels", "level", Chain(level(FIRST))),
        )
        self._head = Record(InnerHierarchy, head, ("codes",))

    def write(self, value: InnerHierarchy, of: Ref, losses: Losses) -> Any:
        said = self._head.write(value, of, losses)
        before = len(losses)
        codes = Each(_code(value.id)).write(value.codes, of, losses)
        moved(losses, before, "codes")
        return NOTHING if NOTHING in (said, codes) else said | {"hierarchicalCodes": codes}

    def read(self, found: Any, lang: str) -> Any:
        codes = at("hierarchicalCodes", Each(_code("")), found.get("hierarchicalCodes") or [], lang)
        return replace(self._head.read(found, lang), codes=codes)


class _LevelUrn:
    """A level of a hierarchy of the same list."""

    def __init__(self, hierarchy: str) -> None:
        self._hierarchy = hierarchy

    def write(self, value: str, of: Ref, losses: Losses) -> Any:
        path = Inner("Level").write(f"{self._hierarchy}.{value}", of, losses)
        return NOTHING if "." in value else path

    def read(self, found: Any, lang: str) -> str:
        return str(Inner("Level").read(found, lang)).rpartition(".")[2]


@cache
def _code(hierarchy: str) -> Record:
    return Record(
        HierarchicalCode,
        (
            Part("id", "id", ID, needed=True),
            Part("code", "code", part(FIRST, "Code")),
            Part("code_id", "codeID", ID),
            Part("codelist_alias", "codelistAliasRef", ID),
            Part("level", "level", _LevelUrn(hierarchy)),
            Part("version", "version", matching(r"[0-9]+(\.[0-9]+)*")),
            Part("valid_from", "validFrom", MOMENT),
            Part("valid_to", "validTo", MOMENT),
            Part("children", "hierarchicalCodes", Each(Later(lambda: _code(hierarchy)))),
            noted(FIRST),
            linked(FIRST),
        ),
    )
