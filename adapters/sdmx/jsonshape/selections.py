"""Chosen values of components in constraints of 2.x, and ranges of times.

Source: ``ComponentValueSetType``, ``SimpleComponentValueType``, ``TimeRangeValueType`` of the schemas.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.sdmx.jsonshape.records import Custom, Json, Part, Piece, Record
from adapters.sdmx.jsonshape.references import THIRD
from adapters.sdmx.jsonshape.schemes import CASCADE
from adapters.sdmx.jsonshape.ways import ANY_PERIOD, FLAG, LANGUAGE, NOTHING, PERIOD, TEXT, Each, Losses, Way, at
from registry.model import MemberSelection, SelectedValue, TimeBound, TimeRange
from registry.ref import Ref

VALID = (Part("valid_from", "validFrom", PERIOD), Part("valid_to", "validTo", PERIOD))
BOUND = Record(TimeBound, (Part("period", "period", ANY_PERIOD, needed=True), Part("inclusive", "isInclusive", FLAG)))


def selected(version: str, lang: bool = True, valid: bool = True) -> Way:
    """The way of a chosen value; whether it may say a language and a validity."""
    own = (Part("value", "value", TEXT, needed=True), Part("cascade", "cascadeValues", CASCADE))
    return _Selected(
        Record(SelectedValue, (*own, *((Part("lang", "lang", LANGUAGE),) if lang else ()), *(VALID if valid else ())))
    )


class _Selected:
    """A value as an object: the schemas let it stand by itself, but pysdmx does not read it so."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def write(self, value: SelectedValue, of: Ref, losses: Losses) -> Any:
        return self._record.write(value, of, losses)

    def read(self, found: Any, lang: str) -> Any:
        return SelectedValue(found) if isinstance(found, str) else self._record.read(found, lang)


def selection(id: Way, value: Way, version: str, *pieces: Piece) -> Record:
    """The way of the values of a component: listed or as a time range."""
    times = VALID if version == THIRD else ()
    span = Record(TimeRange, (Custom(("start", "end"), put_span, take_span), *times))
    either = Custom(
        ("values", "time_range"),
        lambda *args: _put_either(Each(value), span, *args),
        lambda *args: _take_either(Each(value), span, *args),
    )
    return Record(
        MemberSelection,
        (
            Part("id", "id", id, needed=True),
            Part("include", "include", FLAG),
            Part("remove_prefix", "removePrefix", FLAG),
            either,
            *pieces,
        ),
    )


def _put_either(values: Way, span: Way, value: MemberSelection, into: Json, of: Ref, losses: Losses) -> bool:
    """Values or times, not both."""
    if value.values and value.time_range:
        return False
    if value.values:
        into["values"] = values.write(value.values, of, losses)
    if value.time_range:
        into["timeRange"] = span.write(value.time_range, of, losses)
    return NOTHING not in (into.get("values"), into.get("timeRange"))


def _take_either(values: Way, span: Way, found: Mapping[str, Any], into: Json, lang: str) -> None:
    for name, field, way in (("values", "values", values), ("timeRange", "time_range", span)):
        if found.get(name) is not None:
            into[field] = at(name, way, found[name], lang)


def put_span(value: TimeRange, into: Json, of: Ref, losses: Losses) -> bool:
    """A time range; with both ends they have other names than alone."""
    names = ("startPeriod", "endPeriod") if value.start and value.end else ("afterPeriod", "beforePeriod")
    for name, bound in zip(names, (value.start, value.end), strict=True):
        if bound is not None:
            into[name] = BOUND.write(bound, of, losses)
    return bool(into) and NOTHING not in into.values()


def take_span(found: Mapping[str, Any], into: Json, lang: str) -> None:
    """The ends of a time range."""
    fields = {"startPeriod": "start", "afterPeriod": "start", "endPeriod": "end", "beforePeriod": "end"}
    for name, field in fields.items():
        if found.get(name) is not None:
            into[field] = at(name, BOUND, found[name], lang)
