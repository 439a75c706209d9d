"""What values look like: text formats with their facets, and representations.

Each place of the schema allows other data types and facets; :func:`text_format` makes the record of each.
Source: ``SDMXStructureBase.xsd`` of SDMX 2.1, 3.0, 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adapters.sdmx.data_types import CODE_TYPES, CODING_TYPES, GEO, SIMPLE_TYPES, TARGET_TYPES, TIME_TYPES, XHTML
from adapters.sdmx.markup.grammar import Node, Only, Out, Part, Record, new
from adapters.sdmx.markup.parts import Attr, Many, One, Words
from adapters.sdmx.markup.references import RefTo
from adapters.sdmx.markup.values import (
    BOOLEAN,
    COUNT,
    DECIMAL,
    DURATION,
    NATURAL,
    OCCURRENCE,
    PERIOD,
    POSITIVE,
    TEXT,
    WHOLE,
    Unfit,
    among,
)
from registry.model import Format, Representation, SentinelValue
from registry.ref import Kind

SENTINEL = Record(
    SentinelValue,
    (
        Attr("value", "value", TEXT, required=True),
        Words("names", "com:Name", least=1),
        Words("descriptions", "com:Description"),
    ),
)
SENTINELS = new(Many("sentinels", "str:SentinelValue", SENTINEL))
_SAID = "String"


def text_type(types: frozenset[str], missing: str = _SAID) -> tuple[Only, ...]:
    """The data type; ``types`` are those of SDMX 2.1, 3.x has another simple one."""
    later = types | (GEO if types >= SIMPLE_TYPES else frozenset())
    return tuple(
        Only(versions, (Attr("text_type", "textType", among(allowed), required=True, missing=missing),))
        for versions, allowed in ((("2.1",), types), (("3.0", "3.1"), later))
    )


TIMES = (Attr("start_time", "startTime", PERIOD), Attr("end_time", "endTime", PERIOD))
MULTI_LINGUAL = Attr("is_multi_lingual", "isMultiLingual", BOOLEAN)


def facets(number: Any, edge: Any) -> tuple[Part, ...]:
    """The facets that most formats have; ``number`` and ``edge`` are the types of intervals and of values."""
    return (
        Attr("is_sequence", "isSequence", BOOLEAN),
        Attr("interval", "interval", number),
        Attr("start_value", "startValue", edge),
        Attr("end_value", "endValue", edge),
        Attr("min_length", "minLength", POSITIVE),
        Attr("max_length", "maxLength", POSITIVE),
        Attr("min_value", "minValue", edge),
        Attr("max_value", "maxValue", edge),
        Attr("pattern", "pattern"),
    )


_SPAN = Attr("time_interval", "timeInterval", DURATION)
_DECIMALS = Attr("decimals", "decimals", POSITIVE)
_SIMPLE = (*facets(DECIMAL, DECIMAL), _SPAN, *TIMES, _DECIMALS)

ANY_FORMAT = Record(Format, (*text_type(SIMPLE_TYPES | XHTML | TARGET_TYPES), *_SIMPLE, MULTI_LINGUAL, SENTINELS))
BASIC_FORMAT = Record(Format, (*text_type(SIMPLE_TYPES | XHTML), *_SIMPLE, MULTI_LINGUAL, SENTINELS))
SIMPLE_FORMAT = Record(Format, (*text_type(SIMPLE_TYPES), *_SIMPLE, SENTINELS))
TIME_FORMAT = Record(Format, (*text_type(TIME_TYPES, "ObservationalTimePeriod"), *TIMES, SENTINELS))
CODED_FORMAT = Record(Format, (*text_type(CODE_TYPES), *facets(WHOLE, WHOLE), _SPAN, *TIMES))
CODING_FORMAT = Record(Format, (*text_type(CODING_TYPES, "Alpha"), *facets(WHOLE, COUNT)))


@dataclass(frozen=True)
class Content(Part):
    """A list of values and how they look, or a format. One of them must be there."""

    kinds: tuple[Kind, ...]
    format: Record
    coded: bool = True

    @property
    def fields(self) -> tuple[str, ...]:
        return ("enumeration", "format")

    def write(self, of: Any, out: Out) -> None:
        if of.enumeration is not None:
            RefTo("enumeration", "str:Enumeration", self.kinds, required=True).write(of, out)
            self._coded(of, out)
        elif of.format is not None:
            One("format", "str:TextFormat", self.format, required=True).write(of, out)
        else:
            raise Unfit("ML_TOO_FEW")

    def _coded(self, of: Any, out: Out) -> None:
        if self.coded:
            One("format", "str:EnumerationFormat", CODED_FORMAT).write(of, out)
        elif of.format is not None:
            out.lose("format", "ML_NO_PLACE")

    def read(self, node: Node, found: dict[str, Any]) -> None:
        RefTo("enumeration", "str:Enumeration", self.kinds).read(node, found)
        One("format", "str:EnumerationFormat", CODED_FORMAT).read(node, found)
        One("format", "str:TextFormat", self.format).read(node, found)


OCCURS = (
    Attr("min_occurs", "minOccurs", NATURAL),
    Attr("max_occurs", "maxOccurs", OCCURRENCE),
)


def representation(format: Record, *kinds: Kind, occurs: bool = False, coded: bool = True) -> Record:
    """A representation of values of a format or from lists of the kinds; ``coded``: lists may say how their codes look."""
    return Record(Representation, (*((new(*OCCURS),) if occurs else ()), Content(kinds, format, coded)))
