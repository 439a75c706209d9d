"""What a structure consists of, as its page of the registry shows it: each component with its words and values, as far as they
read."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeVar

from hub_client import QueryFailed
from hub_client.generated.fragments import (
    ArtefactDetail,
    AttributeComponent,
    DataStructureComponents,
    DimensionComponent,
    FacetFields,
    MeasureComponent,
    MetadataAttributeFields,
    MetadataStructureComponents,
    PartialKeyFields,
    RegistryWithDataStructure,
    RegistryWithMetadataStructure,
    RepresentationFields,
)

from clients.portal.numbers import count
from clients.portal.texts import Words
from clients.portal.visitor import Visitor

Component: TypeAlias = DimensionComponent | MeasureComponent | AttributeComponent | MetadataAttributeFields
Answer = TypeVar("Answer", RegistryWithDataStructure, RegistryWithMetadataStructure)
Place: TypeAlias = tuple[str | int, ...]
"""Where something stands in the artefact of an answer, such as ("dimensions", 0)."""

_NUMBERS = (
    *("BigInteger", "Integer", "Long", "Short", "Decimal", "Float", "Double", "Count", "Incremental"),
    *("InclusiveValueRange", "ExclusiveValueRange"),
)
_TIMES = (
    *("DateTime", "TimeRange", "Month", "MonthDay", "Day", "Time", "Duration"),
    *("ObservationalTimePeriod", "StandardTimePeriod", "BasicTimePeriod"),
    *("GregorianTimePeriod", "GregorianYear", "GregorianYearMonth", "GregorianDay"),
    *("ReportingTimePeriod", "ReportingYear", "ReportingSemester", "ReportingTrimester", "ReportingQuarter"),
    *("ReportingMonth", "ReportingWeek", "ReportingDay"),
)
_TEXTS = ("String", "Alpha", "AlphaNumeric", "Numeric", "URI", "XHTML")
_WORDS = {
    **dict.fromkeys(_NUMBERS, "format_number"),
    **dict.fromkeys(_TIMES, "format_time"),
    **dict.fromkeys(_TEXTS, "format_text"),
    "Boolean": "format_truth",
}
"""The word for an SDMX data type (``DataType`` of SDMXCommon.xsd); the others are shown by their names only."""


@dataclass(frozen=True)
class Row:
    """A component. ``unread``: its concept is there, but no longer reads."""

    part: Component
    unread: bool

    @property
    def values(self) -> RepresentationFields | None:
        """What it says of its values, else what its concept does."""
        return self.part.representation or (self.part.concept.representation if self.part.concept else None)

    @property
    def limits(self) -> list[FacetFields]:
        """What else is said of values, but for the languages of texts, which have a word (``many_languages``)."""
        return [each for each in self.values.facets if each.name != "isMultiLingual"] if self.values else []

    @property
    def many_languages(self) -> bool:
        """Whether a text may be there in several languages."""
        return self.values is not None and any(
            (each.name, each.value) == ("isMultiLingual", "true") for each in self.values.facets
        )

    @property
    def data_type(self) -> str:
        """The data type of free values."""
        usual = "String" if isinstance(self.part, MetadataAttributeFields) else self.part.text_type
        return (self.values.text_type if self.values else None) or usual

    @property
    def type_word(self) -> str | None:
        """The key of the word for the data type."""
        return _WORDS.get(self.data_type)


@dataclass(frozen=True)
class Table:
    """Components of one sort. ``id`` is that of its heading, ``report`` that of a report of SDMX 2.1."""

    id: str
    sort: str
    rows: Sequence[Row] = ()
    groups: Sequence[PartialKeyFields] = ()
    report: str = ""

    @property
    def has_roles(self) -> bool:
        """Whether any says what part it plays."""
        parts = [row.part for row in self.rows if not isinstance(row.part, MetadataAttributeFields)]
        return any(part.roles or (isinstance(part, DimensionComponent) and part.is_time) for part in parts)


async def components(visitor: Visitor, one: ArtefactDetail, at: datetime | None) -> list[Table]:
    """The tables of a structure; none of other artefacts, nor where its components no longer read, which the page then says."""
    if one.kind == "DataStructure":
        data, lost = await _read(visitor, visitor.client.data_structure(one.ref, as_of=at), RegistryWithDataStructure)
        return _of_data(data.artefact, lost) if isinstance(data.artefact, DataStructureComponents) else []
    if one.kind == "MetadataStructure":
        asked = visitor.client.metadata_structure(one.ref, as_of=at)
        reports, lost = await _read(visitor, asked, RegistryWithMetadataStructure)
        return _of_reports(reports.artefact, lost) if isinstance(reports.artefact, MetadataStructureComponents) else []
    return []


async def _read(visitor: Visitor, asked: Awaitable[Answer], shape: type[Answer]) -> tuple[Answer, set[Place]]:
    """An answer, and the places of the components whose concepts no longer read."""
    try:
        return await asked, set()
    except QueryFailed as failed:
        rest = visitor.rest_of(failed)
        paths = [one.path[2:] for one in failed.errors]
        return shape.model_validate(rest["registry"]), {path[: path.index("concept")] for path in paths if "concept" in path}


def _of_data(one: DataStructureComponents, lost: set[Place]) -> list[Table]:
    sorts: dict[str, Sequence[Component]] = {
        "dimensions": one.dimensions,
        "measures": one.measures,
        "attributes": one.attributes,
    }
    tables = [Table(sort, sort, _rows(parts, lost, (sort,))) for sort, parts in sorts.items() if parts]
    return [*tables, Table("groups", "groups", groups=one.groups)] if one.groups else tables


def _of_reports(one: MetadataStructureComponents, lost: set[Place]) -> list[Table]:
    given = {"": _rows(one.attributes, lost, ("attributes",))}
    given |= {each.id: _rows(each.attributes, lost, ("reports", place, "attributes")) for place, each in enumerate(one.reports)}
    shown = [(report, rows) for report, rows in given.items() if rows]
    return [Table(f"fields-{number}", "fields", rows, report=report) for number, (report, rows) in enumerate(shown, 1)]


def _rows(parts: Iterable[Component], lost: set[Place], above: Place) -> list[Row]:
    return [Row(part, (*above, place) in lost) for place, part in enumerate(parts)]


def how_often(words: Words, least: int, most: int | None) -> str:
    """How often a field comes in a report; ``most`` None: as often as one likes."""
    known = {(1, 1): "often_once", (0, 1): "often_at_most_once", (0, None): "often_any"}
    if (least, most) in known:
        return words(known[least, most])
    if most is None:
        return words("often_from", least=count(least, words.lang))
    return words("often_between", least=count(least, words.lang), most=count(most, words.lang))
