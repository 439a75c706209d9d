"""The inside of a DSD in SDMX-ML 2.1: dimensions, groups, attributes and the primary measure.

Source: SDMX 2.1 section 3A part III, "DataStructureComponents".
"""

from __future__ import annotations

from collections.abc import Iterable

from adapters.sdmx.writing.header import reference
from adapters.sdmx.writing.xml import element
from registry.model import Attribute, Component, DataStructure, Dimension, Level
from registry.ref import Kind, Ref

MEASURE = "OBS_VALUE"
"""The only id a primary measure may have in SDMX 2.1."""

CROSS_DOMAIN = Ref(Kind.CONCEPT_SCHEME, "SDMX", "CROSS_DOMAIN_CONCEPTS", "2.0")
"""Where a component takes its meaning from when its DSD does not say: SDMX 2.1 does not allow none."""

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
TEXT_TYPES = TIME_TYPES | frozenset(
    {
        "String",
        "Alpha",
        "AlphaNumeric",
        "Numeric",
        "BigInteger",
        "Integer",
        "Long",
        "Short",
        "Decimal",
        "Float",
        "Double",
        "Boolean",
        "URI",
        "Count",
        "InclusiveValueRange",
        "ExclusiveValueRange",
        "Incremental",
        "Month",
        "MonthDay",
        "Day",
        "Time",
        "Duration",
    }
)


def components(dsd: DataStructure) -> str:
    """The whole ``DataStructureComponents`` element."""
    dimensions = "".join(_dimension(number, part) for number, part in enumerate(dsd.dimensions, 1))
    attributes = "".join(_attribute(dsd, attribute) for attribute in dsd.attributes)
    content = element("str:DimensionList", {"id": "DimensionDescriptor"}, dimensions) + _groups(dsd)
    if attributes:
        content += element("str:AttributeList", {"id": "AttributeDescriptor"}, attributes)
    measure = element("str:PrimaryMeasure", {"id": MEASURE}, _meaning(dsd.measures[0]) + _representation(dsd.measures[0]))
    content += element("str:MeasureList", {"id": "MeasureDescriptor"}, measure)
    return element("str:DataStructureComponents", content=content)


def _dimension(position: int, dimension: Dimension) -> str:
    tag = "str:TimeDimension" if dimension.is_time else "str:Dimension"
    content = _meaning(dimension) + (_time(dimension) if dimension.is_time else _representation(dimension))
    return element(tag, {"id": dimension.id, "position": str(position)}, content)


def _groups(dsd: DataStructure) -> str:
    return "".join(
        element(
            "str:Group",
            {"id": name},
            "".join(element("str:GroupDimension", content=_local("str:DimensionReference", id_)) for id_ in dimensions),
        )
        for name, dimensions in dsd.group_keys.items()
    )


def _attribute(dsd: DataStructure, attribute: Attribute) -> str:
    status = "Mandatory" if attribute.mandatory else "Conditional"
    relationship = element("str:AttributeRelationship", content=_relationship(dsd, attribute))
    content = _meaning(attribute) + _representation(attribute) + relationship
    return element("str:Attribute", {"id": attribute.id, "assignmentStatus": status}, content)


def _relationship(dsd: DataStructure, attribute: Attribute) -> str:
    if attribute.level == Level.DATA_SET:
        return element("str:None")
    if attribute.level == Level.OBSERVATION:
        return _local("str:PrimaryMeasure", MEASURE)
    if attribute.group in dsd.group_keys:
        return _local("str:Group", attribute.group or "")
    return "".join(_local("str:Dimension", id_) for id_ in _depends_on(dsd, attribute))


def _depends_on(dsd: DataStructure, attribute: Attribute) -> Iterable[str]:
    return attribute.dimensions or dsd.key


def _local(tag: str, id_: str) -> str:
    return element(tag, content=element("Ref", {"id": id_}))


def _meaning(part: Component) -> str:
    scheme = part.concept_scheme or CROSS_DOMAIN
    values = {
        "id": part.concept or part.id,
        "maintainableParentID": scheme.id,
        "maintainableParentVersion": scheme.version,
        "agencyID": scheme.agency,
        "class": "Concept",
        "package": "conceptscheme",
    }
    return element("str:ConceptIdentity", content=element("Ref", values))


def _representation(part: Component) -> str:
    if part.codelist is not None:
        return element("str:LocalRepresentation", content=reference("str:Enumeration", part.codelist, package="codelist"))
    return _text(part.text_type if part.text_type in TEXT_TYPES else "String")


def _time(part: Component) -> str:
    return _text(part.text_type if part.text_type in TIME_TYPES else "ObservationalTimePeriod")


def _text(text_type: str) -> str:
    return element("str:LocalRepresentation", content=element("str:TextFormat", {"textType": text_type}))
