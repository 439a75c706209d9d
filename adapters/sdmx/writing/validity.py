"""What data of one structure may say, seen from where they are reported: what a generated schema is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from registry.model import Format, Level, MetadataTarget
from registry.ref import Ref


@dataclass(frozen=True, kw_only=True)
class Values:
    """What a component may say.

    codes    those left by the constraints; None where values are free, and then ``format`` says how they look
    several  whether there may be more than one value at once (SDMX 3.x)
    level    of an attribute
    group    of an attribute at a group
    """

    id: str
    codes: tuple[str, ...] | None
    format: Format = field(default_factory=Format)
    several: bool = False
    level: Level = Level.OBSERVATION
    group: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReportField:
    """What a field of a report may say, and how often it must and may be there; ``heading``: nothing but the fields below."""

    id: str
    least: int
    most: int
    heading: bool
    codes: tuple[str, ...] | None
    format: Format
    below: tuple[ReportField, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportShape:
    """A report of a structure as SDMX 2.1 has it: the ids of what it may be about, and its fields."""

    id: str
    targets: tuple[str, ...]
    fields: tuple[ReportField, ...]


@dataclass(frozen=True, kw_only=True)
class ValidReports:
    """What reports of one structure may say and be about, as SDMX 2.1 has it; ``ref`` is what they are reported for."""

    ref: Ref
    targets: tuple[MetadataTarget, ...]
    reports: tuple[ReportShape, ...]


@dataclass(frozen=True, kw_only=True)
class Valid:
    """``ref`` is what the data are reported for, ``at`` how they are packed (:class:`adapters.sdmx.writing.shape.Shape`).

    ``deletion``: for messages that delete. ``groups``: the dimensions of each.
    """

    ref: Ref
    at: str
    time: str | None
    keys: tuple[Values, ...]
    attributes: tuple[Values, ...]
    measures: tuple[Values, ...]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    deletion: bool = False

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(key.id for key in self.keys)

    @property
    def every(self) -> tuple[Values, ...]:
        return (*self.keys, *self.attributes, *self.measures)

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(values.id for values in self.every)

    def at_level(self, level: Level) -> list[Values]:
        return [one for one in self.attributes if one.level == level]

    def of_group(self, name: str) -> list[Values]:
        """The attributes of a group: those that name it, and those of the same dimensions."""
        return [one for one in self.at_level(Level.GROUP) if one.group in (None, name)]
