"""What values a component may have.

Source: ``SDMXStructureBase.xsd``, "RepresentationType" and "TextFormatType", of SDMX 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from registry.model.base import nothing
from registry.model.references import EnumerationRef
from registry.text import Names

UNBOUNDED = -1
"""``max_occurs`` without limit."""


@dataclass(frozen=True, slots=True)
class SentinelValue:
    """A value that stands for a reason why there is none."""

    value: str
    names: Names = field(default_factory=nothing)
    descriptions: Names = field(default_factory=nothing)


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """A data type and its facets; None or an empty text: not said.

    ``text_type`` is a ``DataType`` of SDMXCommon.xsd. ``is_multi_lingual`` when not said is true in SDMX 2.1 and 3.0, false in
    3.1. ``time_interval`` is an ISO 8601 duration, ``start_time`` and ``end_time`` are periods.
    """

    text_type: str = "String"
    is_sequence: bool | None = None
    interval: Decimal | None = None
    start_value: Decimal | None = None
    end_value: Decimal | None = None
    time_interval: str = ""
    start_time: str = ""
    end_time: str = ""
    min_length: int | None = None
    max_length: int | None = None
    min_value: Decimal | None = None
    max_value: Decimal | None = None
    decimals: int | None = None
    pattern: str = ""
    is_multi_lingual: bool | None = None
    sentinels: tuple[SentinelValue, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Representation:
    """A list of values, then ``format`` says how they look (``EnumerationFormat``), or free values of a format."""

    enumeration: EnumerationRef | None = None
    format: Format | None = None
    min_occurs: int = 1
    max_occurs: int = 1


def coded(by: EnumerationRef | None) -> Representation | None:
    """Values of a list."""
    return Representation(enumeration=by) if by is not None else None


def typed(text_type: str) -> Representation:
    """Free values of a data type."""
    return Representation(format=Format(text_type=text_type))
