"""Data structures and metadata structures: their components and lists of components.

What an attribute depends on is told with the key of its structure: the whole key is the series, the key and time are the
observation. Time is the last of the dimensions, as in SDMX-ML: it has a place of its own in the message, and positions, which
some count from 0 and some from 1, do not tell another.

Source: ``DataStructureType``, ``MetadataStructureType`` of the schemas; field guide 2.1, "dataStructureComponents".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from adapters.sdmx.jsonshape.formats import ATTRIBUTE, DIMENSION, PERIODS, Place, Times, representation
from adapters.sdmx.jsonshape.notes import linked, noted
from adapters.sdmx.jsonshape.records import Custom, Inside, Json, Part, Piece, Record
from adapters.sdmx.jsonshape.references import FIRST, THIRD, artefact, part
from adapters.sdmx.jsonshape.relations import NAME_OF, RELATION, said, settled
from adapters.sdmx.jsonshape.ways import (
    FLAG,
    ID,
    NAME,
    NESTED_ID,
    NO_VALUE,
    NOTHING,
    Each,
    Leaf,
    Loss,
    Losses,
    Unlike,
    Way,
    at,
    matching,
    moved,
)
from registry.model import (
    Attribute,
    ComponentList,
    DataStructure,
    Dimension,
    Group,
    Measure,
    MetadataAttributeUsage,
)
from registry.ref import Kind, Ref

TIME_ID = "TIME_PERIOD"
USAGE = Leaf(lambda value: "mandatory" if value else "optional", lambda found: _usage(found))


def _usage(found: Any) -> bool:
    if found not in ("mandatory", "optional"):
        raise Unlike("mandatory or optional")
    return bool(found == "mandatory")


def _meant(version: str) -> Part:
    return Part("concept_identity", "conceptIdentity", part(version, "Concept"), needed=True)


def roles(version: str) -> Part:
    return Part("concept_roles", "conceptRoles", Each(part(version, "Concept"), unique=True))


def component(cls: type[Any], version: str, place: Place | Way, *pieces: Piece, id: Way = NAME, spelt: bool = False) -> Record:
    """What components have in common; where a message has no id, it is that of the concept.

    ``spelt``: a representation must be there, even if none is said.
    """
    way: Way = representation(place, version) if isinstance(place, Place) else place
    represented = Part("representation", "localRepresentation", way, needed=spelt)
    return Record(cls, (_named(id), _meant(version), represented, noted(version), linked(version), *pieces))


def _named(way: Way) -> Piece:
    own = Part("id", "id", way, needed=True)

    def take(found: Mapping[str, Any], into: Json, lang: str) -> None:
        own.take(found, into, lang)
        if "id" not in into and isinstance(concept := found.get("conceptIdentity"), str):
            into["id"] = concept.rpartition(".")[2]

    return Custom(("id",), own.put, take)


def data_structure(version: str) -> tuple[Piece, ...]:
    """The pieces of a data structure in 2.x."""
    inside: tuple[Piece, ...] = (
        Inside("dimensionList", (_dimensions(version), list_notes(version, "DimensionDescriptor")), needed=True),
        Part("groups", "groups", Each(_group(version))),
        Inside("attributeList", (*attributes(version), list_notes(version, "AttributeDescriptor"))),
        Inside("measureList", (_measures(version), list_notes(version, "MeasureDescriptor"))),
    )
    evolving = (Part("is_evolving", "evolvingStructure", FLAG),) if version == THIRD else ()
    metadata = Part("metadata", "metadata", artefact(version, Kind.METADATA_STRUCTURE))
    return (Inside("dataStructureComponents", inside), LISTS, SETTLED, metadata, *evolving)


def _settle(found: Mapping[str, Any], into: Json, lang: str) -> None:
    """A stub has no dimensions. A structure without measures has none: by default it would have one."""
    into.setdefault("dimensions", ())
    into.setdefault("measures", ())
    dsd = DataStructure(ref=into["ref"], names={}, dimensions=into["dimensions"], groups=into.get("groups", ()))
    for name in ("attributes", "metadata_usages"):
        into[name] = tuple(settled(one, dsd) for one in into.get(name, ()))


SETTLED = Custom((), lambda value, into, of, losses: True, _settle)


def _group(version: str) -> Record:
    dimensions = Part("dimensions", "groupDimensions", Each(NAME, unique=True))
    return Record(Group, (Part("id", "id", ID, needed=True), dimensions, noted(version), linked(version)))


def list_notes(version: str, name: str) -> Piece:
    """What is said of a list itself, kept by its name."""
    way = component_list(version)

    def put(value: Any, into: Json, of: Ref, losses: Losses) -> bool:
        before = len(losses)
        into |= way.write(value.lists.get(name, ComponentList()), of, losses)
        moved(losses, before, f"lists[{name}]")
        if into or name == "DimensionDescriptor":
            into["id"] = name
        return True

    def take(found: Mapping[str, Any], into: Json, lang: str) -> None:
        if (own := way.read(found, lang)) != ComponentList():
            into["lists"] = {**into.get("lists", {}), name: own}

    return Custom((), put, take)


@cache
def component_list(version: str) -> Record:
    """What is said of a list itself."""
    return Record(ComponentList, (noted(version), linked(version)))


def unlisted_notes(names: frozenset[str]) -> Piece:
    """What is said of lists that the structure has not."""

    def put(value: Any, into: Json, of: Ref, losses: Losses) -> bool:
        for name, own in value.lists.items():
            if name not in names or own == ComponentList():
                losses.append(Loss(f"lists[{name}]", NO_VALUE))
        return True

    return Custom(("lists",), put, lambda found, into, lang: None)


LISTS = unlisted_notes(frozenset({"DimensionDescriptor", "AttributeDescriptor", "MeasureDescriptor"}))


def _dimensions(version: str) -> Piece:
    plain = component(Dimension, version, DIMENSION, roles(version))
    time = component(Dimension, version, Times(version), id=matching(TIME_ID), spelt=version != THIRD)

    def put(value: DataStructure, into: Json, of: Ref, losses: Losses) -> bool:
        """All of them, or it is another structure."""
        before = len(losses)
        for place, dimension in enumerate(value.dimensions):
            said = (time if dimension.is_time else plain).write(replace(dimension, is_time=False), of, losses)
            if said is NOTHING or (dimension.is_time and "timeDimension" in into):
                return False
            if dimension.is_time:
                into["timeDimension"] = said
            else:
                into.setdefault("dimensions", []).append(said | {"position": place})
            moved(losses, before, f"dimensions[{place}]")
            before = len(losses)
        return True

    def take(found: Mapping[str, Any], into: Json, lang: str) -> None:
        read = list(at("dimensions", Each(plain), found.get("dimensions") or [], lang))
        if found.get("timeDimension") is not None:
            one: Dimension = at("timeDimension", time, found["timeDimension"], lang)
            read.append(replace(one, is_time=True, representation=one.representation or PERIODS))
        into["dimensions"] = tuple(read)

    return Custom(("dimensions",), put, take)


def _measures(version: str) -> Piece:
    """Always written, though it may be what a structure has by default."""
    one = component(Measure, version, ATTRIBUTE, roles(version), Part("mandatory", "usage", USAGE))
    every = Part("measures", "measures", Each(one), needed=True)

    def put(value: DataStructure, into: Json, of: Ref, losses: Losses) -> bool:
        return not value.measures or every.put(value, into, of, losses) or True

    return Custom(("measures",), put, every.take)


_STATUS = Leaf(lambda value: "Mandatory" if value else "Conditional", lambda found: found == "Mandatory")


def attributes(version: str) -> tuple[Piece, ...]:
    measured = () if version == FIRST else (Part("measures", "measureRelationship", Each(NAME, unique=True)),)
    usage = (
        Part("mandatory", "assignmentStatus", _STATUS, needed=True) if version == FIRST else Part("mandatory", "usage", USAGE)
    )
    place = DIMENSION if version == FIRST else ATTRIBUTE
    attribute = component(Attribute, version, place, RELATION, usage, *measured, roles(version))
    if version == FIRST:
        return (_related("attributes", "attributes", attribute, version),)
    reference = Part("attribute", "metadataAttributeReference", NESTED_ID, needed=True)
    used = Record(MetadataAttributeUsage, (reference, noted(version), linked(version), RELATION))
    return (
        _related("attributes", "attributes", attribute, version),
        _related("metadata_usages", "metadataAttributeUsages", used, version),
    )


def _related(field: str, name: str, way: Record, version: str) -> Piece:
    """Attributes, each with its relationship to the structure."""

    def put(value: DataStructure, into: Json, of: Ref, losses: Losses) -> bool:
        found = []
        for index, one in enumerate(getattr(value, field)):
            before = len(losses)
            relation = said(one, value, version, losses)
            written = way.write(one, of, losses) if relation is not NOTHING else NOTHING
            if written is NOTHING:
                del losses[before:]
                losses.append(Loss(f"{field}[{index}]", NO_VALUE))
                continue
            moved(losses, before, f"{field}[{index}]")
            found.append(written | {NAME_OF: relation})
        if found:
            into[name] = found
        return True

    return Custom((field,), put, Part(field, name, Each(way)).take)
