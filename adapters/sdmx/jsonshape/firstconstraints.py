"""Constraints of 1.0, which are those of SDMX 2.1: content constraints of data or of reports, and attachment constraints.

As in 2.x what constrains is said with all its parts or not at all. A content constraint with regions or keys of reports is a
metadata constraint.

Source: ``ContentConstraintType``, ``AttachmentConstraintType``, ``MetadataKeySetType`` ... of the schema of 1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.sdmx.jsonshape.constraints import CALENDAR, SOURCE
from adapters.sdmx.jsonshape.records import Custom, Fixed, Json, Part, Piece, Record
from adapters.sdmx.jsonshape.references import FIRST, anything, artefact, part
from adapters.sdmx.jsonshape.selections import put_span, take_span
from adapters.sdmx.jsonshape.ways import (
    FLAG,
    ID,
    MOMENT,
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
    Cascade,
    KeySet,
    MemberSelection,
    MetadataConstraint,
    ReferencePeriod,
    Region,
    Role,
    SelectedValue,
    SetRef,
    TimeRange,
)
from registry.ref import Kind, Ref

OF_REPORTS = ("metadataTargetRegions", "metadataKeySets")
"""What makes a content constraint one of reports."""

_SET = Record(
    SetRef, (Part("provider", "dataProvider", part(FIRST, "DataProvider"), needed=True), Part("id", "id", ID, needed=True))
)
_PERIOD = Record(
    ReferencePeriod, (Part("start", "startTime", MOMENT, needed=True), Part("end", "endTime", MOMENT, needed=True))
)
_SPAN = Record(TimeRange, (Custom(("start", "end"), put_span, take_span),))


@dataclass(frozen=True)
class _One:
    """A tuple that has one value at most."""

    way: Way

    def write(self, value: tuple[Any, ...], of: Ref, losses: Losses) -> Any:
        return self.way.write(value[0], of, losses) if len(value) == 1 else NOTHING

    def read(self, found: Any, lang: str) -> tuple[Any, ...]:
        return (self.way.read(found, lang),)


_STRUCTURES = {
    "dataStructures": Kind.DATA_STRUCTURE,
    "dataflows": Kind.DATAFLOW,
    "metadataStructures": Kind.METADATA_STRUCTURE,
    "metadataflows": Kind.METADATAFLOW,
}


def _structures() -> Piece:
    """By kind; in another order they would come back otherwise, but it is the same set of them."""
    ways = {name: Each(artefact(FIRST, kind)) for name, kind in _STRUCTURES.items()}

    def put(value: Attachment, into: Json, of: Ref, losses: Losses) -> bool:
        for name, kind in _STRUCTURES.items():
            if of_kind := tuple(ref for ref in value.structures if ref.kind is kind):
                into[name] = ways[name].write(of_kind, of, losses)
        back: Json = {}
        if NOTHING not in into.values():
            take(into, back, "")
        return bool(back.get("structures") == value.structures)

    def take(found: Mapping[str, Any], into: Json, lang: str) -> None:
        into["structures"] = tuple(ref for name, way in ways.items() for ref in at(name, way, found.get(name) or [], lang))

    return Custom(("structures",), put, take)


def _attachment(*pieces: Piece) -> Part:
    agreements = Part("provisions", "provisionAgreements", Each(artefact(FIRST, Kind.PROVISION_AGREEMENT)))
    return Part("attachment", "constraintAttachment", Whole(Record(Attachment, (_structures(), agreements, *pieces))))


_CONTENT = _attachment(
    Part("data_provider", "dataProvider", part(FIRST, "DataProvider")),
    Part("data_sets", "dataSet", _One(_SET)),
    Part("metadata_sets", "metadataSet", _One(_SET)),
    Part("simple_sources", "simpleDataSource", _One(URI)),
    Part("queryable_sources", "queryableDataSources", Each(SOURCE)),
)


def content_constraint() -> tuple[Piece, ...]:
    """The pieces of a data constraint."""
    return (
        *_shared(),
        Part("key_sets", "dataKeySets", Whole(Each(_keys(_data_key())))),
        Part("regions", "cubeRegions", _REGIONS),
    )


def report_constraint() -> tuple[Piece, ...]:
    """The pieces of a metadata constraint; one that says nothing of reports would be taken for one of data."""
    own = Custom((), lambda value, into, of, losses: _is_of_reports(value), _take_no_data)
    regions = Part("regions", "metadataTargetRegions", Whole(Each(_target_region())))
    return (*_shared(), Part("key_sets", "metadataKeySets", Whole(Each(_keys(_metadata_key())))), regions, own)


def _take_no_data(found: Mapping[str, Any], into: Json, lang: str) -> None:
    """A constraint of reports cannot be one of data too: what it says of them would get lost."""
    for name in ("dataKeySets", "cubeRegions"):
        if found.get(name):
            raise Unlike("nothing beside what is said of reports", name)


def _is_of_reports(value: MetadataConstraint) -> bool:
    ways = ((value.regions, _target_region()), (value.key_sets, _keys(_metadata_key())))
    return any(Whole(Each(way)).write(given, value.ref, []) is not NOTHING for given, way in ways)


def _shared() -> tuple[Piece, ...]:
    return (
        Part("role", "type", member(Role), needed=True),
        _CONTENT,
        Part("release_calendar", "releaseCalendar", CALENDAR),
        Part("reference_period", "referencePeriod", _PERIOD),
    )


def attachment_constraint() -> tuple[Piece, ...]:
    """The pieces of an attachment constraint."""
    sets = (Part("data_sets", "dataSets", Each(_SET)), Part("metadata_sets", "metadataSets", Each(_SET)))
    return (
        _attachment(*sets, Part("simple_sources", "simpleDataSources", Each(URI))),
        Part("data_key_sets", "dataKeySets", Whole(Each(_keys(_data_key())))),
        Part("metadata_key_sets", "metadataKeySets", Whole(Each(_keys(_metadata_key())))),
    )


def _keys(key: Record) -> Record:
    return Record(KeySet, (Part("is_included", "isIncluded", FLAG, needed=True), Part("keys", "keys", Each(key), needed=True)))


def _put_values(value: MemberSelection, into: Json, of: Ref, losses: Losses) -> bool:
    """Those whose codes below are meant too stand by themselves, after the others."""
    plain = [one.value for one in value.values if one.cascade is Cascade.NO]
    cascading = [one.value for one in value.values if one.cascade is not Cascade.NO]
    into |= ({"values": plain} if plain else {}) | ({"cascadeValues": cascading} if cascading else {})
    back: Json = {}
    _take_values(into, back, "")
    return bool(back["values"] == value.values)


def _take_values(found: Mapping[str, Any], into: Json, lang: str) -> None:
    plain = at("values", Each(TEXT), found.get("values") or [], lang)
    cascading = at("cascadeValues", Each(TEXT), found.get("cascadeValues") or [], lang)
    into["values"] = (*map(SelectedValue, plain), *(SelectedValue(one, Cascade.YES) for one in cascading))


def _selection(id: Way, *pieces: Piece) -> Record:
    values = Custom(("values",), _put_values, _take_values)
    head = (Part("id", "id", id, needed=True), Fixed("include", True), values)
    return Record(MemberSelection, (*head, Part("time_range", "timeRange", _SPAN), *pieces))


_CUBE = Record(
    Region,
    (
        Part("include", "isIncluded", FLAG),
        Part("key_values", "keyValues", Each(_selection(NAME))),
        Part("components", "attributes", Each(_selection(NAME))),
    ),
)
_REGIONS = Whole(Each(_CUBE))


def _one_value(name: str) -> Piece:
    def put(value: MemberSelection, into: Json, of: Ref, losses: Losses) -> bool:
        if not value.values:
            return name != "value!"
        into["value"] = value.values[0].value
        return value.values == (SelectedValue(into["value"]),)

    def take(found: Mapping[str, Any], into: Json, lang: str) -> None:
        if found.get("value") is not None:
            into["values"] = (SelectedValue(at("value", TEXT, found["value"], lang)),)

    return Custom(("values",), put, take)


def _data_key() -> Record:
    value = Record(MemberSelection, (Part("id", "id", NAME, needed=True), Fixed("include", True), _one_value("value!")))
    return Record(Region, (Fixed("include", True), Part("key_values", "keyValues", Each(value), needed=True)))


def _report(*pieces: Piece) -> Record:
    target = Part("metadata_target", "metadataTarget", ID, needed=True)
    return Record(Region, (target, Part("report", "report", ID, needed=True), *pieces))


def _metadata_key() -> Record:
    value = Record(
        MemberSelection,
        (
            Part("id", "id", NAME, needed=True),
            Fixed("include", True),
            _one_value("value"),
            Part("data_keys", "dataKey", _One(_data_key())),
            Part("data_sets", "dataSet", _One(_SET)),
            Part("objects", "object", _One(anything(FIRST))),
        ),
    )
    return _report(Fixed("include", True), Part("key_values", "keyValues", Each(value), needed=True))


def _target_region() -> Record:
    others = (
        Part("data_keys", "dataKeys", Each(_data_key())),
        Part("data_sets", "dataSets", Each(_SET)),
        Part("objects", "objects", Each(anything(FIRST))),
    )
    keys = Part("key_values", "keyValues", Each(_uncascaded(*others)))
    attributes = Part("components", "attributes", Each(_selection(NESTED_NAME)))
    return _report(Part("include", "include", FLAG), keys, attributes)


def _uncascaded(*pieces: Piece) -> Record:
    """Values of what a report is about have nothing below them."""

    def put(value: MemberSelection, into: Json, of: Ref, losses: Losses) -> bool:
        return _put_values(value, into, of, losses) and "cascadeValues" not in into

    head = (Part("id", "id", NAME, needed=True), Fixed("include", True), Custom(("values",), put, _take_values))
    return Record(MemberSelection, (*head, Part("time_range", "timeRange", _SPAN), *pieces))
