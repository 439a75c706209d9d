"""Data types, facets and representations, as narrow as each place of the format allows them.

Source: ``BasicComponentTextFormatType`` and its restrictions, ``...RepresentationType`` of the schemas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

from adapters.sdmx.data_types import CODE_TYPES, CODING_TYPES, GEO, SIMPLE_TYPES, TARGET_TYPES, TIME_TYPES, XHTML
from adapters.sdmx.jsonshape.records import Custom, Json, Part, Piece, Record
from adapters.sdmx.jsonshape.references import FIRST, artefact
from adapters.sdmx.jsonshape.texts import Texts
from adapters.sdmx.jsonshape.ways import (
    DURATION,
    FLAG,
    NO_VALUE,
    NOTHING,
    PERIOD,
    TEXT,
    Each,
    Leaf,
    Loss,
    Losses,
    Unlike,
    Way,
    at,
    count,
    moved,
    number,
    one_of,
)
from registry.model import UNBOUNDED, Format, Representation, SentinelValue, typed
from registry.ref import Kind, Ref


class Breadth(Enum):
    """How much a format may say: of any component, of a dimension, of codes, of the codes of a level, of times."""

    BASIC = "basic"
    SIMPLE = "simple"
    CODED = "coded"
    CODING = "coding"
    TIME = "time"


def types(breadth: Breadth, version: str) -> frozenset[str]:
    """The data types."""
    simple = SIMPLE_TYPES if version == FIRST else SIMPLE_TYPES | GEO
    return {
        Breadth.BASIC: simple | XHTML,
        Breadth.SIMPLE: simple,
        Breadth.CODED: CODE_TYPES,
        Breadth.CODING: CODING_TYPES,
        Breadth.TIME: TIME_TYPES,
    }[breadth]


def every_type(version: str) -> frozenset[str]:
    """The data types that a map or a target may name."""
    return types(Breadth.BASIC, version) | TARGET_TYPES | ({"AttachmentConstraintReference"} if version == FIRST else set())


@cache
def text_format(breadth: Breadth, version: str, among: frozenset[str] | None = None) -> Record:
    """The way of a format; the data type is always said."""
    name = "textType" if version == FIRST else "dataType"
    head = Part("text_type", name, one_of(among or types(breadth, version)), needed=True)
    times = (Part("start_time", "startTime", PERIOD), Part("end_time", "endTime", PERIOD))
    sentinels = () if version == FIRST else (Part("sentinels", "sentinelValues", Each(_SENTINEL)),)
    if breadth is Breadth.TIME:
        return Record(Format, (head, *times, *sentinels))
    pieces: tuple[Piece, ...] = (head, *_facets(breadth))
    if breadth is Breadth.CODING:
        return Record(Format, pieces)
    pieces += (*times, Part("time_interval", "timeInterval", DURATION))
    if breadth is Breadth.CODED:
        return Record(Format, pieces)
    pieces += (Part("decimals", "decimals", count(1)), *sentinels)
    return Record(Format, pieces if breadth is Breadth.SIMPLE else (*pieces, Part("is_multi_lingual", "isMultiLingual", FLAG)))


def _facets(breadth: Breadth) -> tuple[Piece, ...]:
    whole = breadth in (Breadth.CODED, Breadth.CODING)
    numbers = number(whole, 1 if breadth is Breadth.CODING else None)
    return (
        Part("is_sequence", "isSequence", FLAG),
        Part("interval", "interval", number(breadth is not Breadth.BASIC)),
        Part("start_value", "startValue", numbers),
        Part("end_value", "endValue", numbers),
        Part("min_length", "minLength", count(1)),
        Part("max_length", "maxLength", count(1)),
        Part("min_value", "minValue", numbers),
        Part("max_value", "maxValue", numbers),
        Part("pattern", "pattern", TEXT),
    )


_SENTINEL = Record(
    SentinelValue,
    (
        Part("value", "value", Leaf(lambda value: value, lambda found: _sentinel(found)), needed=True),
        Texts("names", "name", "names", instead="value", needed=True),
        Texts("descriptions", "description", "descriptions"),
    ),
)


def _sentinel(found: Any) -> str:
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        raise Unlike("a text or a number")
    return str(found)


@dataclass(frozen=True)
class Place:
    """Where a representation stands: what its lists may be, how broad its formats are, whether it may say how often."""

    lists: tuple[Kind, ...]
    breadth: Breadth
    counted: bool = False


ATTRIBUTE = Place((Kind.CODELIST, Kind.VALUE_LIST), Breadth.BASIC, counted=True)
"""Also that of a measure and of a concept."""
DIMENSION = Place((Kind.CODELIST,), Breadth.SIMPLE)
TIME = Place((), Breadth.TIME)
METADATA_ATTRIBUTE = Place((Kind.CODELIST,), Breadth.BASIC)


@cache
def representation(place: Place, version: str) -> Record:
    """The way of a representation: a list, then its format is that of codes; or a format, an empty one where none is said."""
    ways: dict[str, Way] = {
        "enumeration": artefact(version, *place.lists),
        "enumerationFormat": text_format(Breadth.CODED, version),
        "textFormat" if version == FIRST else "format": text_format(place.breadth, version),
    }
    counts = _counts() if place.counted and version != FIRST else ()
    own = Custom(("enumeration", "format"), lambda *args: _put(ways, *args), lambda *args: _take(ways, *args))
    return Record(Representation, (own, *counts))


def _put(ways: Mapping[str, Way], value: Representation, into: Json, of: Ref, losses: Losses) -> bool:
    listed, coded, free = ways
    name = free if value.enumeration is None else coded
    if value.enumeration is not None:
        into[listed] = ways[listed].write(value.enumeration, of, losses)
        if into[listed] is NOTHING:
            return False
    if value.format is not None:
        before = len(losses)
        into[name] = ways[name].write(value.format, of, losses)
        moved(losses, before, "format")
        return _held(name == coded, name, into, losses, before)
    if name == free and free == "format":
        into[name] = {}
    return True


PERIODS = typed("ObservationalTimePeriod")
"""How times look where nothing is said."""


class Times:
    """The representation of times. 2.1 may leave it out; before, an empty format stands for none: both mean any period."""

    def __init__(self, version: str) -> None:
        self._record, self._name = representation(TIME, version), "textFormat" if version == FIRST else "format"

    def write(self, value: Representation | None, of: Ref, losses: Losses) -> Any:
        if value is None:
            return {self._name: {}}
        return self._record.write(value, of, losses) if value.format is not None else NOTHING

    def read(self, found: Any, lang: str) -> Representation:
        read: Representation = self._record.read(found, lang)
        return read if read.format is not None else PERIODS


def _held(may_be_left: bool, name: str, into: Json, losses: Losses, before: int) -> bool:
    """Whether there is still a representation, with the format or without."""
    if into[name] is not NOTHING:
        return True
    del into[name], losses[before:]
    losses.append(Loss("format", NO_VALUE))
    return may_be_left


def _take(ways: Mapping[str, Way], found: Mapping[str, Any], into: Json, lang: str) -> None:
    listed, coded, free = ways
    if found.get(listed) is not None:
        into["enumeration"] = at(listed, ways[listed], found[listed], lang)
    name = coded if "enumeration" in into else free
    if found.get(name):
        into["format"] = at(name, ways[name], found[name], lang)


def _counts() -> tuple[Piece, ...]:
    least = Part("min_occurs", "minOccurs", count(0))
    return (least, Part("max_occurs", "maxOccurs", OCCURRENCES))


OCCURRENCES = Leaf(
    lambda value: "unbounded" if value == UNBOUNDED else value if value >= 1 else NOTHING,
    lambda found: UNBOUNDED if found == "unbounded" else count().read(found, ""),
)
"""How often at most."""
