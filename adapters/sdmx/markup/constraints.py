"""Constraints: what of the possible data or reports is allowed or there.

To leave a part of a constraint out would allow more than it says: its parts are written all or not at all.
Source: ``SDMXStructureConstraint.xsd`` of SDMX 2.1, 3.0, 3.1, "RegionType" of ``SDMXCommon.xsd`` of 2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree

from adapters.sdmx.elements import local
from adapters.sdmx.markup.common import ANNOTATIONS, artefact
from adapters.sdmx.markup.grammar import Node, Out, Part, Record, bad, new, old, only_30, only_31
from adapters.sdmx.markup.holding import Constant
from adapters.sdmx.markup.parts import Attr, Child, Fixed, Many, One, Own, Texts
from adapters.sdmx.markup.references import RefsBy, RefTo
from adapters.sdmx.markup.regions import (
    CUBE,
    DATA_KEY,
    KEY_30,
    KEY_31,
    OLD_CUBE,
    OLD_REPORT_KEY,
    OLD_TARGET,
    SET,
    TARGET,
    key_sets,
    one_of,
    regions,
)
from adapters.sdmx.markup.values import (
    BOOLEAN,
    INTEGER,
    META_SET,
    MOMENT,
    URI,
    Unfit,
    word,
)
from registry.model import (
    Attachment,
    AttachmentConstraint,
    AvailabilityConstraint,
    DataConstraint,
    MetadataConstraint,
    QueryableSource,
    ReferencePeriod,
    ReleaseCalendar,
    Role,
    SetRef,
)
from registry.ref import Kind

_SERVICE = Record(
    QueryableSource,
    (
        Attr("is_rest", "isRESTDatasource", BOOLEAN, required=True),
        Attr("is_web_service", "isWebServiceDatasource", BOOLEAN, required=True),
        Child("data_url", "com:DataURL", URI, required=True),
        Child("wsdl_url", "com:WSDLURL", URI),
        Child("wadl_url", "com:WADLURL", URI),
    ),
)
_SERVICES = Many("queryable_sources", "str:QueryableDataSource", _SERVICE)
_STRUCTURES = {
    Kind.DATA_STRUCTURE: "str:DataStructure",
    Kind.METADATA_STRUCTURE: "str:MetadataStructure",
    Kind.DATAFLOW: "str:Dataflow",
    Kind.METADATAFLOW: "str:Metadataflow",
}
_PROVISIONS = {
    Kind.PROVISION_AGREEMENT: "str:ProvisionAgreement",
    Kind.METADATA_PROVISION_AGREEMENT: "str:MetadataProvisionAgreement",
}
_DATA = (Kind.DATA_STRUCTURE, Kind.DATAFLOW, Kind.PROVISION_AGREEMENT)
_REPORTS = (Kind.METADATA_STRUCTURE, Kind.METADATAFLOW, Kind.METADATA_PROVISION_AGREEMENT)
_OLD = (Kind.DATA_STRUCTURE, Kind.METADATA_STRUCTURE, Kind.DATAFLOW, Kind.METADATAFLOW, Kind.PROVISION_AGREEMENT)
_DATA_PROVIDER = RefTo("data_provider", "str:DataProvider", ("DataProvider",), required=True)
_METADATA_PROVIDER = RefTo("metadata_provider", "str:MetadataProvider", ("MetadataProvider",), required=True)


def _about(kinds: tuple[Kind, ...], *parts: Part, several: bool = False) -> tuple[tuple[Part, ...], ...]:
    """The structures or agreements of one kind."""
    return (
        (RefsBy("structures", {kind: tag for kind, tag in _STRUCTURES.items() if kind in kinds}, several, whole=True), *parts),
        (RefsBy("provisions", {kind: tag for kind, tag in _PROVISIONS.items() if kind in kinds}, several, whole=True), *parts),
    )


def attachment(*options: tuple[Part, ...]) -> One:
    """The one of the ways in which a constraint says what it is about."""
    return One("attachment", "str:ConstraintAttachment", Record(Attachment, (one_of(*options, required=True),)))


def _sets(field: str, tag: str, most: int | None) -> tuple[Part, ...]:
    return (Many(field, tag, SET, whole=True, most=most),)


def _sources(most: int | None) -> tuple[Part, ...]:
    return (Texts("simple_sources", "str:SimpleDataSource", URI, whole=True, most=most),)


_META_SETS_30 = (
    Many("metadata_sets", "str:MetadataSet", Record(SetRef, (Own("id", value=META_SET, required=True),)), whole=True),
)
_OLD_ATTACHMENT = old(
    attachment(
        (_DATA_PROVIDER,),
        _sets("data_sets", "str:DataSet", 1),
        _sets("metadata_sets", "str:MetadataSet", 1),
        _sources(1),
        *_about(_OLD, _SERVICES),
    )
)
_CALENDAR = One(
    "release_calendar",
    "str:ReleaseCalendar",
    Record(
        ReleaseCalendar,
        (
            Child("periodicity", "str:Periodicity", required=True),
            Child("offset", "str:Offset", required=True),
            Child("tolerance", "str:Tolerance", required=True),
        ),
    ),
)
_PERIOD = One(
    "reference_period",
    "str:ReferencePeriod",
    Record(
        ReferencePeriod,
        (Attr("start", "startTime", MOMENT, required=True), Attr("end", "endTime", MOMENT, required=True)),
    ),
)
_ROLE = word(Role)
_OLD_ROLE = old(Attr("role", "type", _ROLE, required=True, missing=Role.ACTUAL))

DATA_CONSTRAINT = artefact(
    Kind.DATA_CONSTRAINT,
    DataConstraint,
    _OLD_ROLE,
    only_30(Attr("role", "role", _ROLE, required=True)),
    only_31(Fixed("role", Role.ALLOWED)),
    _OLD_ATTACHMENT,
    only_30(attachment((_DATA_PROVIDER,), _sources(None), *_about(_DATA, _SERVICES)), _CALENDAR),
    only_31(attachment((_DATA_PROVIDER,), *_about(_DATA))),
    old(key_sets(DATA_KEY), regions("str:CubeRegion", OLD_CUBE, None), _CALENDAR, _PERIOD),
    only_30(key_sets(KEY_30)),
    only_31(key_sets(KEY_31)),
    new(regions("str:CubeRegion", CUBE)),
)


@dataclass(frozen=True)
class Told(Part):
    """SDMX 2.1 has one element for constraints of data and of reports: only what is in it tells which. It cannot be of both."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ()

    def write(self, of: Any, out: Out) -> None:
        if not of.key_sets and not of.regions:
            raise Unfit("ML_TOO_FEW")

    def read(self, node: Node, found: dict[str, Any]) -> None:
        """See :func:`speaks_of_reports`; here only that nothing is said of data, which would get lost."""
        for strange in (*node.all("DataKeySet"), *node.all("CubeRegion")):
            raise bad(strange, "")


def speaks_of_reports(of: etree._Element) -> bool:
    """Whether a ``ContentConstraint`` is one of reports."""
    return any(local(one) in ("MetadataKeySet", "MetadataTargetRegion") for one in of)


METADATA_CONSTRAINT = artefact(
    Kind.METADATA_CONSTRAINT,
    MetadataConstraint,
    old(Told()),
    _OLD_ROLE,
    only_30(Constant("role", "Allowed")),
    new(Fixed("role", Role.ALLOWED)),
    _OLD_ATTACHMENT,
    only_30(attachment((_METADATA_PROVIDER,), _META_SETS_30, _sources(None), *_about(_REPORTS, _SERVICES)), _CALENDAR),
    only_31(attachment((_METADATA_PROVIDER,), *_about(_REPORTS))),
    old(
        key_sets(OLD_REPORT_KEY, "str:MetadataKeySet"),
        regions("str:MetadataTargetRegion", OLD_TARGET, None),
        _CALENDAR,
        _PERIOD,
    ),
    new(regions("str:MetadataTargetRegion", TARGET)),
)
ATTACHMENT_CONSTRAINT = artefact(
    Kind.ATTACHMENT_CONSTRAINT,
    AttachmentConstraint,
    attachment(
        _sets("data_sets", "str:DataSet", None),
        _sets("metadata_sets", "str:MetadataSet", None),
        _sources(None),
        *_about(_OLD),
    ),
    key_sets(DATA_KEY, field="data_key_sets"),
    key_sets(OLD_REPORT_KEY, "str:MetadataKeySet", "metadata_key_sets"),
)
AVAILABILITY = Record(
    AvailabilityConstraint,
    (
        ANNOTATIONS,
        Attr("series_count", "seriesCount", INTEGER),
        Attr("obs_count", "obsCount", INTEGER),
        attachment(*_about(_DATA)),
        One("region", "str:CubeRegion", CUBE, required=True),
    ),
)
