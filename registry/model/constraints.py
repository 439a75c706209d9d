"""What of a structure's possible data is allowed or there.

Source: ``SDMXStructureConstraint.xsd`` of SDMX 2.1, 3.0 and 3.1, "RegionType" of ``SDMXCommon.xsd`` of 2.1.

The ``ContentConstraint`` of SDMX 2.1 is a :class:`DataConstraint` or, where it speaks of reports, a
:class:`MetadataConstraint`; its type is their ``role``, which 3.0 has too. In 3.1 what is allowed is a data constraint and what
is there is an :class:`AvailabilityConstraint`, which has no identity.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from registry.model.base import Annotable, Maintainable, Moment
from registry.model.codelists import Cascade
from registry.model.references import AnyProvisionRef, AnyRef, AnyStructureRef, DataProviderRef, MetadataProviderRef


class Role(StrEnum):
    """What may be, or what is."""

    ALLOWED = "Allowed"
    ACTUAL = "Actual"


@dataclass(frozen=True, slots=True)
class SelectedValue:
    """A value of a component; ``%`` in it stands for any characters. Validity as SDMX periods (3.1)."""

    value: str
    cascade: Cascade = Cascade.NO
    lang: str = ""
    valid_from: str = ""
    valid_to: str = ""


@dataclass(frozen=True, slots=True)
class TimeBound:
    """An end of a time range: a period, and whether it is inside."""

    period: str
    inclusive: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeRange:
    """Times; without ``end`` all after ``start`` (``AfterPeriod``), without ``start`` all before ``end`` (``BeforePeriod``)."""

    start: TimeBound | None = None
    end: TimeBound | None = None
    valid_from: str = ""
    valid_to: str = ""


@dataclass(frozen=True, slots=True)
class SetRef:
    """SDMX 2.1: a data set or metadata set, by its provider and id. In 3.x ``id`` is the URN of a metadata set."""

    id: str
    provider: DataProviderRef | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberSelection:
    """Values of one component, or all others where ``include`` is false. Neither values nor times: any value.

    ``remove_prefix``: the values are without the prefixes of code list extensions. The last three are those of metadata keys of
    SDMX 2.1.
    """

    id: str
    include: bool = True
    remove_prefix: bool | None = None
    values: tuple[SelectedValue, ...] = ()
    time_range: TimeRange | None = None
    valid_from: str = ""
    valid_to: str = ""
    data_sets: tuple[SetRef, ...] = ()
    data_keys: tuple[Region, ...] = ()
    objects: tuple[AnyRef, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Region(Annotable):
    """A cube, a key or a metadata region.

    ``key_values`` are of dimensions, ``components`` of attributes, measures and metadata attributes. ``report`` and
    ``metadata_target`` only in SDMX 2.1.
    """

    include: bool = True
    key_values: tuple[MemberSelection, ...] = ()
    components: tuple[MemberSelection, ...] = ()
    valid_from: str = ""
    valid_to: str = ""
    report: str = ""
    metadata_target: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeySet:
    """Full or partial keys that are in, or out."""

    keys: tuple[Region, ...]
    is_included: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class QueryableSource:
    """A service that has the data."""

    data_url: str
    wsdl_url: str = ""
    wadl_url: str = ""
    is_rest: bool = False
    is_web_service: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """What a constraint is about. The last four are no more in SDMX 3.1."""

    data_provider: DataProviderRef | None = None
    metadata_provider: MetadataProviderRef | None = None
    structures: tuple[AnyStructureRef, ...] = ()
    provisions: tuple[AnyProvisionRef, ...] = ()
    data_sets: tuple[SetRef, ...] = ()
    metadata_sets: tuple[SetRef, ...] = ()
    simple_sources: tuple[str, ...] = ()
    queryable_sources: tuple[QueryableSource, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseCalendar:
    """When data come: ISO 8601 durations (SDMX 2.1, 3.0)."""

    periodicity: str
    offset: str
    tolerance: str


@dataclass(frozen=True, slots=True)
class ReferencePeriod:
    """The times that the data are about (SDMX 2.1)."""

    start: Moment
    end: Moment


@dataclass(frozen=True, kw_only=True)
class Constraint(Maintainable):
    """What the constraints have in common."""

    role: Role = Role.ALLOWED
    attachment: Attachment | None = None
    release_calendar: ReleaseCalendar | None = None
    reference_period: ReferencePeriod | None = None


@dataclass(frozen=True, kw_only=True)
class DataConstraint(Constraint):
    """Of data."""

    key_sets: tuple[KeySet, ...] = ()
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MetadataConstraint(Constraint):
    """Of reports. ``key_sets`` only in SDMX 2.1."""

    key_sets: tuple[KeySet, ...] = ()
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AttachmentConstraint(Maintainable):
    """SDMX 2.1: keys to which attributes may be attached."""

    attachment: Attachment | None = None
    data_key_sets: tuple[KeySet, ...] = ()
    metadata_key_sets: tuple[KeySet, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AvailabilityConstraint(Annotable):
    """SDMX 3.1: what is there. An answer and not an artefact: it has neither id nor version."""

    attachment: Attachment
    region: Region
    series_count: int | None = None
    obs_count: int | None = None
