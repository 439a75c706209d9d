"""Registrations: where the data of a provision agreement can be had; and the port through which doors find and change them.

Source: ``RegistrationType`` of ``SDMXRegistryBase.xsd`` 2.1 and 3.1; SDMX REST 2.2, "Data registration queries".
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from registry.errors import HubError
from registry.ref import Ref
from registry.submission import Order, Purpose

if TYPE_CHECKING:
    from registry.ports import Viewer

INDEXES = ("indexTimeSeries", "indexDataSet", "indexAttributes", "indexReportingPeriod")
"""What a registry may be asked to look at in the source."""


@dataclass(frozen=True, kw_only=True)
class Registration:
    """One registered source. ``id`` is empty and ``updated_at`` None before it is stored.

    file        address of a file with the data; empty for none
    service     address of a service that can be asked for them; ``wsdl`` and ``wadl`` describe it
    indexes     some of :data:`INDEXES`
    """

    agreement: Ref
    id: str = ""
    file: str = ""
    service: str = ""
    is_rest: bool = True
    is_web_service: bool = False
    wsdl: str = ""
    wadl: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    updated_at: datetime | None = None
    indexes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Registered:
    """What became of one registration that was handed in."""

    registration: Registration
    purpose: Purpose
    error: HubError | None = None


class Registrations(Protocol):
    """Open to everybody for reading; changes need the right to change the registry."""

    def find(
        self,
        id: str | None = None,
        agreements: Collection[Ref] | None = None,
        after: datetime | None = None,
        before: datetime | None = None,
        as_of: datetime | None = None,
    ) -> list[Registration]:
        """Those that fit, by id. ``agreements`` None: of any; ``after`` and ``before`` are exclusive; ``as_of``: as they stood
        at that moment, None: as they stand."""
        ...

    def submit(self, given: Sequence[tuple[Purpose, Registration]], order: Order, viewer: Viewer) -> list[Registered]:
        """Add (Append), change (Replace) or take out (Delete) registrations, all of them or none."""
        ...
