"""Regions and keys: values and times of components.

To leave a part of a region out would allow more than it says: its parts are written all or not at all.
Source: ``SDMXStructureConstraint.xsd`` of SDMX 2.1, 3.0, 3.1, "RegionType" of ``SDMXCommon.xsd`` of 2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adapters.sdmx.markup.common import ANNOTATIONS
from adapters.sdmx.markup.grammar import Node, Only, Out, Part, Record
from adapters.sdmx.markup.holding import Choice
from adapters.sdmx.markup.parts import XML_LANG, Attr, Child, Fixed, Many, One, Own
from adapters.sdmx.markup.references import RefsTo, RefTo
from adapters.sdmx.markup.values import (
    BOOLEAN,
    ID,
    LANGUAGE,
    NCNAME,
    NESTED_NCNAME,
    PERIOD,
    TIME_RANGE,
    Unfit,
    Value,
    word,
)
from registry.model import (
    Cascade,
    KeySet,
    MemberSelection,
    Region,
    SelectedValue,
    SetRef,
    TimeBound,
    TimeRange,
)

# Values and times

VALIDITY = (Attr("valid_from", "validFrom", PERIOD), Attr("valid_to", "validTo", PERIOD))
_TEXT = Own("value", required=True)
_CASCADE = Attr("cascade", "cascadeValues", word(Cascade))
_OLD_CASCADE = Attr("cascade", "cascadeValues", word(Cascade, (Cascade.YES, Cascade.NO)))


@dataclass(frozen=True)
class Lang(Attr):
    """The language of a text."""

    def put(self, out: Out, text: str) -> None:
        out.attribute("xml:lang", text)

    def got(self, node: Node) -> str | None:
        return node.of.get(XML_LANG)


_LANG = Lang("lang", "lang", LANGUAGE)
BARE = Record(SelectedValue, (_TEXT,))
OLD_VALUE = Record(SelectedValue, (_OLD_CASCADE, _TEXT))
CUBE_VALUE = Record(SelectedValue, (_CASCADE, *VALIDITY, _TEXT))
COMPONENT_VALUE = Record(SelectedValue, (_CASCADE, _LANG, *VALIDITY, _TEXT))
KEY_COMPONENT_VALUE = Record(SelectedValue, (_CASCADE, _LANG, _TEXT))


@dataclass(frozen=True)
class Bounds(Part):
    """The ends of a range of time: both, or one of them under a name of its own."""

    prefix: str

    @property
    def fields(self) -> tuple[str, ...]:
        return ("start", "end")

    def write(self, of: Any, out: Out) -> None:
        for name, tag in _bounds(of.start is not None, of.end is not None).items():
            out.content.append(_BOUND.write(f"{self.prefix}:{tag}", getattr(of, name), out.context, out.under(name)))

    def read(self, node: Node, found: dict[str, Any]) -> None:
        for tag, name in _ENDS.items():
            if (child := node.one(tag)) is not None:
                found[name] = _BOUND.read(child, node.context)


_ENDS = {"StartPeriod": "start", "AfterPeriod": "start", "EndPeriod": "end", "BeforePeriod": "end"}
_BOUND = Record(
    TimeBound,
    (Attr("inclusive", "isInclusive", BOOLEAN, required=True), Own("period", value=TIME_RANGE, required=True)),
)


def _bounds(start: bool, end: bool) -> dict[str, str]:
    if start and end:
        return {"start": "StartPeriod", "end": "EndPeriod"}
    if not start and not end:
        raise Unfit("ML_TOO_FEW")
    return {"start": "AfterPeriod"} if start else {"end": "BeforePeriod"}


OLD_TIMES = Record(TimeRange, (Bounds("com"),))
NEW_TIMES = Record(TimeRange, (*VALIDITY, Bounds("str")))

# Members of regions

_INCLUDE = Attr("include", "include", BOOLEAN)
_STATED = Attr("include", "include", BOOLEAN, required=True)
"""Of a region, where some readers look for it always."""
_PREFIX = Attr("remove_prefix", "removePrefix", BOOLEAN)
ALWAYS = Fixed("include", True)


def selection(ids: Value, *parts: Part | Only) -> Record:
    """The values of a component."""
    return Record(MemberSelection, (Attr("id", "id", ids, required=True), *parts))


def _values(prefix: str, value: Record, most: int | None = None) -> Many:
    return Many("values", f"{prefix}:Value", value, whole=True, most=most)


def _times(prefix: str) -> One:
    return One("time_range", f"{prefix}:TimeRange", OLD_TIMES if prefix == "com" else NEW_TIMES, required=True)


SET = Record(SetRef, (RefTo("provider", "com:DataProvider", ("DataProvider",), required=True), Child("id", "com:ID", ID)))
_OLD_KEY = selection(NCNAME, ALWAYS, Choice(((_values("com", BARE, 1),),), required=True, strict=True))
DATA_KEY = Record(Region, (ALWAYS, Many("key_values", "com:KeyValue", _OLD_KEY, least=1, whole=True)))


def _objects(most: int | None) -> tuple[tuple[Part, ...], ...]:
    """What the keys of reports of SDMX 2.1 may be besides values."""
    return (
        (Many("data_sets", "com:DataSet", SET, whole=True, most=most),),
        (Many("data_keys", "com:DataKey", DATA_KEY, whole=True, most=most),),
        (RefsTo("objects", "com:Object", whole=True, most=most),),
    )


def one_of(*options: tuple[Part, ...], required: bool) -> Choice:
    return Choice(options, required=required, strict=True)


_OLD_CUBE_KEY = selection(NCNAME, _INCLUDE, one_of((_values("com", OLD_VALUE),), (_times("com"),), required=True))
_OLD_COMPONENT = selection(NCNAME, _INCLUDE, one_of((_values("com", OLD_VALUE),), (_times("com"),), required=False))
_OLD_REPORT_COMPONENT = selection(NESTED_NCNAME, *_OLD_COMPONENT.parts[1:])
_OLD_REPORT_KEY = selection(NCNAME, ALWAYS, one_of((_values("com", BARE, 1),), *_objects(1), required=True))
_OLD_TARGET_KEY = selection(NCNAME, _INCLUDE, one_of((_values("com", BARE),), *_objects(None), (_times("com"),), required=True))
_CUBE_KEY = selection(
    NCNAME, _INCLUDE, _PREFIX, *VALIDITY, one_of((_values("str", CUBE_VALUE),), (_times("str"),), required=True)
)
_COMPONENT = selection(
    NESTED_NCNAME, _INCLUDE, _PREFIX, one_of((_values("str", COMPONENT_VALUE),), (_times("str"),), required=False)
)
_KEY_COMPONENT = selection(
    NESTED_NCNAME, _INCLUDE, _PREFIX, one_of((_values("str", KEY_COMPONENT_VALUE),), (_times("str"),), required=False)
)


def _key(most: int | None) -> Record:
    return selection(NCNAME, ALWAYS, _PREFIX, one_of((_values("str", BARE, most),), required=True))


# Regions


def _old_region(key: Record, component: Record, *parts: Part) -> Record:
    return Record(
        Region,
        (
            _STATED,
            *parts,
            Many("key_values", "com:KeyValue", key, whole=True),
            Many("components", "com:Attribute", component, whole=True),
        ),
    )


_REPORT = (Attr("report", "report", ID, required=True), Attr("metadata_target", "metadataTarget", ID, required=True))
OLD_CUBE = _old_region(_OLD_CUBE_KEY, _OLD_COMPONENT)
OLD_TARGET = _old_region(_OLD_TARGET_KEY, _OLD_REPORT_COMPONENT, *_REPORT)
OLD_REPORT_KEY = Record(Region, (ALWAYS, *_REPORT, Many("key_values", "com:KeyValue", _OLD_REPORT_KEY, least=1, whole=True)))


def _region(include: Part, key: Record, component: Record, *parts: Part) -> Record:
    return Record(
        Region,
        (
            include,
            *parts,
            ANNOTATIONS,
            Many("key_values", "str:KeyValue", key, whole=True),
            Many("components", "str:Component", component, whole=True),
        ),
    )


CUBE = _region(_STATED, _CUBE_KEY, _COMPONENT)
KEY_30 = _region(ALWAYS, _key(1), _KEY_COMPONENT, *VALIDITY)
KEY_31 = _region(ALWAYS, _key(None), _KEY_COMPONENT, *VALIDITY)
TARGET = Record(Region, (_STATED, *VALIDITY, Many("components", "str:Component", _COMPONENT, whole=True)))


def key_sets(key: Record, tag: str = "str:DataKeySet", field: str = "key_sets") -> Many:
    """Sets of keys."""
    keys = Many("keys", "str:Key", key, least=1, whole=True)
    return Many(field, tag, Record(KeySet, (Attr("is_included", "isIncluded", BOOLEAN, required=True), keys)), whole=True)


def regions(tag: str, region: Record, most: int | None = 2) -> Many:
    return Many("regions", tag, region, most=most, whole=True, distinct="include" if most else "")
