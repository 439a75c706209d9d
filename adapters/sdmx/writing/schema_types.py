"""Data types of SDMX as types of XML Schema and JSON Schema.

Source: ``SDMXCommon.xsd`` of SDMX 2.1 and 3.1, "DataType"; SDMX 3.0 section 6, "Data types".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from adapters.sdmx.writing.xml import element, opening
from registry.model import Format

_WHOLE = {"BigInteger": "integer", "Integer": "int", "Long": "long", "Short": "short", "Count": "integer"}
_NUMBERS = {
    "Decimal": "decimal",
    "Float": "float",
    "Double": "double",
    "InclusiveValueRange": "decimal",
    "ExclusiveValueRange": "decimal",
    "Incremental": "decimal",
}
_OTHERS = {
    "Boolean": "boolean",
    "URI": "anyURI",
    "GregorianYear": "gYear",
    "GregorianYearMonth": "gYearMonth",
    "GregorianDay": "date",
    "DateTime": "dateTime",
    "Month": "gMonth",
    "MonthDay": "gMonthDay",
    "Day": "gDay",
    "Time": "time",
    "Duration": "duration",
}
_COMMON = frozenset(
    {
        "Alpha",
        "AlphaNumeric",
        "Numeric",
        "ObservationalTimePeriod",
        "StandardTimePeriod",
        "BasicTimePeriod",
        "GregorianTimePeriod",
        "ReportingTimePeriod",
        "ReportingYear",
        "ReportingSemester",
        "ReportingTrimester",
        "ReportingQuarter",
        "ReportingMonth",
        "ReportingWeek",
        "ReportingDay",
        "TimeRange",
    }
)
"""Those that SDMX has types of its own for."""

NUMERIC = frozenset({*_WHOLE, *_NUMBERS})


def xml_type(text_type: str) -> str:
    """The type of an attribute, with ``xs:`` or ``com:``; what has no type of its own is a text."""
    if text_type in _COMMON:
        return f"com:{text_type}Type"
    return f"xs:{(_WHOLE | _NUMBERS | _OTHERS).get(text_type, 'string')}"


def simple_type(named: Mapping[str, str], codes: Sequence[str] | None, format: Format) -> Iterator[str]:
    """The type of the values of a component in pieces, for a list of codes may be long."""
    yield opening("xs:simpleType", named)
    if codes is not None:
        yield opening("xs:restriction", {"base": "xs:string"})
        for code in codes:
            yield element("xs:enumeration", {"value": code})
    else:
        yield opening("xs:restriction", {"base": xml_type(format.text_type)})
        for name, value in facets(format):
            yield element(f"xs:{name}", {"value": value})
    yield "</xs:restriction></xs:simpleType>"


def facets(format: Format) -> Iterator[tuple[str, str]]:
    """What limits the values of a type, as XML Schema says it; sentinels may lie outside, and with any there are none."""
    if format.sentinels:
        return
    if xml_type(format.text_type) == "xs:string":
        yield from _said(("minLength", format.min_length), ("maxLength", format.max_length))
    if format.text_type in NUMERIC:
        low = format.min_value if format.min_value is not None else format.start_value
        high = format.max_value if format.max_value is not None else format.end_value
        ends = "Exclusive" if format.text_type == "ExclusiveValueRange" else "Inclusive"
        yield from _said((f"min{ends}", low), (f"max{ends}", high))
    if xml_type(format.text_type) == "xs:decimal":
        yield from _said(("fractionDigits", format.decimals))
    if format.pattern:
        yield "pattern", format.pattern


def _said(*pairs: tuple[str, object]) -> Iterator[tuple[str, str]]:
    return ((name, str(value)) for name, value in pairs if value is not None)
