"""The data types of SDMX, by where they may stand; the same in SDMX-ML and SDMX-JSON.

Source: ``SDMXStructureBase.xsd`` and ``SDMXCommon.xsd`` of SDMX 2.1, 3.0 and 3.1, "DataType" and its restrictions.
"""

from __future__ import annotations

TIME_TYPES = frozenset(
    {
        "ObservationalTimePeriod",
        "StandardTimePeriod",
        "BasicTimePeriod",
        "GregorianTimePeriod",
        "GregorianYear",
        "GregorianYearMonth",
        "GregorianDay",
        "ReportingTimePeriod",
        "ReportingYear",
        "ReportingSemester",
        "ReportingTrimester",
        "ReportingQuarter",
        "ReportingMonth",
        "ReportingWeek",
        "ReportingDay",
        "DateTime",
        "TimeRange",
    }
)
CODE_TYPES = (TIME_TYPES - {"DateTime", "TimeRange"}) | {
    "String",
    "Alpha",
    "AlphaNumeric",
    "Numeric",
    "BigInteger",
    "Integer",
    "Long",
    "Short",
    "Boolean",
    "URI",
    "Count",
    "InclusiveValueRange",
    "ExclusiveValueRange",
    "Incremental",
    "Month",
    "MonthDay",
    "Day",
    "Duration",
}
SIMPLE_TYPES = TIME_TYPES | CODE_TYPES | frozenset({"Decimal", "Float", "Double", "Time"})
GEO = frozenset({"GeospatialInformation"})
"""A simple type that came with SDMX 3.0."""
XHTML = frozenset({"XHTML"})
TARGET_TYPES = frozenset({"KeyValues", "IdentifiableReference", "DataSetReference"})
CODING_TYPES = frozenset({"Alpha", "AlphaNumeric", "Numeric"})
