"""Constraints of 2.x: what they are about, cubes, keys, regions of reports.

What constrains is said with all its parts or not at all: a region without one of its values is another region.

Source: ``DataConstraintType``, ``MetadataConstraintType``, ``CubeRegionType``, ``DataKeySetType`` of the schemas.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.sdmx.jsonshape.notes import noted
from adapters.sdmx.jsonshape.records import Always, Custom, Fixed, Former, Json, Part, Piece, Record
from adapters.sdmx.jsonshape.references import SECOND, THIRD, artefact, part
from adapters.sdmx.jsonshape.selections import VALID, selected, selection
from adapters.sdmx.jsonshape.ways import (
    FLAG,
    NAME,
    NESTED_NAME,
    NOTHING,
    TEXT,
    URI,
    Each,
    Losses,
    Unlike,
    Way,
    Whole,
    at,
    member,
)
from registry.model import (
    Attachment,
    KeySet,
    MemberSelection,
    QueryableSource,
    Region,
    ReleaseCalendar,
    Role,
    SelectedValue,
    SetRef,
)
from registry.ref import Kind, Ref

CALENDAR = Record(
    ReleaseCalendar,
    (
        Part("periodicity", "periodicity", TEXT, needed=True),
        Part("offset", "offset", TEXT, needed=True),
        Part("tolerance", "tolerance", TEXT, needed=True),
    ),
)
SOURCE = Record(
    QueryableSource,
    (
        Part("data_url", "dataURL", URI, needed=True),
        Part("wsdl_url", "wsdlURL", URI),
        Part("wadl_url", "wadlURL", URI),
        Part("is_rest", "isRESTDatasource", FLAG, needed=True),
        Part("is_web_service", "isWebServiceDatasource", FLAG, needed=True),
    ),
)


_ALLOWED = Fixed("role", Role.ALLOWED, "role", member(Role))


def data_constraint(version: str) -> tuple[Piece, ...]:
    """The pieces of a data constraint; 2.1 has only those of what is allowed."""
    role: Piece = Part("role", "role", member(Role), needed=True) if version == SECOND else _ALLOWED
    return (
        role,
        Part("attachment", "constraintAttachment", Whole(_Attached(version, _DATA, Kind.DATA_STRUCTURE))),
        *_calendar(version),
        Part("key_sets", "dataKeySets", Whole(Each(_key_set(version)))),
        Part("regions", "cubeRegions", Whole(_AtMostTwo(cube(version)))),
    )


def metadata_constraint(version: str) -> tuple[Piece, ...]:
    """The pieces of a metadata constraint."""
    said = (Always("role", "Allowed"),) if version == SECOND else ()
    return (
        *said,
        _ALLOWED,
        Part("attachment", "constraintAttachment", Whole(_Attached(version, _METADATA, Kind.METADATA_STRUCTURE))),
        *_calendar(version),
        Part("regions", "metadataTargetRegions", Whole(_AtMostTwo(_reports(version)))),
    )


def _calendar(version: str) -> tuple[Piece, ...]:
    calendar = Part("release_calendar", "releaseCalendar", CALENDAR)
    return (calendar if version == SECOND else Former(calendar),)


_Names = dict[str, tuple[str, tuple[Kind, ...]]]
_DATA: _Names = {
    "dataStructures": ("structures", (Kind.DATA_STRUCTURE,)),
    "dataflows": ("structures", (Kind.DATAFLOW,)),
    "provisionAgreements": ("provisions", (Kind.PROVISION_AGREEMENT,)),
}
_METADATA: _Names = {
    "metadataStructures": ("structures", (Kind.METADATA_STRUCTURE,)),
    "metadataflows": ("structures", (Kind.METADATAFLOW,)),
    "metadataProvisionAgreements": ("provisions", (Kind.METADATA_PROVISION_AGREEMENT,)),
}


class _Attached:
    """What a constraint is about: in 2.x things of one kind, in 2.0 perhaps with services that have the data."""

    def __init__(self, version: str, names: _Names, kind: Kind) -> None:
        data = kind is Kind.DATA_STRUCTURE
        self._provider = ("dataProvider", "data_provider") if data else ("metadataProvider", "metadata_provider")
        self._one = part(version, "DataProvider" if data else "MetadataProvider")
        self._ways = {name: (field, Each(artefact(version, *kinds), unique=True)) for name, (field, kinds) in names.items()}
        self._sourced = tuple(names) if version == SECOND else ()
        self._said = {*names, *(("simpleDataSources",) if version == SECOND else ())}
        self._ways["simpleDataSources"] = ("simple_sources", Each(URI, unique=True))

    def write(self, value: Attachment, of: Ref, losses: Losses) -> Any:
        said: Json = {}
        name, field = self._provider
        if (provider := getattr(value, field)) is not None:
            said[name] = self._one.write(provider, of, losses)
        for name, (field, way) in self._ways.items():
            if (
                name in self._said
                and getattr(value, field)
                and (found := way.write(getattr(value, field), of, [])) is not NOTHING
            ):
                said[name] = found
        if len(said) != 1 or NOTHING in said.values():
            return NOTHING
        if value.queryable_sources and next(iter(said)) in self._sourced:
            said["queryableDataSources"] = Each(SOURCE).write(value.queryable_sources, of, losses)
        if NOTHING in said.values():
            return NOTHING
        return said if self.read(said, "") == value else NOTHING

    def read(self, found: Any, lang: str) -> Attachment:
        if not isinstance(found, dict):
            raise Unlike("an object")
        given: Json = {}
        name, field = self._provider
        if found.get(name) is not None:
            given[field] = at(name, self._one, found[name], lang)
        for name, (field, way) in self._ways.items():
            if found.get(name) is not None:
                given[field] = given.get(field, ()) + at(name, way, found[name], lang)
        if found.get("queryableDataSources") is not None:
            given["queryable_sources"] = at("queryableDataSources", Each(SOURCE), found["queryableDataSources"], lang)
        return Attachment(**given | _sets(found, lang))


def _sets(found: Mapping[str, Any], lang: str) -> Json:
    """2.0: metadata sets, by their URN."""
    given = found.get("metadataSets")
    return {"metadata_sets": tuple(SetRef(urn) for urn in at("metadataSets", Each(TEXT), given, lang))} if given else {}


class _AtMostTwo:
    """One that is in, one that is out."""

    def __init__(self, way: Way) -> None:
        self._way = Each(way)

    def write(self, value: tuple[Any, ...], of: Ref, losses: Losses) -> Any:
        return self._way.write(value, of, losses) if len(value) <= 2 else NOTHING

    def read(self, found: Any, lang: str) -> Any:
        return self._way.read(found, lang)


def cube(version: str) -> Record:
    """A region of the cube."""
    keys = selection(NAME, selected(version, lang=version == SECOND), version, *VALID)
    return Record(
        Region,
        (
            Part("include", "include", FLAG),
            Part("key_values", "keyValues", Each(keys)),
            Part("components", "components", Each(selection(NESTED_NAME, selected(version), version))),
            noted(version),
        ),
    )


def _reports(version: str) -> Record:
    components = selection(NESTED_NAME, selected(version), version)
    own = (Part("include", "include", FLAG), Part("components", "components", Each(components)), noted(version))
    return Record(Region, (*own, *VALID))


def _key_set(version: str) -> Record:
    parts = selection(NESTED_NAME, selected(version, valid=False), version)
    key = Record(
        Region,
        (
            Fixed("include", True),
            Part("key_values", "keyValues", Each(_KeyValue(version))),
            Part("components", "components", Each(parts)),
            noted(version),
            *VALID,
        ),
    )
    return Record(KeySet, (Part("is_included", "isIncluded", FLAG, needed=True), Part("keys", "keys", Each(key), needed=True)))


class _KeyValue:
    """A dimension of a key: one value; in 2.1 perhaps several."""

    def __init__(self, version: str) -> None:
        self._several = version == THIRD
        head = (Part("id", "id", NAME, needed=True), Fixed("include", True), Part("remove_prefix", "removePrefix", FLAG))
        self._record = Record(MemberSelection, (*head, Custom(("values",), self._put, self._take)))

    def _put(self, value: MemberSelection, into: Json, of: Ref, losses: Losses) -> bool:
        texts = [one.value for one in value.values]
        if value.values != tuple(map(SelectedValue, texts)) or not texts:
            return False
        into |= {"value": texts[0]} if len(texts) == 1 else {"values": texts}
        return len(texts) == 1 or self._several

    @staticmethod
    def _take(found: Mapping[str, Any], into: Json, lang: str) -> None:
        texts = [found["value"]] if found.get("value") is not None else found.get("values") or []
        into["values"] = tuple(map(SelectedValue, at("values", Each(TEXT), texts, lang)))

    def write(self, value: MemberSelection, of: Ref, losses: Losses) -> Any:
        return self._record.write(value, of, losses)

    def read(self, found: Any, lang: str) -> Any:
        return self._record.read(found, lang)
